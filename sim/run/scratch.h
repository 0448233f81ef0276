/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_SCRATCH_H
#define PH_RUN_SCRATCH_H

#include "sim/run/run.h"

/**
 * ph_run() in a folder of its own below `folder`, a disk of this node: for file systems that many
 * nodes share, and that do not like to be written to all the time. File and journal are copied
 * there first; whatever the journal there has on its disk is appended to the journal where it
 * belongs, so that a node that goes down takes no more with it than without scratch; the file is
 * put in place there by rename at the end, however the run ends, and the folder is removed. The
 * claim and the status file are where they belong all the time.
 *
 * Errors as ph_run(). PH_ERR_IO where the file cannot be brought back: the folder then stays, and
 * is named.
 */
int ph_run_scratch(const ph_grid_t *grid, const ph_run_options_t *options, const char *folder,
                   ph_run_summary_t *summary, ph_report_t *report);

#endif
