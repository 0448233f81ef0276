/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Start files, text and runs: whose spins a chain gets, and what is said where there are none. */
#include <stdlib.h>

#include "sim/run/startfile.h"
#include "tests/sim/run/smallrun.h"
#include "tests/sim/store/sample.h"

static char folder[32], path[96];

static void setup(void)
{
    small_folder(folder);
    small_path(path, folder, "start");
}

static void teardown(void)
{
    small_remove(folder);
}

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* A grid whose chains start from the file as it is now. */
static void make_grid(ph_grid_t *grid, const char *network, const char *ensemble)
{
    ph_digest_t digest;
    char text[600], sum[PH_DIGEST_TEXT_SIZE];
    ck_assert_int_eq(ph_digest_file(path, &digest), PH_OK);
    ph_digest_text(digest, sum);
    snprintf(text, sizeof(text),
             "network: { %s }\nnoise: 0.3\nensemble: { %s }\n"
             "dynamics: { sweeps: 5, start: { kind: file, file: \"%s\", digest: \"%s\" } }\n",
             network, ensemble, path, sum);
    parse(grid, text);
}

/* The spins of a chain as a word of + and -; of a text of states of 10 neurons. */
static const char *spins_of(ph_startfile_t *file, const ph_grid_t *grid, uint32_t replica,
                            char word[11])
{
    uint8_t bits[2] = {0xff, 0xff};
    ck_assert_int_eq(ph_startfile_spins(file, &grid->points[0], 0, replica, bits, NULL), PH_OK);
    for (int i = 0; i < 10; i++)
        word[i] = bits[i / 8] >> i % 8 & 1 ? '+' : '-';
    word[10] = '\0';
    ck_assert_int_eq(bits[1] >> 2, 0); /* nothing behind the last neuron */
    return word;
}

#define FIRST "+1 -1 1 1 -1\n\t-1 -1 -1 -1 +1\n"
#define SECOND "1 1 1 1 1 -1 1 1 1 1"

/* One state serves all chains; more are taken replica by replica. */
START_TEST(text_states)
{
    ph_startfile_t file;
    ph_grid_t grid;
    char word[11];
    for (int states = 1; states <= 2; states++) {
        write_text(states == 1 ? FIRST : FIRST SECOND);
        make_grid(&grid, "neurons: 10, patterns: 1", states == 1 ? "replicas: 3" : "replicas: 2");
        ck_assert_int_eq(ph_startfile_open(&file, &grid, NULL), PH_OK);
        ck_assert(!file.is_run && file.count == (size_t)states * 10);
        ck_assert_str_eq(spins_of(&file, &grid, 0, word), "+-++-----+");
        ck_assert_str_eq(spins_of(&file, &grid, 1, word),
                         states == 1 ? "+-++-----+" : "+++++-++++");
        ck_assert_int_eq(ph_startfile_examine(&file, &grid, NULL), PH_OK);
        ph_startfile_close(&file);
        ph_startfile_close(&file);
        ph_grid_free(&grid);
    }
}
END_TEST

/* Texts longer than the room they are first read into. */
START_TEST(long_text)
{
    enum { NEURONS = 10000 };
    static char text[3 * NEURONS + 1];
    static uint8_t bits[NEURONS / 8];
    ph_startfile_t file;
    ph_grid_t grid;
    for (int i = 0; i < NEURONS; i++)
        memcpy(text + 3 * i, i % 7 < 3 ? "+1 " : "-1 ", 3);
    write_text(text);
    make_grid(&grid, "neurons: 10000, patterns: 1", "replicas: 1");
    ck_assert_int_eq(ph_startfile_open(&file, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_startfile_spins(&file, &grid.points[0], 0, 0, bits, NULL), PH_OK);
    for (int i = 0; i < NEURONS; i++)
        ck_assert_int_eq(bits[i / 8] >> i % 8 & 1, i % 7 < 3);
    ph_startfile_close(&file);
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *text, *ensemble, *says;
    int opened, examined; /* status */
} TEXTS[] = {
    {"+1 -1 0 1", "replicas: 1", "spin 3 is \"0\", expected +1 or -1; in a file of 0 and 1",
     PH_ERR_INPUT, 0},
    {"1 up", "replicas: 1", "spin 2 is \"up\", expected +1 or -1", PH_ERR_INPUT, 0},
    {"1 1.0", "replicas: 1", "spin 2 is \"1.0\"", PH_ERR_INPUT, 0},
    {"1 -1-1-1-1-1", "replicas: 1", "spin 2 is \"-1-1-1-\"", PH_ERR_INPUT, 0},
    {"", "replicas: 1", "has 0 spins, expected 10", PH_OK, PH_ERR_MISMATCH},
    {"1 1 1", "replicas: 1", "has 3 spins, expected 10", PH_OK, PH_ERR_MISMATCH},
    {FIRST "1", "replicas: 1", "has 11 spins, expected 10", PH_OK, PH_ERR_MISMATCH},
    {FIRST SECOND, "replicas: 3", "has 20 spins, expected 10", PH_OK, PH_ERR_MISMATCH},
    {FIRST SECOND, "replicas: 1", "holds 2 states of 10 neurons; the grid has 1 replicas", PH_OK,
     PH_OK},
};

/* What is no state is said with its place; too few or too many before any chain begins. */
START_TEST(wrong_texts)
{
    ph_startfile_t file;
    ph_grid_t grid;
    ph_report_t report;
    uint8_t bits[2];
    ph_report_init(&report);
    write_text(TEXTS[_i].text);
    make_grid(&grid, "neurons: 10, patterns: 1", TEXTS[_i].ensemble);
    ck_assert_int_eq(ph_startfile_open(&file, &grid, &report), TEXTS[_i].opened);
    if (TEXTS[_i].opened == PH_OK) {
        const uint32_t last = (uint32_t)grid.replicas - 1;
        ck_assert_int_eq(ph_startfile_examine(&file, &grid, &report), TEXTS[_i].examined);
        ck_assert_int_eq(ph_startfile_check(&file, &grid.points[0], 0, last, NULL),
                         TEXTS[_i].examined);
        ck_assert_int_eq(ph_startfile_spins(&file, &grid.points[0], 0, last, bits, NULL),
                         TEXTS[_i].examined);
    }
    ck_assert_uint_eq(report.count, 1);
    ck_assert_msg(small_says(&report, TEXTS[_i].says), "%s", report.messages[0].text);
    ph_startfile_close(&file);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

/* A file changed since, gone, or in a folder's place. */
START_TEST(not_the_same_file)
{
    ph_startfile_t file;
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    write_text(FIRST);
    make_grid(&grid, "neurons: 10, patterns: 1", "replicas: 1");
    write_text(SECOND);
    ck_assert_int_eq(ph_startfile_open(&file, &grid, &report), PH_ERR_MISMATCH);
    ck_assert(small_says(&report, "is not the one the grid was read with"));
    ph_startfile_close(&file);
    unlink(path);
    ck_assert_int_eq(ph_startfile_open(&file, &grid, &report), PH_ERR_IO);
    ck_assert(small_says(&report, "cannot read the start file: No such file"));
    ph_startfile_close(&file);
    grid.points[0].start_file = folder;
    ck_assert_int_eq(ph_startfile_open(&file, &grid, &report), PH_ERR_FORMAT);
    ck_assert(small_says(&report, "it is no regular file"));
    ph_startfile_close(&file);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

/* A grid without such a start asks for nothing. */
START_TEST(no_start_file)
{
    ph_startfile_t file;
    ph_grid_t grid;
    parse(&grid, SMALL_GRID);
    ck_assert_int_eq(ph_startfile_open(&file, &grid, NULL), PH_OK);
    ck_assert(file.path == NULL);
    ck_assert_int_eq(ph_startfile_examine(&file, &grid, NULL), PH_OK);
    ph_startfile_close(&file);
    ph_grid_free(&grid);
}
END_TEST

#define NETWORK                                                                                    \
    "network: { neurons: 40, patterns: [2, 3] }\nnoise: %s\n"                                      \
    "dynamics: { sweeps: 4 }\nensemble: { samples: 2, replicas: 3 }\n"

/* The file is a run of both networks at these noises, all but the last point complete. */
static void write_run(const char *noise)
{
    char text[300];
    ph_grid_t run;
    snprintf(text, sizeof(text), NETWORK, noise);
    parse(&run, text);
    ck_assert_int_eq(sample_run(&run, path, NULL), PH_OK);
    ph_grid_free(&run);
}

/* From a run: the last state of the same sample and replica, of the point with these patterns. */
START_TEST(run_states)
{
    ph_startfile_t file;
    ph_grid_t grid;
    uint8_t bits[5];
    write_run("0.2");
    make_grid(&grid, "neurons: 40, patterns: 2", "samples: 2, replicas: 3");
    ck_assert_int_eq(ph_startfile_open(&file, &grid, NULL), PH_OK);
    ck_assert(file.is_run);
    for (uint32_t r = 0; r < 3; r++) {
        ck_assert_int_eq(ph_startfile_spins(&file, &grid.points[0], 1, r, bits, NULL), PH_OK);
        for (size_t b = 0; b < 5; b++) /* as sample_segment() fills them, point 0 */
            ck_assert_int_eq(bits[b], (uint8_t)(31 * b + r));
    }
    ck_assert_int_eq(ph_startfile_examine(&file, &grid, NULL), PH_OK);
    ck_assert_int_eq(ph_startfile_check(&file, &grid.points[0], 2, 0, NULL), PH_ERR_MISMATCH);
    ck_assert_int_eq(ph_startfile_check(&file, &grid.points[0], 0, 3, NULL), PH_ERR_MISMATCH);
    ph_startfile_close(&file);
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *noise, *network, *ensemble, *says;
} RUNS[] = {
    {"0.2", "neurons: 40, patterns: 3", "samples: 2, replicas: 3",
     "holds no state of sample 1, replica 1"}, /* that point was not run */
    {"0.2", "neurons: 40, patterns: 2", "samples: 3, replicas: 3",
     "holds no state of sample 3, replica 3"},
    {"0.2", "neurons: 40, patterns: 2", "samples: 2, replicas: 4",
     "holds no state of sample 2, replica 4"},
    {"[0.2, 0.3]", "neurons: 40, patterns: 2", "replicas: 1", "no point, or more than one"},
    {"0.2", "neurons: 41, patterns: 2", "replicas: 1", "no point, or more than one"},
    {"0.2", "neurons: 40, patterns: 2, dilution: 0.5", "replicas: 1", "no point, or more than one"},
};

START_TEST(runs_without_the_state)
{
    ph_startfile_t file;
    ph_grid_t grid;
    ph_report_t report;
    uint8_t bits[5];
    write_run(RUNS[_i].noise);
    ph_report_init(&report);
    make_grid(&grid, RUNS[_i].network, RUNS[_i].ensemble);
    ck_assert_int_eq(ph_startfile_open(&file, &grid, &report), PH_OK);
    ck_assert_int_eq(ph_startfile_examine(&file, &grid, &report), PH_ERR_MISMATCH);
    ck_assert_msg(small_says(&report, RUNS[_i].says), "%s", report.messages[0].text);
    ck_assert_int_eq(ph_startfile_spins(&file, &grid.points[0], (uint32_t)grid.samples - 1,
                                        (uint32_t)grid.replicas - 1, bits, NULL),
                     PH_ERR_MISMATCH);
    ph_startfile_close(&file);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *run, *network, *says; /* a run of one point and replica, which serves all */
    int status;
} ONE[] = {
    {"neurons: 40, patterns: 2", "neurons: 40, patterns: 2", NULL, PH_OK},
    {"neurons: 40, patterns: 3", "neurons: 40, patterns: 2",
     "start from a run of another network: network.patterns 3 there and 2 here", PH_OK},
    {"neurons: 40, patterns: 2 }\nseed: 9\ntheory: { kinds: flow", "neurons: 40, patterns: 2",
     "start from a run with other patterns: seed 9 there and 1 here", PH_OK},
    {"neurons: 40, patterns: 2", "neurons: 41, patterns: 2", "has 40 neurons, expected 41",
     PH_ERR_MISMATCH},
};

/* The only point and replica of a run serves every chain; another network is noted. */
START_TEST(run_of_one_chain)
{
    ph_startfile_t file;
    ph_grid_t run, grid;
    ph_report_t report;
    char text[300];
    snprintf(text, sizeof(text), "network: { %s }\nnoise: 0.1\ndynamics: { sweeps: 4 }\n",
             ONE[_i].run);
    parse(&run, text);
    ck_assert_int_eq(sample_run(&run, path, NULL), PH_OK);
    ph_report_init(&report);
    make_grid(&grid, ONE[_i].network, "samples: 3, replicas: 2");
    ck_assert_int_eq(ph_startfile_open(&file, &grid, &report), PH_OK);
    ck_assert_int_eq(ph_startfile_examine(&file, &grid, &report), ONE[_i].status);
    ck_assert_uint_eq(report.count, ONE[_i].says != NULL);
    if (ONE[_i].says != NULL)
        ck_assert_msg(small_says(&report, ONE[_i].says), "%s", report.messages[0].text);
    if (ONE[_i].status == PH_OK) {
        uint8_t bits[5];
        ck_assert_int_eq(ph_startfile_spins(&file, &grid.points[0], 2, 1, bits, NULL), PH_OK);
        ck_assert_int_eq(bits[1], 31);
    }
    ph_startfile_close(&file);
    ph_report_free(&report);
    ph_grid_free(&grid);
    ph_grid_free(&run);
}
END_TEST

PH_TEST_PROGRAM("startfile")
{
    TCase *tcase = tcase_create("startfile");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, text_states);
    tcase_add_test(tcase, long_text);
    tcase_add_loop_test(tcase, wrong_texts, 0, sizeof(TEXTS) / sizeof(TEXTS[0]));
    tcase_add_test(tcase, not_the_same_file);
    tcase_add_test(tcase, no_start_file);
    tcase_add_test(tcase, run_states);
    tcase_add_loop_test(tcase, runs_without_the_state, 0, sizeof(RUNS) / sizeof(RUNS[0]));
    tcase_add_loop_test(tcase, run_of_one_chain, 0, sizeof(ONE) / sizeof(ONE[0]));
    return test_run("startfile", tcase);
}
