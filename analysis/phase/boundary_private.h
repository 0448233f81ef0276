/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_BOUNDARY_PRIVATE_H
#define PH_PHASE_BOUNDARY_PRIVATE_H

#include "analysis/phase/boundary.h"
#include "analysis/phase/states_private.h"

/** A locally stable state as it is followed along a path. */
typedef struct {
    ph_fixed_point_t state;
    double largest[PH_STATES_PATTERNS_MAX]; /* of the overlaps, there */
    double share;
    bool smooth; /* no: discrete rows at zero noise */
} ph_branch_t;

/** The numbers of every pattern of a point; NULL where its rule has none of a kind. */
void ph_point_numbers(const ph_point_t *point, const double *numbers[PH_PATH_NUMBERS]);

/** Largest difference of two states' overlaps, each relative to the largest at its own place. */
double ph_branch_difference(const ph_fixed_point_t *a, const double *largest_a,
                            const ph_fixed_point_t *b, const double *largest_b, size_t patterns);

/** The ground state of a point as a branch that begins there. */
ph_branch_t ph_branch_ground(const ph_states_t *states, double share);

/** Adds a boundary in the order of shares, if there is room. */
void ph_boundaries_add(ph_boundaries_t *self, const ph_boundary_t *boundary);

/** PH_ERR_NUMERIC where there is no stable state with overlaps n. */
int ph_branch_begin(ph_path_t *path, double share, const double *n, ph_branch_t *branch);

/** To another share of the way; where the branch is not `there`, it stays as it was. */
int ph_branch_move(ph_path_t *path, double share, ph_branch_t *branch, bool *there);

/** Towards `goal` as far as it goes; `end` tells how it ends, if it does. */
int ph_branch_end(ph_path_t *path, double goal, ph_branch_t *branch, ph_boundary_t *end,
                  bool *ends);

#endif
