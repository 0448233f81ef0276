/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_LIKENESS_H
#define PH_DATA_LIKENESS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/table.h"

/** Numbers, and what they would be of patterns drawn independently with the same dilution. */
typedef struct {
    double least, mean, most;
    double chance; /* what the largest |number| of independent patterns stays below, but for once in
                      a hundred; 0 where there are no numbers */
    bool beyond;   /* the largest is beyond what its own pattern or pair allows at that rate */
} ph_spread_t;

/** What patterns have in common. */
typedef struct {
    size_t neurons, patterns;
    size_t all_blank; /* patterns without an entry; the first of them, from 0: */
    size_t first_blank;
    size_t twins;          /* pairs that are alike or each other's negative */
    size_t pair[2];        /* patterns of the largest |overlap|, from 0 */
    ph_spread_t dilution;  /* of patterns; chance and beyond are not used */
    ph_spread_t bias;      /* of patterns: sum over neurons / N */
    ph_spread_t overlap;   /* of pairs: sum of products over neurons / N */
    ph_spread_t coincided; /* of pairs: share of neurons with an entry in both, less the product of
                              the shares with one */
} ph_likeness_t;

/** PH_ERR_MEMORY. */
int ph_likeness_of(const ph_table_t *table, ph_likeness_t *self, ph_report_t *report);

#endif
