/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Block Gibbs of few classes: given the hidden units, neurons alike have one threshold, so the
 * neurons stand class after class, their spins are bits, and a sweep compares random words with
 * thresholds, a register at a time. Overlaps come from counting bits. Compiled once for each
 * instruction set, as site_vector.c.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/model/row_classes.h"
#include "sim/random/wide_stream.h"
#include "sim/samplers/hidden.h"
#include "sim/samplers/ordered_spins_private.h"
#include "sim/samplers/parallel_field_private.h"
#include "sim/samplers/samplers_private.h"
#include "sim/vector/vector.h"

/* Neurons [first, end) in the order of the classes, of one class and gauge. */
typedef struct {
    size_t first, end, class;
    int sign;
} run_t;

typedef struct {
    ph_row_classes_t classes;
    uint32_t *order;
    size_t runs_count, words; /* words of 64 spins of one lane */
    run_t *runs;
    uint64_t *spins;      /* [lanes][words] in the order of the classes */
    uint32_t *thresholds; /* [64 words] upper 32 bits; equal bits are open */
    uint64_t *exact;      /* [runs] */
    double *fields;       /* [features] */
} state_t;

static size_t count_runs(const ph_row_classes_t *classes, const uint32_t *order, size_t neurons,
                         run_t *runs)
{
    size_t count = 0;
    for (size_t k = 0, next; k < neurons; k = next, count++) {
        const uint32_t class = classes->of[order[k]];
        const int sign = classes->gauge[order[k]];
        for (next = k + 1; next < neurons && classes->of[order[next]] == class; next++)
            if (classes->gauge[order[next]] != sign)
                break;
        if (runs != NULL)
            runs[count] = (run_t){k, next, class, sign};
    }
    return count;
}

static int prepare(ph_block_t *self)
{
    const size_t neurons = (size_t)self->coupling.neurons;
    state_t *state = calloc(1, sizeof(*state));
    self->state = state;
    int status = state == NULL
                     ? PH_ERR_MEMORY
                     : ph_row_classes_init(&state->classes, &self->coupling, &self->patterns, NULL);
    if (status != PH_OK)
        return status;
    state->order = ph_row_classes_order(&state->classes, neurons);
    if (state->order == NULL)
        return PH_ERR_MEMORY;
    state->runs_count = count_runs(&state->classes, state->order, neurons, NULL);
    state->words = (neurons + 63) / 64;
    state->runs = calloc(state->runs_count, sizeof(*state->runs));
    state->spins = calloc(state->words * self->lanes, sizeof(*state->spins));
    state->thresholds = aligned_alloc(64, 64 * state->words * sizeof(*state->thresholds));
    state->exact = calloc(state->runs_count, sizeof(*state->exact));
    state->fields = calloc(state->classes.features, sizeof(*state->fields));
    if (state->runs == NULL || state->spins == NULL || state->thresholds == NULL ||
        state->exact == NULL || state->fields == NULL)
        return PH_ERR_MEMORY;
    memset(state->thresholds, 0, 64 * state->words * sizeof(*state->thresholds));
    count_runs(&state->classes, state->order, neurons, state->runs);
    return PH_OK;
}

static void free_state(ph_block_t *self)
{
    state_t *state = self->state;
    if (state != NULL) {
        ph_row_classes_free(&state->classes);
        free(state->order);
        free(state->runs);
        free(state->spins);
        free(state->thresholds);
        free(state->exact);
        free(state->fields);
    }
    free(state);
    self->state = NULL;
}

static bool fits(const ph_block_t *self)
{
    return ISA_PRESENT && ph_parallel_by_classes(self->point);
}

/* Thresholds of all runs in the present hidden units, spread over their neurons. */
static void set_thresholds(ph_block_t *self)
{
    state_t *state = self->state;
    const size_t features = state->classes.features;
    for (size_t r = 0; r < state->runs_count; r++) {
        const run_t *run = &state->runs[r];
        const int16_t *phi = ph_row_classes_row(&state->classes, run->class);
        if (r > 0 && run->class == run[-1].class) {
            state->exact[r] = PH_DECISION_ALWAYS - state->exact[r - 1];
        } else {
            double field = 0.0;
            for (size_t p = 0; p < features; p++)
                field += state->fields[p] * phi[p];
            state->exact[r] = ph_decision_real(&self->decision, run->sign > 0 ? field : -field);
        }
        const uint64_t high = state->exact[r] >> 16;
        /* Turned by 2^31: registers compare signed numbers. */
        const uint32_t word = (uint32_t)(high < UINT32_MAX ? high : UINT32_MAX) ^ 0x80000000U;
        for (size_t k = run->first; k < run->end; k++)
            state->thresholds[k] = word;
    }
}

/* The few words that equal their threshold's upper bits, with all 48 bits. */
static __attribute__((noinline)) uint64_t settle(const ph_block_t *self, size_t word, uint64_t open,
                                                 uint64_t up, uint32_t lane)
{
    const state_t *state = self->state;
    for (; open != 0; open &= open - 1) {
        const size_t k = 64 * word + (size_t)__builtin_ctzll(open);
        size_t r = 0;
        if (k >= (size_t)self->coupling.neurons)
            continue;
        while (k >= state->runs[r].end)
            r++;
        if (ph_parallel_decide(self, state->exact[r], state->thresholds[k] ^ 0x80000000U,
                               state->order[k], lane))
            up |= open & (0 - open);
    }
    return up;
}

static void draw_spins(ph_block_t *self, ph_wide_t *numbers, uint32_t lane)
{
    enum { PARTS = PH_WIDE / VECTOR_WORDS };
    state_t *state = self->state;
    vector_t s[4][PARTS];
    const vector_t turn = set32(INT32_MIN);
    memcpy(s, numbers->state, sizeof(s));
    for (size_t w = 0; w < state->words; w++) {
        uint64_t up = 0, open = 0;
        for (size_t q = 0; q < 64 / PH_WIDE; q++)
            for (size_t v = 0; v < PARTS; v++) {
                const size_t place = q * PH_WIDE + v * VECTOR_WORDS;
                const vector_t word =
                    xor_(xoshiro32_next(&s[0][v], &s[1][v], &s[2][v], &s[3][v]), turn);
                const vector_t threshold = load(state->thresholds + 64 * w + place);
                up |= (uint64_t)mask32(less32(word, threshold)) << place;
                open |= (uint64_t)mask32(equal32(word, threshold)) << place;
            }
        if (__builtin_expect(open != 0, 0))
            up = settle(self, w, open, up, lane);
        state->spins[lane * state->words + w] = up;
    }
}

/* Set bits of places [first, end). */
static int64_t count_bits(const uint64_t *bits, size_t first, size_t end)
{
    int64_t count = 0;
    for (size_t w = first / 64; 64 * w < end; w++) {
        uint64_t word = bits[w];
        if (64 * w < first)
            word &= UINT64_MAX << first % 64;
        if (end - 64 * w < 64)
            word &= (UINT64_C(1) << end % 64) - 1;
        count += __builtin_popcountll(word);
    }
    return count;
}

static void sum_overlaps(ph_block_t *self, uint32_t lane)
{
    const state_t *state = self->state;
    const size_t features = state->classes.features;
    for (size_t p = 0; p < features; p++)
        self->overlaps[p * self->lanes + lane] = 0;
    for (size_t r = 0; r < state->runs_count; r++) {
        const run_t *run = &state->runs[r];
        const int64_t up = count_bits(state->spins + lane * state->words, run->first, run->end);
        const int64_t sum = run->sign * (2 * up - (int64_t)(run->end - run->first));
        for (size_t p = 0; p < features; p++)
            self->overlaps[p * self->lanes + lane] +=
                (int32_t)(sum * ph_row_classes_row(&state->classes, run->class)[p]);
    }
}

static void sweep(ph_block_t *self)
{
    state_t *state = self->state;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ph_stream_t stream;
        ph_wide_t numbers;
        ph_block_stream(self, PH_PURPOSE_MOVES, l, &stream);
        ph_wide_init(&numbers, &stream);
        for (size_t p = 0; p < state->classes.features; p++)
            state->fields[p] =
                ph_hidden_field(&stream, self->point->noise, (double)self->coupling.neurons,
                                self->coupling.weights[p], self->overlaps[p * self->lanes + l]);
        set_thresholds(self);
        draw_spins(self, &numbers, l);
        sum_overlaps(self, l);
    }
}

static void bring_spins(ph_block_t *self)
{
    const state_t *state = self->state;
    ph_ordered_bring(self, state->order, state->words, state->spins);
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    ph_ordered_gather(self, state->order, state->words, state->spins);
}

const ph_kernel_t KERNEL_OF(GIBBS) = {
    .name = ISA_NAME,
    .help = "spins as bits in the order of the classes, overlaps by counting bits",
    .fits = fits,
    .prepare = prepare,
    .gather = gather,
    .sweep = sweep,
    .spins = bring_spins,
    .free = free_state,
};
