/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_HDF5_H
#define PH_DATA_HDF5_H

#include "data/formats.h"

/**
 * HDF5: a dataset of rank 2 of integers of at most 64 bits, lists in rows unless said otherwise.
 * The one of source->dataset, without a name /patterns: a file's datasets are never listed, as
 * libhdf5 1.10 frees what it never had where one is damaged (H5Literate). Nothing is read that the
 * file does not hold itself (data/hdf5_file.h).
 */
extern const ph_format_t PH_FORMAT_HDF5;

#endif
