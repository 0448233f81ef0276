/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/likeness.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const double RATE = 0.01; /* of the largest of independent patterns to be beyond */

enum { WORD = 64 };

/* Entries as bits: whether there is one, and whether it is +1. */
typedef struct {
    size_t words, lists;
    uint64_t *filled, *plus;
    size_t *entries; /* of each list */
} bits_t;

/* A spread under way. */
typedef struct {
    ph_spread_t *spread;
    double sum, variance; /* of all numbers, of chance */
    double farthest;      /* largest number in its own deviations */
    size_t count;
} gather_t;

static void gather(gather_t *self, double number, double variance)
{
    ph_spread_t *spread = self->spread;
    spread->least = self->count == 0 || number < spread->least ? number : spread->least;
    spread->most = self->count == 0 || number > spread->most ? number : spread->most;
    self->sum += number;
    self->variance += variance;
    self->count++;
    if (variance > 0.0 && fabs(number) > self->farthest * sqrt(variance))
        self->farthest = fabs(number) / sqrt(variance);
}

/* The largest of n normal numbers is beyond this one, either way, at the rate. */
static double limit(size_t count)
{
    return gsl_cdf_ugaussian_Qinv(RATE / (2.0 * (double)count));
}

static void finish(gather_t *self)
{
    if (self->count == 0)
        return;
    const double n = (double)self->count;
    self->spread->mean = self->sum / n;
    self->spread->chance = limit(self->count) * sqrt(self->variance / n);
    self->spread->beyond = self->farthest > limit(self->count);
}

static int make_bits(bits_t *self, const ph_table_t *table)
{
    self->lists = table->lists;
    self->words = (table->length + WORD - 1) / WORD;
    self->filled = calloc(self->lists * self->words, sizeof(*self->filled));
    self->plus = calloc(self->lists * self->words, sizeof(*self->plus));
    self->entries = calloc(self->lists, sizeof(*self->entries));
    if (self->filled == NULL || self->plus == NULL || self->entries == NULL)
        return PH_ERR_MEMORY;
    for (size_t k = 0; k < self->lists; k++)
        for (size_t i = 0; i < table->length; i++) {
            const int entry = table->entries[k * table->step_list + i * table->step_entry];
            const size_t word = k * self->words + i / WORD;
            self->filled[word] |= (uint64_t)(entry != 0) << i % WORD;
            self->plus[word] |= (uint64_t)(entry > 0) << i % WORD;
            self->entries[k] += entry != 0;
        }
    return PH_OK;
}

static void free_bits(bits_t *self)
{
    free(self->filled);
    free(self->plus);
    free(self->entries);
}

/* Neurons where both have an entry, and the sum of products over them. */
static void compare(const bits_t *self, size_t a, size_t b, size_t *common, long *product)
{
    size_t unlike = 0;
    *common = 0;
    for (size_t w = 0; w < self->words; w++) {
        const size_t first = a * self->words + w, second = b * self->words + w;
        const uint64_t both = self->filled[first] & self->filled[second];
        *common += (size_t)__builtin_popcountll(both);
        unlike += (size_t)__builtin_popcountll(both & (self->plus[first] ^ self->plus[second]));
    }
    *product = (long)*common - 2 * (long)unlike;
}

static void go_through_lists(const bits_t *bits, ph_likeness_t *self)
{
    const double n = (double)self->neurons;
    gather_t dilution = {.spread = &self->dilution}, bias = {.spread = &self->bias};
    for (size_t k = 0; k < bits->lists; k++) {
        long plus = 0;
        for (size_t w = 0; w < bits->words; w++)
            plus += __builtin_popcountll(bits->plus[k * bits->words + w]);
        const double entries = (double)bits->entries[k];
        if (bits->entries[k] == 0)
            self->first_blank = self->all_blank++ == 0 ? k : self->first_blank;
        gather(&dilution, 1.0 - entries / n, 0.0);
        gather(&bias, (2.0 * (double)plus - entries) / n, entries / (n * n));
    }
    finish(&dilution);
    finish(&bias);
}

static void go_through_pairs(const bits_t *bits, ph_likeness_t *self)
{
    const double n = (double)self->neurons;
    gather_t overlap = {.spread = &self->overlap}, coincided = {.spread = &self->coincided};
    double largest = -1.0;
    for (size_t a = 0; a < bits->lists; a++)
        for (size_t b = a + 1; b < bits->lists; b++) {
            size_t common;
            long product;
            compare(bits, a, b, &common, &product);
            const double q = (double)product / n, joint = (double)common / n;
            const double f = (double)bits->entries[a] / n, g = (double)bits->entries[b] / n;
            gather(&overlap, q, joint / n);
            gather(&coincided, joint - f * g, f * g * (1.0 - f) * (1.0 - g) / n);
            self->twins += common > 0 && (size_t)labs(product) == common &&
                           common == bits->entries[a] && common == bits->entries[b];
            if (fabs(q) > largest) {
                largest = fabs(q);
                self->pair[0] = a;
                self->pair[1] = b;
            }
        }
    finish(&overlap);
    finish(&coincided);
}

int ph_likeness_of(const ph_table_t *table, ph_likeness_t *self, ph_report_t *report)
{
    bits_t bits = {0};
    memset(self, 0, sizeof(*self));
    self->neurons = table->length;
    self->patterns = table->lists;
    int status = make_bits(&bits, table);
    if (status == PH_OK) {
        go_through_lists(&bits, self);
        go_through_pairs(&bits, self);
    } else {
        ph_fail(report, status, "no memory to compare %zu patterns", table->lists);
    }
    free_bits(&bits);
    return status;
}
