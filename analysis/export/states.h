/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXPORT_STATES_H
#define PH_EXPORT_STATES_H

#include "analysis/export/export.h"

/**
 * The recorded states of one chain (sample and replica 1, 2, ...) of the one selected point, as far
 * as it has come: one neuron a row, a column for each time, spins -1 and 1. PH_ERR_UNSUPPORTED
 * where there are none.
 */
int ph_export_states(FILE *out, ph_runfile_t *run, const ph_selection_t *selection, int64_t sample,
                     int64_t replica, ph_text_format_t format, ph_report_t *report);

/** Whether a line is the second of such a table in columns, or the first of one in CSV. */
bool ph_export_begins_states(const char *line);

#endif
