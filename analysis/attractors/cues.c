/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analysis/attractors/cues_private.h"

static size_t bounded(size_t all, size_t most, bool *complete)
{
    *complete = all <= most;
    return *complete ? all : most;
}

/* All orders and signs up to a joint one: K! 2^(K - 1). */
static size_t hierarchies(size_t patterns)
{
    size_t count = 1;
    for (size_t k = 2; k <= patterns; k++)
        count *= 2 * k;
    return count;
}

static void count_kinds(ph_cues_t *self, bool cold)
{
    const size_t k = self->patterns;
    size_t *counts = self->counts;
    bool *all = self->all;
    counts[PH_CUE_ZERO] = cold ? 0 : 1;
    counts[PH_CUE_PATTERN] = k;
    counts[PH_CUE_PAIR] = bounded(k * (k - 1), PH_CUES_ALL_MAX, &all[PH_CUE_PAIR]);
    counts[PH_CUE_TRIPLE] =
        k < 3 ? 0 : bounded(4 * (k * (k - 1) * (k - 2) / 6), PH_CUES_ALL_MAX, &all[PH_CUE_TRIPLE]);
    all[PH_CUE_PARALLEL] = k <= PH_CUES_PARALLEL_ALL;
    counts[PH_CUE_PARALLEL] = k < 3                  ? 0
                              : all[PH_CUE_PARALLEL] ? (size_t)1 << (k - 1)
                                                     : PH_CUES_PARALLEL_DRAWN;
    all[PH_CUE_HIERARCHICAL] = k <= PH_CUES_ORDERS_ALL;
    counts[PH_CUE_HIERARCHICAL] = k < 2                      ? 0
                                  : all[PH_CUE_HIERARCHICAL] ? hierarchies(k)
                                  : 2 * k < PH_CUES_ALL_MAX  ? 2 * k
                                                             : PH_CUES_ALL_MAX;
    counts[PH_CUE_RANDOM] = PH_CUES_RANDOM;
    self->count = 0;
    for (int kind = 0; kind < PH_CUE_KINDS; kind++)
        self->count += counts[kind];
}

int ph_cues_init(ph_cues_t *self, size_t patterns, bool cold, uint64_t seed, uint32_t sample)
{
    memset(self, 0, sizeof(*self));
    self->patterns = patterns;
    self->key = ph_stream_key(seed, ph_digest_bytes("attractors", 10));
    self->sample = sample;
    self->members = malloc(patterns * sizeof(*self->members));
    count_kinds(self, cold);
    return self->members == NULL ? PH_ERR_MEMORY : PH_OK;
}

void ph_cues_free(ph_cues_t *self)
{
    free(self->members);
    memset(self, 0, sizeof(*self));
}

size_t ph_cues_count(size_t patterns, bool cold)
{
    ph_cues_t cues = {.patterns = patterns};
    count_kinds(&cues, cold);
    return cues.count;
}

ph_cue_kind_t ph_cue_kind(const ph_cues_t *self, size_t j, size_t *number)
{
    int kind = 0;
    while (j >= self->counts[kind])
        j -= self->counts[kind++];
    *number = j;
    return (ph_cue_kind_t)kind;
}

void ph_cue_stream(const ph_cues_t *self, size_t j, ph_stream_t *stream)
{
    size_t number;
    const ph_cue_kind_t kind = ph_cue_kind(self, j, &number);
    ph_stream_init(stream, self->key, PH_PURPOSE_START, self->sample, (uint32_t)kind, number);
}

/* `count` patterns in a random order with random signs. */
static void draw_members(int *members, size_t patterns, size_t count, ph_stream_t *stream)
{
    for (size_t k = 0; k < count; k++) {
        bool known = true;
        while (known) {
            members[k] = 1 + (int)ph_stream_below(stream, (uint32_t)patterns);
            known = false;
            for (size_t i = 0; i < k; i++)
                known = known || abs(members[i]) == members[k];
        }
        if ((ph_stream_word(stream) & 1u) != 0 && k > 0)
            members[k] = -members[k];
    }
}

/* All patterns in a random order with random signs, `first` (from 1; 0: any) before the others. */
static void draw_order(int *members, size_t patterns, int first, ph_stream_t *stream)
{
    for (size_t k = 0; k < patterns; k++)
        members[k] = 1 + (int)k;
    for (size_t k = 0; k < patterns; k++) {
        const size_t other = k == 0 && first > 0
                                 ? (size_t)first - 1
                                 : k + ph_stream_below(stream, (uint32_t)(patterns - k));
        const int kept = members[k];
        members[k] = members[other];
        members[other] = kept;
        if ((ph_stream_word(stream) & 1u) != 0 && k > 0)
            members[k] = -members[k];
    }
}

/* Signs of all members but the first by the bits of a number. */
static void set_signs(int *members, size_t count, size_t bits)
{
    for (size_t k = 1; k < count; k++)
        if ((bits >> (k - 1) & 1u) != 0)
            members[k] = -members[k];
}

/* Number `at` of all subsets of `count` patterns, two or three. */
static void list_subset(int *members, size_t patterns, size_t count, size_t at)
{
    size_t seen = 0;
    for (size_t a = 1; a <= patterns; a++)
        for (size_t b = a + 1; b <= patterns; b++)
            for (size_t c = b + 1; c <= (count == 3 ? patterns : b + 1); c++)
                if (seen++ == at) {
                    const int found[] = {(int)a, (int)b, (int)c};
                    memcpy(members, found, count * sizeof(*found));
                    return;
                }
}

/* Number `at` of all orders. */
static void list_order(int *members, size_t patterns, size_t at)
{
    for (size_t k = 0; k < patterns; k++)
        members[k] = 1 + (int)k;
    for (size_t k = 0; k < patterns; k++) {
        const size_t other = k + at % (patterns - k);
        const int kept = members[k];
        at /= patterns - k;
        members[k] = members[other];
        members[other] = kept;
    }
}

static size_t list_hierarchy(ph_cues_t *self, size_t number, ph_stream_t *stream)
{
    const size_t k = self->patterns, signs = (size_t)1 << (k < 32 ? k - 1 : 31);
    if (self->all[PH_CUE_HIERARCHICAL]) {
        list_order(self->members, k, number / signs);
        set_signs(self->members, k, number % signs);
    } else if (self->counts[PH_CUE_HIERARCHICAL] < 2 * k) {
        draw_order(self->members, k, 0, stream);
    } else if (number < k) {
        for (size_t i = 0; i < k; i++)
            self->members[i] = 1 + (int)((number + i) % k);
    } else {
        draw_order(self->members, k, 1 + (int)(number - k), stream);
    }
    return k;
}

/* The patterns that a start is made of, with signs; returns how many. */
static size_t list_members(ph_cues_t *self, ph_cue_kind_t kind, size_t number, ph_stream_t *stream)
{
    const size_t k = self->patterns, few = kind == PH_CUE_PAIR ? 2 : 3;
    switch (kind) {
    case PH_CUE_PATTERN:
        self->members[0] = 1 + (int)number;
        return 1;
    case PH_CUE_PAIR:
    case PH_CUE_TRIPLE:
        if (self->all[kind]) {
            const size_t signs = (size_t)1 << (few - 1);
            list_subset(self->members, k, few, number / signs);
            set_signs(self->members, few, number % signs);
        } else {
            draw_members(self->members, k, few, stream);
        }
        return few;
    case PH_CUE_PARALLEL:
        for (size_t i = 0; i < k; i++)
            self->members[i] = 1 + (int)i;
        for (size_t i = 1; i < k; i++)
            if (self->all[kind] ? (number >> (i - 1) & 1u) != 0
                                : number > 0 && (ph_stream_word(stream) & 1u) != 0)
                self->members[i] = -self->members[i];
        return k;
    case PH_CUE_HIERARCHICAL:
        return list_hierarchy(self, number, stream);
    default:
        return 0;
    }
}

/* By majority, or by the first that is not blank. */
static int8_t follow(const int8_t *row, const int *members, size_t count, bool first)
{
    int sum = 0;
    for (size_t k = 0; k < count && !(first && sum != 0); k++)
        sum += members[k] > 0 ? row[members[k] - 1] : -row[-members[k] - 1];
    return (int8_t)((sum > 0) - (sum < 0));
}

void ph_cue_fill(ph_cues_t *self, size_t j, const ph_patterns_t *patterns, int8_t *spins)
{
    const size_t neurons = (size_t)patterns->neurons, width = (size_t)patterns->patterns;
    size_t number;
    ph_stream_t stream;
    const ph_cue_kind_t kind = ph_cue_kind(self, j, &number);
    ph_cue_stream(self, j, &stream);
    const size_t count = list_members(self, kind, number, &stream);
    for (size_t i = 0; i < neurons; i++)
        spins[i] = kind == PH_CUE_RANDOM ? ((ph_stream_word(&stream) >> 63) != 0 ? 1 : -1)
                                         : follow(patterns->entries + i * width, self->members,
                                                  count, kind == PH_CUE_HIERARCHICAL);
}
