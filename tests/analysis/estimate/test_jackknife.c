/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Errors of functions of averages: they cover what is known as often as they say. */
#include "analysis/estimate/jackknife.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "sim/model/stream.h"
#include "tests/testing.h"

static ph_stream_t stream;

static void begin(uint32_t number)
{
    ph_stream_init(&stream, ph_stream_key(29, ph_digest_bytes("jackknife", 9)), PH_PURPOSE_TEST, 0,
                   0, number);
}

static double normal(void)
{
    const double u = 1.0 - ph_stream_unit(&stream), v = ph_stream_unit(&stream);
    return sqrt(-2.0 * log(u)) * cos(2.0 * acos(-1.0) * v);
}

/* Whether value +- t error holds the truth, at a level. */
static bool covers(double value, double error, double freedom, double truth, double level)
{
    return fabs(value - truth) <= gsl_cdf_tdist_Pinv(0.5 + 0.5 * level, freedom) * error;
}

/* As many of `runs` as the level says, within 4 standard deviations of the binomial law. */
static void check_share(int covered, int runs, double level)
{
    const double width = sqrt(level * (1.0 - level) / runs);
    ck_assert_double_eq_tol((double)covered / runs, level, 4.0 * width);
}

/* A mean over groups of unequal weight is itself, with the variance of weighted groups; one group
 * has no variance, and groups without weight do not count. */
START_TEST(test_mean)
{
    static const double X[] = {1.0, 4.0, -2.0, 0.0, 3.0}, W[] = {2.0, 1.0, 4.0, 0.0, 3.0};
    double without[5], value, variance, whole = 0.0, spread = 0.0;
    for (size_t g = 0; g < 5; g++)
        whole += X[g] * W[g] / 10.0;
    for (size_t g = 0; g < 5; g++)
        without[g] = (10.0 * whole - X[g] * W[g]) / (10.0 - W[g]);
    ck_assert_double_eq(ph_jackknife(whole, without, W, 5, &value, &variance), 3.0);
    ck_assert_double_eq_tol(value, whole, 1e-14);
    for (size_t g = 0; g < 5; g++) /* pseudo-values of a mean are the groups' own */
        spread += W[g] > 0.0 ? pow(X[g] - whole, 2) / (10.0 / W[g] - 1.0) / 4.0 : 0.0;
    ck_assert_double_eq_tol(variance, spread, 1e-14);
    ck_assert_double_eq(ph_jackknife(whole, without, W, 1, &value, &variance), 0.0);
    ck_assert(value == whole && isnan(variance));
}
END_TEST

enum { GROUPS = 16, RUNS = 1500 };

/* Sums x^2, x^4 and 1 over a group's AR(1) chain of unit variance. */
static void chain_sums(double memory, size_t length, double *sums)
{
    double x = normal();
    for (size_t k = 0; k < length; k++) {
        sums[0] += x * x;
        sums[1] += x * x * x * x;
        sums[2] += 1.0;
        x = memory * x + sqrt(1.0 - memory * memory) * normal();
    }
}

static double binder(const double *sums)
{
    return 1.0 - sums[1] * sums[2] / (3.0 * sums[0] * sums[0]);
}

/* Binder cumulants of runs of 16 chains of two lengths. */
typedef struct {
    double raw, value, error; /* means over the runs, and the error of the second */
    int covered[2];           /* runs that hold 0 in value +- t error */
} ratio_t;

static ratio_t measure(double memory, size_t length)
{
    ratio_t found = {.raw = 0.0};
    for (int run = 0; run < RUNS; run++) {
        double group[GROUPS][3] = {{0.0}}, all[3] = {0.0}, without[GROUPS], weight[GROUPS];
        double value, variance;
        for (size_t g = 0; g < GROUPS; g++) {
            chain_sums(memory, g % 2 == 0 ? length : 2 * length, group[g]);
            for (size_t k = 0; k < 3; k++)
                all[k] += group[g][k];
        }
        for (size_t g = 0; g < GROUPS; g++) {
            const double rest[] = {all[0] - group[g][0], all[1] - group[g][1],
                                   all[2] - group[g][2]};
            without[g] = binder(rest);
            weight[g] = group[g][2];
        }
        const double freedom =
            ph_jackknife(binder(all), without, weight, GROUPS, &value, &variance);
        found.covered[0] += covers(value, sqrt(variance), freedom, 0.0, 0.6827);
        found.covered[1] += covers(value, sqrt(variance), freedom, 0.0, 0.9545);
        found.value += value / RUNS;
        found.raw += binder(all) / RUNS;
        found.error += value * value / RUNS;
    }
    found.error = sqrt(found.error / RUNS);
    return found;
}

/* The Binder cumulant of correlated normal numbers is 0. Of short chains its bias of first order,
 * more than 5 errors where it is left in, is gone; of longer ones, whose cumulants are nearly
 * normal, errors cover. */
START_TEST(test_ratio)
{
    begin(0);
    const ratio_t few = measure(0.8, 16), many = measure(0.5, 150);
    ck_assert_double_gt(fabs(few.raw), 5.0 * few.error);
    ck_assert_double_lt(fabs(few.value), 0.25 * fabs(few.raw));
    ck_assert_double_lt(fabs(many.value), 4.0 * many.error);
    check_share(many.covered[0], RUNS, 0.6827);
    check_share(many.covered[1], RUNS, 0.9545);
}
END_TEST

/* Samples of variance D with thermal errors of variance v each, known from 8 chains: both parts
 * come back, and the whole covers the mean. */
START_TEST(test_parts)
{
    enum { SAMPLES = 5, CHAINS = 8, TIMES = 4000 };
    static const double DISORDER = 0.04, THERMAL = 0.01;
    double thermal = 0.0, disorder = 0.0, error = 0.0;
    int covered[2] = {0, 0};
    begin(1);
    for (int run = 0; run < TIMES; run++) {
        double values[SAMPLES], variances[SAMPLES], freedoms[SAMPLES];
        for (size_t s = 0; s < SAMPLES; s++) {
            const double centre = 2.0 + sqrt(DISORDER) * normal();
            double sum = 0.0, squares = 0.0;
            for (size_t c = 0; c < CHAINS; c++) {
                const double x = centre + sqrt(CHAINS * THERMAL) * normal();
                sum += x;
                squares += x * x;
            }
            values[s] = sum / CHAINS;
            variances[s] = (squares / CHAINS - values[s] * values[s]) / (CHAINS - 1.0);
            freedoms[s] = CHAINS - 1.0;
        }
        const ph_averaged_t found = ph_average_samples(values, variances, freedoms, SAMPLES, false);
        thermal += found.thermal * found.thermal / TIMES;
        disorder += found.disorder * found.disorder / TIMES;
        error += found.error * found.error / TIMES;
        covered[0] += covers(found.value, found.error, found.freedom, 2.0, 0.6827);
        covered[1] += covers(found.value, found.error, found.freedom, 2.0, 0.9545);
    }
    ck_assert_double_eq_tol(thermal, THERMAL / SAMPLES, 0.02 * THERMAL / SAMPLES);
    /* never below 0, so above on average, by less than a tenth here */
    ck_assert_double_gt(disorder, 0.97 * DISORDER / SAMPLES);
    ck_assert_double_lt(disorder, 1.1 * DISORDER / SAMPLES);
    ck_assert_double_eq_tol(error, (DISORDER + THERMAL) / SAMPLES,
                            0.06 * (DISORDER + THERMAL) / SAMPLES);
    check_share(covered[0], TIMES, 0.6827);
    check_share(covered[1], TIMES, 0.9545);
}
END_TEST

/* One sample has its chains' error and no disorder; samples without a value are left out. */
START_TEST(test_few)
{
    const double values[] = {1.0, NAN, 3.0}, variances[] = {0.25, NAN, NAN};
    const double freedoms[] = {7.0, 0.0, 3.0};
    ph_averaged_t found = ph_average_samples(values, variances, freedoms, 2, false);
    ck_assert(found.value == 1.0 && found.error == 0.5 && found.thermal == 0.5);
    ck_assert(found.freedom == 7.0 && isnan(found.disorder));
    found = ph_average_samples(values, variances, freedoms, 3, false);
    ck_assert(found.value == 2.0 && found.error == 1.0 && found.freedom == 1.0);
    ck_assert(isnan(found.thermal) && isnan(found.disorder));
    found = ph_average_samples(values + 1, variances, freedoms, 1, false);
    ck_assert(isnan(found.value) && isnan(found.error));
}
END_TEST

PH_TEST_MAIN("jackknife", test_mean, test_ratio, test_parts, test_few)
