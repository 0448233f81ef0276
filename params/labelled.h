/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_LABELLED_H
#define PH_PARAMS_LABELLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/table.h"

/**
 * Examples that are given instead of drawn, each of one archetype, its label. As a text they are
 * words as those of params/given.h, with a blank between two of one label and a / between labels:
 * "+-0 ++0/--+" are two examples of the first archetype and one of the second.
 */
typedef struct {
    size_t neurons, labels, examples;
    size_t *first; /* [labels + 1]: examples of label k are words first[k] to first[k + 1] - 1 */
    char *text;
    size_t blank;               /* neurons that are blank in all examples */
    double *quality, *fidelity; /* [labels], once measured, to 12 digits: r and s */
} ph_labelled_t;

/** Makes them of a table and labels[table->lists] from 1 to `labels`, each of which has examples,
 * in the order of the table. PH_ERR_MEMORY; free is safe after that. */
int ph_labelled_init(ph_labelled_t *self, const ph_table_t *table, const int64_t *label,
                     size_t labels);

/** Makes them of a text; also lines may end in it. PH_ERR_INPUT where it is none, PH_ERR_MEMORY. */
int ph_labelled_read(ph_labelled_t *self, const char *text, size_t length);
void ph_labelled_free(ph_labelled_t *self);

/** Where the words of each label begin in such a text, first[labels + 1]. */
void ph_labelled_first(const char *text, size_t neurons, size_t labels, size_t *first);

/** Entry of a neuron in a word. */
static inline int ph_labelled_entry(const char *text, size_t neurons, size_t word, size_t neuron)
{
    const char c = text[word * (neurons + 1) + neuron];
    return (c == '+') - (c == '-');
}

/** The sign of the mean of each label's examples, 0 where |mean| is 0 or below the threshold, as
 * archetypes[labels][neurons]. */
void ph_labelled_means(const ph_labelled_t *self, double threshold, int8_t *archetypes);

/**
 * Quality and fidelity beside archetypes, one a label (words of params/given.h): r, the mean of
 * example times archetype where that is not blank; s, the share of blank entries where it is, 1
 * where it is so nowhere.
 */
void ph_labelled_measure(ph_labelled_t *self, const char *archetypes);

#endif
