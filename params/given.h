/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_GIVEN_H
#define PH_PARAMS_GIVEN_H

#include <stddef.h>
#include <stdint.h>

/** The most entries that given patterns have, over all of them: the grid's text holds them. */
enum { PH_GIVEN_MAX = 1 << 22 };

/**
 * Patterns that are given instead of drawn. As a text they are words of +, - and 0, one a pattern
 * and all as long, with a blank between two of them: "+-0+ --++" are two patterns of four neurons.
 */
typedef struct {
    size_t neurons, patterns;
    char *text;
    double *dilution; /* [patterns]: share of blank entries, to 12 digits */
    size_t blank;     /* neurons that are blank in all patterns */
    size_t twins;     /* patterns that are an earlier one or its negative */
} ph_given_t;

/**
 * Makes them of entries -1, 0 and +1, at most PH_GIVEN_MAX: that of neuron i and pattern mu at
 * i * step_neuron + mu * step_pattern. PH_ERR_MEMORY; free is safe after that.
 */
int ph_given_init(ph_given_t *self, const int8_t *entries, size_t neurons, size_t patterns,
                  size_t step_neuron, size_t step_pattern);
void ph_given_free(ph_given_t *self);

/** How many patterns such a text has. */
size_t ph_given_count(const char *text, size_t neurons);

/** The entries of `patterns` of them, as entries[neurons][patterns]: of chosen[patterns], from 0;
 * NULL: of the first. */
void ph_given_entries(const char *text, size_t neurons, size_t patterns, const size_t *chosen,
                      int8_t *entries);

/** Classes of neurons, alike up to a sign, of so many patterns of the text. 0 without memory. */
double ph_given_classes(const char *text, size_t neurons, size_t patterns, const size_t *chosen);

#endif
