/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_PATTERNS_H
#define PH_MODEL_PATTERNS_H

#include <stdint.h>

#include "base/status.h"
#include "params/grid.h"
#include "sim/model/stream.h"

/**
 * The archetypes of one sample: entries -1, 0, +1, independent, P(0) = dilution of the pattern
 * (Agliari et al., J. Stat. Mech. 2023, section 2).
 */
typedef struct {
    int64_t neurons, patterns;
    int8_t *entries; /* [neurons][patterns]: one neuron's row after the other */
    /* Where the sample came from; its examples come from there too (sim/model/dataset.h). */
    ph_stream_key_t key; /* of (seed, disorder) */
    uint32_t sample;
    /* Of given examples (params/labelled.h) which word is example a of pattern mu:
     * examples[first[mu] + a], for as many as the label has. NULL: examples are drawn. */
    size_t *first;
    uint32_t *examples;
} ph_patterns_t;

/**
 * Draws sample `sample` (0, 1, ...) of a point. A pure function of (seed, the point's disorder
 * identity, sample): points that differ in noise, dynamics or normalization share it. Given
 * patterns are those of every sample, or drawn from, without putting back; given examples come in
 * their order, or in a random one whose first M are those of M. PH_ERR_MEMORY on failure; free is
 * safe after that.
 */
int ph_patterns_draw(ph_patterns_t *self, const ph_point_t *point, uint64_t seed, uint32_t sample);
void ph_patterns_free(ph_patterns_t *self);

/** Which of the given patterns, from 0, sample `sample` of a point has, into chosen[patterns].
 * PH_ERR_MEMORY. */
int ph_patterns_choose(const ph_point_t *point, uint64_t seed, uint32_t sample, size_t *chosen);

#endif
