/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/labelled.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"

/* Of so many examples and labels; text and first are still to be filled. */
static int make_room(ph_labelled_t *self, size_t neurons, size_t examples, size_t labels)
{
    memset(self, 0, sizeof(*self));
    self->neurons = neurons;
    self->examples = examples;
    self->labels = labels;
    self->first = calloc(labels + 1, sizeof(*self->first));
    self->quality = calloc(labels, sizeof(*self->quality));
    self->fidelity = calloc(labels, sizeof(*self->fidelity));
    self->text = malloc(examples * (neurons + 1));
    if (self->first != NULL && self->quality != NULL && self->fidelity != NULL &&
        self->text != NULL)
        return PH_OK;
    ph_labelled_free(self);
    return PH_ERR_MEMORY;
}

void ph_labelled_free(ph_labelled_t *self)
{
    free(self->first);
    free(self->text);
    free(self->quality);
    free(self->fidelity);
    memset(self, 0, sizeof(*self));
}

static void count_blank(ph_labelled_t *self)
{
    for (size_t i = 0; i < self->neurons; i++) {
        bool blank = true;
        for (size_t w = 0; w < self->examples && blank; w++)
            blank = ph_labelled_entry(self->text, self->neurons, w, i) == 0;
        self->blank += blank;
    }
}

int ph_labelled_init(ph_labelled_t *self, const ph_table_t *table, const int64_t *label,
                     size_t labels)
{
    const size_t neurons = table->length;
    if (make_room(self, neurons, table->lists, labels) != PH_OK)
        return PH_ERR_MEMORY;
    for (size_t e = 0; e < table->lists; e++)
        self->first[label[e]]++;
    for (size_t k = 0; k < labels; k++)
        self->first[k + 1] += self->first[k];
    for (size_t e = 0; e < table->lists;
         e++) { /* first[k] counts up to the beginning of the next */
        const size_t word = self->first[label[e] - 1]++;
        char *text = self->text + word * (neurons + 1);
        for (size_t i = 0; i < neurons; i++)
            text[i] = "-0+"[1 + table->entries[e * table->step_list + i * table->step_entry]];
        text[neurons] = ' ';
    }
    for (size_t k = labels; k > 0; k--) {
        self->first[k] = self->first[k - 1];
        self->text[self->first[k] * (neurons + 1) - 1] = k < labels ? '/' : '\0';
    }
    self->first[0] = 0;
    count_blank(self);
    return PH_OK;
}

static bool is_entry(char c)
{
    return c == '+' || c == '-' || c == '0';
}

/* What a text would be: words of one length with one separator between two. */
static bool count_words(const char *text, size_t length, size_t *neurons, size_t *words,
                        size_t *labels)
{
    size_t word = 0;
    char before = '/'; /* the last separator: a / where nothing of the label has come yet */
    *neurons = *words = 0;
    *labels = 1;
    for (size_t k = 0; k <= length; k++) {
        const char c = k < length ? text[k] : ' ';
        if (is_entry(c)) {
            word++;
            continue;
        }
        if (word > 0) {
            *neurons = *words == 0 ? word : *neurons;
            *words += 1;
            before = ' ';
            if (word != *neurons)
                return false;
            word = 0;
        }
        if (c == '/') {
            if (before == '/')
                return false;
            *labels += 1;
            before = '/';
        } else if (c != ' ' && c != '\n') {
            return false;
        }
    }
    return before == ' ';
}

int ph_labelled_read(ph_labelled_t *self, const char *text, size_t length)
{
    size_t neurons, words, labels;
    memset(self, 0, sizeof(*self));
    if (!count_words(text, length, &neurons, &words, &labels))
        return PH_ERR_INPUT;
    if (make_room(self, neurons, words, labels) != PH_OK)
        return PH_ERR_MEMORY;
    char *at = self->text;
    for (size_t k = 0; k < length; k++) {
        if (is_entry(text[k])) {
            *at++ = text[k];
            if ((size_t)(at - self->text) % (neurons + 1) == neurons)
                *at++ = ' ';
        } else if (text[k] == '/') {
            at[-1] = '/';
        }
    }
    self->text[words * (neurons + 1) - 1] = '\0';
    ph_labelled_first(self->text, neurons, labels, self->first);
    count_blank(self);
    return PH_OK;
}

void ph_labelled_first(const char *text, size_t neurons, size_t labels, size_t *first)
{
    const size_t words = (strlen(text) + 1) / (neurons + 1);
    size_t label = 0;
    first[0] = 0;
    for (size_t w = 0; w < words && label < labels; w++)
        if (text[w * (neurons + 1) + neurons] != ' ')
            first[++label] = w + 1;
}

void ph_labelled_means(const ph_labelled_t *self, double threshold, int8_t *archetypes)
{
    for (size_t k = 0; k < self->labels; k++)
        for (size_t i = 0; i < self->neurons; i++) {
            const double count = (double)(self->first[k + 1] - self->first[k]);
            double sum = 0.0;
            for (size_t w = self->first[k]; w < self->first[k + 1]; w++)
                sum += ph_labelled_entry(self->text, self->neurons, w, i);
            archetypes[k * self->neurons + i] =
                (int8_t)(fabs(sum) / count < threshold ? 0 : (sum > 0.0) - (sum < 0.0));
        }
}

void ph_labelled_measure(ph_labelled_t *self, const char *archetypes)
{
    for (size_t k = 0; k < self->labels; k++) {
        const double count = (double)(self->first[k + 1] - self->first[k]);
        double right = 0.0, filled = 0.0, zeros = 0.0, blank = 0.0;
        for (size_t i = 0; i < self->neurons; i++) {
            const int xi = ph_labelled_entry(archetypes, self->neurons, k, i);
            filled += xi != 0 ? count : 0.0;
            blank += xi == 0 ? count : 0.0;
            for (size_t w = self->first[k]; w < self->first[k + 1]; w++) {
                const int entry = ph_labelled_entry(self->text, self->neurons, w, i);
                right += xi * entry;
                zeros += xi == 0 && entry == 0;
            }
        }
        self->quality[k] = filled > 0.0 ? ph_round12(right / filled) : 0.0;
        self->fidelity[k] = blank > 0.0 ? ph_round12(zeros / blank) : 1.0;
    }
}
