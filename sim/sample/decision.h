/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLE_DECISION_H
#define PH_SAMPLE_DECISION_H

#include <stdint.h>

#include "params/grid.h"
#include "sim/model/coupling.h"

/*
 * Random decisions by integer thresholds. A decision compares 32 random bits u with a threshold:
 * "the unlikely thing happens if u < threshold", threshold = round(2^32 probability), so every
 * probability is met to 2^-33. exp is computed here from +, *, and bit operations, never by libm
 * (whose variants differ between CPUs): the same bits everywhere.
 */

/** e^-x for x >= 0 to a relative error of about 1e-15; 0 above 700. */
double ph_exp_negative(double x);

/** Threshold for going against the field: 1/(1 + e^x), x = 2 |h| / T >= 0; 2^31 at x = 0. */
uint32_t ph_glauber_threshold(double x);

/** Threshold for an uphill Metropolis flip: e^-x, x = 2 s h / T > 0 (at most 2^32 - 1). */
uint32_t ph_metropolis_threshold(double x);

/**
 * How a point's sampler decides. At T = 0 only ties h = 0 are random. Metropolis flips ties
 * always in random order at T > 0, and with probability 1/2 in the other orders (where flipping
 * always would not be ergodic) and at T = 0.
 */
typedef struct {
    ph_sampler_id_t sampler;
    double noise;
    uint32_t tie;         /* threshold at h = 0 */
    double scale;         /* equal weights: h = scale * k, k an integer */
    int32_t cut;          /* thresholds[cut] = 0 and all beyond */
    uint32_t *thresholds; /* [cut + 1], by |k| (Glauber) or k s (Metropolis); NULL if unequal */
    double tolerance;     /* unequal weights: |h| at or below it is a tie */
} ph_decision_t;

/** PH_ERR_MEMORY on failure. */
int ph_decision_init(ph_decision_t *self, const ph_point_t *point, const ph_coupling_t *coupling);
void ph_decision_free(ph_decision_t *self);

/** The threshold at field strength |h| (Glauber) or s h > 0 (Metropolis), in real numbers. */
uint32_t ph_decision_threshold(const ph_decision_t *self, double field);

#endif
