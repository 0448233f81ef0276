/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_MIXED_PRIVATE_H
#define PH_COMPARE_MIXED_PRIVATE_H

#include "analysis/compare/sample_private.h"

/**
 * A sample whose records are not all in the wells of their chains (records.mixed): each counts for
 * its own, by what it deviates from there. Its rows; PH_ERR_MEMORY.
 */
int ph_compare_mixed(ph_compared_t *self);

#endif
