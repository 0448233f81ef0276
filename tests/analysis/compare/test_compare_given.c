/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of given patterns against the theory of their own network, overlaps of order one included.
 */
#include "analysis/compare/compare.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/occupation.h"
#include "analysis/estimate/quantities.h"
#include "sim/run/run.h"
#include "tests/analysis/compare/given.h"
#include "tests/testing.h"

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static ph_runfile_t file;

static void run_grid(const char *rest, const char *set)
{
    char text[2048], patterns[PATTERNS * (NEURONS + 1) + 1];
    const ph_run_options_t options = {.path = path, .threads = 1, .shards = 1};
    ph_run_summary_t summary;
    write_patterns(patterns);
    snprintf(text, sizeof(text),
             "network: { patterns: { given: \"%s\" }, examples: 5, quality: 0.8 }\n%s", patterns,
             rest);
    snprintf(path, sizeof(path), "/tmp/polyhebb-given-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", set != NULL, &set, &report), PH_OK);
    ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, path, &report), PH_OK);
}

static void end(void)
{
    char status[80];
    ph_runfile_close(&file);
    snprintf(status, sizeof(status), "%s.status", path);
    unlink(status);
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static ph_comparison_t compare(const ph_theory_t *theory)
{
    ph_comparison_t found;
    ck_assert_int_eq(ph_compare(&found, &file, theory, PH_VIEW_PATTERNS, &report), PH_OK);
    return found;
}

static const char SEVERAL[] =
    "noise: [0.2, 0.4, 0.6]\n"
    "dynamics: { sampler: [glauber, lumped-block-gibbs], sweeps: 1500, burn_in: 100,\n"
    "            start: archetype }\n"
    "ensemble: { replicas: 32, lanes: 32 }\n";

/* Several noises and samplers agree with the theory of the sample; there is no infinite network
 * beside it, and no disorder. */
START_TEST(agree)
{
    run_grid(SEVERAL, NULL);
    ph_comparison_t found = compare(NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_ge(found.decided_rows, 15);
    ck_assert(found.largest_population == 0.0 && found.largest > 0.2);
    for (size_t i = 0; i < found.rows_count; i++) {
        const ph_comparison_row_t *row = &found.rows[i];
        ck_assert(isnan(row->population) && isnan(row->population_deviate) &&
                  isnan(row->disorder_error));
        ck_assert(row->verdict == PH_VERDICT_UNDECIDED ||
                  (row->error > 0.0 && row->resolution * row->sample_size < 0.02));
        ck_assert_uint_eq(row->away, 0);
    }
    ck_assert_double_gt(found.rows[1].mc, 0.5); /* of the pattern that is like the first */
    ph_comparison_free(&found);
    end();
}
END_TEST

/* Replaces the magnetizations of the samples, or one of them, by so much of themselves. */
static void patch(ph_theory_t *theory, size_t pattern, double factor)
{
    for (size_t p = 0; p < grid.points_count; p++)
        for (size_t mu = 0; mu < PATTERNS; mu++)
            if (pattern == SIZE_MAX || mu == pattern)
                ph_theory_values(theory, "magnetization_sample", p)[mu] *= factor;
}

/* The grid's own theory agrees; with all magnetizations off by 1 %, or one by 3 %, or the energies
 * those of other states, it does not. */
START_TEST(patched)
{
    static const struct {
        size_t pattern;
        double factor, energy;
        ph_verdict_t verdict;
    } PATCHES[] = {{SIZE_MAX, 1.0, 0.0, PH_VERDICT_AGREE},
                   {SIZE_MAX, 1.01, 0.0, PH_VERDICT_DISAGREE},
                   {1, 1.03, 0.0, PH_VERDICT_DISAGREE},
                   {SIZE_MAX, 1.0, 1e-3, PH_VERDICT_DISAGREE}};
    run_grid(SEVERAL, "noise=0.4");
    for (size_t k = 0; k < sizeof(PATCHES) / sizeof(PATCHES[0]); k++) {
        ph_theory_t theory;
        ck_assert_int_eq(
            ph_theory_solve(&theory, &grid, 1U << PH_THEORY_MEAN_FIELD, true, 1, &report), PH_OK);
        patch(&theory, PATCHES[k].pattern, PATCHES[k].factor);
        ph_theory_values(&theory, "free_energy_sample", 0)[0] += PATCHES[k].energy;
        ph_comparison_t found = compare(&theory);
        ck_assert_msg(found.verdict == PATCHES[k].verdict, "patch %zu", k);
        ph_comparison_free(&found);
        ph_theory_free(&theory);
    }
    end();
}
END_TEST

/* What a theory has of a pattern whose sign the start leaves open counts in its own sign. */
START_TEST(offset)
{
    ph_theory_t theory;
    run_grid(SEVERAL, "noise=0.4");
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, 1U << PH_THEORY_MEAN_FIELD, true, 1, &report),
                     PH_OK);
    ph_comparison_t right = compare(&theory);
    patch(&theory, 2, 2.0);
    ph_comparison_t wrong = compare(&theory);
    for (size_t p = 0; p < grid.points_count; p++) {
        const double m = ph_theory_values(&theory, "magnetization_sample", p)[2] / 2.0;
        const size_t row = p * PATTERNS + 2;
        ck_assert_double_lt(m, -0.05);
        ck_assert_double_eq_tol(wrong.rows[row].sample_theory - right.rows[row].sample_theory, m,
                                1e-9);
    }
    ph_comparison_free(&wrong);
    ph_comparison_free(&right);
    ph_theory_free(&theory);
    end();
}
END_TEST

/* Chains that a random start leads to several wells, of either sign and of mixtures, agree with
 * the averages of theirs, and so do those of several samples: more chains of the one network. */
START_TEST(wells)
{
    run_grid("noise: [0.2, 0.3]\ndynamics: { sweeps: 1000, burn_in: 100, start: random }\n"
             "ensemble: { replicas: 16, samples: 3, lanes: 16 }\n",
             NULL);
    ph_comparison_t found = compare(NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_ge(found.decided_rows, 3);
    double signs = 0.0;
    for (size_t i = 0; i < found.rows_count; i++) {
        ck_assert(isnan(found.rows[i].population) && isnan(found.rows[i].disorder_error));
        signs = fmax(signs, fabs(found.rows[i].sample_size - fabs(found.rows[i].sample_theory)));
    }
    ck_assert_double_gt(signs, 0.1);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* The exact share of the only well that chains are in: half of all states by symmetry. */
static double exact_share(void)
{
    ph_quantities_t found;
    double exact = (double)NAN;
    size_t seen = 0;
    ck_assert_int_eq(ph_quantities_read(&found, &file, 0, &PH_COMPARE_WELLS, 1, &report), PH_OK);
    for (size_t i = 0; i < found.count; i++)
        if (strcmp(found.found[i].quantity->name, "share") == 0) {
            ck_assert_str_eq(found.found[i].of, "+1=+2");
            exact = found.found[i].exact;
            seen++;
        }
    ck_assert_uint_eq(seen, 1);
    ph_quantities_free(&found);
    return exact;
}

/* Of a state beside a deeper one: whichever chain ends there, and is looked at first, what both sum
 * over is one well, and counts once in its exact share. With other seeds another chain does. */
START_TEST(shallow)
{
    static const char *const SEEDS[] = {"seed=2", "seed=3"};
    size_t decided = 0;
    for (size_t k = 0; k < 2; k++) {
        run_grid("noise: 0.2\ndynamics: { sampler: lumped-block-gibbs, sweeps: 1500, "
                 "burn_in: 100, start: archetype }\nensemble: { replicas: 32, lanes: 32 }\n",
                 SEEDS[k]);
        ph_comparison_t found = compare(NULL);
        ck_assert_int_ne(found.verdict, PH_VERDICT_DISAGREE);
        decided += found.decided_rows;
        ck_assert_uint_eq(found.rows[0].away, 0);
        ck_assert_double_eq_tol(exact_share(), 0.5, 1e-6);
        ph_comparison_free(&found);
        end();
    }
    ck_assert_uint_ge(decided, 3);
}
END_TEST

/* Examples learned of given patterns: samples differ by them, and each agrees with its own theory;
 * the infinite network would be none of these. */
START_TEST(learned)
{
    run_grid("noise: 0.3\ndynamics: { sweeps: 400, burn_in: 100, start: archetype }\n"
             "ensemble: { replicas: 16, samples: 4, lanes: 16 }\n",
             "network.rule=supervised");
    ph_comparison_t found = compare(NULL);
    ck_assert_int_eq(found.verdict, PH_VERDICT_AGREE);
    ck_assert_uint_ge(found.decided_rows, 3);
    for (size_t i = 0; i < found.rows_count; i++)
        ck_assert(isnan(found.rows[i].population) && isnan(found.rows[i].population_deviate) &&
                  found.rows[i].disorder_error > 1e-3);
    ph_comparison_free(&found);
    end();
}
END_TEST

/* Errors of estimates are those of the chains, whatever number of samples they are in. */
START_TEST(no_disorder)
{
    run_grid("noise: 0.4\ndynamics: { sweeps: 400, burn_in: 100, start: archetype }\n"
             "ensemble: { replicas: 16, samples: 3, lanes: 16 }\n",
             NULL);
    ph_quantities_t found;
    size_t seen = 0;
    ck_assert_int_eq(ph_quantities_read(&found, &file, 0, NULL, 0, &report), PH_OK);
    for (size_t i = 0; i < found.count; i++) {
        const ph_averaged_t *value = &found.found[i].found;
        if (isnan(value->error))
            continue;
        ck_assert(isnan(value->disorder) && value->error == value->thermal);
        ck_assert(value->freedom == 0.0 || value->freedom > 30.0);
        seen++;
    }
    ck_assert_uint_ge(seen, 8);
    ph_quantities_free(&found);
    end();
}
END_TEST

PH_TEST_MAIN("compare_given", agree, patched, offset, wells, shallow, learned, no_disorder)
