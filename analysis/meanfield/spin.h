/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_SPIN_H
#define PH_MEANFIELD_SPIN_H

#include "analysis/meanfield/meanfield.h"

/* One spin in a field h at noise T, and which fields count as none. */

/** tanh(h/T) of count fields in place; slope (NULL: not wanted): (1/T)(1 - t^2). At T = 0 the sign,
 * 0 within tie, and slope 0. */
void ph_spin_means(double *h, double *slope, size_t count, double noise, double tie);

/** T log 2 cosh(h/T), without overflow at any noise; |h| at T = 0. */
double ph_log_two_cosh(double h, double noise);
/** The same of count fields, into out. */
void ph_spin_logs(const double *h, size_t count, double noise, double *out);

/** Fields this small are ties: a fraction of the largest possible one. */
double ph_field_tie(const ph_meanfield_t *self, const double *n);

#endif
