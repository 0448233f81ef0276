/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chains that a version with a fault may have sampled wrong are told, and nothing is joined to
 * them; others, and files of today, are not spoken of. */
#include <hdf5.h>
#include <polyhebb/runfile.h>

#include "sim/run/doubt.h"
#include "sim/run/look.h"
#include "sim/run/merge.h"
#include "sim/store/mended.h"
#include "tests/sim/run/smallrun.h"

/* One point of two has fields beyond the old kernel's table that are open to chance. */
#define DOUBTFUL(NETWORK, DYNAMICS, REST)                                                          \
    "network: { rule: supervised, neurons: 700, patterns: 2, examples: 100, quality: 0.3, "        \
    "dilution: 0.2" NETWORK " }\nnoise: [0.001, 0.5]\n"                                            \
    "dynamics: { sweeps: " DYNAMICS " }\n" REST
#define ALONE "ensemble: { samples: 2, replicas: 1 }\n"

static char folder[32], path[96], other[96];

static void setup(void)
{
    small_folder(folder);
    small_path(path, folder, "run.h5");
    small_path(other, folder, "other.h5");
}

static void teardown(void)
{
    small_remove(folder);
}

/* As if a version without the mark had written the file. */
static void make_old(const char *name)
{
    hid_t file = H5Fopen(name, H5F_ACC_RDWR, H5P_DEFAULT);
    ck_assert(file >= 0);
    ck_assert(H5Adelete_by_name(file, "/provenance", "mended", H5P_DEFAULT) >= 0);
    ck_assert(H5Fclose(file) >= 0);
}

static void old_run(const char *text, const char *name)
{
    ph_grid_t grid;
    parse(&grid, text);
    ck_assert_int_eq(small_run(&grid, name, NULL), PH_OK);
    make_old(name);
    ph_grid_free(&grid);
}

static ph_doubt_t doubt_of(const char *name)
{
    ph_runfile_t file;
    ph_doubt_t found;
    ck_assert_int_eq(ph_runfile_open(&file, name, NULL), PH_OK);
    ck_assert_int_eq(ph_doubt_find(&file, &found, NULL), PH_OK);
    ph_runfile_close(&file);
    return found;
}

static uint32_t mended(const char *name)
{
    ph_runfile_t file;
    ck_assert_int_eq(ph_runfile_open(&file, name, NULL), PH_OK);
    const uint32_t found = ph_mended_read(&file.base);
    ph_runfile_close(&file);
    return found;
}

/* Grids and how many of their points are doubtful, for certain or if blocks were cut. */
static const struct {
    const char *text;
    size_t alone, cut;
} GRIDS[] = {
    {DOUBTFUL("", "3", ALONE), 1, 0},
    {DOUBTFUL("", "3", "ensemble: { samples: 1, replicas: 3, lanes: 1 }\n"), 1, 0},
    {DOUBTFUL("", "3", "ensemble: { samples: 1, replicas: 3, lanes: 2 }\n"), 1, 0},
    {DOUBTFUL("", "3", "ensemble: { samples: 1, replicas: 2 }\n"), 0, 1},
    {DOUBTFUL("", "3, sampler: metropolis", ALONE), 1, 0},
    {DOUBTFUL("", "3, schedule: { from: 0.5, sweeps: 2 }, burn_in: 2", ALONE), 2, 0},
    {DOUBTFUL("", "3",
              "ensemble: { samples: 1, replicas: 2 }\nrecord: { replica_overlap: true }\n"),
     0, 0},
    {DOUBTFUL("", "3, until: { error: 0.1, sweeps_max: 6 }",
              "ensemble: { samples: 1, replicas: 2 }\n"),
     0, 0},
    {DOUBTFUL("", "3", ALONE "record: { acceptance: true }\n"), 0, 0},
    {DOUBTFUL("", "3, sampler: block-gibbs", ALONE), 0, 0},
    {DOUBTFUL("", "3, sampler: little", ALONE), 0, 0},
    {DOUBTFUL(", normalization: none", "3", ALONE), 1, 0},
    /* unequal weights; few examples; overlaps beyond 16 bits */
    {"network: { rule: supervised, neurons: 700, patterns: 2, examples: { each: [100, 90] }, "
     "quality: 0.3 }\nnoise: 0.5\ndynamics: { sweeps: 1 }\n" ALONE,
     0, 0},
    {"network: { rule: supervised, neurons: 700, patterns: 2, examples: 7, quality: 0.3 }\n"
     "noise: 0.5\ndynamics: { sweeps: 1 }\n" ALONE,
     0, 0},
    {"network: { rule: supervised, neurons: 700, patterns: 2, examples: 100, quality: 0.9 }\n"
     "noise: 0.5\ndynamics: { sweeps: 1 }\n" ALONE,
     0, 0},
    /* squares beyond 16 bits, though no overlap is */
    {"network: { rule: supervised, neurons: 150, patterns: 1, examples: 200, quality: 0.95 }\n"
     "noise: 0.5\ndynamics: { sweeps: 1 }\n" ALONE,
     0, 0},
    {"network: { rule: unsupervised, neurons: 700, patterns: 1, examples: 100, quality: 0.3 }\n"
     "noise: 4\ndynamics: { sweeps: 1 }\n" ALONE,
     1, 0},
    {"network: { neurons: 1000, patterns: 3 }\nnoise: 0.5\ndynamics: { sweeps: 1 }\n" ALONE, 0, 0},
};
enum { GRIDS_COUNT = sizeof(GRIDS) / sizeof(GRIDS[0]) };

/* What is said of an old file, by its own words; of today's nothing. */
START_TEST(told)
{
    ph_grid_t grid;
    parse(&grid, GRIDS[_i].text);
    const int status = small_run(&grid, path, NULL);
    ck_assert(status == PH_OK || status == PH_ERR_UNREACHED); /* until */
    ck_assert_uint_eq(mended(path), PH_MENDED);
    ph_doubt_t found = doubt_of(path);
    ck_assert_uint_eq(found.alone.points + found.cut.points, 0);
    make_old(path);
    found = doubt_of(path);
    ck_assert_uint_eq(found.alone.points, GRIDS[_i].alone);
    ck_assert_uint_eq(found.cut.points, GRIDS[_i].cut);
    ph_grid_free(&grid);
}
END_TEST

static int extend(const char *text, const char *name, ph_report_t *report)
{
    ph_grid_t grid;
    parse(&grid, text);
    const int status = small_run(&grid, name, report);
    ph_grid_free(&grid);
    return status;
}

/* More sweeps, points, samples or replicas are not joined to doubtful chains; where nothing is left
 * to do that is said, once. */
START_TEST(extended)
{
    static const char *const MORE[] = {
        DOUBTFUL("", "4", ALONE),
        DOUBTFUL("", "3", "ensemble: { samples: 3, replicas: 1 }\n"),
        DOUBTFUL("", "3", "ensemble: { samples: 2, replicas: 2 }\n"),
    };
    ph_report_t report;
    ph_digest_t before, after;
    old_run(DOUBTFUL("", "3", ALONE), path);
    ck_assert_int_eq(ph_digest_file(path, &before), PH_OK);
    ph_report_init(&report);
    ck_assert_int_eq(extend(MORE[_i], path, &report), PH_ERR_MISMATCH);
    ck_assert(small_says(&report, path));
    ck_assert(small_says(&report, "chains of 1 point "));
    ck_assert(small_says(&report, "first point 1 (noise=0.5)"));
    ph_report_free(&report);
    ck_assert_int_eq(ph_digest_file(path, &after), PH_OK);
    ck_assert(ph_digest_equal(before, after));

    ph_report_init(&report);
    ck_assert_int_eq(extend(DOUBTFUL("", "3", ALONE), path, &report), PH_OK);
    ck_assert(small_says(&report, "chains of 1 point may have followed another law"));
    ph_report_free(&report);
    ck_assert_int_eq(ph_digest_file(path, &after), PH_OK);
    ck_assert(ph_digest_equal(before, after));
}
END_TEST

/* Where only the right point is in the old file, and the doubtful one is new, all goes on. */
START_TEST(joined_to_right_chains)
{
    static const char RIGHT[] = "network: { rule: supervised, neurons: 700, patterns: 2, "
                                "examples: 100, quality: 0.3, dilution: 0.2 }\nnoise: 0.001\n"
                                "dynamics: { sweeps: 3 }\n" ALONE;
    old_run(RIGHT, path);
    ck_assert_int_eq(extend(DOUBTFUL("", "3", ALONE), path, NULL), PH_OK);
    ck_assert_uint_eq(mended(path), PH_MENDED);
    ck_assert_uint_eq(doubt_of(path).alone.points, 0);
}
END_TEST

/* Blocks that may have been cut go on, and the file keeps saying that it is not sure of them. */
START_TEST(cut_blocks_go_on)
{
    ph_report_t report;
    old_run(DOUBTFUL("", "3", "ensemble: { samples: 1, replicas: 2 }\n"), path);
    ph_report_init(&report);
    ck_assert_int_eq(
        extend(DOUBTFUL("", "3", "ensemble: { samples: 2, replicas: 2 }\n"), path, &report), PH_OK);
    ck_assert(small_says(&report, "more threads than there were blocks"));
    ph_report_free(&report);
    ck_assert_uint_eq(mended(path), 0);
    ck_assert_uint_eq(doubt_of(path).cut.points, 1);
}
END_TEST

/* Parts with doubtful chains are not merged; those of today are. */
START_TEST(merged)
{
    ph_grid_t grid;
    ph_run_summary_t summary;
    ph_report_t report;
    char parts[2][96];
    const char *const names[] = {parts[0], parts[1]};
    parse(&grid, DOUBTFUL("", "3", ALONE));
    for (uint32_t i = 0; i < 2; i++) {
        const ph_run_options_t options = {
            .path = small_path(parts[i], folder, i == 0 ? "run.0-of-2.h5" : "run.1-of-2.h5"),
            .threads = 1,
            .shard = i,
            .shards = 2};
        ck_assert_int_eq(ph_run(&grid, &options, &summary, NULL), PH_OK);
    }
    ck_assert_int_eq(ph_run_merge(2, names, path, false, NULL, NULL), PH_OK);
    ck_assert_uint_eq(mended(path), PH_MENDED);
    make_old(parts[1]);
    ph_report_init(&report);
    ck_assert_int_eq(ph_run_merge(2, names, other, false, NULL, &report), PH_ERR_MISMATCH);
    ck_assert(small_says(&report, parts[1]));
    ck_assert(!small_says(&report, parts[0]));
    ck_assert_int_ne(access(other, F_OK), 0);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

/* The chains of a file into a journal in its stead, one by one or (`together`) two replicas a
 * record; those of points from `new` on are of today. */
static void leave_journal(size_t new, bool together)
{
    char name[112];
    ph_runfile_t file;
    ph_journal_t journal;
    ph_journal_index_t index;
    snprintf(name, sizeof(name), "%s.journal", path);
    ck_assert_int_eq(ph_runfile_open(&file, path, NULL), PH_OK);
    const ph_grid_t *grid = file.base.grid;
    ck_assert_int_eq(ph_journal_open(&journal, name, &index, NULL), PH_OK);
    const uint32_t each = together ? 2 : 1;
    for (size_t p = 0; p < grid->points_count; p++) {
        if (p == new)
            ck_assert_int_eq(ph_journal_keep_grid(&journal, &index, grid->text, NULL), PH_OK);
        for (uint32_t r = 0; r < grid->replicas; r += each) {
            ph_segment_t segment;
            ck_assert_int_eq(ph_runfile_read(&file, p, 0, r, each, 0, &segment, NULL), PH_OK);
            ck_assert_int_eq(ph_journal_append(&journal, &segment, NULL), PH_OK);
            ph_segment_free(&segment);
        }
    }
    ph_journal_index_free(&index);
    ph_journal_close(&journal);
    ph_runfile_close(&file);
    ck_assert_int_eq(unlink(path), 0);
}

/* Of a journal it is known which chains a thread had alone, and the last grid says whether that was
 * before: such a run goes on, or not. */
START_TEST(journal)
{
    const size_t new = (size_t)_i / 2; /* 2: none, 1: the doubtful point alone */
    const bool together = _i % 2 == 1;
    static const char TEXT[] = DOUBTFUL("", "3", "ensemble: { samples: 1, replicas: 2 }\n"),
                      MORE[] = DOUBTFUL("", "3", "ensemble: { samples: 2, replicas: 2 }\n");
    ph_grid_t grid;
    ph_look_t found;
    ph_report_t report;
    ph_runfile_t seen;
    parse(&grid, TEXT);
    ck_assert_int_eq(small_run(&grid, path, NULL), PH_OK);
    leave_journal(new, together);
    const size_t doubtful = new == 2 && !together ? 1 : 0;
    if (new < 2) { /* else the journal does not say its grid */
        ck_assert_int_eq(ph_look_count(path, &found, NULL), PH_OK);
        ck_assert_uint_eq(found.doubt.alone.points, doubtful);
        ph_report_init(&report);
        ck_assert_int_eq(ph_look_open(&seen, path, &report), PH_OK);
        ck_assert_uint_eq(ph_mended_read(&seen.base), PH_MENDED);
        ph_runfile_close(&seen);
        ph_report_free(&report);
    }
    ck_assert_int_eq(extend(MORE, path, NULL), doubtful > 0 ? PH_ERR_MISMATCH : PH_OK);
    ph_grid_free(&grid);
}
END_TEST

/* Whoever looks at the run is told, once, a program of the library, too, and so is a run that
 * starts from its states. */
START_TEST(looked_at)
{
    char text[512], digest[PH_DIGEST_TEXT_SIZE];
    ph_digest_t sum;
    ph_report_t report;
    ph_runfile_t file, *opened;
    old_run(DOUBTFUL("", "3", ALONE), path);
    ph_report_init(&report);
    for (int k = 0; k < 2; k++) {
        ck_assert_int_eq(ph_look_open(&file, path, &report), PH_OK);
        ck_assert_uint_eq(report.count, 1);
        ck_assert(small_says(&report, "first point 1 (noise=0.5)"));
        ph_runfile_close(&file);
    }
    ph_report_free(&report);
    ph_report_init(&report);
    ck_assert_int_eq(ph_runfile_new(&opened, path, &report), PH_OK);
    ck_assert_uint_eq(report.count, 1);
    ck_assert(small_says(&report, "first point 1 (noise=0.5)"));
    ph_runfile_delete(opened);
    ph_report_free(&report);
    ck_assert_int_eq(ph_digest_file(path, &sum), PH_OK);
    ph_digest_text(sum, digest);
    snprintf(text, sizeof(text),
             "network: { rule: supervised, neurons: 700, patterns: 2, examples: 100, quality: 0.3, "
             "dilution: 0.2 }\nnoise: 0.5\ndynamics: { sweeps: 3, start: { kind: file, file: "
             "\"%s\", digest: \"%s\" } }\nensemble: { samples: 1, replicas: 1 }\n",
             path, digest);
    ph_report_init(&report);
    extend(text, other, &report);
    ck_assert(small_says(&report, "first point 1 (noise=0.5)"));
    ph_report_free(&report);
}
END_TEST

PH_TEST_PROGRAM("doubt")
{
    TCase *tcase = tcase_create("doubt");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, told, 0, GRIDS_COUNT);
    tcase_add_loop_test(tcase, extended, 0, 3);
    tcase_add_test(tcase, joined_to_right_chains);
    tcase_add_test(tcase, cut_blocks_go_on);
    tcase_add_test(tcase, merged);
    tcase_add_loop_test(tcase, journal, 0, 6);
    tcase_add_test(tcase, looked_at);
    return test_run("doubt", tcase);
}
