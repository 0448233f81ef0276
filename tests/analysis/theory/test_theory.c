/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "analysis/theory/theory.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

static const char GRID[] =
    "network: { neurons: 4000, patterns: [2, 3], dilution: [0.0, 0.25, 1.0] }\n"
    "noise: [0.0, 0.1, 0.4]\n"
    "dynamics: { start: hierarchical, sweeps: 20 }\n"
    "ensemble: { samples: 3 }\n";
static const char LARGE[] = "network: { neurons: 100, patterns: [2, 14], dilution: 0.3 }\n"
                            "noise: 0.1\n"
                            "dynamics: { start: hierarchical, sweeps: 20 }\n";
static const char LEARNING[] =
    "network: { rule: [supervised, unsupervised], neurons: 600, patterns: 2, dilution: 0.3,\n"
    "           examples: 4, quality: 0.8 }\n"
    "noise: [0.0, 0.2]\n"
    "dynamics: { start: hierarchical, sweeps: 20 }\n"
    "ensemble: { samples: 2 }\n";

static const unsigned MEAN_FIELD = 1u << PH_THEORY_MEAN_FIELD;

static void parse(ph_grid_t *grid, const char *text)
{
    ph_grid_init(grid);
    ck_assert_int_eq(ph_grid_parse(grid, text, "test", 0, NULL, NULL), PH_OK);
}

/* Every state solves its own equations; samples scatter about the population as 1/sqrt(N),
 * amplified by 1/stability; 5 standard deviations. */
START_TEST(test_grid)
{
    ph_grid_t grid;
    ph_theory_t theory;
    parse(&grid, GRID);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, MEAN_FIELD, true, 1, NULL), PH_OK);
    ck_assert_uint_eq(theory.unconverged, 0);
    for (size_t p = 0; p < grid.points_count; p++) {
        ph_state_t alone;
        network_solve(&alone, &grid.points[p]);
        for (size_t s = 0; s < 3; s++) {
            const double *m = ph_theory_values(&theory, "magnetization_sample", p) + s * 3;
            const double *correction = ph_theory_values(&theory, "correction_sample", p) + s * 3;
            const double stability = ph_theory_values(&theory, "stability_sample", p)[s];
            ck_assert(ph_theory_values(&theory, "converged_sample", p)[s] == 1.0);
            for (int64_t mu = 0; mu < alone.patterns; mu++) {
                ck_assert(ph_theory_values(&theory, "magnetization", p)[mu] == alone.m[mu]);
                ck_assert_double_eq_tol(m[mu], alone.m[mu], 5.0 / sqrt(4000.0) / stability);
                ck_assert(isfinite(correction[mu]) || grid.points[p].dilution[0] == 0.0);
            }
        }
        ph_state_free(&alone);
    }
    ph_theory_free(&theory);
    ph_grid_free(&grid);
}
END_TEST

/* The state of a sample is that of its own neurons: F over all of them, one by one. */
START_TEST(test_samples)
{
    ph_grid_t grid;
    ph_theory_t theory;
    parse(&grid, GRID);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, MEAN_FIELD, true, 2, NULL), PH_OK);
    for (size_t p = 0; p < grid.points_count; p++) {
        const ph_point_t *point = &grid.points[p];
        double g[3], sum[3] = {0.0};
        ph_patterns_t patterns;
        ck_assert_int_eq(ph_patterns_draw(&patterns, point, grid.seed, 2), PH_OK);
        ph_coupling_gains(point, g);
        const double *m = ph_theory_values(&theory, "magnetization_sample", p) + 2 * 3;
        const size_t k = (size_t)point->patterns;
        for (size_t i = 0; i < 4000; i++) {
            double h = 0.0;
            for (size_t mu = 0; mu < k; mu++)
                h += g[mu] * m[mu] * patterns.entries[i * k + mu];
            const double t = point->noise > 0.0 ? tanh(h / point->noise)
                             : fabs(h) < 1e-9   ? 0.0
                                                : copysign(1.0, h);
            for (size_t mu = 0; mu < k; mu++)
                sum[mu] += t * patterns.entries[i * k + mu] / 4000.0;
        }
        for (size_t mu = 0; mu < k; mu++)
            ck_assert_double_eq_tol(sum[mu], m[mu], 1e-11);
        ph_patterns_free(&patterns);
    }
    ph_theory_free(&theory);
    ph_grid_free(&grid);
}
END_TEST

/* One thread and two give the same bits. */
START_TEST(test_threads)
{
    ph_grid_t grid;
    ph_theory_t a, b;
    parse(&grid, GRID);
    ck_assert_int_eq(ph_theory_solve(&a, &grid, MEAN_FIELD, true, 1, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&b, &grid, MEAN_FIELD, true, 2, NULL), PH_OK);
    const char *const names[] = {"magnetization_sample", "correction_sample"};
    for (size_t i = 0; i < 2; i++)
        ck_assert_mem_eq(ph_theory_values(&a, names[i], 0), ph_theory_values(&b, names[i], 0),
                         9 * grid.points_count * sizeof(double));
    ph_theory_free(&a);
    ph_theory_free(&b);
    ph_grid_free(&grid);
}
END_TEST

/* Points whose start tells too many patterns apart are left out of the population with a note, not
 * of the samples; a grid of nothing else is refused. */
START_TEST(test_too_many_patterns)
{
    ph_grid_t grid;
    ph_theory_t theory;
    ph_report_t report;
    ph_report_init(&report);
    parse(&grid, LARGE);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, MEAN_FIELD, true, 1, &report), PH_OK);
    ck_assert_uint_eq(report.count, 2); /* the other: of 100 neurons with 14 patterns */
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "1 of 2 points are left out"));
    ck_assert_ptr_nonnull(strstr(report.messages[1].text, "1 of 2 samples have no small"));
    ck_assert_uint_eq(theory.unconverged, 1);
    ck_assert(ph_theory_converged(&theory, 0) && !ph_theory_converged(&theory, 1));
    ck_assert(isnan(ph_theory_values(&theory, "magnetization", 1)[13]));
    ck_assert(isfinite(ph_theory_values(&theory, "magnetization_sample", 1)[0]));
    ck_assert(ph_theory_values(&theory, "residual_sample", 1)[0] < 1.0);
    ph_theory_free(&theory);
    ph_grid_free(&grid);
    const char *set = "network.patterns=14";
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, LARGE, "test", 1, &set, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, MEAN_FIELD, false, 1, &report),
                     PH_ERR_UNSUPPORTED);
    ph_theory_free(&theory);
    ph_grid_free(&grid);
    ph_report_free(&report);
}
END_TEST

/* Patterns that the start leaves alike are one group, any number of them: the pure state of 14 or
 * 200 is that of 3, least eigenvalue included, and so is the symmetric state's overlap. */
START_TEST(test_many_patterns)
{
    const int64_t patterns[] = {3, 14, 200};
    for (int start = 0; start < 2; start++) {
        double few[3] = {0.0};
        for (size_t i = 0; i < 3; i++) {
            char set[3][64];
            ph_grid_t grid;
            ph_theory_t theory;
            snprintf(set[0], sizeof(set[0]), "network.patterns=%d", (int)patterns[i]);
            snprintf(set[1], sizeof(set[1]), "dynamics.start=%s",
                     start == 0 ? "archetype" : "parallel");
            snprintf(set[2], sizeof(set[2]), "noise=%s", start == 0 ? "0.35" : "0");
            const char *sets[] = {set[0], set[1], set[2]};
            ph_grid_init(&grid);
            ck_assert_int_eq(ph_grid_parse(&grid, LARGE, "test", 3, sets, NULL), PH_OK);
            ck_assert_int_eq(ph_theory_solve(&theory, &grid, MEAN_FIELD, false, 1, NULL), PH_OK);
            const double *m = ph_theory_values(&theory, "magnetization", 0);
            const double energy = ph_theory_values(&theory, "free_energy", 0)[0];
            const double stability = ph_theory_values(&theory, "stability", 0)[0];
            ck_assert(ph_theory_converged(&theory, 0));
            for (int64_t mu = 1; mu < patterns[i]; mu++)
                ck_assert(m[mu] == (start == 0 ? 0.0 : m[0]));
            if (start == 1) {
                /* E|sum xi| of K patterns by the central limit, its next term, and the
                 * correction of Euler and Maclaurin for a sum over integers */
                const double pi = acos(-1.0), v = 0.7 * (double)patterns[i];
                const double fourth = (1 / 0.7 - 3) / (double)patterns[i];
                const double wanted =
                    sqrt(2 * v / pi) * (1 - fourth / 24) - 1 / (6 * sqrt(2 * pi * v));
                ck_assert_double_eq_tol(m[0] * (double)patterns[i], wanted,
                                        0.02 / (double)(patterns[i] * patterns[i]) * 9 + 1e-5);
            } else if (i == 0) {
                few[0] = m[0];
                few[1] = energy;
                few[2] = stability;
            } else {
                ck_assert_double_eq_tol(m[0], few[0], 1e-12);
                ck_assert_double_eq_tol(energy, few[1], 1e-12);
                ck_assert_double_eq_tol(stability, few[2], 1e-10);
            }
            ph_theory_free(&theory);
            ph_grid_free(&grid);
        }
    }
}
END_TEST

/* Learning: populations of both rules are one saddle; samples have all features, their own n, and
 * corrections at T > 0. */
START_TEST(test_learning)
{
    ph_grid_t grid;
    ph_theory_t theory;
    parse(&grid, LEARNING);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, MEAN_FIELD, true, 1, NULL), PH_OK);
    ck_assert_uint_eq(theory.unconverged, 0);
    for (size_t p = 0; p < 4; p++) {
        const double *m = ph_theory_values(&theory, "magnetization", p);
        const double *n = ph_theory_values(&theory, "example_magnetization", p);
        for (int mu = 0; mu < 2; mu++) {
            ck_assert(m[mu] == ph_theory_values(&theory, "magnetization", p % 2)[mu]);
            ck_assert(n[mu] == ph_theory_values(&theory, "example_magnetization", p % 2)[mu]);
            ck_assert_double_gt(fabs(n[mu] - m[mu]), 1e-4);
        }
        for (size_t s = 0; s < 2; s++) {
            const double *sample = ph_theory_values(&theory, "magnetization_sample", p) + 2 * s;
            const double *example =
                ph_theory_values(&theory, "example_magnetization_sample", p) + 2 * s;
            ck_assert(ph_theory_values(&theory, "converged_sample", p)[s] == 1.0);
            ck_assert_double_eq_tol(sample[0], m[0], 0.15);
            ck_assert_double_eq_tol(example[0], n[0], 0.2);
            ck_assert(isfinite(ph_theory_values(&theory, "correction_sample", p)[2 * s]) ||
                      !(ph_theory_values(&theory, "stability_sample", p)[s] > 0.0));
        }
    }
    ph_theory_free(&theory);
    ph_grid_free(&grid);
}
END_TEST

/* A grid in the Gaussian limit says how many of its points may have the wrong phase. */
START_TEST(test_doubt)
{
    const char *sets[] = {"theory.average=gaussian"};
    ph_grid_t grid;
    ph_theory_t theory;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, LEARNING, "test", 1, sets, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, MEAN_FIELD, false, 1, &report), PH_OK);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_int_eq(report.messages[0].status, PH_OK);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "4 of 4 points"));
    ph_theory_free(&theory);
    ph_grid_free(&grid);
    ph_report_free(&report);
}
END_TEST

/* Beside the average exact in M is the Gaussian limit: what a grid of that limit solves, and
 * another number. */
START_TEST(test_gaussian)
{
    const char *sets[] = {"theory.average=gaussian"};
    ph_grid_t exact_grid, limit_grid;
    ph_theory_t exact, limit;
    parse(&exact_grid, LEARNING);
    ph_grid_init(&limit_grid);
    ck_assert_int_eq(ph_grid_parse(&limit_grid, LEARNING, "test", 1, sets, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&exact, &exact_grid, MEAN_FIELD, false, 1, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&limit, &limit_grid, MEAN_FIELD, false, 1, NULL), PH_OK);
    for (size_t p = 0; p < 4; p++)
        for (int mu = 0; mu < 2; mu++) {
            const double gauss = ph_theory_values(&exact, "magnetization_gaussian", p)[mu];
            ck_assert(gauss == ph_theory_values(&limit, "magnetization", p)[mu]);
            ck_assert(gauss == ph_theory_values(&limit, "magnetization_gaussian", p)[mu]);
            ck_assert_double_gt(fabs(gauss - ph_theory_values(&exact, "magnetization", p)[mu]),
                                1e-4);
        }
    ph_theory_free(&exact);
    ph_theory_free(&limit);
    ph_grid_free(&exact_grid);
    ph_grid_free(&limit_grid);
}
END_TEST

/*
 * Near a transition some samples are exactly critical, and others too near: their correction is
 * NaN, with its reason; what is given is small, and a note counts what is not. A trajectory's band
 * ends where its bias is no longer small.
 */
START_TEST(test_critical_samples)
{
    ph_grid_t grid;
    ph_theory_t theory;
    ph_report_t report;
    size_t counts[PH_CORRECTION_COUNT] = {0}, ended = 0, bands = 0;
    char said[64];
    parse(&grid, "network: { neurons: 100, patterns: 1, dilution: 0.5, normalization: variance }\n"
                 "noise: [0.8, 0.9, 1, 1.1]\n"
                 "dynamics: { start: archetype, sweeps: 40 }\nensemble: { samples: 20 }\n");
    ph_report_init(&report);
    ck_assert_int_eq(
        ph_theory_solve(&theory, &grid, MEAN_FIELD | 1u << PH_THEORY_FLOW, true, 1, &report),
        PH_OK);
    for (size_t p = 0; p < 4; p++)
        for (size_t s = 0; s < 20; s++) {
            const double correction = ph_theory_values(&theory, "correction_sample", p)[s];
            const double reason = ph_theory_values(&theory, "correction_reason_sample", p)[s];
            counts[(size_t)reason]++;
            ck_assert(isnan(correction) == (reason != PH_CORRECTION_SMALL));
            ck_assert(isnan(correction) || fabs(correction) < 0.2);
            for (size_t k = 0; k < 41; k++) {
                const size_t at = s * 41 + k;
                const double bias = ph_theory_values(&theory, "flow_bias_sample", p)[at],
                             width = ph_theory_values(&theory, "flow_deviation_sample", p)[at],
                             why = ph_theory_values(&theory, "flow_reason_sample", p)[at];
                ck_assert(isnan(bias) == (why != 0.0) && isnan(width) == (why != 0.0));
                ck_assert(isnan(bias) || fabs(bias) < 0.5 * fmax(width, 0.1));
                ended += why == 3.0;
                bands += why == 0.0;
            }
        }
    ck_assert_uint_ge(counts[PH_CORRECTION_UNSTABLE], 1); /* exactly critical */
    ck_assert(counts[PH_CORRECTION_LARGE] >= 10 && counts[PH_CORRECTION_SMALL] >= 10);
    ck_assert(ended > 100 && bands > 100);
    snprintf(said, sizeof(said), "%zu of 80 samples have no small",
             80 - counts[PH_CORRECTION_SMALL]);
    bool found = false;
    for (size_t i = 0; i < report.count; i++)
        found = found || strstr(report.messages[i].text, said) != NULL;
    ck_assert(found);
    ph_report_free(&report);
    ph_theory_free(&theory);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("theory", test_critical_samples, test_grid, test_samples, test_threads,
             test_too_many_patterns, test_many_patterns, test_learning, test_doubt, test_gaussian)
