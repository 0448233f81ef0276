/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_NETWORK_H
#define PH_TESTS_NETWORK_H

#include <stddef.h>

#include "params/grid.h"
#include "sim/sample/block.h"

/** A storage point made by hand: dilution[patterns] stays with the caller. */
static inline ph_point_t network_point(int64_t neurons, int64_t patterns, const double *dilution,
                                       double noise)
{
    return (ph_point_t){.rule = PH_RULE_STORAGE,
                        .normalization = PH_NORM_VARIANCE,
                        .neurons = neurons,
                        .patterns = patterns,
                        .dilution = dilution,
                        .noise = noise,
                        .sampler = PH_SAMPLER_GLAUBER,
                        .order = PH_ORDER_RANDOM,
                        .start = PH_START_RANDOM,
                        .sweeps = 1,
                        .record_every = 1,
                        .disorder = {1, (uint64_t)neurons},
                        .identity = {2, (uint64_t)patterns}};
}

/** Digest of the spins of all lanes as they stand: [neurons][lanes] of -1, +1; <= 2^15 of them. */
static inline ph_digest_t network_spins(const ph_block_t *block)
{
    int8_t spins[1 << 15];
    size_t k = 0;
    for (size_t i = 0; i < (size_t)block->point->neurons; i++)
        for (uint32_t l = 0; l < block->lanes; l++)
            spins[k++] = (int8_t)ph_block_spin(block, i, l);
    return ph_digest_bytes(spins, k);
}

#endif
