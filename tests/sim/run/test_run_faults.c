/* SPDX-License-Identifier: GPL-3.0-or-later */

/* System calls that fail in the middle of a run: nothing is lost, and the same run later on ends
 * with the same bits. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sim/store/journal.h"
#include "sim/store/shard.h"
#include "tests/sim/run/smallrun.h"

/* What is to go wrong: with the journal's bytes from `read_from` on, its nth write, its nth sync,
 * or the nth look at the run file. 0 or negative: nothing. */
static struct {
    long read_from;
    int write, stat_path, sync;
    int die_at_write;
    bool spoil_at_sync;
} faults;

static char folder[32], path[96], journal_path[96], whole[96];
static ph_grid_t grid;

static bool is_journal(int descriptor)
{
    char link[64], name[128];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, name, sizeof(name) - 1);
    name[length > 0 ? length : 0] = '\0';
    return strcmp(name, journal_path) == 0;
}

/* These stand in for the C library's. */
ssize_t pread(int descriptor, void *bytes, size_t size, off_t offset)
{
    if (faults.read_from > 0 && offset + (off_t)size > faults.read_from && is_journal(descriptor)) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, descriptor, bytes, size, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    if (is_journal(descriptor)) {
        if (faults.die_at_write > 0 && --faults.die_at_write == 0)
            _exit(0);
        if (faults.write == 1) {
            errno = ENOSPC;
            return -1;
        }
        faults.write -= faults.write > 0;
    }
    return syscall(SYS_pwrite64, descriptor, bytes, size, offset);
}

int fsync(int descriptor)
{
    static const char spoiled[] = "\xa5\x5a\xa5";
    if (is_journal(descriptor)) {
        struct stat facts = {0};
        if (faults.sync > 0 && --faults.sync == 0) {
            errno = EIO;
            return -1;
        }
        if (faults.spoil_at_sync && fstat(descriptor, &facts) == 0)
            syscall(SYS_pwrite64, descriptor, spoiled, 3, facts.st_size / 2);
    }
    return (int)syscall(SYS_fsync, descriptor);
}

int stat(const char *name, struct stat *facts)
{
    if (faults.stat_path > 0 && strcmp(name, path) == 0 && --faults.stat_path == 0) {
        errno = EACCES;
        return -1;
    }
    return fstatat(AT_FDCWD, name, facts, 0);
}

static void setup(void)
{
    small_folder(folder);
    small_path(path, folder, "run.h5");
    small_path(journal_path, folder, "run.h5.journal");
    small_path(whole, folder, "whole.h5");
    parse(&grid, SMALL_GRID);
    ck_assert_int_eq(small_run(&grid, whole, NULL), PH_OK);
}

static void teardown(void)
{
    ph_grid_free(&grid);
    small_remove(folder);
}

/* A run that hands on after every sweep. */
static int run(ph_report_t *report)
{
    const ph_run_options_t options = {
        .path = path, .threads = 1, .shards = 1, .checkpoint_every = 1e-9};
    ph_run_summary_t summary;
    return ph_run(&grid, &options, &summary, report);
}

static void kill_at_write(int write)
{
    const pid_t child = fork();
    if (child == 0) {
        faults.die_at_write = write;
        run(NULL);
        _exit(1);
    }
    int result;
    ck_assert_int_eq(waitpid(child, &result, 0), child);
    ck_assert_int_eq(result, 0);
}

static ph_digest_t digest_of(const char *name)
{
    ph_digest_t digest;
    ck_assert_int_eq(ph_digest_file(name, &digest), PH_OK);
    return digest;
}

static void goes_on(void)
{
    memset(&faults, 0, sizeof(faults));
    ck_assert_int_eq(run(NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, whole), 0);
    ck_assert_int_ne(access(journal_path, F_OK), 0);
}

/* A journal that cannot be read when a run is taken up: an input error, and not a byte changed. */
START_TEST(unreadable_at_resume)
{
    static const long places[] = {1, 25, 60, 200, 4000, 20000};
    kill_at_write(40);
    const ph_digest_t before = digest_of(journal_path);
    for (size_t k = 0; k < sizeof(places) / sizeof(places[0]); k++) {
        ph_report_t report;
        ph_report_init(&report);
        faults.read_from = places[k];
        ck_assert_int_eq(run(&report), PH_ERR_IO);
        ck_assert(small_says(&report, journal_path));
        ck_assert(small_says(&report, strerror(EIO)));
        ck_assert(ph_digest_equal(digest_of(journal_path), before));
        ck_assert_int_ne(access(path, F_OK), 0);
        ph_report_free(&report);
    }
    goes_on();
}
END_TEST

/* One that cannot be read when the file is put together, or has three bytes changed by then. */
START_TEST(unreadable_at_the_end)
{
    for (int spoiled = 0; spoiled < 2; spoiled++) {
        ph_report_t report;
        ph_report_init(&report);
        faults.read_from = spoiled ? 0 : 5000;
        faults.spoil_at_sync = spoiled;
        ck_assert_int_eq(run(&report), spoiled ? PH_ERR_DAMAGED : PH_ERR_IO);
        ck_assert(small_says(&report, journal_path));
        ck_assert_int_ne(access(path, F_OK), 0);
        ck_assert_int_eq(access(journal_path, F_OK), 0);
        ph_report_free(&report);
        goes_on();
        ck_assert_int_eq(unlink(path), 0);
    }
}
END_TEST

/* An old file that cannot be looked at, first or when it is put together with the journal, is not
 * taken for one that is not there. */
START_TEST(old_file_out_of_sight)
{
    ph_grid_t small;
    parse(&small, "network: { neurons: 40, patterns: 2 }\nnoise: 0.6\n"
                  "dynamics: { sweeps: 12, burn_in: 3, record_every: 2 }\n"
                  "ensemble: { samples: 2, replicas: 3, lanes: 2 }\n");
    enum { MANY = 1000000 };
    int failed = 0, calls = 0;
    for (int k = -1; k < 12; k++) {
        const int call = k < 0 ? MANY : k < 3 ? k + 1 : calls - 11 + k;
        ck_assert_int_eq(small_run(&small, path, NULL), PH_OK);
        const ph_digest_t before = digest_of(path);
        faults.stat_path = call;
        const int status = run(NULL);
        if (k < 0)
            calls = MANY - faults.stat_path;
        if (status != PH_OK) {
            failed++;
            ck_assert_int_eq(status, PH_ERR_IO);
            ck_assert(ph_digest_equal(digest_of(path), before));
        }
        goes_on();
        ck_assert_int_eq(unlink(path), 0);
    }
    ck_assert_int_ge(failed, 2);
    ph_grid_free(&small);
}
END_TEST

/* No room for a segment: what was handed on before is in the file, nothing was begun where that was
 * the first, and the run goes on from there. */
START_TEST(no_room_in_the_journal)
{
    for (int write = 2; write < 60; write += 19) {
        ph_report_t report;
        ph_report_init(&report);
        faults.write = write;
        ck_assert_int_eq(run(&report), PH_ERR_IO);
        ck_assert(small_says(&report, "cannot append"));
        ck_assert(!small_says(&report, "(null)"));
        ck_assert_uint_eq(report.count, 1);
        ck_assert_int_eq(access(path, F_OK) == 0, write > 2);
        ck_assert_int_ne(access(journal_path, F_OK), 0);
        ph_report_free(&report);
        goes_on();
        ck_assert_int_eq(unlink(path), 0);
    }
}
END_TEST

/* A journal that cannot be brought to the disk: the file has it all, the journal stays. */
START_TEST(no_sync_at_the_end)
{
    kill_at_write(40);
    ph_journal_index_t index;
    ck_assert_int_eq(ph_journal_scan(journal_path, &index, NULL), PH_OK);
    ck_assert_uint_gt(index.count, 30);
    ph_journal_index_free(&index);
    faults.sync = 1; /* when it is opened */
    ck_assert_int_eq(run(NULL), PH_ERR_IO);
    ck_assert_int_ne(access(path, F_OK), 0);
    faults.sync = 2;
    ck_assert_int_eq(run(NULL), PH_ERR_IO);
    ck_assert_uint_eq(small_different(path, whole), 0);
    ck_assert_int_eq(access(journal_path, F_OK), 0);
    goes_on();
}
END_TEST

/* Options left at zero mean the whole grid; a shard that there is not leaves nothing behind. */
START_TEST(shards)
{
    static const uint32_t WRONG[][2] = {{1, 0}, {2, 2}, {0, PH_SHARDS_MAX + 1}};
    ph_run_options_t options = {.path = path, .threads = 1};
    ph_run_summary_t summary;
    for (size_t k = 0; k < sizeof(WRONG) / sizeof(WRONG[0]); k++) {
        ph_report_t report;
        ph_report_init(&report);
        options.shard = WRONG[k][0];
        options.shards = WRONG[k][1];
        ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_ERR_INPUT);
        ck_assert(small_says(&report, "expected a shard below"));
        ck_assert_int_ne(access(path, F_OK), 0);
        ck_assert_int_ne(access(journal_path, F_OK), 0);
        ph_report_free(&report);
    }
    options.shard = options.shards = 0;
    ck_assert_int_eq(ph_run(&grid, &options, &summary, NULL), PH_OK);
    ck_assert_uint_eq(small_different(path, whole), 0);
}
END_TEST

PH_TEST_PROGRAM("run_faults")
{
    TCase *tcase = tcase_create("run_faults");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, unreadable_at_resume);
    tcase_add_test(tcase, unreadable_at_the_end);
    tcase_add_test(tcase, old_file_out_of_sight);
    tcase_add_test(tcase, no_room_in_the_journal);
    tcase_add_test(tcase, no_sync_at_the_end);
    tcase_add_test(tcase, shards);
    return test_run("run_faults", tcase);
}
