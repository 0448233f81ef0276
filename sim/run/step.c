/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/step.h"

#include "base/machine.h"
#include "sim/run/memory.h"
#include "sim/samplers/load.h"
#include "sim/samplers/samplers.h"

/* Chains that are alone and of equal weights have kernels of their own, which do not go in step; of
 * those with overlaps beyond 16 bits, which have not, little would be gained
 * (tests/validation/in_step.c). */
static bool go_alone(const ph_grid_t *grid, const ph_point_t *point)
{
    const ph_load_t load = {.point = point};
    return ph_grid_block_chains(grid) == 1 && ph_load_equal(&load);
}

bool ph_step_takes(const ph_grid_t *grid, const ph_point_t *point)
{
    return !point->followed && point->before == NULL && !go_alone(grid, point) &&
           ph_sampler_in_step(ph_sampler(point->sampler), ph_grid_block_chains(grid));
}

/* Pairs for as many rounds as there are two for each thread; what is left is at most one for each
 * thread, or as many pairs as that takes. */
size_t ph_step_pairs(size_t tasks, uint64_t threads)
{
    const size_t each = (size_t)threads, rounds = tasks / (2 * each);
    const size_t left = tasks - 2 * each * rounds;
    return each * rounds + (left > each ? left - each : 0);
}

static bool may(const ph_plan_t *plan, size_t k, const ph_grid_t *grid)
{
    const ph_task_t *task = &plan->tasks[k], *next = task + 1;
    return task->point == next->point && task->replicas == next->replicas &&
           ph_step_takes(grid, &grid->points[task->point]);
}

void ph_step_pair(ph_plan_t *plan, const ph_grid_t *grid, uint64_t threads)
{
    size_t pairs = ph_step_pairs(plan->heads, threads);
    if (pairs == 0 || ph_memory_bytes(grid, threads) > (double)ph_machine_memory().value)
        return;
    for (size_t k = 0; k + 1 < plan->count && pairs > 0; k++)
        if (may(plan, k, grid)) {
            plan->tasks[++k].beside = true;
            pairs--;
        }
}
