/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_GNUPLOT_H
#define PH_CLI_GNUPLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/report.h"

/** Folder of the figures' templates: beside an installed program, else in the source. */
const char *ph_gnuplot_templates(void);

/** What a figure's name ends with until it is whole. */
#define PH_GNUPLOT_PARTIAL ".partial"

/**
 * Runs gnuplot on a script NAME.gp, in the script's folder, and lists in `list` (NULL: nowhere)
 * what it has drawn: NAME with each of `formats` (of png, svg and pdf, divided by blanks), or for
 * "tex" NAME.tex, which LaTeX reads, and NAME.pdf, which that includes. A figure
 * takes its name only whole, and is `width` millimetres wide in print (0: as it came); PDF files
 * are dated SOURCE_DATE_EPOCH where that is set. PH_ERR_EXTERNAL where gnuplot is missing, cannot
 * be started, fails or cannot read its data, with what it said; PH_ERR_IO where a figure was cut
 * off (gnuplot does not tell of a full disk), and then the old one stays.
 */
int ph_gnuplot_draw(const char *script, const char *formats, double width, FILE *list,
                    ph_report_t *report);

#endif
