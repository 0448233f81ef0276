/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RANDOM_ELEMENTARY_H
#define PH_RANDOM_ELEMENTARY_H

/*
 * Elementary functions from +, *, / and bit operations, never by libm, whose variants differ
 * between CPUs: the same bits everywhere.
 */

/** e^-x for x >= 0 to a relative error of about 1e-15; 0 above 700. */
double ph_exp_negative(double x);

/** Natural logarithm of x > 0 (not subnormal), to a relative error of about 4e-16 away from 1 and
 * an absolute one of about 1e-16 near it. */
double ph_log(double x);

#endif
