/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FLOW_PROBLEM_H
#define PH_FLOW_PROBLEM_H

#include "analysis/flow/flow.h"
#include "analysis/meanfield/meanfield.h"

/**
 * The flow of a point's infinite network: overlaps with the features and, but in storage where they
 * are the same, with the archetypes after them; beyond 12 patterns, one for each group that the
 * start leaves alike.
 */
typedef struct {
    ph_meanfield_t meanfield;
    ph_flow_system_t system; /* borrows `self`: do not copy */
    double *start;           /* [system.size], of the point's start */
} ph_flow_problem_t;

/** Errors as ph_meanfield_init_start; free is safe after them. */
int ph_flow_problem_init(ph_flow_problem_t *self, const ph_point_t *point, ph_average_t average);
void ph_flow_problem_free(ph_flow_problem_t *self);

/** Overlaps of the start of a point of the same network, start[system.size]. */
void ph_flow_problem_start(const ph_flow_problem_t *self, const ph_point_t *point, double *start);

/** Where the magnetization of pattern mu (from 0) is among the overlaps. */
size_t ph_flow_problem_place(const ph_flow_problem_t *self, size_t mu);

#endif
