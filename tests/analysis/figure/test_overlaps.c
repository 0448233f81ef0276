/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The map of overlaps has the sums of products of the patterns that a sample has. */
#include "sim/model/patterns.h"
#include "tests/analysis/figure/drawn.h"

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t selection;

/* It is of the grid alone: there is no file. */
static void begin(const char *grid)
{
    drawn_begin(&drawn, grid);
    run = (ph_runfile_t){.base = {.path = "none.h5", .grid = &drawn.grid}};
    ph_selection_init(&selection, &drawn.grid);
    drawn.request.figures = "overlaps";
}

static int draw(void)
{
    const ph_figure_source_t source = {.run = &run};
    ph_figures_free(&drawn.figures);
    return ph_figures_write(&drawn.figures, &source, &selection, &drawn.request, &drawn.report);
}

#define DYNAMICS "noise: [0.3, 0.8]\ndynamics: { sweeps: 2 }\nensemble: { samples: 3 }\n"

/* Three given patterns of ten neurons, by hand; points that share them are one. */
START_TEST(test_given)
{
    begin("title: three\n"
          "network: { patterns: { given: '+-0+--++-+ ++++----++ --0++++++-' } }\n" DYNAMICS);
    ck_assert_int_eq(draw(), PH_OK);
    ck_assert_uint_eq(drawn.figures.count, 1);
    drawn_holds(drawn_file(&drawn, "-overlaps.dat"), "\n0.9 0.1 -0.1\n0.1 1 -0.5\n-0.1 -0.5 0.9\n");
    drawn_holds(drawn_file(&drawn, "-overlaps.gp"),
                "count = 3\nnumbers = 1\nvalue_max = 0.5\n"
                "sample = '3 patterns of 10 neurons, sample 1'\n"
                "facts = '-0.500 to 0.100, mean -0.167; of independent patterns within ");
    drawn_holds(drawn_file(&drawn, "-overlaps.gp"), "pattern_label = 'pattern'\n");
    drawn_holds(drawn_file(&drawn, "-overlaps.gp"), "figure_title = 'three'\n");
    drawn_end(&drawn);
}
END_TEST

/* Where a sample draws its patterns, those of the sample, by the numbers they are given by. */
START_TEST(test_drawn)
{
    size_t chosen[2];
    char text[64];
    static const char WORDS[4][5] = {"++++", "+++-", "+--0", "-0++"};
    begin("network: { patterns: { given: '++++ +++- +--0 -0++', choose: 2, from: random } }\n" //
          DYNAMICS);
    for (uint32_t sample = 0; sample < 3; sample++) {
        int sum = 0;
        drawn.request.sample = sample + 1;
        ck_assert_int_eq(draw(), PH_OK);
        ck_assert_int_eq(ph_patterns_choose(&drawn.grid.points[0], drawn.grid.seed, sample, chosen),
                         PH_OK);
        snprintf(text, sizeof(text), "names[1] = '%zu'\nnames[2] = '%zu'\n", chosen[0] + 1,
                 chosen[1] + 1);
        drawn_holds(drawn_file(&drawn, "-overlaps.gp"), text);
        for (int i = 0; i < 4; i++) {
            const char a = WORDS[chosen[0]][i], b = WORDS[chosen[1]][i];
            sum += a == '0' || b == '0' ? 0 : a == b ? 1 : -1;
        }
        snprintf(text, sizeof(text), " %g\n%g ", sum / 4.0, sum / 4.0);
        drawn_holds(drawn_file(&drawn, "-overlaps.dat"), text);
        drawn_holds(drawn_file(&drawn, "-overlaps.gp"),
                    "pattern_label = 'number of the given pattern'\n");
    }
    drawn_end(&drawn);
}
END_TEST

/* Of very many patterns the first; without numbers beyond twelve. One has no overlaps. */
START_TEST(test_sizes)
{
    static const struct {
        int patterns;
        const char *said;
    } SIZES[] = {
        {300, "count = 256\nnumbers = 0\nvalue_max = 0.9\nsample = '300 patterns of 20 neurons, "
              "sample 1, the first 256'\n"},
        {12, "count = 12\nnumbers = 1\n"},
        {13, "count = 13\nnumbers = 0\n"},
        {1, "count = 1\nnumbers = 1\nvalue_max = 0.05\nsample = '1 pattern of 20 neurons, sample "
            "1'\nfacts = ''\n"},
    };
    for (size_t k = 0; k < sizeof(SIZES) / sizeof(SIZES[0]); k++) {
        char grid[128];
        snprintf(grid, sizeof(grid), "network: { neurons: 20, patterns: %d }\n" DYNAMICS,
                 SIZES[k].patterns);
        begin(grid);
        ck_assert_int_eq(draw(), PH_OK);
        drawn_holds(drawn_file(&drawn, "-overlaps.gp"), SIZES[k].said);
        drawn_end(&drawn);
    }
}
END_TEST

/* Points of other patterns are not one, and there are only so many samples. */
START_TEST(test_refused)
{
    begin("network: { neurons: 20, patterns: [2, 3] }\n" DYNAMICS);
    ck_assert_int_eq(draw(), PH_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), "(open: patterns"));
    ck_assert_int_eq(ph_selection_add(&selection, "patterns=3", &drawn.report), PH_OK);
    drawn.request.sample = 4;
    ck_assert_int_eq(draw(), PH_ERR_INPUT);
    ck_assert_str_eq(drawn_said(&drawn), "--sample 4: this run has samples 1 to 3");
    drawn.request.sample = 3;
    ck_assert_int_eq(draw(), PH_OK);
    drawn_end(&drawn);
}
END_TEST

PH_TEST_MAIN("figure_overlaps", test_given, test_drawn, test_sizes, test_refused)
