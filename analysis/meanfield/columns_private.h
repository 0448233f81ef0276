/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_COLUMNS_PRIVATE_H
#define PH_MEANFIELD_COLUMNS_PRIVATE_H

#include "analysis/meanfield/meanfield_private.h"

/** Features that a law in columns has at most. */
enum { PH_COLUMNS_FEATURES = 4 };

/** Whether ph_columns_sums() has all that is wanted: F(n), or its slopes, at T > 0, of a law in
 * columns. */
bool ph_columns_do(const ph_meanfield_t *self, const ph_sums_t *sums);
void ph_columns_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *sums);

/**
 * Whether F brings any two places nearer to each other that are within `far` of n, all in the
 * metric sum w (dn)^2. From such a place the flow leads to n, if F(n) = n, and so do its steps of
 * any length up to 1 along F(n) - n. False where that cannot be told, and of laws not in columns.
 */
bool ph_columns_contract(const ph_meanfield_t *self, const double *n, double far);

/** ph_newton_step() at n, where F is a contraction; else false, with r as it was. */
bool ph_columns_newton(const ph_meanfield_t *self, const double *n, double *r);

/** Replaces x by a matrix's inverse times x, by the root of that in the metric of w, where a
 * feature of weight 0 stands alone. */
void ph_columns_divide(const ph_meanfield_t *self, double *root, double *x);

#endif
