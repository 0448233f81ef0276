/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_SAMPLE_H
#define PH_MODEL_SAMPLE_H

#include "sim/model/coupling.h"
#include "sim/model/patterns.h"

/** One sample of the disorder of a point: its patterns and the coupling that is made of them. */
typedef struct {
    ph_patterns_t patterns;
    ph_coupling_t coupling;
} ph_sample_t;

/**
 * Draws sample `sample` (0, 1, ...) of a point: a pure function of the seed and of what decides the
 * point's disorder and rule, so the same whenever it is drawn. PH_ERR_MEMORY; PH_ERR_LIMIT where
 * the coupling has one (ph_coupling_init). On failure `self` is empty, and free is safe.
 */
int ph_sample_draw(ph_sample_t *self, const ph_point_t *point, uint64_t seed, uint32_t sample);
void ph_sample_free(ph_sample_t *self);

#endif
