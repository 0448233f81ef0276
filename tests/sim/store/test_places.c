/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which file may be put in the place of which, and which part of a run a file is. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/gridfile_private.h"
#include "sim/store/shard.h"
#include "tests/params/parse.h"

static char folder[64], path[96];
static ph_report_t report;

static void begin(void)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-places-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/file.h5", folder);
    ph_report_init(&report);
}

static void end(void)
{
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
    ph_report_free(&report);
}

static void make_text(void)
{
    FILE *stream = fopen(path, "w");
    fputs("a letter\n", stream);
    fclose(stream);
}

static void make_empty(void)
{
    fclose(fopen(path, "w"));
}

static void make_kind(const char *kind)
{
    ph_gridfile_t file;
    ph_grid_t grid;
    parse(&grid, "network: { neurons: 10, patterns: 1 }\nnoise: [0.1, 0.2]\n"
                 "dynamics: { sweeps: 1 }\n");
    ck_assert_int_eq(ph_gridfile_create(&file, path, kind, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_gridfile_commit(&file, NULL), PH_OK);
    ph_grid_free(&grid);
}

static void make_run(void)
{
    make_kind("run");
}

static void make_theory(void)
{
    make_kind("theory");
}

static void make_cut(void)
{
    make_kind("run");
    ck_assert_int_eq(truncate(path, 1000), 0);
}

static void make_protected(void)
{
    make_kind("run");
    ck_assert_int_eq(chmod(path, 0400), 0);
}

static void make_pipe(void)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
}

static const struct {
    void (*make)(void);
    bool is_run;
    int run, theory; /* whether one of that kind may take its place */
    const char *words;
} PLACES[] = {
    {NULL, false, PH_OK, PH_OK, NULL},
    {make_empty, false, PH_OK, PH_OK, NULL},
    {make_run, true, PH_OK, PH_ERR_INPUT, NULL},
    {make_theory, false, PH_ERR_INPUT, PH_OK, "is not a whole run file, so it is not overwritten"},
    {make_text, false, PH_ERR_INPUT, PH_ERR_INPUT, "give another output with -o, or remove it"},
    {make_cut, false, PH_ERR_INPUT, PH_ERR_INPUT, "is not a whole run file"},
    {make_pipe, false, PH_ERR_INPUT, PH_ERR_INPUT, "file.h5"},
    {make_protected, true, PH_ERR_INPUT, PH_ERR_INPUT, "file.h5"},
};

/* Only nothing, an empty file, or a whole one of the same kind is replaced; whatever was there is
 * still there. */
START_TEST(replaceable)
{
    struct stat before = {0}, after = {0};
    begin();
    if (PLACES[_i].make != NULL)
        PLACES[_i].make();
    const bool there = stat(path, &before) == 0;
    ck_assert_int_eq(ph_gridfile_is(path, "run"), PLACES[_i].is_run);
    ck_assert_int_eq(ph_gridfile_replaceable(path, "run", &report), PLACES[_i].run);
    ck_assert_uint_eq(report.count, PLACES[_i].run != PH_OK);
    if (PLACES[_i].run != PH_OK)
        ck_assert_msg(strstr(report.messages[0].text, PLACES[_i].words) != NULL, "%s",
                      report.messages[0].text);
    ck_assert_int_eq(ph_gridfile_replaceable(path, "theory", &report), PLACES[_i].theory);
    ck_assert_int_eq(stat(path, &after) == 0, there);
    ck_assert(before.st_ino == after.st_ino && before.st_size == after.st_size);
    end();
}
END_TEST

/* Where nothing can be, a place is no place. */
START_TEST(no_place)
{
    begin();
    ck_assert_int_eq(ph_gridfile_replaceable("/dev/null/file", "run", &report), PH_ERR_IO);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "/dev/null/file"));
    end();
}
END_TEST

static const struct {
    uint32_t number, count;
    bool can_be;
} SHARDS[] = {{0, 1, true},
              {0, 2, true},
              {1, 2, true},
              {2, 2, false},
              {PH_SHARDS_MAX - 1, PH_SHARDS_MAX, true},
              {0, 0, false},
              {0, PH_SHARDS_MAX + 1, false},
              {UINT32_MAX, UINT32_MAX, false}};

/* The part of a run that a file is, written and read; none, or one that cannot be, is the whole. */
START_TEST(shards)
{
    for (size_t i = 0; i < sizeof(SHARDS) / sizeof(SHARDS[0]); i++) {
        ph_gridfile_t file;
        ph_grid_t grid;
        begin();
        parse(&grid, "network: { neurons: 10, patterns: 1 }\nnoise: 0.1\n"
                     "dynamics: { sweeps: 1 }\n");
        ck_assert_int_eq(ph_gridfile_create(&file, path, "run", &grid, &report), PH_OK);
        ph_shard_t shard = ph_shard_read(&file);
        ck_assert(shard.number == 0 && shard.count == 1);
        shard = (ph_shard_t){SHARDS[i].number, SHARDS[i].count};
        ck_assert_int_eq(ph_shard_write(&file, shard, &report), PH_OK);
        shard = ph_shard_read(&file);
        ck_assert_uint_eq(shard.number, SHARDS[i].can_be ? SHARDS[i].number : 0);
        ck_assert_uint_eq(shard.count, SHARDS[i].can_be ? SHARDS[i].count : 1);
        ck_assert_int_eq(ph_kernel_write(&file, "portable", &report), PH_OK);
        ck_assert_uint_eq(report.count, 0);
        ck_assert_int_eq(ph_kernel_write(&file, "twice", &report), PH_ERR_IO);
        ck_assert_ptr_nonnull(strstr(report.messages[0].text, "cannot write the kernel"));
        ck_assert_int_eq(ph_shard_write(&file, shard, &report), PH_ERR_IO);
        ck_assert_ptr_nonnull(strstr(report.messages[1].text, "cannot write which shard it is"));
        ph_gridfile_close(&file);
        ph_grid_free(&grid);
        end();
    }
}
END_TEST

PH_TEST_PROGRAM("places")
{
    TCase *tcase = tcase_create("places");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, replaceable, 0, sizeof(PLACES) / sizeof(PLACES[0]));
    tcase_add_test(tcase, no_place);
    tcase_add_test(tcase, shards);
    return test_run("places", tcase);
}
