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
#include "sim/sample/lumped.h"
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

typedef struct {
    uint64_t *spins;
    uint64_t bit;
} target_t;

static void set_spin(void *context, size_t neuron, bool is_up)
{
    const target_t *target = context;
    target->spins[neuron] = (target->spins[neuron] & ~target->bit) | (is_up ? target->bit : 0);
}

static void arrange_lane(ph_block_t *self, uint32_t lane)
{
    state_t *state = self->state;
    target_t target = {self->spins, UINT64_C(1) << (self->lane_first + lane)};
    ph_stream_t stream;
    ph_stream_init_lane(&stream, self->key, PH_PURPOSE_ARRANGE, self->sample, self->block,
                        self->lane_first + lane, self->sweep);
    ph_lumped_arrange(&state->lumps, self->coupling.neurons, state->up + lane * state->lumps.count,
                      &stream, state->left, set_spin, &target);
}

static void arrange(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; state->moved && l < self->lanes; l++)
        arrange_lane(self, l);
    state->moved = false;
}

static void sum_overlaps(ph_block_t *self)
{
    const state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++)
        ph_lumped_overlaps(&state->lumps, state->up + l * state->lumps.count, self->overlaps + l,
                           self->lanes);
}

static void sum_patterns(ph_block_t *self)
{
    const state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++)
        ph_lumped_patterns(&state->lumps, state->up + l * state->lumps.count,
                           self->pattern_overlaps + l, self->lanes);
}

static void begin_lane(const ph_block_t *self, uint32_t lane, ph_stream_t *stream)
{
    ph_stream_init_lane(stream, self->key, PH_PURPOSE_MOVES, self->sample, self->block,
                        self->lane_first + lane, self->sweep);
}

static void sweep_gibbs(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ph_stream_t stream;
        begin_lane(self, l, &stream);
        ph_lumped_gibbs(&state->lumps, self, self->point->noise, self->overlaps + l, self->lanes,
                        &stream, state->fields, state->up + l * state->lumps.count);
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
        int64_t field = ph_lumped_field(lumps, class, self->overlaps + lane, self->lanes);
        for (size_t p = 0; p < lumps->features; p++)
            field -= (int64_t)spin * phi[p] * phi[p];
        return self->decision.scale * (double)field;
    }
    double field = 0.0;
    for (size_t p = 0; p < lumps->features; p++) {
        const int64_t others = (int64_t)self->overlaps[p * self->lanes + lane] - phi[p] * spin;
        field += self->coupling.weights[p] * (double)(phi[p] * others);
    }
    return field / (double)self->coupling.neurons;
}

static void sweep_little(ph_block_t *self)
{
    state_t *state = self->state;
    const ph_lumps_t *lumps = &state->lumps;
    const double noise = self->point->noise, tolerance = self->decision.tolerance;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ph_stream_t stream;
        begin_lane(self, l, &stream);
        for (size_t c = 0; c < lumps->count; c++) {
            int64_t *up = &state->up[l * lumps->count + c];
            const int64_t stay =
                ph_lumped_draw(&stream, *up, little_field(self, c, l, 1), noise, tolerance);
            *up = stay + ph_lumped_draw(&stream, lumps->sizes[c] - *up,
                                        little_field(self, c, l, -1), noise, tolerance);
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
