/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A run seen at any moment from its journal and its file, against what it has in the end. */
#include <fcntl.h>
#include <sys/stat.h>

#include "sim/run/look.h"
#include "tests/sim/run/smallrun.h"

/* Of 2 points, 2 blocks and 11 sweeps, each of which is a record. */
static const char GRID[] = "network: { neurons: 40, patterns: 2 }\nnoise: [0.2, 0.6]\n"
                           "dynamics: { sweeps: 8, burn_in: 3, record_every: 2 }\n"
                           "ensemble: { samples: 1, replicas: 3, lanes: 2 }\n";

enum { EVERY = 11, KEPT_MAX = 64 };

static char folder[32], path[96];
static ph_grid_t grid;
static ph_report_t report;
static size_t saved_times, kept;

static void setup(void)
{
    small_folder(folder);
    small_path(path, folder, "run.h5");
    parse(&grid, GRID);
    ph_report_init(&report);
    saved_times = kept = 0;
}

static void teardown(void)
{
    ph_grid_free(&grid);
    ph_report_free(&report);
    small_remove(folder);
}

static void forget_messages(void)
{
    ph_report_free(&report);
    ph_report_init(&report);
}

static void copy_file(const char *from, const char *to)
{
    static char bytes[1 << 20];
    FILE *source = fopen(from, "rb"), *target = fopen(to, "wb");
    ck_assert(source != NULL && target != NULL);
    const size_t size = fread(bytes, 1, sizeof(bytes), source);
    ck_assert(size < sizeof(bytes) && fwrite(bytes, 1, size, target) == size);
    fclose(source);
    ck_assert_int_eq(fclose(target), 0);
}

/* PATH.journal */
static const char *journal_of(char *name, const char *own)
{
    snprintf(name, 112, "%s.journal", own);
    return name;
}

/* FOLDER/kept-NUMBER.h5, a run that was killed after so many records of its journal. */
static const char *kept_path(char *name, size_t number)
{
    char own[32];
    snprintf(own, sizeof(own), "kept-%zu.h5", number);
    return small_path(name, folder, own);
}

static void keep(void *context, uint64_t bytes)
{
    char own[96], from[112], to[112];
    (void)context;
    (void)bytes;
    if (saved_times++ % EVERY == 0 && kept < KEPT_MAX)
        copy_file(journal_of(from, path), journal_of(to, kept_path(own, kept++)));
}

/* Runs the grid, and keeps its journal as it was every few records. */
static void run_and_keep(void)
{
    const ph_run_options_t options = {
        .path = path, .threads = 1, .checkpoint_every = 1e-9, .saved = keep};
    ph_run_summary_t summary;
    ck_assert_int_eq(ph_run(&grid, &options, &summary, NULL), PH_OK);
    ck_assert(kept >= 4 && kept < KEPT_MAX);
}

/* Whether a chain as it is seen is the beginning of what it is in the end. */
static void check_chain(ph_runfile_t *seen, ph_runfile_t *whole, size_t p, uint32_t s, uint32_t r)
{
    ph_segment_t a, b;
    small_read(whole, p, s, r, &b);
    ck_assert_int_ge(ph_runfile_sweeps_done(seen, p, s, r), 0);
    if (ph_runfile_sweeps_done(seen, p, s, r) > 0) {
        small_read(seen, p, s, r, &a);
        ck_assert_uint_le(a.records, b.records);
        ck_assert(small_equal(a.series, b.series, (size_t)(a.records * a.components)));
        ck_assert(a.records < b.records ||
                  memcmp(a.spins, b.spins, ph_segment_spin_bytes(a.state_bits)) == 0);
        ph_segment_free(&a);
    }
    ph_segment_free(&b);
}

/* Sweeps that all chains of a run have, each of them looked at; how many points are complete. */
static uint64_t check_run(const char *own, ph_runfile_t *whole, size_t *complete)
{
    ph_runfile_t seen;
    uint64_t sweeps = 0;
    *complete = 0;
    forget_messages();
    ck_assert_int_eq(ph_look_open(&seen, own, &report), PH_OK);
    ck_assert(ph_digest_equal(seen.base.grid->digest, grid.digest));
    for (size_t p = 0; p < grid.points_count; p++) {
        *complete += ph_runfile_point_status(&seen, p) == PH_POINT_COMPLETE;
        for (uint32_t s = 0; s < grid.samples; s++)
            for (uint32_t r = 0; r < grid.replicas; r++) {
                check_chain(&seen, whole, p, s, r);
                sweeps += (uint64_t)ph_runfile_sweeps_done(&seen, p, s, r);
            }
    }
    ph_runfile_close(&seen);
    return sweeps;
}

/* Without a file yet: all that a journal has is there, to the bit, and nothing else; it grows; the
 * count is the same without putting anything together, the grid is the run's, the notes say it. */
START_TEST(test_killed)
{
    ph_runfile_t whole;
    uint64_t before = 0;
    run_and_keep();
    ck_assert_int_eq(ph_runfile_open(&whole, path, NULL), PH_OK);
    for (size_t k = 0; k < kept; k++) {
        char own[96], text[300];
        size_t complete;
        ph_look_t found;
        ph_grid_t its;
        const uint64_t sweeps = check_run(kept_path(own, k), &whole, &complete);
        ck_assert_uint_gt(sweeps, before);
        before = sweeps;
        snprintf(text, sizeof(text), "%s: %s: %zu of 2 points, from %s.journal", own,
                 complete == 2 ? "not put together yet" : "unfinished", complete, own);
        ck_assert_msg(report.count == 1 && small_says(&report, text), "%s", text);
        ck_assert_int_eq(ph_look_count(own, &found, NULL), PH_OK);
        ck_assert(found.points == 2 && found.points_complete == complete && found.journal);
        ck_assert(!found.shard);
        ck_assert_int_eq(ph_look_grid(own, &its, NULL), PH_OK);
        ck_assert_str_eq(its.text, grid.text);
        ph_grid_free(&its);
        ck_assert_int_ne(access(own, F_OK), 0);
    }
    ph_runfile_close(&whole);
}
END_TEST

/* A finished run says nothing; beside a file what a journal has of the same run adds nothing. */
START_TEST(test_finished)
{
    ph_runfile_t whole;
    ph_look_t found;
    size_t complete;
    char own[96], from[112], to[112];
    run_and_keep();
    ck_assert_int_eq(ph_runfile_open(&whole, path, NULL), PH_OK);
    for (int beside = 0; beside < 2; beside++) {
        if (beside)
            copy_file(journal_of(from, kept_path(own, kept - 1)), journal_of(to, path));
        ck_assert_uint_eq(check_run(path, &whole, &complete), 2 * 3 * 11);
        ck_assert_uint_eq(complete, 2);
        ck_assert_uint_eq(report.count, beside ? 1 : 0);
        ck_assert_int_eq(ph_look_count(path, &found, NULL), PH_OK);
        ck_assert(found.points == 2 && found.points_complete == 2);
        ck_assert(found.journal == (beside != 0));
    }
    ck_assert(small_says(&report, "not put together yet: 2 of 2 points"));
    ph_runfile_close(&whole);
}
END_TEST

/* Turns one bit of the last byte but so many of a file. */
static void spoil(const char *name, long before)
{
    FILE *file = fopen(name, "r+b");
    ck_assert(file != NULL && fseek(file, -1 - before, SEEK_END) == 0);
    const int byte = fgetc(file);
    ck_assert(fseek(file, -1, SEEK_CUR) == 0 && fputc(byte ^ 4, file) != EOF);
    ck_assert_int_eq(fclose(file), 0);
}

/* A record that is only half appended is not there yet, and no fault; one that is damaged is left
 * out, and said. Nothing is cut off or written. */
START_TEST(test_not_whole)
{
    ph_runfile_t whole;
    run_and_keep();
    ck_assert_int_eq(ph_runfile_open(&whole, path, NULL), PH_OK);
    for (int damaged = 0; damaged < 2; damaged++) {
        char own[96], journal[112];
        size_t complete;
        struct stat before, after;
        const uint64_t all =
            check_run(kept_path(own, kept - 1 - (size_t)damaged), &whole, &complete);
        ck_assert_int_eq(stat(journal_of(journal, own), &before), 0);
        if (damaged)
            spoil(journal, 40);
        else
            ck_assert_int_eq(truncate(journal, --before.st_size), 0);
        ck_assert_uint_lt(check_run(own, &whole, &complete), all);
        ck_assert_uint_eq(report.count, damaged ? 2 : 1);
        ck_assert(
            small_says(&report, "1 records that are damaged or not whole yet were left out") ==
            (damaged != 0));
        ck_assert_int_eq(stat(journal, &after), 0);
        ck_assert_int_eq(after.st_size, before.st_size);
    }
    ph_runfile_close(&whole);
}
END_TEST

/* What is not there, and a journal beside the file of another run, are refused by name. */
START_TEST(test_refused)
{
    ph_runfile_t seen;
    ph_look_t found;
    ph_grid_t other;
    char own[96], from[112], to[112], nothing[96];
    ck_assert_int_eq(ph_look_open(&seen, small_path(nothing, folder, "none.h5"), &report),
                     PH_ERR_IO);
    ck_assert(small_says(&report, "none.h5"));
    ph_runfile_close(&seen);
    ck_assert_int_eq(ph_look_count(nothing, &found, NULL), PH_ERR_IO);
    ck_assert_int_eq(ph_look_grid(nothing, &other, NULL), PH_ERR_IO);
    ph_grid_free(&other);
    run_and_keep();
    ck_assert_int_eq(unlink(path), 0);
    parse_with(&other, GRID, "seed=2");
    ck_assert_int_eq(small_run(&other, path, NULL), PH_OK);
    copy_file(journal_of(from, kept_path(own, kept - 1)), journal_of(to, path));
    forget_messages();
    ck_assert_int_eq(ph_look_open(&seen, path, &report), PH_ERR_MISMATCH);
    ck_assert_uint_ge(ph_report_errors(&report), 1);
    ph_runfile_close(&seen);
    ck_assert_int_eq(ph_look_count(path, &found, NULL), PH_ERR_MISMATCH);
    ph_grid_free(&other);
}
END_TEST

/* A part of a run is known as one; it is done when all of its own is, and not before. */
START_TEST(test_shard)
{
    static const volatile sig_atomic_t stop = 1;
    for (uint32_t shard = 0; shard < 2; shard++)
        for (int finished = 0; finished < 2; finished++) {
            const ph_run_options_t options = {.path = path,
                                              .threads = 1,
                                              .shard = shard,
                                              .shards = 2,
                                              .checkpoint_every = 1e-9,
                                              .stop = finished ? NULL : &stop};
            ph_run_summary_t summary;
            ph_look_t found;
            bool done = finished == 0;
            ck_assert_int_eq(ph_run(&grid, &options, &summary, NULL),
                             finished ? PH_OK : PH_ERR_INTERRUPTED);
            if (!finished && access(path, F_OK) != 0)
                continue; /* nothing was done yet */
            ck_assert_int_eq(ph_look_shard_done(path, &done, NULL), PH_OK);
            ck_assert(done == (finished != 0));
            ck_assert_int_eq(ph_look_count(path, &found, NULL), PH_OK);
            ck_assert(found.shard && found.points == 2);
            if (finished)
                ck_assert_int_eq(unlink(path), 0);
        }
}
END_TEST

PH_TEST_PROGRAM("look")
{
    TCase *tcase = tcase_create("look");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, test_killed);
    tcase_add_test(tcase, test_finished);
    tcase_add_test(tcase, test_not_whole);
    tcase_add_test(tcase, test_refused);
    tcase_add_test(tcase, test_shard);
    return test_run("look", tcase);
}
