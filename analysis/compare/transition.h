/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_TRANSITION_H
#define PH_COMPARE_TRANSITION_H

#include "analysis/meanfield/meanfield.h"

/**
 * The noise nearest to that of a problem, within a third of it, at which `start`, one of its
 * states, becomes another: by a jump or by an eigenvalue that vanishes, to 1e-5 of it. 0 where
 * there is none, the state is not stable itself, or the network too large to look. PH_ERR_MEMORY.
 */
int ph_transition_find(const ph_meanfield_t *problem, const ph_state_t *start, double *noise);

#endif
