/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLE_DRAW_H
#define PH_SAMPLE_DRAW_H

#include <stddef.h>
#include <stdint.h>

#include "sim/model/stream.h"

/*
 * Normal and binomial numbers, made from +, *, /, the square root and bit operations only, never
 * by libm: the same bits on every CPU and compiler. All methods are exact but for the rounding of
 * doubles: the probability of an outcome is met to about 1e-15 (1 + n/10) of itself (n of the
 * binomial), and the uniform numbers behind it have 52 bits.
 */

/** Natural logarithm of x > 0 (not subnormal), to a relative error of about 4e-16 away from 1 and
 * an absolute one of about 1e-16 near it. */
double ph_log(double x);

/** Standard normal number, by Marsaglia's polar method (SIAM Review 6, 260 (1964)). */
double ph_draw_normal(ph_stream_t *stream);

/**
 * The numbers of a lumped sampler: five xoshiro256++ generators (Blackman & Vigna, ACM TOMS 47, 36
 * (2021)), seeded anew for every chain and sweep from its Philox stream. One is for what comes one
 * by one; the other four stand side by side, and item d of a list takes generator d % 4. Four
 * belongs to the definition of the numbers, whatever the width of the machine's vectors.
 */
enum { PH_DRAW_LANES = 4 };

typedef struct {
    uint64_t single[4];
    uint64_t lanes[4][PH_DRAW_LANES]; /* word by word of the states */
} ph_draws_t;

/** Seeds from the next 20 words of a stream. */
void ph_draws_init(ph_draws_t *self, ph_stream_t *stream);

/** Standard normal number from the single generator, by the same method. */
double ph_draws_normal(ph_draws_t *self);

/**
 * A list of binomial numbers: out[d] of n[d] independent events of odds e : 1 happen, each with
 * probability e/(1 + e), e = e^-x[d]; x >= 0, infinity included, n an integer below 2^31. `count`
 * is a multiple of PH_DRAW_LANES. Every item takes two uniform numbers of its lane. Where the mean
 * is below 10 the first is inverted; else both make the first attempt of Hormann's transformed
 * rejection BTRS (J. Stat. Comput. Simul. 46, 101 (1993)), and what that leaves open (one item in
 * seven) is settled item after item, further attempts with numbers of the single generator.
 */
typedef void ph_draw_binomials_t(ph_draws_t *self, size_t count, const double *n, const double *x,
                                 double *out);

/** Plainly. */
ph_draw_binomials_t ph_draw_binomials;

/** An item that its first attempt with u, v in (0, 1) leaves open; e as above. */
double ph_draw_settle(ph_draws_t *self, double n, double e, double u, double v);

#endif
