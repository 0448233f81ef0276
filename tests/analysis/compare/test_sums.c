/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Comparisons with sums over wells: nothing is left in 1/N, and points near transitions count. */
#include "analysis/compare/compare.h"

#include <math.h>
#include <string.h>

#include "analysis/compare/describe.h"
#include "analysis/compare/wells.h"
#include "tests/analysis/compare/forged.h"

/* Up to three patterns the allowance is that of a sum: Curie-Weiss at noise 0.85 and N = 1000 has
 * |c|/N^2 = 2.7e-4, with which 7e-4 was 3.2 errors; it is seen. */
START_TEST(test_no_remainder)
{
    begin("network: { neurons: 1000, patterns: 1 }\n"
          "noise: 0.85\n"
          "dynamics: { start: archetype, sweeps: 25000, burn_in: 200 }\n"
          "record: { trajectory: false }\n"
          "ensemble: { samples: 1, replicas: 16 }\n",
          NULL);
    for (int wrong = 0; wrong < 2; wrong++) {
        ph_theory_t theory;
        ck_assert_int_eq(
            ph_theory_solve(&theory, &grid, 1u << PH_THEORY_MEAN_FIELD, true, 1, &report), PH_OK);
        ph_theory_values(&theory, "magnetization_sample", 0)[0] += wrong ? 7e-4 : 0.0;
        ph_comparison_t found = compare(&RIGHT, &theory);
        ck_assert_double_lt(found.rows[0].allowance, 1e-4);
        ck_assert_double_lt(found.energies[0].allowance, 1e-4);
        ck_assert_double_lt(found.rows[0].error, 1.4e-4);
        ck_assert_int_eq(found.verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
        ph_comparison_free(&found);
        ph_theory_free(&theory);
    }
    end();
}
END_TEST

/* So does a sum whose chains are too slow for the burn-in, or too short. */
START_TEST(test_slow)
{
    static const char *const sets[] = {"dynamics.burn_in=100", "dynamics.sweeps=250"};
    for (size_t i = 0; i < 2; i++) {
        begin("network: { neurons: 1000, patterns: 1 }\n"
              "noise: [0.7, 0.94, 0.97]\n"
              "dynamics: { start: archetype, sweeps: 4000, burn_in: 2000, record_every: 10 }\n"
              "ensemble: { samples: 2, replicas: 32 }\n",
              sets[i]);
        ph_comparison_t found = compare(&RIGHT, NULL);
        ck_assert_int_eq(found.rows[0].reason, PH_REASON_NONE);
        ck_assert_int_eq(found.rows[1].reason, PH_REASON_TRANSITION);
        ck_assert_int_eq(found.rows[2].reason, PH_REASON_TRANSITION);
        ph_comparison_free(&found);
        end();
    }
}
END_TEST

/* Where the correction is no longer small the sum decides; where it is not known whether chains
 * stay, neither does. */
START_TEST(test_near_transition)
{
    begin("network: { neurons: 1000, patterns: 1 }\n"
          "noise: [0.7, 0.86, 0.94, 0.97]\n"
          "dynamics: { start: archetype, sweeps: 4000, burn_in: 2000, record_every: 10 }\n"
          "ensemble: { samples: 2, replicas: 32 }\n",
          NULL);
    ph_comparison_t found = compare(&RIGHT, NULL);
    ck_assert_int_eq(found.rows[0].reason, PH_REASON_NONE);
    ck_assert_int_eq(found.rows[1].reason, PH_REASON_NONE);
    ck_assert_int_eq(found.rows[2].reason, PH_REASON_TRANSITION);
    ck_assert_int_eq(found.rows[3].reason, PH_REASON_NONE);
    ck_assert_double_lt(found.rows[1].allowance, 5e-4);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* A well by its sum and by the expansion, of four samples of each rule: they differ by less than
 * the last term of the expansion, in magnetizations and energy, and agree in spread and rate. */
START_TEST(test_two_ways)
{
    for (int rule = 0; rule < 2; rule++)
        for (uint32_t s = 0; s < 4; s++) {
            const ph_point_t point =
                rule == 0 ? network_uniform(10000, 3, 0.3, 0.05)
                          : network_learning(PH_RULE_SUPERVISED, 2, 0.1, 0.8, 3, 0.3);
            const size_t k = (size_t)point.patterns;
            network_sample_t drawn;
            ph_state_t state;
            ph_expansion_t expansion;
            ph_well_t well = {.chains = 0};
            network_draw(&drawn, &point, 11, s);
            ck_assert_int_eq(ph_state_init(&state, drawn.problem.features, drawn.problem.patterns),
                             PH_OK);
            ph_meanfield_start(&drawn.problem, &point, state.n);
            ck_assert_int_eq(ph_meanfield_solve(&state, &drawn.problem, NULL), PH_OK);
            ck_assert_int_eq(ph_well_describe(&well, &state, &drawn.problem, &point), PH_OK);
            ck_assert_int_eq(ph_expansion_init(&expansion, &state, &drawn.problem, point.neurons,
                                               PH_EXPANSION_SECOND),
                             PH_OK);
            ck_assert(well.summed && !well.near && well.reason == PH_REASON_NONE);
            for (size_t mu = 0; mu < k; mu++) {
                const ph_expansion_term_t *term = &expansion.magnetization[mu];
                const double sum = well.m[mu] + well.first[mu] + well.second[mu];
                ck_assert_double_le(fabs(sum - ph_expansion_sum(term)),
                                    0.5 * fabs(term->second) + 1e-9);
                ck_assert_double_eq_tol(well.spread[mu] / sqrt(term->variance), 1.0, 0.1);
                ck_assert_double_lt(well.allowance[mu], 1e-6);
            }
            double own = 0.0;
            for (int64_t i = 0; i < point.neurons; i++)
                own += 0.5 * drawn.coupling.self[i] / pow((double)point.neurons, 2);
            ck_assert_double_le(fabs(well.energy - own - ph_expansion_sum(&expansion.energy)),
                                fabs(expansion.energy.second) + 1e-9);
            ck_assert_double_eq_tol(well.rate / state.stability, 1.0, 0.1);
            ph_exact_well_free(&well.exact);
            ph_expansion_free(&expansion);
            ph_state_free(&state);
            network_drop(&drawn);
        }
}
END_TEST

/* A well beside one that is known at -n is described as it is by itself. */
START_TEST(test_mirrored)
{
    int summed = 0;
    for (uint32_t s = 0; s < 6; s++) {
        const ph_point_t point = network_uniform(1000, 3, 0.3, 0.2);
        network_sample_t drawn;
        ph_state_t state;
        ph_well_t first = {.records = 1e4}, own = first,
                  beside = {.records = 1e4, .mirror = &first};
        network_draw(&drawn, &point, 11, s);
        ck_assert_int_eq(ph_state_init(&state, drawn.problem.features, drawn.problem.patterns),
                         PH_OK);
        ph_meanfield_start(&drawn.problem, &point, state.n);
        ck_assert_int_eq(ph_meanfield_solve(&state, &drawn.problem, NULL), PH_OK);
        ck_assert_int_eq(ph_well_describe(&first, &state, &drawn.problem, &point), PH_OK);
        for (size_t p = 0; p < 3; p++)
            state.n[p] = -state.n[p];
        ck_assert_int_eq(ph_meanfield_solve(&state, &drawn.problem, NULL), PH_OK);
        ck_assert_int_eq(ph_well_describe(&own, &state, &drawn.problem, &point), PH_OK);
        ck_assert_int_eq(ph_well_describe(&beside, &state, &drawn.problem, &point), PH_OK);
        ck_assert(own.summed == first.summed && beside.summed == first.summed);
        summed += first.summed;
        for (size_t mu = 0; mu < 3 && first.summed; mu++) {
            ck_assert_double_eq_tol(beside.m[mu], -first.m[mu], 1e-10);
            ck_assert_double_eq_tol(beside.first[mu], own.first[mu], 1e-9);
            ck_assert_double_eq_tol(beside.spread[mu], own.spread[mu], 1e-9);
            ck_assert_double_eq_tol(beside.allowance[mu], own.allowance[mu], 1e-9);
        }
        ck_assert_double_eq_tol(beside.energy, own.energy, 1e-9);
        ck_assert_double_eq_tol(beside.rate, own.rate, 1e-9);
        if (first.summed)
            ck_assert_double_eq_tol(beside.log_weight, own.log_weight, 1e-6);
        ph_exact_well_free(&first.exact);
        ph_exact_well_free(&own.exact);
        ph_exact_well_free(&beside.exact);
        ph_state_free(&state);
        network_drop(&drawn);
    }
    ck_assert_int_ge(summed, 2);
}
END_TEST

/* Frozen samples forget in a sweep, but for rounding and spins that seldom turn: burn-in of ten
 * sweeps is enough for all of them. */
START_TEST(test_frozen)
{
    int near = 0;
    for (uint32_t s = 0; s < 60; s++) {
        ph_point_t point = network_uniform(48, 1 + s % 3, 0.7, 0.022);
        network_sample_t drawn;
        ph_state_t state;
        ph_well_t well = {.chains = 0};
        point.burn_in = 10;
        point.sweeps = 100;
        point.start = PH_START_ARCHETYPE;
        network_draw(&drawn, &point, 888, s);
        ck_assert_int_eq(ph_state_init(&state, drawn.problem.features, drawn.problem.patterns),
                         PH_OK);
        ph_meanfield_start(&drawn.problem, &point, state.n);
        ck_assert_int_eq(ph_meanfield_solve(&state, &drawn.problem, NULL), PH_OK);
        ck_assert_int_eq(ph_well_describe(&well, &state, &drawn.problem, &point), PH_OK);
        ck_assert_double_lt(well.slow, 0.99);
        near += well.summed && well.near && well.rate > 0.999;
        ph_exact_well_free(&well.exact);
        ph_state_free(&state);
        network_drop(&drawn);
    }
    ck_assert_int_ge(near, 5);
}
END_TEST

/* How the well of an unsupervised sample's start is described, whose 15 features no sum covers; and
 * its share, the largest, that rows have in the second order and in the first. */
static ph_reason_t of_examples(int64_t neurons, double noise, uint32_t sample, double *share)
{
    ph_point_t point = network_learning(PH_RULE_UNSUPERVISED, 3, 0.5, 0.5, 5, noise);
    network_sample_t drawn;
    ph_state_t state;
    ph_expansion_t expansion;
    ph_well_t well = {.chains = 0};
    point.neurons = neurons;
    network_draw(&drawn, &point, 1325, sample);
    ck_assert_int_eq(ph_state_init(&state, drawn.problem.features, drawn.problem.patterns), PH_OK);
    ph_meanfield_start(&drawn.problem, &point, state.n);
    ck_assert_int_eq(ph_meanfield_solve(&state, &drawn.problem, NULL), PH_OK);
    ck_assert_int_eq(ph_well_describe(&well, &state, &drawn.problem, &point), PH_OK);
    ck_assert(!well.summed);
    ck_assert_int_eq(
        ph_expansion_init(&expansion, &state, &drawn.problem, neurons, PH_EXPANSION_SECOND), PH_OK);
    double first = 0.0, second = 0.0;
    *share = 0.0;
    for (size_t mu = 0; mu < 3; mu++) {
        const ph_expansion_term_t *term = &expansion.magnetization[mu];
        *share = fmax(*share, term->second_size / term->first_size);
        second = fmax(second, fabs(term->second));
        first = fmax(first, fabs(term->first));
    }
    ck_assert_double_lt(3.0 * second, first); /* small all the same */
    ph_expansion_free(&expansion);
    ph_state_free(&state);
    network_drop(&drawn);
    return well.reason;
}

/* Where fields fluctuate by as much as the noise, the second order is as large as the first in
 * every row, and small only where rows cancel: nothing is then known of what comes next. */
START_TEST(test_rows_cancel)
{
    double share;
    ck_assert_int_eq(of_examples(300, 0.2, 27, &share), PH_REASON_TRANSITION);
    ck_assert_double_gt(share, 1.0 / 3.0);
    ck_assert_int_eq(of_examples(300, 0.2, 34, &share), PH_REASON_TRANSITION);
    ck_assert_double_gt(share, 1.0 / 3.0);
    ck_assert_int_eq(of_examples(300, 0.2, 54, &share), PH_REASON_NONE);
    ck_assert_double_lt(share, 1.0 / 3.0);
    ck_assert_int_eq(of_examples(3000, 0.05, 3, &share), PH_REASON_NONE);
    ck_assert_double_lt(share, 0.2); /* it falls as 1/N */
}
END_TEST

/* The same of 180 features, of which the second order is too much work: by what rows have in it on
 * their own, which is no less than half of it. Where that is small as much is left open, and a
 * third of the first order. */
START_TEST(test_large)
{
    static const struct {
        double noise;
        ph_reason_t reason;
    } CASES[] = {{0.2, PH_REASON_TRANSITION}, {0.3, PH_REASON_NONE}};
    for (size_t i = 0; i < 2; i++) {
        ph_point_t point =
            network_learning(PH_RULE_UNSUPERVISED, 3, i == 0 ? 0.5 : 0.3, 0.5, 60, CASES[i].noise);
        network_sample_t drawn;
        ph_state_t state;
        ph_expansion_t expansion;
        ph_well_t well = {.chains = 0};
        double first = 0.0, second = 0.0;
        point.neurons = 600;
        network_draw(&drawn, &point, 1325, 1);
        ck_assert_int_eq(ph_state_init(&state, drawn.problem.features, drawn.problem.patterns),
                         PH_OK);
        ph_meanfield_start(&drawn.problem, &point, state.n);
        ck_assert_int_eq(ph_meanfield_solve(&state, &drawn.problem, NULL), PH_OK);
        ck_assert_int_eq(ph_well_describe(&well, &state, &drawn.problem, &point), PH_OK);
        ck_assert_int_eq(
            ph_expansion_init(&expansion, &state, &drawn.problem, 600, PH_EXPANSION_SECOND), PH_OK);
        ck_assert(!expansion.second && expansion.rows && well.next < 1.0 / 3.0);
        ck_assert_int_eq(well.reason, CASES[i].reason);
        for (size_t mu = 0; mu < 3; mu++) {
            const ph_expansion_term_t *term = &expansion.magnetization[mu];
            first = fmax(first, term->first_size);
            second = fmax(second, 2.0 * term->second_size);
            ck_assert(well.second[mu] == 0.0 && isnan(well.energy_allowance));
            ck_assert_double_ge(well.allowance[mu], fabs(term->first) / 3.0 - 1e-12);
            ck_assert_double_ge(well.allowance[mu], 2.0 * term->second_size - 1e-12);
        }
        ck_assert((second > first / 3.0) == (CASES[i].reason == PH_REASON_TRANSITION));
        ph_expansion_free(&expansion);
        ph_state_free(&state);
        network_drop(&drawn);
    }
}
END_TEST

PH_TEST_MAIN("compare_sums", test_no_remainder, test_near_transition, test_slow, test_two_ways,
             test_mirrored, test_frozen, test_rows_cancel, test_large)
