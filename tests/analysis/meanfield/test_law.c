/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "analysis/meanfield/meanfield.h"
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

PH_TEST_MAIN("law", test_population, test_extreme_dilutions, test_too_many, test_sample)
