/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_LUMPED_STATE_H
#define PH_SAMPLERS_LUMPED_STATE_H

#include "sim/chain/block.h"
#include "sim/model/row_classes.h"
#include "sim/random/distributions.h"
#include "sim/samplers/load.h"

/**
 * Moves and sums of chains that are known by the number of up-spins of each class of alike neurons,
 * in the gauge of the class: up[padded], integers as doubles, 0 beyond the last class. Classes
 * stand side by side, so that compilers and binomials take several at once. Overlaps of one chain
 * stand `stride` apart.
 */
typedef struct {
    ph_row_classes_t classes;
    size_t padded;   /* classes, up to a multiple of PH_DRAW_LANES */
    double *sizes;   /* [padded] neurons, 0 beyond the last class */
    double *phi;     /* [features][padded], 0 beyond the last class */
    double *squares; /* [padded]: sum_p weights[p] phi_p^2; equal weights: sum_p phi_p^2 */
    const ph_draw_lists_t *draw; /* the way of drawing */
    double *fields;              /* [2 padded] scratch, as the next ones */
    double *trials, *drawn;      /* [2 padded] */
    double *units;               /* [features, padded]: what multiplies the features */
    double *scales, *spreads;    /* [features]: w/N and w/sqrt(N w) of a hidden unit */
    int64_t *left;               /* [2 classes]: up-spins to place, then neurons */
} ph_lumped_t;

/** PH_ERR_MEMORY on failure; free is safe then, and on an object of zeros. */
int ph_lumped_init(ph_lumped_t *self, const ph_block_t *block, const ph_draw_lists_t *draw);
void ph_lumped_free(ph_lumped_t *self);

/** One sweep of block Gibbs at a noise, with numbers of the stream. */
void ph_lumped_gibbs(ph_lumped_t *self, const ph_block_t *block, double noise,
                     const int32_t *overlaps, size_t stride, ph_stream_t *stream, double *up);

/** One sweep of Little's dynamics at the block's noise. */
void ph_lumped_little(ph_lumped_t *self, const ph_block_t *block, const int32_t *overlaps,
                      size_t stride, ph_stream_t *stream, double *up);

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
