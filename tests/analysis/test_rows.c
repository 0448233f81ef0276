/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/rows.h"

#include <math.h>

#include "tests/analysis/network.h"
#include "tests/testing.h"

static double total_weight(const ph_rows_t *rows)
{
    double total = 0.0;
    for (size_t i = 0; i < rows->count; i++)
        total += rows->weights[i];
    return total;
}

/* All (3^K + 1)/2 rows are there once, gauge-reduced, with weights that add to 1. */
START_TEST(test_population)
{
    const size_t counts[] = {2, 5, 14, 41, 122, 365};
    for (int64_t k = 1; k <= 6; k++) {
        ph_rows_t rows;
        ph_point_t point = network_uniform(100, k, 0.3, 0.1);
        ck_assert_int_eq(ph_rows_population(&rows, &point, NULL), PH_OK);
        ck_assert_uint_eq(rows.count, counts[k - 1]);
        ck_assert_double_eq_tol(total_weight(&rows), 1.0, 1e-14);
        for (size_t i = 0; i < rows.count; i++) {
            const int8_t *row = rows.rows + i * (size_t)k;
            int64_t first = 0;
            while (first < k && row[first] == 0)
                first++;
            ck_assert(first == k || row[first] == 1);
            for (size_t j = 0; j < i; j++)
                ck_assert(memcmp(row, rows.rows + j * (size_t)k, (size_t)k) != 0);
        }
        ph_rows_free(&rows);
    }
}
END_TEST

/* Rows of zero probability are left out: no blanks at dilution 0, only blanks at 1. */
START_TEST(test_extreme_dilutions)
{
    const double dilution[] = {0.0, 1.0, 0.0};
    ph_rows_t rows;
    ph_point_t point = network_point(100, 3, dilution, 0.1);
    ck_assert_int_eq(ph_rows_population(&rows, &point, NULL), PH_OK);
    ck_assert_uint_eq(rows.count, 2);
    for (size_t i = 0; i < rows.count; i++) {
        ck_assert_int_eq(rows.rows[i * 3 + 1], 0);
        ck_assert_double_eq_tol(rows.weights[i], 0.5, 1e-15);
    }
    ph_rows_free(&rows);
}
END_TEST

/* More patterns than the enumeration covers are refused with a message that names the key. */
START_TEST(test_too_many)
{
    ph_rows_t rows;
    ph_report_t report;
    ph_report_init(&report);
    ph_point_t point = network_uniform(100, 12, 0.3, 0.1);
    ck_assert_int_eq(ph_rows_population(&rows, &point, &report), PH_OK);
    ck_assert_double_eq_tol(total_weight(&rows), 1.0, 1e-12);
    ph_rows_free(&rows);
    point.patterns = 13;
    ck_assert_int_eq(ph_rows_population(&rows, &point, &report), PH_ERR_UNSUPPORTED);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "network.patterns"));
    ph_report_free(&report);
}
END_TEST

/* Averages over the rows of a sample are averages over its neurons, at 4 and at 40 patterns. */
START_TEST(test_sample)
{
    const int64_t widths[] = {4, 40};
    double dilution[40];
    for (size_t mu = 0; mu < 40; mu++)
        dilution[mu] = 0.4;
    for (size_t w = 0; w < 2; w++) {
        const size_t k = (size_t)widths[w], neurons = 3000;
        ph_point_t point = network_uniform((int64_t)neurons, 4, 0.4, 0.1);
        point.patterns = widths[w];
        point.dilution = dilution;
        ph_patterns_t patterns;
        ph_rows_t rows;
        ck_assert_int_eq(ph_patterns_draw(&patterns, &point, 7, 0), PH_OK);
        ck_assert_int_eq(ph_rows_sample(&rows, &patterns, NULL), PH_OK);
        ck_assert(w == 0 ? rows.count <= 41 : rows.count > 2500);
        ck_assert_double_eq_tol(total_weight(&rows), 1.0, 1e-12);
        for (size_t mu = 0; mu < k; mu++)
            for (size_t nu = 0; nu < k; nu++) {
                double found = 0.0, wanted = 0.0;
                for (size_t i = 0; i < rows.count; i++)
                    found += rows.weights[i] * rows.rows[i * k + mu] * rows.rows[i * k + nu];
                for (size_t i = 0; i < neurons; i++)
                    wanted += patterns.entries[i * k + mu] * patterns.entries[i * k + nu];
                ck_assert_double_eq_tol(found, wanted / (double)neurons, 1e-13);
            }
        ph_rows_free(&rows);
        ph_patterns_free(&patterns);
    }
}
END_TEST

PH_TEST_MAIN("rows", test_population, test_extreme_dilutions, test_too_many, test_sample)
