/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_LUMPED_STATE_H
#define PH_SAMPLERS_LUMPED_STATE_H

#include "sim/chain/block.h"
#include "sim/model/row_classes.h"
#include "sim/random/distributions.h"
#include "sim/samplers/load.h"

enum { PH_LUMPED_AHEAD = 16 }; /* chains, or sweeps of one, whose numbers are made at once */

/**
 * Moves and sums of chains that are known by the number of up-spins of each class of alike neurons,
 * in the gauge of the class: up[padded], integers as doubles, 0 beyond the last class. Classes
 * stand side by side, so that compilers and binomials take several at once. Overlaps of one chain
 * stand `stride` apart.
 */
typedef struct {
    ph_row_classes_t classes;
    size_t padded;   /* classes, up to a multiple of PH_DRAW_LANES */
    size_t together; /* chains that are moved at once, at most */
    double *sizes;   /* [together][padded] neurons, 0 beyond the last class */
    double *phi;     /* [features][padded], 0 beyond the last class */
    double *squares; /* [padded]: sum_p weights[p] phi_p^2; equal weights: sum_p phi_p^2 */
    const ph_draw_lists_t *draw;            /* the way of drawing */
    double *fields;                         /* [together][2 padded] scratch, as the next ones */
    double *trials, *drawn;                 /* [together][2 padded] */
    ph_draw_noise_t noise[PH_LUMPED_AHEAD]; /* of the chains in turn */
    double *units;                          /* [together][features]: what multiplies the features */
    double *scales, *spreads;               /* [features]: w/N and w/sqrt(N w) of a hidden unit */
    int64_t *left;                          /* [2 classes]: up-spins to place, then neurons */
    /* Generators of chains to be moved, and normal numbers of theirs, [normals_each] each. */
    ph_draws_t draws[PH_LUMPED_AHEAD];
    double *normals;
    size_t normals_each, ahead; /* `ahead`: of how many chains or sweeps */
    uint64_t sweep;             /* a block of few chains: whose numbers come first, */
    size_t sweeps, taken;       /* of how many sweeps there are some, and are used */
} ph_lumped_t;

/** A chain to be moved: its up-spins, and overlaps that follow them, both before and after; and
 * what its noise makes. */
typedef struct {
    double *up;
    int32_t *overlaps;
    ph_draw_noise_t noise;
    double width; /* sqrt(T) */
    bool exact;   /* no noise and equal weights: fields are integers */
} ph_lumped_chain_t;

/** PH_ERR_MEMORY on failure; free is safe then, and on an object of zeros. */
int ph_lumped_init(ph_lumped_t *self, const ph_block_t *block, const ph_draw_lists_t *draw);
void ph_lumped_free(ph_lumped_t *self);

ph_lumped_chain_t ph_lumped_chain(const ph_block_t *block, double noise, double *up,
                                  int32_t *overlaps);

/** Makes the numbers of `count` chains, at most `ahead`, from four words each. */
void ph_lumped_seed(ph_lumped_t *self, size_t count, const uint64_t *words);

/**
 * Has the numbers of chains [first, first + count) of the block's next sweep ready, and returns
 * where they begin; once a sweep, chains from 0 on. Few chains get those of some sweeps at once:
 * they are functions of the chain and the sweep alone.
 */
size_t ph_lumped_numbers(ph_lumped_t *self, const ph_block_t *block, size_t first, size_t count);

/** One sweep of block Gibbs of `count` chains, at most `together`, with the numbers from `at` on.
 */
void ph_lumped_gibbs(ph_lumped_t *self, size_t at, const ph_lumped_chain_t *chains, size_t count,
                     size_t stride);

/** One sweep of Little's dynamics likewise. */
void ph_lumped_little(ph_lumped_t *self, const ph_block_t *block, size_t at,
                      const ph_lumped_chain_t *chains, size_t count, size_t stride);

/** overlaps[p stride] = sum_i phi_i^p s_i of all features. */
void ph_lumped_overlaps(const ph_lumped_t *self, const double *up, int32_t *overlaps,
                        size_t stride);

/** overlaps[mu stride] = sum_i xi_i^mu s_i of all patterns. */
void ph_lumped_patterns(const ph_lumped_t *self, const double *up, int32_t *overlaps,
                        size_t stride);

/** Up-spins of each class in the block's spins of a lane, as they stand. */
void ph_lumped_count(const ph_lumped_t *self, const ph_block_t *block, uint32_t lane, double *up);

/** Puts spins of an arrangement into the block's, of one lane (its bit). */
typedef struct {
    uint64_t *spins, bit;
} ph_lumped_lane_t;
void ph_lumped_set_lane(void *lane, size_t neuron, bool is_up);

/** fits_ISA(), of the kernels that draw with an instruction set. */
#define PH_LUMPED_FITS(ISA, NAME)                                                                  \
    static bool fits_##ISA(const ph_block_t *self)                                                 \
    {                                                                                              \
        (void)self;                                                                                \
        return ph_draw_lists(NAME)->present();                                                     \
    }

/**
 * Each class' up-spins at random places: neuron by neuron, with probability up-spins left over
 * neurons left. set(context, neuron, up or not) is called once a neuron.
 */
void ph_lumped_arrange(ph_lumped_t *self, int64_t neurons, const double *up, ph_stream_t *stream,
                       void (*set)(void *context, size_t neuron, bool is_up), void *context);

/** As in the row of a sampler, seconds; and the bytes of a block, `each` of them a class for its
 * chains. */
double ph_lumped_seconds(const ph_load_t *load, double sweeps);
double ph_lumped_bytes(const ph_load_t *load, double each);

#endif
