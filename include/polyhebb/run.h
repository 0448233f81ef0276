/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_RUN_H
#define POLYHEBB_RUN_H

/** @file
 * Simulating a whole grid into a run file (docs/format.md), as `polyhebb run` and `merge` do.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include <polyhebb/grid.h>

/** How to simulate; all zero is a good choice. */
typedef struct {
    uint32_t threads;        /**< 0: as many as the machine allows */
    uint32_t shard;          /**< which part of the grid, below `shards` */
    uint32_t shards;         /**< of how many, up to a million; 0 or 1: all of it */
    double time_limit;       /**< seconds, putting the file together included; 0: none */
    double checkpoint_every; /**< seconds between checkpoints of a chain; 0: 60 */
    bool take_over;          /**< a claim of another host is known to be dead */
    /** Set to another value than 0, by a signal handler or a thread, to save and return; NULL:
     * never. */
    const volatile sig_atomic_t *stop;
} ph_simulation_t;

PH_BEGIN_C

/**
 * Simulates what is not done yet of a grid and puts the run file `path` in place: resumes after a
 * kill from PATH.journal, extends a finished file if the grid contains it. Same grid and seed give
 * the same numbers whatever the threads, shards, interruptions and extensions. `how` may be NULL.
 * No signal handler is set and nothing is printed.
 *
 * PH_OK: complete. PH_ERR_UNREACHED: complete, but at the cap of dynamics.until before what it asks
 * for. PH_ERR_INTERRUPTED: stopped, everything saved; call again to go on. PH_ERR_BUSY:
 * another process writes this file. PH_ERR_MISMATCH: the file holds results the grid does not
 * contain, or chains that an earlier version sampled wrong, perhaps. PH_ERR_INPUT, PH_ERR_LIMIT
 * (memory, disk), PH_ERR_IO, PH_ERR_FORMAT, PH_ERR_DAMAGED, PH_ERR_MEMORY.
 */
PH_API int ph_simulate(const ph_grid_t *grid, const char *path, const ph_simulation_t *how,
                       ph_report_t *report);

/**
 * Puts the run files of shards, paths[count], together into one file `path`, which may not be one
 * of them. PH_ERR_INTERRUPTED: chains are missing, noted in the report; what there is stands in the
 * file. PH_ERR_UNREACHED as ph_simulate(). PH_ERR_MISMATCH: a file of another grid, or with
 * chains that an earlier version sampled wrong, perhaps. PH_ERR_DAMAGED,
 * PH_ERR_FORMAT, PH_ERR_IO, PH_ERR_INPUT, PH_ERR_MEMORY.
 */
PH_API int ph_merge(size_t count, const char *const *paths, const char *path, ph_report_t *report);

PH_END_C

#endif
