/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ANALYSIS_ROWS_H
#define PH_ANALYSIS_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/report.h"
#include "params/grid.h"
#include "sim/model/patterns.h"

/**
 * The distribution of one neuron's pattern row: distinct rows, gauge-reduced (a row and its
 * negative are one, the first non-blank entry is +1), with their weights. Population averages and
 * averages over the neurons of a given sample differ in the weights only, so every solver serves
 * both. Functions averaged over it must be even under row -> -row.
 */
typedef struct {
    int64_t patterns;
    size_t count;
    int8_t *rows;    /* [count][patterns] */
    double *weights; /* [count], sum 1 */
} ph_rows_t;

enum { PH_ROWS_PATTERNS_MAX = 12 };

/** Exact population weights. PH_ERR_UNSUPPORTED above PH_ROWS_PATTERNS_MAX patterns. */
int ph_rows_population(ph_rows_t *self, const ph_point_t *point, ph_report_t *report);

/** The rows of one sample, weights = fractions of its neurons; any number of patterns. */
int ph_rows_sample(ph_rows_t *self, const ph_patterns_t *patterns, ph_report_t *report);
void ph_rows_free(ph_rows_t *self);

#endif
