/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_METROPOLIS_H
#define PH_PHASE_METROPOLIS_H

#include "params/grid.h"

/**
 * Autocorrelation time in sweeps, 1/2 + sum_t rho(t), of the slowest mode under Metropolis in the
 * point's order, 1/2 at least, at a stable state of overlaps n (of its features): docs/theory.md 3.
 * NaN where a mode goes to and fro for long (tau < 1/4), or examples are in their Gaussian limit.
 * `apart`: modes along which examples of a pattern part count, too. PH_ERR_MEMORY.
 */
int ph_metropolis_tau(const ph_point_t *point, ph_average_t average, const double *n, bool apart,
                      double *tau);

#endif
