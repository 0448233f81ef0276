/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXPORT_QUANTITIES_H
#define PH_EXPORT_QUANTITIES_H

#include "analysis/estimate/quantities.h"
#include "analysis/export/row.h"
#include "analysis/export/selection.h"

/**
 * The quantities of every selected point (analysis/estimate/quantities.h), one a row: the axes,
 * quantity, what it is of, value, error with its degrees of freedom, thermal and disorder error,
 * exact sum, theory of the wells, chains, records, and a remark. Errors as ph_quantities_read, and
 * PH_ERR_IO.
 */
int ph_export_quantities(FILE *out, ph_runfile_t *run, const ph_selection_t *selection,
                         const ph_well_finder_t *wells, int threads, ph_text_format_t format,
                         ph_report_t *report);

/** The table of quantities, for help: two columns of text, a line each. */
void ph_export_list_quantities(FILE *out);

/** Whether a line of a table in columns, its second, or the names of a CSV one are theirs. */
bool ph_export_is_quantities(const char *line, ph_text_format_t format);

#endif
