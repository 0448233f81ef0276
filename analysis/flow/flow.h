/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FLOW_FLOW_H
#define PH_FLOW_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/report.h"
#include "params/grid.h"

/**
 * How overlaps o(t) = (1/N) sum_i phi_i s_i move as N -> infinity (t in sweeps; F(o): overlaps of
 * the spins' means tanh(h/T) in the field of o); the project's docs/theory.md, section 9. Method
 * after Bartolucci & Annibale (2014), arXiv 1405.2454, for the random order.
 */
typedef enum {
    PH_FLOW_RANDOM,     /* do/dt = F(o) - o */
    PH_FLOW_PERMUTED,   /* within each sweep do/dtau = F(o) - o(start of the sweep) */
    PH_FLOW_SEQUENTIAL, /* first sweep as permuted, then do/dt = F(o(t)) - F(o(t - 1)) */
    PH_FLOW_PARALLEL,   /* o(t + 1) = F(o(t)): Little dynamics */
    PH_FLOW_BLOCK,      /* the same path: block Gibbs, with noise of its own */
    PH_FLOW_NONE        /* does not close in the overlaps: Metropolis; descent of what is learned */
} ph_flow_law_t;

/** The law of a point's dynamics, from its sampler and order. */
ph_flow_law_t ph_flow_law(const ph_point_t *point);

/** Whether it has one, and a start with a mean for it to begin at. */
bool ph_flow_known(const ph_point_t *point);

/** Why not, and what to do about it; NULL where it has. */
const char *ph_flow_missing(const ph_point_t *point);

/** The right-hand side: out[size] = F(o). Returns a status. */
typedef struct {
    size_t size; /* number of overlaps */
    int (*map)(void *context, const double *o, double *out);
    void *context;
} ph_flow_system_t;

/** Where the flow has come to after some sweeps. */
typedef struct {
    bool complete;   /* false: it was stopped before the last of the times asked for */
    bool stationary; /* the flow rests in the last state */
    uint64_t sweeps; /* integrated; later times are those of the state it rests in */
} ph_flow_end_t;

/**
 * Integrates from o[size] (replaced by the last state) and writes the state after time[k] sweeps
 * (ascending whole numbers, time[0] >= 0) into path[times][size]. Accuracy 1e-10, also at zero
 * noise, where F jumps: the steps shrink to the jumps (Runge-Kutta-Fehlberg 4(5) with local error
 * 1e-13; the delayed state by cubic Hermite interpolation). After 10^5 sweeps without rest, or at
 * 10^7 evaluations of F, it stops after the last whole sweep with complete = false and NaN for what
 * is left. PH_ERR_MEMORY; PH_ERR_NUMERIC where steps would become too small; what the map returned.
 */
int ph_flow_solve(const ph_flow_system_t *self, ph_flow_law_t law, double *o, size_t times,
                  const uint64_t *time, double *path, ph_flow_end_t *end, ph_report_t *report);

/**
 * The boundary of a basin of attraction on the line from start a[size] to start b[size] (a fraction
 * x of the neurons taken from b): the least x, to 1e-6, from which the flow ends elsewhere than
 * from a. NaN where the flow from b ends where that from a does. Where the line crosses several
 * boundaries, one of them. PH_ERR_NUMERIC, and NaN, where a flow does not come to rest within 10^4
 * sweeps and 10^7 evaluations.
 */
int ph_flow_basin(const ph_flow_system_t *self, ph_flow_law_t law, const double *a, const double *b,
                  double *boundary, ph_report_t *report);

/**
 * The same of recall: the least x from which the flow ends with o[place] below `least`. NaN where
 * it does so from a, or where it does not from b.
 */
int ph_flow_recall(const ph_flow_system_t *self, ph_flow_law_t law, const double *a,
                   const double *b, size_t place, double least, double *boundary,
                   ph_report_t *report);

#endif
