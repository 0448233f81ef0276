/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Samplers that update all neurons of a chain at once: Little's dynamics and block Gibbs. The plain
 * sweeps cost O(P) an update. Chains of a block share nothing but the sample.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/model/row_classes.h"
#include "sim/random/wide_stream.h"
#include "sim/samplers/hidden.h"
#include "sim/samplers/load.h"
#include "sim/samplers/parallel_field_private.h"
#include "sim/samplers/samplers_private.h"

typedef struct {
    ph_wide_t numbers;
    double *fields;    /* [features]: what multiplies the features of a site */
    int32_t *overlaps; /* [features]: of the new spins of one lane */
    uint32_t *order;   /* [neurons]: the order in which block Gibbs takes its numbers */
} state_t;

static int prepare(ph_block_t *self)
{
    const size_t features = (size_t)self->coupling.features;
    state_t *state = calloc(1, sizeof(*state));
    self->state = state;
    if (state == NULL)
        return PH_ERR_MEMORY;
    state->fields = calloc(features, sizeof(*state->fields));
    state->overlaps = calloc(features, sizeof(*state->overlaps));
    return state->fields == NULL || state->overlaps == NULL ? PH_ERR_MEMORY : PH_OK;
}

static int prepare_gibbs(ph_block_t *self)
{
    ph_row_classes_t classes;
    int status = prepare(self);
    if (status == PH_OK)
        status = ph_row_classes_init(&classes, &self->coupling, &self->patterns, NULL);
    if (status != PH_OK)
        return status;
    state_t *state = self->state;
    state->order = ph_row_classes_order(&classes, (size_t)self->coupling.neurons);
    ph_row_classes_free(&classes);
    return state->order == NULL ? PH_ERR_MEMORY : PH_OK;
}

static void free_state(ph_block_t *self)
{
    state_t *state = self->state;
    if (state != NULL) {
        free(state->fields);
        free(state->overlaps);
        free(state->order);
    }
    free(state);
    self->state = NULL;
}

static void begin_lane(ph_block_t *self, uint32_t lane, ph_stream_t *stream)
{
    state_t *state = self->state;
    ph_block_stream(self, PH_PURPOSE_MOVES, lane, stream);
    ph_wide_init(&state->numbers, stream);
    memset(state->overlaps, 0, (size_t)self->coupling.features * sizeof(*state->overlaps));
}

static void set_spin(ph_block_t *self, size_t site, uint32_t lane, bool up)
{
    state_t *state = self->state;
    const size_t features = (size_t)self->coupling.features;
    const uint64_t bit = UINT64_C(1) << (self->lane_first + lane);
    const int16_t *phi = self->coupling.phi + site * features;
    if (self->records.accepted != NULL)
        self->records.accepted[lane] += up != ((self->spins[site] & bit) != 0);
    self->spins[site] = (self->spins[site] & ~bit) | (up ? bit : 0);
    for (size_t p = 0; p < features; p++)
        state->overlaps[p] += up ? phi[p] : -phi[p];
}

static void end_lane(ph_block_t *self, uint32_t lane)
{
    const state_t *state = self->state;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        self->overlaps[p * self->lanes + lane] = state->overlaps[p];
}

static void sweep_little(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ph_stream_t stream;
        begin_lane(self, l, &stream);
        /* The overlaps of the lane are those of the old spins until all sites are done. */
        for (size_t i = 0; i < (size_t)self->coupling.neurons; i++)
            set_spin(self, i, l,
                     ph_parallel_little(self, i, l, ph_block_spin(self, i, l),
                                        ph_wide_word(&state->numbers, i)));
        end_lane(self, l);
    }
}

/* Hidden units x_p | s ~ Normal(o_p, T/(N w_p)), times their weights. At T = 0 x_p = o_p. */
static void draw_hidden(ph_block_t *self, uint32_t lane, ph_stream_t *stream)
{
    state_t *state = self->state;
    const double neurons = (double)self->coupling.neurons;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        state->fields[p] =
            ph_hidden_field(stream, self->point->noise, neurons, self->coupling.weights[p],
                            self->overlaps[p * self->lanes + lane]);
}

static void sweep_gibbs(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ph_stream_t stream;
        begin_lane(self, l, &stream);
        draw_hidden(self, l, &stream);
        for (size_t k = 0; k < (size_t)self->coupling.neurons; k++) {
            const size_t i = state->order[k];
            set_spin(
                self, i, l,
                ph_parallel_gibbs(self, state->fields, i, l, ph_wide_word(&state->numbers, k)));
        }
        end_lane(self, l);
    }
}

static const ph_kernel_t LITTLE_REFERENCE = {
    .name = "reference",
    .help = "plain, one chain after the other",
    .prepare = prepare,
    .sweep = sweep_little,
    .free = free_state,
};

static const ph_kernel_t GIBBS_REFERENCE = {
    .name = "reference",
    .help = "plain, one chain after the other",
    .prepare = prepare_gibbs,
    .sweep = sweep_gibbs,
    .free = free_state,
};

/* Binary digits of the largest entry. */
static double digits_of(const ph_load_t *load)
{
    return 1.0 + floor(log2(ph_load_entry(load)));
}

/* Neuron by neuron, field_vector.c: entries in pairs, order, self terms, bits of entries, spins. */
static double field_bytes(const ph_load_t *load)
{
    const double neurons = (double)load->point->neurons, pairs = 2.0 * ceil(0.25 * load->features);
    if (load->point->noise <= 0.0)
        return 0.0; /* the reference keeps nothing */
    return neurons * (8.0 + 4.0 * pairs + 0.125 * (1.0 + digits_of(load)) * load->features +
                      0.125 * load->lanes);
}

/* What an update takes by that: itself, for each feature, and for each where entries come from
 * beyond the caches of a core. */
typedef struct {
    double half, one, feature, beyond; /* half: of ph_load_slowness() */
} field_cost_t;

static double field_nanoseconds(const ph_load_t *load, field_cost_t cost)
{
    const double features = load->features;
    const double each =
        cost.one + cost.feature * features + 0.006 * features * (digits_of(load) - 1.0);
    return ph_load_slowness(load, cost.half) * each +
           cost.beyond * features * ph_load_beyond(2.0 * (double)load->point->neurons * features);
}

static double little_bytes(const ph_load_t *load)
{
    return field_bytes(load);
}

/* gibbs_vector.c: classes, order, spins; two runs a class with a threshold each. Others look for
 * the classes too, for the order alone, and give them up before they do anything else. */
static double gibbs_bytes(const ph_load_t *load)
{
    const double neurons = (double)load->point->neurons;
    const double looking =
        ph_load_classes_bytes(load) + fmax(4.0 * neurons, ph_load_table_bytes(load));
    if (ph_parallel_by_classes(load->point))
        return ph_load_classes_bytes(load) + neurons * (4.0 + 0.125 * load->lanes) +
               2.0 * 40.0 * load->classes;
    return fmax(looking, field_bytes(load));
}

/* Whether field_vector.c takes it. */
static bool goes_by_fields(const ph_load_t *load)
{
    return load->point->noise > 0.0 && ph_load_row(load) < PH_PARALLEL_ROW_END;
}

/* Seconds of the sweeps of all chains. */
static double little_seconds(const ph_load_t *load, double sweeps)
{
    const double neurons = (double)load->point->neurons, features = load->features;
    double each = 14.5 + 2.2 * features + (neurons > 5e3 ? 6.8 : 0.0), sweep = 0.0;
    if (goes_by_fields(load)) {
        each = field_nanoseconds(load, (field_cost_t){1.6, 0.68, 0.038, 0.07});
        sweep = 270.0;
    }
    return 1e-9 * sweeps * load->lanes * (neurons * each + sweep);
}

static double gibbs_seconds(const ph_load_t *load, double sweeps)
{
    const double neurons = (double)load->point->neurons, features = load->features;
    double each = 38.0 + 1.6 * features, sweep = 0.0;
    if (ph_parallel_by_classes(load->point)) {
        each = 0.26 * ph_load_slowness(load, 1.25);
        sweep = 300.0 + 7.5 * features + load->classes * (30.0 + 2.3 * features);
    } else if (goes_by_fields(load)) {
        each = field_nanoseconds(load, (field_cost_t){1.5, 0.55, 0.045, 0.02});
        sweep = 430.0 + 60.0 * features;
    }
    return 1e-9 * sweeps * load->lanes * (neurons * each + sweep);
}

#define FIELD_LITTLE(ISA, NAME) &PH_KERNEL_FIELD_LITTLE_##ISA,
#define FIELD_GIBBS(ISA, NAME) &PH_KERNEL_GIBBS_##ISA, &PH_KERNEL_FIELD_GIBBS_##ISA,
static const ph_kernel_t *const LITTLE[] = {PH_ISAS(FIELD_LITTLE) & LITTLE_REFERENCE, NULL};
static const ph_kernel_t *const GIBBS[] = {PH_ISAS(FIELD_GIBBS) & GIBBS_REFERENCE, NULL};

const ph_sampler_t PH_SAMPLER_ROW_LITTLE = {
    PH_SAMPLER_LITTLE,
    "all neurons at once from the old state (Little's parallel dynamics)",
    PH_LITTLE_CAUTION,
    false,
    little_bytes,
    little_seconds,
    LITTLE,
};

const ph_sampler_t PH_SAMPLER_ROW_BLOCK_GIBBS = {
    PH_SAMPLER_BLOCK_GIBBS,
    "all neurons at once given one Gaussian hidden unit a feature",
    PH_GIBBS_CAUTION,
    true,
    gibbs_bytes,
    gibbs_seconds,
    GIBBS,
};
