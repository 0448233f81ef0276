/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_WAVES_PRIVATE_H
#define PH_MEANFIELD_WAVES_PRIVATE_H

#include "analysis/meanfield/meanfield_private.h"

/* Averages over an exact law by integrals over waves instead of sums over rows. */

/**
 * What ph_product_sums gives, T > 0, within 1e-14 of it (derivatives, free energy: 1e-13 of their
 * scale): some 4 (largest field/T + 19) waves, each of every value of every component.
 */
void ph_waves_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *out);

/** Whether there is such an integral at n, and it takes less time. */
bool ph_waves_pay(const ph_meanfield_t *self, const double *n);

#endif
