/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Samplers that visit one site after the other: Glauber (heat bath) and Metropolis. The plain
 * sweeps take all lanes of the block at once; the cost is O(K) an update, through the integer
 * overlaps; the coupling matrix is never formed.
 */
#include <math.h>
#include <stdlib.h>

#include "sim/chain/block.h"
#include "sim/random/lane_stream.h"
#include "sim/samplers/load.h"
#include "sim/samplers/samplers_private.h"
#include "sim/samplers/site_field_private.h"

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
    ph_site_begin(self, &state->generators, &state->sites, state->permutation);
    for (uint32_t count; (count = ph_sites_next(&state->sites)) > 0;)
        for (uint32_t k = 0; k < count; k++)
            update_site(self, &state->generators, state->sites.sites[k], attempt++);
}

static const ph_kernel_t REFERENCE = {
    .name = "reference",
    .help = "plain C, all lanes of a site in a loop",
    .prepare = prepare,
    .sweep = sweep,
    .free = free_state,
};

static const double SMALL = 1048576.0;

/* Whether one chain has kernels of its own: fields are whole numbers of 32 bits. */
static bool is_alone(const ph_load_t *load)
{
    return load->lanes <= 1.0 && ph_load_equal(load) &&
           ph_load_row(load) * ph_load_overlap(load) <= INT32_MAX;
}

/* The order of the sites, and records of one chain alone (site_single.c, site_batch.c); kernels for
 * small networks take less than SMALL, others next to nothing. */
static double bytes(const ph_load_t *load)
{
    const double neurons = (double)load->point->neurons, vectors = ceil((load->features + 2.0) / 8);
    const double width = load->features <= 4.0 ? 4.0 : load->features <= 8.0 ? 8.0 : 16.0;
    const double record = fmax(16.0 * vectors, load->features <= 16.0 ? 2.0 * width + 4.0 : 0.0);
    return 4.0 * neurons + 4.0 * PH_MAX_LANES * load->features + SMALL +
           (is_alone(load) ? record * neurons : 0.0);
}

/* Nanoseconds of an attempted update of all lanes by the vector kernels, which count in registers
 * that hold 16, 32 or 64 of them. */
static double vector_nanoseconds(const ph_load_t *load, double beyond)
{
    const double features = load->features;
    const double width = load->lanes <= 16.0 ? 16.0 : load->lanes <= 32.0 ? 32.0 : 64.0;
    const double each = 13.2 + 0.234 * width + features * (0.37 + 0.031 * width);
    return ph_load_slowness(load, 1.8) * (ph_load_equal(load) ? 1.0 : 1.5) * each +
           beyond * (1.2 * features + 1.9 * width);
}

static bool goes_by_four(const ph_load_t *load)
{
    return load->features <= 16.0 && ph_load_entry(load) <= 1.0 &&
           ph_load_overlap(load) <= INT16_MAX;
}

/* The same of one chain alone: several attempts at a time or, of many features, large entries or
 * large networks, by a table. */
static double single_nanoseconds(const ph_load_t *load, double beyond)
{
    return (goes_by_four(load) ? 4.9 : 9.5) + 0.1 * load->features +
           beyond * (10.0 + 0.6 * load->features);
}

/* Other processors have no table; parts are dealt alike on all of them. */
static bool has_table(const ph_load_t *load)
{
#ifdef __x86_64__
    (void)load;
    return true;
#else
    return load->anywhere;
#endif
}

/* One chain alone of equal weights; of vectors of lanes all else, but for what is too short to set
 * them up. A neuron's entries, its spins and its square are read in any order. */
static double seconds(const ph_load_t *load, double sweeps)
{
    const double neurons = (double)load->point->neurons;
    const double beyond = ph_load_beyond(neurons * (2.0 * load->features + 12.0));
    const bool single = is_alone(load) && (goes_by_four(load) || has_table(load));
    return 1e-9 * sweeps * neurons *
           (single ? single_nanoseconds(load, beyond) : vector_nanoseconds(load, beyond));
}

#define LANES(ISA, NAME)                                                                           \
    &PH_KERNEL_SITE_##ISA, &PH_KERNEL_PAIRS_##ISA, &PH_KERNEL_WIDE_##ISA, &PH_KERNEL_REAL_##ISA,
#define BATCH(ISA, NAME) &PH_KERNEL_BATCH4_##ISA, &PH_KERNEL_BATCH8_##ISA, &PH_KERNEL_BATCH16_##ISA,
/* The first that fits: what is made for one chain alone before what takes any number. */
static const ph_kernel_t *const KERNELS[] = {
    PH_ISAS(BATCH)
#ifdef __x86_64__
        & PH_KERNEL_SITE_SINGLE,
#endif
    PH_ISAS(LANES) & REFERENCE,
    NULL,
};

const ph_sampler_t PH_SAMPLER_ROW_GLAUBER = {
    PH_SAMPLER_GLAUBER, "heat bath, one site after the other", NULL, false, bytes, seconds, KERNELS,
};

const ph_sampler_t PH_SAMPLER_ROW_METROPOLIS = {
    PH_SAMPLER_METROPOLIS,
    "flips accepted with min(1, exp(-2 s h/T)), one site after the other",
    "its path has a time scale of its own: no comparison with Glauber trajectories",
    false,
    bytes,
    seconds,
    KERNELS,
};
