/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_DATA_IDX_H
#define PH_DATA_IDX_H

#include "data/formats.h"

/**
 * IDX, the format of the MNIST database: numbers of 1 to 8 bytes, big end first, behind a head with
 * their type and extents. Images have two extents (their pixels in a row) or three, labels one.
 */
extern const ph_format_t PH_FORMAT_IDX;

#endif
