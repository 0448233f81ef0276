/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_QUANTITY_PRIVATE_H
#define PH_FIGURE_QUANTITY_PRIVATE_H

#include <stdio.h>

#include "analysis/figure/lone.h"
#include "analysis/figure/slice.h"

/* As many as there are colours. */
enum { SERIES_MAX = 7, SAMPLES_MIN = 4 };

/* The lines beside the estimates, in the order of the data's columns behind the error. */
enum { LINE_EXACT, LINE_WELLS, LINE_FLOW, LINE_STEP, LINE_INFINITE, LINES };
/*
 * One quantity along an axis, or over the patterns: panels, in each a series a value of another, so
 * that curves of several sizes cross where they do.
 */
typedef struct {
    double value, error, lines[LINES];
    double limit; /* examples needed; NaN: not known */
} ph_quantity_place_t;

typedef struct {
    const ph_figure_t *figure;
    const ph_slice_t *slice;
    size_t samples;
    size_t patterns;                             /* that are drawn of a point */
    size_t all;                                  /* series that there would be */
    size_t panels, series, size, of[SERIES_MAX]; /* of: values of the second axis */
    ph_quantity_place_t *places;                 /* [points][patterns] */
    double *each;                                /* [points][patterns][samples], for fits */
    bool *read;                                  /* [points] */
    double low, high, least;                     /* least: of those above 0 */
    bool lines[LINES], open;
    ph_inset_t inset;
    ph_lones_t lones;
} ph_quantity_curves_t;

/** The point of place i along x of a series in a panel, and its pattern. */
size_t ph_curves_find(const ph_quantity_curves_t *self, size_t panel, size_t series, size_t i,
                      size_t *pattern);

/** What a panel is of, each key of its axes: "" where there is one. Of many keys the letters stand
 * alone, or neighbours' titles would meet. And what a series is of. */
void ph_curves_panel_title(const ph_quantity_curves_t *self, size_t panel,
                           char text[PH_FIGURE_TEXT]);
void ph_curves_series_title(const ph_quantity_curves_t *self, size_t series,
                            char text[PH_FIGURE_TEXT]);

/** Over numbers of examples, the absolute thresholds of all series in all panels: limits[], 0 where
 * there is none. */
void ph_curves_limits(const ph_quantity_curves_t *self, FILE *script);

#endif
