/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXPORT_EXPORT_H
#define PH_EXPORT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/estimate/alignment.h"
#include "analysis/export/row.h"
#include "analysis/export/selection.h"
#include "base/report.h"
#include "sim/store/runfile.h"

/* A run as text (analysis/export/row.h). PH_ERR_IO where `out` takes no more. */

/**
 * Estimates (analysis/estimate/estimates.h), one row a point and pattern: the axes, pattern (or
 * rank: 1, 2,
 * ...), for every component its mean, error and tau (sweeps), the same of |m|, m^2 and m^4, chains,
 * records, and a remark: "empty", "short", "final", "final+moving" or "-".
 */
int ph_export_estimates(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                        ph_view_t view, ph_text_format_t format, ph_report_t *report);

/**
 * The patterns of a sample (1, 2, ... as the file counts), drawn again from the seed: one neuron a
 * row, one pattern a column, entries -1, 0, 1. All selected points must share them.
 */
int ph_export_patterns(FILE *out, const ph_selection_t *selection, int64_t sample,
                       ph_text_format_t format, ph_report_t *report);

/**
 * The examples that the network of a sample learned, drawn again from the seed, of the one selected
 * point: one neuron a row, a column for each example of each pattern, entries -1, 0, 1.
 * PH_ERR_INPUT where its rule learns none.
 */
int ph_export_examples(FILE *out, const ph_selection_t *selection, int64_t sample,
                       ph_text_format_t format, ph_report_t *report);

/**
 * The records of one chain (sample and replica 1, 2, ...) of the one selected point: time in
 * sweeps after burn-in, then every component, the pattern's number at the end of its name.
 */
int ph_export_trajectory(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                         int64_t sample, int64_t replica, ph_text_format_t format,
                         ph_report_t *report);

/** Whether a file begins like a table of these functions, in any format. */
bool ph_export_is_table(FILE *file);

#endif
