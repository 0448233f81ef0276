/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/snr/snr.h"
#include "analysis/theory/theory_private.h"
#include "tests/testing.h"

static ph_grid_t grid;
static ph_theory_t theory;
static ph_report_t report;

static void solve(const char *text, bool samples, int wanted)
{
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, grid.kinds, samples, 2, &report), wanted);
}

static void end(void)
{
    ph_theory_free(&theory);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static const double *values(const char *name, size_t point)
{
    const double *found = ph_theory_values(&theory, name, point);
    ck_assert_msg(found != NULL, "no dataset %s", name);
    return found;
}

/* The flow begins at the start, is recorded at the run's times, burn-in included, and ends in the
 * mean field, for the population and for every sample; loss = A -+ m along it. */
START_TEST(test_flow)
{
    solve("network: { neurons: 2000, patterns: 3, dilution: [0.25, 0.4] }\n"
          "noise: [0.05, 0.2, 0.5]\n"
          "dynamics: { start: hierarchical, order: [random, permuted, sequential], sweeps: 400,\n"
          "            burn_in: 9600, record_every: 200 }\n"
          "ensemble: { samples: 2 }\n"
          "record: { loss: true }\n"
          "theory: { kinds: [flow, mean_field] }\n",
          true, PH_OK);
    ck_assert_uint_eq(theory.unconverged, 0);
    for (size_t p = 0; p < grid.points_count; p++) {
        const double *path = values("flow_magnetization", p), *loss = values("flow_loss", p);
        const double *width = values("flow_deviation_sample", p);
        const double d = grid.points[p].dilution[0];
        for (size_t mu = 0; mu < 3; mu++) {
            ck_assert_double_eq_tol(path[6 + mu], values("magnetization", p)[mu], 1e-8);
            ck_assert_double_eq_tol(loss[2 * (6 + mu)], 0.5 * (2.0 - d) - path[6 + mu], 1e-12);
            ck_assert_double_eq_tol(loss[2 * (6 + mu) + 1], 0.5 * (2.0 - d) + path[6 + mu], 1e-12);
            for (size_t s = 0; s < 2; s++) {
                const double *of = values("flow_magnetization_sample", p) + s * 9;
                const double *m = values("magnetization_sample", p) + s * 3;
                ck_assert_double_eq_tol(of[6 + mu], m[mu], 1e-8);
                ck_assert(fabs(of[6 + mu] - path[6 + mu]) > 1e-9);
            }
            /* a band of every order, its width of order 1/sqrt(N) */
            ck_assert(width[6 + mu] > 0.0 && width[6 + mu] < 0.2);
        }
    }
    end();
    solve("network: { neurons: 100, patterns: 2, dilution: 0.3 }\nnoise: 0.3\n"
          "dynamics: { start: hierarchical, sweeps: 3 }\ntheory: { kinds: flow }\n",
          false, PH_OK);
    const double *path = values("flow_magnetization", 0);
    ck_assert(fabs(path[0] - 0.7) < 1e-14 && fabs(path[1] - 0.21) < 1e-14);
    ck_assert_double_lt(path[2], 0.7);
    ck_assert_ptr_null(ph_theory_values(&theory, "magnetization", 0));
    ck_assert_ptr_null(ph_theory_values(&theory, "flow_magnetization_sample", 0));
    end();
}
END_TEST

/* Learning in samples: the flow's end solves the sample's mean field, for both rules. */
START_TEST(test_learning)
{
    solve("network: { rule: [supervised, unsupervised], neurons: 300, patterns: 2, dilution: 0.3,\n"
          "           examples: 6, quality: 0.7 }\n"
          "noise: 0.2\n"
          "dynamics: { start: [archetype, example], sweeps: 500, record_every: 500 }\n"
          "theory: { kinds: [flow, mean_field], average: gaussian }\n",
          true, PH_OK);
    for (size_t p = 0; p < grid.points_count; p++)
        for (size_t mu = 0; mu < 2; mu++) {
            ck_assert_double_eq_tol(values("flow_magnetization_sample", p)[2 + mu],
                                    values("magnetization_sample", p)[mu], 1e-8);
            ck_assert(isfinite(values("example_magnetization_sample", p)[mu]));
        }
    /* supervised states have one n for each pattern: more than m, by the learned noise */
    ck_assert_double_gt(values("example_magnetization_sample", 0)[0],
                        values("magnetization_sample", 0)[0] + 0.01);
    end();
}
END_TEST

/* Signal to noise by the library's own functions, on the grid's axes; never is infinity. */
START_TEST(test_signal_to_noise)
{
    solve("network: { rule: [storage, supervised], neurons: 500, patterns: 3, dilution: 0.3,\n"
          "           examples: 20, quality: [0.3, 0.6] }\n"
          "noise: 0.2\n"
          "dynamics: { start: hierarchical, sweeps: 5 }\n"
          "theory: { kinds: signal_to_noise, confidence: 0.5 }\n",
          false, PH_OK);
    size_t never = 0;
    for (size_t p = 0; p < grid.points_count; p++)
        for (size_t mu = 0; mu < 3; mu++) {
            ph_snr_t snr;
            const double start[] = {0.7, 0.21, 0.063};
            double m, real, whole;
            ck_assert_int_eq(ph_snr_init(&snr, &grid.points[p], start), PH_OK);
            ck_assert_int_eq(ph_snr_exact(&snr, mu, &m, NULL), PH_OK);
            ck_assert_double_eq_tol(values("step_exact", p)[mu], m, 1e-12);
            ck_assert_int_eq(ph_snr_threshold(&snr, PH_SNR_ABSOLUTE, mu, 0.5, &real, &whole),
                             PH_OK);
            const double found = values("threshold_absolute", p)[mu];
            ck_assert(isnan(found) == (grid.points[p].rule == PH_RULE_STORAGE));
            ck_assert(isnan(found) || (isinf(found) && isinf(real)) ||
                      fabs(found - real) < 1e-9 * real);
            const double more =
                values("signal_deviation_finite", p)[mu] - values("signal_deviation", p)[mu];
            ck_assert(grid.points[p].rule == PH_RULE_STORAGE ? more == 0.0 : more > 1e-6);
            never += isinf(found) != 0;
            ph_snr_free(&snr);
        }
    ck_assert(never > 0 && never < 6);
    end();
}
END_TEST

/* Averages over too many terms, or patterns, are not handed on without a word. */
START_TEST(test_terms)
{
    solve("network: { rule: supervised, neurons: 500, patterns: 3, dilution: 0.3,\n"
          "           examples: [20, 3000], quality: 0.3 }\n"
          "noise: 0.2\n"
          "dynamics: { start: hierarchical, sweeps: 5 }\n"
          "theory: { kinds: signal_to_noise }\n",
          false, PH_OK);
    ck_assert(isfinite(values("step_exact", 0)[0]) && isnan(values("step_exact", 1)[0]));
    ck_assert(isfinite(values("step_rows", 1)[0]));
    ck_assert_uint_eq(theory.unconverged, 1);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "10^7 terms"));
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "points 1 "));
    end();
}
END_TEST

/* A solver that fails at one point leaves NaN there and a word; the others keep their answers. */
START_TEST(test_failure)
{
    solve("network: { neurons: 100, patterns: 2, dilution: [0.3, 0.4, 0.5, 0.6] }\nnoise: 0.3\n"
          "dynamics: { start: hierarchical, sweeps: 2 }\ntheory: { kinds: [flow, basin] }\n",
          true, PH_OK);
    bool unconverged[4] = {false};
    ph_theory_outcome_t found[4] = {{0}};
    ck_assert_uint_eq(report.count, 0);
    found[1] = found[2] = (ph_theory_outcome_t){.status = PH_ERR_NUMERIC, .trouble = "no way"};
    found[3].trouble = "no end";
    ck_assert_int_eq(ph_theory_conclude(&theory, PH_THEORY_FLOW, found, unconverged, &report),
                     PH_OK);
    for (size_t p = 0; p < 4; p++) {
        const bool failed = p == 1 || p == 2;
        ck_assert(isnan(values("flow_magnetization", p)[5]) == failed);
        ck_assert(isnan(values("flow_magnetization_sample", p)[0]) == failed);
        ck_assert(isfinite(values("basin_parallel", p)[0]));
        ck_assert(unconverged[p] == (p > 0));
    }
    ck_assert_uint_eq(report.count, 2);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "no way: at points 1, 2 "));
    ck_assert_ptr_nonnull(strstr(report.messages[1].text, "no end: at points 3 "));
    found[2] = (ph_theory_outcome_t){.status = PH_ERR_MEMORY};
    ck_assert_int_eq(ph_theory_conclude(&theory, PH_THEORY_FLOW, found, unconverged, &report),
                     PH_ERR_MEMORY);
    end();
}
END_TEST

/* Curie-Weiss at N = 100: <m^2> = 0.2350079991 by the integral; 12 neurons are enumerated, with
 * four patterns; zero noise and large systems of many patterns are left out, with a word. */
START_TEST(test_exact)
{
    solve("network: { neurons: 100, patterns: 1 }\nnoise: 0.9\n"
          "dynamics: { sweeps: 5 }\ntheory: { kinds: exact }\n",
          false, PH_OK);
    ck_assert_double_eq_tol(values("exact_second_sample", 0)[0], 0.2350079991, 6e-11);
    ck_assert(values("exact_method_sample", 0)[0] == 1.0);
    end();
    solve("network: { neurons: [12, 100], patterns: 4, dilution: 0.3 }\nnoise: [0, 0.5]\n"
          "dynamics: { sweeps: 5 }\nensemble: { samples: 2 }\ntheory: { kinds: exact }\n",
          false, PH_OK);
    for (size_t p = 0; p < 4; p++)
        ck_assert(isfinite(values("exact_free_energy_sample", p)[1]) == (p == 1));
    ck_assert(values("exact_second_sample", 1)[3] > 0.0);
    ck_assert_uint_eq(theory.unconverged, 3);
    ck_assert_uint_eq(report.count, 1);
    end();
}
END_TEST

/* Towards the parallel start the basin of the hierarchical state ends where its flow does: between
 * the two symmetric ends of two patterns there is a boundary inside (0, 1); Metropolis has none. */
START_TEST(test_basin)
{
    solve("network: { neurons: 100, patterns: 3, dilution: 0.1 }\nnoise: 0.2\n"
          "dynamics: { start: hierarchical, sampler: [glauber, metropolis], sweeps: 5 }\n"
          "theory: { kinds: [basin, flow] }\n",
          false, PH_OK);
    ck_assert(values("basin_parallel", 0)[0] > 0.01 && values("basin_parallel", 0)[0] < 0.99);
    ck_assert(isnan(values("basin_parallel", 1)[0]) && isnan(values("flow_magnetization", 1)[0]));
    ck_assert_uint_eq(report.count, 4);
    ck_assert_uint_eq(theory.unconverged, 1);
    end();
}
END_TEST

/* Where there is no basin or flow it is said why, and what would have one. */
START_TEST(test_missing)
{
    static const struct {
        const char *network, *dynamics, *says;
    } CASES[] = {
        {"patterns: 2", "start: archetype, sampler: metropolis", "take sampler glauber"},
        {"patterns: 2", "start: { kind: masked, fill: down }", "take fill: random"},
        {"patterns: 2", "start: { kind: file, file: a, digest: 00112233445566778899aabbccddeeff }",
         "cues from a file have no mean"},
        {"patterns: 2, rule: supervised, examples: 4", "start: archetype, sampler: descent",
         "neurons as they are whose examples cancel"},
        {"patterns: 1, neurons: 2, patterns_given: \"++\"", "start: archetype",
         "given patterns are one network"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char text[400];
        snprintf(text, sizeof(text),
                 "network: { %s%s }\nnoise: 0\ndynamics: { %s, sweeps: 5 }\n"
                 "theory: { kinds: basin }\n",
                 CASES[i].network, i < 4 ? ", neurons: 100" : "", CASES[i].dynamics);
        solve(text, false, PH_ERR_UNSUPPORTED);
        size_t said = 0;
        for (size_t k = 0; k < report.count; k++)
            said += strstr(report.messages[k].text, CASES[i].says) != NULL;
        ck_assert_msg(said == 1, "%s", CASES[i].says);
        ck_assert_ptr_nonnull(
            strstr(report.messages[report.count - 1].text, "every point is beyond"));
        end();
    }
}
END_TEST

/* From one pattern towards another recall ends at the mixture that the flow of the mixed start
 * tells: on the one side the first is recalled, on the other not. Without noise that holds of
 * descent as of Glauber dynamics; patterns that nothing tells apart have one boundary; towards
 * itself, without a threshold and from no pattern there is none. */
START_TEST(test_recall_of_patterns)
{
#define NETWORK                                                                                    \
    "network: { neurons: 100, patterns: 3, dilution: { each: [0.2, 0.4, 0.4] } }\nnoise: 0\n"
    char text[400];
    double boundary[2];
    solve(NETWORK "dynamics: { start: archetype, sampler: [glauber, descent], sweeps: 5 }\n"
                  "record: { recall: { threshold: 0.9 } }\ntheory: { kinds: basin }\n",
          false, PH_OK);
    for (size_t p = 0; p < 2; p++) {
        const double *found = values("basin_pattern", p);
        ck_assert(isnan(found[0]) && found[1] > 0.1 && found[1] < 0.95);
        ck_assert_double_eq(found[1], found[2]);
        boundary[p] = found[1];
    }
    ck_assert_double_eq(boundary[0], boundary[1]);
    ck_assert_double_eq(values("basin_random", 0)[0], values("basin_random", 1)[0]);
    end();
    snprintf(text, sizeof(text),
             NETWORK "dynamics: { sampler: descent, sweeps: 200, record_every: 200,\n"
                     "  start: { kind: mixture, patterns: [1, 2], overlap: [%.6f, %.6f] } }\n"
                     "theory: { kinds: flow }\n",
             1.0 - boundary[0] - 1e-4, 1.0 - boundary[0] + 1e-4);
    solve(text, false, PH_OK);
    ck_assert_double_lt(values("flow_magnetization", 0)[3], 0.9 * 0.8); /* record 1, pattern 1 */
    ck_assert_double_ge(values("flow_magnetization", 1)[3], 0.9 * 0.8);
    end();
    solve(NETWORK "dynamics: { start: [random, archetype], sweeps: 5 }\n"
                  "record: { recall: { threshold: 0.9 } }\ntheory: { kinds: basin }\n",
          false, PH_OK);
    ck_assert(isnan(values("basin_pattern", 0)[1]) && values("basin_pattern", 1)[1] == boundary[0]);
    end();
    solve(NETWORK "dynamics: { start: archetype, sweeps: 5 }\ntheory: { kinds: basin }\n", false,
          PH_OK);
    ck_assert(isnan(values("basin_pattern", 0)[1]));
    end();
}
END_TEST

PH_TEST_MAIN("theorykinds", test_flow, test_learning, test_signal_to_noise, test_terms,
             test_failure, test_exact, test_basin, test_missing, test_recall_of_patterns)
