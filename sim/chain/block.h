/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CHAIN_BLOCK_H
#define PH_CHAIN_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "params/grid.h"
#include "sim/chain/decision.h"
#include "sim/chain/records.h"
#include "sim/chain/sampler.h"
#include "sim/model/coupling.h"
#include "sim/model/observables.h"
#include "sim/model/patterns.h"
#include "sim/model/sample.h"
#include "sim/model/stream.h"

/**
 * Some lanes of one block of replicas: chains of one sample that visit sites in one common order,
 * each with random numbers of its own. Lane l of block b is replica b * (lanes of the grid) + l.
 * All numbers of sweep t are a pure function of (seed, point, sample, block, lane, t), so the
 * state of a chain is its spins and its sweep count, and which lanes are computed with it does not
 * matter.
 */
typedef struct ph_block {
    const ph_point_t *point;
    uint32_t sample, block, lane_first, lanes;
    uint64_t sweep; /* sweeps done */
    ph_stream_key_t key;
    ph_patterns_t patterns;
    ph_coupling_t coupling;
    ph_decision_t decision;
    double self_mean;       /* (1/N) sum_i self_i */
    int64_t *pattern_norms; /* [patterns] non-blank entries */
    int32_t *squares;       /* [neurons] sum_p phi_ip^2, where weights are equal; else 0 */
    int64_t largest_field;  /* bound of |field|, equal weights, samplers site by site; else 0 */
    uint64_t *spins;        /* [neurons]: bit lane_first + l set: lane l is +1; others 0 */
    int32_t *overlaps;      /* [features][lanes]: sum_i phi_ip s_i */
    /* [patterns][lanes]: sum_i xi_i^mu s_i, brought up to date for a measurement; NULL where the
     * features are the patterns */
    int32_t *pattern_overlaps;
    const ph_sampler_t *sampler;   /* the point's */
    const ph_kernel_t *kernel;     /* one of its kernels */
    void *state;                   /* the kernel's own */
    ph_records_t records;          /* empty without ph_block_watch */
    ph_point_t point_now;          /* the point with the noise of the next sweep; `point` is this */
    const ph_point_t *given_point; /* the point as it was given */
    bool forced;                   /* the kernel was asked for: no other may take its place */
    int status;                    /* of a change of noise that failed; ph_block_check tells */
    int64_t targets[PH_MAX_LANES]; /* [lanes] what is to be recalled, from 0; -1: any pattern */
    bool observed;                 /* overlaps and pattern_overlaps belong to the present state */
} ph_block_t;

/**
 * Draws the sample and allocates; spins are all up until ph_block_start or ph_block_load. `sampler`
 * is the row of the point's own, ph_sampler(point->sampler).
 * lane_first + lanes <= PH_MAX_LANES. PH_ERR_MEMORY; PH_ERR_LIMIT where neurons x patterns >= 2^31,
 * where an overlap could exceed 2^31 - 1, or where rule supervised has too many examples.
 */
int ph_block_init(ph_block_t *self, const ph_sampler_t *sampler, const ph_point_t *point,
                  uint64_t seed, uint32_t sample, uint32_t block, uint32_t lane_first,
                  uint32_t lanes);

/** The same with a sample that is there already, of this point and with neurons x patterns below
 * 2^31: it is taken over and left empty, also on failure. */
int ph_block_init_sample(ph_block_t *self, const ph_sampler_t *sampler, const ph_point_t *point,
                         uint64_t seed, uint32_t block, uint32_t lane_first, uint32_t lanes,
                         ph_sample_t *drawn);
void ph_block_free(ph_block_t *self);

/** Attempted updates of a chain that a kernel of the present noise is prepared for: of one sweep
 * while a schedule changes it, else of the whole point. */
double ph_block_attempts(const ph_block_t *self);

/**
 * Gets ready to measure all that the grid records; without it magnetization, energy and loss are
 * there. Call before starting or loading. Where acceptance is recorded the first kernel
 * that counts does the work. PH_ERR_MEMORY.
 */
int ph_block_watch(ph_block_t *self, const ph_grid_t *grid);

/**
 * Goes on with the named kernel of the sampler instead of the one chosen; spins, overlaps and the
 * path stay the same. An instruction set ("sse2") stands for the first of its kernels that takes
 * the block. PH_ERR_INPUT if none of that name does, accepted updates to be counted included;
 * PH_ERR_MEMORY. After an error the block may only be freed.
 */
int ph_block_use(ph_block_t *self, const char *kernel);

/** Whether a kernel is what was asked for: "avx2" stands for the one of that name and any
 * "...-avx2".
 */
bool ph_kernel_is(const ph_kernel_t *kernel, const char *asked);

/** Names of the kernels that take the block, the fastest first, with commas. */
void ph_block_kernels(const ph_block_t *self, char *names, size_t size);

/** Puts every lane into the point's start, at sweep 0. */
void ph_block_start(ph_block_t *self);

/** The same from spins that were set by hand, one lane after the other, from bits[(N + 7) / 8]. */
void ph_block_set(ph_block_t *self, uint32_t lane, const uint8_t *bits);
void ph_block_begin(ph_block_t *self);

/** Has one lane recall the pattern that is nearest to these spins, its cue. After
 * ph_block_watch(). */
void ph_block_aim(ph_block_t *self, uint32_t lane, const uint8_t *bits);

/** Sets one lane's state from bits, or writes it; layout of ph_segment_t.spins, that of
 * ph_point_extra_bytes() included. */
void ph_block_load(ph_block_t *self, uint32_t lane, const uint8_t *bits);
void ph_block_save(ph_block_t *self, uint32_t lane, uint8_t *bits);

/** Rebuilds the overlaps from the spins and hands both to the kernel. Call after loading. */
void ph_block_recount(ph_block_t *self);

/** Whether the running overlaps equal a recount. PH_ERR_MEMORY, PH_ERR_NUMERIC if they do not. */
int ph_block_check(ph_block_t *self);

/** Advances every lane by one sweep: `neurons` attempted updates. */
void ph_block_sweep(ph_block_t *self);

/** Advances two blocks of one point by one sweep each, in step where their kernel does that: the
 * same bits, sooner. With one sample number they have one network. */
void ph_block_sweep_two(ph_block_t *a, ph_block_t *b);

/**
 * Measures all recorded observables of one lane into out[ph_observables_total()]; scratch:
 * [ph_block_scratch()] integers.
 */
void ph_block_measure(ph_block_t *self, const ph_grid_t *grid, uint32_t lane, int64_t *scratch,
                      double *out);

size_t ph_block_scratch(const ph_block_t *self);

/** Brings block->spins up to date. */
void ph_block_bring_spins(ph_block_t *self);

/** Spin of a site in a lane, -1 or +1, from block->spins as they stand. */
static inline int ph_block_spin(const ph_block_t *self, size_t site, uint32_t lane)
{
    return (self->spins[site] >> (self->lane_first + lane)) & 1 ? 1 : -1;
}

/** The random numbers of one lane in the next sweep, for one purpose. */
static inline void ph_block_stream(const ph_block_t *self, ph_purpose_t purpose, uint32_t lane,
                                   ph_stream_t *stream)
{
    ph_stream_init_lane(stream, self->key, purpose, self->sample, self->block,
                        self->lane_first + lane, self->sweep);
}

/** The bits of block->spins that belong to its lanes. */
static inline uint64_t ph_block_lanes_mask(const ph_block_t *self)
{
    return (UINT64_MAX >> (PH_MAX_LANES - self->lanes)) << self->lane_first;
}

#endif
