/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/chains.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/deviate_private.h"
#include "analysis/estimate/statistics.h"
#include "sim/model/moments.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { CHAINS = 24, RECORDS = 400, NEURONS = 1000 };

/* Chains of one pattern whose records are white noise of width SPREAD about 0.5. */
static const double SPREAD = 0.01;
static double series[CHAINS * RECORDS], mean[CHAINS], room[CHAINS * (RECORDS + 2)];
static size_t members[CHAINS];
static ph_segment_t segment;
static ph_point_t point;
static ph_chains_t chains;

static double uniform(void)
{
    static uint64_t state = 17;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) / 9007199254740992.0;
}

static double gaussian(void)
{
    return sqrt(-2.0 * log(1.0 - uniform())) * cos(2.0 * acos(-1.0) * uniform());
}

static double *record(size_t chain, size_t k)
{
    return &series[chain * RECORDS + k];
}

static void find_means(void)
{
    for (size_t c = 0; c < CHAINS; c++) {
        mean[c] = 0.0;
        for (size_t k = 0; k < RECORDS; k++)
            mean[c] += *record(c, k) / RECORDS;
    }
}

static void make(void)
{
    static double dilution = 0.3;
    for (size_t i = 0; i < CHAINS * RECORDS; i++)
        series[i] = 0.5 + SPREAD * gaussian();
    for (size_t c = 0; c < CHAINS; c++)
        members[c] = c;
    point = (ph_point_t){.neurons = NEURONS, .patterns = 1, .dilution = &dilution, .noise = 0.3};
    segment =
        (ph_segment_t){.replicas = CHAINS, .records = RECORDS, .components = 1, .series = series};
    chains = (ph_chains_t){.segment = &segment,
                           .point = &point,
                           .chains = CHAINS,
                           .patterns = 1,
                           .records = RECORDS,
                           .components = 1,
                           .mean = mean};
    find_means();
}

static ph_chains_error_t judge(size_t count, double spread)
{
    find_means();
    return ph_chains_error(&chains, members, count, 0, spread, room);
}

/* Of many chains the error is that of their means, with as many degrees less one; of a few that of
 * their records, by the few lags that its sum takes. Both are that of white noise. */
START_TEST(test_error)
{
    make();
    for (size_t count = PH_CHAINS_MANY - 1; count <= CHAINS; count++) {
        const ph_chains_error_t found = judge(count, SPREAD);
        const double known = SPREAD * SPREAD / (double)(count * RECORDS);
        ck_assert(found.enough && !found.parted && !found.drift);
        ck_assert(isinf(found.tau_freedom) == (count >= PH_CHAINS_MANY));
        if (count >= PH_CHAINS_MANY)
            ck_assert_double_eq(found.freedom, (double)count - 1.0);
        else
            ck_assert(found.freedom == found.tau_freedom &&
                      found.freedom <= (double)(count * RECORDS) / 5.0 &&
                      found.freedom >= (double)(count * RECORDS) / 11.0);
        ck_assert_double_eq_tol(found.variance / known, 1.0, 0.7);
        ck_assert_double_eq_tol(found.tau, 0.5, 0.25);
    }
}
END_TEST

/* A chain whose mean is 20 errors from the others' strays, at 4 it does not; nor at 20 of theirs
 * where theory expects more, or where a few spins turned for one record make as much. */
START_TEST(test_strays)
{
    const double error = SPREAD / sqrt(RECORDS);
    static const struct {
        double errors, spread;
        bool parted;
    } CASES[] = {{4.0, 1.0, false}, {20.0, 1.0, true}, {20.0, 4.0, false}, {200.0, 4.0, true}};
    for (size_t i = 0; i < 4; i++) {
        make();
        for (size_t k = 0; k < RECORDS; k++)
            *record(5, k) += CASES[i].errors * error;
        const ph_chains_error_t found = judge(CHAINS, CASES[i].spread * SPREAD);
        ck_assert_msg(found.parted == CASES[i].parted, "case %zu, tau %g", i, found.tau);
    }
    for (int spins = 10; spins <= 40; spins += 30) { /* nothing else moves */
        make();
        for (size_t i = 0; i < CHAINS * RECORDS; i++)
            series[i] = 0.5;
        *record(3, 9) += spins * 2.0 / NEURONS;
        ck_assert(judge(CHAINS, 0.0).parted == (spins > 20));
    }
}
END_TEST

/* Record 0 off the mean in all chains: too early where that moves the mean by half of its error,
 * and is beyond 4 errors; how far it may be off is said, seen or not. Without noise nothing is
 * asked. */
START_TEST(test_drift)
{
    const double error = SPREAD / sqrt(CHAINS);
    make();
    double first = judge(CHAINS, SPREAD).first;
    ck_assert_double_eq_tol(first / error, 4.0, 1.5);
    for (size_t c = 0; c < CHAINS; c++)
        *record(c, 0) += 6.0 * error;
    ck_assert_double_ge(judge(CHAINS, SPREAD).first, 4.0 * error);
    ck_assert(!judge(CHAINS, SPREAD).drift); /* 6 errors of one record of 400 */
    for (size_t c = 0; c < CHAINS; c++)
        *record(c, 0) += 60.0 * error;
    ck_assert(judge(CHAINS, SPREAD).drift);
    ck_assert_double_ge(judge(CHAINS, SPREAD).first, 55.0 * error);
    ck_assert(!judge(3, SPREAD).drift && isinf(judge(3, SPREAD).first));
    /* down by its excess, and a third more, it is none; by less it is */
    const double excess = judge(CHAINS, SPREAD).excess, shares[] = {1.3 / excess, 0.7 / excess};
    ck_assert(excess > 3.0 && excess < 20.0);
    for (int i = 0; i < 2; i++) {
        const double down = 66.0 * error * (1.0 - shares[i]);
        for (size_t c = 0; c < CHAINS; c++)
            *record(c, 0) -= down;
        ck_assert_int_eq(judge(CHAINS, SPREAD).drift, i == 0);
        for (size_t c = 0; c < CHAINS; c++)
            *record(c, 0) += down;
    }
    point.noise = 0.0;
    ck_assert(!judge(CHAINS, SPREAD).drift);
    segment.series = NULL; /* nothing to look at */
    point.noise = 0.3;
}
END_TEST

/* Few chains are not of one law where they are apart by more than they move. */
START_TEST(test_parted)
{
    make();
    for (size_t c = 0; c < 8; c += 2)
        for (size_t k = 0; k < RECORDS; k++)
            *record(c, k) += 2.0 * SPREAD;
    ck_assert(judge(8, SPREAD).parted && isnan(judge(8, SPREAD).variance));
    make();
    ck_assert(!judge(8, SPREAD).parted);
}
END_TEST

/* Chains that come from the start have an R-hat, but their later half, which says how long chains
 * have to be once they are burnt in, has none. Of others all records count. */
START_TEST(test_later)
{
    make();
    ck_assert_uint_eq(judge(8, SPREAD).judged, RECORDS);
    for (size_t c = 0; c < 8; c++)
        for (size_t k = 0; k < RECORDS; k++)
            *record(c, k) += 0.2 * exp(-(double)k / 40.0);
    find_means();
    const ph_chains_error_t found = judge(8, SPREAD);
    ck_assert_uint_eq(found.judged, RECORDS / 2);
    ck_assert(found.rhat > 0.99 && found.rhat < 1.02);
    ck_assert_double_lt(found.length, 15.0); /* 10 tau of white noise, not of the decay */
}
END_TEST

/* How often a right mean is beyond 3 errors: by them alone; by the measured error's degrees of
 * freedom; by the theory's. */
typedef struct {
    double judged, plain, measured, floored;
} coverage_t;

/* Chains of AR(1), tau 3/2, in trials that are long enough; of running sums where there are any. */
static coverage_t cover(size_t count, size_t records, size_t trials, double *sums)
{
    const double memory = 0.5;
    coverage_t found = {.judged = 0.0};
    make();
    segment.records = chains.records = records;
    segment.sums = sums;
    segment.series = sums == NULL ? series : NULL;
    for (size_t t = 0; t < trials; t++) {
        double all = 0.0;
        for (size_t c = 0; c < count; c++) {
            double *own = sums == NULL ? NULL : sums + c * PH_MOMENT_WORDS, y = gaussian();
            mean[c] = 0.0;
            if (own != NULL)
                memset(own, 0, PH_MOMENT_WORDS * sizeof(*own));
            for (size_t k = 0; k < records; k++) {
                series[c * records + k] = SPREAD * y;
                if (own != NULL)
                    ph_moments_add(own, k, SPREAD * y);
                mean[c] += SPREAD * y / (double)records;
                y = memory * y + sqrt(1.0 - memory * memory) * gaussian();
            }
            all += mean[c] / (double)count;
        }
        const ph_chains_error_t it = ph_chains_error(&chains, members, count, 0, SPREAD, room);
        if (!it.enough || it.parted)
            continue;
        const double error = sqrt(it.variance),
                     floor = SPREAD * sqrt(2.0 * it.tau / (double)(count * records));
        found.judged++;
        found.plain += fabs(all) > 3.0 * error;
        found.measured += ph_normal_deviate(fabs(all), error, it.freedom, 0.0) > 3.0;
        found.floored +=
            ph_normal_deviate(fabs(all), fmax(error, floor), it.tau_freedom, 0.0) > 3.0;
    }
    return found;
}

/* Four chains of 30 records, 80 autocorrelation times in all: an error from so few is itself known
 * to a third, and a right mean is beyond 3 of them in 17 of a thousand trials (600 000 were made
 * once). By the error's own degrees of freedom it is in 3.7, and in 1.9 by the theory's error where
 * that is larger, which is what compare takes; 2.7 are stated. */
START_TEST(test_few_records)
{
    const coverage_t found = cover(4, 30, 20000, NULL);
    const double expected = erfc(3.0 / sqrt(2.0)) * found.judged;
    ck_assert_double_gt(found.judged, 10000.0);
    ck_assert_double_gt(found.plain, 3.0 * expected);
    ck_assert_double_lt(fabs(found.measured - expected), 4.0 * sqrt(expected));
    ck_assert_double_lt(found.floored, expected + 4.0 * sqrt(expected));
    ck_assert_double_gt(found.floored, 0.0);
}
END_TEST

/* The same of running sums: blocks of 16 records, of which one chain of 133 has eight. Four chains
 * have the degrees of each. */
START_TEST(test_few_sums)
{
    static double sums[4 * PH_MOMENT_WORDS];
    const coverage_t found = cover(1, 133, 10000, sums);
    const double expected = erfc(3.0 / sqrt(2.0)) * found.judged;
    double freedom = 0.0;
    ck_assert_double_gt(found.judged, 8000.0);
    ck_assert_double_gt(found.plain, 2.5 * expected);
    ck_assert_double_lt(found.measured, expected + 4.0 * sqrt(expected));
    ck_assert_double_gt(found.measured, found.floored);
    ck_assert_double_gt(found.floored, 0.0);
    cover(4, 133, 1, sums);
    for (size_t c = 0; c < 4; c++) {
        const size_t block = ph_estimate_sums(sums + c * PH_MOMENT_WORDS, 133).window;
        ck_assert(block == 8 || block == 16 || block == 32);
        freedom += 133.0 / (double)block - 1.0;
    }
    const ph_chains_error_t four = ph_chains_error(&chains, members, 4, 0, SPREAD, room);
    ck_assert(four.freedom == freedom && four.tau_freedom == freedom);
}
END_TEST

PH_TEST_MAIN("compare_chains", test_error, test_strays, test_drift, test_parted, test_later,
             test_few_records, test_few_sums)
