/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_LOCK_FILE_H
#define PH_STORE_LOCK_FILE_H

#include <stdbool.h>

#include "base/report.h"

/**
 * The right to write one run file: PATH.claim, locked by the kernel (flock) while the writer
 * lives, with its host, process and start time as text for people.
 */
typedef struct {
    int descriptor;
    char *path;
} ph_lock_file_t;

/**
 * Claims `path` (the run file's name). PH_ERR_BUSY where a living process has it (the message
 * names host, process and since when); a claim left by a dead one of this host is taken over with a
 * note. One that names another host counts as alive, whether or not its lock can be had: there are
 * file systems on which locks hold on one host only. `take_over`: the caller knows that the other
 * host's process has ended. Where the file system has no locks at all, a process of this host is
 * asked for. A name that is a symbolic link is PH_ERR_IO, one that is no regular file
 * PH_ERR_FORMAT.
 */
int ph_lock_file_take(ph_lock_file_t *self, const char *path, bool take_over, ph_report_t *report);

/** Gives the claim back and removes its file. Safe after a failed take. */
void ph_lock_file_release(ph_lock_file_t *self);

#endif
