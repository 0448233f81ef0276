/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_STEP_H
#define PH_RUN_STEP_H

#include "sim/run/plan.h"

/** Whether two whole blocks of a point are sooner done in step than one after the other, by what
 * this machine's kernels do with so many lanes. Those of points that follow each other are not. */
bool ph_step_takes(const ph_grid_t *grid, const ph_point_t *point);

/** Of `tasks` that wait for none, how many pairs are made for `threads` >= 1: as many as leave no
 * thread without work that has some now. */
size_t ph_step_pairs(size_t tasks, uint64_t threads);

/**
 * Sets `beside` of tasks that one thread is to advance in step with the one before them: neighbours
 * of one point and as many chains, the dearest first, where memory allows it. No number depends on
 * it. A pure function of the plan, the threads and the machine's instruction sets.
 */
void ph_step_pair(ph_plan_t *plan, const ph_grid_t *grid, uint64_t threads);

#endif
