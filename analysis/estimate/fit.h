/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_FIT_H
#define PH_ESTIMATE_FIT_H

#include <stddef.h>

/** A straight line through points. NaN: not known. */
typedef struct {
    double slope, error; /* one standard deviation */
} ph_fit_t;

/**
 * By least squares, points weighing 1/error^2, or all alike where the error of one is not known or
 * 0. The slope's error follows from those of the points, as if they were independent, and is no
 * smaller than their scatter about the line says; of points that weigh alike it is that of the
 * scatter. Points with a NaN are left out. Slopes need two different x, errors by scatter three
 * points.
 */
ph_fit_t ph_fit_line(size_t count, const double *x, const double *y, const double *error);

#endif
