/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CHAIN_DECISION_H
#define PH_CHAIN_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "params/grid.h"
#include "sim/model/coupling.h"

/*
 * Random decisions by integer thresholds. A decision compares 48 random bits u with a threshold:
 * "it happens if u < threshold", threshold = round(2^48 probability), so every probability is met
 * to 2^-49. The upper 16 bits decide nearly always; the others are drawn where they are needed.
 */
enum { PH_DECISION_BITS = 48, PH_DECISION_TABLE_MAX = 1 << 16 };
#define PH_DECISION_ALWAYS (UINT64_C(1) << PH_DECISION_BITS)
#define PH_DECISION_HALF (UINT64_C(1) << (PH_DECISION_BITS - 1))

/** Threshold for going against the field: 1/(1 + e^x), x = 2 |h| / T >= 0; 2^47 at x = 0. */
uint64_t ph_glauber_threshold(double x);

/** Threshold for an uphill Metropolis flip: e^-x, x = 2 s h / T >= 0; 2^48 at x = 0. */
uint64_t ph_metropolis_threshold(double x);

/**
 * How a point's sampler decides. Glauber: the spin becomes +1 if u < P, P from the field.
 * Metropolis: the spin flips if u < P, P from the cost s h. At T = 0 only ties h = 0 are random.
 * Metropolis flips ties always in random order at T > 0, and with probability 1/2 in the other
 * orders (where flipping always would not be ergodic) and at T = 0.
 */
typedef struct {
    ph_sampler_id_t sampler;
    double noise;
    uint64_t tie;         /* threshold at h = 0 */
    bool integer;         /* equal weights: h = scale * k, k an integer */
    double scale;         /* 0 if unequal */
    int32_t cut;          /* thresholds of |k| >= cut are not in the table */
    uint64_t *thresholds; /* [cut], by |k| (Glauber) or k s (Metropolis); NULL if unequal */
    double tolerance;     /* unequal weights: |h| at or below it is a tie */
} ph_decision_t;

/** PH_ERR_MEMORY on failure. */
int ph_decision_init(ph_decision_t *self, const ph_point_t *point, const ph_coupling_t *coupling);
void ph_decision_free(ph_decision_t *self);

/** Probability, as a threshold, of what has the field h (Glauber: becoming +1) or the cost s h
 * (Metropolis: flipping); in real numbers. */
uint64_t ph_decision_real(const ph_decision_t *self, double field);

/** The same for the integer field or cost k; equal weights only. */
static inline uint64_t ph_decision_integer(const ph_decision_t *self, int32_t k);

/** Threshold at |h| = scale k, k >= 0 (Metropolis: uphill), computed anew. */
uint64_t ph_decision_compute(const ph_decision_t *self, int32_t k);

static inline uint64_t ph_decision_integer(const ph_decision_t *self, int32_t k)
{
    int32_t strength = k < 0 ? -k : k;
    uint64_t against;
    if (self->sampler == PH_SAMPLER_METROPOLIS && k < 0)
        return PH_DECISION_ALWAYS;
    against =
        strength < self->cut ? self->thresholds[strength] : ph_decision_compute(self, strength);
    return self->sampler != PH_SAMPLER_METROPOLIS && k > 0 ? PH_DECISION_ALWAYS - against : against;
}

#endif
