/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SNR_STEP_PRIVATE_H
#define PH_SNR_STEP_PRIVATE_H

#include "analysis/snr/step.h"

/**
 * Mean signs of the fields over the draws of a start's coins (spins -1 < c < 1), fields within
 * `tie` being 0: by all their draws where these are few, by the law of their sum where fields are
 * whole numbers of one unit, either within `work` additions; else normal. Means and variances are
 * there. PH_ERR_MEMORY.
 */
int ph_step_coins(ph_step_t *self, const ph_coupling_t *coupling, const double *spins, double tie,
                  double work);

/** N J_ij, self-coupling J_ii included. */
double ph_step_bond(const ph_coupling_t *coupling, size_t i, size_t j);

#endif
