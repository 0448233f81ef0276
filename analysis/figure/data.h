/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_DATA_H
#define PH_FIGURE_DATA_H

#include "analysis/figure/layout.h"

/** Values to draw, each [points][patterns], NaN where there is none. */
typedef struct {
    const ph_grid_t *grid;
    ph_view_t view;
    size_t patterns; /* the grid's largest number of them */
    /* [0] of m, [1] of |m|; sample: mean field of the very samples with 1/N correction, drawn in */
    double *mean[2], *error[2], *theory[2], *sample[2];
    double *undecided; /* 1 where the comparison with the samples' theory leaves it open, else 0 */
    bool any_theory;
    bool samples;                /* `sample` is another line than `theory`: patterns are drawn */
    bool learning;               /* grids that learn drawn patterns, with one line more: */
    double *gaussian;            /* mean field in the Gaussian limit of the examples */
    double *relative, *absolute; /* thresholds of learning, of any M */
    bool any_threshold;
    size_t empty; /* points without data */
    /* The same theory on a finer axis, or no grid at all. */
    ph_grid_t *fine;
    ph_theory_t fine_theory;
} ph_figure_data_t;

/** Estimates of a run; no theory yet. `self` may be freed after an error. */
int ph_figure_data_read(ph_figure_data_t *self, ph_runfile_t *run, ph_view_t view,
                        ph_report_t *report);
void ph_figure_data_free(ph_figure_data_t *self);

/** How many patterns a figure draws, and of which it draws |m|. */
void ph_figure_choose(ph_figure_t *self, const ph_figure_data_t *data);

/** All figures of one call: what they are of, where, and what they have in common. */
typedef struct {
    const ph_figure_source_t *source;
    const ph_selection_t *selection;
    const ph_figure_request_t *request;
    size_t axes[PH_MAX_AXES], count; /* open ones, best first to draw along */
    ph_figure_data_t data;           /* empty until ph_figure_job_data */
} ph_figure_job_t;

/**
 * The run's estimates with theory beside them: of the wells the chains are in as the comparison has
 * it, elsewhere that of the grid's start. Read once, for lines along the axis that is asked for
 * first.
 */
int ph_figure_job_data(ph_figure_job_t *self, size_t axis, const ph_figure_data_t **data,
                       ph_report_t *report);

#endif
