/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The theory of given patterns: of their network alone, against all of its states. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/phase/phase.h"
#include "analysis/theory/theory.h"
#include "tests/params/parse.h"

enum { NEURONS = 12, PATTERNS = 2 };
static const char *const GIVEN[PATTERNS] = {"+++++0--+--+", "++++0+--++++"};
static const char TEXT[] =
    "network: { patterns: { given: \"+++++0--+--+ ++++0+--++++\" }, normalization: none }\n"
    "noise: [0.3, 0.9]\n"
    "dynamics: { sweeps: 20, burn_in: 0, start: { kind: archetype, pattern: 1 } }\n"
    "theory: { kinds: [mean_field, exact, flow] }\n";

static double entry(int mu, int i)
{
    return GIVEN[mu][i] == '+' ? 1.0 : GIVEN[mu][i] == '-' ? -1.0 : 0.0;
}

static void solve(ph_theory_t *theory, ph_grid_t *grid, const char *set)
{
    ph_report_t report;
    ph_report_init(&report);
    parse_with(grid, TEXT, set);
    ck_assert_int_eq(ph_theory_solve(theory, grid, grid->kinds, false, 1, &report), PH_OK);
    ck_assert_uint_ge(report.count, 1);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "the patterns are given"));
    ph_report_free(&report);
}

/* Second moments and energy by a sum over all states, in plain loops. */
START_TEST(exact_sums)
{
    ph_grid_t grid;
    ph_theory_t theory;
    solve(&theory, &grid, "seed=1");
    for (size_t p = 0; p < 2; p++) {
        double z = 0.0, energy = 0.0, second[PATTERNS] = {0};
        for (int state = 0; state < 1 << NEURONS; state++) {
            double m[PATTERNS] = {0}, h = 0.0;
            for (int mu = 0; mu < PATTERNS; mu++)
                for (int i = 0; i < NEURONS; i++) {
                    m[mu] += entry(mu, i) * ((state >> i) & 1 ? 1.0 : -1.0) / NEURONS;
                    h += 0.5 * entry(mu, i) * entry(mu, i) / NEURONS;
                }
            for (int mu = 0; mu < PATTERNS; mu++)
                h -= 0.5 * NEURONS * m[mu] * m[mu];
            const double w = exp(-h / grid.points[p].noise);
            z += w;
            energy += w * h / NEURONS;
            for (int mu = 0; mu < PATTERNS; mu++)
                second[mu] += w * m[mu] * m[mu];
        }
        ck_assert_double_eq_tol(ph_theory_values(&theory, "exact_energy_sample", p)[0], energy / z,
                                1e-12);
        for (int mu = 0; mu < PATTERNS; mu++)
            ck_assert_double_eq_tol(ph_theory_values(&theory, "exact_second_sample", p)[mu],
                                    second[mu] / z, 1e-12);
    }
    ph_theory_free(&theory);
    ph_grid_free(&grid);
}
END_TEST

/* What is of the infinite network is NaN; the sample's magnetization solves its equations, and the
 * flow ends there. */
START_TEST(mean_field_of_samples)
{
    ph_grid_t grid;
    ph_theory_t theory;
    solve(&theory, &grid, "dynamics.sweeps=400");
    ck_assert_uint_eq(theory.unconverged, 0);
    for (size_t p = 0; p < 2; p++) {
        const double *m = ph_theory_values(&theory, "magnetization_sample", p);
        const double *flow = ph_theory_values(&theory, "flow_magnetization_sample", p);
        ck_assert(!ph_theory_converged(&theory, p) && ph_theory_solved(&theory, p));
        ck_assert_double_eq(ph_theory_values(&theory, "converged_sample", p)[0], 1.0);
        for (int mu = 0; mu < PATTERNS; mu++) {
            double sum = 0.0;
            ck_assert(isnan(ph_theory_values(&theory, "magnetization", p)[mu]));
            ck_assert(isnan(ph_theory_values(&theory, "flow_magnetization", p)[mu]));
            for (int i = 0; i < NEURONS; i++)
                sum += entry(mu, i) *
                       tanh((m[0] * entry(0, i) + m[1] * entry(1, i)) / grid.points[p].noise);
            ck_assert_double_eq_tol(m[mu], sum / NEURONS, 1e-10);
            ck_assert_double_eq_tol(flow[400 * PATTERNS + mu], m[mu], 1e-6);
        }
        ck_assert(isnan(ph_theory_values(&theory, "free_energy", p)[0]));
    }
    ck_assert_double_gt(fabs(ph_theory_values(&theory, "magnetization_sample", 0)[1]), 0.5);
    ph_theory_free(&theory);
    ph_grid_free(&grid);
}
END_TEST

/* xi h and its sign over all draws of the coin where a pattern is blank, in plain loops. */
static void one_step(int start, int mu, double *out)
{
    double first = 0.0, second = 0.0, after = 0.0, shown = 0.0;
    for (int coin = -1; coin <= 1; coin += 2)
        for (int i = 0; i < NEURONS; i++) {
            double h = 0.0;
            for (int j = 0; j < NEURONS; j++)
                for (int nu = 0; nu < PATTERNS && j != i; nu++)
                    h += entry(nu, i) * entry(nu, j) / NEURONS *
                         (entry(start, j) != 0.0 ? entry(start, j) : coin);
            shown += fabs(entry(mu, i));
            first += entry(mu, i) * h;
            second += entry(mu, i) * entry(mu, i) * h * h;
            after += entry(mu, i) * (h > 1e-9 ? 0.5 : h < -1e-9 ? -0.5 : 0.0) / NEURONS;
        }
    out[0] = first / shown;
    out[1] = sqrt(second / shown - out[0] * out[0]);
    out[2] = 0.5 * shown / NEURONS * erf(out[0] / (sqrt(2.0) * out[1]));
    out[3] = after;
}

/* Signal and noise of the given network: from the grid's start, and each pattern's from itself. */
START_TEST(signal_to_noise)
{
    static const char *const NAMES[] = {"signal_mean", "signal_deviation", "step_gaussian",
                                        "step_exact"};
    ph_grid_t grid;
    ph_theory_t theory;
    char name[64];
    solve(&theory, &grid, "theory.kinds=signal_to_noise");
    ck_assert_uint_eq(theory.unconverged, 0);
    for (size_t p = 0; p < 2; p++) /* noise is no part of it */
        for (int mu = 0; mu < PATTERNS; mu++) {
            double from_start[4], own[4];
            one_step(0, mu, from_start);
            one_step(mu, mu, own);
            for (size_t i = 0; i < 4; i++) {
                ck_assert(isnan(ph_theory_values(&theory, NAMES[i], p)[mu]));
                snprintf(name, sizeof(name), "%s_sample", NAMES[i]);
                ck_assert_double_eq_tol(ph_theory_values(&theory, name, p)[mu], from_start[i],
                                        1e-12);
                snprintf(name, sizeof(name), "own_%s_sample", NAMES[i]);
                ck_assert_double_eq_tol(ph_theory_values(&theory, name, p)[mu], own[i], 1e-12);
            }
            ck_assert_double_eq(ph_theory_values(&theory, "step_reason_sample", p)[0], 0.0);
            ck_assert_double_eq(ph_theory_values(&theory, "own_step_reason_sample", p)[mu], 0.0);
        }
    ph_theory_free(&theory);
    ph_grid_free(&grid);
}
END_TEST

/* What is of the infinite network alone says that it does not cover them. */
START_TEST(refused)
{
    ph_grid_t grid;
    ph_theory_t theory;
    ph_phase_t phase;
    ph_report_t report;
    ph_report_init(&report);
    parse(&grid, TEXT);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, 1U << PH_THEORY_BASIN, true, 1, NULL),
                     PH_ERR_UNSUPPORTED);
    ck_assert_int_eq(ph_phase_solve(&phase, &grid, 1, &report), PH_ERR_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "the grid's are given"));
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("giventheory", exact_sums, mean_field_of_samples, signal_to_noise, refused)
