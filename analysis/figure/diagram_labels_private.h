/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_DIAGRAM_LABELS_PRIVATE_H
#define PH_FIGURE_DIAGRAM_LABELS_PRIVATE_H

#include "analysis/figure/diagram_faces_private.h"
#include "analysis/figure/inset.h"

/* Where the words of a phase diagram's regions stand. */

/** How far an axis reaches that has numbers between its points: from the first to the last; one of
 * words from edge to edge. */
double ph_diagram_low(const ph_figure_axis_t *axis);
double ph_diagram_high(const ph_figure_axis_t *axis);

typedef struct {
    double x, y; /* 0 where they do not fit at all */
    int fit;     /* 2: the long words, 1: short ones, 0: none */
} ph_label_place_t;

/** What labels may stand in: a panel, or the part of one that an inset shows. */
typedef struct {
    const ph_diagram_t *diagram;
    size_t size[2];           /* places looked at along x and y, */
    double *at[2];            /* ... these */
    int *codes;               /* [size[0]][size[1]] labels there; -1: there can stand none */
    int *open;                /* the same, -1 also where a line crosses a region */
    double low[2], high[2];   /* of the part, along x and y */
    double characters, lines; /* so many are side by side in it, and one upon another */
} ph_label_room_t;

/** A panel (0: ground state, 1: state reached) at the grid's points without what its inset covers;
 * or, `within`, the part that the inset shows, looked at closely where there are regions between
 * curves (NULL: there are none). PH_ERR_MEMORY; free is safe after it. */
int ph_label_room_begin(ph_label_room_t *self, const ph_diagram_t *diagram, size_t panel,
                        const ph_inset_t *inset, bool within, const ph_faces_t *faces);
void ph_label_room_free(ph_label_room_t *self);

/** A line goes through regions from a to b, which words keep off as far as there is room. */
void ph_label_room_cross(ph_label_room_t *self, const double a[2], const double b[2]);

ph_label_place_t ph_label_room_find(const ph_label_room_t *self, int label);

#endif
