/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLE_LUMPED_H
#define PH_SAMPLE_LUMPED_H

#include "sim/sample/block.h"
#include "sim/sample/lumps.h"

/* Moves and sums of one chain that is known by the number of up-spins of each class, up[count], in
 * the gauge of the class. Overlaps of one lane stand `stride` apart. */

/**
 * Up-spins among n neurons in a field at this noise: all but a binomial number of unlikely ones.
 * |field| at or below the tolerance is a tie.
 */
int64_t ph_lumped_draw(ph_stream_t *stream, int64_t n, double field, double noise,
                       double tolerance);

/** A class' field as an integer, sum_p phi_p O_p, self term included. */
int64_t ph_lumped_field(const ph_lumps_t *lumps, size_t class, const int32_t *overlaps,
                        size_t stride);

/** One sweep of block Gibbs at a noise; fields[features] is scratch. */
void ph_lumped_gibbs(const ph_lumps_t *lumps, const ph_block_t *block, double noise,
                     const int32_t *overlaps, size_t stride, ph_stream_t *stream, double *fields,
                     int64_t *up);

/** overlaps[p stride] = sum_i phi_i^p s_i of all features. */
void ph_lumped_overlaps(const ph_lumps_t *lumps, const int64_t *up, int32_t *overlaps,
                        size_t stride);

/** overlaps[mu stride] = sum_i xi_i^mu s_i of all patterns. */
void ph_lumped_patterns(const ph_lumps_t *lumps, const int64_t *up, int32_t *overlaps,
                        size_t stride);

/**
 * Each class' up-spins at random places: neuron by neuron, with probability up-spins left over
 * neurons left. set(context, neuron, up or not) is called once a neuron. left[2 count]: scratch.
 */
void ph_lumped_arrange(const ph_lumps_t *lumps, int64_t neurons, const int64_t *up,
                       ph_stream_t *stream, int64_t *left,
                       void (*set)(void *context, size_t neuron, bool is_up), void *context);

#endif
