/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Lumped samplers, plainly: the state of a chain is the number of up-spins of each class of alike
 * neurons, in the gauge of the class. Equal in law to block Gibbs and Little's dynamics; the cost
 * of a sweep is that of the classes, whatever N. Spins come back from the counts by a random
 * arrangement within the classes, which is their law given the counts.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/sample/block.h"
#include "sim/sample/draw.h"
#include "sim/sample/hidden.h"
#include "sim/sample/lumps.h"
#include "sim/sample/sampler_private.h"

typedef struct {
    ph_lumps_t lumps;
    int64_t *up;    /* [lanes][classes] */
    int64_t *left;  /* [classes] while spins are arranged: up-spins to place, then neurons */
    double *fields; /* [features] */
    bool moved;     /* the block's spins are not those of the counts */
} state_t;

static int prepare(ph_block_t *self)
{
    state_t *state = calloc(1, sizeof(*state));
    self->state = state;
    int status = state == NULL ? PH_ERR_MEMORY
                               : ph_lumps_init(&state->lumps, &self->coupling, &self->patterns);
    if (status != PH_OK)
        return status;
    state->up = calloc(state->lumps.count * self->lanes, sizeof(*state->up));
    state->left = calloc(2 * state->lumps.count, sizeof(*state->left));
    state->fields = calloc(state->lumps.features, sizeof(*state->fields));
    return state->up == NULL || state->left == NULL || state->fields == NULL ? PH_ERR_MEMORY
                                                                             : PH_OK;
}

static void free_state(ph_block_t *self)
{
    state_t *state = self->state;
    if (state != NULL) {
        ph_lumps_free(&state->lumps);
        free(state->up);
        free(state->left);
        free(state->fields);
    }
    free(state);
    self->state = NULL;
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    const ph_lumps_t *lumps = &state->lumps;
    memset(state->up, 0, lumps->count * self->lanes * sizeof(*state->up));
    for (size_t i = 0; i < (size_t)self->coupling.neurons; i++)
        for (uint32_t l = 0; l < self->lanes; l++)
            state->up[l * lumps->count + lumps->of[i]] +=
                ph_block_spin(self, i, l) == lumps->gauge[i];
    state->moved = false;
}

/* Each class' up-spins at random places: neuron by neuron, with probability up-spins left over
 * neurons left. */
static void arrange_lane(ph_block_t *self, uint32_t lane)
{
    state_t *state = self->state;
    const ph_lumps_t *lumps = &state->lumps;
    const uint64_t bit = UINT64_C(1) << (self->lane_first + lane);
    int64_t *up = state->left, *neurons = state->left + lumps->count;
    ph_stream_t stream;
    ph_stream_init_lane(&stream, self->key, PH_PURPOSE_ARRANGE, self->sample, self->block,
                        self->lane_first + lane, self->sweep);
    memcpy(up, state->up + lane * lumps->count, lumps->count * sizeof(*up));
    memcpy(neurons, lumps->sizes, lumps->count * sizeof(*neurons));
    for (size_t i = 0; i < (size_t)self->coupling.neurons; i++) {
        const size_t class = lumps->of[i];
        const bool chosen = ph_stream_below(&stream, (uint32_t)neurons[class]--) < up[class];
        up[class] -= chosen;
        const bool is_up = chosen == (lumps->gauge[i] > 0);
        self->spins[i] = (self->spins[i] & ~bit) | (is_up ? bit : 0);
    }
}

static void arrange(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; state->moved && l < self->lanes; l++)
        arrange_lane(self, l);
    state->moved = false;
}

/* out[row entry][lane] += entry (2 up - size), over the classes. */
static void sum_overlaps(ph_block_t *self)
{
    const state_t *state = self->state;
    const ph_lumps_t *lumps = &state->lumps;
    memset(self->overlaps, 0, lumps->features * self->lanes * sizeof(*self->overlaps));
    for (uint32_t l = 0; l < self->lanes; l++)
        for (size_t c = 0; c < lumps->count; c++) {
            const int64_t sum = 2 * state->up[l * lumps->count + c] - lumps->sizes[c];
            for (size_t p = 0; p < lumps->features; p++)
                self->overlaps[p * self->lanes + l] +=
                    (int32_t)(sum * lumps->phi[c * lumps->features + p]);
        }
}

static void sum_patterns(ph_block_t *self)
{
    const state_t *state = self->state;
    const ph_lumps_t *lumps = &state->lumps;
    memset(self->pattern_overlaps, 0,
           lumps->patterns * self->lanes * sizeof(*self->pattern_overlaps));
    for (uint32_t l = 0; l < self->lanes; l++)
        for (size_t c = 0; c < lumps->count; c++) {
            const int64_t sum = 2 * state->up[l * lumps->count + c] - lumps->sizes[c];
            for (size_t mu = 0; mu < lumps->patterns; mu++)
                self->pattern_overlaps[mu * self->lanes + l] +=
                    (int32_t)(sum * lumps->xi[c * lumps->patterns + mu]);
        }
}

/* Up-spins among n neurons in this field: all but a binomial number of unlikely ones. */
static int64_t draw_up(const ph_decision_t *decision, ph_stream_t *stream, int64_t n, double field)
{
    const double strength = field < 0.0 ? -field : field;
    double odds = 1.0;
    if (strength > decision->tolerance)
        odds = decision->noise > 0.0 ? ph_exp_negative(2.0 * strength / decision->noise) : 0.0;
    const int64_t against = ph_draw_binomial(stream, n, odds);
    return field > 0.0 ? n - against : against;
}

static void begin_lane(const ph_block_t *self, uint32_t lane, ph_stream_t *stream)
{
    ph_stream_init_lane(stream, self->key, PH_PURPOSE_MOVES, self->sample, self->block,
                        self->lane_first + lane, self->sweep);
}

/* sum_p phi_p O_p of a class, exactly. */
static int64_t integer_field(const ph_block_t *self, size_t class, uint32_t lane)
{
    const ph_lumps_t *lumps = &((const state_t *)self->state)->lumps;
    int64_t field = 0;
    for (size_t p = 0; p < lumps->features; p++)
        field += (int64_t)lumps->phi[class * lumps->features + p] *
                 self->overlaps[p * self->lanes + lane];
    return field;
}

static double gibbs_field(const ph_block_t *self, size_t class, uint32_t lane)
{
    const state_t *state = self->state;
    const int16_t *phi = state->lumps.phi + class * state->lumps.features;
    double field = 0.0;
    if (self->point->noise <= 0.0 && self->decision.integer)
        return (double)integer_field(self, class, lane);
    for (size_t p = 0; p < state->lumps.features; p++)
        field += state->fields[p] * phi[p];
    return field;
}

static void sweep_gibbs(ph_block_t *self)
{
    state_t *state = self->state;
    const ph_lumps_t *lumps = &state->lumps;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ph_stream_t stream;
        begin_lane(self, l, &stream);
        for (size_t p = 0; p < lumps->features; p++)
            state->fields[p] =
                ph_hidden_field(&stream, self->point->noise, (double)self->coupling.neurons,
                                self->coupling.weights[p], self->overlaps[p * self->lanes + l]);
        for (size_t c = 0; c < lumps->count; c++)
            state->up[l * lumps->count + c] =
                draw_up(&self->decision, &stream, lumps->sizes[c], gibbs_field(self, c, l));
    }
    state->moved = true;
    sum_overlaps(self);
}

/* Field on a neuron of the class whose spin in the class' gauge is `spin`. */
static double little_field(const ph_block_t *self, size_t class, uint32_t lane, int spin)
{
    const ph_lumps_t *lumps = &((const state_t *)self->state)->lumps;
    const int16_t *phi = lumps->phi + class * lumps->features;
    if (self->decision.integer) {
        int64_t field = integer_field(self, class, lane);
        for (size_t p = 0; p < lumps->features; p++)
            field -= (int64_t)spin * phi[p] * phi[p];
        return self->decision.scale * (double)field;
    }
    double field = 0.0;
    for (size_t p = 0; p < lumps->features; p++)
        field += self->coupling.weights[p] *
                 (phi[p] * (self->overlaps[p * self->lanes + lane] - phi[p] * spin));
    return field / (double)self->coupling.neurons;
}

static void sweep_little(ph_block_t *self)
{
    state_t *state = self->state;
    const ph_lumps_t *lumps = &state->lumps;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ph_stream_t stream;
        begin_lane(self, l, &stream);
        for (size_t c = 0; c < lumps->count; c++) {
            int64_t *up = &state->up[l * lumps->count + c];
            const int64_t stay =
                draw_up(&self->decision, &stream, *up, little_field(self, c, l, 1));
            *up = stay + draw_up(&self->decision, &stream, lumps->sizes[c] - *up,
                                 little_field(self, c, l, -1));
        }
    }
    state->moved = true;
    sum_overlaps(self);
}

const ph_kernel_t PH_KERNEL_LUMPED_GIBBS_REFERENCE = {
    .name = "reference",
    .help = "plain, one class after the other",
    .prepare = prepare,
    .gather = gather,
    .sweep = sweep_gibbs,
    .patterns = sum_patterns,
    .spins = arrange,
    .free = free_state,
};

const ph_kernel_t PH_KERNEL_LUMPED_LITTLE_REFERENCE = {
    .name = "reference",
    .help = "plain, one class after the other",
    .prepare = prepare,
    .gather = gather,
    .sweep = sweep_little,
    .patterns = sum_patterns,
    .spins = arrange,
    .free = free_state,
};
