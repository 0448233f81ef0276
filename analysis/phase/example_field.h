/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_EXAMPLE_FIELD_H
#define PH_PHASE_EXAMPLE_FIELD_H

#include <stdbool.h>

#include "analysis/meanfield/meanfield.h"
#include "analysis/phase/states.h"

/*
 * Example states of the unsupervised rule: in each pattern one example may have an overlap of its
 * own, the others keep a common one.
 */

/** Rows of the average over examples, up to a joint sign; no example states are sought beyond. */
enum { PH_EXAMPLE_FIELD_ROWS_MAX = 400000 };

/**
 * The mean field of such states, exact at finite M: explicit rows of two features a pattern, the
 * entry eta_1 of the example apart (weight g/(M r^2), overlap n_1) and the others' sum over
 * (M - 1) r (weight g (M - 1)/M, overlap n_a/r of each of them).
 */
typedef struct {
    ph_meanfield_t problem; /* 2 K features, as many patterns: m of each follows eta_1 */
    double *pair; /* [count][K] (1/2)(eta_a - eta_b)^2/((M - 1) r^2), mean over pairs of the rest */
} ph_example_field_t;

/**
 * PH_ERR_UNSUPPORTED where there is nothing to sum: another rule, one example only of every
 * pattern, or too many patterns or rows; PH_ERR_MEMORY. Free is safe after a failure.
 */
int ph_example_field_init(ph_example_field_t *self, const ph_point_t *point);
void ph_example_field_free(ph_example_field_t *self);

/**
 * Stability at n[2 K] against differences among the rest of a pattern's examples, least over
 * patterns: 1 - (w/T) E[(1/2)(eta_a - eta_b)^2 (1 - t^2)]; INFINITY with no two of them. T = 0: 1,
 * or -INFINITY where rows that these examples tell apart have zero field.
 */
double ph_example_field_transverse(const ph_example_field_t *self, const double *n);

/** A state in which, for some pattern, one example's overlap differs from the others'. */
typedef struct {
    bool found;
    double single[PH_STATES_PATTERNS_MAX];        /* n_{mu,1} */
    double rest[PH_STATES_PATTERNS_MAX];          /* n_{mu,a}, a > 1 */
    double magnetization[PH_STATES_PATTERNS_MAX]; /* m_mu */
    double free_energy;                           /* per neuron; energy at zero noise */
    double residual;                              /* max |F(n) - n| */
    double stability; /* least eigenvalue, of ph_example_field_transverse() too; at zero noise 1, or
                         NaN with a row at zero field */
} ph_example_state_t;

/**
 * The one of lowest free energy that the flow reaches from hierarchical and parallel states of
 * examples, of some patterns one by one and of others all together, and out of states of alike
 * examples that are not stable. Not `found` where there is none, or ph_example_field_init() finds
 * nothing to sum. PH_ERR_MEMORY.
 */
int ph_example_state_find(ph_example_state_t *self, const ph_point_t *point);

/** The same from a state found at a point nearby. */
int ph_example_state_follow(ph_example_state_t *self, const ph_point_t *point);

#endif
