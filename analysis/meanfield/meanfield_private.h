/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_MEANFIELD_PRIVATE_H
#define PH_MEANFIELD_MEANFIELD_PRIVATE_H

#include "analysis/meanfield/local.h"
#include "analysis/meanfield/meanfield.h"
#include "analysis/meanfield/spin.h"

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

/** Probabilities of 0 to count successes, each of probability p, into out[count + 1]. */
void ph_binomial(size_t count, double p, double *out);

/**
 * Law and weights of a population, by its groups if it has any. PH_ERR_MEMORY, PH_ERR_UNSUPPORTED
 * (too many rows), PH_ERR_INPUT (patterns of a group differ).
 */
int ph_product_init(ph_meanfield_t *self, const ph_point_t *point, ph_average_t average);

/** What is known of each value of a component. */
typedef enum {
    PH_CHANNEL_PHI,
    PH_CHANNEL_XI,
    PH_CHANNEL_VARIANCE,
    PH_CHANNEL_PAIR,
    PH_CHANNEL_PAIR_MIXED,
    PH_CHANNEL_PAIR_SQUARE,
    PH_CHANNEL_EXAMPLE
} ph_channel_t;

const double *ph_local_channel(const ph_local_t *self, ph_channel_t channel);

/* Averages over the rows of a product law; rows are ordered with the first component fastest. */

/** Fields sum_p w_p n_p phi_p of all rows or, if asked for, sum_p (w_p n_p)^2 variance_p. */
void ph_product_fields(const ph_meanfield_t *self, const double *n, bool variance, double *h);
/** E[channel_p values] into out[c][p]; destroys values[rows]. */
void ph_product_means(const ph_meanfield_t *self, double *values, size_t channels,
                      const ph_channel_t *channel, double *const *out);
/** E[phi_p phi_q values], lower triangle of out[features][features]; destroys values; one[] has
 * room for all rows. */
void ph_product_pairs(const ph_meanfield_t *self, double *values, double *one, double *out);
/** E[values], which are destroyed. */
double ph_product_mean(const ph_meanfield_t *self, double *values);
double ph_product_dot(const double *a, const double *b, size_t size);
/** Sums a component out of values[count][size] with factors (times others, if not NULL) into
 * out[size], which may be `values`. */
void ph_product_contract(const double *factors, const double *others, size_t count, size_t size,
                         const double *values, double *out);
/** Probabilities of the rows of all components but the last, and their number. */
const double *ph_product_prefix(const ph_meanfield_t *self, size_t *size);

/** Gaussian field A + B Z through tanh; derivatives with respect to A. */
typedef struct {
    double mean;  /* E tanh(h/T); T = 0: sign */
    double first; /* its derivative, (1/T) E(1 - t^2) */
    double second, third;
    double log_two_cosh; /* T E log 2 cosh(h/T); T = 0: E |h| */
} ph_gauss_t;

enum { PH_GAUSS_NEAR = 25, PH_GAUSS_FAR = 64 };

/** Nodes of the two quadratures; see ph_gauss_point. */
typedef struct ph_gauss_rule {
    double near_weight[PH_GAUSS_NEAR + 1];
    double y[PH_GAUSS_FAR], mean[PH_GAUSS_FAR], log[PH_GAUSS_FAR];
} ph_gauss_rule_t;

/** PH_ERR_MEMORY. */
int ph_gauss_rule_init(ph_gauss_rule_t *self);

/**
 * All of ph_gauss_t to 1e-13 at any A, B >= 0 and noise, fields below tie being 0. Where B is below
 * 0.7 T by the trapezoidal rule in Z (error exp(-pi^2 T/(B step))); above, as the zero-noise limit
 * plus the integral of what tanh differs from it by, |h| < 20 T, by Gauss and Legendre.
 */
void ph_gauss_point(const ph_gauss_rule_t *rule, double a, double b, double noise, double tie,
                    ph_gauss_t *out);

void ph_gaussian_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *out);
/** Transverse eigenvalues of groups and example symmetry in the Gaussian limit; NULL: not wanted.
 */
void ph_gaussian_transverse(const ph_meanfield_t *self, const double *n, double *transverse,
                            double *example);

/** Distinct rows of a sample. PH_ERR_MEMORY. */
int ph_rows_collect(ph_meanfield_t *self, const ph_coupling_t *coupling,
                    const ph_patterns_t *patterns);

/** Sums of any law. */
void ph_meanfield_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *out);

/**
 * Replaces r = F(n) - n by Newton's step (1 - dF/dn)^-1 r. With S = sqrt(w), the Jacobian is
 * S^-1 A S with the symmetric stability matrix A, so that S step = A^-1 S r; where w = 0 the
 * step is taken as r: such a feature acts on nothing. Destroys `matrix`. PH_ERR_NUMERIC where A
 * is singular.
 */
int ph_newton_step(double *matrix, const double *w, size_t features, double *r);

/** Replaces the lower triangle of a symmetric matrix by L of L L^T. False where a pivot is not
 * above `least`. */
bool ph_matrix_root(double *matrix, size_t size, double least);
/** x becomes (L L^T)^-1 x. */
void ph_matrix_divide(double *root, size_t size, double *x);

/** Replaces a positive definite matrix by its inverse. PH_ERR_NUMERIC where it is not. */
int ph_matrix_invert(double *matrix, size_t size);

/**
 * What the next order in 1/N has for a share in the correction: the change of the least stiffness
 * by one loop, relative to it. `inverse`: of the stability matrix, [features][features]; `shift`:
 * the correction itself, [features]. T > 0, explicit rows. PH_ERR_MEMORY.
 */
int ph_correction_next(const ph_state_t *state, const ph_meanfield_t *problem,
                       const double *inverse, double neurons, const double *shift, double *share);

#endif
