/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_FIGURES_H
#define PH_PARAMS_FIGURES_H

/*
 * The figures, a line each: its name and its word in grid files and in plot --figure. The place in
 * the list is a bit in sets of figures: new lines go to the end. What a figure draws is its row in
 * analysis/figure, PH_FIGURE_ROW_<name>.
 */
/* clang-format off */
#define PH_FIGURES(FIGURE)                   \
    FIGURE(CURVES,     "curves")             \
    FIGURE(MAP,        "map")                \
    FIGURE(TRAJECTORY, "trajectory")         \
    FIGURE(REWEIGHTED, "reweighted")         \
    FIGURE(QUANTITY,   "quantity")           \
    FIGURE(THRESHOLDS, "thresholds")         \
    FIGURE(DIAGRAM,    "diagram")            \
    FIGURE(STATES,     "states")             \
    FIGURE(OVERLAPS,   "overlaps")           \
    FIGURE(ATTRACTORS, "attractors")         \
    FIGURE(DISTRIBUTION, "distribution")     \
    FIGURE(LANDSCAPE,  "landscape")          \
    FIGURE(PORTRAIT,   "portrait")           \
    FIGURE(NEEDED,     "needed")
/* clang-format on */

/** Figures, as many as PH_FIGURE_WORDS has: bit 1 << figure of a set. */
#define PH_FIGURE_ID(ID, ...) PH_FIGURE_##ID,
typedef enum { PH_FIGURES(PH_FIGURE_ID) PH_FIGURE_COUNT } ph_figure_id_t;
#undef PH_FIGURE_ID

#endif
