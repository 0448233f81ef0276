/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_TRANSITION_H
#define PH_COMPARE_TRANSITION_H

#include "analysis/compare/wells.h"

/**
 * The noise nearest to that of a population, within a third of it, at which the state of the grid's
 * start becomes another: by a jump or by an eigenvalue that vanishes, to 1e-5 of it. 0 where there
 * is none, the state is not stable itself, or the network too large to look. PH_ERR_MEMORY.
 */
int ph_transition_find(const ph_population_t *population, double *noise);

#endif
