/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_GNUPLOT_H
#define PH_CLI_GNUPLOT_H

#include <stdbool.h>

#include "base/report.h"

/** Folder of the figures' templates: beside an installed program, else in the source. */
const char *ph_gnuplot_templates(void);

/**
 * Runs gnuplot on a script, in the script's folder. PH_ERR_EXTERNAL where gnuplot is missing or
 * fails, with the first line it said.
 */
int ph_gnuplot_run(const char *script, ph_report_t *report);

/**
 * Whether a figure, NAME.png, .svg or .pdf, stands there to its end: gnuplot does not tell of a
 * full disk. PH_ERR_IO where not, and then the figure is removed.
 */
int ph_gnuplot_whole(const char *figure, ph_report_t *report);

/**
 * Sets the creation date of a PDF file to SOURCE_DATE_EPOCH where that is set, so that the same
 * figure has the same bytes: not every cairo does so by itself. PH_ERR_IO.
 */
int ph_gnuplot_date(const char *pdf, ph_report_t *report);

#endif
