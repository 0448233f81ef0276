/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_OBSERVABLES_H
#define PH_MODEL_OBSERVABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "params/grid.h"

/*
 * The one list of observables. Recording, moments, storage, units and export all walk it: a new
 * observable is one row here.
 */
typedef enum { PH_OBS_MAGNETIZATION, PH_OBS_ENERGY, PH_OBS_LOSS, PH_OBS_COUNT } ph_observable_id_t;

enum { PH_OBS_DIMS_MAX = 2 };

/** What an observable is computed from, for one replica. */
typedef struct {
    int64_t neurons, patterns, features;
    const int64_t *pattern_overlaps; /* [patterns]: sum_i xi_i^mu s_i, exact */
    const int64_t *feature_overlaps; /* [features]: sum_i phi_i^p s_i, exact */
    const int64_t *pattern_norms;    /* [patterns]: number of non-blank entries */
    const double *weights;           /* [features] */
    double self_mean;                /* (1/N) sum_i self_i */
} ph_observation_t;

typedef struct {
    ph_observable_id_t id;
    const char *name;      /* dataset name, e.g. "magnetization" */
    const char *long_name; /* description in files */
    const char *unit;
    bool single; /* stored as float32 rather than float64 */
    /* names of its own dimensions, outermost first, "pattern" runs over K, "sign" over +, - */
    size_t dims_count;
    const char *dims[PH_OBS_DIMS_MAX];
    void (*measure)(const ph_observation_t *state, double *out);
} ph_observable_t;

const ph_observable_t *ph_observable(ph_observable_id_t id);

/** Length of a named dimension at a point with this many patterns: K for "pattern", 2 for "sign".
 */
size_t ph_observable_dim(const char *dim, int64_t patterns);

/** Number of components of an observable at a point with this many patterns. */
size_t ph_observable_components(ph_observable_id_t id, int64_t patterns);

/** Whether a grid records it (magnetization and energy always, the others by their flag). */
bool ph_observable_recorded(ph_observable_id_t id, const ph_grid_t *grid);

/** Components of all recorded observables of a grid at a point, in list order. */
size_t ph_observables_total(const ph_grid_t *grid, int64_t patterns);

/** Offset of an observable's first component among those of ph_observables_total(). */
size_t ph_observable_offset(ph_observable_id_t id, const ph_grid_t *grid, int64_t patterns);

#endif
