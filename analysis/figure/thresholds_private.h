/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_THRESHOLDS_PRIVATE_H
#define PH_FIGURE_THRESHOLDS_PRIVATE_H

#include "analysis/theory/theory.h"

/** A threshold of the infinite network, or the mean over the samples of given archetypes, which
 * have none; NaN: there is none, infinite: never, be it in one sample. */
double ph_figure_threshold(const ph_theory_t *theory, bool relative, size_t point, size_t mu);

#endif
