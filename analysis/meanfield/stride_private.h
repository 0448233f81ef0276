/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_STRIDE_PRIVATE_H
#define PH_MEANFIELD_STRIDE_PRIVATE_H

#include "analysis/meanfield/meanfield_private.h"

/**
 * One step of the flow dn/dt = F(n) - n from n, where F(n) is `mapped`, to `to`, by Rosenbrock's
 * method of order 2 (L-stable), of a law in columns: as long as one of order 1 is 10^-3 off at
 * most. h: its length in sweeps, first what is to be tried, then what is next. False where any
 * such step were shorter than 0.01, and of other laws.
 */
bool ph_stride(const ph_meanfield_t *self, const double *n, const double *mapped, double *h,
               double *to);

#endif
