/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_LAYOUT_H
#define PH_FIGURE_LAYOUT_H

#include "analysis/export/selection.h"
#include "analysis/figure/figure.h"

enum { PH_FIGURE_TEXT = 512, PH_NO_AXIS = PH_MAX_AXES };

/** One figure's place in the grid. */
typedef struct {
    const ph_grid_t *grid;
    const ph_figure_request_t *request;
    size_t x, y;                       /* axes; y is PH_NO_AXIS for a single panel */
    bool inside[PH_MAX_AXES];          /* axes that are drawn in it beside x and y */
    size_t index[PH_MAX_AXES];         /* fixed values of the other axes */
    size_t patterns;                   /* drawn */
    char title[PH_FIGURE_TEXT];        /* of the figure */
    char suffix[PH_FIGURE_TEXT];       /* of file names: fixed values that distinguish figures */
    bool absolute[PH_FIGURE_PATTERNS]; /* |m| is drawn: its sign is lost somewhere */
    bool lines;                        /* a map under the lines of the diagram of the same name */
    size_t lines_index;                /* of their first block in its data */
} ph_figure_t;

/** Whether it is for LaTeX, and what its files' names end with then ("": else). */
bool ph_figure_is_tex(const ph_figure_t *self);
const char *ph_figure_tail(const ph_figure_t *self);

/** How much larger its text is than the usual one, of 10.5 gnuplot's points in a PDF file, which
 * are 7 in print; and the size in print of a figure of a width of its own. */
double ph_figure_enlarged(const ph_figure_request_t *request);
double ph_figure_print_size(const ph_figure_request_t *request);

/** Whether it has a width of its own in which two panels do not stand side by side. */
bool ph_figure_narrow(const ph_figure_request_t *request);

/** How many panels of so many stand side by side, and the width of one, in pixels of the layout
 * (1/140 inch): `usual`, or in a figure of a width of its own what `margins` leave of that. */
size_t ph_figure_columns(const ph_figure_request_t *request, size_t panels);
double ph_figure_panel(const ph_figure_request_t *request, size_t panels, double margins,
                       double usual);

/** Open axes of a selection, best first to draw along, into axes[]; returns how many. */
size_t ph_figure_order(const ph_selection_t *selection, size_t *axes);

/** PH_ERR_UNSUPPORTED where none of `count` axes is open, or too many sets of figures. */
int ph_figure_check(const ph_selection_t *selection, const size_t *axes, size_t count,
                    ph_report_t *report);

/** Title and suffix of a figure from the values of the axes that are not drawn. */
void ph_figure_name(ph_figure_t *self, const ph_selection_t *selection);

/** Next combination of values on the axes after the first two; false after the last. */
bool ph_figure_next(ph_figure_t *figure, const size_t *axes, size_t count);

#endif
