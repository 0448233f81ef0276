/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_SHARE_H
#define PH_STORE_SHARE_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/store/gridfile.h"

/* Boxes of a point's share of an array, in memory: row by row, as the array is stored. */

/** `element` bytes an element; `extent` as of an array's inner dimensions. */
void ph_share_init(ph_share_t *self, size_t rank, const hsize_t *extent, size_t element);

/** Whether a box is within the share. */
bool ph_share_holds(const ph_share_t *self, const size_t *offset, const size_t *count);

/** Copies a box, whose own rows are close together, into a share, or out of it. */
void ph_share_put(const ph_share_t *self, const size_t *offset, const size_t *count, void *share,
                  const void *box);
void ph_share_get(const ph_share_t *self, const size_t *offset, const size_t *count,
                  const void *share, void *box);

#endif
