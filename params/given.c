/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/given.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/status.h"
#include "params/number_private.h"

static char letter(int entry)
{
    return entry > 0 ? '+' : entry < 0 ? '-' : '0';
}

size_t ph_given_count(const char *text, size_t neurons)
{
    return (strlen(text) + 1) / (neurons + 1);
}

void ph_given_entries(const char *text, size_t neurons, size_t patterns, const size_t *chosen,
                      int8_t *entries)
{
    for (size_t mu = 0; mu < patterns; mu++)
        for (size_t i = 0; i < neurons; i++) {
            const char c = text[(chosen != NULL ? chosen[mu] : mu) * (neurons + 1) + i];
            entries[i * patterns + mu] = (int8_t)(c == '+' ? 1 : c == '-' ? -1 : 0);
        }
}

static int by_digest(const void *a, const void *b)
{
    return ph_digest_compare(*(const ph_digest_t *)a, *(const ph_digest_t *)b);
}

/* How many of `count` lists of entries differ by more than a joint sign; `zeros`: lists without
 * another entry. 0 without memory. */
static size_t count_distinct(const int8_t *entries, size_t count, size_t length, size_t step_list,
                             size_t step, size_t *zeros)
{
    ph_digest_t *digests = malloc(count * sizeof(*digests));
    int8_t *list = malloc(length);
    size_t distinct = 0;
    *zeros = 0;
    for (size_t k = 0; digests != NULL && list != NULL && k < count; k++) {
        int sign = 0;
        for (size_t j = 0; j < length; j++) {
            const int entry = entries[k * step_list + j * step];
            sign = sign == 0 ? entry : sign;
            list[j] = (int8_t)(sign * entry);
        }
        *zeros += sign == 0;
        digests[k] = ph_digest_bytes(list, length);
    }
    if (digests != NULL && list != NULL) {
        qsort(digests, count, sizeof(*digests), by_digest);
        for (size_t k = 0; k < count; k++)
            distinct += k == 0 || !ph_digest_equal(digests[k - 1], digests[k]);
    }
    free(list);
    free(digests);
    return distinct;
}

double ph_given_classes(const char *text, size_t neurons, size_t patterns, const size_t *chosen)
{
    size_t unused, rows = 0;
    int8_t *entries = malloc(neurons * patterns);
    if (entries != NULL) {
        ph_given_entries(text, neurons, patterns, chosen, entries);
        rows = count_distinct(entries, neurons, patterns, patterns, 1, &unused);
    }
    free(entries);
    return (double)rows;
}

int ph_given_init(ph_given_t *self, const int8_t *entries, size_t neurons, size_t patterns,
                  size_t step_neuron, size_t step_pattern)
{
    size_t unused;
    memset(self, 0, sizeof(*self));
    self->neurons = neurons;
    self->patterns = patterns;
    self->text = malloc(patterns * (neurons + 1));
    self->dilution = calloc(patterns, sizeof(*self->dilution));
    const size_t rows =
        count_distinct(entries, neurons, patterns, step_neuron, step_pattern, &self->blank);
    const size_t columns =
        count_distinct(entries, patterns, neurons, step_pattern, step_neuron, &unused);
    if (self->text == NULL || self->dilution == NULL || rows == 0 || columns == 0) {
        ph_given_free(self);
        return PH_ERR_MEMORY;
    }
    self->twins = patterns - columns;
    for (size_t mu = 0; mu < patterns; mu++) {
        char *word = self->text + mu * (neurons + 1);
        size_t blanks = 0;
        for (size_t i = 0; i < neurons; i++) {
            word[i] = letter(entries[i * step_neuron + mu * step_pattern]);
            blanks += word[i] == '0';
        }
        word[neurons] = mu + 1 < patterns ? ' ' : '\0';
        self->dilution[mu] = ph_round12((double)blanks / (double)neurons);
    }
    return PH_OK;
}

void ph_given_free(ph_given_t *self)
{
    free(self->text);
    free(self->dilution);
    memset(self, 0, sizeof(*self));
}
