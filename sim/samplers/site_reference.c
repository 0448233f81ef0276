/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The plain sweeps: one site after the other, all lanes of the block at once. The cost is O(K) an
 * update, through the integer overlaps; the coupling matrix is never formed.
 */
#include <stdlib.h>

#include "sim/chain/block.h"
#include "sim/random/lane_stream.h"
#include "sim/samplers/samplers_private.h"

typedef struct {
    ph_lanes_t generators;
    ph_sites_t sites;
    uint32_t permutation[]; /* [neurons] */
} state_t;

static int prepare(ph_block_t *self)
{
    size_t size = sizeof(state_t) + (size_t)self->point->neurons * sizeof(uint32_t);
    self->state = aligned_alloc(64, (size + 63) / 64 * 64);
    return self->state == NULL ? PH_ERR_MEMORY : PH_OK;
}

static void free_state(ph_block_t *self)
{
    free(self->state);
    self->state = NULL;
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

/* Unequal weights: the field in real numbers, summed in the order of the features. */
double ph_site_field(const ph_block_t *self, size_t site, uint32_t lane, int32_t spin)
{
    size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    double field = 0.0;
    for (size_t p = 0; p < features; p++) {
        /* exact: below 2^15 times 2^31 */
        double share = phi[p] * ((double)self->overlaps[p * self->lanes + lane] - phi[p] * spin);
        field += self->coupling.weights[p] * share;
    }
    return field / (double)self->coupling.neurons;
}

bool ph_site_decide(const ph_block_t *self, uint64_t threshold, uint32_t high, uint64_t attempt,
                    uint32_t lane)
{
    uint64_t open = threshold >> 32;
    if (high != open)
        return high < open;
    return ph_lanes_more(self->key, self->sample, self->block, self->sweep, attempt,
                         self->lane_first + lane) < (uint32_t)threshold;
}

/* What the spin of each lane changes by: 0 or -2 s. */
static void decide(const ph_block_t *self, size_t site, uint64_t attempt,
                   const int32_t *restrict spins, const uint32_t *restrict words,
                   int32_t *restrict change)
{
    int32_t field[PH_MAX_LANES];
    bool metropolis = self->decision.sampler == PH_SAMPLER_METROPOLIS;
    if (self->decision.integer)
        integer_fields(self, site, spins, field);
    for (uint32_t l = 0; l < self->lanes; l++) {
        uint32_t place = self->lane_first + l, high = (words[place / 2] >> place % 2 * 16) & 0xffff;
        int32_t sign = metropolis ? spins[l] : 1;
        uint64_t threshold =
            self->decision.integer
                ? ph_decision_integer(&self->decision, field[l] * sign)
                : ph_decision_real(&self->decision, ph_site_field(self, site, l, spins[l]) * sign);
        bool yes = ph_site_decide(self, threshold, high, attempt, l);
        int32_t after = metropolis ? (yes ? -spins[l] : spins[l]) : (yes ? 1 : -1);
        change[l] = after - spins[l];
    }
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

static void update_site(ph_block_t *self, ph_lanes_t *generators, size_t site, uint64_t attempt)
{
    uint32_t words[PH_LANE_PAIRS];
    int32_t spins[PH_MAX_LANES], change[PH_MAX_LANES];
    ph_lanes_next(generators, self->lane_first / 2, (self->lane_first + self->lanes + 1) / 2,
                  words);
    for (uint32_t l = 0; l < self->lanes; l++)
        spins[l] = ph_block_spin(self, site, l);
    decide(self, site, attempt, spins, words, change);
    apply(self, site, change);
}

static void sweep(ph_block_t *self)
{
    state_t *state = self->state;
    uint64_t attempt = 0;
    ph_lanes_seed(&state->generators, self->key, self->sample, self->block, self->sweep,
                  (self->lane_first + self->lanes + 1) / 2);
    ph_sites_init(&state->sites, self->key, self->sample, self->block, self->sweep,
                  self->point->order, self->point->neurons, state->permutation);
    for (uint32_t count; (count = ph_sites_next(&state->sites)) > 0;)
        for (uint32_t k = 0; k < count; k++)
            update_site(self, &state->generators, state->sites.sites[k], attempt++);
}

const ph_kernel_t PH_KERNEL_SITE_REFERENCE = {
    .name = "reference",
    .help = "plain C, all lanes of a site in a loop",
    .prepare = prepare,
    .sweep = sweep,
    .free = free_state,
};
