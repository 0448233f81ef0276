/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole laws of overlaps in a small network, by the weights of all its states. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/exact/exact.h"
#include "analysis/exact/exact_private.h"
#include "base/floating.h"

void ph_exact_law_free(ph_exact_law_t *self)
{
    free(self->m);
    free(self->q);
    memset(self, 0, sizeof(*self));
}

int ph_exact_law_init(ph_exact_law_t *self, size_t neurons, size_t patterns)
{
    *self = (ph_exact_law_t){.neurons = neurons, .patterns = patterns, .levels = 2 * neurons + 1};
    self->m = calloc(patterns * self->levels, sizeof(*self->m));
    self->q = calloc(self->levels, sizeof(*self->q));
    if (self->m != NULL && self->q != NULL)
        return PH_OK;
    ph_exact_law_free(self);
    return PH_ERR_MEMORY;
}

/* What changes from state to state, bit i of which is set where spin i is up. */
typedef struct {
    uint64_t state;
    int64_t *features; /* N o_p */
    int64_t *patterns; /* N m_mu */
} walk_t;

static void flip(walk_t *self, const ph_sample_t *sample, size_t i)
{
    const size_t features = (size_t)sample->coupling.features;
    const size_t patterns = (size_t)sample->patterns.patterns;
    self->state ^= UINT64_C(1) << i;
    const int64_t step = (self->state >> i & 1) != 0 ? 2 : -2;
    for (size_t p = 0; p < features; p++)
        self->features[p] += step * sample->coupling.phi[i * features + p];
    for (size_t mu = 0; mu < patterns; mu++)
        self->patterns[mu] += step * sample->patterns.entries[i * patterns + mu];
}

/* All spins down. */
static double begin(walk_t *self, const ph_sample_t *sample)
{
    const size_t features = (size_t)sample->coupling.features;
    const size_t patterns = (size_t)sample->patterns.patterns;
    double self_sum = 0.0;
    self->state = 0;
    memset(self->features, 0, features * sizeof(*self->features));
    memset(self->patterns, 0, patterns * sizeof(*self->patterns));
    for (size_t i = 0; i < (size_t)sample->coupling.neurons; i++) {
        self_sum += sample->coupling.self[i];
        for (size_t p = 0; p < features; p++)
            self->features[p] -= sample->coupling.phi[i * features + p];
        for (size_t mu = 0; mu < patterns; mu++)
            self->patterns[mu] -= sample->patterns.entries[i * patterns + mu];
    }
    return self_sum;
}

/* The spin that a Gray code turns in its step to number `code` >= 1. */
static size_t turned(uint64_t code)
{
    size_t i = 0;
    while ((code >> i & 1) == 0)
        i++;
    return i;
}

/* Energies of all states into weight[2^N]; the lowest is returned. */
static double find_energies(walk_t *walk, const ph_sample_t *sample, double *weight)
{
    const uint64_t states = UINT64_C(1) << sample->coupling.neurons;
    const double self_sum = begin(walk, sample);
    double lowest = INFINITY;
    for (uint64_t code = 1; code <= states; code++) {
        const double energy = ph_exact_state_energy(&sample->coupling, walk->features, self_sum);
        weight[walk->state] = energy;
        lowest = fmin(lowest, energy);
        if (code < states)
            flip(walk, sample, turned(code));
    }
    return lowest;
}

/* Energies become probabilities, which are added to the levels of every pattern. */
static void find_m(ph_exact_law_t *self, walk_t *walk, const ph_sample_t *sample, double noise,
                   double lowest, double *weight)
{
    const uint64_t states = UINT64_C(1) << self->neurons;
    double total = 0.0;
    for (uint64_t s = 0; s < states; s++) {
        weight[s] = exp((lowest - weight[s]) / noise);
        total += weight[s];
    }
    (void)begin(walk, sample);
    for (uint64_t code = 1; code <= states; code++) {
        weight[walk->state] /= total;
        for (size_t mu = 0; mu < self->patterns; mu++)
            self->m[mu * self->levels + (size_t)((int64_t)self->neurons + walk->patterns[mu])] +=
                weight[walk->state];
        if (code < states)
            flip(walk, sample, turned(code));
    }
}

/* Walsh-Hadamard transform of x[2^bits]. */
static void transform(double *x, size_t bits)
{
    const size_t size = (size_t)1 << bits;
    for (size_t half = 1; half < size; half *= 2)
        for (size_t first = 0; first < size; first += 2 * half)
            for (size_t i = first; i < first + half; i++) {
                const double a = x[i], b = x[i + half];
                x[i] = a + b;
                x[i + half] = a - b;
            }
}

/* Two copies differ in the spins D with probability sum_s p(s) p(s ^ D): a convolution, which the
 * transform makes a square. */
static void find_q(ph_exact_law_t *self, double *weight)
{
    const size_t bits = self->neurons, states = (size_t)1 << bits;
    transform(weight, bits);
    for (size_t s = 0; s < states; s++)
        weight[s] *= weight[s];
    transform(weight, bits);
    for (size_t s = 0; s < states; s++) {
        size_t differing = 0;
        for (size_t i = 0; i < bits; i++)
            differing += s >> i & 1;
        self->q[2 * (bits - differing)] += fmax(weight[s], 0.0) / (double)states;
    }
}

int ph_exact_law(ph_exact_law_t *self, const ph_sample_t *sample, double noise)
{
    PH_FLOATING_GUARD();
    const size_t features = (size_t)sample->coupling.features;
    walk_t walk = {0};
    memset(self, 0, sizeof(*self));
    if (sample->coupling.neurons > PH_EXACT_LAW_NEURONS)
        return PH_ERR_LIMIT;
    if (!(noise > 0.0))
        return PH_ERR_UNSUPPORTED;
    int status = ph_exact_law_init(self, (size_t)sample->coupling.neurons,
                                   (size_t)sample->patterns.patterns);
    double *weight = malloc(((size_t)1 << sample->coupling.neurons) * sizeof(*weight));
    walk.features = calloc(features + self->patterns, sizeof(*walk.features));
    if (status == PH_OK && (weight == NULL || walk.features == NULL)) {
        ph_exact_law_free(self);
        status = PH_ERR_MEMORY;
    }
    if (status == PH_OK) {
        walk.patterns = walk.features + features;
        const double lowest = find_energies(&walk, sample, weight);
        find_m(self, &walk, sample, noise, lowest, weight);
        find_q(self, weight);
    }
    free(walk.features);
    free(weight);
    return status;
}
