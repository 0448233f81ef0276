/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_EXPANSION_H
#define PH_MEANFIELD_EXPANSION_H

#include "analysis/meanfield/meanfield.h"

/** A value in powers of 1/N: value = limit + first + second + O(1/N^3), each term as it counts at
 * the given N. */
typedef struct {
    double limit, first, second;
    double variance; /* of the fluctuating quantity itself, to order 1/N */
    /* sums over rows of what each has in first and second, which may cancel there: of
     * magnetizations where `rows`, else 0 */
    double first_size, second_size;
} ph_expansion_term_t;

/**
 * Equilibrium averages within one well of a sample of N neurons (section 4 of docs/theory.md): the
 * overlaps with the features, the magnetizations, and the energy per neuron -1/2 sum_p w_p <o_p^2>,
 * which has the self terms of J in it that H leaves out: add sum_i J_ii/(2 N), exact at any N.
 */
typedef struct {
    int64_t features, patterns;
    bool second;                  /* whether the second order was found */
    bool rows;                    /* whether sizes row by row were: with the second order, or of it
                                     without the loops that tie rows by three lines */
    ph_expansion_term_t *overlap; /* [features]; first, second 0 and variance NaN where w = 0 */
    ph_expansion_term_t *magnetization; /* [patterns] */
    ph_expansion_term_t energy;
    double about_zero; /* variance of the energy that overlaps have about zero, of order 1/N^2 */
    double *inverse;   /* [features][features]: of the state's stability matrix; T > 0 only */
} ph_expansion_t;

/**
 * To which order. Second costs rows P^3 and P^4; above PH_EXPANSION_WORK multiplications it becomes
 * PH_EXPANSION_ROWS: the first, of rows P^2 as it is, and for some five times that what each row
 * has in the second beyond loops of three lines.
 */
typedef enum {
    PH_EXPANSION_FIRST = 1,
    PH_EXPANSION_SECOND = 2,
    PH_EXPANSION_ROWS = 3
} ph_expansion_order_t;
#define PH_EXPANSION_WORK 2e9

/**
 * Expands about a state that solves `problem`, explicit rows (a sample), noise T >= 0, whose
 * stability matrix is positive definite. At T = 0 every correction and variance is 0. Free with
 * ph_expansion_free, safe after a failure. PH_ERR_NUMERIC where the matrix is not positive
 * definite, PH_ERR_UNSUPPORTED for a population, PH_ERR_MEMORY.
 */
int ph_expansion_init(ph_expansion_t *self, const ph_state_t *state, const ph_meanfield_t *problem,
                      int64_t neurons, ph_expansion_order_t order);
void ph_expansion_free(ph_expansion_t *self);

/** limit + first + second. */
double ph_expansion_sum(const ph_expansion_term_t *term);

#endif
