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

enum { PARTS = PH_WIDE / VECTOR_WORDS };

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
    uint64_t *spins; /* [lanes][words] in the order of the classes */
    uint64_t *exact; /* [runs] */
    double *fields;  /* [features] */
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
    state->exact = calloc(state->runs_count, sizeof(*state->exact));
    state->fields = calloc(state->classes.features, sizeof(*state->fields));
    if (state->runs == NULL || state->spins == NULL || state->exact == NULL ||
        state->fields == NULL)
        return PH_ERR_MEMORY;
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

/* Thresholds of all runs in the present hidden units. */
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
    }
}

/* The upper 32 bits of a run's threshold, turned by 2^31: registers compare signed numbers. */
static inline uint32_t turned(const state_t *state, size_t run)
{
    const uint64_t high = state->exact[run] >> 16;
    return (uint32_t)(high < UINT32_MAX ? high : UINT32_MAX) ^ 0x80000000U;
}

/* A word of spins where some random word equals the upper bits of its threshold, once in 2^32: its
 * random numbers are drawn once more, and all 48 bits decide. */
static __attribute__((noinline)) uint64_t settle(const ph_block_t *self, const ph_wide_t *first,
                                                 size_t word, uint32_t lane)
{
    const state_t *state = self->state;
    const size_t begin = 64 * word, left = (size_t)self->coupling.neurons - begin;
    ph_wide_t numbers = *first;
    uint64_t up = 0;
    size_t r = 0;
    for (size_t k = 0; k < begin; k += PH_WIDE)
        ph_wide_next(&numbers);
    for (size_t k = begin; k < begin + (left < 64 ? left : 64); k++) {
        while (k >= state->runs[r].end)
            r++;
        const bool is_up = ph_parallel_decide(self, state->exact[r], ph_wide_word(&numbers, k),
                                              state->order[k], lane);
        up |= (uint64_t)is_up << (k - begin);
    }
    return up;
}

/* 64 spins against thresholds that stand in memory, or (NULL) against one; whether any is open. */
static inline uint64_t draw_word(vector_t s[4][PARTS], const uint32_t *thresholds, vector_t one,
                                 bool *open)
{
    const vector_t turn = set32(INT32_MIN);
    vector_t equal = set32(0);
    uint64_t up = 0;
    for (size_t step = 0; step < 64; step += PH_WIDE)
        for (size_t v = 0; v < PARTS; v++) {
            const size_t place = step + v * VECTOR_WORDS;
            const vector_t word =
                xor_(xoshiro32_next(&s[0][v], &s[1][v], &s[2][v], &s[3][v]), turn);
            const vector_t threshold = thresholds != NULL ? load(thresholds + place) : one;
            up |= (uint64_t)mask32(less32(word, threshold)) << place;
            equal = or_(equal, equal32(word, threshold));
        }
    *open = any_bit(equal);
    return up;
}

/* Thresholds of a word of several runs, the first of them `run`, into the first half. Each is
 * written 64 times from where its run begins, beyond the word's end too: a count that is known. */
static void mix(const state_t *state, size_t word, size_t run, uint32_t thresholds[128])
{
    for (size_t k = 0; k < 64 && run < state->runs_count; run++) {
        const uint32_t threshold = turned(state, run);
        for (size_t j = 0; j < 64; j++)
            thresholds[k + j] = threshold;
        k = state->runs[run].end - 64 * word;
    }
}

static void draw_spins(ph_block_t *self, const ph_wide_t *numbers, uint32_t lane)
{
    state_t *state = self->state;
    uint64_t *spins = state->spins + lane * state->words;
    _Alignas(64) uint32_t thresholds[128];
    vector_t s[4][PARTS];
    bool open;
    memcpy(s, numbers->state, sizeof(s));
    for (size_t w = 0, r = 0; w < state->words; r++) {
        const vector_t one = set32(turned(state, r));
        for (; 64 * (w + 1) <= state->runs[r].end; w++) {
            spins[w] = draw_word(s, NULL, one, &open);
            if (__builtin_expect(open, 0))
                spins[w] = settle(self, numbers, w, lane);
        }
        if (64 * w >= state->runs[r].end)
            continue;
        mix(state, w, r, thresholds);
        spins[w] = draw_word(s, thresholds, one, &open);
        if (__builtin_expect(open, 0))
            spins[w] = settle(self, numbers, w, lane);
        w++;
        while (r + 1 < state->runs_count && state->runs[r + 1].end <= 64 * w)
            r++;
    }
}

/* Overlaps from the spins of each run: set bits up to its end less those up to its beginning. */
static void sum_overlaps(ph_block_t *self, uint32_t lane)
{
    const state_t *state = self->state;
    const size_t features = state->classes.features;
    const uint64_t *spins = state->spins + lane * state->words;
    int64_t whole = 0, before = 0;
    for (size_t p = 0; p < features; p++)
        self->overlaps[p * self->lanes + lane] = 0;
    for (size_t r = 0, w = 0; r < state->runs_count; r++) {
        const run_t *run = &state->runs[r];
        const int16_t *phi = ph_row_classes_row(&state->classes, run->class);
        for (; w < run->end / 64; w++)
            whole += __builtin_popcountll(spins[w]);
        const uint64_t part = run->end % 64 == 0 ? 0 : spins[w] << (64 - run->end % 64);
        const int64_t until = whole + __builtin_popcountll(part);
        const int64_t sum = run->sign * (2 * (until - before) - (int64_t)(run->end - run->first));
        for (size_t p = 0; p < features; p++)
            self->overlaps[p * self->lanes + lane] += (int32_t)(sum * phi[p]);
        before = until;
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
    ph_ordered_bring(self, state->order, (size_t)self->coupling.neurons, state->words,
                     state->spins);
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    ph_ordered_gather(self, state->order, (size_t)self->coupling.neurons, state->words,
                      state->spins);
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
