/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RANDOM_BINOMIAL_PRIVATE_H
#define PH_RANDOM_BINOMIAL_PRIVATE_H

#include "sim/random/distributions.h"

/*
 * The hat of the transformed rejection, with mean m and variance s^2 of the binomial: the uniform
 * number f in (-1/2, 1/2), r = 1/2 - |f|, goes to x = m + 1/2 + (s + PH_HAT_WIDER) f w(r), with
 *
 *   w(r) = (A0 + A1 r + A2 r^2) / (r (1 + B r)),
 *
 * for which f w(r) is close to the quantile of the normal law, with a heavier tail. At k = floor(x)
 * the ratio R of the binomial law (of that of its mode) to the density of x stays below
 * TOP_S s + TOP, and above FLOOR_S s + FLOOR - FLOOR_W w(r) where r >= RIM, for every n <= 2^31 and
 * p <= 1/2 with n p >= 10: there 93 of 100 numbers are accepted at once at s = 80, 67 at s = 5.
 */
#define PH_HAT_WIDER 0.45
#define PH_HAT_A0 0.00908
#define PH_HAT_A1 4.6772
#define PH_HAT_A2 31.2
#define PH_HAT_B 14.273
#define PH_HAT_TOP_S 2.5578
#define PH_HAT_TOP 2.35
#define PH_HAT_FLOOR_S 2.494
#define PH_HAT_FLOOR 10.5
#define PH_HAT_FLOOR_W 4.3
#define PH_HAT_RIM 0.012

/*
 * The logarithm of the law at k, of that at its mode m, in the distances y = k - c and y_m = m - c
 * from the middle c = (n + 1) p - 1/2, with V = (n + 1) p (1 - p): where |k - m| < n p (1 - p)/2 -
 * 1 and y^2 < FAR V
 *
 *   -(y^2 - y_m^2)/2V + (1 - 2p) (y^3 - y_m^3)/6V^2 - (1 - 3p(1 - p)) (y^4 - y_m^4)/12V^3
 *
 * is off by less than (A5 |y|^5/V^2 + A3 |y|^3/V + A1 |y| + A0)/V^2; ROUND is for the roundings of
 * the law itself, some 10^-6 at n = 2^31.
 */
#define PH_SERIES_A5 0.1
#define PH_SERIES_A3 0.05
#define PH_SERIES_A1 0.07
#define PH_SERIES_A0 0.02
#define PH_SERIES_FAR 64.0
#define PH_SERIES_ROUND 1e-5

/** An item of a list that its first attempt with u, v in (0, 1) leaves open; e as in
 * distributions.h. */
double ph_draw_settle(ph_draws_t *self, double n, double e, double u, double v);

/** log k! - [log sqrt(2 pi) + (k + 1/2) log(k + 1) - (k + 1)]. */
double ph_stirling_tail(double k);

/** One whose first attempt was rejected, with a mean from 10 on. */
double ph_draw_again(ph_draws_t *self, double n, double e);

/** sin(pi y) / y = sum_k PH_SINE[k] y^(2 k), to 1e-16 for |y| <= 1/2. */
enum { PH_SINE_TERMS = 11 };
#define PH_SINE                                                                                    \
    {                                                                                              \
        3.141592653589793, -5.16771278004997, 2.5501640398773455, -0.5992645293207921,             \
            0.08214588661112823, -0.0073704309457143504, 0.00046630280576761255,                   \
            -2.1915353447830217e-05, 7.952054001475513e-07, -2.2948428997269873e-08,               \
            5.392664662608129e-10                                                                  \
    }

#endif
