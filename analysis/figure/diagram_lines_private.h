/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_DIAGRAM_LINES_PRIVATE_H
#define PH_FIGURE_DIAGRAM_LINES_PRIVATE_H

#include <stdio.h>

#include "analysis/figure/axis.h"
#include "analysis/figure/layout.h"

/* Lines and regions of a phase diagram, put together from the squares between grid points. */

/** How a line is drawn. */
typedef enum {
    PH_LINE_CROSSING,      /* the ground state changes with a jump */
    PH_LINE_CONTINUOUS,    /* ... without */
    PH_LINE_CROSSOVER,     /* ... by name only */
    PH_LINE_SPINODAL,      /* a state that is not the ground state ends with a jump */
    PH_LINE_MELTING,       /* ... without */
    PH_LINE_EXAMPLES,      /* the examples of a pattern part */
    PH_LINE_EXAMPLE_STATE, /* a state of single examples becomes the lowest */
    PH_LINE_COUNT
} ph_line_t;

/** A place on the way between two grid points. Equal ids are one place. */
typedef struct {
    size_t id;
    double x, y;
} ph_spot_t;

typedef struct {
    ph_spot_t ends[2];
    bool drawn;
} ph_line_piece_t;

typedef struct {
    size_t count, capacity;
    ph_line_piece_t *segments;
} ph_lines_t;

/** PH_ERR_MEMORY. */
int ph_lines_add(ph_lines_t *self, ph_spot_t a, ph_spot_t b);
void ph_lines_free(ph_lines_t *self);

/** Writes segments that meet as one line, a blank line after each; dashes then run on. */
void ph_lines_write(ph_lines_t *self, FILE *file);

/** A phase diagram over two axes of a figure. */
typedef struct {
    const ph_phase_t *phase;
    const ph_figure_t *figure;
    ph_figure_axis_t x, y;
} ph_diagram_t;

size_t ph_diagram_point(const ph_diagram_t *self, size_t i, size_t j);

/** The most patterns that states of a point have: their labels are numbered among those of so many.
 * Points with more have no states, whatever the grid holds. */
size_t ph_diagram_patterns(const ph_diagram_t *self);

/** Codes of the labels of the ground state and of the state reached; -1 for none. */
int ph_diagram_ground(const ph_diagram_t *self, size_t i, size_t j);
int ph_diagram_reached(const ph_diagram_t *self, size_t i, size_t j);

/** Adds the lines of every kind to lines[PH_LINE_COUNT]. PH_ERR_MEMORY. */
int ph_diagram_lines(const ph_diagram_t *self, ph_lines_t *lines);

/** Writes, for squares of more than one label, the parts of one label as closed polygons. */
void ph_diagram_polygons(const ph_diagram_t *self, int label, FILE *file);

#endif
