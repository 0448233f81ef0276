/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_SLICE_H
#define PH_FIGURE_SLICE_H

#include "analysis/estimate/quantity.h"
#include "analysis/figure/kind.h"

/** Beside the numbers of a grid's axes: patterns are drawn along, or nothing is. */
enum { PH_SLICE_PATTERN = PH_MAX_AXES, PH_SLICE_NONE };

/** What is drawn along, or lines are drawn by. */
typedef struct {
    size_t axis;       /* of the grid, or one of the above */
    size_t coordinate; /* of the axis */
} ph_slice_place_t;

/**
 * A slice of a run: a quantity along x, a line a value of `by`, and a panel for each combination of
 * what is left, as far as there is room for them; the axes beyond make figures of their own.
 */
typedef struct {
    const ph_quantity_t *quantity;
    ph_slice_place_t x, by;
    bool pattern_panels; /* a panel a pattern */
    size_t panel_axes_count, panel_axes[PH_MAX_AXES];
    size_t axes_count, axes[PH_MAX_AXES + 2]; /* for ph_figure_next(): the axes of figures of their
                                                 own, from number 2 on */
} ph_slice_t;

/**
 * Finds what a request means in a grid. x: by default the best open axis; `by`: the next one, where
 * there is one and the request says neither. PH_ERR_INPUT for names that there are not (with those
 * that there are), an axis with one value, twice the same, a scale without values above 0, or
 * theories that say nothing of the quantity; PH_ERR_UNSUPPORTED for too many figures.
 */
int ph_slice_resolve(ph_slice_t *self, const ph_selection_t *selection,
                     const ph_figure_request_t *request, ph_report_t *report);

/** How many values there are of a place, of the first `patterns` patterns. */
size_t ph_slice_size(const ph_slice_place_t *place, const ph_grid_t *grid, size_t patterns);

/** The quantity's word of a request, or the words of its x and by behind it: NAME-x-by. `text`
 * takes PH_FIGURE_WORD bytes. */
void ph_slice_word(const ph_figure_request_t *request, char text[PH_FIGURE_WORD]);

#endif
