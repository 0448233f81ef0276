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
    const double blocks = each * (double)grid->sequences;
    double pieces = 0.0;
    for (size_t p = 0; p < grid->points_count && blocks < (double)threads; p++)
        pieces +=
            grid->points[p].followed
                ? 0.0
                : each * ceil(chains / ph_split_chains(grid, p, (uint32_t)chains, blocks, threads));
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

/* Adds what replicas from `first` up to `end` have of a task, if any. */
static void add_piece(ph_plan_t *cut, const ph_task_t *task, uint32_t first, uint32_t end,
                      bool waits)
{
    const uint32_t from = task->replica_first > first ? task->replica_first : first;
    const uint32_t behind = task->replica_first + task->replicas;
    const uint32_t to = behind < end ? behind : end;
    if (from >= to)
        return;
    ph_task_t *piece = &cut->tasks[cut->count++];
    *piece = *task;
    piece->replica_first = from;
    piece->replicas = to - from;
    piece->updates = task->updates * (to - from) / task->replicas;
    piece->waits = waits;
    cut->heads += !waits;
}

/* Tasks [head, end) of the plan, the first of which waits for none: pieces of their replicas, at
 * all points alike. */
static void cut_sequence(ph_plan_t *cut, const ph_plan_t *plan, size_t head, size_t end,
                         const ph_grid_t *grid, uint64_t threads)
{
    uint32_t first = UINT32_MAX, behind = 0;
    for (size_t k = head; k < end; k++) {
        const ph_task_t *task = &plan->tasks[k];
        first = task->replica_first < first ? task->replica_first : first;
        if (task->replica_first + task->replicas > behind)
            behind = task->replica_first + task->replicas;
    }
    const uint32_t size = ph_split_chains(grid, plan->tasks[end - 1].point, behind - first,
                                          (double)plan->heads, threads);
    for (uint32_t r = first, next; r < behind; r = next) {
        const size_t begin = cut->count;
        next = piece_end(grid, r, size, behind);
        for (size_t k = head; k < end; k++)
            add_piece(cut, &plan->tasks[k], r, next, cut->count > begin);
    }
}

static int split(ph_plan_t *plan, const ph_grid_t *grid, uint64_t threads, ph_report_t *report)
{
    ph_plan_t cut = {.updates = plan->updates};
    size_t most = 0;
    if (plan->count == 0 || plan->heads >= threads ||
        ph_memory_bytes(grid, threads) > (double)ph_machine_memory().value)
        return PH_OK;
    for (size_t k = 0; k < plan->count; k++)
        most += plan->tasks[k].replicas;
    cut.tasks = malloc(most * sizeof(*cut.tasks));
    if (cut.tasks == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory to share out %zu chains", most);
    for (size_t k = 0, next; k < plan->count; k = next) {
        for (next = k + 1; next < plan->count && plan->tasks[next].waits;)
            next++;
        cut_sequence(&cut, plan, k, next, grid, threads);
    }
    free(plan->tasks);
    *plan = cut;
    return PH_OK;
}

int ph_split_init(ph_plan_t *plan, const ph_checkpoint_index_t *checkpoints, uint32_t shard,
                  uint32_t shards, uint64_t threads, ph_report_t *report)
{
    const int status = ph_plan_init(plan, checkpoints, shard, shards, report);
    return status == PH_OK ? split(plan, checkpoints->grid, threads, report) : status;
}
