/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What rows come to: verdicts of whole comparisons from rows made by hand, and when records precede
 * equilibrium. */
#include <math.h>
#include <string.h>

#include "analysis/compare/compare_private.h"
#include "analysis/compare/path.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { ROWS = 40, N = 1000 };

static ph_comparison_row_t rows[ROWS];
static ph_path_row_t path_rows[ROWS];
static ph_point_t points[ROWS / 2];
static ph_grid_t grid;

/* Twenty points of two patterns, each a tenth of an error off beyond two spins. */
static ph_comparison_t equilibrium(void)
{
    for (size_t p = 0; p < ROWS / 2; p++)
        points[p] = network_uniform(N, 2, 0.3, 0.1);
    grid = (ph_grid_t){.points_count = ROWS / 2, .points = points};
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = (ph_comparison_row_t){.point = i / 2,
                                        .pattern = (int64_t)(i % 2),
                                        .error = 1e-3,
                                        .deviation = 2.0 / N + 1e-4};
    return (ph_comparison_t){.rows_count = ROWS, .rows = rows, .points = ROWS / 2};
}

static ph_path_comparison_t paths(void)
{
    for (size_t i = 0; i < ROWS; i++)
        path_rows[i] = (ph_path_row_t){.point = i / 2,
                                       .pattern = (int64_t)(i % 2),
                                       .records = 25,
                                       .deviation = 1.0,
                                       .verdict = PH_VERDICT_UNDECIDED};
    return (ph_path_comparison_t){.rows_count = ROWS, .rows = path_rows};
}

/* P(|z| > t) by the trapezoidal rule. */
static double tail(double threshold)
{
    double sum = 0.0;
    for (double z = threshold + 5e-4; z < threshold + 12.0; z += 1e-3)
        sum += 1e-3 * 2.0 * exp(-0.5 * z * z) / sqrt(2.0 * M_PI);
    return sum;
}

/* One row beyond the threshold is enough; the threshold is that of all rows together: in none of
 * them with probability 1 - FALSE_ALARM/2 or more. */
START_TEST(test_threshold)
{
    ph_comparison_t found = equilibrium();
    ph_comparison_conclude(&found, &grid);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_eq(found.decided_rows, ROWS);
    ck_assert_uint_eq(found.disagreeing_rows, 0);
    ck_assert_double_eq_tol(found.largest, 0.1, 1e-3);
    ck_assert_double_eq_tol(found.chance, 1.0, 1e-12);
    ck_assert_double_ge(found.threshold, PH_COMPARE_ERRORS);
    ck_assert_double_le(ROWS * tail(found.threshold), 0.5 * PH_COMPARE_FALSE_ALARM * 1.001);
    ck_assert_double_ge(ROWS * tail(found.threshold - 0.05), 0.5 * PH_COMPARE_FALSE_ALARM);
    const double threshold = found.threshold;
    for (int beyond = 0; beyond < 2; beyond++) {
        found = equilibrium();
        rows[17].deviation = -2.0 / N - 1e-3 * (threshold + (beyond ? 0.01 : -0.01));
        ph_comparison_conclude(&found, &grid);
        ck_assert_int_eq(found.verdict, beyond ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
        ck_assert_double_eq_tol(found.largest, threshold + (beyond ? 0.01 : -0.01), 1e-3);
    }
    found = equilibrium();
    rows[3].error = 0.0; /* no error at all: any excess is one */
    ph_comparison_conclude(&found, &grid);
    ck_assert(isinf(found.largest) && found.verdict == PH_VERDICT_DISAGREE);
}
END_TEST

/* Many rows beyond 4 errors are no chance though none is beyond the threshold of all: the binomial
 * tail, by its sum. */
START_TEST(test_chance)
{
    for (int count = 1; count <= 2; count++) {
        ph_comparison_t found = equilibrium();
        for (int i = 0; i < count; i++)
            rows[5 * i].verdict = PH_VERDICT_DISAGREE;
        ph_comparison_conclude(&found, &grid);
        const double p = tail(PH_COMPARE_ERRORS);
        const double none = pow(1.0 - p, ROWS), one = ROWS * p * pow(1.0 - p, ROWS - 1);
        ck_assert_uint_eq(found.disagreeing_rows, (size_t)count);
        ck_assert_double_eq_tol(found.chance, count == 1 ? 1.0 - none : 1.0 - none - one,
                                count == 1 ? 1e-6 : 1e-9);
        ck_assert_int_eq(found.verdict, count == 1 ? PH_VERDICT_AGREE : PH_VERDICT_DISAGREE);
    }
}
END_TEST

/* Of twenty points five may be undecided, six may not; a point counts once, by its first row, and
 * its rows take no part. */
START_TEST(test_undecided)
{
    for (size_t count = 5; count <= 6; count++) {
        ph_comparison_t found = equilibrium();
        for (size_t i = 0; i < 2 * count; i++) {
            rows[i].verdict = PH_VERDICT_UNDECIDED;
            rows[i].deviation = 5.0;
        }
        ph_comparison_conclude(&found, &grid);
        ck_assert_uint_eq(found.undecided_points, count);
        ck_assert_uint_eq(found.decided_rows, ROWS - 2 * count);
        ck_assert_int_eq(found.verdict, count == 5 ? PH_VERDICT_AGREE : PH_VERDICT_UNDECIDED);
        ck_assert_double_lt(found.largest, 1.0);
    }
}
END_TEST

/* Paths: a threshold for all records of all rows; rows without records keep quiet. */
START_TEST(test_paths)
{
    ph_path_comparison_t found = paths();
    ph_path_comparison_conclude(&found);
    ck_assert_uint_eq(found.comparisons, 25 * ROWS);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_double_eq_tol(25 * ROWS * tail(found.threshold), PH_COMPARE_FALSE_ALARM, 1e-5);
    ck_assert_double_eq(found.largest, 1.0);
    for (int quiet = 0; quiet < 2; quiet++) {
        const double threshold = found.threshold;
        found = paths();
        path_rows[7].deviation = 2.0 * threshold;
        path_rows[7].records = quiet ? 0 : 25;
        ph_path_comparison_conclude(&found);
        ck_assert_int_eq(found.verdict, quiet ? PH_VERDICT_AGREE : PH_VERDICT_DISAGREE);
        ck_assert_int_eq(path_rows[7].verdict, quiet ? PH_VERDICT_UNDECIDED : PH_VERDICT_DISAGREE);
        ck_assert_int_eq(path_rows[8].verdict, PH_VERDICT_AGREE);
    }
    found = paths();
    for (size_t i = 0; i < ROWS; i++)
        path_rows[i].records = 0;
    ph_path_comparison_conclude(&found);
    ck_assert_int_eq(found.verdict, PH_VERDICT_UNDECIDED);
    ck_assert_double_ge(found.threshold, PH_COMPARE_ERRORS);
}
END_TEST

/* Both together: one that disagrees is enough; a point is undecided where neither knows it. */
START_TEST(test_both)
{
    ph_comparison_t still = equilibrium();
    ph_path_comparison_t moving = paths();
    ph_comparison_conclude(&still, &grid);
    ph_path_comparison_conclude(&moving);
    ck_assert_int_eq(ph_compare_both(&still, &moving), PH_VERDICT_AGREE);
    still.verdict = PH_VERDICT_DISAGREE;
    ck_assert_int_eq(ph_compare_both(&still, &moving), PH_VERDICT_DISAGREE);
    still.verdict = PH_VERDICT_AGREE;
    moving.verdict = PH_VERDICT_DISAGREE;
    ck_assert_int_eq(ph_compare_both(&still, &moving), PH_VERDICT_DISAGREE);
    moving.verdict = PH_VERDICT_AGREE;
    still.verdict = PH_VERDICT_UNDECIDED; /* in equilibrium alone: paths know the points */
    for (size_t i = 0; i < ROWS; i++)
        rows[i].verdict = PH_VERDICT_UNDECIDED;
    ck_assert_int_eq(ph_compare_both(&still, &moving), PH_VERDICT_AGREE);
    for (size_t i = 0; i < 10; i++)
        path_rows[i].verdict = PH_VERDICT_UNDECIDED; /* 5 of 20 points */
    ck_assert_int_eq(ph_compare_both(&still, &moving), PH_VERDICT_AGREE);
    path_rows[10].verdict = PH_VERDICT_UNDECIDED;
    ck_assert_int_eq(ph_compare_both(&still, &moving), PH_VERDICT_UNDECIDED);
}
END_TEST

/* One pattern without noise comes to its state as exp(-t): its mean over the records is within two
 * spins of it after a burn-in of ln(N mean) sweeps, and not long before. Of Metropolis nothing is
 * known. */
START_TEST(test_transient)
{
    const double state = 0.7;
    ph_point_t point = network_uniform(N, 1, 0.3, 0.0);
    bool transient;
    point.start = PH_START_CORRUPTED;
    point.start_pattern = 1;
    point.start_overlap = 0.2;
    point.sweeps = 9;
    point.record_every = 1;
    for (point.burn_in = 0; point.burn_in < 10; point.burn_in++) {
        double mean = 0.0; /* of the distance */
        for (int k = 0; k < 10; k++)
            mean += 0.7 * 0.8 * exp(-(double)point.burn_in - k) / 10.0;
        ck_assert_int_eq(ph_compare_transient(&point, PH_AVERAGE_AUTO, &state, &transient), PH_OK);
        ck_assert(transient == (mean > PH_COMPARE_SPINS / N));
        network_sample_t sample;
        network_draw(&sample, &point, 4, 0);
        double share = 0.0;
        for (size_t i = 0; i < N; i++)
            share += sample.patterns.entries[i] != 0 ? 1.0 / N : 0.0;
        ck_assert_int_eq(
            ph_compare_transient_sample(&point, &sample.coupling, &sample.patterns, &transient),
            PH_OK);
        ck_assert(transient == (mean * share / 0.7 > PH_COMPARE_SPINS / N));
        network_drop(&sample);
    }
    point.burn_in = 0;
    point.sampler = PH_SAMPLER_METROPOLIS;
    ck_assert_int_eq(ph_compare_transient(&point, PH_AVERAGE_AUTO, &state, &transient), PH_OK);
    ck_assert(!transient);
}
END_TEST

/* The first doubt stays; every reason and verdict has a word of its own. */
START_TEST(test_words)
{
    ph_accumulator_t accumulator = {.reason = PH_REASON_NONE};
    ph_accumulator_doubt(&accumulator, PH_REASON_UNSTABLE);
    ph_accumulator_doubt(&accumulator, PH_REASON_SIGNS);
    ck_assert_int_eq(accumulator.reason, PH_REASON_UNSTABLE);
    ck_assert_str_eq(ph_verdict_text(PH_VERDICT_AGREE), "agree");
    ck_assert_str_eq(ph_verdict_text(PH_VERDICT_DISAGREE), "disagree");
    ck_assert_str_eq(ph_verdict_text(PH_VERDICT_UNDECIDED), "undecided");
    for (int a = 0; a < PH_REASON_COUNT; a++)
        for (int b = 0; b < a; b++)
            ck_assert_str_ne(ph_reason_text((ph_reason_t)a), ph_reason_text((ph_reason_t)b));
    for (int a = 0; a < PH_PATH_REASONS; a++)
        for (int b = 0; b < a; b++)
            ck_assert_str_ne(ph_path_reason_text((ph_path_reason_t)a),
                             ph_path_reason_text((ph_path_reason_t)b));
}
END_TEST

PH_TEST_MAIN("compare_conclude", test_threshold, test_chance, test_undecided, test_paths, test_both,
             test_transient, test_words)
