/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "analysis/meanfield/columns.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

static double total_probability(const ph_meanfield_t *problem)
{
    double phi[NETWORK_PATTERNS_MAX], xi[NETWORK_PATTERNS_MAX], total = 0.0;
    for (size_t i = 0; i < problem->count; i++)
        total += ph_meanfield_row(problem, i, phi, xi);
    return total;
}

/* Every row is there once, one of each pair of opposites where the first entry is not blank. */
START_TEST(test_population)
{
    for (int64_t k = 1; k <= 6; k++) {
        const size_t width = (size_t)k;
        double a[6], b[6], xi[6];
        ph_meanfield_t problem;
        ph_point_t point = network_uniform(100, k, 0.3, 0.1);
        network_population(&problem, &point);
        ck_assert_uint_eq(problem.count, (size_t)lround(2 * pow(3, (double)k - 1)));
        ck_assert_double_eq_tol(total_probability(&problem), 1.0, 1e-14);
        for (size_t i = 0; i < problem.count; i++) {
            ph_meanfield_row(&problem, i, a, xi);
            ck_assert(a[0] == 0.0 || a[0] == 1.0);
            ck_assert_mem_eq(a, xi, width * sizeof(double));
            for (size_t j = 0; j < i; j++) {
                ph_meanfield_row(&problem, j, b, xi);
                ck_assert(memcmp(a, b, width * sizeof(double)) != 0);
            }
        }
        ph_meanfield_free(&problem);
    }
}
END_TEST

/* Rows of zero probability are left out: no blanks at dilution 0, only blanks at 1. */
START_TEST(test_extreme_dilutions)
{
    const double dilution[] = {0.0, 1.0, 0.0};
    double phi[3], xi[3];
    ph_meanfield_t problem;
    ph_point_t point = network_point(100, 3, dilution, 0.1);
    network_population(&problem, &point);
    ck_assert_uint_eq(problem.count, 2);
    for (size_t i = 0; i < problem.count; i++) {
        ck_assert_double_eq_tol(ph_meanfield_row(&problem, i, phi, xi), 0.5, 1e-15);
        ck_assert(phi[0] == 1.0 && phi[1] == 0.0 && fabs(phi[2]) == 1.0);
    }
    ph_meanfield_free(&problem);
}
END_TEST

/* More patterns than the enumeration covers are refused with a message that names the key. */
START_TEST(test_too_many)
{
    ph_meanfield_t problem;
    ph_report_t report;
    ph_report_init(&report);
    ph_point_t point = network_uniform(100, 12, 0.3, 0.1);
    network_population(&problem, &point);
    ck_assert_double_eq_tol(total_probability(&problem), 1.0, 1e-11);
    ph_meanfield_free(&problem);
    point.patterns = 13;
    ck_assert_int_eq(ph_meanfield_init_population(&problem, &point, PH_AVERAGE_AUTO, &report),
                     PH_ERR_UNSUPPORTED);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "network.patterns"));
    ph_report_free(&report);
}
END_TEST

/* Averages over the rows of a sample are averages over its neurons, at 4 and at 40 patterns. */
START_TEST(test_sample)
{
    const int64_t widths[] = {4, 40};
    double dilution[40], phi[40], xi[40];
    for (size_t mu = 0; mu < 40; mu++)
        dilution[mu] = 0.4;
    for (size_t w = 0; w < 2; w++) {
        const size_t k = (size_t)widths[w], neurons = 3000;
        ph_point_t point = network_uniform((int64_t)neurons, 4, 0.4, 0.1);
        point.patterns = widths[w];
        point.dilution = dilution;
        network_sample_t sample;
        network_draw(&sample, &point, 7, 0);
        ck_assert(w == 0 ? sample.problem.count <= 41 : sample.problem.count > 2500);
        double found[40 * 40] = {0.0};
        for (size_t i = 0; i < sample.problem.count; i++) {
            const double probability = ph_meanfield_row(&sample.problem, i, phi, xi);
            ck_assert_mem_eq(phi, xi, k * sizeof(double));
            for (size_t j = 0; j < k * k; j++)
                found[j] += probability * phi[j / k] * phi[j % k];
        }
        for (size_t j = 0; j < k * k; j++) {
            double wanted = 0.0;
            for (size_t i = 0; i < neurons; i++)
                wanted +=
                    sample.patterns.entries[i * k + j / k] * sample.patterns.entries[i * k + j % k];
            ck_assert_double_eq_tol(found[j], wanted / (double)neurons, 1e-13);
        }
        network_drop(&sample);
    }
}
END_TEST

/* F(n), and with it m where patterns are the features, before and after columns; `in` says whether
 * the law gets any. */
static void check_columns(ph_meanfield_t *problem, bool in)
{
    const size_t features = (size_t)problem->features;
    double n[8], before[8], after[8], m[8];
    for (size_t p = 0; p < features; p++)
        n[p] = 0.9 / (double)(p + 1) * (p % 2 == 0 ? 1.0 : -1.0);
    ph_evaluation_t out = {.n = before};
    ph_meanfield_evaluate(problem, n, &out);
    ck_assert_int_eq(ph_meanfield_columns(problem), PH_OK);
    ck_assert_int_eq(problem->columns != NULL, in);
    for (int both = 0; both < 2; both++) {
        out = (ph_evaluation_t){.n = after, .m = both == 1 ? m : NULL};
        memset(after, 0, sizeof(after));
        ph_meanfield_evaluate(problem, n, &out);
        for (size_t p = 0; p < features; p++) {
            ck_assert_double_eq_tol(after[p], before[p], 1e-14);
            if (both == 1 && problem->same)
                ck_assert_double_eq(m[p], after[p]);
        }
    }
}

START_TEST(test_columns)
{
    static const double noises[] = {0.05, 0.4, 1.5};
    for (int64_t patterns = 1; patterns <= 5; patterns++)
        for (size_t i = 0; i < 3; i++) {
            ph_meanfield_t problem;
            ph_point_t point = network_uniform(301, patterns, 0.3, noises[i]);
            network_population(&problem, &point);
            check_columns(&problem, patterns <= 4);
            ck_assert(patterns > 4 || problem.same);
            ph_meanfield_free(&problem);
            network_sample_t sample;
            network_draw(&sample, &point, 7, 0);
            check_columns(&sample.problem, patterns <= 4);
            network_drop(&sample);
            point = network_learning(PH_RULE_SUPERVISED, patterns, 0.3, 0.7, 3.0, noises[i]);
            network_population(&problem, &point);
            const bool few = problem.law == PH_NEURON_EXACT && problem.count <= 96;
            check_columns(&problem, few && patterns <= 4);
            ck_assert(!problem.same);
            ph_meanfield_free(&problem);
        }
}
END_TEST

PH_TEST_MAIN("law", test_population, test_extreme_dilutions, test_too_many, test_sample,
             test_columns)
