/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Lumped samplers: the state of a chain is the number of up-spins of each class of alike neurons,
 * in the gauge of the class. Equal in law to block Gibbs and Little's dynamics; the cost of a sweep
 * is that of the classes, whatever N. Spins come back from the counts by a random arrangement
 * within the classes, which is their law given the counts. Kernels differ in how many binomial
 * numbers they draw at a time.
 */
#include <stdlib.h>

#include "sim/samplers/load.h"
#include "sim/samplers/lumped_state.h"
#include "sim/samplers/samplers_private.h"

typedef struct {
    ph_lumped_t lumped;
    double *up;                /* [lanes][padded classes] */
    ph_lumped_chain_t *chains; /* [lanes] */
    bool moved;                /* the block's spins are not those of the counts */
} state_t;

static int prepare(ph_block_t *self)
{
    state_t *state = calloc(1, sizeof(*state));
    self->state = state;
    int status = state == NULL
                     ? PH_ERR_MEMORY
                     : ph_lumped_init(&state->lumped, self, ph_draw_lists(self->kernel->name));
    if (status != PH_OK)
        return status;
    state->up = calloc(state->lumped.padded * self->lanes, sizeof(*state->up));
    state->chains = calloc(self->lanes, sizeof(*state->chains));
    if (state->up == NULL || state->chains == NULL)
        return PH_ERR_MEMORY;
    for (uint32_t l = 0; l < self->lanes; l++)
        state->chains[l] = ph_lumped_chain(
            self, self->point->noise, state->up + l * state->lumped.padded, self->overlaps + l);
    return PH_OK;
}

static void free_state(ph_block_t *self)
{
    state_t *state = self->state;
    if (state != NULL) {
        ph_lumped_free(&state->lumped);
        free(state->up);
        free(state->chains);
    }
    free(state);
    self->state = NULL;
}

static double *up_of(const state_t *state, uint32_t lane)
{
    return state->up + lane * state->lumped.padded;
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++)
        ph_lumped_count(&state->lumped, self, l, up_of(state, l));
    state->moved = false;
}

static void arrange_lane(ph_block_t *self, uint32_t lane)
{
    state_t *state = self->state;
    ph_lumped_lane_t target = {self->spins, UINT64_C(1) << (self->lane_first + lane)};
    ph_stream_t stream;
    ph_block_stream(self, PH_PURPOSE_ARRANGE, lane, &stream);
    ph_lumped_arrange(&state->lumped, self->coupling.neurons, up_of(state, lane), &stream,
                      ph_lumped_set_lane, &target);
}

static void arrange(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; state->moved && l < self->lanes; l++)
        arrange_lane(self, l);
    state->moved = false;
}

static void sum_patterns(ph_block_t *self)
{
    const state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++)
        ph_lumped_patterns(&state->lumped, up_of(state, l), self->pattern_overlaps + l,
                           self->lanes);
}

static void sweep(ph_block_t *self, bool little)
{
    state_t *state = self->state;
    ph_lumped_t *lumped = &state->lumped;
    for (uint32_t l = 0, count; l < self->lanes; l += count) {
        const uint32_t left = self->lanes - l;
        count = left < lumped->together ? left : (uint32_t)lumped->together;
        const size_t at = ph_lumped_numbers(lumped, self, l, count);
        if (little)
            ph_lumped_little(lumped, self, at, state->chains + l, count, self->lanes);
        else
            ph_lumped_gibbs(lumped, at, state->chains + l, count, self->lanes);
    }
    state->moved = true;
}

static void sweep_gibbs(ph_block_t *self)
{
    sweep(self, false);
}

static void sweep_little(ph_block_t *self)
{
    sweep(self, true);
}

#define KERNEL(NAME, HELP, SWEEP)                                                                  \
    .name = (NAME), .help = (HELP), .prepare = prepare, .gather = gather, .sweep = (SWEEP),        \
    .patterns = sum_patterns, .spins = arrange, .free = free_state

static const ph_kernel_t GIBBS_REFERENCE = {
    KERNEL("reference", "plain, one class after the other", sweep_gibbs)};
static const ph_kernel_t LITTLE_REFERENCE = {
    KERNEL("reference", "plain, one class after the other", sweep_little)};

#define KERNELS(ISA, NAME)                                                                         \
    PH_LUMPED_FITS(ISA, NAME)                                                                      \
    static const ph_kernel_t GIBBS_##ISA = {                                                       \
        KERNEL(NAME, "a register of classes at a time", sweep_gibbs), .fits = fits_##ISA};         \
    static const ph_kernel_t LITTLE_##ISA = {                                                      \
        KERNEL(NAME, "a register of classes at a time", sweep_little), .fits = fits_##ISA};
PH_ISAS(KERNELS)

static double lumped_bytes(const ph_load_t *load)
{
    return ph_lumped_bytes(load, 8.0 * load->lanes);
}

#define LITTLE(ISA, NAME) &LITTLE_##ISA,
#define GIBBS(ISA, NAME) &GIBBS_##ISA,
static const ph_kernel_t *const LITTLE_KERNELS[] = {PH_ISAS(LITTLE) & LITTLE_REFERENCE, NULL};
static const ph_kernel_t *const GIBBS_KERNELS[] = {PH_ISAS(GIBBS) & GIBBS_REFERENCE, NULL};

const ph_sampler_t PH_SAMPLER_ROW_LUMPED_LITTLE = {
    PH_SAMPLER_LUMPED_LITTLE,
    "little by classes of alike neurons: equal in law, cost independent of N",
    PH_LITTLE_CAUTION,
    true,
    lumped_bytes,
    ph_lumped_seconds,
    LITTLE_KERNELS,
};

const ph_sampler_t PH_SAMPLER_ROW_LUMPED_BLOCK_GIBBS = {
    PH_SAMPLER_LUMPED_BLOCK_GIBBS,
    "block-gibbs by classes of alike neurons: equal in law, cost independent of N",
    PH_GIBBS_CAUTION,
    true,
    lumped_bytes,
    ph_lumped_seconds,
    GIBBS_KERNELS,
};
