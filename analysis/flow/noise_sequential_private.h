/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FLOW_NOISE_SEQUENTIAL_PRIVATE_H
#define PH_FLOW_NOISE_SEQUENTIAL_PRIVATE_H

#include "analysis/flow/noise_state_private.h"

#define PH_NOISE_SEQUENTIAL_MAX 32 /* overlaps */

/** All records of the sequential order, after time[times] sweeps (ascending). PH_ERR_MEMORY. */
int ph_noise_sequential(ph_noise_t *self, size_t times, const uint64_t *time, ph_flow_noise_t *out);

#endif
