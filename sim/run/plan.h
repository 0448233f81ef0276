/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_PLAN_H
#define PH_RUN_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "sim/run/checkpoint_index.h"

/** Chains of one block that stand at the same sweep and have to go on to the end of their point. */
typedef struct {
    size_t point;
    uint32_t sample, replica_first, replicas;
    uint64_t sweep_from;
    double updates; /* attempted spin updates left to do */
    bool waits;     /* for the task before it in the plan to be done */
    bool beside;    /* the task before it: one thread advances both in step */
} ph_task_t;

/** What is left to do, longest first: each task that waits for none, with all behind it that do or
 * the one beside it, for one thread. */
typedef struct {
    size_t count;
    size_t heads; /* tasks that wait for none */
    ph_task_t *tasks;
    double updates;
} ph_plan_t;

/**
 * Lists the work of shard `shard` of `shards` (0, 1: all) that the checkpoint index does not show
 * as done. Which blocks a shard has is a pure function of the grid: blocks in order of falling cost
 * go to the shard that has least so far (ph_deal). A block at points that follow each other is one,
 * for one shard. PH_ERR_MEMORY on failure.
 */
int ph_plan_init(ph_plan_t *self, const ph_checkpoint_index_t *checkpoints, uint32_t shard,
                 uint32_t shards, ph_report_t *report);

/**
 * Sets unfinished[i] for every shard i of `shards` that has a chain which the checkpoint index does
 * not show as complete. PH_ERR_MEMORY on failure.
 */
int ph_plan_unfinished(const ph_checkpoint_index_t *checkpoints, uint32_t shards, bool *unfinished,
                       ph_report_t *report);
void ph_plan_free(ph_plan_t *self);

/** Marks the chains of shard `shard` of `shards`: own[ph_grid_chain()]. PH_ERR_MEMORY on failure.
 */
int ph_plan_own(const ph_grid_t *grid, uint32_t shard, uint32_t shards, bool *own,
                ph_report_t *report);

/** PH_ERR_LIMIT where a feature sums more examples than it can hold. */
int ph_plan_check(const ph_grid_t *grid, ph_report_t *report);

/** PH_ERR_LIMIT, as a run would say it, where a grid needs more memory than this process may use.
 */
int ph_plan_check_memory(const ph_grid_t *grid, uint64_t threads, ph_report_t *report);

/** Seconds that a block of so many chains of a point, and of those that it follows, costs, by which
 * parts are dealt: of a machine with AVX2, rounded to eight binary digits, the same wherever it is
 * asked. */
double ph_plan_block(const ph_grid_t *grid, size_t point, uint32_t chains);

/** What a grid costs. */
typedef struct {
    double chains, updates, file_bytes;
    double journal_bytes; /* beside the file until that is in place */
    double memory_bytes;  /* with this many threads */
    double seconds;       /* rough: docs/performance.md has them beside times taken */
    double seconds_least; /* the same where dynamics.until ends all chains as soon as it may */
} ph_cost_t;

/** Cost of all chains of a grid from their start, on `threads` >= 1 threads, before compression;
 * with dynamics.until of chains that all go to their cap. */
ph_cost_t ph_plan_cost(const ph_grid_t *grid, uint64_t threads);

/** Seconds, as rough, of so many sweeps of one block of a point on one thread. */
double ph_plan_seconds(const ph_grid_t *grid, size_t point, double sweeps);

/**
 * Bytes of disk that a plan's work takes beside what is there already: the file of all that the
 * grid has (of one of `shards`), before compression, and what the journal grows by where a chain is
 * checkpointed `every` seconds (above 0).
 */
double ph_plan_disk(const ph_plan_t *self, const ph_grid_t *grid, uint32_t shards, double every);

#endif
