/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_MERGE_H
#define PH_RUN_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/report.h"
#include "sim/store/shard.h"

/** Which parts of a run have something left to do; none where there are no parts. */
typedef struct {
    uint32_t count;
    bool *unfinished; /* [count] */
} ph_parts_left_t;

void ph_parts_left_free(ph_parts_left_t *self);

/** "PREFIX.I-of-N.h5", as run names shards: the length of PREFIX and the dot behind it, and the
 * shard; false for a name of another kind. */
bool ph_shard_of_name(const char *path, size_t *prefix, ph_shard_t *shard);

/**
 * Puts run files (shards, with their journals) together into one file `path`. PH_ERR_MISMATCH for
 * a file of another grid, with the differences; what cannot be read is named and returned as
 * PH_ERR_DAMAGED or PH_ERR_FORMAT. A killed shard may have left a journal and no file: it is taken
 * up where it is named, or is beside another shard under the name it must have. Missing chains
 * leave points not run, noted in the report, and the return value PH_ERR_INTERRUPTED. `path` may
 * not be one of the inputs' names; what is already there, of the same grid or one that it contains,
 * is kept. take_over:
 * ph_lock_file_take(). Where it is not NULL, `left` says which shards have to go on, and is to be
 * freed.
 */
int ph_run_merge(size_t count, const char *const *paths, const char *path, bool take_over,
                 ph_parts_left_t *left, ph_report_t *report);

#endif
