/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_SHARD_H
#define PH_STORE_SHARD_H

#include "sim/store/gridfile.h"

enum { PH_SHARDS_MAX = 1000000 };

/** Which part of a run a file holds: 0, ..., count - 1; {0, 1} for a whole run. */
typedef struct {
    uint32_t number, count;
} ph_shard_t;

/** Notes it in /provenance of a file being written. */
int ph_shard_write(ph_gridfile_t *file, ph_shard_t shard, ph_report_t *report);

/** What an open file says; {0, 1} where it says nothing, or what cannot be. */
ph_shard_t ph_shard_read(const ph_gridfile_t *file);

/** Notes there which kernel the run was told to take. */
int ph_kernel_write(ph_gridfile_t *file, const char *kernel, ph_report_t *report);

#endif
