/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_AXIS_H
#define PH_FIGURE_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "params/grid.h"

/** How an axis is drawn. */
typedef struct {
    const ph_coordinate_t *coordinate;
    size_t size;
    bool words, logarithmic;
    double minimum, maximum; /* edges of the outermost cells */
} ph_figure_axis_t;

ph_figure_axis_t ph_figure_axis(const ph_grid_t *grid, size_t axis);

/** The same of any coordinate of an axis of keys that vary together. */
ph_figure_axis_t ph_figure_axis_by(const ph_grid_t *grid, size_t axis, size_t coordinate);
double ph_figure_place(const ph_figure_axis_t *axis, size_t i);

/** Edge below value i; i up to and including size. */
double ph_figure_edge(const ph_figure_axis_t *axis, size_t i);

/** Number of a grid point from one index an axis. */
size_t ph_figure_point(const ph_grid_t *grid, const size_t *index);

/** Label of an axis, or of a value on it, in gnuplot's enhanced text. */
void ph_label_axis(const ph_coordinate_t *coordinate, char *text, size_t size);
void ph_label_value(const ph_coordinate_t *coordinate, size_t i, char *text, size_t size);

#endif
