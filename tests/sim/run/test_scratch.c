/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs in a folder of the node: what is brought there, and what comes back. */
#include "sim/run/scratch.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/file.h"
#include "sim/store/journal.h"
#include "tests/sim/run/smallrun.h"

static char folder[32], scratch[96], home[96], journal[112], fresh[96];
static ph_grid_t grid;

static void setup(void)
{
    small_folder(folder);
    small_path(scratch, folder, "scratch");
    small_path(home, folder, "run.h5");
    small_path(fresh, folder, "fresh.h5");
    snprintf(journal, sizeof(journal), "%s.journal", home);
    ck_assert_int_eq(mkdir(scratch, 0700), 0);
    parse(&grid, SMALL_GRID);
    ck_assert_int_eq(small_run(&grid, fresh, NULL), PH_OK);
}

static void teardown(void)
{
    ph_grid_free(&grid);
    small_remove(folder);
}

static int run(const volatile sig_atomic_t *stop, double *updates, ph_report_t *report)
{
    const ph_run_options_t options = {.path = home, .threads = 1, .stop = stop};
    ph_run_summary_t summary;
    const int status = ph_run_scratch(&grid, &options, scratch, &summary, report);
    if (updates != NULL)
        *updates = summary.updates;
    return status;
}

static bool there(const char *path)
{
    bool exists = false;
    ck_assert_int_eq(ph_file_exists(path, &exists, NULL), PH_OK);
    return exists;
}

static size_t left_in_scratch(void)
{
    size_t count = 0;
    DIR *open = opendir(scratch);
    ck_assert_ptr_nonnull(open);
    for (const struct dirent *entry; (entry = readdir(open)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(open);
    return count;
}

/* The bits of a run without, nothing left behind, the status where it belongs; then nothing to do,
 * and what has grown is extended. */
START_TEST(to_its_end)
{
    char name[112];
    double updates;
    struct stat before, after;
    snprintf(name, sizeof(name), "%s.status", home);
    ck_assert_int_eq(run(NULL, NULL, NULL), PH_OK);
    ck_assert_uint_eq(small_different(home, fresh), 0);
    ck_assert(there(name) && !there(journal));
    ck_assert_uint_eq(left_in_scratch(), 0);
    ck_assert_int_eq(stat(home, &before), 0);
    ck_assert_int_eq(run(NULL, &updates, NULL), PH_OK);
    ck_assert(updates == 0.0);
    ck_assert_int_eq(stat(home, &after), 0);
    ck_assert(before.st_ino == after.st_ino); /* not written once more */
    ph_grid_free(&grid);
    parse(&grid, "network: { neurons: 40, patterns: 2 }\nnoise: [0.2, 0.6]\n"
                 "dynamics: { sweeps: 12, burn_in: 3, record_every: 2 }\n"
                 "ensemble: { samples: 3, replicas: 3, lanes: 2 }\n");
    ck_assert_int_eq(run(NULL, &updates, NULL), PH_OK);
    ck_assert(updates == 2.0 * 40 * 15 * 3);
    unlink(fresh);
    ck_assert_int_eq(small_run(&grid, fresh, NULL), PH_OK);
    ck_assert_uint_eq(small_different(home, fresh), 0);
}
END_TEST

/* A journal that a killed run has left, with rubbish at its end, is taken up and goes. */
START_TEST(journal_at_home)
{
    ph_runfile_t file;
    ph_journal_t open;
    ph_journal_index_t index;
    ph_segment_t segment;
    double updates;
    ck_assert_int_eq(ph_runfile_open(&file, fresh, NULL), PH_OK);
    ck_assert_int_eq(ph_journal_open(&open, journal, &index, NULL), PH_OK);
    ph_journal_index_free(&index);
    small_read(&file, 1, 1, 2, &segment);
    ck_assert_int_eq(ph_journal_append(&open, &segment, NULL), PH_OK);
    ph_segment_free(&segment);
    ph_journal_close(&open);
    ph_runfile_close(&file);
    FILE *tail = fopen(journal, "a");
    ck_assert_ptr_nonnull(tail);
    fputs("torn", tail);
    fclose(tail);
    ck_assert_int_eq(run(NULL, &updates, NULL), PH_OK);
    ck_assert(updates == 40.0 * 15 * 11);
    ck_assert(!there(journal));
    ck_assert_uint_eq(small_different(home, fresh), 0);
}
END_TEST

/* Stopped, refused, or with no room at home: nothing that was there before is lost. */
START_TEST(not_to_its_end)
{
    static const volatile sig_atomic_t stop = 1;
    char partial[112];
    ph_report_t report;
    ph_report_init(&report);
    ck_assert_int_eq(run(&stop, NULL, NULL), PH_ERR_INTERRUPTED);
    ck_assert_uint_eq(left_in_scratch(), 0);
    snprintf(partial, sizeof(partial), "%s.partial", home);
    ck_assert_int_eq(mkdir(partial, 0700), 0);
    snprintf(partial, sizeof(partial), "%s.partial/full", home);
    ck_assert_int_eq(mkdir(partial, 0700), 0);
    unlink(home);
    ck_assert_int_eq(run(NULL, NULL, &report), PH_ERR_IO);
    ck_assert(small_says(&report, "what was computed is in"));
    ck_assert(!there(home));
    ck_assert_uint_eq(left_in_scratch(), 1);
    snprintf(scratch, sizeof(scratch), "%s/nowhere", folder);
    ck_assert_int_eq(run(NULL, NULL, &report), PH_ERR_IO);
    ck_assert(small_says(&report, "no folder for scratch"));
    ph_report_free(&report);
}
END_TEST

PH_TEST_PROGRAM("scratch")
{
    TCase *tcase = tcase_create("scratch");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, to_its_end);
    tcase_add_test(tcase, journal_at_home);
    tcase_add_test(tcase, not_to_its_end);
    return test_run("scratch", tcase);
}
