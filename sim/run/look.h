/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_LOOK_H
#define PH_RUN_LOOK_H

#include "sim/run/doubt.h"
#include "sim/store/runfile.h"

/*
 * Runs that go on, were killed or are not finished, seen from their file and their journal as they
 * are now. Nothing is claimed, written, cut off or removed beside them, so the folder may be
 * write-protected, and a run that is at work is not disturbed: a record that it is just appending
 * is not there yet.
 */

/** How far a run is. */
typedef struct {
    size_t points, points_complete; /* of the grid; all chains of a point are done */
    bool journal;                   /* something is in the journal */
    bool shard;                     /* of a shard, which has only its own part of the points */
    ph_doubt_t doubt;               /* points whose chains may be wrong */
} ph_look_t;

/**
 * Opens what a run file and the journal beside it hold together, to read like a run file; where the
 * journal holds nothing, the file itself. The file may be absent where the journal says the grid.
 * What is put together is in a file without a name (ph_file_unnamed()). Notes how far the run is
 * where it is not finished. To be closed by ph_runfile_close(), after failure too. Errors as
 * ph_runfile_open() and ph_journal_scan(); PH_ERR_FORMAT where the grid is not known,
 * PH_ERR_MISMATCH where file and journal do not belong together.
 */
int ph_look_open(ph_runfile_t *self, const char *path, ph_report_t *report);

/** How far the run is, without putting anything together; errors as above. */
int ph_look_count(const char *path, ph_look_t *found, ph_report_t *report);

/** Whether the file of a shard holds all that is its own to do; errors as ph_runfile_open(). */
int ph_look_shard_done(const char *path, bool *done, ph_report_t *report);

/**
 * The grid of a run: of the journal, which is that of the last call of `run`, or else of the file.
 * To be freed, after failure too.
 */
int ph_look_grid(const char *path, ph_grid_t *grid, ph_report_t *report);

#endif
