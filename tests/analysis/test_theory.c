/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "analysis/theoryfile.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

static const char GRID[] =
    "network: { neurons: 4000, patterns: [2, 3], dilution: [0.0, 0.25, 1.0] }\n"
    "noise: [0.0, 0.1, 0.4]\n"
    "dynamics: { start: hierarchical, sweeps: 20 }\n"
    "ensemble: { samples: 3 }\n";
static const char LARGE[] = "network: { neurons: 100, patterns: [2, 14], dilution: 0.3 }\n"
                            "noise: 0.1\n"
                            "dynamics: { sweeps: 20 }\n";

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
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, true, 1, NULL), PH_OK);
    ck_assert_uint_eq(theory.unconverged, 0);
    for (size_t p = 0; p < grid.points_count; p++) {
        ph_state_t alone;
        network_solve(&alone, &grid.points[p]);
        for (size_t s = 0; s < 3; s++) {
            const ph_state_t *state = &theory.sample[p * 3 + s];
            const double *correction = theory.correction + (p * 3 + s) * 3;
            ck_assert(state->converged);
            for (int64_t mu = 0; mu < state->patterns; mu++) {
                ck_assert(theory.population[p].m[mu] == alone.m[mu]);
                ck_assert_double_eq_tol(state->m[mu], alone.m[mu],
                                        5.0 / sqrt(4000.0) / state->stability);
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
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, true, 2, NULL), PH_OK);
    for (size_t p = 0; p < grid.points_count; p++) {
        const ph_point_t *point = &grid.points[p];
        double g[3], sum[3] = {0.0};
        ph_patterns_t patterns;
        ck_assert_int_eq(ph_patterns_draw(&patterns, point, grid.seed, 2), PH_OK);
        ph_coupling_gains(point, g);
        const double *m = theory.sample[p * 3 + 2].m;
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
    ck_assert_int_eq(ph_theory_solve(&a, &grid, true, 1, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&b, &grid, true, 2, NULL), PH_OK);
    for (size_t i = 0; i < 3 * grid.points_count; i++)
        ck_assert_mem_eq(a.sample[i].m, b.sample[i].m,
                         (size_t)a.sample[i].patterns * sizeof(double));
    ck_assert_mem_eq(a.correction, b.correction, 9 * grid.points_count * sizeof(double));
    ph_theory_free(&a);
    ph_theory_free(&b);
    ph_grid_free(&grid);
}
END_TEST

/* Points with too many patterns are left out with a note; a grid of nothing else is refused. */
START_TEST(test_too_many_patterns)
{
    ph_grid_t grid;
    ph_theory_t theory;
    ph_report_t report;
    ph_report_init(&report);
    parse(&grid, LARGE);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, true, 1, &report), PH_OK);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_uint_eq(theory.unconverged, 1);
    ck_assert(theory.population[0].converged && !theory.population[1].converged);
    ck_assert(isnan(theory.population[1].m[13]));
    ck_assert(isnan(theory.sample[1].m[0]) && isnan(theory.correction[14]));
    ph_theory_free(&theory);
    ph_grid_free(&grid);
    const char *set = "network.patterns=14";
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, LARGE, "test", 1, &set, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, false, 1, &report), PH_ERR_UNSUPPORTED);
    ph_theory_free(&theory);
    ph_grid_free(&grid);
    ph_report_free(&report);
}
END_TEST

PH_TEST_MAIN("theory", test_grid, test_samples, test_threads, test_too_many_patterns)
