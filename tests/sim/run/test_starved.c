/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs without memory enough: they say so, and what they have done is gone on with to the same
 * bits; grids and files are read right or not at all. */
#include "sim/run/look.h"
#include "tests/sim/run/smallrun.h"
#include "tests/starve.h"

static const char GRID[] = "network: { neurons: 40, patterns: 2 }\nnoise: [0.2, 0.6]\n"
                           "dynamics: { sweeps: 6, burn_in: 2, record_every: 2 }\n"
                           "ensemble: { samples: 1, replicas: 3, lanes: 2 }\n"
                           "record: { states: { every: 4 } }\n";

static char folder[32], path[96], expected[96];
static ph_grid_t grid, parsed;
static ph_runfile_t file;

static int run(void)
{
    return small_run(&grid, path, NULL);
}

static bool right_run(void)
{
    return small_different(path, expected) == 0;
}

/* What has been left is gone on with, and its journal is used up. */
static void go_on(void)
{
    char journal[112];
    ck_assert_int_eq(run(), PH_OK);
    ck_assert(right_run());
    snprintf(journal, sizeof(journal), "%s.journal", path);
    ck_assert_int_ne(access(journal, F_OK), 0);
    ck_assert_int_eq(unlink(path), 0);
}

static int read_grid(void)
{
    return ph_grid_parse(&parsed, GRID, "test", 0, NULL, NULL);
}

static bool right_grid(void)
{
    return strcmp(parsed.text, grid.text) == 0 && ph_digest_equal(parsed.digest, grid.digest);
}

static void drop_grid(void)
{
    ph_grid_free(&parsed);
}

static int look_at(void)
{
    return ph_look_open(&file, expected, NULL);
}

static bool right_file(void)
{
    return ph_runfile_sweeps_done(&file, 1, 0, 2) == 8 &&
           strcmp(file.base.grid->text, grid.text) == 0;
}

static void drop_file(void)
{
    ph_runfile_close(&file);
}

/* A chain of a file, with its records. */
static ph_segment_t chain;

static int read_chain(void)
{
    int status = ph_runfile_open(&file, expected, NULL);
    return status == PH_OK ? ph_runfile_read(&file, 1, 0, 1, 1, 0, &chain, NULL) : status;
}

static bool right_chain(void)
{
    return chain.records == 4 && chain.sweep_to == 8 && chain.series != NULL;
}

static void drop_chain(void)
{
    ph_segment_free(&chain);
    memset(&chain, 0, sizeof(chain));
    ph_runfile_close(&file);
}

START_TEST(test_each)
{
    static const starve_work_t WORKS[] = {{"grid", read_grid, right_grid, drop_grid, 8},
                                          {"look", look_at, right_file, drop_file, 3},
                                          {"chain", read_chain, right_chain, drop_chain, 3},
                                          {"run", run, right_run, go_on, 2}};
    char status[96];
    small_folder(folder);
    small_path(path, folder, "run.h5");
    small_path(expected, folder, "expected.h5");
    parse(&grid, GRID);
    ck_assert_int_eq(small_run(&grid, expected, NULL), PH_OK);
    for (size_t w = 0; w < sizeof(WORKS) / sizeof(WORKS[0]); w++)
        ck_assert_int_ge(starve_each(&WORKS[w]), 100);
    ph_grid_free(&grid);
    unlink(expected);
    unlink(small_path(status, folder, "expected.h5.status"));
    unlink(small_path(status, folder, "run.h5.status"));
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

PH_TEST_MAIN("run_starved", test_each)
