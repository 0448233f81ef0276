/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_ORDERED_SPINS_PRIVATE_H
#define PH_SAMPLERS_ORDERED_SPINS_PRIVATE_H

#include "sim/chain/block.h"

/* The neuron of a place where none stands. */
#define PH_ORDERED_NOBODY UINT32_MAX

/* Spins of each lane as bits, words of 64 places in an order of the kernel's own,
 * spins[lanes][words], order[places]: into block->spins, and from them. */
void ph_ordered_bring(ph_block_t *block, const uint32_t *order, size_t places, size_t words,
                      const uint64_t *spins);
void ph_ordered_gather(const ph_block_t *block, const uint32_t *order, size_t places, size_t words,
                       uint64_t *spins);

#endif
