/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FLOW_NOISE_WORK_PRIVATE_H
#define PH_FLOW_NOISE_WORK_PRIVATE_H

#include "analysis/flow/noise_state_private.h"

/** Multiplications of one evaluation of the rates (random, permuted), or of one sweep (parallel).
 */
double ph_noise_evaluation(const ph_flow_cost_t *cost);

/** Of the sequential order: of one cell's step among so many, with so many iterations of its mean.
 */
double ph_noise_cell(const ph_flow_cost_t *cost, double cells, double iterations);

/** What it costs, of this state. */
ph_flow_cost_t ph_noise_cost(const ph_noise_t *self);

#endif
