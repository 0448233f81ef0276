/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_RECALL_H
#define PH_MODEL_RECALL_H

#include <stddef.h>
#include <stdint.h>

#include "sim/model/patterns.h"

/*
 * What a state recalls, by its overlaps with the patterns, each over the pattern's own entries that
 * are not blank: q_mu = sum_i xi_i s_i / sum_i |xi_i|, from -1 to 1.
 */

/** Where a state is: one of these. */
typedef enum {
    PH_OUTCOME_TARGET,   /* q of the start's pattern is the threshold or more; where the start has
                            none: |q| of any pattern */
    PH_OUTCOME_REVERSED, /* q of the start's pattern is at most minus the threshold */
    PH_OUTCOME_OTHER,    /* |q| of another pattern is the threshold or more */
    PH_OUTCOME_MIXTURE,  /* none of these, but |q| of two patterns or more is beyond chance */
    PH_OUTCOME_NONE,
    PH_OUTCOMES
} ph_outcome_t;

/** The pattern whose q of a state, bits[(N + 7) / 8], is the largest, from 0; the first of several.
 */
int64_t ph_recall_nearest(const ph_patterns_t *patterns, const uint8_t *bits);

/** q of a pattern; 0 of one that is all blank. */
double ph_recall_overlap(int64_t overlap, int64_t entries);

/**
 * The outcome of a state: overlaps[patterns] sum_i xi_i s_i, entries[patterns] that are not blank;
 * target as of ph_start_target(). Beyond chance is |q| > sqrt(2 log(100 K) / entries), which spins
 * that know nothing of K patterns reach with one of them in less than one state of a hundred.
 */
ph_outcome_t ph_recall_outcome(const int64_t *overlaps, const int64_t *entries, int64_t patterns,
                               int64_t target, double threshold);

#endif
