/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_LONE_H
#define PH_FIGURE_LONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/report.h"

/*
 * Points of lines that have no neighbour: no line goes through them, and gnuplot draws nothing.
 * They are drawn as dashes.
 */
typedef struct {
    size_t panel, series, line; /* from 1; of a series' lines, by their template */
    double x, y;
} ph_lone_t;

typedef struct {
    bool failed; /* there was no memory for one */
    size_t count, capacity;
    ph_lone_t *points;
} ph_lones_t;

/** How a line goes on; begins with panel, series and line, and all else zero. */
typedef struct {
    ph_lone_t last;
    size_t run; /* values in a row */
} ph_lone_way_t;

/** The next place of a line, y NaN where it has none; after the last one it is ended. */
void ph_lone_see(ph_lones_t *self, ph_lone_way_t *way, double x, double y);
void ph_lone_end(ph_lones_t *self, ph_lone_way_t *way);

/** PH_ERR_MEMORY where there was none for a point. */
int ph_lone_check(const ph_lones_t *self, ph_report_t *report);

/** What style.gp draws them by. */
void ph_lone_script(const ph_lones_t *self, FILE *script);
void ph_lone_free(ph_lones_t *self);

#endif
