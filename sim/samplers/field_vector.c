/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Little's dynamics and block Gibbs, neuron by neuron: the fields of a register of neurons at a
 * time, from what multiplies the features rounded to 16 bits. A field becomes a number of octaves,
 * 2 h/(T ln 2), in 16 bits, and the squeeze (squeeze.h) decides with the upper 16 bits of the
 * neuron's random word; where it and the exact threshold could differ by all roundings together,
 * the plain reference decides. Spins are bits; overlaps come from counting bits, those of larger
 * entries from the binary digits of these. Compiled once for each instruction set.
 *
 * Neurons have their numbers in groups of GROUP, a register of 32-bit lanes after the other. The
 * 16-bit lanes that two registers are packed into, and so the bits, have them in an order of the
 * instruction set.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/row_classes.h"
#include "sim/random/wide_stream.h"
#include "sim/samplers/hidden.h"
#include "sim/samplers/ordered_spins_private.h"
#include "sim/samplers/parallel_field_private.h"
#include "sim/samplers/samplers_private.h"
#include "sim/samplers/squeeze.h"
#include "sim/vector/vector.h"

enum {
    WORD = 64,
    GROUP = 32,
    PER_WORD = WORD / GROUP,
    HALVES = GROUP / VECTOR_WORDS, /* registers of a group, 32 bits a neuron, */
    WHOLES = GROUP / VECTOR_LANES, /* and 16 bits a neuron */
    PARTS = PH_WIDE / VECTOR_WORDS,
    CHUNK = 16,    /* words whose fields are found before they are judged */
    UNITS = 2048,  /* of an octave */
    SUM = 1 << 28, /* of what fields are summed up to, in units */
};
#define ALWAYS static inline __attribute__((always_inline))

typedef struct {
    size_t features, pairs, words; /* words of 64 neurons of one lane */
    size_t digits;                 /* of the largest entry */
    uint32_t *order;               /* [64 words] the neuron of each bit, or nobody */
    uint32_t *entries; /* [words][PER_WORD][pairs][GROUP] two features of a neuron each */
    int32_t *self;     /* [64 words] of Little's dynamics: the field's self term, in units */
    double unit;       /* of fields: */
    int shift, fine;   /* 2^(shift - fine) / UNITS of an octave, one of the two being 0 */
    uint64_t *filled;  /* [features][digits][words] where entries have that digit, */
    uint64_t *minus;   /* [features][words] and where they are below 0 */
    int32_t *most;     /* [features] the largest entry, */
    int32_t *norms;    /* and the sum of them, both without sign */
    double total;      /* the largest sum of a neuron's, without sign */
    int32_t *rounded;  /* [pairs] two multipliers of features in units */
    double *fields;    /* [features] the multipliers */
    uint64_t *spins;   /* [lanes][words] */
    uint64_t last;     /* the bits of the last word that are neurons */
    _Alignas(64) uint32_t places[GROUP]; /* the bit of each neuron of a group */
} state_t;

/* How fields become octaves, and by how much |u - w| must be more than nothing to decide. */
typedef struct {
    int shift; /* of a field to octaves in 1/UNITS, after a cut at `most` */
    int16_t most;
    uint16_t base, part; /* base + w part / 2^16 */
} margin_t;

/* The number within its word of the neuron at a bit: registers are packed within 128 bits. */
static size_t number_of(size_t bit)
{
    return bit - bit % VECTOR_LANES + half_place(bit % VECTOR_LANES);
}

/* The largest sum of a neuron's entries, without their signs. */
static int64_t largest_row(const ph_coupling_t *coupling)
{
    const size_t features = (size_t)coupling->features;
    int64_t largest = 0;
    for (size_t i = 0; i < (size_t)coupling->neurons; i++) {
        int64_t sum = 0;
        for (size_t p = 0; p < features; p++)
            sum += abs(coupling->phi[i * features + p]);
        largest = largest > sum ? largest : sum;
    }
    return largest;
}

/* Up to there multipliers have some 11 bits, see set_unit(). */
static bool fits(const ph_block_t *self)
{
    return ISA_PRESENT && self->point->noise > 0.0 &&
           self->coupling.features < PH_PARALLEL_ROW_END &&
           largest_row(&self->coupling) < PH_PARALLEL_ROW_END;
}

/* Setting up goes through all entries some times, 16 ns each; the plain reference loses 12 ns an
 * update of one chain, of block Gibbs 35, and 2 ns a feature. */
static bool pays(const ph_block_t *self, double lost)
{
    const double features = (double)self->coupling.features;
    const double once = (double)self->coupling.neurons * (20.0 + 16.0 * features);
    return ph_block_attempts(self) * self->lanes * (lost + 2.0 * features) >= once;
}

static bool pays_little(const ph_block_t *self)
{
    return pays(self, 12.0);
}

static bool pays_gibbs(const ph_block_t *self)
{
    return pays(self, 35.0);
}

static void set_entries(const ph_block_t *self, state_t *state)
{
    const size_t features = state->features;
    for (size_t bit = 0; bit < WORD * state->words; bit++) {
        const size_t word = bit / WORD, number = number_of(bit % WORD);
        const size_t group = word * PER_WORD + number / GROUP;
        if (state->order[bit] == PH_ORDERED_NOBODY)
            continue;
        const int16_t *phi = self->coupling.phi + state->order[bit] * features;
        for (size_t p = 0; p < features; p++) {
            uint32_t *entry =
                &state->entries[(group * state->pairs + p / 2) * GROUP + number % GROUP];
            *entry |= (uint32_t)(uint16_t)phi[p] << 16 * (p % 2);
            uint64_t *filled = state->filled + p * state->digits * state->words + word;
            for (uint32_t left = (uint32_t)abs(phi[p]); left != 0; left &= left - 1)
                filled[(size_t)__builtin_ctz(left) * state->words] |= UINT64_C(1) << bit % WORD;
            state->minus[p * state->words + word] |= (uint64_t)(phi[p] < 0) << bit % WORD;
            state->norms[p] += abs(phi[p]);
        }
    }
}

/* Neurons in the order of their numbers. */
static uint32_t *find_order(const ph_block_t *self, bool by_classes, int *status)
{
    const size_t neurons = (size_t)self->coupling.neurons;
    uint32_t *order = NULL;
    if (by_classes) {
        ph_row_classes_t classes;
        *status = ph_row_classes_init(&classes, &self->coupling, &self->patterns, NULL);
        if (*status != PH_OK)
            return NULL;
        order = ph_row_classes_order(&classes, neurons);
        ph_row_classes_free(&classes);
    } else {
        order = calloc(neurons, sizeof(*order));
        for (size_t i = 0; order != NULL && i < neurons; i++)
            order[i] = (uint32_t)i;
    }
    *status = order == NULL ? PH_ERR_MEMORY : PH_OK;
    return order;
}

/* And in that of the bits. */
static int set_order(const ph_block_t *self, state_t *state, bool by_classes)
{
    int status;
    uint32_t *numbers = find_order(self, by_classes, &status);
    state->order = calloc(WORD * state->words, sizeof(*state->order));
    for (size_t bit = 0; status == PH_OK && state->order != NULL && bit < WORD * state->words;
         bit++) {
        const size_t number = bit - bit % WORD + number_of(bit % WORD);
        const bool is_one = number < (size_t)self->coupling.neurons;
        state->order[bit] = is_one ? numbers[number] : PH_ORDERED_NOBODY;
        if (bit / WORD + 1 == state->words)
            state->last |= (uint64_t)is_one << bit % WORD;
    }
    for (uint32_t bit = 0; bit < GROUP; bit++)
        state->places[number_of(bit)] = UINT32_C(1) << bit;
    free(numbers);
    return status == PH_OK && state->order == NULL ? PH_ERR_MEMORY : status;
}

/* The largest entries, and the binary digits of the largest of all. */
static int find_most(const ph_coupling_t *coupling, state_t *state)
{
    const size_t features = state->features;
    int32_t all = 1;
    state->total = (double)largest_row(coupling);
    state->most = calloc(features, sizeof(*state->most));
    if (state->most == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < (size_t)coupling->neurons; i++)
        for (size_t p = 0; p < features; p++) {
            const int32_t entry = abs(coupling->phi[i * features + p]);
            state->most[p] = state->most[p] > entry ? state->most[p] : entry;
            all |= entry;
        }
    for (; all >> state->digits != 0;)
        state->digits++;
    return PH_OK;
}

/* Arrays of zeros. */
static int allocate(const ph_block_t *self, state_t *state)
{
    const size_t bytes = WORD * state->words * state->pairs * sizeof(*state->entries);
    state->entries = aligned_alloc(64, bytes);
    state->self = aligned_alloc(64, WORD * state->words * sizeof(*state->self));
    state->filled = calloc(state->features * state->digits * state->words, sizeof(*state->filled));
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
    return PH_OK;
}

static int prepare(ph_block_t *self, bool by_classes)
{
    /* A multiple of 64 bytes, as its places ask for. */
    state_t *state = aligned_alloc(64, sizeof(*state));
    self->state = state;
    if (state == NULL)
        return PH_ERR_MEMORY;
    memset(state, 0, sizeof(*state));
    state->features = (size_t)self->coupling.features;
    state->pairs = (state->features + 3) / 4 * 2;
    state->words = ((size_t)self->coupling.neurons + WORD - 1) / WORD;
    int status = set_order(self, state, by_classes);
    if (status == PH_OK)
        status = find_most(&self->coupling, state);
    if (status == PH_OK)
        status = allocate(self, state);
    if (status == PH_OK)
        set_entries(self, state);
    return status;
}

static int prepare_gibbs(ph_block_t *self)
{
    return prepare(self, true);
}

/* To a whole number; cut where the noise is so small that nothing will be decided. */
static double rounded(double field, double most)
{
    return fmin(fmax(floor(field + 0.5), -most), most);
}

/* The unit of fields: multipliers up to `largest` fit 16 bits, and what they sum up to 28, as does
 * the self term. That of octaves is fine enough for a few features; the roundings of many, and of
 * those of large entries, add up, and where the multipliers are small they have a finer one. */
static void set_unit(const ph_block_t *self, state_t *state, double largest)
{
    enum { FEW = 32, FINEST = 12 };
    const double one = fmax(self->point->noise / (2.0 * M_LOG2E * UNITS), DBL_MIN);
    const double units = largest / (fmin(INT16_MAX, SUM / state->total) * one);
    int exponent = DBL_MAX_EXP; /* of infinity: nothing will be decided */
    if (isfinite(units))
        frexp(units, &exponent);
    state->shift = exponent > 0 ? exponent : 0;
    state->fine = 0;
    if (exponent < 0 && state->total > FEW)
        state->fine = exponent > -FINEST ? -exponent : FINEST;
    state->unit = ldexp(one, state->shift - state->fine);
}

static int prepare_little(ph_block_t *self)
{
    const double neurons = (double)self->coupling.neurons;
    double largest = 0.0;
    int status = prepare(self, false);
    if (status != PH_OK)
        return status;
    state_t *state = self->state;
    for (size_t p = 0; p < state->features; p++)
        largest = fmax(largest, self->coupling.weights[p] * state->norms[p] / neurons);
    set_unit(self, state, largest);
    for (size_t bit = 0; bit < WORD * state->words; bit++)
        if (state->order[bit] != PH_ORDERED_NOBODY)
            state->self[bit - bit % WORD + number_of(bit % WORD)] = (int32_t)rounded(
                self->coupling.self[state->order[bit]] / neurons / state->unit, SUM);
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
        free(state->most);
        free(state->norms);
        free(state->rounded);
        free(state->fields);
        free(state->spins);
    }
    free(state);
    self->state = NULL;
}

/*
 * Rounds the multipliers to units of a field, and finds what the squeeze may be off by: its base,
 * and for what y is off by, e, the share 2^e - 1 of the odds. That are the roundings of the
 * multipliers, the self term and fine units, and the reference's own (fields to 3e-11, and ties).
 * Beyond 0.45 of the odds nothing is decided.
 */
static margin_t round_fields(const ph_block_t *self, state_t *state)
{
    double left = 0.0, sum = 0.0;
    memset(state->rounded, 0, state->pairs * sizeof(*state->rounded));
    for (size_t p = 0; p < state->features; p++) {
        const double field = state->fields[p] / state->unit, whole = rounded(field, INT16_MAX);
        state->rounded[p / 2] |= (int32_t)(((uint32_t)(int32_t)whole & 0xffff) << 16 * (p % 2));
        left += state->most[p] * fabs(field - whole);
        sum += state->most[p] * fabs(field);
    }
    const double off = left + 0.5 + 3e-11 * sum + self->decision.tolerance / state->unit +
                       (state->fine > 0 ? ldexp(0.5, state->fine) : 0.0);
    const double part = exp2(ldexp(off, state->shift - state->fine) / UNITS) - 1.0;
    if (!(part <= 0.45))
        return (margin_t){0, 0, INT16_MAX, 0};
    return (margin_t){state->shift, (int16_t)(INT16_MAX >> state->shift), PH_SQUEEZE_BASE,
                      (uint16_t)(65536.0 * part + 1.0)};
}

static double largest_field(const state_t *state)
{
    double largest = 0.0;
    for (size_t p = 0; p < state->features; p++)
        largest = fmax(largest, fabs(state->fields[p]));
    return largest;
}

/* Random words of a group's neurons into `words`; of their upper 16 bits the numbers less 2^15. */
ALWAYS void draw_words(vector_t s[4][PARTS], uint32_t *words, vector_t *upper)
{
    vector_t halves[HALVES];
    for (size_t r = 0; r < HALVES; r++) {
        const size_t g = r % PARTS;
        const vector_t word = xoshiro32_next(&s[0][g], &s[1][g], &s[2][g], &s[3][g]);
        store(words + r * VECTOR_WORDS, word);
        halves[r] = sub32(right32(word, 16), set32(1 << 15));
    }
    for (size_t v = 0; v < WHOLES; v++)
        upper[v] = pack32(halves[2 * v], halves[2 * v + 1]);
}

/* Fields of a group in units; with the self term taken off the spins' own (`old`) side. */
ALWAYS void sum_fields(const state_t *state, size_t group, bool little, uint32_t old,
                       vector_t *sums)
{
    const uint32_t *entries = state->entries + group * state->pairs * GROUP;
    for (size_t r = 0; r < HALVES; r++) {
        sums[r] = set32(0);
        if (little) {
            const vector_t places = load(state->places + r * VECTOR_WORDS);
            const vector_t own = load(state->self + group * GROUP + r * VECTOR_WORDS);
            const vector_t up = equal32(and_(set32(old), places), places);
            sums[r] = sub32(xor_(own, up), up);
        }
    }
    for (size_t q = 0; q < state->pairs; q += 2, entries += 2 * GROUP) {
        const vector_t first = set32(state->rounded[q]), second = set32(state->rounded[q + 1]);
        for (size_t r = 0; r < HALVES; r++) {
            const uint32_t *at = entries + r * VECTOR_WORDS;
            const vector_t two = add32(madd16(load(at), first), madd16(load(at + GROUP), second));
            sums[r] = add32(sums[r], two);
        }
    }
    if (state->fine == 0)
        return;
    /* To octaves, rounded: turned into positive numbers and back, as registers shift these. */
    const int32_t turn = 1 << 30, half = 1 << (state->fine - 1);
    for (size_t r = 0; r < HALVES; r++)
        sums[r] = sub32(shift32(add32(sums[r], set32(turn + half)), state->fine),
                        set32(turn >> state->fine));
}

/* |field| in octaves, cut at 16 of them. */
ALWAYS vector_t octaves_of(vector_t field, const margin_t *margin)
{
    const vector_t strength = max16(field, sub_saturated16(set16(0), field));
    return low16(min16(strength, set16(margin->most)), set16(1 << margin->shift));
}

/* ph_squeeze_power() of y = 2 a. */
ALWAYS vector_t power(vector_t a)
{
    const vector_t f = left16(a, 5);
    vector_t part = sub16(set16(PH_SQUEEZE_C2), high16(f, set16(PH_SQUEEZE_C3)));
    part = high16(f, sub16(set16(PH_SQUEEZE_C1), high16(f, part)));
    const vector_t half = high16(xor_(part, set16(0xffff)), power16(right16(a, 11)));
    return add16(half, half);
}

/* Whether neurons are up, given their fields in units and the upper bits of their words; and
 * whether that is decided. */
ALWAYS vector_t judge(vector_t field, vector_t word, const margin_t *margin, vector_t *decided)
{
    const vector_t zero = set16(0), along = less16(zero, field), u = xor_(word, along);
    const vector_t w = high16(xor_(u, set16(0x7fff)), power(octaves_of(field, margin)));
    const vector_t apart = sub_saturated16(u, xor_(w, set16(0x8000)));
    const vector_t against = less16(apart, zero);
    const vector_t limit = add16(set16(margin->base), high16(w, set16(margin->part)));
    *decided = less16(limit, xor_(apart, against));
    return xor_(along, against);
}

/* Spins of word w that the squeeze leaves open, by the plain reference. */
static __attribute__((noinline)) uint64_t settle(ph_block_t *self, bool little, size_t w,
                                                 uint64_t open, uint64_t up, const uint32_t *words,
                                                 uint32_t lane)
{
    const state_t *state = self->state;
    const uint64_t old = state->spins[lane * state->words + w];
    for (; open != 0; open &= open - 1) {
        const size_t bit = (size_t)__builtin_ctzll(open), site = state->order[WORD * w + bit];
        const uint32_t word = words[number_of(bit)];
        if (site == PH_ORDERED_NOBODY)
            continue;
        const bool is_up = little
                               ? ph_parallel_little(self, site, lane, old >> bit & 1 ? 1 : -1, word)
                               : ph_parallel_gibbs(self, state->fields, site, lane, word);
        up = (up & ~(UINT64_C(1) << bit)) | (uint64_t)is_up << bit;
    }
    return up;
}

/* What the neurons of some words are judged by. Fields of many are found first, then they are
 * judged: a judgement is some thirty operations each of which waits for the one before, and the
 * processor looks further ahead where those of the next words are all that follows. */
typedef struct {
    _Alignas(64) uint32_t words[CHUNK][WORD]; /* random */
    _Alignas(64) int16_t upper[CHUNK][WORD];  /* of them */
    _Alignas(64) int16_t fields[CHUNK][WORD];
} chunk_t;

ALWAYS void judge_word(ph_block_t *self, bool little, const margin_t *margin, chunk_t *chunk,
                       size_t at, size_t w, uint32_t lane)
{
    state_t *state = self->state;
    uint64_t *spins = state->spins + lane * state->words;
    vector_t after[PER_WORD * WHOLES], sure[PER_WORD * WHOLES];
    for (size_t v = 0; v < PER_WORD * WHOLES; v++)
        after[v] = judge(load(chunk->fields[at] + v * VECTOR_LANES),
                         load(chunk->upper[at] + v * VECTOR_LANES), margin, &sure[v]);
    vector_t all = sure[0];
    for (size_t v = 1; v < PER_WORD * WHOLES; v++)
        all = and_(all, sure[v]);
    uint64_t up = gather_bits(after, PER_WORD * WHOLES);
    if (any_bit(xor_(all, set16(0xffff)))) {
        const uint64_t open = ~gather_bits(sure, PER_WORD * WHOLES);
        up = settle(self, little, w, open, up, chunk->words[at], lane);
    }
    if (self->records.accepted != NULL)
        self->records.accepted[lane] += __builtin_popcountll(
            (up ^ spins[w]) & (w + 1 < state->words ? UINT64_MAX : state->last));
    spins[w] = up;
}

ALWAYS void draw_spins(ph_block_t *self, bool little, margin_t margin, const ph_wide_t *numbers,
                       uint32_t lane)
{
    state_t *state = self->state;
    uint64_t *spins = state->spins + lane * state->words;
    chunk_t chunk;
    vector_t s[4][PARTS];
    memcpy(s, numbers->state, sizeof(s));
    for (size_t first = 0; first < state->words; first += CHUNK) {
        const size_t count = state->words - first < CHUNK ? state->words - first : CHUNK;
        for (size_t at = 0; at < count; at++)
            for (size_t g = 0; g < PER_WORD; g++) {
                const size_t w = first + at;
                vector_t sums[HALVES], upper[WHOLES];
                draw_words(s, chunk.words[at] + g * GROUP, upper);
                sum_fields(state, w * PER_WORD + g, little, (uint32_t)(spins[w] >> g * GROUP),
                           sums);
                for (size_t v = 0; v < WHOLES; v++) {
                    store(chunk.upper[at] + g * GROUP + v * VECTOR_LANES, upper[v]);
                    store(chunk.fields[at] + g * GROUP + v * VECTOR_LANES,
                          pack32(sums[2 * v], sums[2 * v + 1]));
                }
            }
        for (size_t at = 0; at < count; at++)
            judge_word(self, little, &margin, &chunk, at, first + at, lane);
    }
}

/* Spins along their entries, of those that are not 0: four words at a time, then the rest. */
static int64_t count_along(const uint64_t *restrict spins, const uint64_t *restrict minus,
                           const uint64_t *restrict filled, size_t words)
{
    int64_t along[4] = {0};
    size_t w = 0;
    for (; w + 4 <= words; w += 4)
        for (size_t k = 0; k < 4; k++)
            along[k] += __builtin_popcountll((spins[w + k] ^ minus[w + k]) & filled[w + k]);
    for (; w < words; w++)
        along[0] += __builtin_popcountll((spins[w] ^ minus[w]) & filled[w]);
    return along[0] + along[1] + along[2] + along[3];
}

static void sum_overlaps(ph_block_t *self, uint32_t lane)
{
    const state_t *state = self->state;
    const size_t words = state->words, digits = state->digits;
    const uint64_t *spins = state->spins + lane * words, *filled = state->filled;
    const uint64_t *minus = state->minus;
    for (size_t p = 0; p < state->features; p++, minus += words) {
        int64_t along = 0;
        for (size_t d = 0; d < digits; d++, filled += words)
            along += count_along(spins, minus, filled, words) << d;
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
        if (!little)
            set_unit(self, state, largest_field(state));
        const margin_t margin = round_fields(self, state);
        if (little)
            draw_spins(self, true, margin, &numbers, l);
        else
            draw_spins(self, false, margin, &numbers, l);
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
    ph_ordered_bring(self, state->order, WORD * state->words, state->words, state->spins);
}

static void gather(ph_block_t *self)
{
    state_t *state = self->state;
    ph_ordered_gather(self, state->order, WORD * state->words, state->words, state->spins);
}

const ph_kernel_t KERNEL_OF(FIELD_GIBBS) = {
    .name = "fields-" ISA_NAME,
    .help = "fields of a register of neurons at a time, overlaps by counting bits",
    .counts = true,
    .fits = fits,
    .pays = pays_gibbs,
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
    .pays = pays_little,
    .prepare = prepare_little,
    .gather = gather,
    .sweep = sweep_little,
    .spins = bring_spins,
    .free = free_state,
};
