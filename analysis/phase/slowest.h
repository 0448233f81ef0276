/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_SLOWEST_H
#define PH_PHASE_SLOWEST_H

#include "base/report.h"
#include "params/grid.h"

/** What the slowest mode says of chains at a point, and what it cannot say. */
typedef enum {
    PH_SLOWEST_ALL,        /* one state: chains go everywhere */
    PH_SLOWEST_WELL,       /* of one well; others are not visited */
    PH_SLOWEST_COEXISTING, /* the same, and another kind of state weighs as much or more */
    PH_SLOWEST_NEAR,       /* near a transition, where modes are not independent of their size */
    PH_SLOWEST_APART,      /* the state's examples part: those it leads to theory does not have */
    PH_SLOWEST_UNKNOWN,    /* no noise, no stable state, or no theory */
    PH_SLOWEST_COUNT
} ph_slowest_kind_t;

typedef struct {
    ph_slowest_kind_t kind;
    double rate; /* the least of the stability matrix and, of unsupervised rules, of Lambda (see
                    ph_fixed_point_t); NaN where unknown */
    double metropolis; /* tau of its slowest mode in the point's order (ph_metropolis_tau()) */
} ph_slowest_t;

/** "well", ...; and a sentence about it. */
const char *ph_slowest_word(ph_slowest_kind_t kind);
const char *ph_slowest_help(ph_slowest_kind_t kind);

/**
 * Of the state of the infinite network that a point's start leads to, or the deepest where that is
 * none that is stable. Near is what has rate sqrt(N) < 3; another kind of state weighs as much
 * where it has N (f - f')/T > -3. PH_ERR_MEMORY.
 */
int ph_slowest(ph_slowest_t *self, const ph_point_t *point, ph_average_t average);

/**
 * Autocorrelation time in sweeps, 1/2 + sum_t rho(t), of the slowest mode (docs/theory.md 3); of
 * Metropolis it is that of the point's own order. NaN for samplers whose law is not exp(-H/T) or
 * whose updates have no flow.
 */
double ph_slowest_tau(const ph_slowest_t *self, ph_sampler_id_t sampler, ph_order_t order);

#endif
