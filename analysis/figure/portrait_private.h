/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_PORTRAIT_PRIVATE_H
#define PH_FIGURE_PORTRAIT_PRIVATE_H

#include "analysis/flow/problem.h"

enum { PH_PORTRAIT_ENDS = 24 }; /* states that a flow may rest in */

/** The states that flows of a network of two patterns end in, in the order they were met. */
typedef struct {
    size_t count;
    double state[PH_PORTRAIT_ENDS][2];
} ph_portrait_ends_t;

/**
 * Where the flow from m ends: the number of its state in `ends`, which is added where it is new; -1
 * where it does not come to rest, or at more states than there is room for. PH_ERR_MEMORY.
 */
int ph_portrait_end(const ph_flow_problem_t *problem, ph_flow_law_t law, const double m[2],
                    ph_portrait_ends_t *ends, int *number);

#endif
