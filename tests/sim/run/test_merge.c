/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shards put together: files and journals, complete or not, and what is said of what is missing. */
#include <stdlib.h>

#include "base/file.h"
#include "sim/run/assemble.h"
#include "sim/run/checkpoint_index.h"
#include "sim/run/merge.h"
#include "tests/sim/run/smallrun.h"
#include "tests/sim/store/sample.h"

enum { SHARDS = 3 };

static char folder[32], whole[96], merged[96], parts[SHARDS][96];
static ph_grid_t grid;

static void setup(void)
{
    small_folder(folder);
    small_path(whole, folder, "whole.h5");
    small_path(merged, folder, "merged.h5");
    parse(&grid, SMALL_GRID "record: { states: { every: 4 } }\n");
    ck_assert_int_eq(small_run(&grid, whole, NULL), PH_OK);
    for (uint32_t i = 0; i < SHARDS; i++) {
        char name[32];
        snprintf(name, sizeof(name), "run.%u-of-%d.h5", i, SHARDS);
        const ph_run_options_t options = {
            .path = small_path(parts[i], folder, name), .threads = 1, .shard = i, .shards = SHARDS};
        ph_run_summary_t summary;
        ck_assert_int_eq(ph_run(&grid, &options, &summary, NULL), PH_OK);
    }
}

static void teardown(void)
{
    ph_grid_free(&grid);
    small_remove(folder);
}

static bool there(const char *path)
{
    bool exists = false;
    ck_assert_int_eq(ph_file_exists(path, &exists, NULL), PH_OK);
    return exists;
}

/* As if the run of this file had been killed before it was put in place: all is in the journal. */
static void leave_journal(const char *path)
{
    char name[112];
    ph_runfile_t file;
    ph_journal_t journal;
    ph_journal_index_t index;
    snprintf(name, sizeof(name), "%s.journal", path);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    ck_assert_int_eq(ph_journal_open(&journal, name, &index, NULL), PH_OK);
    ph_journal_index_free(&index);
    for (size_t p = 0; p < 2; p++)
        for (uint32_t s = 0; s < 2; s++)
            for (uint32_t r = 0; r < 3; r++) {
                ph_segment_t segment;
                if (ph_runfile_sweeps_done(&file, p, s, r) == 0)
                    continue;
                small_read(&file, p, s, r, &segment);
                ck_assert_int_eq(ph_journal_append(&journal, &segment, NULL), PH_OK);
                ph_segment_free(&segment);
            }
    ph_journal_close(&journal);
    ph_runfile_close(&file);
    ck_assert_int_eq(unlink(path), 0);
}

static int merge(size_t count, const char *const *paths, ph_report_t *report)
{
    return ph_run_merge(count, paths, merged, false, NULL, report);
}

/* Chains of the merged file that differ from those of one run. */
static void check_whole(void)
{
    ph_runfile_t file;
    ck_assert_uint_eq(small_different(whole, merged), 0);
    ck_assert_int_eq(ph_runfile_open(&file, merged, NULL), PH_OK);
    const ph_shard_t shard = ph_shard_read(&file.base);
    ck_assert(shard.number == 0 && shard.count == 1); /* no shard any more */
    ph_runfile_close(&file);
}

/* All shards, in any order and one of them twice, are the run without shards, bit for bit. */
START_TEST(all_shards)
{
    const char *const paths[] = {parts[2], parts[0], parts[1], parts[0]};
    ph_report_t report;
    ph_report_init(&report);
    ck_assert_int_eq(merge(4, paths, &report), PH_OK);
    ck_assert_uint_eq(report.count, 0);
    check_whole();
    ph_report_free(&report);
}
END_TEST

/* What is missing is told by number, what there is is kept; the rest later makes it whole. */
START_TEST(missing_shards)
{
    const char *const first[] = {parts[1]}, *const rest[] = {parts[0], parts[2]};
    ph_report_t report;
    ph_report_init(&report);
    ck_assert_int_eq(merge(1, first, &report), PH_ERR_INTERRUPTED);
    ck_assert(small_says(&report, "2 of 2 points are not complete in these files"));
    ck_assert(small_says(&report, "missing: shards 0, 2 of 3"));
    ck_assert(!small_says(&report, "not finished"));
    ck_assert_int_eq(merge(2, rest, &report), PH_OK);
    ck_assert(small_says(&report, "exists already: what it holds is kept"));
    check_whole();
    ph_report_free(&report);
}
END_TEST

/* The journal of a shard that was killed is taken up: beside another shard by its name, or where it
 * is named itself, first or last. */
START_TEST(killed_shard)
{
    const char *const all[] = {parts[0], parts[1], parts[2]};
    const char *const others[] = {parts[0], parts[2]};
    ph_report_t report;
    ph_report_init(&report);
    leave_journal(parts[_i % 2 == 0 ? 1 : 0]);
    if (_i < 2)
        ck_assert_int_eq(merge(3, all, &report), PH_OK);
    else
        ck_assert_int_eq(merge(_i == 2 ? 2 : 1, _i == 2 ? others : all + 2, &report),
                         _i == 2 ? PH_OK : PH_ERR_INTERRUPTED);
    ck_assert(small_says(&report, "is not there, but its journal is"));
    if (_i < 3) {
        ck_assert_uint_eq(report.count, 1);
        check_whole();
    } else {
        ck_assert(small_says(&report, "missing: shard 1 of 3"));
    }
    ph_report_free(&report);
}
END_TEST

/* A shard of which nothing was run: told as not finished, though it was given. */
START_TEST(unfinished_shard)
{
    const char *const paths[] = {parts[0], parts[1], parts[2]};
    ph_report_t report;
    ph_runfile_t half;
    ph_report_init(&report);
    ck_assert_int_eq(ph_runfile_create(&half, merged, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_shard_write(&half.base, (ph_shard_t){1, SHARDS}, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_commit(&half, NULL), PH_OK);
    ph_runfile_close(&half);
    ck_assert_int_eq(rename(merged, parts[1]), 0);
    ck_assert_int_eq(merge(3, paths, &report), PH_ERR_INTERRUPTED);
    ck_assert(small_says(&report, "not finished: shard 1 of 3"));
    ck_assert(!small_says(&report, "missing"));
    ph_report_free(&report);
}
END_TEST

/* What cannot be merged leaves nothing behind: the output among the inputs, no input, a file that
 * is not there, one of another grid. */
START_TEST(refused)
{
    char other[96];
    ph_grid_t another;
    ph_report_t report;
    ph_report_init(&report);
    const char *const itself[] = {parts[0], merged}, *const none[] = {merged};
    const char *const gone[] = {parts[0], "/no/such/folder/a.h5", parts[1]};
    ck_assert_int_eq(merge(2, itself, &report), PH_ERR_INPUT);
    ck_assert(small_says(&report, "is both a file to merge and the output"));
    ck_assert_int_eq(merge(0, none, &report), PH_ERR_INPUT);
    ck_assert(small_says(&report, "no files to merge"));
    ck_assert_int_eq(merge(3, gone, &report), PH_ERR_IO);
    ck_assert(small_says(&report, "/no/such/folder/a.h5"));
    parse(&another, "network: { neurons: 40, patterns: 2 }\nnoise: [0.2, 0.7]\n"
                    "dynamics: { sweeps: 12, burn_in: 3, record_every: 2 }\n"
                    "ensemble: { samples: 2, replicas: 3, lanes: 2 }\n");
    ck_assert_int_eq(small_run(&another, small_path(other, folder, "other.h5"), NULL), PH_OK);
    const char *const mixed[] = {parts[0], other};
    ck_assert_int_eq(merge(2, mixed, &report), PH_ERR_MISMATCH);
    ck_assert(small_says(&report, "belongs to another grid than"));
    ck_assert(small_says(&report, "noise: 0.6 only in"));
    ck_assert(!there(merged));
    ph_grid_free(&another);
    ph_report_free(&report);
}
END_TEST

/* A shard of another number of shards is noted, its chains taken. */
START_TEST(other_shards)
{
    char half[96];
    ph_report_t report;
    ph_run_summary_t summary;
    ph_report_init(&report);
    const ph_run_options_t options = {
        .path = small_path(half, folder, "half.h5"), .threads = 1, .shard = 0, .shards = 2};
    ck_assert_int_eq(ph_run(&grid, &options, &summary, NULL), PH_OK);
    const char *const paths[] = {parts[0], half, parts[1], parts[2]};
    ck_assert_int_eq(merge(4, paths, &report), PH_OK);
    ck_assert(small_says(&report, "is shard 0 of 2, not of 3"));
    check_whole();
    ph_report_free(&report);
}
END_TEST

static int assemble(ph_checkpoint_index_t *index, ph_shard_t shard, const char *kernel,
                    ph_report_t *report)
{
    return ph_checkpoint_index_assemble(index, merged, shard, kernel, report);
}

/* Assembled from overlapping pieces of files and journals, each chain has its records, sums and
 * spins once; the shard and the kernel are noted. */
START_TEST(assembled)
{
    char journal_path[96], file_path[96];
    ph_checkpoint_index_t index;
    ph_journal_index_t entries;
    ph_journal_t journal;
    ph_segment_t segment;
    ph_runfile_t file;
    const uint64_t steps[] = {0, 4, 3, 9, 9, 15}; /* from, to, from, to, ... */
    ck_assert_int_eq(sample_run(&grid, small_path(file_path, folder, "file.h5"), NULL), PH_OK);
    small_path(journal_path, folder, "journal");
    ck_assert_int_eq(ph_journal_open(&journal, journal_path, &entries, NULL), PH_OK);
    ph_journal_index_free(&entries);
    for (size_t k = 0; k < 6; k += 2)
        for (uint32_t s = 0; s < 2; s++) {
            ck_assert_int_eq(sample_segment(&segment, &grid, 1, s, 0, 3, steps[k], steps[k + 1]),
                             PH_OK);
            ck_assert_int_eq(ph_journal_append(&journal, &segment, NULL), PH_OK);
            ph_segment_free(&segment);
        }
    ph_journal_close(&journal);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_checkpoint_index_add_file(&index, file_path, NULL), PH_OK);
    ph_source_close(&index.sources[0]);
    ck_assert_int_eq(ph_journal_scan(journal_path, &entries, NULL), PH_OK);
    ck_assert_int_eq(ph_checkpoint_index_add_journal(&index, journal_path, &entries, NULL), PH_OK);
    ck_assert_uint_eq(ph_checkpoint_index_points_complete(&index), 2);
    ck_assert_int_eq(assemble(&index, (ph_shard_t){3, 7}, "reference", NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&file, merged, NULL), PH_OK);
    const ph_shard_t shard = ph_shard_read(&file.base);
    ck_assert(shard.number == 3 && shard.count == 7);
    for (size_t p = 0; p < 2; p++)
        for (uint32_t s = 0; s < 2; s++)
            for (uint32_t r = 0; r < 3; r++) {
                ph_segment_t right;
                ck_assert_int_eq(ph_runfile_read(&file, p, s, r, 1, 0, &segment, NULL), PH_OK);
                ck_assert_int_eq(sample_segment(&right, &grid, p, s, r, 1, 0, 15), PH_OK);
                ck_assert(segment.sweep_to == 15 && segment.records == right.records);
                ck_assert(small_equal(segment.series, right.series,
                                      (size_t)(right.records * right.components)));
                ck_assert(small_equal(segment.sums, right.sums,
                                      (size_t)right.components * PH_MOMENT_WORDS));
                ck_assert_int_eq(memcmp(segment.spins, right.spins, 5), 0);
                ph_segment_free(&right);
                ph_segment_free(&segment);
            }
    ck_assert_int_eq(ph_runfile_verify(&file, NULL), PH_OK);
    ph_runfile_close(&file);
    ph_checkpoint_index_free(&index);
}
END_TEST

/* What a source had when it was taken in, and has no more, is damage: nothing is put in place. */
START_TEST(source_lost_meanwhile)
{
    char journal_path[112];
    ph_checkpoint_index_t index;
    ph_journal_index_t entries;
    ph_report_t report;
    ph_report_init(&report);
    leave_journal(parts[0]);
    snprintf(journal_path, sizeof(journal_path), "%s.journal", parts[0]);
    ck_assert_int_eq(ph_checkpoint_index_init(&index, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_journal_scan(journal_path, &entries, NULL), PH_OK);
    ck_assert_int_eq(ph_checkpoint_index_add_journal(&index, journal_path, &entries, NULL), PH_OK);
    size_t last = 0;
    while (index.done[last] == 0)
        last++;
    index.done[last]++; /* one sweep more than there is */
    ck_assert_int_eq(assemble(&index, (ph_shard_t){0, 1}, NULL, &report), PH_ERR_DAMAGED);
    ck_assert(small_says(&report, "of the 16 sweeps of point"));
    ck_assert(small_says(&report, "only 15 could be put together; nothing was changed"));
    ck_assert(!there(merged));
    ck_assert_int_eq(truncate(journal_path, 20), 0);
    index.done[last]--;
    ck_assert_int_ne(assemble(&index, (ph_shard_t){0, 1}, NULL, &report), PH_OK);
    ck_assert(!there(merged));
    ph_checkpoint_index_free(&index);
    ph_report_free(&report);
}
END_TEST

PH_TEST_PROGRAM("merge")
{
    TCase *tcase = tcase_create("merge");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, all_shards);
    tcase_add_test(tcase, missing_shards);
    tcase_add_loop_test(tcase, killed_shard, 0, 4);
    tcase_add_test(tcase, unfinished_shard);
    tcase_add_test(tcase, refused);
    tcase_add_test(tcase, other_shards);
    tcase_add_test(tcase, assembled);
    tcase_add_test(tcase, source_lost_meanwhile);
    return test_run("merge", tcase);
}
