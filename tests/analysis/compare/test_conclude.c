/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What rows come to: verdicts of whole comparisons from rows made by hand, and when records precede
 * equilibrium. */
#include <math.h>
#include <string.h>

#include "analysis/compare/deviate_private.h"
#include "analysis/compare/path.h"
#include "analysis/compare/path_private.h"
#include "analysis/compare/sample_private.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { ROWS = 40, N = 1000 };

static ph_comparison_row_t rows[ROWS], energies[ROWS / 2];
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
                                        .deviate = 0.1,
                                        .population_deviate = NAN};
    for (size_t p = 0; p < ROWS / 2; p++)
        energies[p] =
            (ph_comparison_row_t){.point = p, .pattern = -1, .verdict = PH_VERDICT_UNDECIDED};
    return (ph_comparison_t){
        .rows_count = ROWS, .rows = rows, .points = ROWS / 2, .energies = energies};
}

static ph_path_comparison_t paths(void)
{
    for (size_t i = 0; i < ROWS; i++)
        path_rows[i] = (ph_path_row_t){.point = i / 2,
                                       .pattern = (int64_t)(i % 2),
                                       .records = 25,
                                       .deviation = 1.0,
                                       .verdict = PH_VERDICT_UNDECIDED,
                                       .step_deviate = NAN};
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

/* One wrong number of patterns is enough, of the points that have one. */
START_TEST(test_retrieved)
{
    for (int wrong = 0; wrong < 2; wrong++) {
        ph_retrieved_row_t retrieved[ROWS / 2] = {{.verdict = PH_VERDICT_AGREE}};
        for (size_t p = 1; p < ROWS / 2; p++)
            retrieved[p].verdict = PH_VERDICT_UNDECIDED;
        retrieved[7].verdict = wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE;
        ph_comparison_t found = equilibrium();
        found.retrieved = retrieved;
        ph_comparison_conclude(&found);
        ck_assert(found.retrieved_decided == 2 && found.retrieved_off == (size_t)wrong);
        ck_assert_int_eq(found.verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
    }
}
END_TEST

/* One row beyond the threshold is enough; the threshold is that of all rows together: in none of
 * them with probability 1 - FALSE_ALARM/2 or more. */
START_TEST(test_threshold)
{
    ph_comparison_t found = equilibrium();
    ph_comparison_conclude(&found);
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
        rows[17].deviate = threshold + (beyond ? 0.01 : -0.01);
        ph_comparison_conclude(&found);
        ck_assert_int_eq(found.verdict, beyond ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
        ck_assert_double_eq_tol(found.largest, threshold + (beyond ? 0.01 : -0.01), 1e-3);
    }
    found = equilibrium();
    rows[3].deviate = INFINITY; /* no error at all: any excess is one */
    ph_comparison_conclude(&found);
    ck_assert(isinf(found.largest) && found.verdict == PH_VERDICT_DISAGREE);
    found = equilibrium(); /* the population counts as a comparison of its own */
    rows[4].population_deviate = 3.0;
    ph_comparison_conclude(&found);
    ck_assert(found.threshold > threshold && found.largest_population == 3.0);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    found = equilibrium();
    rows[4].population_deviate = 8.0;
    ph_comparison_conclude(&found);
    ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
    for (int beyond = 0; beyond < 2; beyond++) { /* so does every energy that is decided */
        found = equilibrium();
        energies[2].verdict = PH_VERDICT_AGREE;
        energies[2].deviate = beyond ? 8.0 : 3.0;
        energies[3].deviate = 50.0; /* undecided */
        ph_comparison_conclude(&found);
        ck_assert(found.threshold > threshold && found.largest_energy == (beyond ? 8.0 : 3.0));
        ck_assert_int_eq(found.verdict, beyond ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
    }
    for (int wrong = 0; wrong < 3; wrong++) { /* nothing, free energies, exact sums of a point */
        ph_given_off_t given[ROWS / 2] = {{0.0, 0.0}};
        found = equilibrium();
        ph_comparison_conclude(
            &found); /* what was concluded before more was known counts no more */
        found.given = given;
        given[1] = (ph_given_off_t){wrong == 1 ? 2e-7 : 9e-8, wrong == 2 ? 2e-7 : 9e-8};
        ph_comparison_conclude(&found);
        ck_assert_int_eq(found.verdict, wrong > 0 ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
        ck_assert(found.threshold == threshold && found.decided_rows == ROWS);
    }
}
END_TEST

/* Many points beyond 4 errors are no chance though none is beyond the threshold of all: the
 * binomial tail, by its sum. Two rows of one point are one point: they share their chains, and may
 * be as good as one. */
START_TEST(test_chance)
{
    for (int count = 1; count <= 2; count++) {
        ph_comparison_t found = equilibrium();
        const double n = 0.5 * ROWS, p = 2.0 * tail(PH_COMPARE_ERRORS);
        const double none = pow(1.0 - p, n), one = n * p * pow(1.0 - p, n - 1.0);
        for (int i = 0; i < count; i++)
            rows[5 * i].verdict = PH_VERDICT_DISAGREE;
        rows[1].verdict = PH_VERDICT_DISAGREE;
        ph_comparison_conclude(&found);
        ck_assert_uint_eq(found.disagreeing_rows, (size_t)count + 1);
        ck_assert_uint_eq(found.disagreeing_points, (size_t)count);
        ck_assert_uint_eq(found.decided_points, ROWS / 2);
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
            rows[i].deviate = 50.0;
        }
        ph_comparison_conclude(&found);
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
    found = paths(); /* a step, held against the infinite network beside the rest */
    path_rows[3].step_deviate = 2.0;
    ph_path_comparison_conclude(&found);
    ck_assert_uint_eq(found.comparisons, 25 * ROWS + 1);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_double_eq(found.largest_step, 2.0);
    found = paths();
    path_rows[3].step_deviate = 9.0;
    ph_path_comparison_conclude(&found);
    ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
    ck_assert_int_eq(path_rows[3].verdict, PH_VERDICT_AGREE);
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
    const ph_distribution_comparison_t none = {.verdict = PH_VERDICT_UNDECIDED};
    ph_comparison_t still = equilibrium();
    ph_path_comparison_t moving = paths();
    ph_comparison_conclude(&still);
    ph_path_comparison_conclude(&moving);
    ck_assert_int_eq(ph_compare_all(&still, &moving, &none), PH_VERDICT_AGREE);
    still.verdict = PH_VERDICT_DISAGREE;
    ck_assert_int_eq(ph_compare_all(&still, &moving, &none), PH_VERDICT_DISAGREE);
    still.verdict = PH_VERDICT_AGREE;
    moving.verdict = PH_VERDICT_DISAGREE;
    ck_assert_int_eq(ph_compare_all(&still, &moving, &none), PH_VERDICT_DISAGREE);
    moving.verdict = PH_VERDICT_AGREE;
    still.verdict = PH_VERDICT_UNDECIDED; /* in equilibrium alone: paths know the points */
    for (size_t i = 0; i < ROWS; i++)
        rows[i].verdict = PH_VERDICT_UNDECIDED;
    ck_assert_int_eq(ph_compare_all(&still, &moving, &none), PH_VERDICT_AGREE);
    for (size_t i = 0; i < 10; i++)
        path_rows[i].verdict = PH_VERDICT_UNDECIDED; /* 5 of 20 points */
    ck_assert_int_eq(ph_compare_all(&still, &moving, &none), PH_VERDICT_AGREE);
    path_rows[10].verdict = PH_VERDICT_UNDECIDED;
    ck_assert_int_eq(ph_compare_all(&still, &moving, &none), PH_VERDICT_UNDECIDED);
    ph_distribution_row_t laws[ROWS] = {{.verdict = PH_VERDICT_UNDECIDED}};
    ph_distribution_comparison_t whole = {.rows_count = ROWS, .rows = laws};
    for (size_t i = 0; i < ROWS; i++)
        laws[i].verdict = i == 10 ? PH_VERDICT_AGREE : PH_VERDICT_UNDECIDED; /* of point 5 */
    ck_assert_int_eq(ph_compare_all(&still, &moving, &whole), PH_VERDICT_AGREE);
    whole.verdict = PH_VERDICT_DISAGREE;
    ck_assert_int_eq(ph_compare_all(&still, &moving, &whole), PH_VERDICT_DISAGREE);
}
END_TEST

/* One pattern without noise comes to its state as exp(-t): so its mean over the records is off by
 * that of the exponential. Of Metropolis nothing is known. */
START_TEST(test_transient)
{
    const double state = 0.7;
    ph_point_t point = network_uniform(N, 1, 0.3, 0.0);
    double offset;
    point.start = PH_START_CORRUPTED;
    point.start_pattern = 1;
    point.start_overlap = 0.2;
    point.sweeps = 9;
    point.record_every = 1;
    for (point.burn_in = 0; point.burn_in < 10; point.burn_in++) {
        double mean = 0.0; /* of the distance */
        for (int k = 0; k < 10; k++)
            mean += 0.7 * 0.8 * exp(-(double)point.burn_in - k) / 10.0;
        ck_assert_int_eq(ph_compare_transient(&point, PH_AVERAGE_AUTO, &state, &offset), PH_OK);
        ck_assert_double_eq_tol(-offset, mean, 1e-8);
        network_sample_t sample;
        network_draw(&sample, &point, 4, 0);
        double share = 0.0;
        for (size_t i = 0; i < N; i++)
            share += sample.patterns.entries[i] != 0 ? 1.0 / N : 0.0;
        ck_assert_int_eq(
            ph_compare_transient_sample(&point, &sample.coupling, &sample.patterns, &offset),
            PH_OK);
        ck_assert_double_eq_tol(-offset, mean * share / 0.7, 1e-8);
        network_drop(&sample);
    }
    point.burn_in = 0;
    point.sampler = PH_SAMPLER_METROPOLIS;
    ck_assert_int_eq(ph_compare_transient(&point, PH_AVERAGE_AUTO, &state, &offset), PH_OK);
    ck_assert_double_eq(offset, 0.0);
}
END_TEST

/* P(|t| > x) of two degrees of freedom is 1 - x/sqrt(2 + x^2); of Poisson's law P(X >= k) by its
 * sum; the least deviation is the inverse. */
START_TEST(test_deviate)
{
    ck_assert_double_eq(ph_normal_deviate(-1.0, 0.1, INFINITY, 0.0), 0.0);
    ck_assert(isinf(ph_normal_deviate(1e-9, 0.0, INFINITY, 0.0)));
    ck_assert_double_eq_tol(ph_normal_deviate(0.35, 0.1, INFINITY, 0.0), 3.5, 1e-12);
    for (double x = 1.0; x < 40.0; x *= 1.7) {
        const double deviate = ph_normal_deviate(x, 1.0, 2.0, 0.0);
        ck_assert_double_eq_tol(tail(deviate) / (1.0 - x / sqrt(2.0 + x * x)), 1.0, 2e-3);
        ck_assert_double_lt(deviate, x);
    }
    for (double mean = 0.001; mean < 20.0; mean *= 3.0)
        for (int more = 1; more < 6; more++) {
            /* `more` events beyond the mean, each of size 0.01 */
            const double error = 0.01 * sqrt(mean);
            const double deviate = ph_normal_deviate(0.01 * more, error, INFINITY, 0.01);
            double below = 0.0, term = exp(-mean);
            const int least = (int)ceil(more + mean - 1e-6);
            for (int k = 0; k < least; k++, term *= mean / k)
                below += term;
            const double most = fmin(0.01 * more / error, 30.0);
            ck_assert_double_le(deviate, most + 1e-9);
            if (deviate < most - 1e-6 && deviate > 0.0 && deviate < 6.0)
                ck_assert_double_eq_tol(0.5 * tail(deviate) / (1.0 - below), 1.0, 2e-3);
        }
    ck_assert_double_lt(ph_normal_deviate(0.00999, 0.01 * sqrt(0.001), INFINITY, 0.01), 3.2);
    for (double freedom = 3.0; freedom < 1e3; freedom *= 5.0) {
        const double least = ph_least_deviation(0.2, freedom, 0.0);
        ck_assert_double_eq_tol(ph_normal_deviate(least, 0.2, freedom, 0.0), PH_COMPARE_ERRORS,
                                1e-6);
    }
    ck_assert_double_eq_tol(ph_least_deviation(0.2, INFINITY, 0.0), 0.8, 1e-9);
    ck_assert(isnan(ph_least_deviation(NAN, INFINITY, 0.0)));
    ck_assert_double_eq(ph_least_deviation(0.0, INFINITY, 0.0), 0.0);
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

PH_TEST_MAIN("compare_conclude", test_retrieved, test_threshold, test_chance, test_undecided,
             test_paths, test_both, test_transient, test_deviate, test_words)
