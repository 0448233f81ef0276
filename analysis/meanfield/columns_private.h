/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_COLUMNS_PRIVATE_H
#define PH_MEANFIELD_COLUMNS_PRIVATE_H

#include "analysis/meanfield/meanfield_private.h"

/** Whether ph_columns_sums() has all that is wanted: F(n), at T > 0, of a law in columns. */
bool ph_columns_do(const ph_meanfield_t *self, const ph_sums_t *sums);
void ph_columns_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *sums);

#endif
