/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_INSET_H
#define PH_FIGURE_INSET_H

#include <stdbool.h>
#include <stdio.h>

#include "base/report.h"
#include "params/inset.h"

/* Insets: a part of a figure's panels drawn again, enlarged, upon a corner of each. */

/** How far a panel reaches along x or y. */
typedef struct {
    const char *name; /* of what is along it */
    double low, high;
    bool logarithmic, words;
} ph_inset_span_t;

/** An inset, and what is drawn in the panels that it must not cover. All zero: there is none. */
typedef struct {
    const ph_inset_part_t *part;
    ph_inset_span_t spans[2];
    ph_inset_corner_t corner;
    double share; /* of a panel's width and height, with its tics */
    bool failed;  /* there was no memory for a line */
    size_t count, capacity;
    double (*lines)[4]; /* straight ones, from x, y to x, y */
} ph_inset_t;

bool ph_inset_is(const ph_inset_t *self);

/** A straight line is drawn from a to b (values along x and y; NaN: it is not), or a point, where
 * they are the same. */
void ph_inset_see(ph_inset_t *self, const double a[2], const double b[2]);

/** Whether a part is one of a panel along x (0) or y (1), as far as that is known before there are
 * results: PH_ERR_INPUT; PH_OK also where none is asked for. */
int ph_inset_check(const ph_inset_part_t *part, size_t k, const ph_inset_span_t *span,
                   ph_report_t *report);

/**
 * Settles where it stands: in the corner that was named, else where it covers least of what is
 * drawn and nothing of its part. PH_ERR_INPUT for a part beyond the panel, along words, or such
 * that no corner, or not this one, is free of it; PH_ERR_MEMORY.
 */
int ph_inset_settle(ph_inset_t *self, const ph_inset_span_t spans[2], ph_report_t *report);

/** Shows the four sides of the frame at its part; where there is no inset none. */
typedef void ph_inset_see_t(void *context, const double a[2], const double b[2]);
void ph_inset_frame(const ph_inset_t *self, ph_inset_see_t *see, void *context);

/** Whether it covers a place, in shares of the panel. */
bool ph_inset_covers(const ph_inset_t *self, double x, double y);

/** How much of a panel it has across and upwards between its tics and edges, about. */
double ph_inset_inner(const ph_inset_t *self);

/** What style.gp draws it by. */
void ph_inset_script(const ph_inset_t *self, FILE *script);

void ph_inset_free(ph_inset_t *self);

#endif
