/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Replica exchange: every chain is a ladder of copies of the network, one at each noise, that move
 * by lumped block Gibbs and are offered to swap with their neighbours after every sweep, with
 * probability min(1, exp[(1/T_a - 1/T_b)(H_a - H_b)]) (Hukushima & Nemoto, J. Phys. Soc. Jpn. 65,
 * 1604 (1996)). The block's spins are those at the point's own noise. Copies carry a number from
 * rung to rung, to count how often one goes from the coldest rung to the hottest and back.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/segment.h"
#include "sim/random/elementary.h"
#include "sim/samplers/load.h"
#include "sim/samplers/lumped_state.h"
#include "sim/samplers/samplers_private.h"

enum { FROM_NOWHERE, FROM_COLDEST, FROM_HOTTEST };

/* One chain, at each rung. */
typedef struct {
    double *up;        /* [rungs][padded classes], in the order in which they once were */
    int32_t *overlaps; /* [rungs][features] */
    ph_lumped_chain_t rungs[PH_MAX_RUNGS];
    double energy[PH_MAX_RUNGS];
    uint8_t copy[PH_MAX_RUNGS], from[PH_MAX_RUNGS]; /* `from`: by copy */
    bool swapped[PH_MAX_RUNGS];
    uint64_t trips;
    bool loaded; /* its other rungs came from a saved state */
} ladder_t;

typedef struct {
    ph_lumped_t lumped;
    size_t rungs, own_rung;
    const double *noise;        /* [rungs], ascending */
    double steps[PH_MAX_RUNGS]; /* of 1/T to the next one */
    ladder_t *ladders;          /* [lanes] */
    bool moved;                 /* the block's spins are not those of the counts */
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
    /* A point made by hand may have no ladder: then it is its own only rung. */
    const bool alone = self->point->ladder.count == 0;
    state->rungs = alone ? 1 : self->point->ladder.count;
    state->noise = alone ? &self->point->noise : self->point->ladder.values;
    while (state->own_rung + 1 < state->rungs && state->noise[state->own_rung] < self->point->noise)
        state->own_rung++;
    state->ladders = calloc(self->lanes, sizeof(*state->ladders));
    if (state->ladders == NULL)
        return PH_ERR_MEMORY;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ladder_t *ladder = &state->ladders[l];
        ladder->up = calloc(state->rungs * state->lumped.padded, sizeof(*ladder->up));
        ladder->overlaps =
            calloc(state->rungs * state->lumped.classes.features, sizeof(*ladder->overlaps));
        if (ladder->up == NULL || ladder->overlaps == NULL)
            return PH_ERR_MEMORY;
        for (size_t r = 0; r < state->rungs; r++)
            ladder->rungs[r] =
                ph_lumped_chain(self, state->noise[r], ladder->up + r * state->lumped.padded,
                                ladder->overlaps + r * state->lumped.classes.features);
    }
    for (size_t r = 0; r + 1 < state->rungs; r++)
        state->steps[r] = 1.0 / state->noise[r] - 1.0 / state->noise[r + 1];
    return PH_OK;
}

static void free_state(ph_block_t *self)
{
    state_t *state = self->state;
    if (state != NULL) {
        for (uint32_t l = 0; state->ladders != NULL && l < self->lanes; l++) {
            free(state->ladders[l].up);
            free(state->ladders[l].overlaps);
        }
        ph_lumped_free(&state->lumped);
        free(state->ladders);
    }
    free(state);
    self->state = NULL;
}

/* H but for its constant, by the overlaps. */
static void sum_energy(const ph_block_t *self, ladder_t *ladder, size_t rung)
{
    const state_t *state = self->state;
    const int32_t *overlaps = ladder->rungs[rung].overlaps;
    double sum = 0.0;
    for (size_t p = 0; p < state->lumped.classes.features; p++)
        sum += self->coupling.weights[p] * ((double)overlaps[p] * overlaps[p]);
    ladder->energy[rung] = -0.5 * sum / (double)self->coupling.neurons;
}

static void count_spins(const ph_block_t *self, const uint8_t *bits, double *up)
{
    const ph_lumped_t *lumped = &((const state_t *)self->state)->lumped;
    const ph_row_classes_t *classes = &lumped->classes;
    memset(up, 0, lumped->padded * sizeof(*up));
    for (size_t i = 0; i < (size_t)self->coupling.neurons; i++)
        up[classes->of[i]] += ((bits[i / 8] >> (i % 8) & 1) != 0) == (classes->gauge[i] > 0);
}

/* A chain that begins has all its rungs in the same state. */
static void begin_ladder(const ph_block_t *self, ladder_t *ladder)
{
    const state_t *state = self->state;
    for (size_t r = 0; r < state->rungs; r++) {
        ladder->copy[r] = (uint8_t)r;
        ladder->from[r] = FROM_NOWHERE;
        ladder->swapped[r] = false;
        if (r != state->own_rung)
            memcpy(ladder->rungs[r].up, ladder->rungs[state->own_rung].up,
                   state->lumped.padded * sizeof(*ladder->up));
    }
    ladder->trips = 0;
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ladder_t *ladder = &state->ladders[l];
        ph_lumped_count(&state->lumped, self, l, ladder->rungs[state->own_rung].up);
        if (!ladder->loaded)
            begin_ladder(self, ladder);
        for (size_t r = 0; r < state->rungs; r++) {
            ph_lumped_overlaps(&state->lumped, ladder->rungs[r].up, ladder->rungs[r].overlaps, 1);
            sum_energy(self, ladder, r);
        }
        ladder->loaded = false;
    }
    state->moved = false;
}

static void swap(ladder_t *ladder, size_t rung)
{
    ph_lumped_chain_t *cold = &ladder->rungs[rung], *hot = cold + 1;
    const ph_lumped_chain_t kept = *cold;
    const uint8_t copy = ladder->copy[rung];
    const double energy = ladder->energy[rung];
    cold->up = hot->up;
    cold->overlaps = hot->overlaps;
    ladder->copy[rung] = ladder->copy[rung + 1];
    ladder->energy[rung] = ladder->energy[rung + 1];
    hot->up = kept.up;
    hot->overlaps = kept.overlaps;
    ladder->copy[rung + 1] = copy;
    ladder->energy[rung + 1] = energy;
}

/* Pairs (0, 1), (2, 3), ..., then (1, 2), (3, 4), ...: each pair once a sweep. */
static void offer_swaps(const state_t *state, ladder_t *ladder, ph_stream_t *stream)
{
    for (size_t parity = 0; parity < 2; parity++)
        for (size_t r = parity; r + 1 < state->rungs; r += 2) {
            const double gain = state->steps[r] * (ladder->energy[r] - ladder->energy[r + 1]);
            const double u = ph_stream_unit(stream);
            ladder->swapped[r] = gain >= 0.0 || u < ph_exp_negative(-gain);
            if (ladder->swapped[r])
                swap(ladder, r);
        }
    if (state->rungs < 2)
        return;
    uint8_t *coldest = &ladder->from[ladder->copy[0]];
    ladder->trips += *coldest == FROM_HOTTEST;
    *coldest = FROM_COLDEST;
    uint8_t *hottest = &ladder->from[ladder->copy[state->rungs - 1]];
    if (*hottest == FROM_COLDEST)
        *hottest = FROM_HOTTEST;
}

static void move_rungs(ph_block_t *self, ladder_t *ladder, ph_stream_t *stream)
{
    state_t *state = self->state;
    ph_lumped_t *lumped = &state->lumped;
    uint64_t words[PH_LUMPED_AHEAD * PH_DRAW_LANES];
    for (size_t r = 0, count; r < state->rungs; r += count) {
        const size_t left = state->rungs - r;
        count = left < lumped->together ? left : lumped->together;
        ph_stream_words(stream, words, count * PH_DRAW_LANES);
        ph_lumped_seed(lumped, count, words);
        ph_lumped_gibbs(lumped, 0, ladder->rungs + r, count, 1);
    }
    for (size_t r = 0; r < state->rungs; r++)
        sum_energy(self, ladder, r);
}

static void sweep(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ph_stream_t stream;
        ph_block_stream(self, PH_PURPOSE_MOVES, l, &stream);
        move_rungs(self, &state->ladders[l], &stream);
        offer_swaps(state, &state->ladders[l], &stream);
    }
    state->moved = true;
}

static void sum_overlaps(ph_block_t *self)
{
    const state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++) {
        const ladder_t *ladder = &state->ladders[l];
        const int32_t *overlaps = ladder->rungs[state->own_rung].overlaps;
        for (size_t p = 0; p < state->lumped.classes.features; p++)
            self->overlaps[p * self->lanes + l] = overlaps[p];
    }
}

static void sum_patterns(ph_block_t *self)
{
    const state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++)
        ph_lumped_patterns(&state->lumped, state->ladders[l].rungs[state->own_rung].up,
                           self->pattern_overlaps + l, self->lanes);
}

/* Into bits of a state; they were all 0. */
static void set_bit(void *bytes, size_t neuron, bool is_up)
{
    uint8_t *byte = (uint8_t *)bytes + neuron / 8;
    *byte = (uint8_t)(*byte | (unsigned)is_up << (neuron % 8));
}

static void arrange_rung(const ph_block_t *self, uint32_t lane, size_t rung,
                         void (*set)(void *context, size_t neuron, bool is_up), void *context)
{
    state_t *state = self->state;
    ph_stream_t stream;
    ph_block_stream(self, PH_PURPOSE_ARRANGE, lane, &stream);
    ph_stream_skip(&stream, (uint64_t)rung << 40); /* rungs share no number */
    ph_lumped_arrange(&state->lumped, self->coupling.neurons, state->ladders[lane].rungs[rung].up,
                      &stream, set, context);
}

static void arrange(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; state->moved && l < self->lanes; l++) {
        ph_lumped_lane_t target = {self->spins, UINT64_C(1) << (self->lane_first + l)};
        arrange_rung(self, l, state->own_rung, ph_lumped_set_lane, &target);
    }
    state->moved = false;
}

/* The other rungs' spins as bits, in rising noise; copies' numbers by rung; where each copy was
 * last, by copy; round trips. */
static void save(const ph_block_t *self, uint32_t lane, uint8_t *bytes)
{
    const state_t *state = self->state;
    const ladder_t *ladder = &state->ladders[lane];
    const size_t size = ph_segment_spin_bytes((uint64_t)self->coupling.neurons);
    if (ph_point_extra_bytes(self->point) == 0)
        return;
    for (size_t r = 0; r < state->rungs; r++) {
        if (r == state->own_rung)
            continue;
        memset(bytes, 0, size);
        arrange_rung(self, lane, r, set_bit, bytes);
        bytes += size;
    }
    memcpy(bytes, ladder->copy, state->rungs);
    memcpy(bytes + state->rungs, ladder->from, state->rungs);
    for (int b = 0; b < 8; b++)
        bytes[2 * state->rungs + (size_t)b] = (uint8_t)(ladder->trips >> (8 * b));
}

static void load(ph_block_t *self, uint32_t lane, const uint8_t *bytes)
{
    state_t *state = self->state;
    ladder_t *ladder = &state->ladders[lane];
    const size_t size = ph_segment_spin_bytes((uint64_t)self->coupling.neurons);
    if (ph_point_extra_bytes(self->point) == 0)
        return;
    for (size_t r = 0; r < state->rungs; r++) {
        ladder->swapped[r] = false;
        if (r == state->own_rung)
            continue;
        count_spins(self, bytes, ladder->rungs[r].up);
        bytes += size;
    }
    ladder->trips = 0;
    for (size_t r = 0; r < state->rungs; r++) {
        ladder->copy[r] = (uint8_t)(bytes[r] % state->rungs);
        ladder->from[r] = bytes[state->rungs + r];
    }
    for (int b = 0; b < 8; b++)
        ladder->trips |= (uint64_t)bytes[2 * state->rungs + (size_t)b] << (8 * b);
    ladder->loaded = true;
}

static void fill(const ph_block_t *self, uint32_t lane, ph_observation_t *observation)
{
    const state_t *state = self->state;
    const ladder_t *ladder = &state->ladders[lane];
    observation->rungs = (int64_t)state->rungs;
    observation->swapped = ladder->swapped;
    observation->rung_energy = ladder->energy;
    observation->round_trips = ladder->trips;
}

#define KERNEL(NAME, HELP)                                                                         \
    .name = (NAME), .help = (HELP), .prepare = prepare, .gather = gather, .sweep = sweep,          \
    .overlaps = sum_overlaps, .patterns = sum_patterns, .spins = arrange, .load = load,            \
    .save = save, .fill = fill, .free = free_state

static const ph_kernel_t REFERENCE = {
    KERNEL("reference", "plain, one rung and class after the other")};

#define VECTOR_KERNEL(ISA, NAME)                                                                   \
    PH_LUMPED_FITS(ISA, NAME)                                                                      \
    static const ph_kernel_t EXCHANGE_##ISA = {KERNEL(NAME, "a register of classes at a time"),    \
                                               .fits = fits_##ISA};
PH_ISAS(VECTOR_KERNEL)

/* A ladder a chain: the up-spins of each rung, its overlaps, and what is known of it. */
static double exchange_bytes(const ph_load_t *load)
{
    const double rungs = fmax(1.0, (double)load->point->ladder.count);
    const double ladder = 64.0 * PH_MAX_RUNGS + 4.0 * rungs * load->features;
    return ph_lumped_bytes(load, 8.0 * load->lanes * rungs) + load->lanes * ladder;
}

static double exchange_seconds(const ph_load_t *load, double sweeps)
{
    return ph_lumped_seconds(load, sweeps) * fmax(1.0, (double)load->point->ladder.count);
}

#define EXCHANGE(ISA, NAME) &EXCHANGE_##ISA,
static const ph_kernel_t *const KERNELS[] = {PH_ISAS(EXCHANGE) & REFERENCE, NULL};

const ph_sampler_t PH_SAMPLER_ROW_REPLICA_EXCHANGE = {
    PH_SAMPLER_REPLICA_EXCHANGE,
    "copies at a ladder of noises, moved by lumped-block-gibbs and swapped; recorded is the copy "
    "at "
    "the point's noise",
    "its path jumps between copies: no comparison of trajectories; the cost is that of one rung",
    true,
    exchange_bytes,
    exchange_seconds,
    KERNELS,
};
