/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Points of lines without neighbours: which they are, and that all figures with lines tell them. */
#include "analysis/figure/lone.h"

#include <math.h>

#include "tests/analysis/figure/drawn_run.h"

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t selection;

/* Of a line, a letter a place (blank: none), the places that have no neighbour. */
START_TEST(test_ways)
{
    static const char *const LINES[][2] = {
        {"", ""},      {" ", ""},          {"a", "a"},          {"ab", ""},
        {"a b", "ab"}, {"  a  ", "a"},     {"ab c de f", "cf"}, {"a bc", "a"},
        {"abc", ""},   {" a b c ", "abc"}, {"ab cd  e", "e"}};
    for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
        ph_lones_t lones = {0};
        ph_lone_way_t way = {.last = {.panel = 3, .series = 2, .line = 1}};
        for (const char *c = LINES[i][0]; *c != '\0'; c++)
            ph_lone_see(&lones, &way, (double)(c - LINES[i][0]), *c == ' ' ? (double)NAN : *c);
        ph_lone_end(&lones, &way);
        ck_assert_int_eq(ph_lone_check(&lones, NULL), PH_OK);
        ck_assert_uint_eq(lones.count, strlen(LINES[i][1]));
        for (size_t n = 0; n < lones.count; n++) {
            const ph_lone_t *point = &lones.points[n];
            ck_assert(point->panel == 3 && point->series == 2 && point->line == 1);
            ck_assert(point->y == LINES[i][1][n]);
            ck_assert(LINES[i][0][(size_t)point->x] == LINES[i][1][n]);
        }
        ph_lone_free(&lones);
    }
}
END_TEST

static void begin(const char *grid, const char *figure)
{
    drawn_begin_run(&drawn, grid, &run, &selection);
    drawn.request.figures = figure;
}

static void end(void)
{
    ph_runfile_close(&run);
    drawn_end(&drawn);
}

/* A quantity: those of all columns of its data, in all series of all panels, and no others. */
START_TEST(test_quantity)
{
    begin("network: { neurons: [12, 40], patterns: 2, dilution: 0.3 }\nnoise: [0.4, 0.7, 1.3]\n"
          "dynamics: { sampler: block-gibbs, sweeps: 40, start: hierarchical }\n"
          "ensemble: { replicas: 8, samples: 2 }\n",
          "quantity");
    const ph_figure_source_t source = {.run = &run};
    drawn.request.quantity = "binder";
    ck_assert_int_eq(
        ph_figures_write(&drawn.figures, &source, &selection, &drawn.request, &drawn.report),
        PH_OK);
    char *text = drawn_file(&drawn, "-binder.dat"), *at = text;
    size_t count = 0;
    for (size_t panel = 1; panel <= 2; panel++)
        for (size_t series = 1; series <= 2; series++) {
            double rows[3][5];
            at = strchr(strchr(at, '#'), '\n');
            for (size_t i = 0; i < 15; i++)
                rows[i / 5][i % 5] = strtod(at, &at);
            for (size_t line = 1; line <= 2; line++)
                for (size_t i = 0; i < 3; i++) {
                    const double *row = rows[i], y = row[2 + line];
                    char wanted[256];
                    if (isnan(y) || (i > 0 && !isnan(rows[i - 1][2 + line])) ||
                        (i < 2 && !isnan(rows[i + 1][2 + line])))
                        continue;
                    count++;
                    snprintf(wanted, sizeof(wanted),
                             "lone_panel[%zu] = %zu; lone_series[%zu] = %zu; lone_line[%zu] = %zu; "
                             "lone_x[%zu] = %.10g; lone_y[%zu] = %.10g\n",
                             count, panel, count, series, count, line, count, row[0], count, y);
                    drawn_holds(drawn_file(&drawn, "-binder.gp"), wanted);
                }
        }
    char number[32];
    ck_assert_uint_ge(count, 2);
    snprintf(number, sizeof(number), "\nlone = %zu\n", count);
    drawn_holds(drawn_file(&drawn, "-binder.gp"), number);
    free(text);
    end();
}
END_TEST

/* Curves: what the comparison has at one point only; a line of which nothing is drawn is not in the
 * legend. */
START_TEST(test_curves)
{
    ph_comparison_t comparison = {0};
    begin("network: { neurons: 200, patterns: 2, dilution: [0.1, 0.2, 0.3] }\nnoise: 0.1\n"
          "dynamics: { sweeps: 8, start: archetype }\nensemble: { replicas: 8, samples: 2 }\n",
          "curves");
    ck_assert_int_eq(ph_compare(&comparison, &run, NULL, PH_VIEW_PATTERNS, NULL), PH_OK);
    const ph_figure_source_t source = {.run = &run, .comparison = &comparison};
    for (int none = 0; none < 2; none++) {
        for (size_t i = 0; i < comparison.rows_count; i++) {
            ph_comparison_row_t *row = &comparison.rows[i];
            row->left_out = 0;
            row->sample_theory = row->sample_size =
                none == 0 && row->point == 2 ? 0.4 : (double)NAN;
        }
        ph_figures_free(&drawn.figures);
        ck_assert_int_eq(
            ph_figures_write(&drawn.figures, &source, &selection, &drawn.request, &drawn.report),
            PH_OK);
        char *text = drawn_file(&drawn, "-curves.gp");
        ck_assert((strstr(text, "\nsamples = 1\n") != NULL) == (none == 0));
        ck_assert((strstr(text, "\nlone = 2\n") != NULL) == (none == 0));
        ck_assert((strstr(text, "lone_panel[1] = 1; lone_series[1] = 1; lone_line[1] = 3; "
                                "lone_x[1] = 0.3;") != NULL) == (none == 0));
        ck_assert_ptr_nonnull(strstr(text, "\ntheory = 1\n"));
        free(text);
    }
    ph_comparison_free(&comparison);
    end();
}
END_TEST

/* Thresholds: one that is had at one point only, and none. */
START_TEST(test_thresholds)
{
    ph_theory_t theory;
    drawn_begin(&drawn, "network: { rule: supervised, neurons: 60, patterns: 2,\n"
                        "           dilution: [0.1, 0.2, 0.4], quality: 0.5 }\n"
                        "noise: 0\ndynamics: { start: hierarchical, sweeps: 1 }\n"
                        "theory: { kinds: signal_to_noise }\n");
    ck_assert_int_eq(
        ph_theory_solve(&theory, &drawn.grid, drawn.grid.kinds, false, 1, &drawn.report), PH_OK);
    for (size_t p = 0; p < 3; p++)
        for (size_t mu = 0; mu < 2; mu++) {
            double *relative = (double *)ph_theory_values(&theory, "threshold_relative", p);
            double *absolute = (double *)ph_theory_values(&theory, "threshold_absolute", p);
            relative[mu] = p == 2 && mu == 1 ? 7.0 : (double)NAN;
            absolute[mu] = (double)NAN;
        }
    ph_selection_init(&selection, &drawn.grid);
    const ph_figure_source_t source = {.theory = &theory};
    ck_assert_int_eq(
        ph_figures_write(&drawn.figures, &source, &selection, &drawn.request, &drawn.report),
        PH_OK);
    drawn_holds(drawn_file(&drawn, "-thresholds.gp"), "\nrelative = 1\nabsolute = 0\nlone = 1\n");
    drawn_holds(drawn_file(&drawn, "-thresholds.gp"),
                "lone_panel[1] = 1; lone_series[1] = 2; lone_line[1] = 1; lone_x[1] = 0.4; "
                "lone_y[1] = 7\n");
    ph_theory_free(&theory);
    drawn_end(&drawn);
}
END_TEST

PH_TEST_MAIN("figure_lone", test_ways, test_quantity, test_curves, test_thresholds)
