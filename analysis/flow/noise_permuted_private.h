/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FLOW_NOISE_PERMUTED_PRIVATE_H
#define PH_FLOW_NOISE_PERMUTED_PRIVATE_H

#include "analysis/flow/noise_state_private.h"

/** One sweep of the permuted order: y as ph_noise_t says. parts > 0: the fields are looked at after
 * 2^-parts, ..., 1/2 and all of the sweep too, `bend` being the largest so far. PH_ERR_MEMORY,
 * PH_ERR_NUMERIC, PH_ERR_LIMIT. */
int ph_noise_permuted_sweep(ph_noise_t *self, double *y, int parts, double *bend);

#endif
