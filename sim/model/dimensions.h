/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_DIMENSIONS_H
#define PH_MODEL_DIMENSIONS_H

#include <stddef.h>
#include <stdint.h>

#include "params/grid.h"

/** The dimensions of observables and theories, besides the axes of the grid (those of states and
 * moments are made by run files). */
typedef enum {
    PH_DIM_SAMPLE,
    PH_DIM_RECORD,
    PH_DIM_PATTERN,
    PH_DIM_SIGN,
    PH_DIM_EXAMPLE,
    PH_DIM_PAIR,
    PH_DIM_RUNG,
    PH_DIM_OUTCOME,
    PH_DIM_COUNT
} ph_dim_id_t;

/** One dimension: its name, what its coordinate says, its length and its coordinate. */
typedef struct {
    const char *name;
    const char *long_name;
    size_t (*length)(const ph_grid_t *grid, int64_t patterns); /* at a point with these patterns */
    double first, step;                                        /* coordinates count so, or are */
    const double *(*values)(const ph_grid_t *grid);            /* these, if not NULL */
    const char *const *suffixes; /* of its components in tables; NULL: "_1", "_2", ... */
} ph_dimension_t;

/** The row of a dimension below PH_DIM_COUNT. */
const ph_dimension_t *ph_dimension(ph_dim_id_t id);

/** The dimension with a name; PH_DIM_COUNT if none. */
ph_dim_id_t ph_dimension_find(const char *name);

/** Length of a dimension at a point with this many patterns. */
size_t ph_dimension_length(ph_dim_id_t id, const ph_grid_t *grid, int64_t patterns);

#endif
