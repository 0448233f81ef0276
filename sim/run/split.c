/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/split.h"

#include <math.h>
#include <stdlib.h>

#include "base/floating.h"
#include "base/machine.h"
#include "sim/run/memory.h"

static const double ENOUGH = 0.7; /* of the block's time, in which a piece has to be done */

uint32_t ph_split_chains(const ph_grid_t *grid, size_t point, uint32_t chains, double blocks,
                         uint64_t threads)
{
    PH_FLOATING_GUARD();
    if (ph_grid_has_until(grid) || (double)threads <= blocks)
        return chains;
    const double whole = ph_plan_block(grid, point, chains);
    for (double pieces = fmin(chains, ceil((double)threads / blocks)); pieces > 1.0;
         pieces = floor(0.5 * pieces)) {
        uint32_t size = (uint32_t)ceil(chains / pieces);
        size += grid->replica_overlap ? size % 2 : 0;
        if (size < chains && ph_plan_block(grid, point, size) <= ENOUGH * whole)
            return size;
    }
    return chains;
}

double ph_split_pieces(const ph_grid_t *grid, uint64_t threads)
{
    const double chains = ph_grid_block_chains(grid);
    const double each = ceil((double)grid->replicas / chains) * (double)grid->samples;
    const double blocks = each * (double)grid->points_count;
    double pieces = 0.0;
    for (size_t p = 0; p < grid->points_count && blocks < (double)threads; p++)
        pieces += each * ceil(chains / ph_split_chains(grid, p, (uint32_t)chains, blocks, threads));
    return fmin((double)threads, fmax(blocks, pieces));
}

/* The replica behind a piece of `size` from `first`: with pairs, a place in the block that is even.
 */
static uint32_t piece_end(const ph_grid_t *grid, uint32_t first, uint32_t size, uint32_t end)
{
    uint32_t next = first + size;
    if (grid->replica_overlap && next % (uint32_t)grid->lanes % 2 == 1)
        next++;
    return next < end ? next : end;
}

static int split(ph_plan_t *plan, const ph_grid_t *grid, uint64_t threads, ph_report_t *report)
{
    size_t count = 0, most = 0;
    if (plan->count == 0 || plan->count >= threads ||
        ph_memory_bytes(grid, threads) > (double)ph_machine_memory().value)
        return PH_OK;
    for (size_t k = 0; k < plan->count; k++)
        most += plan->tasks[k].replicas;
    ph_task_t *tasks = malloc(most * sizeof(*tasks));
    if (tasks == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to share out %zu chains", most);
    for (size_t k = 0; k < plan->count; k++) {
        const ph_task_t *task = &plan->tasks[k];
        const uint32_t end = task->replica_first + task->replicas;
        const uint32_t size =
            ph_split_chains(grid, task->point, task->replicas, (double)plan->count, threads);
        for (uint32_t r = task->replica_first, next; r < end; r = next) {
            next = piece_end(grid, r, size, end);
            tasks[count] = *task;
            tasks[count].replica_first = r;
            tasks[count].replicas = next - r;
            tasks[count++].updates = task->updates * (next - r) / task->replicas;
        }
    }
    free(plan->tasks);
    plan->tasks = tasks;
    plan->count = count;
    return PH_OK;
}

int ph_split_init(ph_plan_t *plan, const ph_checkpoint_index_t *checkpoints, uint32_t shard,
                  uint32_t shards, uint64_t threads, ph_report_t *report)
{
    const int status = ph_plan_init(plan, checkpoints, shard, shards, report);
    return status == PH_OK ? split(plan, checkpoints->grid, threads, report) : status;
}
