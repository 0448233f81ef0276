/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/dataset.h"

#include "params/labelled.h"
#include "sim/model/stream.h"

/* One pattern's examples at one neuron: draw a of their stream is example a. */
typedef struct {
    ph_stream_t stream;
    double threshold; /* (1 + r)/2 where the archetype is not blank, else s */
    int archetype;
} source_t;

static source_t source(const ph_point_t *point, const ph_patterns_t *patterns, int64_t neuron,
                       int64_t mu, int64_t first)
{
    source_t self;
    self.archetype = patterns->entries[neuron * patterns->patterns + mu];
    self.threshold =
        self.archetype != 0 ? 0.5 * (1.0 + point->quality[mu]) : point->blank_fidelity[mu];
    ph_stream_init(&self.stream, patterns->key, PH_PURPOSE_EXAMPLES, patterns->sample, (uint32_t)mu,
                   (uint64_t)neuron);
    ph_stream_skip(&self.stream, (uint64_t)first);
    return self;
}

/* 53 bits are compared with the threshold, the lowest of the others is the coin. */
static inline int next_entry(source_t *self)
{
    const uint64_t word = ph_stream_word(&self->stream);
    const int below = (double)(word >> 11) * 0x1p-53 < self->threshold;
    if (self->archetype != 0)
        return below ? self->archetype : -self->archetype;
    return below ? 0 : (word & 1) ? 1 : -1;
}

/* Of given examples, entry of example a. */
static inline int given_entry(const ph_point_t *point, const ph_patterns_t *patterns,
                              int64_t neuron, int64_t mu, int64_t a)
{
    return ph_labelled_entry(point->data, (size_t)patterns->neurons,
                             patterns->examples[patterns->first[mu] + (size_t)a], (size_t)neuron);
}

void ph_dataset_entries(const ph_point_t *point, const ph_patterns_t *patterns, int64_t neuron,
                        int64_t mu, int64_t first, int64_t count, int16_t *out)
{
    if (patterns->examples != NULL) {
        for (int64_t a = 0; a < count; a++)
            out[a] = (int16_t)given_entry(point, patterns, neuron, mu, first + a);
        return;
    }
    source_t examples = source(point, patterns, neuron, mu, first);
    for (int64_t a = 0; a < count; a++)
        out[a] = (int16_t)next_entry(&examples);
}

void ph_dataset_sums(const ph_point_t *point, const ph_patterns_t *patterns, int64_t neuron,
                     int64_t mu, int64_t summed, int64_t count, int16_t *out)
{
    if (patterns->examples != NULL) {
        for (int64_t p = 0; p < count; p++) {
            int sum = 0;
            for (int64_t a = p * summed; a < (p + 1) * summed; a++)
                sum += given_entry(point, patterns, neuron, mu, a);
            out[p] = (int16_t)sum;
        }
        return;
    }
    source_t examples = source(point, patterns, neuron, mu, 0);
    const bool silent = examples.archetype == 0 && examples.threshold >= 1.0;
    for (int64_t p = 0; p < count; p++) {
        int sum = 0;
        for (int64_t a = 0; !silent && a < summed; a++)
            sum += next_entry(&examples);
        out[p] = (int16_t)sum;
    }
}

void ph_dataset_example(const ph_point_t *point, const ph_patterns_t *patterns, int64_t mu,
                        int64_t a, int8_t *entries)
{
    for (int64_t i = 0; i < patterns->neurons; i++) {
        int16_t entry;
        ph_dataset_entries(point, patterns, i, mu, a, 1, &entry);
        entries[i] = (int8_t)entry;
    }
}
