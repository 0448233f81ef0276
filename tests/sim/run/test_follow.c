/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Points that follow each other (dynamics.follow): each begins with the last states of the one
 * before, bit for bit, whatever is run where and when; and up and down a first-order transition the
 * two branches of the mean field. */
#include <math.h>

#include "analysis/flow/flow.h"
#include "sim/model/starts.h"
#include "sim/run/balance.h"
#include "sim/run/merge.h"
#include "sim/run/plan.h"
#include "sim/run/split.h"
#include "sim/run/worker.h"
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

static volatile sig_atomic_t stop;

static void saved(void *context, uint64_t bytes)
{
    (void)context;
    (void)bytes;
    stop = 1;
}

/* In slices of a sweep or a few, far shorter than one point, each on other threads: a run ends,
 * does no sweep twice, and has the same bits as at once. */
START_TEST(slices_shorter_than_a_point)
{
    ph_grid_t grid;
    double updates = 0.0;
    int status = PH_ERR_INTERRUPTED, calls = 0;
    begin();
    parse_case(&grid, _i, "samples=1");
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    for (; status == PH_ERR_INTERRUPTED && calls < 1000; calls++) {
        const ph_run_options_t slice = {.path = other,
                                        .threads = 1 + (uint64_t)calls % 4,
                                        .checkpoint_every = 1e-9,
                                        .saved = saved,
                                        .stop = &stop};
        ph_run_summary_t summary;
        stop = 0;
        status = ph_run(&grid, &slice, &summary, NULL);
        updates += summary.updates;
    }
    ck_assert_int_eq(status, PH_OK);
    ck_assert_int_gt(calls, 10);
    ck_assert_double_eq(updates, ph_plan_cost(&grid, 1).updates);
    ck_assert_uint_eq(small_different(path, other), 0);
    ph_grid_free(&grid);
    end();
}
END_TEST

/* On one, two and four threads, extended by a higher noise, and in shards put together: the same
 * file. More sweeps would be other chains: refused. */
START_TEST(same_bits_however_it_is_run)
{
    ph_grid_t grid, rising, less, longer;
    ph_run_summary_t summary;
    ph_report_t report;
    char parts[3][96];
    const char *const names[3] = {parts[0], parts[1], parts[2]};
    begin();
    parse_case(&grid, _i, NULL);
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    for (uint64_t threads = 2; threads <= 4; threads += 2) {
        const ph_run_options_t wide = {.path = other, .threads = threads};
        ck_assert_int_eq(ph_run(&grid, &wide, &summary, NULL), PH_OK);
        ck_assert_uint_eq(small_different(path, other), 0);
        ck_assert_int_eq(unlink(other), 0);
    }
    for (uint32_t i = 0; i < 3; i++) {
        static const char *const FILES[] = {"0.h5", "1.h5", "2.h5"};
        const ph_run_options_t shard = {
            .path = small_path(parts[i], folder, FILES[i]), .threads = 1, .shard = i, .shards = 3};
        ck_assert_int_eq(ph_run(&grid, &shard, &summary, NULL), PH_OK);
    }
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

/* Saved states that were asked for, of this point. */
typedef struct {
    size_t point;
    int count;
} asked_t;

static bool never(void *context)
{
    (void)context;
    return false;
}

static bool goes_on(void *context, double updates, double since_handed_on)
{
    (void)updates;
    (void)since_handed_on;
    return never(context);
}

static int take(void *context, const ph_task_t *task, const ph_segment_t *segment)
{
    (void)context;
    (void)task;
    (void)segment;
    return PH_OK;
}

static int all_down(void *context, const ph_task_t *task, uint32_t replica, double *sums,
                    uint8_t *spins)
{
    asked_t *asked = context;
    ck_assert(replica < 2 && sums == NULL);
    asked->point = task->point;
    asked->count++;
    memset(spins, 0, 6);
    return PH_OK;
}

/* A state that is there is taken where it is of the point before, and no other: one whose record
 * was lost may be done once more, while the next has been done long ago. */
START_TEST(state_of_the_very_point_before)
{
    asked_t asked = {0, 0};
    const ph_task_calls_t calls = {
        .context = &asked, .swept = goes_on, .stopped = never, .hand_on = take, .state = all_down};
    ph_ends_t ends = {0};
    ph_grid_t grid;
    parse(&grid, "network: { neurons: 41, patterns: 2 }\nnoise: [0.2, 0.5, 0.9]\n"
                 "dynamics: { sweeps: 4, follow: noise }\nensemble: { replicas: 2 }\n");
    ph_task_t task = {.point = 0, .replicas = 2};
    ck_assert_int_eq(ph_task_run(&task, NULL, &grid, &calls, &ends), PH_OK);
    task.point = 1;
    ck_assert_int_eq(ph_task_run(&task, NULL, &grid, &calls, &ends), PH_OK);
    ck_assert_int_eq(asked.count, 0);
    ends.of[0] = &grid.points[0];
    task.point = 2;
    ck_assert_int_eq(ph_task_run(&task, NULL, &grid, &calls, &ends), PH_OK);
    ck_assert(asked.count == 1 && asked.point == 1);
    ck_assert_int_eq(ph_task_run(&task, NULL, &grid, &calls, NULL), PH_OK);
    ck_assert_int_eq(asked.count, 3);
    ph_ends_free(&ends);
    ph_grid_free(&grid);
}
END_TEST

/* A shard has the blocks of a sequence of points all, each waiting for the one before; those of
 * different samples, directions and replicas wait for none of each other. So it costs its points
 * once. */
START_TEST(a_shard_has_whole_sequences)
{
    ph_grid_t grid;
    ph_checkpoint_index_t index;
    ph_balance_t balance;
    double updates = 0.0;
    size_t heads = 0;
    parse_case(&grid, 0, NULL);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    for (uint32_t shard = 0; shard < 3; shard++) {
        bool own[6 * 2 * 3];
        ph_plan_t plan;
        ck_assert_int_eq(ph_plan_init(&plan, &index, shard, 3, NULL), PH_OK);
        ck_assert_int_eq(ph_plan_own(&grid, shard, 3, own, NULL), PH_OK);
        for (size_t k = 0; k < plan.count; k++) {
            const ph_task_t *task = &plan.tasks[k];
            ck_assert_uint_eq(task->waits, k % 3 > 0);
            if (task->waits)
                ck_assert_uint_eq(before(&grid, task->point), task[-1].point);
            else
                ck_assert_uint_eq(before(&grid, task->point), task->point);
            ck_assert(own[ph_grid_chain(&grid, task->point, task->sample, task->replica_first)]);
        }
        ck_assert_uint_eq(plan.count, 3 * plan.heads);
        heads += plan.heads;
        updates += plan.updates;
        ph_plan_free(&plan);
    }
    ck_assert_uint_eq(heads, 2 * 2 * 2);
    ck_assert_double_eq(updates, 2.0 * 3.0 * 41.0 * 5.0 * 6.0);
    ck_assert_double_eq(ph_plan_cost(&grid, 1).updates, updates);
    ck_assert_int_eq(ph_plan_balance(&grid, 1, 1, &balance, NULL), PH_OK);
    ck_assert_double_eq(balance.blocks, 8.0);
    ck_assert_double_eq_tol(balance.slowest, ph_plan_cost(&grid, 1).seconds,
                            1e-9 * balance.slowest);
    ph_checkpoint_index_free(&index);
    ph_grid_free(&grid);
}
END_TEST

/* Of a block that more threads cut into pieces, each goes through all points by itself. */
static void check_pieces(const ph_grid_t *grid)
{
    ph_checkpoint_index_t index;
    ph_plan_t plan;
    ck_assert_int_eq(ph_checkpoint_index_init(&index, grid, NULL), PH_OK);
    for (uint32_t r = 0; r < 5; r++) /* part of the block is further at the first noise */
        index.done[ph_checkpoint_index_chain(&index, 0, 0, r)] = 20;
    ck_assert_int_eq(ph_split_init(&plan, &index, 0, 1, 2, NULL), PH_OK);
    ck_assert_uint_eq(plan.heads, 2);
    ck_assert_uint_eq(plan.count, 6);
    ck_assert_double_eq(plan.updates, 500.0 * 20.0 * (16.0 * 2.0 + 11.0));
    for (size_t k = 0; k < 6; k++) {
        ck_assert_uint_eq(plan.tasks[k].waits, k % 3 > 0);
        ck_assert_uint_eq(plan.tasks[k].point, k % 3);
        ck_assert_uint_eq(plan.tasks[k].replica_first, k < 3 ? (k == 0 ? 5 : 0) : 8);
        ck_assert_uint_eq(plan.tasks[k].replicas, k == 0 ? 3 : 8);
    }
    ph_plan_free(&plan);
    ph_checkpoint_index_free(&index);
}

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
    ck_assert_int_eq(unlink(other), 0);
    check_pieces(&grid);
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
    tcase_add_loop_test(tcase, slices_shorter_than_a_point, 0, 1);
    tcase_add_test(tcase, state_of_the_very_point_before);
    tcase_add_test(tcase, a_shard_has_whole_sequences);
    tcase_add_test(tcase, pieces_of_a_block);
    tcase_add_test(tcase, two_branches);
    return test_run("follow", tcase);
}
