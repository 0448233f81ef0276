/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What theory says of the law of a record in a well, beside chains: by the sum over the well, by
 * linear response where that holds, and nothing where neither does. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare/occupation.h"
#include "analysis/estimate/quantities.h"
#include "sim/run/run.h"
#include "tests/testing.h"

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static ph_quantities_t found;

static void simulate(const char *text, const char *set)
{
    ph_run_options_t options = {.path = path, .threads = 2};
    ph_run_summary_t summary;
    ph_runfile_t run;
    snprintf(path, sizeof(path), "/tmp/polyhebb-law-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", set != NULL, &set, &report), PH_OK);
    ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    ck_assert_int_eq(ph_quantities_read(&found, &run, 0, &PH_COMPARE_WELLS, 1, &report), PH_OK);
    ph_runfile_close(&run);
}

static void end(void)
{
    ph_quantities_free(&found);
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static const ph_found_t *find(const char *name, const char *of)
{
    for (size_t i = 0; i < found.count; i++)
        if (strcmp(found.found[i].quantity->name, name) == 0 && strcmp(found.found[i].of, of) == 0)
            return &found.found[i];
    ck_abort_msg("no %s of %s", name, of);
    return NULL;
}

static const char *const FLUCTUATIONS[][2] = {{"binder", "1"},
                                              {"binder", "2"},
                                              {"susceptibility", "1"},
                                              {"susceptibility", "2"},
                                              {"specific_heat", "-"},
                                              {"susceptibility_well", "1"},
                                              {"susceptibility_well", "2"}};
enum { FLUCTUATIONS_COUNT = sizeof(FLUCTUATIONS) / sizeof(FLUCTUATIONS[0]) };

/* Theory beside chains, by their errors; NaN: not known. */
static double off(size_t i)
{
    const ph_found_t *one = find(FLUCTUATIONS[i][0], FLUCTUATIONS[i][1]);
    return fabs(one->found.value - one->theory) / one->found.error;
}

/*
 * Where a pattern is about to be retrieved its law is flat, not normal, and theory has that from
 * the sum over the well: a normal law about 0 has the cumulant 0. In the state of d = 0, T = 0.45
 * the law is peaked instead; at d = 0.3 the expansion leaves nothing open but fluctuations. The sum
 * over all states of the first sample holds wells of both patterns with a share of a tenth of the
 * one: 1 - 1/(3 p) is far below 0, and right.
 */
START_TEST(test_sum)
{
    static const char TEXT[] = "seed: 1\nnetwork: { neurons: 200, patterns: 2, dilution: 0.3 }\n"
                               "noise: 0.3\n"
                               "dynamics: { start: archetype, sweeps: 1500, burn_in: 200 }\n"
                               "ensemble: { samples: 1, replicas: 32 }\n";
    static const struct {
        const char *noise;
        bool blanks;
        double cumulant; /* of pattern 2 */
    } CASES[] = {
        {"noise=0.3", true, 0.265}, {"noise=0.45", false, -0.074}, {"noise=0.45", true, 0.0536}};
    for (size_t c = 0; c < 3; c++) {
        char text[sizeof(TEXT)];
        memcpy(text, TEXT, sizeof(TEXT));
        if (!CASES[c].blanks)
            *(strstr(text, "0.3 }") + 2) = '0';
        simulate(text, CASES[c].noise);
        for (size_t i = 0; i < FLUCTUATIONS_COUNT; i++)
            ck_assert_msg(off(i) < 4.5, "%zu: %s %s: %g errors", c, FLUCTUATIONS[i][0],
                          FLUCTUATIONS[i][1], off(i));
        const ph_found_t *second = find("binder", "2");
        ck_assert_double_eq_tol(second->theory, CASES[c].cumulant, 1e-3);
        ck_assert_double_gt(fabs(second->theory) / second->found.error, 4.5);
        if (c == 0)
            ck_assert_double_eq_tol(second->exact, -2.2921, 1e-3);
        end();
    }
}
END_TEST

/* Four patterns have no sum. Above the onset of few neurons the next order changes variances by
 * more than a tenth: nothing is said of fluctuations, but m and the energy are there. Of more
 * neurons farther up it is, and the specific heat is that of overlaps about zero. */
START_TEST(test_linear)
{
    static const char TEXT[] = "network: { neurons: 400, patterns: 4, dilution: 0.3 }\n"
                               "noise: 1.3\n"
                               "dynamics: { start: archetype, sweeps: 600, burn_in: 50 }\n"
                               "ensemble: { samples: 1, replicas: 32 }\n";
    simulate(TEXT, NULL);
    for (size_t i = 0; i < FLUCTUATIONS_COUNT; i++)
        ck_assert_msg(isnan(off(i)), "%s %s", FLUCTUATIONS[i][0], FLUCTUATIONS[i][1]);
    ck_assert(isfinite(find("magnetization", "1")->theory) &&
              isfinite(find("energy", "-")->theory) && isnan(find("binder", "2")->exact));
    end();
    simulate(TEXT, "noise=4");
    for (size_t i = 0; i < FLUCTUATIONS_COUNT; i++)
        ck_assert_msg(off(i) < 4.5, "%s %s: %g errors", FLUCTUATIONS[i][0], FLUCTUATIONS[i][1],
                      off(i));
    ck_assert_double_gt(find("specific_heat", "-")->theory, 1e-4);
    end();
}
END_TEST

/*
 * Replica exchange goes from well to well, and its last states are in each as often as the sums
 * over them are of the sum over all states, which they add up to. The cumulant of pattern 2, whose
 * wells have a share of 0.08 together, is what the sum over all states says.
 */
START_TEST(test_shares)
{
    static const char TEXT[] = "seed: 1\nnetwork: { neurons: 200, patterns: 2, dilution: 0.3 }\n"
                               "noise: 0.3\n"
                               "dynamics: { sampler: replica-exchange, start: random, sweeps: 200, "
                               "burn_in: 800, ladder: [0.3, 0.36, 0.43, 0.52, 0.62, 0.75, 0.9] }\n"
                               "ensemble: { samples: 1, replicas: 64 }\n";
    static const char *const LABELS[] = {"+1", "-1", "+2", "-2"};
    double sum = 0.0, share = 0.0;
    simulate(TEXT, NULL);
    for (size_t l = 0; l < 4; l++) {
        const ph_found_t *one = find("share", LABELS[l]);
        ck_assert_double_eq_tol(one->exact, l < 2 ? 0.46175 : 0.03825, 1e-4);
        ck_assert_double_le(fabs(one->found.value - one->exact), 3.5 * one->found.error);
        ck_assert(isnan(one->theory));
        sum += one->exact;
        share += one->found.value;
    }
    ck_assert_double_eq_tol(sum, 1.0, 1e-5);
    ck_assert_double_eq_tol(share, 1.0, 1e-12);
    const ph_found_t *binder = find("binder", "2");
    ck_assert(binder->found.value < -1.0 &&
              fabs(binder->found.value - binder->exact) < 3.0 * binder->found.error);
    end();
}
END_TEST

/* A well that no chain of a sample came into has a share all the same, which is not known. */
START_TEST(test_missed)
{
    static const char TEXT[] = "seed: 2\nnetwork: { neurons: 100, patterns: 2, dilution: 0.3 }\n"
                               "noise: 0.4\n"
                               "dynamics: { sampler: replica-exchange, start: random, sweeps: 50, "
                               "burn_in: 50, ladder: [0.4, 0.5, 0.6, 0.75, 0.9] }\n"
                               "ensemble: { samples: 6, replicas: 1 }\n";
    int labels = 0;
    simulate(TEXT, NULL);
    for (size_t i = 0; i < found.count; i++)
        if (strcmp(found.found[i].quantity->name, "share") == 0) {
            labels++;
            ck_assert_msg(isnan(found.found[i].exact), "%s: %g", found.found[i].of,
                          found.found[i].exact);
        }
    ck_assert_int_gt(labels, 1);
    end();
}
END_TEST

/* Four patterns without blanks have no sum, and at T = 0.25 hardly a spin is loose: linear response
 * has the susceptibility within the well, but no law of |m|, whose cumulant is not 0. */
START_TEST(test_few_loose)
{
    static const char TEXT[] = "network: { neurons: 400, patterns: 4, dilution: 0 }\n"
                               "noise: 0.25\n"
                               "dynamics: { start: archetype, sweeps: 400, burn_in: 50 }\n"
                               "ensemble: { samples: 1, replicas: 32 }\n";
    simulate(TEXT, NULL);
    ck_assert(isnan(find("binder", "2")->theory) && isnan(find("susceptibility", "2")->theory));
    ck_assert(isfinite(find("susceptibility_well", "1")->theory) &&
              isfinite(find("energy", "-")->theory));
    end();
}
END_TEST

PH_TEST_MAIN("quantity_law", test_sum, test_linear, test_shares, test_missed, test_few_loose)
