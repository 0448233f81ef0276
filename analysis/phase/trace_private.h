/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_TRACE_PRIVATE_H
#define PH_PHASE_TRACE_PRIVATE_H

#include "analysis/phase/boundary_private.h"
#include "analysis/phase/phase.h"
#include "analysis/phase/trace.h"
#include "analysis/phase/trace_system.h"
#include "sim/store/gridfile.h"

/** A curve as it is traced: its equations, and a solution z of them at each point. */
typedef struct {
    ph_system_t system;
    ph_boundary_kind_t kind;
    bool ground, closed;
    int ends[2];
    size_t count, capacity;
    double (*z)[PH_SYSTEM_UNKNOWNS];
} ph_locus_t;

/** Where a curve begins, and whither it goes. */
typedef struct {
    ph_system_t system;
    double z[PH_SYSTEM_UNKNOWNS], tangent[PH_SYSTEM_UNKNOWNS];
    int special; /* at its beginning, -1: none */
    bool ground; /* where overlaps near zero do not tell */
    bool branch; /* out of a special point: wanted only where the ground state changes */
} ph_sprout_t;

typedef struct {
    const ph_phase_t *phase;
    ph_plane_t plane;
    size_t count, capacity;
    ph_locus_t *loci;
    size_t specials_count, specials_capacity;
    ph_special_t *specials; /* places as shares */
    size_t sprouts_count, sprouts_capacity;
    ph_sprout_t *sprouts; /* still to be traced */
    size_t open;
    int threads; /* of what can be looked for side by side */
} ph_tracer_t;

/** What is watched along a curve. */
typedef struct {
    double least[PH_SYSTEM_STATES]; /* eigenvalues that are to be positive */
    ph_condition_t least_condition[PH_SYSTEM_STATES];
    double turn; /* of a mode: where it changes its sign another kind of curve begins */
    bool jumps;  /* a mode that vanishes with a jump */
    bool ground; /* no other state is lower */
    bool unsure; /* ... which overlaps near zero do not tell */
    double rival[PH_STATES_PATTERNS_MAX]; /* the lower one */
} ph_watch_t;

/** A point of a curve: where it is, whither it goes, what is seen there. */
typedef struct {
    double z[PH_SYSTEM_UNKNOWNS], tangent[PH_SYSTEM_UNKNOWNS];
    ph_watch_t watch;
} ph_stand_t;

/** Why a curve ends or turns into another. */
typedef struct {
    bool solved, passes; /* passes: it goes on as another curve */
    bool clear;          /* nothing else was seen that could not be solved */
    ph_special_kind_t kind;
    double place[2];
    ph_system_t system; /* whose solution the place is, at z; without states: none */
    double z[PH_SYSTEM_UNKNOWNS];
} ph_event_t;

/** What is seen at z; `rivals`: other states too. PH_ERR_NUMERIC, PH_ERR_MEMORY. */
int ph_watch_look(ph_tracer_t *self, ph_system_t *system, const double *z, bool rivals,
                  ph_watch_t *watch);

/** The first thing that happens between two points of a curve; false for nothing. */
bool ph_watch_compare(const ph_system_t *system, const ph_stand_t *from, const ph_stand_t *to,
                      ph_event_t *event);

/** The place where the states of a curve become the one without any order, which is near. */
bool ph_watch_fading(const ph_system_t *system, const ph_stand_t *from, ph_event_t *event);

/** The end of a curve at the edge of the plane; false where there is none near. */
bool ph_watch_edge(const ph_system_t *system, const ph_stand_t *from, double *end);

/** Which axis is the noise, if it begins at none; 2 for neither. */
size_t ph_tracer_cold(const ph_tracer_t *self);

/** The special point at a place, a new one if there is none yet. PH_ERR_MEMORY. */
int ph_tracer_special(ph_tracer_t *self, const ph_event_t *event, int *number);

/** Another sprout to be traced, if none of the curves so far goes through it. PH_ERR_MEMORY. */
int ph_tracer_push(ph_tracer_t *self, const ph_sprout_t *sprout);

/** Traces a sprout, if it is new, and whatever comes of it. PH_ERR_MEMORY. */
int ph_tracer_grow(ph_tracer_t *self, const ph_sprout_t *sprout);

/** Traces what is found from the boundaries of the grid (trace_sow.c). PH_ERR_MEMORY,
 * PH_ERR_INTERRUPTED. */
int ph_tracer_sow(ph_tracer_t *self);

/** Whether a boundary, at a place, is on a curve of its kind: not to be looked for again. */
bool ph_tracer_traced(const ph_tracer_t *self, const double *place, const ph_boundary_t *boundary);

/** Traces from a sprout in one direction, sign times its tangent. PH_ERR_MEMORY. */
int ph_tracer_follow(ph_tracer_t *self, const ph_sprout_t *sprout, double sign, ph_locus_t *locus);

/**
 * The curves that begin where a mode of the system begins to vanish with a jump, at z: where the
 * state that it leads to ends, and where that is as low as its own. PH_ERR_MEMORY.
 */
int ph_tracer_spawn(ph_tracer_t *self, const ph_system_t *system, const double *z);

/**
 * The curves of each condition of an event by itself, out of its place both ways: what meets there.
 * PH_ERR_MEMORY.
 */
int ph_tracer_branch(ph_tracer_t *self, const ph_event_t *event, int special);

/** Whether no state at all is lower at z than the first of a system: a whole search for them. */
int ph_tracer_lowest(ph_tracer_t *self, const ph_system_t *system, const double *z, bool *lowest);

/** Adds a curve that is wanted, if it has two points; it is freed otherwise. PH_ERR_MEMORY. */
int ph_tracer_add(ph_tracer_t *self, ph_locus_t *locus);

/** Traces the lines on which example states become the lowest, last of all. PH_ERR_MEMORY. */
int ph_tracer_examples(ph_tracer_t *self);

/** Labels left and right of a curve, from halfway along it. PH_ERR_MEMORY. */
int ph_tracer_label(const ph_locus_t *locus, ph_label_t *left, ph_label_t *right);

/** A straight way along an axis of the plane with the states at its two ends. */
typedef struct {
    ph_path_t path;
    const ph_states_t *states[2];
    double place[2]; /* shares of the plane at its beginning */
    size_t along;    /* axis of the plane */
    double length;   /* of the way, as a share of that axis */
} ph_way_t;

/** The sprout of a boundary found on a way; false where none. */
bool ph_tracer_seed(ph_tracer_t *self, ph_way_t *way, const ph_boundary_t *boundary, bool change,
                    ph_sprout_t *sprout);

/** The largest difference of the overlaps of the two states of a crossing; 0 of other systems. */
double ph_system_jump(const ph_system_t *self, const double *z);

/** What a state at z is called. */
ph_label_t ph_system_label(const ph_system_t *self, size_t state, const double *z);

/**
 * Adds the traced curves to a file that is written, or reads them, if it has any. PH_ERR_DAMAGED
 * where they break what docs/format.md promises.
 */
int ph_curves_write(const ph_curves_t *self, const ph_phase_t *phase, ph_gridfile_t *file,
                    ph_report_t *report);
int ph_curves_read(ph_curves_t *self, const ph_phase_t *phase, ph_gridfile_t *file,
                   ph_report_t *report);

#endif
