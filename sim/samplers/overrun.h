/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_OVERRUN_H
#define PH_SAMPLERS_OVERRUN_H

#include <stdbool.h>
#include <stdint.h>

#include "params/grid.h"

/*
 * What kernel `single` (glauber, metropolis; x86-64) did wrong in 1.0.0 and before: a block of one
 * chain decided by a table of the integer fields up to 65536, and took its last entry for those of
 * larger fields. The table has the upper 16 bits of thresholds, and where they are equal all 48 are
 * asked, of the field as it is: so the law was another one only where a field may be so large, and
 * the spin at 65536 goes against it with a probability of 2^-16 or more, which is a noise above
 * 0.18 of that field.
 */

/** Whether that can be, by the point alone: an upper bound of its fields, and its noise. False: its
 * chains were right. */
bool ph_overrun_possible(const ph_point_t *point);

/**
 * Whether the kernel took single chains of this sample of such a point, whose fields may come to
 * 65536 by the bound that it had; draws the sample. PH_ERR_MEMORY, PH_ERR_LIMIT as
 * ph_block_init().
 */
int ph_overrun_drawn(const ph_point_t *point, uint64_t seed, uint32_t sample, bool *found);

#endif
