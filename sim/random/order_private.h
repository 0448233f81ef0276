/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RANDOM_ORDER_PRIVATE_H
#define PH_RANDOM_ORDER_PRIVATE_H

#include <stdbool.h>

#include "sim/random/lane_stream.h"

/* sites[] of the next `count` attempts in random order. False, with the generators as they were,
 * where a word may have to be thrown away, or without AVX2. */
bool ph_order_avx2(ph_sites_t *self, uint32_t count);

#endif
