/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_BASE_H
#define PH_RUN_BASE_H

#include "sim/run/checkpoint_index.h"

/**
 * Takes in what run file `path` (NULL, or absent: nothing) holds of the chains of a shard, where it
 * is further than the sources that were added before: the shard goes on from there, whatever the
 * number of shards that computed it. Notes how many chains where `first`. Errors as
 * ph_checkpoint_index_add_file().
 */
int ph_base_add(ph_checkpoint_index_t *self, const char *path, ph_shard_t shard, bool first,
                ph_report_t *report);

/** Chains that stand furthest in run file `path`. */
size_t ph_base_chains(const ph_checkpoint_index_t *self, const char *path);

#endif
