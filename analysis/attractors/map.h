/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ATTRACTORS_MAP_H
#define PH_ATTRACTORS_MAP_H

#include "analysis/attractors/attractors.h"

/** All networks of a grid. */
typedef struct ph_attractor_map {
    const ph_grid_t *grid;
    size_t samples;            /* of the grid; 1 where all are one given network */
    ph_attractors_t *networks; /* [points][samples]; without states where one is left out */
    size_t left_out;           /* networks with too many patterns or examples */
    size_t unconverged;        /* starts */
} ph_attractor_map_t;

/**
 * The states of every sample of every point, over `threads` threads; the numbers do not depend on
 * them. PH_ERR_UNSUPPORTED where no network is covered, PH_ERR_LIMIT where memory may not do.
 */
int ph_attractor_map_solve(ph_attractor_map_t *self, const ph_grid_t *grid, int threads,
                           ph_report_t *report);
void ph_attractor_map_free(ph_attractor_map_t *self);

/** The network of a sample at a point. */
const ph_attractors_t *ph_attractor_map_at(const ph_attractor_map_t *self, size_t point,
                                           size_t sample);

/** In how many of a point's samples a pattern (from 0) is stable: the share k/n and its binomial
 * error, as of (k + 1)/(n + 2) and never 0; NaN without samples. Returns k. */
size_t ph_attractor_map_share(const ph_attractor_map_t *self, size_t point, size_t pattern,
                              double *share, double *error);

/** Mean size of a pattern's overlap over its entries that are not blank, in the samples of a point
 * in which it is stable, there in the stable state of lowest free energy that recalls it; NaN:
 * none.
 */
double ph_attractor_map_overlap(const ph_attractor_map_t *self, size_t point, size_t pattern);

#endif
