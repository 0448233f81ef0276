/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A straight line through points: against formulas by hand, and what its error promises. */
#include "analysis/estimate/fit.h"

#include <math.h>
#include <stdint.h>

#include "tests/testing.h"

/* Points on a line have its slope; with errors the slope has theirs. */
START_TEST(test_line)
{
    const double x[] = {1, 2, 3, NAN, 4}, y[] = {5, 3, 1, 7, -1}, none[] = {0, 0, 0, 0, 0},
                 errors[] = {0.1, 0.1, 0.1, 9, 0.1};
    ph_fit_t fit = ph_fit_line(5, x, y, none);
    ck_assert_double_eq_tol(fit.slope, -2.0, 1e-14);
    ck_assert_double_eq_tol(fit.error, 0.0, 1e-14);
    fit = ph_fit_line(5, x, y, errors);
    ck_assert_double_eq_tol(fit.slope, -2.0, 1e-14);
    ck_assert_double_eq_tol(fit.error, 0.1 / sqrt(5.0), 1e-14);
}
END_TEST

/* A point of error 2 counts a quarter of one of error 1. */
START_TEST(test_weights)
{
    const double x[] = {0, 1, 2, 3}, y[] = {0, 1, 1, 9}, errors[] = {1, 1, 1, 1e9},
                 twice[] = {2, 1, 1}, unknown[] = {NAN, 1, 1};
    ck_assert_double_eq_tol(ph_fit_line(4, x, y, errors).slope, 0.5, 1e-12);
    const double w[] = {0.25, 1, 1}, mean = 3.0 / 2.25, level = 2.0 / 2.25;
    double xx = 0.0, xy = 0.0;
    for (int i = 0; i < 3; i++) {
        xx += w[i] * (x[i] - mean) * (x[i] - mean);
        xy += w[i] * (x[i] - mean) * (y[i] - level);
    }
    const ph_fit_t fit = ph_fit_line(3, x, y, twice);
    ck_assert_double_eq_tol(fit.slope, xy / xx, 1e-14);
    ck_assert_double_eq_tol(fit.error, sqrt(1.0 / xx), 1e-14);
    /* one error unknown: all weigh alike, and the scatter tells */
    const ph_fit_t alike = ph_fit_line(3, x, y, unknown);
    ck_assert_double_eq_tol(alike.slope, 0.5, 1e-14);
    ck_assert_double_eq_tol(alike.error, sqrt((1.0 / 6.0) / 2.0), 1e-14);
}
END_TEST

/* Too few points; one x. */
START_TEST(test_few)
{
    const double x[] = {1, 2}, same[] = {1, 1}, y[] = {3, 5}, errors[] = {0.1, 0.1},
                 none[] = {0, 0};
    ck_assert(isnan(ph_fit_line(0, x, y, errors).slope));
    ck_assert(isnan(ph_fit_line(1, x, y, errors).slope));
    ck_assert(isnan(ph_fit_line(2, same, y, errors).slope));
    ck_assert_double_eq_tol(ph_fit_line(2, x, y, errors).slope, 2.0, 1e-14);
    ck_assert_double_eq_tol(ph_fit_line(2, x, y, errors).error, 0.1 * sqrt(2.0), 1e-14);
    ck_assert_double_eq_tol(ph_fit_line(2, x, y, none).slope, 2.0, 1e-14);
    ck_assert(isnan(ph_fit_line(2, x, y, none).error));
}
END_TEST

/* Points twice as far from the line as their errors say: the slope's error is doubled. Its mean
 * square is what slopes of many draws have. */
START_TEST(test_scatter)
{
    enum { DRAWS = 4000, POINTS = 12 };
    const double stated[] = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
    double x[POINTS], y[POINTS], slopes = 0.0, errors = 0.0;
    uint32_t state = 1;
    for (int d = 0; d < DRAWS; d++) {
        for (int i = 0; i < POINTS; i++) {
            double sum = -6.0; /* variance 1 */
            for (int k = 0; k < 12; k++)
                sum += (state = 1664525 * state + 1013904223) / 4294967296.0;
            x[i] = i;
            y[i] = 0.3 * i + sum;
        }
        const ph_fit_t fit = ph_fit_line(POINTS, x, y, stated);
        slopes += (fit.slope - 0.3) * (fit.slope - 0.3) / DRAWS;
        errors += fit.error * fit.error / DRAWS;
    }
    ck_assert_double_eq_tol(slopes, 1.0 / 143.0, 0.1 / 143.0);
    ck_assert_double_eq_tol(errors, 1.0 / 143.0, 0.05 / 143.0);
}
END_TEST

PH_TEST_MAIN("fit", test_line, test_weights, test_few, test_scatter)
