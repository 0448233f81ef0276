/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which tasks of a plan go on in step, and that no number depends on it. */
#include <stdlib.h>

#include "base/machine.h"
#include "sim/run/memory.h"
#include "sim/run/merge.h"
#include "sim/run/split.h"
#include "sim/run/step.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/run/smallrun.h"

static char folder[32], path[96], other[96];

static void make_folder(void)
{
    small_folder(folder);
    small_path(path, folder, "a.h5");
    small_path(other, folder, "b.h5");
}

static void remove_folder(void)
{
    small_remove(folder);
}

/* Rounds that the longest thread works through, where two in step take 1.4 of one. */
static double rounds(size_t tasks, size_t pairs, size_t threads)
{
    const size_t most = (pairs + threads - 1) / threads, place = pairs % threads;
    const size_t left = tasks - 2 * pairs, free_now = place > 0 ? threads - place : 0;
    const size_t behind = left > free_now ? (left - free_now + threads - 1) / threads : 0;
    return 1.4 * (double)most + (double)behind;
}

/* No other number of pairs is done sooner by more than the half of a round; all tasks are there. */
START_TEST(as_many_as_pays)
{
    for (size_t threads = 1; threads <= 9; threads++)
        for (size_t tasks = 0; tasks <= 60; tasks++) {
            const size_t pairs = ph_step_pairs(tasks, threads);
            ck_assert_uint_le(2 * pairs, tasks);
            for (size_t others = 0; 2 * others <= tasks; others++)
                ck_assert_double_le(rounds(tasks, pairs, threads),
                                    rounds(tasks, others, threads) + 0.5);
        }
    ck_assert_uint_eq(ph_step_pairs(2, 2), 0);
    ck_assert_uint_eq(ph_step_pairs(4, 2), 2);
    ck_assert_uint_eq(ph_step_pairs(3, 2), 1);
    ck_assert_uint_eq(ph_step_pairs(7, 1), 3);
}
END_TEST

#define GRID_OF(NETWORK, DYNAMICS, REPLICAS)                                                       \
    "network: { neurons: 60, " NETWORK " }\nnoise: [0.3, 0.6]\n"                                   \
    "dynamics: { sweeps: 30, burn_in: 2, record_every: 3, " DYNAMICS " }\n"                        \
    "ensemble: { samples: 3, replicas: " REPLICAS ", lanes: 8 }\n"                                 \
    "record: { acceptance: true, states: { every: 9 } }\n"
#define GRID(DYNAMICS, REPLICAS) GRID_OF("patterns: [2, 3]", DYNAMICS, REPLICAS)
#define UNEQUAL "patterns: 2, dilution: { each: [0.1, 0.4] }, normalization: variance"

static size_t pairs_of(const char *text, uint64_t threads)
{
    ph_grid_t grid;
    ph_plan_t plan;
    ph_checkpoint_index_t index;
    size_t pairs = 0;
    parse(&grid, text);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_split_init(&plan, &index, 0, 1, threads, NULL), PH_OK);
    ph_step_pair(&plan, &grid, threads);
    ck_assert(!plan.tasks[0].beside);
    for (size_t k = 1; k < plan.count; k++) {
        const ph_task_t *task = &plan.tasks[k], *before = task - 1;
        pairs += task->beside;
        ck_assert(!task->beside || !before->beside);
        ck_assert(!task->beside || (task->point == before->point && !task->waits &&
                                    task->replicas == before->replicas));
    }
    ph_plan_free(&plan);
    ph_checkpoint_index_free(&index);
    ph_grid_free(&grid);
    return pairs;
}

/* Blocks of one point and as many chains, where a kernel of this machine does that; not those of
 * points that follow each other, nor where threads would have nothing to do. */
START_TEST(who_goes_with_whom)
{
    const bool some = ph_sampler_in_step(ph_sampler(PH_SAMPLER_GLAUBER), 8);
    /* 4 points of 3 samples of 2 blocks and 5 chains */
    ck_assert_uint_eq(pairs_of(GRID("sampler: glauber", "21"), 1), some ? 16 : 0);
    ck_assert_uint_eq(pairs_of(GRID("sampler: metropolis", "21"), 2), some ? 16 : 0);
    ck_assert_uint_eq(pairs_of(GRID("sampler: glauber", "21"), 36), 0);
    ck_assert_uint_eq(pairs_of(GRID("sampler: glauber, follow: noise", "21"), 1), 0);
    ck_assert_uint_eq(pairs_of(GRID("sampler: little", "21"), 1), 0);
    ck_assert_uint_eq(pairs_of(GRID("sampler: glauber", "2"), 1), some ? 4 : 0);
    /* alone: in step but for equal weights */
    ck_assert_uint_eq(pairs_of(GRID("sampler: glauber", "1"), 1), 0);
    ck_assert_uint_eq(pairs_of(GRID_OF(UNEQUAL, "sampler: glauber", "1"), 1), some ? 2 : 0);
}
END_TEST

/* Not of two points, nor of unlike numbers of chains; one is beside one. */
START_TEST(neighbours_only)
{
    ph_grid_t grid;
    ph_task_t tasks[] = {{.point = 0, .replicas = 8}, {.point = 0, .replicas = 5},
                         {.point = 1, .replicas = 5}, {.point = 2, .replicas = 8},
                         {.point = 2, .replicas = 8}, {.point = 2, .replicas = 8}};
    enum { COUNT = sizeof(tasks) / sizeof(tasks[0]) };
    ph_plan_t plan = {.count = COUNT, .heads = COUNT, .tasks = tasks};
    parse(&grid, GRID("sampler: glauber", "21"));
    ph_step_pair(&plan, &grid, 1);
    const bool some = ph_step_takes(&grid, &grid.points[0]);
    for (size_t k = 0; k < COUNT; k++)
        ck_assert_int_eq(tasks[k].beside, some && k == 4);
    ph_grid_free(&grid);
}
END_TEST

static double updates; /* of the last run */

static int run_with(const ph_grid_t *grid, const char *file, ph_run_options_t options)
{
    ph_run_summary_t summary;
    options.path = file;
    const int status = ph_run(grid, &options, &summary, NULL);
    updates = summary.updates;
    return status;
}

/* Stops a run when its journal has been saved so often. */
typedef struct {
    volatile sig_atomic_t stop;
    int left;
} countdown_t;

static void count_down(void *context, uint64_t bytes)
{
    countdown_t *self = context;
    ck_assert_uint_gt(bytes, 0);
    if (--self->left == 0)
        self->stop = 1;
}

/* Blocks in step, an odd one, and those of two samples: the file of the plain reference, on one to
 * four threads, in two shards put together, and stopped between sweeps and gone on with. */
START_TEST(no_number_depends_on_it)
{
    static const char *const DYNAMICS[] = {
        GRID("sampler: glauber", "21"), GRID("sampler: metropolis, order: sequential", "24"),
        GRID("sampler: glauber, until: { error: 0.05, sweeps_max: 480 }", "16")};
    char shard[2][96];
    const char *const shards[] = {small_path(shard[0], folder, "0.h5"),
                                  small_path(shard[1], folder, "1.h5")};
    ph_grid_t grid;
    parse(&grid, DYNAMICS[_i]);
    const int end = run_with(&grid, path, (ph_run_options_t){.threads = 1, .kernel = "reference"});
    const double all = updates;
    ck_assert(end == PH_OK ? all == ph_plan_cost(&grid, 1).updates : end == PH_ERR_UNREACHED);
    for (uint64_t threads = 1; threads <= 4; threads++) {
        ck_assert_int_eq(run_with(&grid, other, (ph_run_options_t){.threads = threads}), end);
        ck_assert_uint_eq(small_different(path, other), 0);
        ck_assert(updates == all);
        unlink(other);
    }
    for (uint32_t i = 0; i < 2; i++)
        run_with(&grid, shards[i], (ph_run_options_t){.threads = 1, .shard = i, .shards = 2});
    ck_assert_int_eq(ph_run_merge(2, shards, other, false, NULL, NULL), end);
    ck_assert_uint_eq(small_different(path, other), 0);
    unlink(other);
    for (int calls = 1; calls <= 5; calls++) {
        countdown_t countdown = {0, 7 * calls};
        ck_assert_int_eq(run_with(&grid, other,
                                  (ph_run_options_t){.threads = 1 + (uint64_t)calls % 2,
                                                     .checkpoint_every = 1e-6,
                                                     .saved = count_down,
                                                     .context = &countdown,
                                                     .stop = &countdown.stop}),
                         PH_ERR_INTERRUPTED);
    }
    ck_assert_int_eq(run_with(&grid, other, (ph_run_options_t){.threads = 1}), end);
    ck_assert_uint_eq(small_different(path, other), 0);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("step")
{
    TCase *tcase = tcase_create("step");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, as_many_as_pays);
    tcase_add_test(tcase, who_goes_with_whom);
    tcase_add_test(tcase, neighbours_only);
    tcase_add_loop_test(tcase, no_number_depends_on_it, 0, 3);
    return test_run("step", tcase);
}
