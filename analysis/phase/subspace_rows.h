/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_SUBSPACE_ROWS_H
#define PH_PHASE_SUBSPACE_ROWS_H

#include "analysis/phase/states_private.h"

/* Sums over the distinct rows of a subspace, four at a time, at T > 0. */

/** The landscape at one place: pull = -gradient = S (F - n). */
typedef struct {
    double pull[PH_STATES_PATTERNS_MAX];
    double curvature[PH_STATES_PATTERNS_MAX * PH_STATES_PATTERNS_MAX]; /* [blocks][blocks] */
    double free_energy, residual;
} ph_subspace_view_t;

/**
 * The rows of a subspace, each of its blocks times its factor[blocks], where the law has rows and
 * not too many: else none. PH_ERR_MEMORY.
 */
int ph_subspace_rows_init(ph_subspace_t *self, const double *factor);

/**
 * What the rows give to the view at x[blocks]: pull, the lower triangle of the curvature and, for a
 * `level`, the free energy; what x itself does is not in it.
 */
void ph_subspace_rows_look(const ph_subspace_t *self, const double *x, bool level,
                           ph_subspace_view_t *view);

/** Their free energy alone. */
double ph_subspace_rows_level(const ph_subspace_t *self, const double *x);

#endif
