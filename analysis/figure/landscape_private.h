/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FIGURE_LANDSCAPE_PRIVATE_H
#define PH_FIGURE_LANDSCAPE_PRIVATE_H

#include <stdbool.h>

/** Of an infinite network with magnetizations m of two stored patterns: H/N = -(1/2) sum g m^2. */
double ph_landscape_cost(const double gains[2], const double m[2]);

/** sum_mu L_+ L_- = sum (A_mu^2 - m_mu^2), A = (1 + filled)/2, filled: the share of entries that
 * are not blank. With g = 1 the cost is half of it and a constant. */
double ph_landscape_loss(const double filled[2], const double m[2]);

/** Whether some state has these magnetizations. */
bool ph_landscape_reached(const double filled[2], const double m[2]);

#endif
