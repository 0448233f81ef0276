/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_ASSEMBLE_H
#define PH_RUN_ASSEMBLE_H

#include "sim/run/checkpoint_index.h"

/**
 * Writes everything known into a new run file (of a shard, or {0, 1}), put in place by rename. What
 * was put together is held against `done` first: PH_ERR_DAMAGED, and nothing in place, where a
 * chain is not as far as it was when the sources were taken in.
 */
int ph_checkpoint_index_assemble(ph_checkpoint_index_t *self, const char *path, ph_shard_t shard,
                                 const char *kernel, ph_report_t *report);

/**
 * The same into a file without a name (ph_file_unnamed()), open to read like a run file: what is
 * known of the chains, while nothing but that file is written. `path` is for messages. To be closed
 * by ph_runfile_close(), after failure too; the index may go before.
 */
int ph_checkpoint_index_view(ph_checkpoint_index_t *self, const char *path, ph_runfile_t *out,
                             ph_report_t *report);

#endif
