/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_PROPERTIES_PRIVATE_H
#define PH_STORE_PROPERTIES_PRIVATE_H

#include <hdf5.h>
#include <stddef.h>

/** A property list for a new dataset with checksums, gzip where it pays, and a fill value. */
hid_t ph_dataset_properties(size_t rank, const hsize_t *chunk, size_t element, hid_t type,
                            const void *fill);

#endif
