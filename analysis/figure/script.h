/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_SCRIPT_H
#define PH_FIGURE_SCRIPT_H

#include <stdio.h>

#include "analysis/figure/axis.h"
#include "analysis/figure/layout.h"

/** What the line with the request's mark begins with. */
#define PH_SCRIPT_MARK "# Made of "

/** A blank and a number to so many digits in a data file; "NaN" where there is none. */
void ph_figure_number(FILE *file, int digits, double value);

/** What every script begins with: names, title, formats; then its axes, one by one. */
void ph_script_head(FILE *script, const ph_figure_t *self, const char *kind);
void ph_script_axis(FILE *script, const ph_figure_t *self, const char *letter,
                    const ph_figure_axis_t *axis, double margin);

/** How far such an axis reaches. */
void ph_script_ends(const ph_figure_axis_t *axis, double margin, double *low, double *high);

/** The values of an axis as its tics, as far as their labels have room in a panel of so many
 * pixels: LETTER_values. Of those without a label nothing is shown, or, of an axis across or
 * upwards, a short tic. */
typedef enum { PH_TICS_LABELLED, PH_TICS_ACROSS, PH_TICS_UPWARDS } ph_tics_t;
void ph_script_tics(FILE *script, const ph_figure_t *self, const char *letter,
                    const ph_figure_axis_t *axis, double panel, ph_tics_t kind);

/** name = './FIGURE-KIND.EXTENSION', another file of the figure. */
void ph_script_name(FILE *script, const char *name, const ph_figure_t *self, const char *kind,
                    const char *extension);

/** labels[p], the names of what is drawn, and NAME, what is drawn of it. */
void ph_script_values(FILE *script, const ph_figure_t *self, const char *name);

/**
 * name = 'text', one line of at most 4 PH_FIGURE_TEXT bytes, quoted for gnuplot: a label, whose
 * symbols are in gnuplot's markup, words as they are, or a quantity's definition. Of a figure for
 * LaTeX they are LaTeX's (analysis/figure/tex.h).
 */
void ph_script_text(FILE *script, const ph_figure_t *self, const char *name, const char *text);
void ph_script_words(FILE *script, const ph_figure_t *self, const char *name, const char *text);
void ph_script_definition(FILE *script, const ph_figure_t *self, const char *name,
                          const char *text);

/** The symbol of a pattern's magnetization, in gnuplot's markup. */
const char *ph_script_magnetization(const ph_figure_t *self);

/** Appends a template of the request's folder. */
int ph_script_template(FILE *script, const ph_figure_t *self, const char *name,
                       ph_report_t *report);

#endif
