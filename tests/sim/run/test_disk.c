/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The disk a grid is said to need against what lies there when it takes the most: just before the
 * journal is removed, when the file is in its place. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/run/plan.h"
#include "sim/run/run.h"
#include "sim/run/worker.h"
#include "tests/testing.h"

/* What HDF5 keeps of itself (names, attributes, the trees of chunks), and headers of a journal. */
static const double OWN_FILE = 65536.0, OWN_JOURNAL = 1024.0;

static const char *const GRIDS[] = {
    /* spins, which cannot be compressed; several points and a last block that is not full */
    "network: { neurons: 200000, patterns: 1 }\nnoise: [0.4, 0.5]\ndynamics: { sweeps: 1 }\n"
    "ensemble: { samples: 2, replicas: 5, lanes: 4 }\nrecord: { moments: false }\n",
    /* series, in one segment and in several, each of which ends with a state */
    "network: { neurons: 50, patterns: 3 }\nnoise: 0.4\ndynamics: { sweeps: [500, 3000] }\n"
    "ensemble: { samples: 2, replicas: 64, lanes: 64 }\nrecord: { loss: true }\n",
    /* sums alone */
    "network: { neurons: 100, patterns: 20 }\nnoise: 0.4\ndynamics: { sweeps: 10 }\n"
    "ensemble: { samples: 20, replicas: 32 }\nrecord: { trajectory: false }\n",
    /* times that differ from point to point */
    "network: { neurons: 10, patterns: 1 }\nnoise: 0.4\n"
    "dynamics: { sweeps: [100000, 1, 2, 3, 4, 5, 6, 7, 8, 9] }\n",
    /* planned only: small points that take long, large ones that do not */
    "network: { neurons: [1000, 10000000], patterns: 1 }\nnoise: 0.4\n"
    "dynamics: { sweeps: [10000000, 10000], sampler: [glauber, lumped-block-gibbs] }\n"
    "zip: [[network.neurons, dynamics.sweeps, dynamics.sampler]]\n"
    "ensemble: { replicas: 64, lanes: 64 }\nrecord: { trajectory: false }\n",
};
enum { GRIDS_COUNT = sizeof(GRIDS) / sizeof(GRIDS[0]) };

static double file_size(const char *path)
{
    struct stat found;
    ck_assert_int_eq(stat(path, &found), 0);
    return (double)found.st_size;
}

static const char *run_path;
static double journal_seen, file_seen;

/* In the place of the C library's. */
int unlink(const char *path)
{
    const size_t length = strlen(path);
    if (run_path != NULL && length > 8 && strcmp(path + length - 8, ".journal") == 0) {
        journal_seen = file_size(path);
        file_seen = file_size(run_path);
    }
    return unlinkat(AT_FDCWD, path, 0);
}

static void parse(ph_grid_t *grid, const char *text)
{
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(grid);
    ck_assert_int_eq(ph_grid_parse(grid, text, "grid", 0, NULL, &report), PH_OK);
    ph_report_free(&report);
}

START_TEST(disk_is_as_said)
{
    char folder[] = "/tmp/polyhebb-disk-XXXXXX", path[64], status[72];
    ph_run_summary_t summary;
    ph_report_t report;
    ph_grid_t grid;
    parse(&grid, GRIDS[_i]);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/run.h5", folder);
    snprintf(status, sizeof(status), "%s.status", path);
    const ph_run_options_t options = {.path = path, .threads = 2, .shards = 1};
    ph_report_init(&report);
    run_path = path;
    ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
    run_path = NULL;
    const ph_cost_t cost = ph_plan_cost(&grid, 2);
    ck_assert_double_le(fabs(cost.journal_bytes - journal_seen), OWN_JOURNAL);
    ck_assert_double_le(file_seen, cost.file_bytes + OWN_FILE);
    if (_i == 0)
        ck_assert_double_ge(file_seen, 0.95 * cost.file_bytes);
    unlink(path);
    unlink(status);
    ck_assert_int_eq(rmdir(folder), 0);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

/* What a run is refused by: the whole file, and the journal of what is left to do. */
START_TEST(disk_of_a_plan)
{
    ph_grid_t grid;
    parse(&grid, GRIDS[_i]);
    const ph_cost_t cost = ph_plan_cost(&grid, 1);
    for (uint32_t done = 0; done <= grid.samples; done++) {
        ph_checkpoint_index_t checkpoints;
        ph_plan_t plan;
        ck_assert_int_eq(ph_checkpoint_index_init(&checkpoints, &grid, NULL), PH_OK);
        for (size_t p = 0; p < grid.points_count; p++)
            for (uint32_t s = 0; s < done; s++)
                for (uint32_t r = 0; r < grid.replicas; r++)
                    checkpoints.done[ph_checkpoint_index_chain(&checkpoints, p, s, r)] =
                        ph_point_total(&grid.points[p]);
        ck_assert_int_eq(ph_plan_init(&plan, &checkpoints, 0, 1, NULL), PH_OK);
        const double left = 1.0 - (double)done / (double)grid.samples;
        ck_assert_double_le(fabs(ph_plan_disk(&plan, &grid, 1, PH_TASK_CHECKPOINT_SECONDS) -
                                 cost.file_bytes - left * cost.journal_bytes),
                            OWN_JOURNAL);
        ck_assert_double_le(fabs(ph_plan_disk(&plan, &grid, 4, PH_TASK_CHECKPOINT_SECONDS) -
                                 cost.file_bytes / 4.0 - left * cost.journal_bytes),
                            OWN_JOURNAL);
        const double often = ph_plan_disk(&plan, &grid, 1, 0.1 * PH_TASK_CHECKPOINT_SECONDS);
        const double seldom = ph_plan_disk(&plan, &grid, 1, PH_TASK_CHECKPOINT_SECONDS);
        if (_i + 1 == GRIDS_COUNT && done == 0)
            ck_assert_double_gt(often, seldom + 1e6);
        else
            ck_assert_double_ge(often, seldom);
        ph_plan_free(&plan);
        ph_checkpoint_index_free(&checkpoints);
    }
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("disk")
{
    TCase *tcase = tcase_create("disk");
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, disk_is_as_said, 0, GRIDS_COUNT - 1);
    tcase_add_loop_test(tcase, disk_of_a_plan, 0, GRIDS_COUNT);
    return test_run("disk", tcase);
}
