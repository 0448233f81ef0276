/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_RUN_H
#define PH_RUN_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/report.h"
#include "params/grid.h"
#include "sim/run/until.h"

typedef struct {
    const char *path;        /* the run file; journal, claim and status stand beside it */
    uint64_t threads;        /* 0: as many as the machine allows */
    const char *base;        /* of a shard: a run file of its grid, or of one that this contains,
                                whose chains are not computed again; NULL, or absent: none */
    const char *kernel;      /* ph_block_use() of every block; NULL: the fastest */
    uint32_t shard, shards;  /* shard < shards <= PH_SHARDS_MAX; shards 0 or 1: all */
    double time_limit;       /* seconds, 0: none; putting the file together is within
                                it, unless that takes more than half of it */
    double checkpoint_every; /* seconds between checkpoints of a chain, 0: 60 */
    FILE *terminal;          /* progress line, NULL: none */
    const char *label;       /* what it begins with, NULL: nothing */
    FILE *log;               /* one line every log_every seconds, NULL: none */
    double log_every;
    bool take_over;        /* ph_lock_file_take() */
    const char *status_of; /* whose status file is written, NULL: that of `path` */
    void (*saved)(void *context, uint64_t bytes); /* of the journal are on the disk; NULL: none */
    void *context;
    const volatile sig_atomic_t *stop; /* set by a signal: checkpoint and return; NULL: never */
} ph_run_options_t;

/** What a call to ph_run() did. */
typedef struct {
    double updates, seconds; /* attempted spin updates of this call, and its time */
    double saving;           /* seconds of those for putting the file together */
    size_t points, points_complete;
    uint64_t threads;        /* that were used */
    ph_until_survey_t until; /* what dynamics.until came to */
} ph_run_summary_t;

/**
 * Runs what is not done yet of a grid (or of one shard of it) and puts the run file in place:
 * resumes after a kill from the journal, extends a finished file if the grid contains it, copies
 * what is complete. Same grid and seed give the same numbers whatever the threads, shards,
 * interruptions and extensions.
 *
 * PH_OK: complete. PH_ERR_UNREACHED: complete, and said where dynamics.until ended chains at their
 * cap before they had what was asked for. PH_ERR_INTERRUPTED: stopped by `stop` or the time limit,
 * everything saved. PH_ERR_BUSY: another process writes this file. PH_ERR_INPUT: a shard that there
 * is not; a point that options->kernel does not take, with those that do. PH_ERR_MISMATCH: the file
 * or journal holds results the grid does not contain. PH_ERR_LIMIT: needs more memory than allowed,
 * or more disk than is free. PH_ERR_IO (disk full; the journal keeps what was done), PH_ERR_FORMAT,
 * PH_ERR_DAMAGED, PH_ERR_MEMORY.
 */
int ph_run(const ph_grid_t *grid, const ph_run_options_t *options, ph_run_summary_t *summary,
           ph_report_t *report);

#endif
