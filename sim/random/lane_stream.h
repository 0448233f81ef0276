/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RANDOM_LANE_STREAM_H
#define PH_RANDOM_LANE_STREAM_H

#include <stdint.h>

#include "params/grid.h"
#include "sim/model/stream.h"

/*
 * The random numbers of one sweep of a block of chains that are updated site by site: a pure
 * function of (key, sample, block, sweep), whoever computes them and how many lanes at a time.
 */

enum {
    PH_LANE_PAIRS = PH_MAX_LANES / 2,
    PH_ORDER_GENERATORS = 8,
    PH_ORDER_CHUNK = 512 /* sites handed out at a time */
};

/**
 * One xoshiro128++ generator (Blackman & Vigna 2021) for two lanes, seeded anew each sweep. Its
 * j-th word decides attempt j: the low half in lane 2 g, the high half in lane 2 g + 1.
 */
typedef struct {
    _Alignas(64) uint32_t state[4][PH_LANE_PAIRS];
} ph_lanes_t;

/** Seeds the generators of pairs [0, pairs). */
void ph_lanes_seed(ph_lanes_t *self, ph_stream_key_t key, uint32_t sample, uint32_t block,
                   uint64_t sweep, uint32_t pairs);

/** The next word of pairs [first, end), into out[first..end). */
void ph_lanes_next(ph_lanes_t *self, uint32_t first, uint32_t end, uint32_t *out);

/**
 * Bits 17 to 48 of the decision of one attempt in one lane, where the first 16 leave it open.
 * Philox in counter mode: the address is the attempt and the lane.
 */
uint32_t ph_lanes_more(ph_stream_key_t key, uint32_t sample, uint32_t block, uint64_t sweep,
                       uint64_t attempt, uint32_t lane);

/**
 * The sites a sweep visits, in order: attempt k takes its number from word k / 8 of generator
 * k % 8 (xoshiro128++), scaled without bias (Lemire 2019); the few words that would bias it are
 * replaced from the Philox stream that seeded the generators.
 */
typedef struct {
    uint32_t state[4][PH_ORDER_GENERATORS];
    ph_stream_t stream;
    ph_order_t order;
    uint32_t neurons;
    uint32_t handed_out;
    uint32_t *permutation; /* [neurons], owned by the caller; permuted order only */
    _Alignas(64) uint32_t sites[PH_ORDER_CHUNK];
} ph_sites_t;

/** `permutation`: [neurons] scratch for the permuted order, else NULL. */
void ph_sites_init(ph_sites_t *self, ph_stream_key_t key, uint32_t sample, uint32_t block,
                   uint64_t sweep, ph_order_t order, int64_t neurons, uint32_t *permutation);

/** Fills sites[] with the next ones and returns how many, 0 at the end of the sweep. */
uint32_t ph_sites_next(ph_sites_t *self);

#endif
