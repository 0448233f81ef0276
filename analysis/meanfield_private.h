/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ANALYSIS_MEANFIELD_PRIVATE_H
#define PH_ANALYSIS_MEANFIELD_PRIVATE_H

#include "analysis/meanfield.h"

/* Linear algebra of the mean field, shared by its solver and the finite-size correction. */

/** Mean spin of row i: tanh(h/T), at zero noise the sign of its field (0 for a tie). */
double ph_meanfield_spin(const ph_rows_t *rows, size_t i, const double *g, double noise,
                         const double *m);

/**
 * Stability matrix delta - (1/T) sqrt(g_mu g_nu) E[xi_mu xi_nu (1 - t^2)], T > 0, into
 * matrix[patterns][patterns]. Patterns with g = 0 have rows of the unit matrix.
 */
void ph_meanfield_matrix(const ph_rows_t *rows, const double *g, double noise, const double *m,
                         double *matrix);

/**
 * Replaces r = F(m) - m by Newton's step (1 - dF/dm)^-1 r. With S = sqrt(g), the Jacobian is
 * S^-1 A S with the symmetric stability matrix A, so that S step = A^-1 S r; where g = 0 the
 * step is taken as r: such a pattern acts on nothing. Destroys `matrix`. PH_ERR_NUMERIC where A
 * is singular.
 */
int ph_meanfield_newton_step(double *matrix, const double *g, size_t patterns, double *r);

/** Least eigenvalue of a symmetric matrix, which is destroyed. PH_ERR_MEMORY. */
int ph_meanfield_least_eigenvalue(double *matrix, size_t patterns, double *value);

/** Replaces a positive definite matrix by its inverse. PH_ERR_NUMERIC where it is not. */
int ph_meanfield_invert(double *matrix, size_t patterns);

#endif
