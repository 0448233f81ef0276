/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_TRACE_H
#define PH_PHASE_TRACE_H

#include "analysis/phase/boundary.h"

struct ph_phase;

/** Where curves end or change their kind. */
typedef enum {
    PH_SPECIAL_AXIS,          /* the edge of the diagram */
    PH_SPECIAL_TRIPLE,        /* three states have equal free energies */
    PH_SPECIAL_TRICRITICAL,   /* a continuous transition becomes one with a jump */
    PH_SPECIAL_CRITICAL,      /* two states that cross become one: the end of a jump */
    PH_SPECIAL_MULTICRITICAL, /* continuous transitions meet */
    PH_SPECIAL_CRITICAL_END,  /* a continuous transition ends at a jump of another state */
    PH_SPECIAL_MEETING,       /* a change of name meets a transition */
    PH_SPECIAL_COUNT
} ph_special_kind_t;

/** "axis", "triple", ... */
const char *ph_special_text(ph_special_kind_t kind);

/** A place of two values along the axes of the diagram. */
typedef struct {
    ph_special_kind_t kind;
    double place[2];
} ph_special_t;

/**
 * A boundary as a curve. `ground`: the ground state changes; else a metastable state ends. Labels:
 * of the states left and right of it as it goes (of a state that ends on its own side, of the one
 * that follows on the other).
 */
typedef struct {
    ph_boundary_kind_t kind;
    bool ground, closed;
    ph_label_t left, right;
    int ends[2]; /* special points of its beginning and end; -1: none */
    size_t count;
    double (*places)[2]; /* [count] values along the axes */
} ph_curve_t;

typedef struct {
    size_t count;
    ph_curve_t *items;
    size_t specials_count;
    ph_special_t *specials;
    size_t open; /* ends of curves at which nothing was found */
} ph_curves_t;

/**
 * Traces the boundaries found along the ways of a phase diagram of two axes, both of numbers along
 * which the mean field is smooth and no others of more than one value: by continuation of the
 * equations of the states and conditions (analysis/phase/trace_system.h), each curve to its ends.
 * Example states' by themselves, after all others (trace_example_private.h).
 * Empty of other grids. The same on any number of threads. PH_ERR_MEMORY, PH_ERR_INTERRUPTED; free
 * is safe after them.
 */
int ph_curves_trace(ph_curves_t *self, const struct ph_phase *phase, int threads);
void ph_curves_free(ph_curves_t *self);

#endif
