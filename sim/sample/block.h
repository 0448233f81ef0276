/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLE_BLOCK_H
#define PH_SAMPLE_BLOCK_H

#include <stdint.h>

#include "params/grid.h"
#include "sim/model/coupling.h"
#include "sim/model/observables.h"
#include "sim/model/patterns.h"
#include "sim/model/stream.h"
#include "sim/sample/decision.h"

/** One xoshiro128++ generator a lane (Blackman & Vigna 2021), seeded anew each sweep. */
typedef struct {
    uint32_t state[4][PH_MAX_LANES];
} ph_lanes_t;

/**
 * Some lanes of one block of replicas: chains of one sample that visit sites in one common order,
 * each with random numbers of its own. Lane l of block b is replica b * (lanes of the grid) + l.
 * All numbers of sweep t are a pure function of (seed, point, sample, block, lane, t), so the
 * state of a chain is its spins and its sweep count, and the lanes at hand do not matter.
 */
typedef struct {
    const ph_point_t *point;
    uint32_t sample, block, lane_first, lanes;
    uint64_t sweep; /* sweeps done */
    ph_stream_key_t key;
    ph_patterns_t patterns;
    ph_coupling_t coupling;
    ph_decision_t decision;
    double self_mean;       /* (1/N) sum_i self_i */
    int64_t *pattern_norms; /* [patterns] non-blank entries */
    int32_t *squares;       /* [neurons] sum_p phi_ip^2 */
    int8_t *spins;          /* [neurons][lanes] */
    int32_t *overlaps;      /* [features][lanes]: sum_i phi_ip s_i */
    uint32_t *sites;        /* [neurons], for permuted order */
    ph_lanes_t generators;
} ph_block_t;

/**
 * Draws the sample and allocates; spins are all up until ph_block_start or ph_block_load.
 * lane_first + lanes <= PH_MAX_LANES. PH_ERR_MEMORY; PH_ERR_LIMIT where neurons x patterns >= 2^31
 * (overlaps are kept in 32 bits).
 */
int ph_block_init(ph_block_t *self, const ph_point_t *point, uint64_t seed, uint32_t sample,
                  uint32_t block, uint32_t lane_first, uint32_t lanes);
void ph_block_free(ph_block_t *self);

/** Puts every lane into the point's start, at sweep 0. */
void ph_block_start(ph_block_t *self);

/** Sets one lane's spins from bits, or writes them as bits; layout of ph_segment_t.spins. */
void ph_block_load(ph_block_t *self, uint32_t lane, const uint8_t *bits);
void ph_block_save(const ph_block_t *self, uint32_t lane, uint8_t *bits);

/** Rebuilds the overlaps from the spins. Call after loading. */
void ph_block_recount(ph_block_t *self);

/** Whether the running overlaps equal a recount. PH_ERR_MEMORY, PH_ERR_NUMERIC if they do not. */
int ph_block_check(const ph_block_t *self);

/** Advances every lane by one sweep: `neurons` attempted updates. */
void ph_block_sweep(ph_block_t *self);

/**
 * Measures all recorded observables of one lane into out[ph_observables_total()]; scratch:
 * [patterns + features] integers.
 */
void ph_block_measure(const ph_block_t *self, const ph_grid_t *grid, uint32_t lane,
                      int64_t *scratch, double *out);

#endif
