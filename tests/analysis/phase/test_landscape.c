/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The landscape of states and its symmetries, against sums over rows written out here. */
#include <math.h>
#include <string.h>

#include "analysis/phase/states_private.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { K = 3, ROWS = 27 };

static ph_point_t point;
static ph_landscape_t landscape;

static void begin(const ph_point_t *given, ph_average_t average)
{
    point = *given;
    ck_assert_int_eq(ph_landscape_init(&landscape, &point, average, NULL), PH_OK);
}

static void storage(double dilution, double noise)
{
    const ph_point_t given = network_uniform(1, K, dilution, noise);
    begin(&given, PH_AVERAGE_AUTO);
}

/* Storage: F and the free energy of three patterns, row by row, with gains g. */
static double sum_rows(const double *n, double *map)
{
    double g[K], f = 0.0;
    memset(map, 0, K * sizeof(*map));
    for (int mu = 0; mu < K; mu++) {
        g[mu] = point.normalization == PH_NORM_NONE ? 1.0 : 1.0 / (1.0 - point.dilution[mu]);
        f += 0.5 * g[mu] * n[mu] * n[mu];
    }
    for (int code = 0; code < ROWS; code++) {
        double weight = 1.0, h = 0.0;
        int row[K];
        for (int mu = 0, rest = code; mu < K; mu++, rest /= 3) {
            const double d = point.dilution[mu];
            row[mu] = rest % 3 - 1;
            weight *= row[mu] == 0 ? d : 0.5 * (1.0 - d);
            h += g[mu] * row[mu] * n[mu];
        }
        f -= weight * point.noise * log(2.0 * cosh(h / point.noise));
        for (int mu = 0; mu < K; mu++)
            map[mu] += weight * row[mu] * tanh(h / point.noise);
    }
    return f;
}

static double residual(const double *n)
{
    double map[K], most = 0.0;
    sum_rows(n, map);
    for (int mu = 0; mu < K; mu++)
        most = fmax(most, fabs(map[mu] - n[mu]));
    return most;
}

/* A number in [0, 1), the next of a fixed sequence. */
static double unit(void)
{
    static uint64_t random = 2024;
    random = random * 6364136223846793005u + 1442695040888963407u;
    return (double)(random >> 11) / 9007199254740992.0;
}

/* Largest overlaps are E|eta^| (storage: 1 - d), patterns are alike where all their numbers are,
 * and a landscape is smooth where there is noise, in the samples or in the examples. */
START_TEST(test_init)
{
    const double uneven[] = {0.2, 0.5, 0.2};
    ph_point_t given = network_point(1, K, uneven, 0.1);
    begin(&given, PH_AVERAGE_AUTO);
    const size_t like[] = {0, 1, 0};
    for (int mu = 0; mu < K; mu++) {
        ck_assert_double_eq_tol(landscape.largest[mu], 1.0 - uneven[mu], 1e-14);
        ck_assert_uint_eq(landscape.like[mu], like[mu]);
    }
    ck_assert(landscape.smooth);
    ph_landscape_free(&landscape);
    storage(0.3, 0.0);
    ck_assert(!landscape.smooth);
    ph_landscape_free(&landscape);

    const double examples[] = {3, 3, 3}, quality[] = {0.4, 0.4, 0.8}, fidelity[] = {1, 0.5, 1};
    given = network_learning(PH_RULE_SUPERVISED, K, 0.3, 0.4, 3, 0.0);
    given.examples = examples;
    given.quality = quality;
    given.blank_fidelity = fidelity;
    begin(&given, PH_AVERAGE_EXACT);
    ck_assert(!landscape.smooth);
    for (size_t mu = 0; mu < K; mu++) {
        ck_assert_uint_eq(landscape.like[mu], mu);
        double mean = 0.0; /* E|sum_a eta^a|/(M r), all examples of an entry and of a blank */
        for (int code = 0; code < ROWS; code++) {
            double filled = 1.0, blank = 1.0;
            int sum = 0;
            for (int a = 0, rest = code; a < 3; a++, rest /= 3) {
                const int eta = rest % 3 - 1;
                sum += eta;
                filled *= eta == 0 ? 0.0 : 0.5 * (1.0 + eta * quality[mu]);
                blank *= eta == 0 ? fidelity[mu] : 0.5 * (1.0 - fidelity[mu]);
            }
            mean += abs(sum) * (0.7 * filled + 0.3 * blank) / (3.0 * quality[mu]);
        }
        ck_assert_double_eq_tol(landscape.largest[mu], mean, 1e-13);
    }
    ph_landscape_free(&landscape);
    begin(&given, PH_AVERAGE_GAUSSIAN);
    ck_assert(landscape.smooth);
    ph_landscape_free(&landscape);
}
END_TEST

/* More patterns than states are found for: said with both numbers. */
START_TEST(test_too_many)
{
    ph_report_t report;
    ph_report_init(&report);
    double dilution[13] = {0};
    const ph_point_t many = {.neurons = 1, .patterns = 13, .dilution = dilution, .noise = 0.1};
    ck_assert_int_eq(ph_landscape_init(&landscape, &many, PH_AVERAGE_AUTO, &report),
                     PH_ERR_UNSUPPORTED);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "up to 12"));
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "13"));
    ph_report_free(&report);
}
END_TEST

/* Blocks are of alike patterns with equal overlaps; unlike ones stand apart even where theirs are
 * equal, and an overlap of nothing is in no block. */
START_TEST(test_symmetry)
{
    const double uneven[] = {0.2, 0.5, 0.2, 0.2}, n[] = {0.3, 0.3, 0.3 + 1e-9, 1e-10};
    const ph_point_t given = network_point(1, 4, uneven, 0.1);
    begin(&given, PH_AVERAGE_AUTO);
    const ph_symmetry_t symmetry = ph_symmetry_of(&landscape, n),
                        none = ph_symmetry_none(&landscape);
    const int blocks[] = {0, 1, 0, -1};
    for (int mu = 0; mu < 4; mu++) {
        ck_assert_int_eq(symmetry.block[mu], blocks[mu]);
        ck_assert_int_eq(none.block[mu], mu);
    }
    ph_landscape_free(&landscape);
}
END_TEST

/* Within a symmetry the equations are those of fewer unknowns: the symmetric state by bisection of
 * one, the state of two patterns as that of a network of two. */
START_TEST(test_within)
{
    const ph_symmetry_t all = {{0, 0, 0}}, two = {{0, 1, -1}};
    ph_subspace_t subspace;
    double n[K] = {0.6, 0.5, 0.1};
    storage(0.8, 0.1);
    double low = 0.01, high = 1.0, map[K];
    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (low + high), equal[] = {middle, middle, middle};
        sum_rows(equal, map);
        *(map[0] > middle ? &low : &high) = middle;
    }
    ck_assert_int_eq(ph_subspace_init(&subspace, &landscape, all), PH_OK);
    ck_assert_uint_eq(subspace.blocks, 1);
    ck_assert_int_eq(ph_subspace_descend(&subspace, n), PH_OK);
    for (int mu = 0; mu < K; mu++)
        ck_assert_double_eq_tol(n[mu], low, 1e-11);
    ck_assert_double_eq_tol(low, 0.15198, 6e-6);
    ph_subspace_free(&subspace);
    ph_landscape_free(&landscape);

    storage(0.3, 0.1);
    ck_assert_int_eq(ph_subspace_init(&subspace, &landscape, two), PH_OK);
    ck_assert_uint_eq(subspace.blocks, 2);
    n[0] = 0.7, n[1] = 0.2, n[2] = 0.5;
    ck_assert_int_eq(ph_subspace_descend(&subspace, n), PH_OK);
    ck_assert_double_eq_tol(n[0], 0.69998, 6e-6);
    ck_assert_double_eq_tol(n[1], 0.20289, 6e-6);
    ck_assert_double_eq(n[2], 0.0);
    ph_subspace_free(&subspace);
    ph_landscape_free(&landscape);
}
END_TEST

/* From anywhere, down: the place reached is a state, and its free energy is not above that of the
 * start. Under gains that are not 1 too. */
START_TEST(test_descent)
{
    for (int kind = 0; kind < 2; kind++) {
        ph_point_t given = network_uniform(1, K, kind == 0 ? 0.3 : 0.55, 0.08);
        if (kind == 1)
            given.normalization = PH_NORM_VARIANCE;
        begin(&given, PH_AVERAGE_AUTO);
        ph_subspace_t whole;
        ck_assert_int_eq(ph_subspace_init(&whole, &landscape, ph_symmetry_none(&landscape)), PH_OK);
        for (int start = 0; start < 40; start++) {
            double n[K], map[K];
            for (int mu = 0; mu < K; mu++)
                n[mu] = unit();
            const double before = sum_rows(n, map);
            ck_assert_int_eq(ph_subspace_descend(&whole, n), PH_OK);
            ck_assert_double_le(sum_rows(n, map), before + 1e-14);
            ck_assert_double_le(residual(n), 2e-12);
        }
        ph_subspace_free(&whole);
        ph_landscape_free(&landscape);
    }
}
END_TEST

/* Without noise descent repeats n <- F(n) until nothing moves: the hierarchy, to the last bit that
 * a sum over rows has. */
START_TEST(test_cold)
{
    double n[K] = {0.9, 0.3, 0.1};
    ph_subspace_t whole;
    storage(0.3, 0.0);
    ck_assert_int_eq(ph_subspace_init(&whole, &landscape, ph_symmetry_none(&landscape)), PH_OK);
    ck_assert_int_eq(ph_subspace_descend(&whole, n), PH_OK);
    for (int mu = 0; mu < K; mu++)
        ck_assert_double_eq_tol(n[mu], 0.7 * pow(0.3, mu), 1e-15);
    ph_subspace_free(&whole);
    ph_landscape_free(&landscape);
}
END_TEST

/* Newton's method finds the symmetric state that descent runs away from; of no block, nothing. */
START_TEST(test_newton)
{
    const ph_symmetry_t nothing = {{-1, -1, -1}};
    ph_subspace_t subspace;
    double n[K] = {0.46, 0.455, 0.0};
    storage(0.3, 0.1);
    ck_assert_int_eq(ph_subspace_init(&subspace, &landscape, ph_symmetry_none(&landscape)), PH_OK);
    ck_assert_int_eq(ph_subspace_newton(&subspace, n), PH_OK);
    ck_assert_double_eq_tol(n[0], 0.45495, 6e-6);
    ck_assert_double_eq_tol(n[1], n[0], 1e-12);
    ck_assert_double_le(residual(n), 2e-12);
    n[0] += 0.01;
    ck_assert_int_eq(ph_subspace_descend(&subspace, n), PH_OK);
    ck_assert_double_gt(n[0] - n[1], 0.2);
    ph_subspace_free(&subspace);
    ck_assert_int_eq(ph_subspace_init(&subspace, &landscape, nothing), PH_OK);
    ck_assert_uint_eq(subspace.blocks, 0);
    ck_assert_int_eq(ph_subspace_newton(&subspace, n), PH_OK);
    for (int mu = 0; mu < K; mu++)
        ck_assert_double_eq(n[mu], 0.0);
    ph_subspace_free(&subspace);
    ph_landscape_free(&landscape);
}
END_TEST

/* Examples in their Gaussian limit: n of two equal patterns solves n = m + g n E[v (1 - t^2)]/T
 * with the integral over Z by the trapezoidal rule. */
START_TEST(test_gaussian)
{
    const double d = 0.4, r = 0.5, m = 20, noise = 0.3, rho = (1 - r * r) / (m * r * r);
    const double g = 1.0 / ((1 - d) * (1 + rho));
    const ph_point_t given = network_learning(PH_RULE_SUPERVISED, 2, d, r, m, noise);
    const ph_symmetry_t equal = {{0, 0}};
    ph_subspace_t subspace;
    double n[2] = {0.5, 0.4}, magnetization = 0.0, slope = 0.0;
    begin(&given, PH_AVERAGE_GAUSSIAN);
    ck_assert_int_eq(ph_subspace_init(&subspace, &landscape, equal), PH_OK);
    ck_assert_ptr_null(subspace.rows);
    ck_assert_int_eq(ph_subspace_descend(&subspace, n), PH_OK);
    ck_assert(n[0] == n[1] && n[0] > 0.2);
    for (int code = 0; code < 9; code++) {
        const int xi[2] = {code % 3 - 1, code / 3 - 1};
        const double weight = (xi[0] == 0 ? d : (1 - d) / 2) * (xi[1] == 0 ? d : (1 - d) / 2);
        const double a = g * n[0] * (xi[0] + xi[1]);
        const double b = g * n[0] * sqrt(rho * (xi[0] * xi[0] + xi[1] * xi[1]));
        for (double z = -9.0; z < 9.001; z += 0.05) {
            const double p = weight * 0.05 * exp(-0.5 * z * z) / sqrt(2 * M_PI);
            const double t = tanh((a + b * z) / noise);
            magnetization += p * xi[0] * t;
            slope += p * rho * xi[0] * xi[0] * (1 - t * t) / noise;
        }
    }
    ck_assert_double_eq_tol(n[0], magnetization + g * n[0] * slope, 1e-10);
    ph_subspace_free(&subspace);
    ph_landscape_free(&landscape);
}
END_TEST

/* Overlaps that are equal, or nothing, but for what rounding leaves become so and still solve the
 * equations; those of a state without symmetry stay to the last bit. */
START_TEST(test_restore)
{
    const ph_symmetry_t two = {{0, 0, -1}};
    ph_subspace_t subspace;
    double n[K] = {0.4, 0.4, 0.0}, kept[K];
    storage(0.3, 0.1);
    ck_assert_int_eq(ph_subspace_init(&subspace, &landscape, two), PH_OK);
    ck_assert_int_eq(ph_subspace_descend(&subspace, n), PH_OK);
    ph_subspace_free(&subspace);
    const double exact = n[0];
    n[0] += 1e-8;
    n[1] -= 2e-8;
    n[2] = 3e-8;
    ck_assert_int_eq(ph_landscape_restore(&landscape, n), PH_OK);
    ck_assert(n[0] == n[1] && n[2] == 0.0);
    ck_assert_double_eq_tol(n[0], exact, 1e-13);
    n[0] = 0.7, n[1] = 0.2, n[2] = 0.06;
    memcpy(kept, n, sizeof(n));
    ck_assert_int_eq(ph_landscape_restore(&landscape, n), PH_OK);
    ck_assert_mem_eq(n, kept, sizeof(n));
    ph_landscape_free(&landscape);
}
END_TEST

PH_TEST_MAIN("landscape", test_init, test_too_many, test_symmetry, test_within, test_descent,
             test_cold, test_newton, test_gaussian, test_restore)
