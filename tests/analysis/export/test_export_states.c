/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recorded states as text: bit by bit those of the file, as far as the chain has come. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/export/states.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

static const char GRID[] =
    "title: t\nnetwork: { neurons: 13, patterns: 1 }\nnoise: [0.1, 0.2]\n"
    "dynamics: { sweeps: 20, burn_in: 4 }\n"
    "ensemble: { samples: 2, replicas: 3 }\nrecord: { states: [0, 7, 20] }\n";
enum { NEURONS = 13, TIMES = 3 };

static char path[64];
static ph_grid_t grid;
static ph_report_t report;
static ph_runfile_t run;
static ph_selection_t selection;

/* A file whose last point is not run. */
static void begin(const char *set)
{
    snprintf(path, sizeof(path), "/tmp/polyhebb-states-%ld", (long)getpid());
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", set != NULL, &set, &report), PH_OK);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    ph_selection_init(&selection, run.base.grid);
}

static void end(void)
{
    ph_runfile_close(&run);
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static char *text_of(int64_t sample, int64_t replica, ph_text_format_t format)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(ph_export_states(out, &run, &selection, sample, replica, format, &report),
                     PH_OK);
    fclose(out);
    return text;
}

START_TEST(every_bit)
{
    static const char *const HEADS[] = {
        "# t\n# states of sample 2, replica 3, one neuron a row; times in sweeps after burn-in\n"
        "# time_0 time_7 time_20\n",
        "time_0,time_7,time_20\n"};
    begin(NULL);
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0.1", &report), PH_OK);
    for (int format = 0; format < 2; format++) {
        char *text = text_of(2, 3, (ph_text_format_t)format), *at = text;
        ck_assert_int_eq(strncmp(text, HEADS[format], strlen(HEADS[format])), 0);
        at += strlen(HEADS[format]);
        for (uint64_t i = 0; i < NEURONS; i++)
            for (uint64_t k = 0; k < TIMES; k++) {
                const bool up = sample_byte(0, 2, k, i / 8) >> (i % 8) & 1;
                ck_assert_int_eq(strtol(at, &at, 10), up ? 1 : -1);
                ck_assert_int_eq(*at++, k + 1 == TIMES ? '\n' : format == 0 ? ' ' : ',');
            }
        ck_assert_int_eq(*at, '\0');
        FILE *in = fmemopen(text, strlen(text), "r");
        ck_assert(in != NULL && ph_export_is_table(in));
        fclose(in);
        free(text);
    }
    end();
}
END_TEST

/* A chain that is on its way has only the states that it has come to. */
START_TEST(as_far_as_it_is)
{
    begin(NULL);
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0.1", &report), PH_OK);
    run.sweeps_done[0] = 23; /* of 24: the first chain */
    char *text = text_of(1, 1, PH_TEXT_CSV);
    ck_assert_int_eq(strncmp(text, "time_0,time_7\n", 14), 0);
    free(text);
    run.sweeps_done[0] = 3;
    ck_assert_int_eq(ph_export_states(stdout, &run, &selection, 1, 1, PH_TEXT_CSV, &report),
                     PH_ERR_UNSUPPORTED);
    ph_selection_init(&selection, run.base.grid);
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0.2", &report), PH_OK);
    ck_assert_int_eq(ph_export_states(stdout, &run, &selection, 1, 1, PH_TEXT_CSV, &report),
                     PH_ERR_UNSUPPORTED);
    end();
}
END_TEST

START_TEST(what_is_not_there)
{
    static const struct {
        const char *set, *point;
        int64_t sample, replica;
        int status;
        const char *message;
    } BAD[] = {
        {NULL, NULL, 1, 1, PH_ERR_INPUT, "open: noise"},
        {NULL, "noise=0.1", 3, 1, PH_ERR_INPUT, "--sample 3: this run has samples 1 to 2"},
        {NULL, "noise=0.1", 1, 4, PH_ERR_INPUT, "--replica 4: this run has replicas 1 to 3"},
        {"record.states=none", "noise=0.1", 1, 1, PH_ERR_UNSUPPORTED, "has no record.states"}};
    begin(BAD[_i].set);
    if (BAD[_i].point != NULL)
        ck_assert_int_eq(ph_selection_add(&selection, BAD[_i].point, &report), PH_OK);
    ck_assert_int_eq(ph_export_states(stdout, &run, &selection, BAD[_i].sample, BAD[_i].replica,
                                      PH_TEXT_CSV, &report),
                     BAD[_i].status);
    ck_assert_ptr_nonnull(strstr(report.messages[report.count - 1].text, BAD[_i].message));
    end();
}
END_TEST

START_TEST(heads)
{
    static const struct {
        const char *line;
        bool is;
    } LINES[] = {{"time_0\n", true},
                 {"time_0,time_100\n", true},
                 {"time_\n", false},
                 {"time_a\n", false},
                 {"time_0,temperature\n", false},
                 {"time_0 time_1\n", false},
                 {"# states of a system\n", false}};
    for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++)
        ck_assert_msg(ph_export_begins_states(LINES[i].line) == LINES[i].is, "%s", LINES[i].line);
}
END_TEST

PH_TEST_PROGRAM("export_states")
{
    TCase *tcase = tcase_create("export_states");
    tcase_add_test(tcase, every_bit);
    tcase_add_test(tcase, as_far_as_it_is);
    tcase_add_loop_test(tcase, what_is_not_there, 0, 4);
    tcase_add_test(tcase, heads);
    return test_run("export_states", tcase);
}
