/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_COLUMNS_H
#define PH_MEANFIELD_COLUMNS_H

#include "analysis/meanfield/meanfield.h"

/**
 * Makes F(n) fast for laws of few rows and features, which others are not changed by: for many
 * solutions of one problem. Differs in rounding. PH_ERR_MEMORY.
 */
int ph_meanfield_columns(ph_meanfield_t *self);

#endif
