/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_DESCRIBE_H
#define PH_COMPARE_DESCRIBE_H

#include "analysis/compare/wells.h"

/**
 * What theory says of averages in the well of a state of `sample`, into `well` but for its chains,
 * n and population: by the sum over the well where that can be done (and, where the expansion does
 * not hold, chains of the point relax within its burn-in), else to order 1/N^2. `well`
 * is zero but for n, mirror, sizes and records (0: sums are to 10^-7); free well->exact.
 * PH_ERR_MEMORY, or what the mean field gave.
 */
int ph_well_describe(ph_well_t *well, const ph_state_t *state, const ph_meanfield_t *sample,
                     const ph_point_t *point);

/** Burn-in, and sweeps after it, that chains of this rate a sweep need for the sum over a well near
 * a transition to count. */
double ph_well_burn_in(double rate);
double ph_well_sweeps(double rate);

#endif
