/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Averages over neurons by integrals over waves, against sums over all rows. */
#include <math.h>

#include "analysis/meanfield/waves_private.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

typedef struct {
    double n[12], m[12], response[144], logs;
} found_t;

static void compare(const ph_meanfield_t *problem, const double *n)
{
    const size_t k = (size_t)problem->features;
    static found_t rows, waves;
    const ph_sums_t a = {rows.n, rows.m, rows.response, &rows.logs};
    const ph_sums_t b = {waves.n, waves.m, waves.response, &waves.logs};
    ph_product_sums(problem, n, &a);
    ph_waves_sums(problem, n, &b);
    ck_assert_double_eq_tol(waves.logs, rows.logs, 1e-13);
    for (size_t p = 0; p < k; p++) {
        ck_assert_double_eq_tol(waves.n[p], rows.n[p], 1e-14);
        ck_assert_double_eq_tol(waves.m[p], rows.m[p], 1e-14);
        for (size_t q = 0; q <= p; q++)
            ck_assert_double_eq_tol(problem->noise * waves.response[p * k + q],
                                    problem->noise * rows.response[p * k + q], 1e-13);
    }
}

/* Overlaps of either sign, large and small, equal and none. */
static void compare_all(const ph_meanfield_t *problem)
{
    double n[12];
    for (int round = 0; round < 8; round++) {
        for (int p = 0; p < 12; p++)
            n[p] = round == 0   ? 0.0
                   : round == 1 ? 0.4
                   : round == 2 ? 0.7 * pow(0.1, p)
                                : sin(7.0 * round + 3.0 * p) * pow(0.8, p * (round % 3));
        compare(problem, n);
    }
}

static const double NOISES[] = {0.01, 0.07, 0.3, 1.0, 3.0};

/* Stored patterns of equal dilution, of none, and of a different one each. */
START_TEST(test_stored)
{
    const double uneven[] = {0.2, 0.9, 0.5, 0.0, 0.35, 0.6, 1.0};
    for (int64_t k = 1; k <= 7; k += k < 3 ? 1 : 2)
        for (int t = 0; t < 5; t++)
            for (int d = 0; d < 3; d++) {
                ph_meanfield_t problem;
                const ph_point_t point = d == 2 ? network_point(1, k, uneven, NOISES[t])
                                                : network_uniform(1, k, 0.3 * d, NOISES[t]);
                network_population(&problem, &point);
                compare_all(&problem);
                ph_meanfield_free(&problem);
            }
}
END_TEST

/* Examples, with noisy blanks, of an even and of an odd number, and groups of patterns. */
START_TEST(test_learned)
{
    static const double fidelity[] = {0.8, 0.8, 0.8, 0.8};
    const int64_t group[] = {0, 1, 1, 1};
    for (int t = 0; t < 5; t++)
        for (int examples = 1; examples <= 4; examples += 3)
            for (int grouped = 0; grouped < 2; grouped++) {
                ph_meanfield_t problem;
                ph_point_t point = network_learning(PH_RULE_SUPERVISED, grouped ? 4 : 3, 0.4, 0.6,
                                                    examples, NOISES[t]);
                point.blank_fidelity = fidelity;
                ck_assert_int_eq(
                    grouped
                        ? ph_meanfield_init_groups(&problem, &point, group, PH_AVERAGE_EXACT, NULL)
                        : ph_meanfield_init_population(&problem, &point, PH_AVERAGE_EXACT, NULL),
                    PH_OK);
                compare_all(&problem);
                ph_meanfield_free(&problem);
            }
}
END_TEST

/* What is not wanted is left out; they are taken for many rows, with noise, of laws that are exact.
 */
START_TEST(test_chosen)
{
    const struct {
        int64_t patterns;
        double noise;
        bool pays;
    } CASES[] = {{3, 0.3, false}, {10, 0.3, true}, {10, 0.0, false}, {8, 1e-6, false}};
    const double n[10] = {0.6, 0.2, 0.1}, undefined[10] = {NAN};
    for (int c = 0; c < 4; c++) {
        ph_meanfield_t problem;
        const ph_point_t point = network_uniform(1, CASES[c].patterns, 0.3, CASES[c].noise);
        network_population(&problem, &point);
        ck_assert(ph_waves_pay(&problem, n) == CASES[c].pays);
        ck_assert(!ph_waves_pay(&problem, undefined));
        if (CASES[c].pays) {
            double all[10], m[10], one[10], logs;
            const ph_sums_t both = {all, m, NULL, &logs}, only = {.n = one};
            ph_waves_sums(&problem, n, &both);
            ph_waves_sums(&problem, n, &only);
            for (int p = 0; p < 10; p++)
                ck_assert(one[p] == all[p] && all[p] == m[p]);
        }
        ph_meanfield_free(&problem);
    }
    const ph_point_t point = network_learning(PH_RULE_SUPERVISED, 10, 0.3, 0.8, 20, 0.3);
    ph_meanfield_t problem;
    ck_assert_int_eq(ph_meanfield_init_population(&problem, &point, PH_AVERAGE_GAUSSIAN, NULL),
                     PH_OK);
    ck_assert(!ph_waves_pay(&problem, n));
    ph_meanfield_free(&problem);
}
END_TEST

PH_TEST_MAIN("waves", test_stored, test_learned, test_chosen)
