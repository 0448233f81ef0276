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

/* The lowest bit of state >= 1 that is set: the spin that a Gray code turns in that step, too. */
static size_t lowest_up(size_t state)
{
    size_t i = 0;
    while ((state >> i & 1) == 0)
        i++;
    return i;
}

/* Energies of all states into weight[2^N], bit i of a state set where spin i is up: each from that
 * with its lowest spin down, so that features cost nothing here. The lowest is returned. */
static double find_energies(const ph_sample_t *sample, double *weight)
{
    enum { MAX = PH_EXACT_LAW_NEURONS };
    const size_t neurons = (size_t)sample->coupling.neurons, states = (size_t)1 << neurons;
    double bonds[MAX][MAX], lowest;
    weight[0] = 0.0;
    for (size_t i = 0; i < neurons; i++)
        for (size_t j = 0; j < neurons; j++) {
            bonds[i][j] = i != j ? ph_exact_bond(&sample->coupling, i, j) / (double)neurons : 0.0;
            weight[0] -= 0.5 * bonds[i][j];
        }
    lowest = weight[0];
    for (size_t s = 1; s < states; s++) {
        const size_t i = lowest_up(s);
        double field = 0.0;
        for (size_t j = 0; j < neurons; j++)
            field += (s >> j & 1) != 0 ? bonds[i][j] : -bonds[i][j];
        weight[s] = weight[s & (s - 1)] - 2.0 * field;
        lowest = fmin(lowest, weight[s]);
    }
    return lowest;
}

/* Energies become probabilities, which are added to the levels of every pattern; overlap[patterns]
 * is N m_mu along a Gray code, which turns one spin from state to state. */
static void find_m(ph_exact_law_t *self, int64_t *overlap, const ph_sample_t *sample, double noise,
                   double lowest, double *weight)
{
    const size_t states = (size_t)1 << self->neurons, patterns = self->patterns;
    const int8_t *entries = sample->patterns.entries;
    double total = 0.0;
    for (size_t s = 0; s < states; s++) {
        weight[s] = exp((lowest - weight[s]) / noise);
        total += weight[s];
    }
    for (size_t i = 0; i < self->neurons; i++)
        for (size_t mu = 0; mu < patterns; mu++)
            overlap[mu] -= entries[i * patterns + mu];
    for (size_t code = 1, state = 0; code <= states; code++) {
        weight[state] /= total;
        for (size_t mu = 0; mu < patterns; mu++)
            self->m[mu * self->levels + (size_t)((int64_t)self->neurons + overlap[mu])] +=
                weight[state];
        if (code == states)
            break;
        const size_t i = lowest_up(code);
        state ^= (size_t)1 << i;
        for (size_t mu = 0; mu < patterns; mu++)
            overlap[mu] += ((state >> i & 1) != 0 ? 2 : -2) * entries[i * patterns + mu];
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
    memset(self, 0, sizeof(*self));
    if (sample->coupling.neurons > PH_EXACT_LAW_NEURONS)
        return PH_ERR_LIMIT;
    if (!(noise > 0.0))
        return PH_ERR_UNSUPPORTED;
    int status = ph_exact_law_init(self, (size_t)sample->coupling.neurons,
                                   (size_t)sample->patterns.patterns);
    double *weight = malloc(((size_t)1 << sample->coupling.neurons) * sizeof(*weight));
    int64_t *overlap = calloc((size_t)sample->patterns.patterns, sizeof(*overlap));
    if (status == PH_OK && (weight == NULL || overlap == NULL)) {
        ph_exact_law_free(self);
        status = PH_ERR_MEMORY;
    }
    if (status == PH_OK) {
        const double lowest = find_energies(sample, weight);
        find_m(self, overlap, sample, noise, lowest, weight);
        find_q(self, weight);
    }
    free(overlap);
    free(weight);
    return status;
}
