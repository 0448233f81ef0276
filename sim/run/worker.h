/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_WORKER_H
#define PH_RUN_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/chain/block.h"
#include "sim/run/checkpoint_index.h"
#include "sim/run/plan.h"

/** A segment is handed on at the latest when its records take this many bytes, and by default after
 * so many seconds. */
enum { PH_TASK_SERIES_BYTES = 8 << 20, PH_TASK_CHECKPOINT_SECONDS = 60 };

/** What a worker asks and tells while it goes on; every member is called from several threads. */
typedef struct {
    void *context;
    const char *kernel; /* of every block; NULL: the fastest that takes it */
    /** Called after each sweep of `updates` attempts; true: hand on what is there now. */
    bool (*swept)(void *context, double updates, double since_handed_on);
    /** Whether to stop (asked after handing on). */
    bool (*stopped)(void *context);
    /** Takes a finished segment of the work's chains. */
    int (*hand_on)(void *context, const ph_task_t *task, const ph_segment_t *segment);
    /** State of a chain that has begun (or, at the point that the task's follows, is done: without
     * sums), as ph_checkpoint_index_state(). */
    int (*state)(void *context, const ph_task_t *task, uint32_t replica, double *sums,
                 uint8_t *spins);
    /** Spins of a chain that begins from a file, as ph_startfile_spins(). */
    int (*start)(void *context, const ph_task_t *task, uint32_t replica, uint8_t *spins);
    /** The work ends by dynamics.until, this many attempted updates before its last time; NULL: not
     * asked for. */
    void (*ended)(void *context, double updates);
} ph_task_calls_t;

/** Last states of chains that others are to begin with (dynamics.follow), as one thread goes from
 * point to point. All bytes zero: of none. */
typedef struct {
    const ph_point_t *of[PH_MAX_LANES]; /* by place in the block: whose they are; NULL: nobody's */
    uint8_t *spins;
} ph_ends_t;

void ph_ends_free(ph_ends_t *self);

/**
 * Runs one piece of work to its end or until stopped, handing on segments; one also ends at each
 * time to decide. Another of the same point, `beside` (NULL: none), goes on in step with it, as it
 * would alone; where one of them fails, the other hands on what it has. With dynamics.until the
 * work is a whole block of lanes. Chains that follow others begin with what `last` has of these, or
 * else, as these are done, calls->state; `last` gets theirs where they are done and are followed,
 * and may be NULL where no point is. PH_OK in both cases; PH_ERR_INPUT where calls->kernel does not
 * take the block, PH_ERR_MEMORY, PH_ERR_LIMIT, PH_ERR_NUMERIC (running overlaps differ from a
 * recount: a fault of the program or the machine), or what a call returned.
 */
int ph_task_run(const ph_task_t *task, const ph_task_t *beside, const ph_grid_t *grid,
                const ph_task_calls_t *calls, ph_ends_t *last);

#endif
