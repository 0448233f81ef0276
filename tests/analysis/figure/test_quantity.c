/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The figure of a quantity: its data are the quantities of the points, its series the second axis.
 */
#include <math.h>

#include "analysis/compare/occupation.h"
#include "analysis/estimate/quantities.h"
#include "analysis/figure/kind.h"
#include "analysis/theory/theory.h"
#include "tests/analysis/figure/drawn_run.h"

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t selection;

static void begin(const char *grid)
{
    drawn_begin_run(&drawn, grid, &run, &selection);
    drawn.request.figures = "quantity";
}

static void end(void)
{
    ph_runfile_close(&run);
    drawn_end(&drawn);
}

static int draw(const char *quantity)
{
    const ph_figure_source_t source = {.run = &run};
    drawn.request.quantity = quantity;
    ph_figures_free(&drawn.figures);
    return ph_figures_write(&drawn.figures, &source, &selection, &drawn.request, &drawn.report);
}

static const char GRID[] = "title: sizes\n"
                           "network: { neurons: [12, 40], patterns: 2, dilution: 0.3 }\n"
                           "noise: [0.4, 0.7, 1.3]\n"
                           "dynamics: { sampler: block-gibbs, sweeps: 40, start: hierarchical }\n"
                           "ensemble: { replicas: 8, samples: 2 }\n";

/* Of each panel (pattern) and series (neurons) the values along the noise are those of the points.
 */
START_TEST(test_data)
{
    begin(GRID);
    ck_assert_int_eq(draw("binder"), PH_OK);
    ck_assert_uint_eq(drawn.figures.count, 1);
    char *text = drawn_file(&drawn, "-binder.dat"), *at = text;
    for (size_t panel = 0; panel < 2; panel++)
        for (size_t series = 0; series < 2; series++) {
            char head[128];
            snprintf(head, sizeof(head),
                     "# panel %zu, series %zu: noise binder error exact theory\n", panel + 1,
                     series + 1);
            ck_assert_ptr_eq(strstr(at, head), at);
            at += strlen(head);
            for (size_t i = 0; i < 3; i++) {
                ph_quantities_t found;
                size_t q = 0;
                ck_assert_int_eq(ph_quantities_read(&found, &run, series * 3 + i, &PH_COMPARE_WELLS,
                                                    1, &drawn.report),
                                 PH_OK);
                while (strcmp(found.found[q].quantity->name, "binder") != 0)
                    q++;
                const ph_found_t *one = &found.found[q + panel];
                ck_assert_double_eq(strtod(at, &at), drawn.grid.points[i].noise);
                ck_assert_double_eq_tol(strtod(at, &at), one->found.value, 1e-9);
                ck_assert_double_eq_tol(strtod(at, &at), one->found.error, 1e-3 * one->found.error);
                ck_assert_double_eq_tol(strtod(at, &at), one->exact, 1e-9);
                const double theory = strtod(at, &at);
                ck_assert(isnan(theory) ? isnan(one->theory) : fabs(theory - one->theory) < 1e-9);
                ph_quantities_free(&found);
            }
            at += strspn(at, "\n");
        }
    ck_assert_str_eq(at, "");
    free(text);
    drawn_holds(drawn_file(&drawn, "-binder.gp"),
                "panels = 2\ncolumns = 2\nseries = 2\nexact = 4\n");
    drawn_holds(drawn_file(&drawn, "-binder.gp"), "y_label = '1 - <m^4>/(3 <m^2>^2)'");
    drawn_holds(drawn_file(&drawn, "-binder.gp"), "series_titles[2] = 'neurons {/:Italic N} = 40'");
    drawn_holds(drawn_file(&drawn, "-binder.gp"), "panel_titles[2] = 'pattern 2'");
    end();
}
END_TEST

/* Points that follow each other are joined, and the legend says which way the noise goes. */
START_TEST(test_follow)
{
    begin("network: { neurons: 12, patterns: 1 }\nnoise: [0.6, 1.2]\n"
          "dynamics: { sweeps: 20, follow: [noise, noise-down] }\nensemble: { replicas: 4 }\n");
    drawn.request.x = "noise";
    drawn.request.by = "follow";
    ck_assert_int_eq(draw("energy"), PH_OK);
    drawn_holds(drawn_file(&drawn, "-energy-noise-follow.gp"), "joined = 1\n");
    drawn_holds(drawn_file(&drawn, "-energy-noise-follow.gp"),
                "series_titles[2] = 'follow: noise-down ({/:Italic T} \u2193)'");
    drawn.request.by = "noise";
    drawn.request.x = "follow";
    ck_assert_int_eq(draw("energy"), PH_OK);
    drawn_holds(drawn_file(&drawn, "-energy-follow-noise.gp"), "joined = 0\n");
    end();
}
END_TEST

/* A quantity of the point has one panel; one value of the second axis one series; it is drawn only
 * where it is asked for. */
START_TEST(test_point)
{
    const ph_figure_source_t source = {.run = &run};
    bool compares;
    begin(GRID);
    ck_assert_int_eq(ph_selection_add(&selection, "neurons=12", &drawn.report), PH_OK);
    ck_assert_int_eq(draw("specific_heat"), PH_OK);
    drawn_holds(drawn_file(&drawn, "-specific_heat.gp"), "panels = 1\ncolumns = 1\nseries = 1\n");
    drawn_holds(drawn_file(&drawn, "-specific_heat.gp"), "series_titles[1] = 'simulation'");
    drawn.request.figures = NULL;
    ck_assert_int_eq(
        ph_figures_check(&compares, &source, &selection, &drawn.request, &drawn.report), PH_OK);
    ck_assert(compares); /* curves, no quantity */
    end();
}
END_TEST

/* Refused: no such quantity, none at all, one of wells, ranks, nothing to be had. */
START_TEST(test_refused)
{
    static const char *const NONE[] = {"foo", NULL, "share"};
    begin("network: { neurons: 12, patterns: 1 }\nnoise: [0.4, 0.7]\n"
          "dynamics: { sampler: little, sweeps: 10 }\nensemble: { replicas: 8 }\n");
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(draw(NONE[i]), PH_ERR_INPUT);
        ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), "magnetization_fourth, binder, "));
        ck_assert_ptr_null(strstr(drawn_said(&drawn), "share,"));
    }
    ck_assert_int_eq(draw("specific_heat"), PH_ERR_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), "specific_heat is nowhere to be had"));
    ck_assert_uint_eq(drawn.figures.count, 0);
    ck_assert_int_eq(draw("binder"), PH_OK);
    drawn.request.view = PH_VIEW_RANKS;
    ck_assert_int_eq(draw("binder"), PH_ERR_INPUT);
    end();
}
END_TEST

/* Recall over its cues: beside the chains the flow of the infinite network, as recalled or not and
 * as the overlap over the entries of the start's pattern; without a pattern in the start no line.
 */
START_TEST(test_recall)
{
    static const char *const NAMES[] = {"recalled", "recall_overlap"};
    begin("network: { neurons: 60, patterns: 2, dilution: { each: [0, 0.3] } }\nnoise: 0.1\n"
          "dynamics: { sweeps: 6, start: { kind: mixture, patterns: [2, 1], "
          "overlap: [0.3, 0.45, 0.8] } }\n"
          "ensemble: { replicas: 8, samples: 2 }\nrecord: { recall: { threshold: 0.85 } }\n");
    ph_theory_t flow;
    ck_assert_int_eq(
        ph_theory_solve(&flow, &drawn.grid, 1U << PH_THEORY_FLOW, false, 1, &drawn.report), PH_OK);
    drawn.request.compare = 1U << PH_THEORY_FLOW;
    for (size_t k = 0; k < 2; k++) {
        ck_assert_int_eq(draw(NAMES[k]), PH_OK);
        char *text = drawn_file(&drawn, k == 0 ? "-recalled.dat" : "-recall_overlap.dat");
        char *at = strchr(text, '\n') + 1;
        ck_assert_ptr_nonnull(strstr(text, "error exact theory flow\n"));
        for (size_t i = 0; i < 3; i++) {
            const double *m = ph_theory_values(&flow, "flow_magnetization", i);
            const double q = m[6 * 2 + 1] / 0.7;
            ph_quantities_t found;
            size_t one = 0;
            ck_assert_int_eq(ph_quantities_read(&found, &run, i, NULL, 0, &drawn.report), PH_OK);
            while (strcmp(found.found[one].quantity->name, NAMES[k]) != 0)
                one++;
            strtod(at, &at);
            ck_assert_double_eq_tol(strtod(at, &at), found.found[one].found.value, 1e-9);
            strtod(at, &at);
            ck_assert(isnan(strtod(at, &at)) && isnan(strtod(at, &at)));
            ck_assert_double_eq_tol(strtod(at, &at), k == 1 ? q : q >= 0.85, 1e-9);
            ck_assert(i == 1 || (q >= 0.85) == (i == 2));
            ph_quantities_free(&found);
        }
        free(text);
    }
    ph_theory_free(&flow);
    end();
    begin("network: { neurons: 60, patterns: 2 }\nnoise: [0.1, 0.2]\ndynamics: { sweeps: 2 }\n"
          "ensemble: { replicas: 2 }\nrecord: { recall: { threshold: 0.9 } }\n");
    drawn.request.compare = 1U << PH_THEORY_FLOW;
    ck_assert_int_eq(draw("recalled"), PH_OK);
    drawn_holds(drawn_file(&drawn, "-recalled.gp"), "flow = 0\n");
    end();
}
END_TEST

PH_TEST_MAIN("figure_quantity", test_data, test_follow, test_point, test_refused, test_recall)
