/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_TRACE_SYSTEM_H
#define PH_PHASE_TRACE_SYSTEM_H

#include "analysis/phase/states_private.h"
#include "analysis/phase/trace_plane.h"

/*
 * Places of a phase diagram as solutions of equations: states of given symmetries that are
 * stationary there, and conditions on them. With one condition the solutions are a curve in the
 * plane of the diagram, with two they are points.
 */

enum {
    PH_SYSTEM_STATES = 3,
    PH_SYSTEM_CONDITIONS = 2,
    PH_SYSTEM_UNKNOWNS = 2 + PH_SYSTEM_STATES * PH_STATES_PATTERNS_MAX
};

/** What is asked of a state, or of two. */
typedef enum {
    PH_CONDITION_FOLD,      /* the least eigenvalue within its symmetry vanishes */
    PH_CONDITION_MODE,      /* ... that of a direction out of its symmetry: patterns a, b part, or
                               a = b begins to be retrieved */
    PH_CONDITION_CROSSING,  /* two states have equal free energies */
    PH_CONDITION_NAME,      /* its label changes: the margin of `class` vanishes */
    PH_CONDITION_EXAMPLES,  /* Lambda = 0 */
    PH_CONDITION_CUSP,      /* third derivative along the softest direction within its symmetry */
    PH_CONDITION_TURN,      /* what decides whether a mode vanishes with a jump does: the fourth
                               derivative along it, the rest relaxed; where three or more patterns
                               may part, the third one */
    PH_CONDITION_PLACE,     /* a share of axis a is `value` */
    PH_CONDITION_AMPLITUDE, /* n_a (a = b) or n_a - n_b is `value` */
    PH_CONDITION_COUNT
} ph_condition_kind_t;

typedef struct {
    ph_condition_kind_t kind;
    size_t state, other, a, b;
    ph_class_id_t class;
    double value;
} ph_condition_t;

/** A state of a system by its symmetry: of patterns without a block the overlap is 0. */
typedef struct {
    size_t blocks;
    int place[PH_STATES_PATTERNS_MAX];    /* block of each pattern, -1 for none */
    size_t first[PH_STATES_PATTERNS_MAX]; /* [blocks] a pattern of each block */
    double size[PH_STATES_PATTERNS_MAX];  /* [blocks] */
} ph_system_state_t;

/**
 * Unknowns z: the place, then the overlaps of the blocks of each state. The mean field of the last
 * place is kept.
 */
typedef struct {
    ph_plane_t *plane;
    size_t patterns, states, conditions;
    ph_system_state_t members[PH_SYSTEM_STATES];
    ph_condition_t condition[PH_SYSTEM_CONDITIONS];
    bool ready;
    double at[2];
    ph_meanfield_t problem;
} ph_system_t;

/** Without states and conditions. Free after it. */
void ph_system_init(ph_system_t *self, ph_plane_t *plane);
void ph_system_free(ph_system_t *self);

/** Without what was kept of a place, so that it may be changed and freed by itself. */
ph_system_t ph_system_copy(const ph_system_t *self);

/** Another state with these overlaps and their symmetry, behind those of z; its number. */
size_t ph_system_add(ph_system_t *self, const double *n, ph_symmetry_t symmetry, double *z);

/** Where the overlaps of a state begin in z; of states_count: the number of unknowns. */
size_t ph_system_offset(const ph_system_t *self, size_t state);

/** Overlaps n[patterns] of a state. */
void ph_system_overlaps(const ph_system_t *self, const double *z, size_t state, double *n);

/**
 * Left sides of the equations at z, as many as blocks and conditions. PH_ERR_NUMERIC outside of the
 * plane's range or where the mean field is not smooth, PH_ERR_MEMORY.
 */
int ph_system_residual(ph_system_t *self, const double *z, double *residual);

/**
 * Newton's method to where steps are rounding: with as many equations as unknowns; or with one less
 * across `tangent`, which is brought to the direction along which the solutions go on there
 * (length 1). PH_ERR_NUMERIC where it ends nowhere or goes further than `reach` in any unknown.
 */
int ph_system_solve(ph_system_t *self, double *z, double *tangent, double reach);

/** Whether a mode parts three or more alike patterns, which has a third order in the difference. */
bool ph_system_cubic(const ph_system_t *self, const ph_condition_t *mode);

/** What fields of the state n are large or small against: the noise; without it that of the
 * examples of its weakest pattern. */
double ph_system_noise(const ph_system_t *self, const double *n);

/** Solves matrix[size][size] x = right[size], both overwritten, x in `right`; size up to
 * PH_SYSTEM_UNKNOWNS, 0 too. PH_ERR_NUMERIC where it cannot. */
int ph_system_eliminate(double *matrix, double *right, size_t size);

/** One condition at z by itself. */
int ph_system_value(ph_system_t *self, const ph_condition_t *condition, const double *z,
                    double *value);

/**
 * The least eigenvalue of a state that none of the conditions makes vanish, and the condition that
 * would; free energy. INFINITY with none.
 */
int ph_system_least(ph_system_t *self, size_t state, const double *z, double *least,
                    ph_condition_t *condition);
int ph_system_energy(ph_system_t *self, size_t state, const double *z, double *energy);

/** The direction of least curvature within its symmetry, soft[patterns], in overlaps. */
int ph_system_soft(ph_system_t *self, size_t state, const double *z, double *soft);

#endif
