/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXPORT_RETRIEVED_H
#define PH_EXPORT_RETRIEVED_H

#include "analysis/estimate/retrieved.h"
#include "analysis/export/row.h"
#include "analysis/export/selection.h"

/** What theory has to say at every point: numbers of patterns, NaN where it does not know. */
typedef struct {
    const double *population; /* [points] of the infinite network */
    const double *samples;    /* [points] averaged over the samples; NULL: not there */
} ph_retrieved_theory_t;

/**
 * How many patterns are retrieved at every selected point, one a row: the axes, the number of
 * patterns, how many are retrieved, its error with its degrees of freedom, thermal and disorder
 * error, theory (NULL: without), chains, and a remark. Errors as ph_retrieved_read, and PH_ERR_IO.
 */
int ph_export_retrieved(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                        const ph_retrieval_t *rule, const ph_retrieved_theory_t *theory,
                        ph_text_format_t format, ph_report_t *report);

/** Whether a line of a table in columns, its second, or the names of a CSV one are theirs. */
bool ph_export_is_retrieved(const char *line, ph_text_format_t format);

#endif
