/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_HDF5_PRIVATE_H
#define PH_DATA_HDF5_PRIVATE_H

#include "data/formats.h"
#include "data/hdf5_file.h"

/**
 * Opens a dataset by a name without its first slash, as ph_stored_open(), between quiet calls.
 * Where there is none of that name it says what is there; `kind` is what was expected.
 */
int ph_hdf5_open_set(const ph_hdf5_file_t *file, const char *name, const char *kind, hid_t *set,
                     ph_report_t *report);

/** Images and their labels, as the format's row has it. */
int ph_hdf5_read_images(ph_images_t *self, const ph_images_source_t *source, int descriptor,
                        ph_report_t *report);

#endif
