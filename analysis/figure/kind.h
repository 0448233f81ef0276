/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_KIND_H
#define PH_FIGURE_KIND_H

#include "analysis/figure/data.h"

enum { PH_FIGURE_WORD = 160 };

/**
 * A figure: one of these in a file of its own, and its line in the list of params/figures.h. The
 * layout that `draw` gets has the best two open axes as x and y (PH_NO_AXIS where there is none),
 * values of the others, and a title; it is called for every combination of those values.
 */
typedef struct ph_figure_kind {
    const char *word; /* that of the list, and of its files */
    const char *help; /* one line */
    ph_figure_of_t of;
    size_t axes;    /* open ones that it takes at least */
    bool on_demand; /* drawn only where it is asked for by its word */
    bool inset;     /* may have one */
    bool compares;  /* needs the comparison of the run */
    /** Whether it is drawn unasked; NULL: where the open axes are enough. */
    bool (*usual)(const ph_figure_job_t *job);
    /** The word of its files where that is another one; NULL: it is not. */
    void (*file_word)(const ph_figure_request_t *request, char word[PH_FIGURE_WORD]);
    /** Shares the axes out itself: sets x, y and `inside` of the layout, and the axes whose values
     * make figures of their own (axes[], from number 2 on). NULL: as said above. */
    int (*arrange)(const ph_figure_job_t *job, ph_figure_t *layout, size_t *axes, size_t *count,
                   ph_report_t *report);
    /** Whether it can be drawn: PH_ERR_UNSUPPORTED or PH_ERR_INPUT with what would help. */
    int (*check)(const ph_figure_job_t *job, ph_report_t *report);
    int (*draw)(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report);
} ph_figure_kind_t;

/** Figure i of the list; NULL after the last. */
const ph_figure_kind_t *ph_figure_kind(size_t i);

#endif
