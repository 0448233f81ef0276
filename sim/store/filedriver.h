/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_FILEDRIVER_H
#define PH_STORE_FILEDRIVER_H

#include <hdf5.h>

/**
 * The way of HDF5 to a file that we have opened: after a failed write or close HDF5 cannot close
 * the file, and crashes at exit. So this driver keeps such failures from it; the first error is
 * remembered, nothing is written from then on, and the caller throws the file away.
 */
typedef struct ph_filedriver ph_filedriver_t;

/** Takes over an open descriptor; NULL, and the descriptor closed, where there is no memory. */
ph_filedriver_t *ph_filedriver_new(int descriptor);

/** Makes an access property list lead to the file, whatever name HDF5 is given. Negative on
 * failure. */
int ph_filedriver_use(ph_filedriver_t *self, hid_t access);

/** errno of the first read or write that failed, 0 before; 0 for NULL. */
int ph_filedriver_error(const ph_filedriver_t *self);

int ph_filedriver_descriptor(const ph_filedriver_t *self);

/**
 * To be called once the file is closed: HDF5 1.10 still reads the driver after letting go of it.
 * Where HDF5 could not close it, the descriptor stays open, but nothing is written any more. NULL
 * does nothing.
 */
void ph_filedriver_drop(ph_filedriver_t *self);

#endif
