/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shards that go on from the merged file of others, fewer or more, of a grid that has grown. */
#include "sim/run/base.h"
#include "sim/run/merge.h"
#include "sim/run/plan.h"
#include "tests/sim/run/smallrun.h"

static char folder[32], merged[96];
static ph_grid_t grid;

static void setup(void)
{
    small_folder(folder);
    small_path(merged, folder, "run.h5");
    ph_grid_init(&grid);
}

static void teardown(void)
{
    ph_grid_free(&grid);
    small_remove(folder);
}

static void set_grid(const char *sweeps, const char *ensemble)
{
    char text[512];
    snprintf(text, sizeof(text),
             "network: { neurons: 40, patterns: 2 }\nnoise: [0.2, 0.6]\n"
             "dynamics: { sweeps: %s, burn_in: 3, record_every: 2 }\nensemble: { %s, lanes: 2 }\n"
             "record: { states: { every: 4 } }\n",
             sweeps, ensemble);
    ph_grid_free(&grid);
    ph_grid_init(&grid);
    parse(&grid, text);
}

static const char *part_path(char *path, uint32_t shard, uint32_t shards)
{
    char name[32];
    snprintf(name, sizeof(name), "run.%u-of-%u.h5", shard, shards);
    return small_path(path, folder, name);
}

/* Runs a shard on the merged file; updates that it computed. */
static double run_part(uint32_t shard, uint32_t shards, int expected, ph_report_t *report)
{
    char path[96];
    const ph_run_options_t options = {.path = part_path(path, shard, shards),
                                      .base = merged,
                                      .threads = 1,
                                      .shard = shard,
                                      .shards = shards};
    ph_run_summary_t summary;
    ck_assert_int_eq(ph_run(&grid, &options, &summary, report), expected);
    return summary.updates;
}

static double run_parts(uint32_t shards)
{
    double updates = 0.0;
    for (uint32_t i = 0; i < shards; i++)
        updates += run_part(i, shards, PH_OK, NULL);
    return updates;
}

static int merge_parts(uint32_t count, uint32_t shards)
{
    char path[8][96];
    const char *paths[8];
    for (uint32_t i = 0; i < count; i++)
        paths[i] = part_path(path[i], i, shards);
    return ph_run_merge(count, paths, merged, false, NULL, NULL);
}

static void check_fresh(void)
{
    char fresh[96];
    unlink(small_path(fresh, folder, "fresh.h5"));
    ck_assert_int_eq(small_run(&grid, fresh, NULL), PH_OK);
    ck_assert_uint_eq(small_different(fresh, merged), 0);
}

/* Sweeps after burn-in and chains that are new are computed, once; nothing else. */
START_TEST(grown)
{
    static const struct {
        const char *sweeps, *ensemble;
        double updates; /* 40 neurons, 2 points */
    } cases[] = {{"12", "samples: 3, replicas: 3", 80.0 * 15 * 3},
                 {"20", "samples: 2, replicas: 3", 80.0 * 8 * 6},
                 {"20", "samples: 3, replicas: 4", 80.0 * (8 * 6 + 23 * 6)},
                 {"12", "samples: 2, replicas: 3", 0.0}};
    set_grid("12", "samples: 2, replicas: 3");
    ck_assert(run_parts(2) == 80.0 * 15 * 6);
    ck_assert_int_eq(merge_parts(2, 2), PH_OK);
    set_grid(cases[_i].sweeps, cases[_i].ensemble);
    ck_assert(run_parts(3) == cases[_i].updates);
    ck_assert(run_parts(3) == 0.0);
    ck_assert_int_eq(merge_parts(3, 3), PH_OK);
    check_fresh();
    unlink(merged); /* parts are whole without what they came from */
    ck_assert_int_eq(merge_parts(3, 3), PH_OK);
    check_fresh();
}
END_TEST

/* A run in other parts than it was begun in: what some of the first have done is not lost. */
START_TEST(dealt_anew)
{
    set_grid("12", "samples: 2, replicas: 3");
    const double done = run_part(0, 3, PH_OK, NULL);
    ck_assert_int_eq(merge_parts(1, 3), PH_ERR_INTERRUPTED);
    ck_assert(run_parts(4) == 80.0 * 15 * 6 - done);
    ck_assert_int_eq(merge_parts(4, 4), PH_OK);
    check_fresh();
}
END_TEST

/* A part holds its own chains alone; it says where they came from, and goes by nothing else. */
START_TEST(own_chains)
{
    char path[96];
    bool own[2 * 2 * 3];
    ph_runfile_t file;
    ph_report_t report;
    ph_report_init(&report);
    set_grid("12", "samples: 2, replicas: 3");
    ck_assert_int_eq(small_run(&grid, merged, NULL), PH_OK);
    ck_assert_int_eq(ph_plan_own(&grid, 1, 3, own, NULL), PH_OK);
    ck_assert(run_part(1, 3, PH_OK, &report) == 0.0);
    ck_assert(small_says(&report, "going on from"));
    ck_assert_int_eq(ph_runfile_open(&file, part_path(path, 1, 3), NULL), PH_OK);
    size_t count = 0;
    for (size_t c = 0; c < 12; c++) {
        ck_assert_int_eq(file.sweeps_done[c], own[c] ? 15 : 0);
        count += own[c];
    }
    ck_assert(count > 0 && count < 12);
    ph_runfile_close(&file);
    ph_report_free(&report);
    ph_report_init(&report);
    ck_assert(run_part(1, 3, PH_OK, &report) == 0.0); /* all of it is there */
    ck_assert(small_says(&report, "is complete already"));
    ck_assert(!small_says(&report, "going on from"));
    ph_report_free(&report);
}
END_TEST

/* A file of that name that the grid does not contain, or that cannot be read, is not passed over.
 */
START_TEST(refused)
{
    ph_report_t report;
    ph_report_init(&report);
    set_grid("12", "samples: 2, replicas: 3");
    ck_assert_int_eq(small_run(&grid, merged, NULL), PH_OK);
    set_grid("12", "samples: 1, replicas: 3");
    run_part(0, 2, PH_ERR_MISMATCH, &report);
    ck_assert(small_says(&report, "holds results of 2 points that this grid does not contain"));
    ck_assert_int_eq(truncate(merged, 3000), 0);
    run_part(0, 2, PH_ERR_DAMAGED, &report);
    ph_report_free(&report);
}
END_TEST

PH_TEST_PROGRAM("base")
{
    TCase *tcase = tcase_create("base");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, grown, 0, 4);
    tcase_add_test(tcase, dealt_anew);
    tcase_add_test(tcase, own_chains);
    tcase_add_test(tcase, refused);
    return test_run("base", tcase);
}
