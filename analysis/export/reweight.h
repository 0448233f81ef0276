/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXPORT_REWEIGHT_H
#define PH_EXPORT_REWEIGHT_H

#include "analysis/export/row.h"
#include "analysis/export/selection.h"
#include "sim/store/runfile.h"

/** `count` noises from `from` to `to` in equal steps. */
typedef struct {
    double from, to;
    size_t count;
} ph_noises_t;

/**
 * "T1:T2:n", 0 < T1 <= T2 and n from 1 to 10000; "T" for one. PH_ERR_INPUT, with what is expected.
 */
int ph_noises_parse(ph_noises_t *self, const char *text, ph_report_t *report);

/**
 * Quantities along the noise from the selected points, those that differ in noise alone taken
 * together (analysis/estimate/reweight.h): the other axes, noise, quantity, what it is of, value,
 * error with its degrees of freedom, thermal and disorder error, exact sum, effective records.
 * Errors as ph_reweight, and PH_ERR_IO; PH_ERR_UNSUPPORTED where another key goes with the noise.
 */
int ph_export_reweighted(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                         const ph_noises_t *noises, int threads, ph_text_format_t format,
                         ph_report_t *report);

/** Whether a line of a table in columns, its second, or the names of a CSV one are its. */
bool ph_export_is_reweighted(const char *line, ph_text_format_t format);

#endif
