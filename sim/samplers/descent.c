/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Descent at zero noise: the neurons are visited in the point's order and turned into their field,
 * unchanged where it is 0. A lane rests once no neuron opposes its field; the sweeps it took
 * are part of its state.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/random/lane_stream.h"
#include "sim/samplers/load.h"
#include "sim/samplers/samplers_private.h"
#include "sim/samplers/site_field_private.h"

typedef struct {
    uint64_t still[PH_MAX_LANES]; /* 1 + sweeps to the fixed point, 0: not there yet */
    ph_sites_t sites;
    uint32_t permutation[]; /* [neurons] */
} state_t;

static int prepare(ph_block_t *self)
{
    const size_t size = sizeof(state_t) + (size_t)self->point->neurons * sizeof(uint32_t);
    self->state = aligned_alloc(64, (size + 63) / 64 * 64);
    if (self->state == NULL)
        return PH_ERR_MEMORY;
    memset(((state_t *)self->state)->still, 0, sizeof(((state_t *)self->state)->still));
    return PH_OK;
}

static void free_state(ph_block_t *self)
{
    free(self->state);
    self->state = NULL;
}

/* Whether the neuron opposes its field; a tie, which is exact where weights are equal, does not. */
static bool opposes(const ph_block_t *self, size_t site, uint32_t lane)
{
    const size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    const int spin = ph_block_spin(self, site, lane);
    if (!self->decision.integer)
        return ph_site_field(self, site, lane, spin) * spin < -self->decision.tolerance;
    int64_t field = -(int64_t)self->squares[site] * spin;
    for (size_t p = 0; p < features; p++)
        field += (int64_t)phi[p] * self->overlaps[p * self->lanes + lane];
    return field * spin < 0;
}

static void flip(ph_block_t *self, size_t site, uint32_t lane)
{
    const size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    const int spin = ph_block_spin(self, site, lane);
    self->spins[site] ^= UINT64_C(1) << (self->lane_first + lane);
    for (size_t p = 0; p < features; p++)
        self->overlaps[p * self->lanes + lane] -= 2 * phi[p] * spin;
    if (self->records.accepted != NULL)
        self->records.accepted[lane]++;
}

static bool is_fixed(const ph_block_t *self, uint32_t lane)
{
    for (size_t i = 0; i < (size_t)self->coupling.neurons; i++)
        if (opposes(self, i, lane))
            return false;
    return true;
}

static void sweep(ph_block_t *self)
{
    state_t *state = self->state;
    uint32_t moving = 0, lanes[PH_MAX_LANES];
    for (uint32_t l = 0; l < self->lanes; l++)
        if (state->still[l] == 0)
            lanes[moving++] = l;
    if (moving == 0)
        return;
    ph_sites_init(&state->sites, self->key, self->sample, self->block, self->sweep,
                  self->point->order, self->point->neurons, state->permutation);
    for (uint32_t count = ph_sites_next(&state->sites); count > 0;
         count = ph_sites_next(&state->sites))
        for (uint32_t k = 0; k < count; k++)
            for (uint32_t m = 0; m < moving; m++)
                if (opposes(self, state->sites.sites[k], lanes[m]))
                    flip(self, state->sites.sites[k], lanes[m]);
    for (uint32_t m = 0; m < moving; m++)
        if (is_fixed(self, lanes[m]))
            state->still[lanes[m]] = self->sweep + 2;
}

static void load(ph_block_t *self, uint32_t lane, const uint8_t *bytes)
{
    state_t *state = self->state;
    state->still[lane] = 0;
    for (int b = 0; b < 8; b++)
        state->still[lane] |= (uint64_t)bytes[b] << (8 * b);
}

static void save(const ph_block_t *self, uint32_t lane, uint8_t *bytes)
{
    const state_t *state = self->state;
    for (int b = 0; b < 8; b++)
        bytes[b] = (uint8_t)(state->still[lane] >> (8 * b));
}

static void start(ph_block_t *self)
{
    memset(((state_t *)self->state)->still, 0, sizeof(((state_t *)self->state)->still));
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++)
        if (state->still[l] == 0 && is_fixed(self, l))
            state->still[l] = self->sweep + 1;
}

static void fill(const ph_block_t *self, uint32_t lane, ph_observation_t *observation)
{
    const state_t *state = self->state;
    observation->relaxation = state->still[lane] != 0 ? state->still[lane] - 1 : self->sweep;
}

static const ph_kernel_t REFERENCE = {
    .name = "reference",
    .help = "plain, one neuron after the other",
    .prepare = prepare,
    .gather = gather,
    .sweep = sweep,
    .start = start,
    .load = load,
    .save = save,
    .fill = fill,
    .free = free_state,
};

/* Chains rest after some eight sweeps, later in a network of many patterns, and cost nothing then.
 */
static double descent_seconds(const ph_load_t *load, double sweeps)
{
    const double rest = fmax(8.0, 2.0 * (1.0 + (double)load->point->patterns));
    return 1e-9 * fmin(sweeps, rest) * (double)load->point->neurons * load->lanes *
           (5.0 + 1.5 * load->features) * (ph_load_equal(load) ? 1.0 : 1.5);
}

static double descent_bytes(const ph_load_t *load)
{
    return load->point->order == PH_ORDER_PERMUTED ? 4.0 * (double)load->point->neurons : 0.0;
}

static const ph_kernel_t *const DESCENT[] = {&REFERENCE, NULL};

const ph_sampler_t PH_SAMPLER_ROW_DESCENT = {
    PH_SAMPLER_DESCENT,
    "zero noise, one site after the other, unchanged where the field is 0, to a fixed point",
    "ends in the fixed point that its path happens to meet: no comparison with averages",
    false,
    descent_bytes,
    descent_seconds,
    DESCENT,
};
