/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLE_DRAW_H
#define PH_SAMPLE_DRAW_H

#include <stdint.h>

#include "sim/model/stream.h"

/*
 * Normal and binomial numbers, made from +, *, /, the square root and bit operations only, never
 * by libm: the same bits on every CPU and compiler. Both methods are exact but for the rounding of
 * doubles: the probability of an outcome is met to about 1e-15 (1 + n/10) of itself (n of the
 * binomial), and the uniform numbers behind it have 52 bits or more.
 */

/** Natural logarithm of x > 0 (not subnormal), to a relative error of about 4e-16 away from 1 and
 * an absolute one of about 1e-16 near it. */
double ph_log(double x);

/** Standard normal number, by Marsaglia's polar method (SIAM Review 6, 260 (1964)). */
double ph_draw_normal(ph_stream_t *stream);

/**
 * How many of n independent events of odds e : 1 happen, each with probability e/(1 + e); 0 <= e
 * <= 1. Inversion where the mean is below 10, else Hormann's transformed rejection BTRS (J. Stat.
 * Comput. Simul. 46, 101 (1993)). n < 2^31.
 */
int64_t ph_draw_binomial(ph_stream_t *stream, int64_t n, double e);

#endif
