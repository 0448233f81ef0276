/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_QUIET_H
#define PH_DATA_QUIET_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/report.h"

/* Calls of HDF5 that print nothing, and the words for what fails in them. */

/**
 * Between begin and end HDF5 prints no errors; the cause of the first one is kept for
 * ph_hdf5_fail(). Must not move in between.
 */
typedef struct {
    H5E_auto2_t print;
    void *data;
    char cause[400]; /* "" while nothing failed */
    bool no_memory;  /* that was the cause */
} ph_quiet_t;

void ph_quiet_begin(ph_quiet_t *self);
void ph_quiet_end(const ph_quiet_t *self);

/**
 * Reports a failed HDF5 call on `path` as "path: what: cause" with HDF5's innermost message as the
 * cause. Returns `status`, or PH_ERR_MEMORY where HDF5 ran out of memory.
 */
int ph_hdf5_fail(ph_report_t *report, int status, const char *path, const char *what);

/** Says that an allocation of our own is what failed, for ph_hdf5_fail(). */
void ph_hdf5_no_memory(void);

/** Whether so many bytes can be had now. */
bool ph_memory_left(size_t bytes);

/**
 * H5Dread() between begin and end. HDF5 has one message for bytes that zlib cannot unpack and for
 * zlib without memory, so what cannot be unpacked is read a second time: what fails then, and with
 * memory left, is damaged.
 */
int ph_hdf5_read(hid_t set, hid_t type, hid_t memory, hid_t file, void *into);

#endif
