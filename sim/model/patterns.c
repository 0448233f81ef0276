/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/patterns.h"
#include "base/floating.h"
#include "params/given.h"
#include "params/labelled.h"

#include <stdlib.h>
#include <string.h>

int ph_patterns_choose(const ph_point_t *point, uint64_t seed, uint32_t sample, size_t *chosen)
{
    const size_t all = ph_given_count(point->given, (size_t)point->neurons);
    size_t *left = point->choice == PH_CHOICE_RANDOM ? malloc(all * sizeof(*left)) : NULL;
    ph_stream_t stream;
    if (point->choice != PH_CHOICE_RANDOM) {
        for (size_t mu = 0; mu < (size_t)point->patterns; mu++)
            chosen[mu] = mu;
        return PH_OK;
    }
    if (left == NULL)
        return PH_ERR_MEMORY;
    for (size_t k = 0; k < all; k++)
        left[k] = k;
    ph_stream_init(&stream, ph_stream_key(seed, point->disorder), PH_PURPOSE_CHOICE, sample, 0, 0);
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        const size_t k = mu + ph_stream_below(&stream, (uint32_t)(all - mu));
        chosen[mu] = left[k];
        left[k] = left[mu];
    }
    free(left);
    return PH_OK;
}

static int take_given(ph_patterns_t *self, const ph_point_t *point, uint64_t seed)
{
    size_t *chosen = malloc((size_t)point->patterns * sizeof(*chosen));
    const int status =
        chosen != NULL ? ph_patterns_choose(point, seed, self->sample, chosen) : PH_ERR_MEMORY;
    if (status == PH_OK)
        ph_given_entries(point->given, (size_t)point->neurons, (size_t)point->patterns, chosen,
                         self->entries);
    free(chosen);
    return status;
}

/* The k-th is drawn evenly from those of the label that are left, as patterns are. */
static void shuffle(ph_patterns_t *self, int64_t mu)
{
    uint32_t *words = self->examples + self->first[mu];
    const size_t count = self->first[mu + 1] - self->first[mu];
    ph_stream_t stream;
    ph_stream_init(&stream, self->key, PH_PURPOSE_TAKE, self->sample, 0, (uint64_t)mu);
    for (size_t a = 0; a < count; a++) {
        const size_t k = a + ph_stream_below(&stream, (uint32_t)(count - a));
        const uint32_t word = words[k];
        words[k] = words[a];
        words[a] = word;
    }
}

static int take_examples(ph_patterns_t *self, const ph_point_t *point)
{
    const size_t patterns = (size_t)self->patterns;
    self->first = calloc(patterns + 1, sizeof(*self->first));
    if (self->first == NULL)
        return PH_ERR_MEMORY;
    ph_labelled_first(point->data, (size_t)self->neurons, patterns, self->first);
    self->examples = malloc(self->first[patterns] * sizeof(*self->examples));
    if (self->examples == NULL)
        return PH_ERR_MEMORY;
    for (size_t w = 0; w < self->first[patterns]; w++)
        self->examples[w] = (uint32_t)w;
    for (int64_t mu = 0; mu < self->patterns && point->take == PH_TAKE_RANDOM; mu++)
        shuffle(self, mu);
    return PH_OK;
}

int ph_patterns_draw(ph_patterns_t *self, const ph_point_t *point, uint64_t seed, uint32_t sample)
{
    PH_FLOATING_GUARD();
    size_t rows = (size_t)point->neurons, columns = (size_t)point->patterns;
    self->neurons = point->neurons;
    self->patterns = point->patterns;
    self->key = ph_stream_key(seed, point->disorder);
    self->sample = sample;
    self->first = NULL;
    self->examples = NULL;
    self->entries = calloc(rows, columns);
    if (self->entries == NULL || (ph_point_has_data(point) && take_examples(self, point) != PH_OK))
        return PH_ERR_MEMORY;

    if (ph_point_is_given(point))
        return take_given(self, point, seed);
    ph_stream_t stream;
    ph_stream_init(&stream, self->key, PH_PURPOSE_PATTERNS, sample, 0, 0);
    for (size_t i = 0; i < rows * columns; i++) {
        /* 53 bits decide blank or not, one of the remaining bits the sign. */
        uint64_t word = ph_stream_word(&stream);
        double unit = (double)(word >> 11) * 0x1p-53;
        int sign = (word & 1) ? 1 : -1;
        self->entries[i] = (int8_t)(unit < point->dilution[i % columns] ? 0 : sign);
    }
    return PH_OK;
}

void ph_patterns_free(ph_patterns_t *self)
{
    free(self->entries);
    free(self->first);
    free(self->examples);
    memset(self, 0, sizeof(*self));
}
