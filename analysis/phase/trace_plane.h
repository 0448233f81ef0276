/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_TRACE_PLANE_H
#define PH_PHASE_TRACE_PLANE_H

#include "analysis/phase/boundary.h"

/**
 * The plane of two axes of a grid that has no others of more than one value. A place in it is two
 * shares of the axes' ranges, each from 0 to 1.
 */
typedef struct {
    const ph_grid_t *grid;
    size_t axis[2], stride[2]; /* of the points along them */
    ph_point_t point;
    double numbers[PH_PATH_NUMBERS][PH_STATES_PATTERNS_MAX];
    bool starved; /* there was no memory for something at one of its places */
} ph_plane_t;

/** Whether a way at a place goes along an edge of axis k: it does not leave the plane there. */
bool ph_plane_along(const double *place, const double *tangent, size_t k);

/** False where the two axes are not all there is. */
bool ph_plane_init(ph_plane_t *self, const ph_grid_t *grid, size_t x, size_t y);

/** Shares: a curve along an edge of the plane is off it by no more. */
#define PH_PLANE_ROUNDING 1e-9

/** The point at a place, or at the edge if it is outside; valid until the next call. Between grid
 * values numbers go straight. */
const ph_point_t *ph_plane_point(ph_plane_t *self, const double *place);

/** Value of the axis' first coordinate at a share of its range, and back. */
double ph_plane_value(const ph_plane_t *self, size_t axis, double share);
double ph_plane_share(const ph_plane_t *self, size_t axis, double value);

/**
 * The status as it is. What is only looked for at a place takes any failure for "not there": want
 * of memory is kept here, so that it comes out at the end.
 */
int ph_plane_status(ph_plane_t *self, int status);

/** The grid's value at or below a share of an axis that has a next one. */
size_t ph_plane_index(const ph_plane_t *self, size_t axis, double share);

#endif
