/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_TRACE_EXAMPLE_PRIVATE_H
#define PH_PHASE_TRACE_EXAMPLE_PRIVATE_H

#include "analysis/phase/trace_private.h"

/*
 * The line on which a state with an example apart is as low as the ground state of alike examples.
 * Each state is solved at a place by itself, so that the line is where a function of two numbers,
 * the difference of two free energies, is zero.
 */

enum { PH_RIVAL_FEATURES = 2 * PH_STATES_PATTERNS_MAX };

/** Examples that part by less, of the largest overlap: the jump is too small to be followed. */
#define PH_LINE_PARTING 0.02

/** The two mean fields of a place. */
typedef struct {
    ph_meanfield_t alike;
    ph_example_field_t apart;
} ph_fields_t;

/** A state of one of them, with its free energy and the least eigenvalue of its stability. */
typedef struct {
    bool apart; /* of the field with an example apart */
    double n[PH_RIVAL_FEATURES];
    double energy, least;
} ph_rival_t;

/** A place with the two states that are as low there. */
typedef struct {
    double at[2]; /* shares of the axes */
    ph_rival_t own, other;
} ph_pair_t;

/** How a line ends. */
typedef struct {
    bool solved;
    ph_special_kind_t kind;
    double place[2];
} ph_line_end_t;

/** A line as far as its two states go, whether others are lower or not. */
typedef struct {
    size_t count, capacity;
    ph_pair_t *items;
    bool closed;
    ph_line_end_t ends[2];
} ph_example_line_t;

typedef struct {
    size_t count, capacity;
    ph_example_line_t *items;
} ph_example_lines_t;

/** PH_ERR_NUMERIC outside of the plane, where F is not smooth or examples cannot be summed. */
int ph_fields_init(ph_tracer_t *self, const double *place, ph_fields_t *fields);
void ph_fields_free(ph_fields_t *self);

/**
 * The stable state of these fields near the member's overlaps; PH_ERR_NUMERIC where none is within
 * `reach` of them.
 */
int ph_rival_settle(const ph_fields_t *fields, double reach, ph_rival_t *member);

/** The stable state that n <- F(n), which never raises the free energy, and Newton's method lead to
 * from anywhere; PH_ERR_NUMERIC where that takes long. */
int ph_rival_descend(const ph_fields_t *fields, ph_rival_t *member);

/** The state of the symmetry block[], stable or not: equal blocks are equal, -1 is none. */
int ph_rival_hold(const ph_fields_t *fields, const int *block, double reach, ph_rival_t *member);

/** The symmetry of its overlaps, block[features]. */
void ph_rival_symmetry(const ph_tracer_t *self, const ph_rival_t *member, int *block);

/** Overlaps without signs, of alike patterns those with the larger ones first. */
void ph_rival_sort(const ph_tracer_t *self, const ph_rival_t *member, double *sorted);

/** Free energy of overlaps as they are. */
double ph_rival_energy(const ph_fields_t *fields, const ph_rival_t *member);

/** Difference between an example's overlap and those of the others, of the largest overlap. */
double ph_rival_parting(ph_tracer_t *self, const double *place, const ph_rival_t *member);

/** Both states at a place near a point of their line. */
int ph_pair_move(ph_tracer_t *self, const ph_pair_t *from, const double *place, double reach,
                 ph_pair_t *to);

/** A point of the line on the straight way from `place` along `direction`, if it is in reach. */
int ph_pair_meet(ph_tracer_t *self, const ph_pair_t *from, const double *place,
                 const double *direction, double reach, ph_pair_t *to);

/** Overlaps of what was found at a point of the grid; an example state's with positive ones. */
void ph_rival_of_example(const ph_example_state_t *state, const ph_point_t *point,
                         ph_rival_t *member);
void ph_rival_of_state(const ph_fixed_point_t *state, ph_rival_t *member);

/** Both ways from a point of it. PH_ERR_MEMORY. */
int ph_example_line_follow(ph_tracer_t *self, const ph_pair_t *seed, ph_example_line_t *line);

/** All lines from this point on. PH_ERR_MEMORY. */
int ph_example_lines_add(ph_tracer_t *self, ph_example_lines_t *lines, const ph_pair_t *seed);

/** What meets a line in a point. */
typedef enum {
    PH_CORNER_TRIPLE,  /* a third state is as low as the two */
    PH_CORNER_MODE,    /* one of the two, held to a symmetry, begins to be unstable */
    PH_CORNER_EXAMPLES /* Lambda of the first vanishes */
} ph_corner_kind_t;

typedef struct {
    ph_corner_kind_t kind;
    ph_rival_t members[3]; /* own, other, third */
    size_t held;           /* which of them */
    int block[PH_RIVAL_FEATURES];
} ph_corner_t;

/** Solved by Newton's method from `place`. PH_ERR_NUMERIC where it is not there. */
int ph_corner_solve(ph_tracer_t *self, ph_corner_t *corner, double *place);

/** Lambda of a state of alike examples, least over patterns. PH_ERR_MEMORY. */
int ph_fields_steady(ph_tracer_t *self, const ph_fields_t *fields, const ph_rival_t *own,
                     double *least);

/**
 * Adds the parts of a line on which no other state is lower to the curves; to the lines those that
 * begin where one becomes lower. PH_ERR_MEMORY.
 */
int ph_example_line_cut(ph_tracer_t *self, ph_example_lines_t *lines, size_t number, bool emit);

#endif
