/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Little's dynamics and block Gibbs, neuron by neuron: the fields of a register of neurons at a
 * time, from what multiplies the features rounded to 16 bits. A neuron is up if u E < 1 - u with
 * its uniform number u and E = e^(-2 h/T) in single precision; where the two come closer than all
 * roundings together could part them, or u is within 2^-19 of an end, the plain reference decides.
 * Spins are bits; overlaps come from counting bits, entries being -1, 0 and 1. Compiled once for
 * each instruction set.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/row_classes.h"
#include "sim/random/wide_stream.h"
#include "sim/samplers/hidden.h"
#include "sim/samplers/ordered_spins_private.h"
#include "sim/samplers/parallel_field_private.h"
#include "sim/samplers/samplers_private.h"
#include "sim/vector/vector.h"

enum { WORD = 64, STEPS = WORD / PH_WIDE, PARTS = PH_WIDE / VECTOR_WORDS };

typedef struct {
    size_t features, pairs, words; /* words of 64 neurons of one lane */
    uint32_t *order;               /* [64 words] neurons in the order of their numbers */
    uint32_t *entries;  /* [words][STEPS][pairs][PH_WIDE] two features of a neuron each */
    float *self;        /* [64 words] log2 e 2/T times the self term of the field; 0: with it */
    float most_self;    /* the largest of them */
    uint64_t *filled;   /* [features][words] where entries are not 0, */
    uint64_t *minus;    /* and where they are -1 */
    int32_t *norms;     /* [features] how many are not 0 */
    int32_t *rounded;   /* [pairs] two multipliers of features in units of the largest / 32767 */
    double *fields;     /* [features] the multipliers */
    uint64_t *spins;    /* [lanes][words] */
    double most_filled; /* the most entries of one neuron that are not 0 */
} state_t;

/* The exponent of E per unit of the rounded field; parts of 1 by which u E and 1 - u must differ.
 */
typedef struct {
    float scale, low, high;
} squeeze_t;

static bool fits(const ph_block_t *self)
{
    const size_t count = (size_t)(self->coupling.neurons * self->coupling.features);
    if (!ISA_PRESENT || self->point->noise <= 0.0 || self->coupling.features >= 1 << 15)
        return false;
    for (size_t k = 0; k < count; k++)
        if (self->coupling.phi[k] > 1 || self->coupling.phi[k] < -1)
            return false;
    return true;
}

static void set_entries(const ph_block_t *self, state_t *state)
{
    const size_t features = state->features;
    for (size_t k = 0; k < (size_t)self->coupling.neurons; k++) {
        const int16_t *phi = self->coupling.phi + state->order[k] * features;
        const size_t step = k / PH_WIDE, place = k % PH_WIDE;
        double filled = 0.0;
        for (size_t p = 0; p < features; p++) {
            uint32_t *entry = &state->entries[(step * state->pairs + p / 2) * PH_WIDE + place];
            *entry |= (uint32_t)(uint16_t)phi[p] << 16 * (p % 2);
            state->filled[p * state->words + k / WORD] |= (uint64_t)(phi[p] != 0) << k % WORD;
            state->minus[p * state->words + k / WORD] |= (uint64_t)(phi[p] < 0) << k % WORD;
            state->norms[p] += phi[p] != 0;
            filled += phi[p] != 0;
        }
        state->most_filled = filled > state->most_filled ? filled : state->most_filled;
    }
}

static int set_order(const ph_block_t *self, state_t *state, bool by_classes)
{
    const size_t neurons = (size_t)self->coupling.neurons;
    if (by_classes) {
        ph_row_classes_t classes;
        int status = ph_row_classes_init(&classes, &self->coupling, &self->patterns, NULL);
        if (status != PH_OK)
            return status;
        state->order = ph_row_classes_order(&classes, neurons);
        ph_row_classes_free(&classes);
    } else {
        state->order = calloc(neurons, sizeof(*state->order));
        for (size_t i = 0; state->order != NULL && i < neurons; i++)
            state->order[i] = (uint32_t)i;
    }
    return state->order == NULL ? PH_ERR_MEMORY : PH_OK;
}

static int prepare(ph_block_t *self, bool by_classes)
{
    state_t *state = calloc(1, sizeof(*state));
    self->state = state;
    int status = state == NULL ? PH_ERR_MEMORY : set_order(self, state, by_classes);
    if (status != PH_OK)
        return status;
    state->features = (size_t)self->coupling.features;
    state->pairs = (state->features + 1) / 2;
    state->words = ((size_t)self->coupling.neurons + WORD - 1) / WORD;
    const size_t bytes = WORD * state->words * state->pairs * sizeof(*state->entries);
    state->entries = aligned_alloc(64, bytes);
    state->self = aligned_alloc(64, WORD * state->words * sizeof(*state->self));
    state->filled = calloc(state->features * state->words, sizeof(*state->filled));
    state->minus = calloc(state->features * state->words, sizeof(*state->minus));
    state->norms = calloc(state->features, sizeof(*state->norms));
    state->rounded = calloc(state->pairs, sizeof(*state->rounded));
    state->fields = calloc(state->features, sizeof(*state->fields));
    state->spins = calloc(state->words * self->lanes, sizeof(*state->spins));
    if (state->entries == NULL || state->self == NULL || state->filled == NULL ||
        state->minus == NULL || state->norms == NULL || state->rounded == NULL ||
        state->fields == NULL || state->spins == NULL)
        return PH_ERR_MEMORY;
    memset(state->entries, 0, bytes);
    memset(state->self, 0, WORD * state->words * sizeof(*state->self));
    set_entries(self, state);
    return PH_OK;
}

static int prepare_gibbs(ph_block_t *self)
{
    return prepare(self, true);
}

static int prepare_little(ph_block_t *self)
{
    int status = prepare(self, false);
    if (status != PH_OK)
        return status;
    state_t *state = self->state;
    const double factor = 2.0 / self->point->noise * M_LOG2E / (double)self->coupling.neurons;
    for (size_t i = 0; i < (size_t)self->coupling.neurons; i++) {
        state->self[i] = (float)(factor * self->coupling.self[i]);
        state->most_self = state->self[i] > state->most_self ? state->self[i] : state->most_self;
    }
    return PH_OK;
}

static void free_state(ph_block_t *self)
{
    state_t *state = self->state;
    if (state != NULL) {
        free(state->order);
        free(state->entries);
        free(state->self);
        free(state->filled);
        free(state->minus);
        free(state->norms);
        free(state->rounded);
        free(state->fields);
        free(state->spins);
    }
    free(state);
    self->state = NULL;
}

/*
 * Rounds the multipliers and bounds what all roundings together do to the two sides: the rounded
 * multipliers (half a unit for each entry), single precision of the exponent (20 and the self
 * term at most, in all operations less than 2^-21 of it), the power's polynomial (5e-5) and both
 * sides from 31 bits of u (2^-13 of each where it is above 2^-19).
 */
static squeeze_t set_squeeze(const ph_block_t *self, state_t *state)
{
    double largest = 0.0;
    for (size_t p = 0; p < state->features; p++)
        largest = fmax(largest, fabs(state->fields[p]));
    const double unit = largest > 0.0 ? largest / 32767.0 : 1.0;
    for (size_t q = 0; q < state->pairs; q++) {
        const double second = 2 * q + 1 < state->features ? state->fields[2 * q + 1] : 0.0;
        const int32_t low = (int32_t)floor(state->fields[2 * q] / unit + 0.5);
        const int32_t high = (int32_t)floor(second / unit + 0.5);
        state->rounded[q] = (int32_t)((uint32_t)low & 0xffff) | (int32_t)((uint32_t)high << 16);
    }
    const double scale = 2.0 / self->point->noise * unit * M_LOG2E;
    const double off = 0.51 * state->most_filled * scale + 0x1p-21 * (20.0 + state->most_self);
    const double apart = expm1(off) + 3.5e-4;
    return (squeeze_t){(float)fmin(scale, 1e30), (float)(1.0 - apart), (float)(1.0 + apart)};
}

/* 2^t for |t| <= 20: off by 5e-5 of itself. */
static inline vector_t power_of_two(vector_t t)
{
    const vector_t whole = round_real(t), f = sub_real(t, to_real(whole)),
                   square = times_real(f, f);
    const vector_t low = add_real(set_real(1.0f), times_real(f, set_real(0.69314718f)));
    const vector_t high = add_real(set_real(0.24022651f), times_real(f, set_real(0.055504109f)));
    const vector_t last = times_real(square, set_real(0.0096181291f));
    return add32(add_real(low, times_real(square, add_real(high, last))), left32(whole, 23));
}

/* The next word of every generator. */
static inline void next_words(vector_t s[4][PARTS], vector_t *words)
{
    for (size_t v = 0; v < PARTS; v++)
        words[v] = xoshiro32_next(&s[0][v], &s[1][v], &s[2][v], &s[3][v]);
}

/* The self term of a register of neurons, minus where they are down; `old`: spins, first bits. */
static inline vector_t self_terms(const float *self, uint64_t old)
{
    static const _Alignas(64) uint32_t PLACES[PH_WIDE] = {
        1,      1 << 1, 1 << 2,  1 << 3,  1 << 4,  1 << 5,  1 << 6,  1 << 7,
        1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15};
    const vector_t places = load(PLACES);
    const vector_t up = equal32(and_(set32((uint32_t)old), places), places);
    return xor_(load(self), left32(add32(up, set32(1)), 31));
}

/* E of the neurons of a step; `old`: their spins as the first bits. */
static inline void set_powers(const state_t *state, const squeeze_t *squeeze, size_t step,
                              uint64_t old, bool little, vector_t *powers)
{
    const uint32_t *entries = state->entries + step * state->pairs * PH_WIDE;
    vector_t sums[PARTS];
    for (size_t v = 0; v < PARTS; v++)
        sums[v] = set32(0);
    for (size_t q = 0; q < state->pairs; q++) {
        const vector_t pair = set32(state->rounded[q]);
        for (size_t v = 0; v < PARTS; v++) {
            const vector_t entry = load(entries + q * PH_WIDE + v * VECTOR_WORDS);
            sums[v] = add32(sums[v], madd16(entry, pair));
        }
    }
    for (size_t v = 0; v < PARTS; v++) {
        vector_t t = times_real(to_real(sums[v]), set_real(-squeeze->scale));
        if (little)
            t = add_real(t, self_terms(state->self + step * PH_WIDE + v * VECTOR_WORDS,
                                       old >> v * VECTOR_WORDS));
        powers[v] = power_of_two(max_real(min_real(t, set_real(20.0f)), set_real(-20.0f)));
    }
}

/* Spins of word w that 32 bits leave open, by the plain reference. */
static __attribute__((noinline)) uint64_t settle(ph_block_t *self, bool little, size_t w,
                                                 uint64_t open, uint64_t up, const uint32_t *words,
                                                 uint32_t lane)
{
    const state_t *state = self->state;
    const uint64_t old = state->spins[lane * state->words + w];
    for (; open != 0; open &= open - 1) {
        const size_t k = (size_t)__builtin_ctzll(open);
        if (WORD * w + k >= (size_t)self->coupling.neurons)
            break;
        const size_t site = state->order[WORD * w + k];
        const bool is_up =
            little ? ph_parallel_little(self, site, lane, old >> k & 1 ? 1 : -1, words[k])
                   : ph_parallel_gibbs(self, state->fields, site, lane, words[k]);
        up = (up & ~(UINT64_C(1) << k)) | (uint64_t)is_up << k;
    }
    return up;
}

/* One register of neurons: whether they are up, and whether that is open, a bit each. */
static inline void decide(const squeeze_t *squeeze, vector_t word, vector_t power, uint32_t *up,
                          uint32_t *open)
{
    const vector_t edge = set32(1 << 13), turn = set32(INT32_MIN);
    const vector_t last = set32((UINT32_MAX - (1u << 14)) ^ 0x80000000U);
    const vector_t upper = right32(word, 1);
    const vector_t side = times_real(to_real(upper), power);
    const vector_t other = to_real(xor_(upper, set32(INT32_MAX)));
    const vector_t is_up = less_real(side, times_real(other, set_real(squeeze->low)));
    const vector_t is_down = less_real(times_real(other, set_real(squeeze->high)), side);
    const vector_t end = less32(last, xor_(sub32(word, edge), turn));
    *up = mask32(is_up);
    *open = mask32(or_(end, xor_(or_(is_up, is_down), set32(-1))));
}

static void flip_count(ph_block_t *self, uint32_t lane, size_t w, uint64_t flips)
{
    const size_t left = (size_t)self->coupling.neurons - WORD * w;
    const uint64_t valid = left < WORD ? (UINT64_C(1) << left) - 1 : UINT64_MAX;
    self->records.accepted[lane] += __builtin_popcountll(flips & valid);
}

static inline void draw_spins(ph_block_t *self, bool little, const squeeze_t *squeeze,
                              const ph_wide_t *numbers, uint32_t lane)
{
    state_t *state = self->state;
    uint64_t *spins = state->spins + lane * state->words;
    vector_t s[4][PARTS];
    memcpy(s, numbers->state, sizeof(s));
    for (size_t w = 0; w < state->words; w++) {
        _Alignas(64) uint32_t words[WORD];
        uint64_t up = 0, open = 0;
        for (size_t k = 0; k < STEPS; k++) {
            vector_t word[PARTS], power[PARTS];
            next_words(s, word);
            set_powers(state, squeeze, w * STEPS + k, spins[w] >> k * PH_WIDE, little, power);
            for (size_t v = 0; v < PARTS; v++) {
                const size_t place = k * PH_WIDE + v * VECTOR_WORDS;
                uint32_t part_up, part_open;
                decide(squeeze, word[v], power[v], &part_up, &part_open);
                store(words + place, word[v]);
                up |= (uint64_t)part_up << place;
                open |= (uint64_t)part_open << place;
            }
        }
        if (open != 0)
            up = settle(self, little, w, open, up, words, lane);
        if (self->records.accepted != NULL)
            flip_count(self, lane, w, up ^ spins[w]);
        spins[w] = up;
    }
}

static void sum_overlaps(ph_block_t *self, uint32_t lane)
{
    const state_t *state = self->state;
    const uint64_t *restrict spins = state->spins + lane * state->words;
    for (size_t p = 0; p < state->features; p++) {
        const uint64_t *restrict filled = state->filled + p * state->words;
        const uint64_t *restrict minus = state->minus + p * state->words;
        int64_t along = 0;
        for (size_t w = 0; w < state->words; w++)
            along += __builtin_popcountll((spins[w] ^ minus[w]) & filled[w]);
        self->overlaps[p * self->lanes + lane] = (int32_t)(2 * along - state->norms[p]);
    }
}

static void sweep(ph_block_t *self, bool little)
{
    state_t *state = self->state;
    const double neurons = (double)self->coupling.neurons;
    for (uint32_t l = 0; l < self->lanes; l++) {
        ph_stream_t stream;
        ph_wide_t numbers;
        ph_block_stream(self, PH_PURPOSE_MOVES, l, &stream);
        ph_wide_init(&numbers, &stream);
        for (size_t p = 0; p < state->features; p++) {
            const double weight = self->coupling.weights[p];
            const int32_t overlap = self->overlaps[p * self->lanes + l];
            state->fields[p] =
                little ? weight * (double)overlap / neurons
                       : ph_hidden_field(&stream, self->point->noise, neurons, weight, overlap);
        }
        const squeeze_t squeeze = set_squeeze(self, state);
        if (little)
            draw_spins(self, true, &squeeze, &numbers, l);
        else
            draw_spins(self, false, &squeeze, &numbers, l);
        sum_overlaps(self, l);
    }
}

static void sweep_gibbs(ph_block_t *self)
{
    sweep(self, false);
}

static void sweep_little(ph_block_t *self)
{
    sweep(self, true);
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

const ph_kernel_t KERNEL_OF(FIELD_GIBBS) = {
    .name = "fields-" ISA_NAME,
    .help = "fields of a register of neurons at a time, overlaps by counting bits",
    .counts = true,
    .fits = fits,
    .prepare = prepare_gibbs,
    .gather = gather,
    .sweep = sweep_gibbs,
    .spins = bring_spins,
    .free = free_state,
};

const ph_kernel_t KERNEL_OF(FIELD_LITTLE) = {
    .name = ISA_NAME,
    .help = "fields of a register of neurons at a time, overlaps by counting bits",
    .counts = true,
    .fits = fits,
    .prepare = prepare_little,
    .gather = gather,
    .sweep = sweep_little,
    .spins = bring_spins,
    .free = free_state,
};
