/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_FIGURE_H
#define PH_FIGURE_FIGURE_H

#include "analysis/compare/compare.h"
#include "analysis/estimate/alignment.h"
#include "analysis/export/selection.h"
#include "analysis/phase/phase.h"
#include "analysis/theory/theoryfile.h"
#include "base/report.h"
#include "sim/store/runfile.h"

enum { PH_FIGURE_PANELS = 9, PH_FIGURE_PATTERNS = 12, PH_FIGURE_SETS = 32 };

/** What to draw and how. */
typedef struct {
    const char *prefix;    /* of every file written, with its folder */
    const char *formats;   /* of "png", "svg", "pdf", divided by blanks */
    const char *templates; /* folder of style.gp, curves.gp, map.gp */
    int threads;           /* for the theory */
    ph_view_t view;        /* what is drawn: patterns by number, or by rank */
} ph_figure_request_t;

/** The gnuplot scripts written; running one in its own folder draws the figure. */
typedef struct {
    size_t count;
    char **scripts;
} ph_figures_t;

/**
 * Writes data (.dat) and gnuplot script (.gp) of every figure of a run: magnetizations over the
 * axes that the selection leaves open.
 *   one axis: PREFIX-curves, simulation with error bars and theory as lines;
 *   two: PREFIX-curves with a panel a value of the shorter axis (words before numbers; at most
 *     PH_FIGURE_PANELS, evenly chosen), and PREFIX-map with a panel a pattern;
 *   more: the same for every combination of values on the other axes, PREFIX-KEY-VALUE-...
 * At most the first PH_FIGURE_PATTERNS patterns are drawn, as estimates
 * (analysis/estimate/estimates.h), so those of last states at noise 0; open symbols have no error
 * that could be known. Of a pattern whose sign is lost somewhere in the figure (left open by the
 * start, or changed by the chains so that the error of the mean excludes the theory) |m| is drawn,
 * and said so; theory likewise. Theory is that of the wells the chains are in, as `comparison` (of
 * this run, in the request's view) has it; where that has none, or between the grid's values, the
 * mean field of the infinite network from the grid's start: from `theory`, else solved, on a finer
 * grid where the start is hierarchical.
 *
 * PH_ERR_UNSUPPORTED for no open axis or more than PH_FIGURE_SETS combinations, PH_ERR_IO,
 * PH_ERR_MEMORY. `self` may be freed after any of them.
 */
int ph_figures_write(ph_figures_t *self, ph_runfile_t *run, const ph_comparison_t *comparison,
                     const ph_theory_t *theory, const ph_selection_t *selection,
                     const ph_figure_request_t *request, ph_report_t *report);
/** Whether there is something to draw: its PH_ERR_UNSUPPORTED, before anything is computed. */
int ph_figures_check(const ph_selection_t *selection, ph_report_t *report);
/**
 * Writes data and script of a phase diagram over the two axes that the selection leaves open (two
 * of more: the same for every combination of the others): PREFIX-diagram, the regions of the ground
 * states and of the states reached from the start, with boundaries; and, with a run over the same
 * two axes, PREFIX-map, its magnetizations under the theory's lines.
 * PH_ERR_UNSUPPORTED for fewer than two open axes, or a run without them.
 */
int ph_figures_phase(ph_figures_t *self, const ph_phase_t *phase, ph_runfile_t *run,
                     const ph_selection_t *selection, const ph_figure_request_t *request,
                     ph_report_t *report);
/**
 * Writes data and script of the trajectories of the one point selected, PREFIX-trajectory: of its
 * first sample the mean over all chains, one chain, and the flow with a band of one standard
 * deviation of a chain, as far as the dynamics has them. PH_ERR_INPUT where several points are
 * selected, PH_ERR_UNSUPPORTED where no trajectories were recorded.
 */
int ph_figures_trajectory(ph_figures_t *self, ph_runfile_t *run, const ph_selection_t *selection,
                          const ph_figure_request_t *request, ph_report_t *report);
/**
 * Writes data and script of the learning thresholds of a theory over the one or two axes that the
 * selection leaves open, PREFIX-thresholds. PH_ERR_UNSUPPORTED where it holds none.
 */
int ph_figures_thresholds(ph_figures_t *self, const ph_theory_t *theory,
                          const ph_selection_t *selection, const ph_figure_request_t *request,
                          ph_report_t *report);
void ph_figures_free(ph_figures_t *self);

#endif
