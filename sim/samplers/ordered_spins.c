/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samplers/ordered_spins_private.h"

#include <string.h>

enum { WORD = 64 };

void ph_ordered_bring(ph_block_t *block, const uint32_t *order, size_t places, size_t words,
                      const uint64_t *spins)
{
    for (size_t k = 0; k < places; k++) {
        uint64_t bits = 0;
        if (order[k] == PH_ORDERED_NOBODY)
            continue;
        for (uint32_t l = 0; l < block->lanes; l++)
            bits |= (spins[l * words + k / WORD] >> k % WORD & 1) << l;
        block->spins[order[k]] = bits << block->lane_first;
    }
}

void ph_ordered_gather(const ph_block_t *block, const uint32_t *order, size_t places, size_t words,
                       uint64_t *spins)
{
    memset(spins, 0, words * block->lanes * sizeof(*spins));
    for (size_t k = 0; k < places; k++)
        for (uint32_t l = 0; order[k] != PH_ORDERED_NOBODY && l < block->lanes; l++)
            spins[l * words + k / WORD] |= (block->spins[order[k]] >> (block->lane_first + l) & 1)
                                           << k % WORD;
}
