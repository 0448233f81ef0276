/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ANALYSIS_MEANFIELD_PRIVATE_H
#define PH_ANALYSIS_MEANFIELD_PRIVATE_H

#include "analysis/meanfield.h"

/* Fields below this fraction of their largest possible value count as ties at zero noise, and
 * order parameters this close as equal or zero by symmetry: far above rounding, far below physics.
 */
#define PH_MEANFIELD_TIE 1e-12

/** What the kernels of a law sum at n; NULL: not wanted. */
typedef struct {
    double *n, *m;        /* as in ph_evaluation_t */
    double *response;     /* [features][features]: (1/T) E[phi_p phi_q (1 - t^2)], lower triangle */
    double *log_two_cosh; /* T E log 2 cosh(h/T) */
} ph_sums_t;

void ph_product_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *out);
void ph_rows_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *out);

/** tanh(h/T) of count fields in place; slope (NULL: not wanted): (1/T)(1 - t^2). At T = 0 the sign,
 * 0 within tie, and slope 0. */
void ph_spin_means(double *h, double *slope, size_t count, double noise, double tie);

/** T log 2 cosh(h/T), without overflow at any noise; |h| at T = 0. */
double ph_log_two_cosh(double h, double noise);

/** Fields this small are ties: a fraction of the largest possible one. */
double ph_field_tie(const ph_meanfield_t *self, const double *n);

/** Values of each component of a product law and what goes with them. PH_ERR_MEMORY. */
int ph_product_init(ph_meanfield_t *self, const ph_point_t *point);

/** Distinct rows of a sample. PH_ERR_MEMORY. */
int ph_rows_collect(ph_meanfield_t *self, const ph_coupling_t *coupling,
                    const ph_patterns_t *patterns);

/** Whether a row that takes part sits at zero field; blank rows have none and follow nothing. */
bool ph_meanfield_ties(const ph_meanfield_t *self, const double *n);

/**
 * Replaces r = F(n) - n by Newton's step (1 - dF/dn)^-1 r. With S = sqrt(w), the Jacobian is
 * S^-1 A S with the symmetric stability matrix A, so that S step = A^-1 S r; where w = 0 the
 * step is taken as r: such a feature acts on nothing. Destroys `matrix`. PH_ERR_NUMERIC where A
 * is singular.
 */
int ph_newton_step(double *matrix, const double *w, size_t features, double *r);

/** Replaces a positive definite matrix by its inverse. PH_ERR_NUMERIC where it is not. */
int ph_matrix_invert(double *matrix, size_t size);

#endif
