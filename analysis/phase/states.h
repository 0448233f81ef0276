/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_STATES_H
#define PH_PHASE_STATES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/report.h"
#include "params/grid.h"

enum { PH_STATES_PATTERNS_MAX = 12, PH_STATES_MAX = 200 };

/** Families of states by the pattern of their signals; see ph_state_class(). */
typedef enum {
    PH_CLASS_PARAMAGNETIC,
    PH_CLASS_PURE,
    PH_CLASS_HIERARCHICAL,
    PH_CLASS_SYMMETRIC,
    PH_CLASS_TIE_BROKEN,
    PH_CLASS_MIXED,
    PH_CLASS_COUNT
} ph_class_id_t;

/** A row of the table of classes: the first that holds is a state's class. */
typedef struct {
    ph_class_id_t id;
    const char *name;
    size_t least;  /* least number of patterns retrieved */
    bool numbered; /* whether the label adds that number: "hierarchical-3" */
    const char *help;
    /** signals: [count] of the patterns retrieved, positive, in descending order. */
    bool (*holds)(const double *signals, size_t count);
} ph_state_class_t;

const ph_state_class_t *ph_state_class(ph_class_id_t id);

/** What a state is called: its class and how many patterns it retrieves. */
typedef struct {
    ph_class_id_t id;
    size_t count;
} ph_label_t;

bool ph_label_equal(ph_label_t a, ph_label_t b);

/** "hierarchical-3" */
void ph_label_text(ph_label_t label, char *text, size_t size);

/**
 * Labels of up to `patterns` patterns are numbered 0, 1, ... in the order of the classes and then
 * of the patterns retrieved: ph_label_code() and its inverse, codes below ph_label_codes().
 */
size_t ph_label_codes(size_t patterns);
int ph_label_code(ph_label_t label, size_t patterns);
ph_label_t ph_label_of(int code, size_t patterns);

typedef enum {
    PH_STABILITY_STABLE,
    PH_STABILITY_METASTABLE,
    PH_STABILITY_UNSTABLE,
    PH_STABILITY_COUNT
} ph_stability_t;

/** "stable" (the ground state), "metastable", "unstable". */
const char *ph_stability_text(ph_stability_t kind);

/**
 * A fixed point of the mean field of the infinite network, one of those that permutations of alike
 * patterns and signs make of each other: magnetizations are not negative and, among alike
 * patterns, descend.
 */
typedef struct {
    double overlap[PH_STATES_PATTERNS_MAX];       /* n_mu of the features; storage: m_mu */
    double magnetization[PH_STATES_PATTERNS_MAX]; /* m_mu */
    double spectrum[PH_STATES_PATTERNS_MAX];      /* eigenvalues of the stability matrix, ascending;
                                                     where F is not smooth 1, or NaN with a row at
                                                     zero field; at zero noise of Gaussian
                                                     examples -INFINITY along what gives a field to
                                                     a row without one */
    double free_energy;                           /* per neuron; energy at zero noise */
    double residual;                              /* max |F(n) - n| */
    double example_stability; /* Lambda, least over patterns: positive where examples of one pattern
                                 keep equal overlaps (unsupervised rule, else infinite) */
    double copies;            /* number of states it stands for, itself included */
    ph_label_t label;
    ph_stability_t kind;
} ph_fixed_point_t;

/** All states found at one point, by ascending free energy. */
typedef struct {
    size_t patterns, count;
    ph_fixed_point_t *states;               /* [count] */
    double largest[PH_STATES_PATTERNS_MAX]; /* overlap of each pattern if all neurons follow it */
    size_t ground;                          /* the stable one */
    int reached;     /* from the point's start; -1 where that did not converge */
    size_t left_out; /* found beyond PH_STATES_MAX, those of highest free energy */
    double degree;   /* sum over all states of (-1)^(number of negative eigenvalues); 1 if none is
                        missing (Poincare-Hopf: the free energy grows in all directions), but also
                        where states of opposite sign are; NaN where F is not smooth or a state is
                        marginal */
    bool doubtful;   /* examples in their Gaussian limit where that may have the wrong phase */
} ph_states_t;

/**
 * Every fixed point that systematic starts reach: descent from all ordered blocks of patterns
 * (pure, hierarchical, symmetric, mixed, each within its own symmetry and, from where that is
 * unstable, out of it), Newton's method from random points (a fixed stream) of every symmetry until
 * `degree` is 1 and there were 40 starts a state since the last new one (docs/theory.md 7). At zero
 * noise the fixed points of the map with sign(0) = 0.
 *
 * PH_ERR_UNSUPPORTED above PH_STATES_PATTERNS_MAX patterns, PH_ERR_MEMORY.
 */
int ph_states_find(ph_states_t *self, const ph_point_t *point, ph_average_t average,
                   ph_report_t *report);

/**
 * The same for the stable states' sake: random starts descend, 40 a stable state since the last new
 * one of any kind, unstable ones are not completed, and the way from the point's start is not
 * followed (`reached` is -1).
 */
int ph_states_list(ph_states_t *self, const ph_point_t *point, ph_average_t average);
void ph_states_free(ph_states_t *self);

#endif
