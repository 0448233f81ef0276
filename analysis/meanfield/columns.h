/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_COLUMNS_H
#define PH_MEANFIELD_COLUMNS_H

#include "analysis/meanfield/meanfield.h"

/**
 * For many solutions of one problem: from here on F(n), and m where patterns are the features, are
 * averaged over vectors of rows, T > 0, in a law of up to 96 explicit or product rows and four
 * features. Any other law stays as it is. Averages differ by rounding, some 10^-15. To be called
 * once, after init. PH_ERR_MEMORY.
 */
int ph_meanfield_columns(ph_meanfield_t *self);

#endif
