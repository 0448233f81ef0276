/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_STATES_PRIVATE_H
#define PH_PHASE_STATES_PRIVATE_H

#include "analysis/meanfield/meanfield.h"
#include "analysis/phase/states.h"

/* What the search for states and that for boundaries share. */

/**
 * The mean field of one point as a landscape: its states are the stationary points of the free
 * energy over the overlaps n. Of a symmetry only ordered non-negative n need be looked at.
 */
typedef struct {
    const ph_point_t *point;
    ph_meanfield_t problem;
    size_t patterns;
    bool smooth; /* F has a derivative: T > 0 */
    double gain[PH_STATES_PATTERNS_MAX];
    double largest[PH_STATES_PATTERNS_MAX]; /* |n_mu| a pattern can have at all, > 0 */
    size_t like[PH_STATES_PATTERNS_MAX];    /* the first pattern with the same parameters */
    double *phi, *probability; /* the rows, [count][patterns] and [count]; NULL: too many */
} ph_landscape_t;

/* Laws of more rows are left to their own way of summing. */
enum { PH_LANDSCAPE_ROWS_MAX = 50000 };

int ph_landscape_init(ph_landscape_t *self, const ph_point_t *point, ph_average_t average,
                      ph_report_t *report);
void ph_landscape_free(ph_landscape_t *self);

/**
 * A symmetry to be kept: patterns of one block have equal overlaps, those of block -1 none. A
 * pattern with a block of its own is free.
 */
typedef struct {
    int block[PH_STATES_PATTERNS_MAX];
} ph_symmetry_t;

/** The symmetry that overlaps have. */
ph_symmetry_t ph_symmetry_of(const ph_landscape_t *landscape, const double *n);

/** No symmetry: every pattern is free. */
ph_symmetry_t ph_symmetry_none(const ph_landscape_t *landscape);

/**
 * The landscape within a symmetry, over the coordinates x_b = sqrt(g_b size_b) n_b of its blocks,
 * in which the stability matrix is the curvature of the free energy; distinct rows only where there
 * are not too many.
 */
typedef struct {
    const ph_landscape_t *landscape;
    size_t blocks;                        /* in use; patterns without coupling are in none */
    int place[PH_STATES_PATTERNS_MAX];    /* of each pattern among them, -1 for none */
    double scale[PH_STATES_PATTERNS_MAX]; /* [blocks] x = scale n */
    size_t groups;                        /* of four rows (subspace_rows.h) */
    double *rows;                         /* NULL: by the landscape's own evaluation */
} ph_subspace_t;

/** PH_ERR_MEMORY. The landscape must outlive it. */
int ph_subspace_init(ph_subspace_t *self, const ph_landscape_t *landscape, ph_symmetry_t symmetry);
void ph_subspace_free(ph_subspace_t *self);

/**
 * The stationary point reached from n in descent within the subspace: first n <- F(n), which never
 * raises the free energy, then damped Newton steps that do not either. PH_ERR_NUMERIC where it is
 * not reached.
 */
int ph_subspace_descend(const ph_subspace_t *self, double *n);

/**
 * The stationary point, of any kind, that Newton's method finds from n; steps are bounded, the
 * way is not. PH_ERR_NUMERIC where it finds none. T > 0.
 */
int ph_subspace_newton(const ph_subspace_t *self, double *n);

/** About the highest place `top` of the straight line between two in the subspace. */
void ph_subspace_ridge(const ph_subspace_t *self, const double *from, const double *to,
                       double *top);

/**
 * Overlaps of a stationary point that are equal or zero but for rounding over curvature are made
 * so. PH_ERR_MEMORY.
 */
int ph_landscape_restore(const ph_landscape_t *self, double *n);

/**
 * Everything about the state with these overlaps, brought to the standard order of signs and alike
 * patterns, except `kind`, which depends on the others. `soft` ([patterns] or NULL): the direction
 * of least curvature, in the order of `n` as given; zero at zero noise.
 */
int ph_landscape_describe(const ph_landscape_t *self, const double *n, ph_fixed_point_t *state,
                          double *soft);

/** Whether overlaps in any order are, within 1e-8 of the largest, those of one of the states. */
bool ph_fixed_point_any(const ph_landscape_t *landscape, const ph_fixed_point_t *states,
                        size_t count, const double *n);

/** Whether two states in standard order are one. */
bool ph_fixed_point_same(const ph_landscape_t *landscape, const ph_fixed_point_t *a,
                         const ph_fixed_point_t *b);

/** Locally stable; at zero noise: no row at zero field. */
bool ph_fixed_point_stable(const ph_fixed_point_t *self, size_t patterns);

/** Label of signals in any order, each with the largest it can have. */
ph_label_t ph_label_signals(const double *signals, const double *largest, size_t patterns);

/** How far signals are from where the label of this class ends; positive where it holds. */
double ph_label_margin(ph_class_id_t class, const double *signals, size_t patterns);

#endif
