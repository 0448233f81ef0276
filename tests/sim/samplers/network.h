/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_NETWORK_H
#define PH_TESTS_NETWORK_H

#include <check.h>
#include <stddef.h>

#include "params/grid.h"
#include "sim/chain/block.h"
#include "sim/model/segment.h"
#include "sim/samplers/samplers.h"

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
                        .sweeps = 1000,
                        .record_every = 1,
                        .disorder = {1, (uint64_t)neurons},
                        .identity = {2, (uint64_t)patterns}};
}

/** Spins and whatever else is saved of a chain, in bytes. */
static inline size_t network_bytes(const ph_point_t *point)
{
    return (size_t)(ph_point_state_bits(point) + 7) / 8;
}

/**
 * Holds a lane's path to be the same bits alone, among others, and continued from what was saved
 * half way; end[end_bytes], network_bytes() of them, is what is saved after the last sweep.
 */
static inline void network_company(const ph_point_t *point, uint32_t lanes, int sweeps,
                                   size_t end_bytes, uint8_t *end)
{
    enum { LANE = 11, BYTES_MAX = 256 };
    uint8_t alone[BYTES_MAX] = {0}, half[BYTES_MAX] = {0};
    const size_t bytes = network_bytes(point);
    ph_block_t block, single;
    ck_assert_uint_le(bytes, BYTES_MAX);
    ck_assert_uint_eq(bytes, end_bytes);
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point->sampler), point, 1, 0, 2, 0, lanes),
                     PH_OK);
    ck_assert_int_eq(ph_block_init(&single, ph_sampler(point->sampler), point, 1, 0, 2, LANE, 1),
                     PH_OK);
    ph_block_start(&block);
    ph_block_start(&single);
    for (int t = 0; t < sweeps; t++) {
        if (t == sweeps / 2)
            ph_block_save(&block, LANE, half);
        ph_block_sweep(&block);
        ph_block_sweep(&single);
    }
    ck_assert_int_eq(ph_block_check(&block), PH_OK);
    ph_block_save(&block, LANE, end);
    ph_block_save(&single, 0, alone);
    ck_assert_mem_eq(end, alone, bytes);
    ph_block_load(&single, 0, half);
    ph_block_recount(&single);
    single.sweep = (uint64_t)(sweeps / 2);
    for (int t = sweeps / 2; t < sweeps; t++)
        ph_block_sweep(&single);
    ph_block_save(&single, 0, alone);
    ck_assert_mem_eq(end, alone, bytes);
    ck_assert_mem_ne(end, half, bytes);
    ph_block_free(&single);
    ph_block_free(&block);
}

/** Whether kernel `name` takes the block's network: asked before one is drawn for it. */
static inline bool network_is_taken(const ph_block_t *block, const char *name)
{
    char names[512];
    const size_t length = strlen(name);
    ph_block_kernels(block, names, sizeof(names));
    ck_assert_uint_lt(strlen(names), sizeof(names) - 1);
    for (const char *at = strstr(names, name); at != NULL; at = strstr(at + 1, name))
        if ((at == names || at[-1] == ' ') && (at[length] == ',' || at[length] == '\0'))
            return true;
    return false;
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
