/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_DIAGRAM_FACES_PRIVATE_H
#define PH_FIGURE_DIAGRAM_FACES_PRIVATE_H

#include "analysis/figure/diagram_lines_private.h"

/* Regions of a phase diagram as polygons between its traced curves. */

/** A straight piece between two places; of which curve, -1: the edge of the diagram. */
typedef struct {
    size_t ends[2]; /* places */
    int curve;
    int sides[2]; /* regions left and right of it as it goes; -1: outside */
} ph_face_edge_t;

/** A region: the places around it, anticlockwise. */
typedef struct {
    size_t count;
    size_t *places; /* [count] */
    double area;    /* share of the diagram */
    int label;      /* that most grid points inside have; -1: none */
} ph_face_t;

typedef struct {
    size_t places_count, places_capacity;
    double (*places)[2]; /* shares of the axes' ranges */
    size_t edges_count, edges_capacity;
    ph_face_edge_t *edges;
    size_t count;
    ph_face_t *items; /* large ones first: one inside another is drawn upon it */
} ph_faces_t;

/** Whether the curves of a diagram were traced, so that regions can be had of them. */
bool ph_diagram_traced(const ph_diagram_t *self);

/**
 * The regions of the ground state (panel 0) or of the state reached (1) between all curves but
 * those with one label on both sides; each has the label of most grid points in it. PH_ERR_MEMORY;
 * free is safe after it.
 */
int ph_faces_find(ph_faces_t *self, const ph_diagram_t *diagram, size_t panel);
void ph_faces_free(ph_faces_t *self);

/** Whether a place (shares) is in a region of this label, or on the edge of one. */
bool ph_faces_has(const ph_faces_t *self, const double *place, int label);

/** The label of the region at a place (shares); -1: none. */
int ph_faces_label(const ph_faces_t *self, const double *place);

/** Share of an axis' range at its value i. */
double ph_faces_share(const ph_figure_axis_t *axis, size_t i);

/** Writes the regions of one label as closed polygons. */
void ph_faces_write(const ph_faces_t *self, const ph_diagram_t *diagram, int label, FILE *file);

/** The pieces of curves between different labels, as lines of the kinds they are. PH_ERR_MEMORY. */
int ph_faces_lines(const ph_faces_t *self, const ph_diagram_t *diagram, ph_lines_t *lines);

/** How a curve is drawn. */
ph_line_t ph_curve_line(const ph_curve_t *curve);

#endif
