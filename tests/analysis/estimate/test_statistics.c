/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/statistics.h"

#include <math.h>

#include "sim/model/moments.h"
#include "sim/model/stream.h"
#include "tests/testing.h"

static double gaussian(ph_stream_t *stream)
{
    const double u = 1.0 - ph_stream_unit(stream), v = ph_stream_unit(stream);
    return sqrt(-2.0 * log(u)) * cos(2.0 * acos(-1.0) * v);
}

/* Stationary AR(1) of unit variance about `mean`: tau = 1/2 + a/(1 - a). */
static double *autoregression(size_t chains, size_t n, double a, double mean, uint32_t sample)
{
    double *x = malloc(chains * n * sizeof(*x));
    ck_assert_ptr_nonnull(x);
    ph_stream_t stream;
    ph_stream_init(&stream, ph_stream_key(1, (ph_digest_t){0}), PH_PURPOSE_TEST, sample, 0, 0);
    for (size_t c = 0; c < chains; c++) {
        double y = gaussian(&stream);
        for (size_t i = 0; i < n; i++) {
            x[c * n + i] = mean + y;
            y = a * y + sqrt(1.0 - a * a) * gaussian(&stream);
        }
    }
    return x;
}

/* One AR(1) chain of 2^17 records: tau (to 4 of its own errors), variance and error as known. */
START_TEST(test_series)
{
    const double as[] = {0.0, 0.5, 0.9};
    const size_t n = 131072;
    for (uint32_t i = 0; i < 3; i++) {
        const double tau = 0.5 + as[i] / (1.0 - as[i]);
        double *x = autoregression(1, n, as[i], 3.0, i);
        ph_estimate_t found = ph_estimate_series(x, n, 1);
        ck_assert_double_eq_tol(found.tau, tau, 0.16 * tau);
        ck_assert_double_eq_tol(found.variance, 1.0, 0.06);
        ck_assert_double_eq_tol(found.mean, 3.0, 4.0 * found.error);
        ck_assert_double_eq_tol(found.error, sqrt(2.0 * tau / (double)n), 0.08 * found.error);
        ck_assert(found.enough && (double)found.window >= 5.0 * found.tau);
        ph_estimate_t chains = ph_estimate_chains(x, 1, n);
        ck_assert(chains.tau == found.tau && chains.error == found.error);
        ph_estimate_t strided = ph_estimate_series(x, n / 2, 2);
        ck_assert_double_eq_tol(strided.tau, 0.5 + as[i] * as[i] / (1.0 - as[i] * as[i]),
                                0.1 * tau);
        free(x);
    }
}
END_TEST

/* Records side by side are summed several at a time: to rounding as records apart, at every length.
 */
START_TEST(test_lengths)
{
    enum { APART = 3 };
    for (size_t n = 2; n < 60; n++) {
        double *x = autoregression(1, n, 0.7, 2.0, 11), *apart = calloc(APART * n, sizeof(*apart));
        ck_assert_ptr_nonnull(apart);
        for (size_t i = 0; i < n; i++)
            apart[APART * i] = x[i];
        const ph_estimate_t here = ph_estimate_series(x, n, 1);
        const ph_estimate_t there = ph_estimate_series(apart, n, APART);
        ck_assert_double_eq_tol(here.variance / there.variance, 1.0, 1e-13);
        ck_assert_double_eq_tol(here.tau / there.tau, 1.0, 1e-10);
        ck_assert_uint_eq(here.window, there.window);
        free(apart);
        free(x);
    }
}
END_TEST

/* 64 short chains together: tau as known, error of the common mean; fixed seed, 4 sigma. */
START_TEST(test_chains)
{
    double *x = autoregression(64, 500, 0.8, -1.0, 7);
    ph_estimate_t found = ph_estimate_chains(x, 64, 500);
    ck_assert_double_eq_tol(found.tau, 4.5, 0.45);
    ck_assert_double_eq_tol(found.mean, -1.0, 4.0 * found.error);
    ck_assert_double_eq_tol(found.error, sqrt(9.0 / 32000.0), 0.1 * found.error);
    ck_assert(found.enough);
    free(x);
}
END_TEST

/* Of 200 intervals mean +- error 68% cover the true mean: the error is neither half nor double. */
START_TEST(test_coverage)
{
    int covered = 0;
    for (uint32_t i = 0; i < 200; i++) {
        double *x = autoregression(4, 1000, 0.7, 0.5, 100 + i);
        ph_estimate_t found = ph_estimate_chains(x, 4, 1000);
        covered += fabs(found.mean - 0.5) < found.error;
        free(x);
    }
    /* binomial, p = 0.68: standard deviation 6.6, 4 of them on either side */
    ck_assert_int_ge(covered, 136 - 27);
    ck_assert_int_le(covered, 136 + 27);
}
END_TEST

/* Running sums give the same tau and error as the series, to the accuracy of blocking. */
START_TEST(test_sums)
{
    const double as[] = {0.0, 0.5, 0.9};
    const size_t n = 100000;
    for (uint32_t i = 0; i < 3; i++) {
        double sums[PH_MOMENT_WORDS] = {0.0}, *x = autoregression(1, n, as[i], 2.0, 20 + i);
        for (size_t k = 0; k < n; k++)
            ph_moments_add(sums, k, x[k]);
        ph_estimate_t series = ph_estimate_series(x, n, 1), found = ph_estimate_sums(sums, n);
        ck_assert_double_eq_tol(found.mean, series.mean, 1e-10);
        ck_assert_double_eq_tol(found.error, series.error, 0.15 * series.error);
        ck_assert(found.enough);
        free(x);
    }
}
END_TEST

/* A chain shorter than 50 tau says so; one record has no error; a constant has error 0. */
START_TEST(test_short_and_constant)
{
    double *x = autoregression(1, 100, 0.95, 0.0, 40), sums[PH_MOMENT_WORDS] = {0.0};
    ck_assert(!ph_estimate_series(x, 100, 1).enough);
    ck_assert(isnan(ph_estimate_series(x, 1, 1).error));
    for (size_t i = 0; i < 100; i++) {
        x[i] = 0.1;
        ph_moments_add(sums, i, 0.1);
    }
    ph_estimate_t series = ph_estimate_series(x, 100, 1), found = ph_estimate_sums(sums, 100);
    ck_assert(series.error == 0.0 && series.tau == 0.5 && series.enough && series.mean == 0.1);
    ck_assert(found.error == 0.0 && found.tau == 0.5 && found.enough);
    ck_assert(ph_split_rhat(x, 2, 50) == 1.0);
    ck_assert(isnan(ph_split_rhat(x, 2, 3)));
    free(x);
}
END_TEST

/* Split R-hat: the value of a case done by hand, near 1 in equilibrium, large for parted or
 * drifting chains. */
START_TEST(test_rhat)
{
    /* halves (0,2) (1,3) (2,4) (3,5): W = 2, variance of means (1,2,3,4) = 5/3 */
    const double small[] = {0, 2, 1, 3, 2, 4, 3, 5};
    ck_assert_double_eq_tol(ph_split_rhat(small, 2, 4), sqrt(0.5 + 5.0 / 6.0), 1e-14);
    double *x = autoregression(4, 1000, 0.5, 0.0, 50);
    ck_assert_double_lt(ph_split_rhat(x, 4, 1000), 1.02);
    for (size_t i = 0; i < 1000; i++)
        x[i] += 2.0;
    ck_assert_double_gt(ph_split_rhat(x, 4, 1000), 1.1);
    for (size_t i = 0; i < 1000; i++)
        x[i] += (double)i / 250.0 - 4.0;
    ck_assert_double_gt(ph_split_rhat(x, 1, 1000), 1.1);
    free(x);
}
END_TEST

/* Error of a mean by hand, and both tails against known values and a direct binomial sum. */
START_TEST(test_tails)
{
    const double x[] = {1.0, 2.0, 3.0, 6.0};
    ck_assert_double_eq_tol(ph_error_of_mean(x, 4), sqrt(14.0 / 12.0), 1e-14);
    ck_assert(isnan(ph_error_of_mean(x, 1)));
    ck_assert_double_eq_tol(ph_normal_tail(1.959963984540054), 0.05, 1e-12);
    ck_assert_double_eq_tol(ph_normal_tail(4.0), 6.334248366623996e-5, 1e-17);
    double direct = 0.0;
    for (int k = 3; k <= 20; k++)
        direct += exp(lgamma(21) - lgamma(k + 1) - lgamma(21 - k)) * pow(0.1, k) * pow(0.9, 20 - k);
    ck_assert_double_eq_tol(ph_binomial_tail(3, 20, 0.1), direct, 1e-12);
    ck_assert_double_eq_tol(ph_binomial_tail(1, 1, 1e-9), 1e-9, 1e-20);
    ck_assert(ph_binomial_tail(0, 5, 0.3) == 1.0 && ph_binomial_tail(6, 5, 0.3) == 0.0);
}
END_TEST

PH_TEST_MAIN("statistics", test_series, test_lengths, test_chains, test_coverage, test_sums,
             test_short_and_constant, test_rhat, test_tails)
