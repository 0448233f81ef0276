/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_HDF5_FILE_H
#define PH_DATA_HDF5_FILE_H

#include <hdf5.h>

#include "base/report.h"
#include "data/hdf5_driver.h"

/*
 * Files of HDF5 that may come from anyone: opened by our own driver, and read only where they hold
 * themselves what is asked for. All calls stand between ph_quiet_begin() and ph_quiet_end().
 */

typedef struct {
    hid_t file;
    ph_hdf5_driver_t *driver;
    const char *path; /* for messages */
} ph_hdf5_file_t;

/** What an HDF5 file begins with. */
enum { PH_HDF5_SIGNATURE_SIZE = 8 };
extern const unsigned char PH_HDF5_SIGNATURE[PH_HDF5_SIGNATURE_SIZE];

/* HDF5 1.10.8 crashes where it finds no memory for the cache of a file it opens (H5AC_create). */
enum { PH_HDF5_OPENING_BYTES = 8 << 20 };

/** Properties to open or make a file by such a driver; to be closed, negative without memory. */
hid_t ph_hdf5_access(ph_hdf5_driver_t *driver);

/**
 * Opens a file to read; takes over its descriptor. `expected` is for the message ("a run file").
 * PH_ERR_FORMAT where it is no HDF5 file, PH_ERR_DAMAGED, PH_ERR_IO, PH_ERR_MEMORY; close is safe
 * after them, and twice.
 */
int ph_hdf5_open(ph_hdf5_file_t *self, int descriptor, const char *path, const char *expected,
                 ph_report_t *report);
void ph_hdf5_close(ph_hdf5_file_t *self);

/** Reports a failed write: the system's error where there was one, else HDF5's. PH_ERR_IO. */
int ph_hdf5_write_failure(const ph_hdf5_file_t *self, const char *what, ph_report_t *report);

/**
 * Reports a failed read: the system's error where there was one (PH_ERR_IO), HDF5 without memory
 * (PH_ERR_MEMORY), else PH_ERR_DAMAGED.
 */
int ph_hdf5_read_failure(const ph_hdf5_file_t *self, const char *what, ph_report_t *report);

enum { PH_STORED_NAME_MAX = 159, PH_CHUNK_BYTES_MAX = 64 << 20 };

/**
 * Opens a dataset to read ("noise", "provenance/grid_bytes", at most PH_STORED_NAME_MAX bytes), to
 * be closed, *set negative on failure. Only what the file itself holds: hard links, compact,
 * contiguous or chunked storage (of at most PH_CHUNK_BYTES_MAX a chunk), gzip, shuffle and
 * fletcher32; else PH_ERR_FORMAT. Errors as ph_hdf5_read_failure().
 */
int ph_stored_open(const ph_hdf5_file_t *self, const char *name, hid_t access, hid_t *set,
                   ph_report_t *report);

#endif
