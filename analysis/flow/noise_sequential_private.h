/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FLOW_NOISE_SEQUENTIAL_PRIVATE_H
#define PH_FLOW_NOISE_SEQUENTIAL_PRIVATE_H

#include "analysis/flow/noise_state_private.h"

#define PH_NOISE_SEQUENTIAL_MAX 32 /* overlaps */
#define PH_NOISE_CELLS_MIN 16      /* of the first pass; each later one has twice as many */
#define PH_NOISE_CELLS_MAX 256

/** Whether there is room for the covariance of a window of so many cells. */
bool ph_noise_cells_room(size_t size, double cells);

/** All records of the sequential order, after time[times] sweeps (ascending). PH_ERR_MEMORY,
 * PH_ERR_LIMIT. */
int ph_noise_sequential(ph_noise_t *self, size_t times, const uint64_t *time, ph_flow_noise_t *out);

#endif
