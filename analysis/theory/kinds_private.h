/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_THEORY_KINDS_PRIVATE_H
#define PH_THEORY_KINDS_PRIVATE_H

#include "analysis/theory/theory.h"
#include "sim/model/samples.h"

/** One point to be solved by one kind. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    ph_samples_t *drawn; /* of the grid: ph_samples_take() */
    size_t samples;      /* of the grid that are wanted; 0: only the infinite network */
    /** [datasets of the kind]: the point's block, NaN (flags: 0) as given; NULL: not wanted. */
    double *const *out;
    const char *trouble;   /* to be set where a solver stopped before its answer: why */
    bool doubtful;         /* to be set where a limit was taken that may have the wrong phase */
    bool samples_left_out; /* to be set where samples are beyond the kind's reach */
    size_t not_small;      /* to be counted: samples whose 1/N correction is left out */
} ph_theory_task_t;

/**
 * A kind of theory: one of these, PH_THEORY_SOLVER_NAME, in a file of its own, and its line in the
 * list of params/theories.h.
 * `solve` returns PH_ERR_UNSUPPORTED for a point the kind does not cover; `limits` says what it
 * covers.
 */
typedef struct {
    const char *help, *limits, *sample_limits;
    bool always_samples;
    size_t count;
    const ph_theory_dataset_t *datasets; /* [count] */
    int (*solve)(ph_theory_task_t *task);
} ph_theory_solver_t;

const ph_theory_solver_t *ph_theory_solver(ph_theory_kind_t kind);

#endif
