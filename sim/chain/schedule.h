/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CHAIN_SCHEDULE_H
#define PH_CHAIN_SCHEDULE_H

#include <stdint.h>

#include "params/grid.h"

/**
 * Noise of a sweep (0, 1, ...) of a point: that of the point or, before schedule_sweeps, what the
 * schedule says: from schedule_from in steps towards the point's noise, equal (linear) or of equal
 * ratio (log), or schedule_from all the time (step: a quench). The same bits everywhere.
 */
double ph_schedule_noise(const ph_point_t *point, uint64_t sweep);

#endif
