/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_SAVE_PRIVATE_H
#define PH_DATA_SAVE_PRIVATE_H

#include <hdf5.h>
#include <stddef.h>

/** ph_saved_shape() of an open file, between quiet calls. */
void ph_saved_shape_hdf5(hid_t file, size_t shape[2]);

#endif
