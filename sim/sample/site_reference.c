/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The plain sweeps: one site after the other, all lanes of the block at once. The cost is O(K) an
 * update, through the integer overlaps; the coupling matrix is never formed.
 */
#include <stdlib.h>

#include "sim/sample/block.h"
#include "sim/sample/sampler_private.h"

/* One xoshiro128++ generator a lane (Blackman & Vigna 2021), seeded anew each sweep. */
typedef struct {
    uint32_t state[4][PH_MAX_LANES];
} lanes_t;

typedef struct {
    lanes_t generators;
    uint32_t sites[]; /* [neurons], for permuted order */
} state_t;

static int prepare(ph_block_t *self)
{
    self->state = calloc(1, sizeof(state_t) + (size_t)self->point->neurons * sizeof(uint32_t));
    return self->state == NULL ? PH_ERR_MEMORY : PH_OK;
}

static void free_state(ph_block_t *self)
{
    free(self->state);
}

static inline uint32_t rotate(uint32_t x, int k)
{
    return (x << k) | (x >> (32 - k));
}

static void seed_lanes(const ph_block_t *self, lanes_t *generators)
{
    ph_stream_t stream;
    ph_stream_init(&stream, self->key, PH_PURPOSE_LANES, self->sample, self->block, self->sweep);
    for (uint32_t l = 0; l < self->lane_first + self->lanes; l++) {
        uint64_t a = ph_stream_word(&stream), b = ph_stream_word(&stream);
        if (l < self->lane_first)
            continue;
        uint32_t lane = l - self->lane_first;
        generators->state[0][lane] = (uint32_t)a | (uint32_t)((a | b) == 0);
        generators->state[1][lane] = (uint32_t)(a >> 32);
        generators->state[2][lane] = (uint32_t)b;
        generators->state[3][lane] = (uint32_t)(b >> 32);
    }
}

static inline void next_words(lanes_t *g, uint32_t lanes, uint32_t *restrict out)
{
    uint32_t *restrict s0 = g->state[0], *restrict s1 = g->state[1];
    uint32_t *restrict s2 = g->state[2], *restrict s3 = g->state[3];
#pragma omp simd
    for (uint32_t l = 0; l < lanes; l++) {
        out[l] = rotate(s0[l] + s3[l], 7) + s0[l];
        uint32_t t = s1[l] << 9;
        s2[l] ^= s0[l];
        s3[l] ^= s1[l];
        s1[l] ^= s2[l];
        s0[l] ^= s3[l];
        s2[l] ^= t;
        s3[l] = rotate(s3[l], 11);
    }
}

/* Integer fields k with h = scale k: sum_p phi_p O_p without the spin's own share. */
static inline void integer_fields(const ph_block_t *self, size_t site,
                                  const int32_t *restrict spins, int32_t *restrict field)
{
    uint32_t lanes = self->lanes;
    size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    int32_t own = self->squares[site];
#pragma omp simd
    for (uint32_t l = 0; l < lanes; l++)
        field[l] = -own * spins[l];
    for (size_t p = 0; p < features; p++) {
        int32_t entry = phi[p];
        const int32_t *restrict overlaps = self->overlaps + p * lanes;
        if (entry == 0)
            continue;
#pragma omp simd
        for (uint32_t l = 0; l < lanes; l++)
            field[l] += entry * overlaps[l];
    }
}

/* What the spin of each lane changes by: 0 or -2 s. Returns whether any changes. */
static inline int decide_integer(const ph_block_t *self, const int32_t *restrict spins,
                                 const int32_t *restrict field, const uint32_t *restrict words,
                                 int32_t *restrict change)
{
    const uint32_t *restrict thresholds = self->decision.thresholds;
    int32_t cut = self->decision.cut, any = 0;
    if (self->decision.sampler == PH_SAMPLER_GLAUBER) {
        for (uint32_t l = 0; l < self->lanes; l++) {
            int32_t strength = field[l] < 0 ? -field[l] : field[l];
            strength = strength < cut ? strength : cut;
            int up = (field[l] > 0) ^ (words[l] < thresholds[strength]);
            change[l] = 2 * up - 1 - spins[l];
            any |= change[l];
        }
        return any != 0;
    }
    for (uint32_t l = 0; l < self->lanes; l++) {
        int32_t cost = field[l] * spins[l];
        int32_t index = cost < 0 ? 0 : (cost < cut ? cost : cut);
        int flip = (cost < 0) | (words[l] < thresholds[index]);
        change[l] = -2 * flip * spins[l];
        any |= change[l];
    }
    return any != 0;
}

/* Unequal weights: the field in real numbers, summed in the order of the features. */
static int decide_real(const ph_block_t *self, size_t site, const int32_t *spins,
                       const uint32_t *words, int32_t *change)
{
    size_t features = (size_t)self->coupling.features, lanes = self->lanes;
    const int16_t *phi = self->coupling.phi + site * features;
    int any = 0;
    for (size_t l = 0; l < lanes; l++) {
        double field = 0.0;
        for (size_t p = 0; p < features; p++) {
            int32_t share = phi[p] * (self->overlaps[p * lanes + l] - phi[p] * spins[l]);
            field += self->coupling.weights[p] * share;
        }
        field /= (double)self->coupling.neurons;
        if (self->decision.sampler == PH_SAMPLER_GLAUBER) {
            double strength = field < 0.0 ? -field : field;
            int up = (field > 0.0) ^ (words[l] < ph_decision_threshold(&self->decision, strength));
            change[l] = 2 * up - 1 - spins[l];
        } else {
            double cost = field * spins[l];
            int flip = cost < -self->decision.tolerance ||
                       words[l] < ph_decision_threshold(&self->decision, cost);
            change[l] = -2 * flip * spins[l];
        }
        any |= change[l];
    }
    return any != 0;
}

static void apply(ph_block_t *self, size_t site, const int32_t *restrict change)
{
    uint32_t lanes = self->lanes;
    size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    uint64_t flipped = 0;
    for (uint32_t l = 0; l < lanes; l++)
        flipped |= (uint64_t)(change[l] != 0) << (self->lane_first + l);
    self->spins[site] ^= flipped;
    for (uint32_t l = 0; self->records.accepted != NULL && l < lanes; l++)
        self->records.accepted[l] += change[l] != 0;
    for (size_t p = 0; p < features; p++) {
        int32_t entry = phi[p];
        int32_t *restrict overlaps = self->overlaps + p * lanes;
        if (entry == 0)
            continue;
#pragma omp simd
        for (uint32_t l = 0; l < lanes; l++)
            overlaps[l] += entry * change[l];
    }
}

static void update_site(ph_block_t *self, lanes_t *generators, size_t site)
{
    uint32_t words[PH_MAX_LANES];
    int32_t spins[PH_MAX_LANES], field[PH_MAX_LANES], change[PH_MAX_LANES];
    int any;
    next_words(generators, self->lanes, words);
    for (uint32_t l = 0; l < self->lanes; l++)
        spins[l] = ph_block_spin(self, site, l);
    if (self->decision.thresholds != NULL) {
        integer_fields(self, site, spins, field);
        any = decide_integer(self, spins, field, words, change);
    } else {
        any = decide_real(self, site, spins, words, change);
    }
    if (any)
        apply(self, site, change);
}

static void sweep(ph_block_t *self)
{
    state_t *state = self->state;
    size_t neurons = (size_t)self->point->neurons;
    seed_lanes(self, &state->generators);
    ph_stream_t order;
    ph_stream_init(&order, self->key, PH_PURPOSE_ORDER, self->sample, self->block, self->sweep);
    switch (self->point->order) {
    case PH_ORDER_PERMUTED:
        for (size_t i = 0; i < neurons; i++)
            state->sites[i] = (uint32_t)i;
        for (size_t i = 0; i < neurons; i++) {
            size_t j = i + ph_stream_below(&order, (uint32_t)(neurons - i));
            uint32_t site = state->sites[j];
            state->sites[j] = state->sites[i];
            state->sites[i] = site;
            update_site(self, &state->generators, site);
        }
        break;
    case PH_ORDER_SEQUENTIAL:
        for (size_t i = 0; i < neurons; i++)
            update_site(self, &state->generators, i);
        break;
    case PH_ORDER_RANDOM:
    case PH_ORDER_COUNT:
    default:
        for (size_t i = 0; i < neurons; i++)
            update_site(self, &state->generators, ph_stream_below(&order, (uint32_t)neurons));
        break;
    }
}

const ph_kernel_t PH_KERNEL_SITE_REFERENCE = {
    .name = "reference",
    .help = "plain C, all lanes of a site in a loop",
    .prepare = prepare,
    .sweep = sweep,
    .free = free_state,
};
