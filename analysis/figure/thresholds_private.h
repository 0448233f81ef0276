/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_THRESHOLDS_PRIVATE_H
#define PH_FIGURE_THRESHOLDS_PRIVATE_H

#include "analysis/theory/theory.h"

/** A threshold of the infinite network, or the mean over the samples of given archetypes, which
 * have none; NaN: there is none, infinite: never, be it in one sample. */
double ph_figure_threshold(const ph_theory_t *theory, bool relative, size_t point, size_t mu);

/** Whether a grid's thresholds are the numbers of examples needed: not of an entropy of the data,
 * where quality is another one for each number of examples, and a threshold is of one quality. */
bool ph_figure_has_thresholds(const ph_grid_t *grid);

/** Refuses other grids for figure `word`: PH_ERR_UNSUPPORTED. */
int ph_figure_threshold_check(const ph_grid_t *grid, const char *word, ph_report_t *report);

#endif
