/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_HDF5_DRIVER_H
#define PH_DATA_HDF5_DRIVER_H

#include <hdf5.h>

/**
 * The way of HDF5 to a file that we have opened: after a failed write or close HDF5 cannot close
 * the file, and crashes at exit. So this driver keeps such failures from it; the first error is
 * remembered, nothing is written from then on, and the caller throws the file away.
 */
typedef struct ph_hdf5_driver ph_hdf5_driver_t;

/** Takes over an open descriptor; NULL, and the descriptor closed, where there is no memory. */
ph_hdf5_driver_t *ph_hdf5_driver_new(int descriptor);

/** Makes an access property list lead to the file, whatever name HDF5 is given. Negative on
 * failure. */
int ph_hdf5_driver_use(ph_hdf5_driver_t *self, hid_t access);

/** errno of the first read or write that failed, 0 before; 0 for NULL. */
int ph_hdf5_driver_error(const ph_hdf5_driver_t *self);

int ph_hdf5_driver_descriptor(const ph_hdf5_driver_t *self);

/**
 * To be called once the file is closed: HDF5 1.10 still reads the driver after letting go of it.
 * Where HDF5 could not close it, the descriptor stays open, but nothing is written any more. NULL
 * does nothing.
 */
void ph_hdf5_driver_drop(ph_hdf5_driver_t *self);

#endif
