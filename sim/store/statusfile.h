/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_STATUSFILE_H
#define PH_STORE_STATUSFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/report.h"

/** How far a run is: what PATH.status (small text, replaced by rename) holds. */
typedef struct {
    char state[16]; /* "running", "complete", "stopped" */
    char host[64];
    int64_t pid;
    char started[24], updated[24]; /* UTC, as ph_machine_time() */
    uint64_t points, points_done;
    uint64_t updates, updates_done; /* attempted spin updates, of this call and before */
    double rate;                    /* attempted spin updates per second of this call */
    uint32_t shard, shards;         /* 0, 1 without shards */
} ph_progress_t;

/** Seconds left at the present rate; NaN where unknown. */
double ph_progress_left(const ph_progress_t *progress);

/** Whether it says "running" of a process of this host that is no more: killed, or the machine
 * went down. */
bool ph_progress_is_dead(const ph_progress_t *progress);

/** Seconds since it was written, by its own time and this host's clock; NaN where it has none. */
double ph_progress_silent(const ph_progress_t *progress);

/** Replaces PATH.status for run file `path`. Not synced: it is for looking at only. */
int ph_statusfile_write(const char *path, const ph_progress_t *progress, ph_report_t *report);

/** PH_ERR_IO if absent, PH_ERR_FORMAT if not one of ours, or of a shard that cannot be. */
int ph_statusfile_read(const char *path, ph_progress_t *progress, ph_report_t *report);

/**
 * Seconds since a writer of run file `path` gave a sign of life: by PATH.status and by the age of
 * PATH.claim, the younger of the two (who has just taken a claim over has not said so yet). By this
 * host's clock. NaN where neither is there.
 */
double ph_statusfile_silence(const char *path);

#endif
