/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_FILEDRIVER_H
#define PH_STORE_FILEDRIVER_H

#include <hdf5.h>

/**
 * Makes an access property list write through a driver of ours that keeps write errors from HDF5:
 * after a failed write (disk full) HDF5 cannot close the file, and crashes at exit. The errno of
 * the first failure goes into *error (0 before), nothing is written from then on, and the caller
 * throws the file away. *error must outlive the file. *driver must be given to H5FDunregister, but
 * only once the file is closed: HDF5 1.10 still reads the driver after letting go of it. Negative
 * on failure.
 */
int ph_filedriver_use(hid_t access, int *error, hid_t *driver);

#endif
