/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Distributions of small networks: shares counted by hand, sums over all states of the samples,
 * what is told where one of them is another law, and why some are not compared. */
#include "analysis/compare/distribution.h"

#include <math.h>

#include "analysis/exact/exact.h"
#include "tests/sim/run/smallrun.h"

static const char GRID[] = "network: { neurons: 11, patterns: 2, dilution: 0.3 }\n"
                           "noise: [0.9, 1.5]\n"
                           "dynamics: { sampler: glauber, sweeps: 500, burn_in: 200 }\n"
                           "ensemble: { samples: 2, replicas: 16 }\n"
                           "record: { replica_overlap: true }\n";

static char folder[32], path[96];
static ph_grid_t grid;
static ph_runfile_t run;

static void begin(size_t count, const char *const *sets)
{
    small_folder(folder);
    small_path(path, folder, "run.h5");
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", count, sets, NULL), PH_OK);
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, NULL), PH_OK);
}

static void end(void)
{
    ph_runfile_close(&run);
    ph_grid_free(&grid);
    small_remove(folder);
}

/* Shares of component c at level l of every chain (every second one) of a sample, their mean into
 * `mean`, its variance returned. */
static double shares(uint32_t sample, size_t c, size_t l, uint32_t step, double *mean)
{
    double share[16] = {0.0}, variance = 0.0;
    size_t chains = 0;
    *mean = 0.0;
    for (uint32_t r = 0; r < 16; r += step) {
        ph_segment_t segment;
        small_read(&run, 1, sample, r, &segment);
        for (size_t k = 0; k < segment.records; k++)
            share[chains] +=
                fabs(segment.series[k * segment.components + c] - ((double)l / 11.0 - 1.0)) < 1e-6
                    ? 1.0 / (double)segment.records
                    : 0.0;
        *mean += share[chains++] * step / 16.0;
        ph_segment_free(&segment);
    }
    for (size_t i = 0; i < chains; i++)
        variance += pow(share[i] - *mean, 2) / ((double)chains * ((double)chains - 1.0));
    return variance;
}

START_TEST(test_shares)
{
    ph_distribution_t found;
    size_t few = 0;
    begin(0, NULL);
    ck_assert_int_eq(ph_distribution_read(&found, &run, 1, NULL), PH_OK);
    ck_assert(found.reason == PH_DISTRIBUTION_COMPARED && found.quantities == 3 && found.overlap &&
              found.levels == 23);
    const size_t overlap = ph_observable_offset(PH_OBS_REPLICA_OVERLAP, &grid, 2);
    for (size_t k = 0; k < 3; k++)
        for (size_t l = 0; l < 23; l += l == 21 ? 1 : 3) {
            double mc = 0.0, exact = 0.0, variance = 0.0;
            for (uint32_t s = 0; s < 2; s++) {
                ph_sample_t sample;
                ph_exact_law_t law;
                double mean;
                variance += shares(s, k < 2 ? k : overlap, l, k < 2 ? 1 : 2, &mean) / 4.0;
                ck_assert_int_eq(ph_sample_draw(&sample, &grid.points[1], grid.seed, s), PH_OK);
                ck_assert_int_eq(ph_exact_law(&law, &sample, 1.5), PH_OK);
                mc += mean / 2.0;
                exact += (k < 2 ? law.m[k * 23 + l] : law.q[l]) / 2.0;
                ph_exact_law_free(&law);
                ph_sample_free(&sample);
            }
            const size_t at = k * 23 + l;
            const double floor = exact * (1.0 - exact) / found.events[k];
            ck_assert_double_eq_tol(found.mc[at], mc, 1e-12);
            ck_assert_double_eq_tol(found.exact[at], exact, 1e-14);
            ck_assert(found.events[k] > 500 && found.events[k] < 16033);
            few += exact * found.events[k] < 10.0 && exact > 0.0;
            ck_assert_double_eq_tol(
                found.error[at],
                sqrt(exact * found.events[k] < 10.0 ? floor : fmax(variance, floor)), 1e-12);
        }
    ck_assert_uint_gt(few, 0);
    ph_distribution_free(&found);
    end();
}
END_TEST

/* Right ones agree, from the same samples at another noise they do not, of either kind. */
START_TEST(test_verdict)
{
    const char *sets[] = {"dynamics.sweeps=2000"};
    begin(1, sets);
    for (int wrong = 0; wrong < 2; wrong++) {
        ph_distribution_comparison_t found;
        if (wrong)
            ((ph_grid_t *)run.base.grid)->points[1].noise = 2.0;
        ck_assert_int_eq(ph_compare_distributions(&found, &run, NULL), PH_OK);
        ck_assert(found.points == 2 && found.rows_count == 4);
        ck_assert_int_eq(found.verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
        ck_assert_int_eq(found.rows[1].verdict, PH_VERDICT_AGREE);
        ck_assert_int_eq(found.rows[2].verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
        ck_assert_int_eq(found.overlaps[0].verdict, PH_VERDICT_AGREE);
        ck_assert_int_eq(found.overlaps[1].verdict, wrong ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE);
        ck_assert(found.rows[2].point == 1 && found.rows[2].pattern == 0 &&
                  found.overlaps[1].point == 1 && found.overlaps[1].pattern == -1);
        ck_assert(wrong ? found.largest > found.threshold : found.largest < 4.0);
        ck_assert(found.comparisons > 80 && found.comparisons < 6 * 23);
        const ph_distribution_row_t *row = &found.overlaps[1];
        ck_assert(!wrong || fabs(row->mc - row->exact) > 3.0 * row->error);
        ph_distribution_comparison_free(&found);
    }
    end();
}
END_TEST

/* A level that no state has must be empty: of other samples, whose numbers of blanks are odd where
 * they were even. */
START_TEST(test_empty)
{
    ph_distribution_comparison_t found;
    const char *sets[] = {"ensemble.samples=1"};
    begin(1, sets);
    ((ph_grid_t *)run.base.grid)->seed += 1;
    ck_assert_int_eq(ph_compare_distributions(&found, &run, NULL), PH_OK);
    ck_assert(isinf(found.largest) && found.verdict == PH_VERDICT_DISAGREE);
    ck_assert(isinf(found.rows[0].deviation) && found.rows[0].exact == 0.0 &&
              found.rows[0].mc > 0.0);
    ph_distribution_comparison_free(&found);
    end();
}
END_TEST

/* Rows that are not compared count nothing. */
START_TEST(test_rows)
{
    ph_distribution_comparison_t found;
    ph_distribution_row_t rows[2] = {
        {.levels = 12, .deviation = 1.0},
        {.levels = 1, .deviation = INFINITY, .reason = PH_DISTRIBUTION_SHORT}};
    ph_distribution_row_t overlap = {.reason = PH_DISTRIBUTION_RECORDS};
    found = (ph_distribution_comparison_t){
        .rows_count = 2, .rows = rows, .points = 1, .overlaps = &overlap};
    ph_distribution_comparison_conclude(&found);
    ck_assert(found.verdict == PH_VERDICT_AGREE && found.comparisons == 12 && found.largest == 1.0);
    rows[0].deviation = INFINITY;
    ph_distribution_comparison_conclude(&found);
    ck_assert_int_eq(found.verdict, PH_VERDICT_DISAGREE);
    rows[0].reason = PH_DISTRIBUTION_LAW;
    ph_distribution_comparison_conclude(&found);
    ck_assert(found.verdict == PH_VERDICT_UNDECIDED && found.comparisons == 0);
}
END_TEST

static const struct {
    const char *sets[3];
    ph_distribution_reason_t reason;
} REASONS[] = {{{"network.neurons=17"}, PH_DISTRIBUTION_LARGE},
               {{"dynamics.sampler=little"}, PH_DISTRIBUTION_LAW},
               {{"noise=[0, 1]"}, PH_DISTRIBUTION_LAW},
               {{"record.trajectory=false"}, PH_DISTRIBUTION_RECORDS},
               {{"ensemble.samples=1", "ensemble.replicas=3", "record.replica_overlap=false"},
                PH_DISTRIBUTION_SHORT},
               {{"ensemble.samples=4", "ensemble.replicas=1", "record.replica_overlap=false"},
                PH_DISTRIBUTION_SHORT},
               {{"dynamics.sweeps=20"}, PH_DISTRIBUTION_SHORT},
               {{"noise=[0.05, 1]"}, PH_DISTRIBUTION_SHORT}, /* no chain leaves its state */
               /* they stay in one of two, with enough records there */
               {{"noise=[0.25, 1]", "dynamics.start=archetype", "dynamics.sweeps=1000"},
                PH_DISTRIBUTION_SHORT},
               {{"dynamics.burn_in=5"}, PH_DISTRIBUTION_TRANSIENT}};

START_TEST(test_reasons)
{
    ph_distribution_comparison_t found;
    size_t count = 0;
    while (count < 3 && REASONS[_i].sets[count] != NULL)
        count++;
    begin(count, REASONS[_i].sets);
    ck_assert_int_eq(ph_compare_distributions(&found, &run, NULL), PH_OK);
    ck_assert_msg(found.rows[0].reason == REASONS[_i].reason, "%s: %s", REASONS[_i].sets[0],
                  ph_distribution_reason_text(found.rows[0].reason));
    ck_assert_int_eq(found.rows[0].verdict, PH_VERDICT_UNDECIDED);
    ck_assert(isnan(found.rows[0].mc) && found.rows[0].levels == 0);
    ph_distribution_comparison_free(&found);
    if (_i == 0) {
        run.sweeps_done[0] -= 1;
        ((ph_grid_t *)run.base.grid)->points[0].neurons = 11; /* it is not read */
        ck_assert_int_eq(ph_compare_distributions(&found, &run, NULL), PH_OK);
        ck_assert_int_eq(found.rows[0].reason, PH_DISTRIBUTION_INCOMPLETE);
        ph_distribution_comparison_free(&found);
    }
    end();
}
END_TEST

PH_TEST_PROGRAM("compare_distribution")
{
    TCase *tcase = tcase_create("distribution");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_shares);
    tcase_add_test(tcase, test_verdict);
    tcase_add_test(tcase, test_empty);
    tcase_add_test(tcase, test_rows);
    tcase_add_loop_test(tcase, test_reasons, 0, sizeof(REASONS) / sizeof(REASONS[0]));
    return test_run("compare_distribution", tcase);
}
