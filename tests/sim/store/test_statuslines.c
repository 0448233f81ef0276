/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A status file line by line: each must be there, in its place, and hold what its field can. */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/store/statusfile.h"
#include "tests/testing.h"

enum { LINES = 13, LINE_SIZE = 300 };

static const char *const WHOLE[LINES] = {"polyhebb status 1",
                                         "state: running",
                                         "host: here",
                                         "pid: 12",
                                         "started: 2026-01-31T12:00:00Z",
                                         "updated: 2026-01-31T12:10:00Z",
                                         "points: 4",
                                         "points_done: 2",
                                         "updates: 100",
                                         "updates_done: 50",
                                         "rate: 2.5",
                                         "shard: 1",
                                         "shards: 3"};

static char folder[64], run[96], path[112];
static ph_progress_t back;
static ph_report_t report;

static void begin(void)
{
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-lines-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(run, sizeof(run), "%s/run.h5", folder);
    snprintf(path, sizeof(path), "%s.status", run);
    ph_report_init(&report);
}

static void end(void)
{
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
    ph_report_free(&report);
}

/* The status of the file of these lines; NULL: none there. */
static int read_lines(size_t count, const char *const *lines)
{
    FILE *file = fopen(path, "w");
    for (size_t i = 0; i < count; i++)
        if (lines[i] != NULL)
            fprintf(file, "%s\n", lines[i]);
    fclose(file);
    return ph_statusfile_read(run, &back, &report);
}

/* Whole lines are read; without any of them, with two in each other's place, or one in a name of
 * its own, it is no status file. */
START_TEST(lines_in_order)
{
    const char *lines[LINES + 1];
    begin();
    ck_assert_int_eq(read_lines(LINES, WHOLE), PH_OK);
    ck_assert(strcmp(back.state, "running") == 0 && strcmp(back.host, "here") == 0 &&
              back.pid == 12 && back.points == 4 && back.points_done == 2 && back.updates == 100 &&
              back.updates_done == 50 && back.rate == 2.5 && back.shard == 1 && back.shards == 3);
    for (size_t i = 0; i < LINES; i++) {
        char other[LINE_SIZE];
        memcpy(lines, WHOLE, sizeof(WHOLE));
        lines[i] = NULL;
        ck_assert_msg(read_lines(LINES, lines) == PH_ERR_FORMAT, "without %s", WHOLE[i]);
        for (size_t j = 0; j < i; j++) {
            memcpy(lines, WHOLE, sizeof(WHOLE));
            lines[i] = WHOLE[j];
            lines[j] = WHOLE[i];
            ck_assert_msg(read_lines(LINES, lines) == PH_ERR_FORMAT, "%zu and %zu", i, j);
        }
        memcpy(lines, WHOLE, sizeof(WHOLE));
        for (size_t k = 0; k < 3; k++) {
            snprintf(other, sizeof(other), k == 0 ? "x%s" : k == 1 ? " %s" : "%sx", WHOLE[i]);
            lines[i] = other;
            const bool text = k == 2 && (i == 1 || i == 2 || i == 4 || i == 5);
            ck_assert_msg(read_lines(LINES, lines) == (text ? PH_OK : PH_ERR_FORMAT), "%s", other);
        }
    }
    ck_assert_ptr_nonnull(strstr(report.messages[0].text,
                                 ".status: not a status file of this version of polyhebb; expected "
                                 "\"polyhebb status 1\" and its 12 lines"));
    end();
}
END_TEST

static const struct {
    size_t line;
    const char *text;
    bool taken;
} VALUES[] = {
    {0, "polyhebb status 2", false},
    {1, "state: fifteen letters", true},
    {1, "state: sixteen letters.", false},
    {1, "state:running", false},
    {1, "state: ", true},
    {3, "pid: -1", true},
    {3, "pid: 9223372036854775807", true},
    {3, "pid: 9223372036854775808", false},
    {3, "pid: 1.5", false},
    {3, "pid: ", false},
    {4, "started: 23 letters of a time...", true},
    {4, "started: 24 letters of a time....", false},
    {6, "points: 18446744073709551615", true},
    {6, "points: 18446744073709551616", false},
    {6, "points: -1", false},
    {6, "points: +1", false},
    {6, "points:  1", false},
    {6, "points: 0x1", false},
    {6, "points: ", false},
    {8, "updates: 1e3", false},
    {10, "rate: 1e300", true},
    {10, "rate: nan", true},
    {10, "rate: ", false},
    {10, "rate: 1,5", false},
    {11, "shard: 3", false},
    {11, "shard: 2", true},
    {12, "shards: 4294967298", false}, /* 2 in 32 bits */
    {12, "shards: 1000000", true},
    {12, "shards: 1000001", false},
    {12, "shards: 1", false},
};

/* Each field takes what it has room for, to the last digit and letter. */
START_TEST(values)
{
    begin();
    for (size_t i = 0; i < sizeof(VALUES) / sizeof(VALUES[0]); i++) {
        const char *lines[LINES];
        memcpy(lines, WHOLE, sizeof(WHOLE));
        lines[VALUES[i].line] = VALUES[i].text;
        ck_assert_msg((read_lines(LINES, lines) == PH_OK) == VALUES[i].taken, "%s", VALUES[i].text);
    }
    end();
}
END_TEST

/* A line longer than any field, and a file longer than any status, are none. */
START_TEST(too_long)
{
    static char line[LINE_SIZE], text[70000];
    const char *lines[LINES + 1];
    begin();
    memset(line, 'x', sizeof(line) - 1);
    memcpy(lines, WHOLE, sizeof(WHOLE));
    memcpy(line, "host: ", 6);
    lines[2] = line;
    ck_assert_int_eq(read_lines(LINES, lines), PH_ERR_FORMAT);
    memcpy(lines, WHOLE, sizeof(WHOLE));
    memset(text, 'x', sizeof(text) - 1);
    lines[LINES] = text;
    ck_assert_int_eq(read_lines(LINES + 1, lines), PH_ERR_FORMAT);
    text[1000] = '\0'; /* more lines than are known, of a later version: not looked at */
    ck_assert_int_eq(read_lines(LINES + 1, lines), PH_OK);
    end();
}
END_TEST

/* What is written is read back at the ends of every field; the decimal sign is a point. */
START_TEST(ends)
{
    ph_progress_t progress = {.pid = INT64_MIN,
                              .points = UINT64_MAX,
                              .points_done = UINT64_MAX - 1,
                              .updates = UINT64_MAX,
                              .updates_done = 0,
                              .rate = 1.5,
                              .shard = 999999,
                              .shards = 1000000};
    memset(progress.state, 's', sizeof(progress.state) - 1);
    memset(progress.host, 'h', sizeof(progress.host) - 1);
    memset(progress.started, '1', sizeof(progress.started) - 1);
    memset(progress.updated, '2', sizeof(progress.updated) - 1);
    begin();
    setlocale(LC_ALL, "de_DE.UTF-8"); /* where there is one */
    ck_assert_int_eq(ph_statusfile_write(run, &progress, &report), PH_OK);
    ck_assert_int_eq(ph_statusfile_read(run, &back, &report), PH_OK);
    setlocale(LC_ALL, "C");
    ck_assert_str_eq(back.state, progress.state);
    ck_assert_str_eq(back.host, progress.host);
    ck_assert_str_eq(back.started, progress.started);
    ck_assert_str_eq(back.updated, progress.updated);
    ck_assert(back.pid == INT64_MIN && back.points == UINT64_MAX &&
              back.points_done == UINT64_MAX - 1 && back.updates == UINT64_MAX &&
              back.updates_done == 0 && back.rate == 1.5 && back.shard == 999999 &&
              back.shards == 1000000);
    end();
}
END_TEST

static const struct {
    uint64_t updates, done;
    double rate, left; /* NaN: unknown */
} LEFT[] = {{100, 100, 5, 0},  {100, 101, 5, 0},   {100, 0, 0, NAN},
            {100, 0, -1, NAN}, {100, 0, NAN, NAN}, {100, 0, INFINITY, NAN},
            {0, 0, 0, 0},      {100, 99, 4, 0.25}, {UINT64_MAX, 0, 0x1p32, 0x1p32}};

START_TEST(time_left)
{
    for (size_t i = 0; i < sizeof(LEFT) / sizeof(LEFT[0]); i++) {
        const ph_progress_t progress = {
            .updates = LEFT[i].updates, .updates_done = LEFT[i].done, .rate = LEFT[i].rate};
        const double left = ph_progress_left(&progress);
        ck_assert(isnan(LEFT[i].left) ? isnan(left) : left == LEFT[i].left);
    }
}
END_TEST

PH_TEST_MAIN("statuslines", lines_in_order, values, too_long, ends, time_left)
