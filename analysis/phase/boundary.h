/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_BOUNDARY_H
#define PH_PHASE_BOUNDARY_H

#include "analysis/phase/example_field.h"
#include "analysis/phase/states.h"

enum { PH_BOUNDARIES_MAX = 16 };

/** What happens at a boundary. */
typedef enum {
    PH_BOUNDARY_CONTINUOUS, /* a state becomes another without a jump: an eigenvalue vanishes */
    PH_BOUNDARY_SPINODAL,   /* a state ends or loses its stability; the next one is elsewhere */
    PH_BOUNDARY_CROSSING,   /* the free energies of two states are equal */
    PH_BOUNDARY_CROSSOVER,  /* the label changes, the state does not: no transition */
    PH_BOUNDARY_EXAMPLES,   /* Lambda = 0: examples of one pattern no longer keep equal overlaps */
    PH_BOUNDARY_EXAMPLE_STATE, /* a state with an example apart becomes the lowest of all */
    PH_BOUNDARY_COUNT
} ph_boundary_kind_t;

/** "continuous", "spinodal", "crossing", "crossover", "examples", "example-state" */
const char *ph_boundary_text(ph_boundary_kind_t kind);

/** Numbers of every pattern: its dilution, examples, quality and fidelity of blanks. */
enum { PH_PATH_NUMBERS = 4 };

/** The straight way from one point to another that differs in real numbers only. */
typedef struct {
    const ph_point_t *from, *to;
    ph_average_t average;
    ph_point_t point; /* in between; its numbers are the next */
    double numbers[PH_PATH_NUMBERS][PH_STATES_PATTERNS_MAX];
} ph_path_t;

/** PH_ERR_UNSUPPORTED where the points differ in more, or have too many patterns. */
int ph_path_init(ph_path_t *self, const ph_point_t *from, const ph_point_t *to,
                 ph_average_t average);

/** The point at a share in [0, 1] of the way; valid until the next call. */
const ph_point_t *ph_path_point(ph_path_t *self, double share);

/**
 * One boundary. An end: `label` is that of the state that ends, `other` of the one a small push
 * leads to just beyond. A change of the ground state: `label` before, `other` after.
 */
typedef struct {
    double share; /* of the way */
    ph_boundary_kind_t kind;
    ph_label_t label, other;
} ph_boundary_t;

typedef struct {
    size_t count;
    ph_boundary_t items[PH_BOUNDARIES_MAX];
    size_t left_out; /* beyond that number */
} ph_boundaries_t;

/**
 * Follows the locally stable state with overlaps n, at the beginning of the path (or, backwards,
 * at its end), until it ends, stops being stable or changes its label; by bisection, to 1e-11 of
 * the way, and where another state takes over without a jump by the root of the least eigenvalue
 * of the more symmetric one. `ends` is false where it reaches the other end of the path.
 * PH_ERR_NUMERIC where n is no stable state, PH_ERR_MEMORY.
 */
int ph_boundary_end(ph_path_t *path, bool backwards, const double *n, ph_boundary_t *end,
                    bool *ends);

/**
 * Adds the ends of all locally stable states at either end of a path that the other does not have,
 * and every change of the ground state in between (equal free energies by Brent's method); to the
 * ends also where Lambda of a ground state that goes on changes its sign.
 */
int ph_boundary_find(ph_path_t *path, const ph_states_t *from, const ph_states_t *to,
                     ph_boundaries_t *ends, ph_boundaries_t *changes);

/**
 * Adds the place where the example state, `below` at the beginning and `above` at the end of the
 * path, becomes lower in free energy than the ground state in which examples are alike, or ceases
 * to be; `label` is that of this state. By bisection, to 1e-10 of the way.
 */
int ph_boundary_example_state(ph_path_t *path, const ph_states_t *from, const ph_states_t *to,
                              const ph_example_state_t *below, const ph_example_state_t *above,
                              ph_boundaries_t *ends);

#endif
