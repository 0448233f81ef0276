/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Real chains that are undecided for several reasons: who does all that is told is decided. */
#include <math.h>
#include <unistd.h>

#include "analysis/compare/compare.h"
#include "sim/run/run.h"
#include "tests/testing.h"

static const char GRID[] = "network: { neurons: 3000, patterns: 1, dilution: 0 }\n"
                           "noise: 0.9\n"
                           "dynamics: { start: archetype, sweeps: 30, burn_in: 0 }\n"
                           "ensemble: { samples: 2, replicas: 8, lanes: 1 }\n";

/* Chains that are in no well yet when they end. */
static const char EARLY[] =
    "network: { neurons: 20000, patterns: 1, dilution: 0.3 }\n"
    "noise: 0.65\n"
    "dynamics: { sampler: lumped-block-gibbs, start: archetype, sweeps: 5, burn_in: 0 }\n"
    "ensemble: { samples: 2, replicas: 8, lanes: 1 }\n";

/* Of five samples three are near a transition. */
static const char NEAR[] = "network: { neurons: 500, patterns: 1, dilution: 0.5 }\n"
                           "noise: 0.88\nseed: 4\n"
                           "dynamics: { start: archetype, sweeps: 20, burn_in: 30 }\n"
                           "ensemble: { samples: 5, replicas: 8, lanes: 1 }\n";

/* What the run of a grid with so many sweeps comes to. */
static ph_reason_t run_of(const char *text, double noise, double burn_in, double sweeps,
                          ph_advice_t *advice)
{
    char path[] = "/tmp/polyhebb-advised-XXXXXX", sets[3][64];
    const char *given[] = {sets[0], sets[1], sets[2]};
    ph_run_options_t options = {.path = path, .threads = 2};
    ph_run_summary_t summary;
    ph_report_t report;
    ph_runfile_t run;
    ph_grid_t grid;
    ph_comparison_t found;
    snprintf(sets[0], sizeof(sets[0]), "dynamics.burn_in=%.0f", ceil(burn_in));
    snprintf(sets[1], sizeof(sets[1]), "dynamics.sweeps=%.0f", ceil(sweeps));
    snprintf(sets[2], sizeof(sets[2]), "noise=%g", noise);
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(path);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 3, given, &report), PH_OK);
    ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    ck_assert_int_eq(ph_compare(&found, &run, NULL, PH_VIEW_PATTERNS, &report), PH_OK);
    const ph_reason_t reason = found.rows[0].reason;
    *advice = found.advice[0];
    ph_comparison_free(&found);
    ph_runfile_close(&run);
    ph_grid_free(&grid);
    ph_report_free(&report);
    unlink(path);
    return reason;
}

/* The grid with so much more. */
static ph_reason_t told_at(double noise, double burn_in, double sweeps, ph_advice_t *advice)
{
    return run_of(GRID, noise, burn_in, 30.0 + ceil(sweeps), advice);
}

static ph_reason_t told(double burn_in, double sweeps, ph_advice_t *advice)
{
    return told_at(0.9, burn_in, sweeps, advice);
}

/* Neither burnt in nor long enough, with an R-hat far above: both are told at once, and each alone,
 * and half of the sweeps, leaves the point undecided. */
START_TEST(test_all_at_once)
{
    ph_advice_t advice, then;
    ck_assert_int_eq(told(0.0, 0.0, &advice), PH_REASON_TRANSIENT);
    ck_assert(advice.burn_in > 10.0 && advice.burn_in < 40.0);
    ck_assert(advice.sweeps > 60.0 && advice.sweeps < 300.0);
    ck_assert_double_eq(advice.replicas, 0.0);
    ck_assert_int_eq(told(advice.burn_in, 0.0, &then), PH_REASON_UNEQUILIBRATED);
    ck_assert_int_ne(told(0.0, advice.sweeps, &then), PH_REASON_NONE);
    ck_assert_double_gt(then.burn_in, 10.0);
    ck_assert_int_eq(told(advice.burn_in, 0.5 * advice.sweeps, &then), PH_REASON_UNEQUILIBRATED);
    ck_assert_int_eq(told(advice.burn_in, advice.sweeps, &then), PH_REASON_NONE);
    ck_assert(then.burn_in == 0.0 && then.sweeps == 0.0);
}
END_TEST

/* Once burnt in the chains are nearly of one law: what R-hat was while they came from the start
 * asks for nothing, and the autocorrelation time of the well for 20 sweeps, which do. */
START_TEST(test_once_burnt_in)
{
    ph_advice_t advice, then;
    ck_assert_int_eq(told_at(0.8, 0.0, 0.0, &advice), PH_REASON_TRANSIENT);
    ck_assert(advice.burn_in > 5.0 && advice.burn_in < 25.0);
    ck_assert(advice.sweeps >= 15.0 && advice.sweeps <= 30.0);
    ck_assert_int_eq(told_at(0.8, advice.burn_in, 0.0, &then), PH_REASON_UNEQUILIBRATED);
    ck_assert_int_eq(told_at(0.8, advice.burn_in, advice.sweeps, &then), PH_REASON_NONE);
}
END_TEST

/* Where no record counts the wells that chains go to tell how much more burn-in it takes, and how
 * many sweeps then: seven tenths of the burn-in, or that alone, are not enough. */
START_TEST(test_all_early)
{
    ph_advice_t advice, then;
    ck_assert_int_eq(run_of(EARLY, 0.65, 0.0, 5.0, &advice), PH_REASON_TRANSIENT);
    ck_assert(advice.burn_in > 8.0 && advice.burn_in < 25.0);
    ck_assert(advice.sweeps > 15.0 && advice.sweeps < 50.0);
    const double sweeps = 5.0 + ceil(advice.sweeps);
    ck_assert_int_eq(run_of(EARLY, 0.65, advice.burn_in, sweeps, &then), PH_REASON_NONE);
    ck_assert_int_eq(run_of(EARLY, 0.65, 0.7 * advice.burn_in, sweeps, &then), PH_REASON_TRANSIENT);
    const ph_reason_t alone = run_of(EARLY, 0.65, advice.burn_in, 5.0, &then);
    ck_assert(alone == PH_REASON_UNEQUILIBRATED || alone == PH_REASON_SHORT);
}
END_TEST

/* Chains that differ in the samples that are decided, and a transition that the others are near:
 * what mends both decides, and the sweeps without the burn-in do not. */
START_TEST(test_near_too)
{
    ph_advice_t advice, then;
    ck_assert_int_eq(run_of(NEAR, 0.88, 30.0, 20.0, &advice), PH_REASON_UNEQUILIBRATED);
    ck_assert(advice.burn_in > 100.0 && advice.burn_in < 400.0);
    ck_assert(advice.sweeps > 300.0 && advice.sweeps < 700.0);
    ck_assert_double_eq_tol(advice.transition, 1.0, 1e-4);
    ck_assert_uint_eq(advice.elsewhere, 0);
    const double burn_in = 30.0 + ceil(advice.burn_in), sweeps = 20.0 + ceil(advice.sweeps);
    ck_assert_int_eq(run_of(NEAR, 0.88, burn_in, sweeps, &then), PH_REASON_NONE);
    ck_assert_int_eq(run_of(NEAR, 0.88, 30.0, sweeps, &then), PH_REASON_TRANSITION);
}
END_TEST

PH_TEST_MAIN("compare_advised", test_all_at_once, test_once_burnt_in, test_all_early, test_near_too)
