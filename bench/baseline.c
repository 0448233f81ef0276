/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/baseline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/random/xoshiro.h"

static inline uint64_t next_word(ph_scalar_t *random)
{
    uint64_t *s = random->state;
    return ph_xoshiro64_next(&s[0], &s[1], &s[2], &s[3]);
}

static inline double uniform(ph_scalar_t *random)
{
    return (double)(next_word(random) >> 11) * 0x1p-53;
}

static inline int64_t any_site(ph_scalar_t *random, int64_t neurons)
{
    return (int64_t)((next_word(random) >> 32) * (uint64_t)neurons >> 32);
}

/* splitmix64 */
static void seed_scalar(ph_scalar_t *random, uint64_t seed)
{
    for (int k = 0; k < 4; k++) {
        uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        random->state[k] = z ^ (z >> 31);
    }
}

int ph_naive_init(ph_naive_t *self, const ph_patterns_t *patterns, double gain, double noise,
                  uint64_t seed)
{
    size_t neurons = (size_t)patterns->neurons, columns = (size_t)patterns->patterns;
    memset(self, 0, sizeof(*self));
    self->neurons = patterns->neurons;
    self->patterns = patterns->patterns;
    self->gain = gain;
    self->noise = noise;
    self->xi = patterns->entries;
    seed_scalar(&self->random, seed);
    self->overlaps = calloc(columns, sizeof(*self->overlaps));
    self->self = calloc(neurons, sizeof(*self->self));
    self->spins = calloc(neurons, sizeof(*self->spins));
    if (self->overlaps == NULL || self->self == NULL || self->spins == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < neurons; i++) {
        const int8_t *row = self->xi + i * columns;
        self->spins[i] = row[0] < 0 ? -1 : 1;
        for (size_t mu = 0; mu < columns; mu++) {
            self->self[i] += row[mu] * row[mu];
            self->overlaps[mu] += row[mu] * self->spins[i];
        }
    }
    return PH_OK;
}

void ph_naive_free(ph_naive_t *self)
{
    free(self->overlaps);
    free(self->self);
    free(self->spins);
    memset(self, 0, sizeof(*self));
}

void ph_naive_run(ph_naive_t *self, int64_t attempts)
{
    ph_scalar_t random = self->random;
    const int64_t columns = self->patterns;
    double *overlaps = self->overlaps, per_neuron = self->gain / (double)self->neurons;
    for (int64_t k = 0; k < attempts; k++) {
        int64_t i = any_site(&random, self->neurons);
        const int8_t *row = self->xi + i * columns;
        double field = -self->self[i] * self->spins[i];
        for (int64_t mu = 0; mu < columns; mu++)
            field += row[mu] * overlaps[mu];
        double up = 1.0 / (1.0 + exp(-2.0 * per_neuron * field / self->noise));
        int spin = uniform(&random) < up ? 1 : -1, change = spin - self->spins[i];
        if (change != 0) {
            self->spins[i] = spin;
            for (int64_t mu = 0; mu < columns; mu++)
                overlaps[mu] += row[mu] * change;
        }
    }
    self->random = random;
}

int ph_dense_init(ph_dense_t *self, const ph_patterns_t *patterns, double gain, double noise,
                  uint64_t seed)
{
    size_t neurons = (size_t)patterns->neurons, columns = (size_t)patterns->patterns;
    memset(self, 0, sizeof(*self));
    self->neurons = patterns->neurons;
    self->noise = noise;
    seed_scalar(&self->random, seed);
    self->couplings = calloc(neurons * neurons, sizeof(*self->couplings));
    self->spins = calloc(neurons, sizeof(*self->spins));
    if (self->couplings == NULL || self->spins == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < neurons; i++) {
        const int8_t *a = patterns->entries + i * columns;
        self->spins[i] = a[0] < 0 ? -1.0F : 1.0F;
        for (size_t j = 0; j < neurons; j++) {
            const int8_t *b = patterns->entries + j * columns;
            int sum = 0;
            for (size_t mu = 0; mu < columns; mu++)
                sum += a[mu] * b[mu];
            self->couplings[i * neurons + j] =
                i == j ? 0.0F : (float)(gain * sum / (double)neurons);
        }
    }
    return PH_OK;
}

void ph_dense_free(ph_dense_t *self)
{
    free(self->couplings);
    free(self->spins);
    memset(self, 0, sizeof(*self));
}

void ph_dense_run(ph_dense_t *self, int64_t attempts)
{
    ph_scalar_t random = self->random;
    for (int64_t k = 0; k < attempts; k++) {
        int64_t i = any_site(&random, self->neurons);
        const float *row = self->couplings + i * self->neurons;
        float field = 0.0F;
        for (int64_t j = 0; j < self->neurons; j++)
            field += row[j] * self->spins[j];
        double up = 1.0 / (1.0 + exp(-2.0 * (double)field / self->noise));
        self->spins[i] = uniform(&random) < up ? 1.0F : -1.0F;
    }
    self->random = random;
}
