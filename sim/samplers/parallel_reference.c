/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Samplers that update all neurons of a chain at once, plainly: Little's dynamics and block Gibbs.
 * The cost is O(P) an update. Chains of a block share nothing but the sample.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/model/row_classes.h"
#include "sim/random/lane_stream.h"
#include "sim/random/wide_stream.h"
#include "sim/samplers/hidden.h"
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
        status = ph_row_classes_init(&classes, &self->coupling, &self->patterns);
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
    ph_stream_init_lane(stream, self->key, PH_PURPOSE_MOVES, self->sample, self->block,
                        self->lane_first + lane, self->sweep);
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

bool ph_parallel_decide(const ph_block_t *self, uint64_t threshold, uint32_t word, size_t site,
                        uint32_t lane)
{
    const uint64_t open = threshold >> 16;
    if (word != open)
        return word < open;
    return (ph_lanes_more(self->key, self->sample, self->block, self->sweep, site,
                          self->lane_first + lane) >>
            16) < (threshold & 0xffff);
}

/* Ties are exact where the weights are equal: the field as an integer. */
bool ph_parallel_little(const ph_block_t *self, size_t site, uint32_t lane, int spin, uint32_t word)
{
    const size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    if (!self->decision.integer)
        return ph_parallel_decide(
            self, ph_decision_real(&self->decision, ph_site_field(self, site, lane, spin)), word,
            site, lane);
    int32_t field = -self->squares[site] * spin;
    for (size_t p = 0; p < features; p++)
        field += phi[p] * self->overlaps[p * self->lanes + lane];
    return ph_parallel_decide(self, ph_decision_integer(&self->decision, field), word, site, lane);
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

/* At T = 0 the field holds the self term, and its ties are exact where weights are equal. */
bool ph_parallel_gibbs(const ph_block_t *self, const double *fields, size_t site, uint32_t lane,
                       uint32_t word)
{
    const size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    double field = 0.0;
    if (self->point->noise <= 0.0 && self->decision.integer) {
        int64_t count = 0;
        for (size_t p = 0; p < features; p++)
            count += (int64_t)phi[p] * self->overlaps[p * self->lanes + lane];
        field = (double)count;
    } else {
        for (size_t p = 0; p < features; p++)
            field += fields[p] * phi[p];
    }
    return ph_parallel_decide(self, ph_decision_real(&self->decision, field), word, site, lane);
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

const ph_kernel_t PH_KERNEL_LITTLE_REFERENCE = {
    .name = "reference",
    .help = "plain, one chain after the other",
    .prepare = prepare,
    .sweep = sweep_little,
    .free = free_state,
};

const ph_kernel_t PH_KERNEL_GIBBS_REFERENCE = {
    .name = "reference",
    .help = "plain, one chain after the other",
    .prepare = prepare_gibbs,
    .sweep = sweep_gibbs,
    .free = free_state,
};
