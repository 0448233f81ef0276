/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which axes a figure is drawn along, what it is called, and which figures there are of a choice.
 */
#include "analysis/figure/layout.h"

#include <math.h>

#include "analysis/figure/kind.h"
#include "tests/analysis/figure/drawn.h"

static const char FIVE[] = "title: five\n"
                           "network: { rule: [storage, supervised], neurons: 60, patterns: [2, 3], "
                           "dilution: [0.1, 0.2, 0.4] }\n"
                           "noise: [0.1, 0.2, 0.3, 0.4]\n"
                           "dynamics: { start: [random, archetype, parallel], sweeps: 1 }\n";

/* The grid's axes: rule, patterns, dilution, noise, start. */
enum { RULE, PATTERNS, DILUTION, NOISE, START };

/* Numbers before words, then the longer one, then as in the grid; what is chosen is left out. */
START_TEST(test_order)
{
    static const struct {
        const char *point;
        size_t count, axes[5];
    } CASES[] = {
        {NULL, 5, {NOISE, DILUTION, PATTERNS, START, RULE}},
        {"noise=0.2", 4, {DILUTION, PATTERNS, START, RULE}},
        {"noise=0.2,dilution=0.4,patterns=3", 2, {START, RULE}},
        {"start=parallel,rule=storage", 3, {NOISE, DILUTION, PATTERNS}},
        {"noise=0.2,dilution=0.4,patterns=3,start=random,rule=storage", 0, {0}},
    };
    drawn_t drawn;
    drawn_begin(&drawn, FIVE);
    ck_assert_uint_eq(drawn.grid.axes_count, 5);
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        ph_selection_t selection;
        size_t axes[PH_MAX_AXES];
        ph_selection_init(&selection, &drawn.grid);
        if (CASES[k].point != NULL)
            ck_assert_int_eq(ph_selection_add(&selection, CASES[k].point, &drawn.report), PH_OK);
        ck_assert_uint_eq(ph_figure_order(&selection, axes), CASES[k].count);
        for (size_t i = 0; i < CASES[k].count; i++)
            ck_assert_uint_eq(axes[i], CASES[k].axes[i]);
    }
    drawn_end(&drawn);
    /* alike ones stay in the grid's order */
    drawn_begin(&drawn, "network: { neurons: [60, 70], patterns: [2, 3], dilution: [0.1, 0.2] }\n"
                        "noise: 0.1\ndynamics: { sweeps: 1 }\n");
    ph_selection_t selection;
    size_t axes[PH_MAX_AXES];
    ph_selection_init(&selection, &drawn.grid);
    ck_assert_uint_eq(ph_figure_order(&selection, axes), 3);
    ck_assert(axes[0] == 0 && axes[1] == 1 && axes[2] == 2);
    drawn_end(&drawn);
}
END_TEST

/* Sets of figures: none without an axis, at most 32, one a combination beyond two axes. */
START_TEST(test_sets)
{
    static const struct {
        const char *values;
        int status;
        const char *said;
    } CASES[] = {
        {"neurons: 60, patterns: 2, dilution: 0.1 }\nnoise: 0.1\n", PH_ERR_UNSUPPORTED,
         "no axis is left"},
        {"neurons: 60, patterns: 2, dilution: [0.1, 0.2] }\nnoise: 0.1\n", PH_OK, NULL},
        {"neurons: { from: 1, to: 40, steps: 40 }, patterns: { from: 1, to: 40, steps: 40 }, "
         "dilution: { from: 0.01, to: 0.32, steps: 32 } }\nnoise: 0.1\n",
         PH_OK, NULL},
        {"neurons: { from: 1, to: 40, steps: 40 }, patterns: { from: 1, to: 40, steps: 40 }, "
         "dilution: { from: 0.01, to: 0.33, steps: 33 } }\nnoise: 0.1\n",
         PH_ERR_UNSUPPORTED, "more than 32 sets of figures, one for every value of dilution;"},
        {"neurons: { from: 1, to: 40, steps: 40 }, patterns: { from: 1, to: 40, steps: 40 }, "
         "dilution: { from: 0.01, to: 0.11, steps: 11 } }\nnoise: [0.1, 0.2, 0.3]\n",
         PH_ERR_UNSUPPORTED, "of dilution, noise;"},
    };
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        drawn_t drawn;
        ph_selection_t selection;
        size_t axes[PH_MAX_AXES];
        char grid[512];
        snprintf(grid, sizeof(grid), "network: { %sdynamics: { sweeps: 1 }\n", CASES[k].values);
        drawn_begin(&drawn, grid);
        ph_selection_init(&selection, &drawn.grid);
        const size_t count = ph_figure_order(&selection, axes);
        ck_assert_int_eq(ph_figure_check(&selection, axes, count, &drawn.report), CASES[k].status);
        ck_assert_msg(CASES[k].said == NULL || strstr(drawn_said(&drawn), CASES[k].said) != NULL,
                      "%s", drawn_said(&drawn));
        drawn_end(&drawn);
    }
}
END_TEST

/* Every combination of the axes beyond two is met once, the last axis first. */
START_TEST(test_next)
{
    drawn_t drawn;
    drawn_begin(&drawn, FIVE);
    static const size_t AXES[] = {NOISE, DILUTION, PATTERNS, START, RULE};
    for (size_t count = 0; count <= 5; count++) {
        ph_figure_t figure = {.grid = &drawn.grid, .index = {0, 0, 2, 3, 0}};
        size_t met = 0;
        do {
            const size_t expected =
                (figure.index[PATTERNS] * 3 + figure.index[START]) * 2 + figure.index[RULE];
            ck_assert_uint_eq(expected, count == 3 ? 6 * met : count == 4 ? 2 * met : met);
            ck_assert(figure.index[DILUTION] == 2 && figure.index[NOISE] == 3);
            met++;
        } while (ph_figure_next(&figure, AXES, count));
        ck_assert_uint_eq(met, count < 3 ? 1 : count == 3 ? 2 : count == 4 ? 6 : 12);
        ck_assert(figure.index[PATTERNS] == 0 && figure.index[START] == 0);
    }
    drawn_end(&drawn);
}
END_TEST

static void check_name(const char *grid, const char *point, size_t x, size_t y, const size_t *index,
                       const char *title, const char *suffix)
{
    drawn_t drawn;
    ph_selection_t selection;
    drawn_begin(&drawn, grid);
    ph_selection_init(&selection, &drawn.grid);
    if (point != NULL)
        ck_assert_int_eq(ph_selection_add(&selection, point, &drawn.report), PH_OK);
    ph_figure_t figure = {.grid = &drawn.grid, .x = x, .y = y, .title = "old", .suffix = "old"};
    memcpy(figure.index, index, 5 * sizeof(*index));
    ph_figure_name(&figure, &selection);
    ck_assert_str_eq(figure.title, title);
    ck_assert_str_eq(figure.suffix, suffix);
    drawn_end(&drawn);
}

/* Titles say all values that could have been others, names of files those that tell figures apart;
 * an axis of one value is in neither. */
START_TEST(test_names)
{
    static const size_t INDEX[5] = {1, 0, 2, 3, 2};
    check_name(FIVE, NULL, NOISE, DILUTION, INDEX,
               "five; rule = supervised, patterns = 2, start = parallel",
               "-rule-supervised-patterns-2-start-parallel");
    check_name(FIVE, "rule=supervised,start=parallel", NOISE, DILUTION, INDEX,
               "five; rule = supervised, patterns = 2, start = parallel", "-patterns-2");
    check_name(FIVE, "rule=supervised,patterns=2,start=parallel,dilution=0.4", NOISE, PH_NO_AXIS,
               INDEX, "five; rule = supervised, patterns = 2, dilution = 0.4, start = parallel",
               "");
    check_name(
        "network: { neurons: [60], patterns: [2, 3] }\nnoise: 0.1\ndynamics: { sweeps: 1 }\n", NULL,
        1, PH_NO_AXIS, INDEX, "", "");
    check_name("network: { neurons: 60, patterns: [2, 3] }\nnoise: [0.1, 0.2]\n"
               "dynamics: { sweeps: 1 }\n",
               "noise=0.2", 0, PH_NO_AXIS, (const size_t[5]){0, 1}, "noise = 0.2", "");
}
END_TEST

/* A title longer than any figure's is cut, not written past its end. */
START_TEST(test_long_title)
{
    char grid[1200];
    static const char REST[] = "\"\nnetwork: { neurons: 60, patterns: [2, 3] }\nnoise: [0.1, 0.2]\n"
                               "dynamics: { sweeps: 1 }\n";
    snprintf(grid, sizeof(grid), "title: \"%0900d%s", 7, REST);
    drawn_t drawn;
    ph_selection_t selection;
    drawn_begin(&drawn, grid);
    ph_selection_init(&selection, &drawn.grid);
    ph_figure_t figure = {.grid = &drawn.grid, .x = 1, .y = PH_NO_AXIS};
    ph_figure_name(&figure, &selection);
    ck_assert_uint_eq(strlen(figure.title), PH_FIGURE_TEXT - 1);
    ck_assert_str_eq(figure.suffix, "-patterns-2");
    drawn_end(&drawn);
}
END_TEST

/* Which figures a request is for: without words all that the axes allow, or the first, whose check
 * says what is missing; else those of the words, in the list's order and of one kind of source. */
START_TEST(test_choice)
{
    static const struct {
        const char *figures, *point, *said;
        int status;
        bool theory, compares;
    } CASES[] = {
        {"thresholds", NULL, "figure 'thresholds' is drawn of a theory file, not of a run",
         PH_ERR_INPUT, false, false},
        {"curves", NULL, "figure 'curves' is drawn of a run, not of a theory file", PH_ERR_INPUT,
         true, false},
        {"curves", NULL, NULL, PH_OK, false, true},
        {"curves  map", NULL, NULL, PH_OK, false, true},
        {"curvesmap", NULL,
         "there is no figure 'curvesmap', expected of curves, map, trajectory, "
         "reweighted, quantity, thresholds, diagram",
         PH_ERR_INPUT, false, false},
        {"map", "noise=0.1", "a map is drawn over two axes; this leaves 1 open", PH_ERR_UNSUPPORTED,
         false, false},
        {NULL, "noise=0.1", NULL, PH_OK, false, true},
        {NULL, "noise=0.1,dilution=0.2", "no axis is left to draw along", PH_ERR_UNSUPPORTED, false,
         false},
        {NULL, NULL, "no thresholds of learning", PH_ERR_UNSUPPORTED, true, false},
    };
    drawn_t drawn;
    drawn_begin(&drawn, "network: { neurons: 60, patterns: 1, dilution: [0.1, 0.2] }\n"
                        "noise: [0.1, 0.2]\ndynamics: { sweeps: 1 }\n");
    ph_runfile_t run = {.base = {.grid = &drawn.grid}};
    ph_theory_t theory;
    ck_assert_int_eq(
        ph_theory_solve(&theory, &drawn.grid, 1u << PH_THEORY_MEAN_FIELD, false, 1, &drawn.report),
        PH_OK);
    for (size_t k = 0; k < sizeof(CASES) / sizeof(CASES[0]); k++) {
        const ph_figure_source_t source = {.run = CASES[k].theory ? NULL : &run,
                                           .theory = CASES[k].theory ? &theory : NULL};
        ph_selection_t selection;
        bool compares = !CASES[k].compares;
        ph_selection_init(&selection, &drawn.grid);
        if (CASES[k].point != NULL)
            ck_assert_int_eq(ph_selection_add(&selection, CASES[k].point, &drawn.report), PH_OK);
        drawn.request.figures = CASES[k].figures;
        ck_assert_int_eq(
            ph_figures_check(&compares, &source, &selection, &drawn.request, &drawn.report),
            CASES[k].status);
        ck_assert_int_eq(compares, CASES[k].compares);
        ck_assert_msg(CASES[k].said == NULL || strstr(drawn_said(&drawn), CASES[k].said) != NULL,
                      "%s", drawn_said(&drawn));
    }
    ph_theory_free(&theory);
    drawn_end(&drawn);
}
END_TEST

PH_TEST_MAIN("figure_layout", test_order, test_sets, test_next, test_names, test_long_title,
             test_choice)
