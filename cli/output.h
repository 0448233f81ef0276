/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_OUTPUT_H
#define PH_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/report.h"

/** What a verb writes as text, and what may stand under the name before. */
typedef struct {
    const char *what;   /* "a table of polyhebb export" */
    const char *advice; /* what to do where something else is there */
    bool (*ours)(FILE *file);
} ph_output_kind_t;

/** A text file under way: PATH.partial until it is whole; a device, a pipe or a link of the user's
 * own or the system's is written straight. */
typedef struct {
    const char *path;
    char *partial; /* NULL: none */
    FILE *stream;
} ph_output_t;

/**
 * Opens an output. PH_ERR_INPUT where something is there that is neither empty nor of the same
 * kind, or is write-protected, or is another user's link: what somebody calls an output by mistake
 * is not lost. PH_ERR_IO where the system refuses.
 */
int ph_output_open(ph_output_t *self, const char *path, const ph_output_kind_t *kind,
                   ph_report_t *report);

/** Puts the file in place, with the permissions of the one it replaces or else these (0: those of
 * any new file), and closes. */
int ph_output_commit(ph_output_t *self, mode_t mode, ph_report_t *report);

/** Closes; an uncommitted file is removed. Safe after a failed open. */
void ph_output_close(ph_output_t *self);

#endif
