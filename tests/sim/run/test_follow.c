/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Points that follow each other (dynamics.follow): each begins with the last states of the one
 * before, bit for bit, whatever is run where and when; and up and down a first-order transition the
 * two branches of the mean field. */
#include <math.h>

#include "analysis/flow/flow.h"
#include "sim/model/starts.h"
#include "sim/run/merge.h"
#include "sim/run/plan.h"
#include "sim/run/split.h"
#include "tests/sim/run/smallrun.h"

static char folder[32], path[96], other[96];

static void begin(void)
{
    small_folder(folder);
    small_path(path, folder, "run.h5");
    small_path(other, folder, "other.h5");
}

static void end(void)
{
    small_remove(folder);
}

#define GRID                                                                                       \
    "network: { neurons: 41, patterns: 2 }\nnoise: [0.2, 0.5, 0.9]\n"                              \
    "dynamics: { sweeps: 4, burn_in: 1, %s, follow: [noise, noise-down] }\n"                       \
    "ensemble: { samples: 2, replicas: 3, lanes: 2 }\nrecord: { states: [0] }\n"

static const char *const DYNAMICS[] = {"start: { kind: corrupted, overlap: 0.5 }",
                                       "sampler: little", "sampler: block-gibbs, order: random",
                                       "sampler: [metropolis, lumped-block-gibbs]"};

static void parse_case(ph_grid_t *grid, int i, const char *set)
{
    char text[512];
    snprintf(text, sizeof(text), GRID, DYNAMICS[i]);
    if (set == NULL)
        parse(grid, text);
    else
        parse_with(grid, text, set);
}

/* The point that p follows, by its axes: noise, then follow, then what else there is; p: none. */
static size_t before(const ph_grid_t *grid, size_t p)
{
    const size_t stride = grid->points_count / 3, at = p / stride;
    const bool down = grid->points[p].follow == PH_FOLLOW_NOISE_DOWN;
    return down && at < 2 ? p + stride : !down && at > 0 ? p - stride : p;
}

/* Without burn-in the state at sweep 0 is the last of the point before; the first of a sequence
 * begin at their start. */
START_TEST(begins_where_the_last_ended)
{
    ph_grid_t grid;
    ph_runfile_t file;
    if (_i % test_step(2) != 0)
        return;
    begin();
    parse_case(&grid, _i, "burn_in=0");
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (size_t p = 0; p < grid.points_count && _i == 0; p++) /* what theories may say of them */
        ck_assert(ph_start_is_forgotten(&grid.points[p]) == (before(&grid, p) != p) &&
                  ph_flow_known(&grid.points[p]) == (before(&grid, p) == p));
    for (size_t p = 0; p < grid.points_count; p++)
        for (uint32_t s = 0; s < 2; s++)
            for (uint32_t r = 0; r < 3; r++) {
                ph_segment_t chain, last;
                small_read(&file, p, s, r, &chain);
                small_read(&file, before(&grid, p), s, r, &last);
                ck_assert_ptr_eq(grid.points[p].before,
                                 before(&grid, p) != p ? &grid.points[before(&grid, p)] : NULL);
                ck_assert_int_eq(memcmp(chain.states, last.spins, 6) == 0, before(&grid, p) != p);
                ph_segment_free(&chain);
                ph_segment_free(&last);
            }
    ph_runfile_close(&file);
    ph_grid_free(&grid);
    end();
}
END_TEST

/* Stopped after every sweep and begun again, on two threads, extended by a higher noise, and in
 * shards put together: the same file as at once. More sweeps would be other chains: refused. */
START_TEST(same_bits_however_it_is_run)
{
    const volatile sig_atomic_t stop = 1;
    ph_grid_t grid, rising, less, longer;
    ph_run_summary_t summary;
    ph_report_t report;
    char parts[3][96];
    const char *const names[3] = {parts[0], parts[1], parts[2]};
    begin();
    parse_case(&grid, _i, NULL);
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    const ph_run_options_t stopped = {
        .path = other, .threads = 2, .checkpoint_every = 1e-9, .stop = &stop};
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(ph_run(&grid, &stopped, &summary, NULL), PH_ERR_INTERRUPTED);
    ck_assert_int_eq(small_run(&grid, other, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, other), 0);
    for (uint32_t i = 0; i < 3; i++) {
        static const char *const FILES[] = {"0.h5", "1.h5", "2.h5"};
        const ph_run_options_t shard = {
            .path = small_path(parts[i], folder, FILES[i]), .threads = 1, .shard = i, .shards = 3};
        ck_assert_int_eq(ph_run(&grid, &shard, &summary, NULL), PH_OK);
    }
    ck_assert_int_eq(unlink(other), 0);
    ck_assert_int_eq(ph_run_merge(3, names, other, false, NULL, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, other), 0);
    parse_case(&longer, _i, "dynamics.sweeps=5");
    ph_report_init(&report);
    ck_assert_int_eq(small_run(&longer, other, &report), PH_ERR_MISMATCH);
    ck_assert(small_says(&report, "they would be lost"));
    ph_report_free(&report);
    ck_assert_int_eq(unlink(other), 0);
    ck_assert_int_eq(unlink(path), 0);
    parse_with(&rising, grid.text, "follow=noise");
    parse_with(&less, rising.text, "noise=[0.2, 0.5]");
    ck_assert_int_eq(small_run(&less, other, NULL), PH_OK);
    ck_assert_int_eq(small_run(&rising, other, NULL), PH_OK);
    ck_assert_int_eq(small_run(&rising, path, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, other), 0);
    ph_grid_free(&grid);
    ph_grid_free(&rising);
    ph_grid_free(&less);
    ph_grid_free(&longer);
    end();
}
END_TEST

/* What it costs: of three noises, each way, one point, two and three. */
START_TEST(work_of_starts)
{
    ph_grid_t grid;
    parse_case(&grid, 0, NULL);
    ck_assert_double_eq(ph_plan_cost(&grid, 1).updates, 2.0 * 3.0 * 41.0 * 5.0 * (2.0 * 6.0));
    ph_grid_free(&grid);
}
END_TEST

/* The one block of lanes that is left, cut into pieces as there are more threads: the same again.
 */
START_TEST(pieces_of_a_block)
{
    ph_grid_t grid, less;
    ph_run_summary_t summary;
    begin();
    parse(&grid, "network: { neurons: 500, patterns: 2 }\nnoise: [0.2, 0.5, 0.9]\n"
                 "dynamics: { sampler: block-gibbs, sweeps: 20, follow: noise }\n"
                 "ensemble: { replicas: 16, lanes: 16 }\n");
    parse_with(&less, grid.text, "noise=[0.2, 0.5]");
    const ph_run_options_t wide = {.path = other, .threads = 2};
    ck_assert_uint_lt(ph_split_chains(&grid, 2, 16, 1.0, 2), 16);
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_int_eq(small_run(&less, other, NULL), PH_OK);
    ck_assert_int_eq(ph_run(&grid, &wide, &summary, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, other), 0);
    ph_grid_free(&grid);
    ph_grid_free(&less);
    end();
}
END_TEST

/* m = (tanh(3 m/T) + tanh(m/T))/4 of a symmetric mixture of three patterns, m = tanh(m/T) of one.
 */
static double branch(double noise, bool mixture)
{
    double m = 1.0;
    for (int i = 0; i < 10000; i++)
        m = mixture ? 0.25 * (tanh(3.0 * m / noise) + tanh(m / noise)) : tanh(m / noise);
    return m;
}

/* From a mixture upwards it is kept where it is stable, below T = 0.461, and left for one pattern
 * beyond; from high noise downwards one pattern is kept all along. */
START_TEST(two_branches)
{
    static const double NOISES[] = {0.2, 0.3, 0.7};
    ph_grid_t grid;
    ph_runfile_t file;
    begin();
    parse(&grid, "network: { neurons: 4000, patterns: 3 }\nnoise: [0.2, 0.3, 0.7]\n"
                 "dynamics: { sampler: lumped-block-gibbs, sweeps: 60, record_every: 60,\n"
                 "  start: parallel, follow: [noise, noise-down] }\nensemble: { samples: 2, "
                 "replicas: 4 }\n");
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    for (size_t p = 0; p < 6; p++)
        for (uint32_t s = 0; s < 2; s++) {
            const double noise = NOISES[p / 2];
            const bool mixture = p % 2 == 0 && noise < 0.461;
            ph_segment_t chains;
            ck_assert_int_eq(ph_runfile_read(&file, p, s, 0, 4, 0, &chains, NULL), PH_OK);
            for (size_t r = 0; r < 4; r++) {
                const double *m = chains.series + (r * 2 + 1) * (size_t)chains.components;
                const double most = fmax(fabs(m[0]), fmax(fabs(m[1]), fabs(m[2])));
                const double least = fmin(fabs(m[0]), fmin(fabs(m[1]), fabs(m[2])));
                ck_assert_double_eq_tol(most, branch(noise, mixture), 5.0 / sqrt(4000.0));
                ck_assert_double_eq_tol(least, mixture ? branch(noise, true) : 0.0,
                                        5.0 / sqrt(4000.0));
            }
            ph_segment_free(&chains);
        }
    ph_runfile_close(&file);
    ph_grid_free(&grid);
    end();
}
END_TEST

PH_TEST_PROGRAM("follow")
{
    TCase *tcase = tcase_create("follow");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, begins_where_the_last_ended, 0,
                        sizeof(DYNAMICS) / sizeof(DYNAMICS[0]));
    tcase_add_loop_test(tcase, same_bits_however_it_is_run, 0, 1);
    tcase_add_test(tcase, work_of_starts);
    tcase_add_test(tcase, pieces_of_a_block);
    tcase_add_test(tcase, two_branches);
    return test_run("follow", tcase);
}
