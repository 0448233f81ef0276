/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Images of a chain are the pattern of the grid, the start, the recorded states and the last one of
 * the file. */
#include "sim/model/states.h"
#include "tests/analysis/figure/drawn_run.h"

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t selection;

static void begin(const char *grid)
{
    drawn_begin_run(&drawn, grid, &run, &selection);
    drawn.request.figures = "states";
    drawn.request.shape[0] = 3;
    drawn.request.shape[1] = 4;
}

static void end(void)
{
    ph_runfile_close(&run);
    drawn_end(&drawn);
}

static int draw(void)
{
    const ph_figure_source_t source = {.run = &run};
    ph_figures_free(&drawn.figures);
    return ph_figures_write(&drawn.figures, &source, &selection, &drawn.request, &drawn.report);
}

enum { NEURONS = 12 };

/* The panel with this head: its rows of four; "" where there is none. */
static void panel(const char *head, int spins[NEURONS])
{
    char *text = drawn_file(&drawn, "-states.dat"), line[128];
    snprintf(line, sizeof(line), "# %s", head);
    char *at = strstr(text, line);
    ck_assert_msg(at != NULL, "no '%s' in:\n%s", line, text);
    at = strchr(at, '\n');
    for (int i = 0; i < NEURONS; i++) {
        ck_assert_int_eq(*at, i % 4 == 0 ? '\n' : ' ');
        spins[i] = (int)strtol(at, &at, 10);
    }
    ck_assert_int_eq(strncmp(at, "\n\n\n", 3), 0);
    free(text);
}

static void check_bits(const int spins[NEURONS], const uint8_t *bits)
{
    for (int i = 0; i < NEURONS; i++)
        ck_assert_int_eq(spins[i], (bits[i / 8] >> (i % 8) & 1) != 0 ? 1 : -1);
}

static void check_last(const int spins[NEURONS], size_t point, uint32_t sample, uint32_t replica)
{
    ph_segment_t segment;
    ck_assert_int_eq(
        ph_runfile_read(&run, point, sample, replica, 1, UINT64_MAX, &segment, &drawn.report),
        PH_OK);
    check_bits(spins, segment.spins);
    ph_segment_free(&segment);
}

#define GIVEN "network: { patterns: { given: '+-0+--++-+0- ++++----++--' } }\n"
#define CUE "dynamics: { start: { kind: corrupted, pattern: 1, overlap: 0.2 }, sweeps: 9"
#define CHAINS "ensemble: { samples: 2, replicas: 3, lanes: 2 }\n"

/* Each image is what grid and file have; the cue is the state at time 0, which the seed makes again
 * where it was not recorded. */
START_TEST(test_chain)
{
    const int word[NEURONS] = {1, -1, 0, 1, -1, -1, 1, 1, -1, 1, 0, -1};
    uint8_t bits[3][2];
    int spins[NEURONS], cue[NEURONS];
    begin(GIVEN "noise: 0.8\n" CUE " }\n" CHAINS "record: { states: [0, 1, 4, 9] }\n");
    drawn.request.sample = 2;
    drawn.request.replica = 3;
    ck_assert_int_eq(draw(), PH_OK);
    ck_assert_uint_eq(drawn.figures.count, 1);
    panel("pattern 1", spins);
    ck_assert_int_eq(memcmp(spins, word, sizeof(word)), 0);
    ck_assert_int_eq(ph_runfile_read_states(&run, 0, 1, 2, 0, 3, bits[0], &drawn.report), PH_OK);
    panel("cue, overlap", cue);
    check_bits(cue, bits[0]);
    panel("1 sweep, overlap", spins);
    check_bits(spins, bits[1]);
    panel("4 sweeps, overlap", spins);
    check_bits(spins, bits[2]);
    panel("9 sweeps, the last, overlap", spins);
    check_last(spins, 0, 1, 2);
    drawn_holds(drawn_file(&drawn, "-states.gp"), "rows = 3\ncolumns = 4\nblank = 1\npanels = ");
    drawn_holds(drawn_file(&drawn, "-states.gp"), "\nchain = 'sample 2, replica 3'\n");
    end();

    begin(GIVEN "noise: 0.8\n" CUE ", burn_in: 2 }\n" CHAINS);
    drawn.request.sample = 2;
    drawn.request.replica = 3;
    ck_assert_int_eq(draw(), PH_OK);
    panel("cue, overlap", spins);
    ck_assert_int_eq(memcmp(spins, cue, sizeof(cue)), 0);
    panel("11 sweeps, the last, overlap", spins);
    check_last(spins, 0, 1, 2);
    end();
}
END_TEST

/* The overlap that is said is that of the state with the pattern's own entries. */
START_TEST(test_overlap)
{
    int pattern[NEURONS], spins[NEURONS], sum = 0;
    char head[64];
    begin(GIVEN "noise: 0.8\n" CUE " }\n" CHAINS);
    ck_assert_int_eq(draw(), PH_OK);
    panel("pattern 1", pattern);
    panel("cue", spins);
    for (int i = 0; i < NEURONS; i++)
        sum += pattern[i] * spins[i];
    snprintf(head, sizeof(head), "cue, overlap %.2f: 3 rows of 4 neurons\n", sum / 10.0);
    drawn_holds(drawn_file(&drawn, "-states.dat"), head);
    end();
}
END_TEST

/* Where the start names no pattern it is the one that the end is most like. */
START_TEST(test_without_target)
{
    int spins[NEURONS], sum[2] = {0, 0};
    begin(GIVEN "noise: 0.1\ndynamics: { start: random, sweeps: 30 }\n" CHAINS);
    for (int replica = 1; replica <= 3; replica++) {
        drawn.request.replica = replica;
        ck_assert_int_eq(draw(), PH_OK);
        panel("start, overlap", spins);
        panel("30 sweeps, the last", spins);
        const char *words[2] = {"+-0+--++-+0-", "++++----++--"};
        for (int mu = 0; mu < 2; mu++) {
            sum[mu] = 0;
            for (int i = 0; i < NEURONS; i++)
                sum[mu] += spins[i] * (words[mu][i] == '+' ? 1 : words[mu][i] == '-' ? -1 : 0);
        }
        char head[64];
        snprintf(head, sizeof(head), "# pattern %d, nearest at the end",
                 abs(sum[0]) * 12 >= abs(sum[1]) * 10 ? 1 : 2);
        drawn_holds(drawn_file(&drawn, "-states.dat"), head);
    }
    end();
}
END_TEST

/* Chains that follow others start where those ended. */
START_TEST(test_follow)
{
    int spins[NEURONS];
    begin(GIVEN "noise: [0.3, 0.8]\n" CUE ", follow: noise }\n" CHAINS);
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0.8", &drawn.report), PH_OK);
    drawn.request.replica = 2;
    ck_assert_int_eq(draw(), PH_OK);
    panel("cue, overlap", spins);
    check_last(spins, 0, 0, 1);
    end();
}
END_TEST

/* A start of a file is drawn where it was recorded; else that is noted, and nothing is read. */
START_TEST(test_start_of_file)
{
    int spins[NEURONS];
    const int start[NEURONS] = {1, 1, 1, -1, -1, -1, 1, -1, 1, -1, 1, -1};
    for (int recorded = 0; recorded < 2; recorded++) {
        static const char CONTENT[] = "1 1 1 -1 -1 -1 1 -1 1 -1 1 -1\n";
        char path[] = "/tmp/polyhebb-start-XXXXXX", digest[PH_DIGEST_TEXT_SIZE], grid[512];
        FILE *file = fdopen(mkstemp(path), "w");
        ck_assert_ptr_nonnull(file);
        fputs(CONTENT, file);
        fclose(file);
        ph_digest_text(ph_digest_bytes(CONTENT, strlen(CONTENT)), digest);
        snprintf(grid, sizeof(grid),
                 GIVEN "noise: 0.8\ndynamics: { start: { kind: file, file: %s, digest: %s }, "
                       "sweeps: 9 }\n" CHAINS "%s",
                 path, digest, recorded ? "record: { states: [0] }\n" : "");
        begin(grid);
        unlink(path);
        ck_assert_int_eq(draw(), PH_OK);
        if (recorded) {
            panel("start, overlap", spins);
            ck_assert_int_eq(memcmp(spins, start, sizeof(start)), 0);
        } else {
            char *text = drawn_file(&drawn, "-states.dat");
            ck_assert_ptr_null(strstr(text, "# start"));
            free(text);
            ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), "the start of this chain is not in"));
        }
        end();
    }
}
END_TEST

/* More recorded states than there is room for: from the first to the last, evenly. */
START_TEST(test_many)
{
    begin(GIVEN "noise: 0.8\ndynamics: { start: random, sweeps: 400 }\n"
                "record: { states: { every: 4 } }\n");
    ck_assert_int_eq(draw(), PH_OK);
    char *text = drawn_file(&drawn, "-states.dat");
    int panels = 0;
    for (char *at = text; (at = strchr(at, '#')) != NULL; at++)
        panels++;
    ck_assert_int_eq(panels, 12);
    drawn_holds(text, "# 4 sweeps, ");
    drawn_holds(drawn_file(&drawn, "-states.dat"), "# 200 sweeps, ");
    drawn_holds(drawn_file(&drawn, "-states.dat"), "# 396 sweeps, ");
    drawn_holds(drawn_file(&drawn, "-states.dat"), "# 400 sweeps, the last, ");
    end();
}
END_TEST

/* Chains that end before their longest time have a last state, too. */
START_TEST(test_until)
{
    begin(GIVEN
          "noise: 0.8\ndynamics: { start: random, sweeps: 40, until: { error: 0.5, sweeps_max: "
          "1000 } }\nensemble: { replicas: 32 }\n");
    ck_assert_int_eq(draw(), PH_OK);
    drawn_holds(drawn_file(&drawn, "-states.dat"), "# 40 sweeps, the last, overlap");
    end();
}
END_TEST

/* Shapes, chains and points that there are not. */
START_TEST(test_refused)
{
    begin(GIVEN "noise: [0.3, 0.8]\n" CUE " }\n" CHAINS);
    ck_assert_int_eq(draw(), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), "2 points are selected"));
    ck_assert_int_eq(ph_selection_add(&selection, "noise=0.8", &drawn.report), PH_OK);
    drawn.request.shape[1] = 5;
    ck_assert_int_eq(draw(), PH_ERR_INPUT);
    ck_assert_str_eq(drawn_said(&drawn),
                     "--shape 3x5 is 15 pixels, but there are 12 neurons: expected rows and "
                     "columns of as many, like 3x4, 2x6, 1x12");
    drawn.request.shape[0] = 0;
    ck_assert_int_eq(draw(), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), "expected --shape with rows and columns of "
                                                     "12 pixels, like 3x4, 2x6, 1x12"));
    drawn.request.shape[0] = 3;
    drawn.request.shape[1] = 4;
    drawn.request.sample = 3;
    ck_assert_int_eq(draw(), PH_ERR_INPUT);
    ck_assert_str_eq(drawn_said(&drawn), "--sample 3: this run has samples 1 to 2");
    drawn.request.sample = 2;
    drawn.request.replica = 4;
    ck_assert_int_eq(draw(), PH_ERR_INPUT);
    ck_assert_str_eq(drawn_said(&drawn), "--replica 4: this run has replicas 1 to 3");
    drawn.request.replica = 3;
    ck_assert_int_eq(draw(), PH_OK);
    end();
}
END_TEST

/* So does a grid that says it, and what is asked for comes first. */
START_TEST(test_shape_of_grid)
{
    begin("figure: { shape: [6, 2] }\n" GIVEN "noise: 0.8\n" CUE " }\n");
    ck_assert_int_eq(draw(), PH_OK);
    drawn_holds(drawn_file(&drawn, "-states.gp"), "rows = 3\ncolumns = 4\n");
    drawn.request.shape[0] = 0;
    ck_assert_int_eq(draw(), PH_OK);
    drawn_holds(drawn_file(&drawn, "-states.gp"), "rows = 6\ncolumns = 2\n");
    end();
}
END_TEST

/* A start with a region knows the shape. */
START_TEST(test_shape_of_start)
{
    begin(GIVEN
          "noise: 0.8\n"
          "dynamics: { start: { kind: masked, pattern: 1, shape: [2, 6], region: [1, 1, 1, 3] "
          "}, sweeps: 9 }\n");
    drawn.request.shape[0] = 0;
    ck_assert_int_eq(draw(), PH_OK);
    drawn_holds(drawn_file(&drawn, "-states.gp"), "rows = 2\ncolumns = 6\n");
    end();
}
END_TEST

PH_TEST_MAIN("figure_states", test_chain, test_overlap, test_without_target, test_follow,
             test_start_of_file, test_many, test_refused, test_until, test_shape_of_start,
             test_shape_of_grid)
