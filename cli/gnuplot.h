/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_GNUPLOT_H
#define PH_CLI_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/report.h"

/** Folder of the figures' templates: beside an installed program, else in the source. */
const char *ph_gnuplot_templates(void);

/** What a figure's name ends with until it is whole. */
#define PH_GNUPLOT_PARTIAL ".partial"

/** Scripts to be drawn. */
typedef struct {
    char *const *scripts; /* [count] NAME.gp */
    const bool *kept;     /* [count] which are left as they are; NULL: none */
    size_t count;
    const char *formats;
    double width;
    int threads;           /* so many at a time, four at most; at least 1 */
    FILE *list;            /* NULL: nowhere */
    bool (*stopped)(void); /* whether no more are to be begun; NULL: never */
} ph_gnuplot_t;

/**
 * Runs gnuplot on scripts, each in its folder, and lists in order what it has drawn: NAME with each
 * of `formats` (of png, svg and pdf, divided by blanks), or for "tex" NAME.tex, which LaTeX reads,
 * and NAME.pdf, which that includes. A figure takes its name only whole, and is `width` millimetres
 * wide in print (0: as it came); PDF files are dated SOURCE_DATE_EPOCH where that is set.
 * PH_ERR_EXTERNAL where gnuplot is missing, cannot be started, fails or cannot read its data, with
 * what it said; PH_ERR_IO where a figure was cut off (gnuplot does not tell of a full disk), and
 * then the old one stays. After a script that fails no figure takes its name.
 */
int ph_gnuplot_draw(const ph_gnuplot_t *job, ph_report_t *report);

#endif
