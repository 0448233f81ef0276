/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_CLAIM_H
#define PH_STORE_CLAIM_H

#include "base/report.h"

/**
 * The right to write one run file: PATH.claim, locked by the kernel (flock) while the writer
 * lives, with its host, process and start time as text for people.
 */
typedef struct {
    int descriptor;
    char *path;
} ph_claim_t;

/**
 * Claims `path` (the run file's name). PH_ERR_BUSY where a living process has it (the message
 * names host, process and since when); a claim left by a dead one is taken over with a note. Where
 * the file system has no locks, the text decides: a process of this host is asked for, one of
 * another host counts as alive, and the message says which file to remove if it is not.
 */
int ph_claim_take(ph_claim_t *self, const char *path, ph_report_t *report);

/** Gives the claim back and removes its file. Safe after a failed take. */
void ph_claim_release(ph_claim_t *self);

#endif
