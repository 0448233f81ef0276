/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The figure of curves along the noise: its data are those of the reweighting, with the rungs. */
#include <math.h>

#include "analysis/figure/kind.h"
#include "tests/analysis/figure/drawn_run.h"

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t selection;

static void begin(const char *grid)
{
    drawn_begin_run(&drawn, grid, &run, &selection);
}

static void end(void)
{
    ph_runfile_close(&run);
    drawn_end(&drawn);
}

static int draw(const char *figures)
{
    const ph_figure_source_t source = {.run = &run};
    drawn.request.figures = figures;
    ph_figures_free(&drawn.figures);
    return ph_figures_write(&drawn.figures, &source, &selection, &drawn.request, &drawn.report);
}

static const char LADDER[] = "network: { neurons: [12, 16], patterns: 1 }\n"
                             "noise: 0.9\n"
                             "dynamics: { sampler: replica-exchange, ladder: [0.6, 0.9, 1.4], "
                             "sweeps: 400, start: random }\n"
                             "ensemble: { replicas: 16 }\n";

/* <H>/N and N Var(H/N)/T^2 of the magnet, by its states. */
static double magnet(int n, double noise, bool energy)
{
    double z = 0.0, first = 0.0, second = 0.0;
    for (int up = 0; up <= n; up++) {
        const double m = (2.0 * up - n) / n, e = -0.5 * m * m + 0.5 / n;
        const double p =
            exp(lgamma(n + 1.0) - lgamma(up + 1.0) - lgamma(n - up + 1.0) - n * e / noise);
        z += p;
        first += p * e;
        second += p * e * e;
    }
    first /= z;
    return energy ? first : n * (second / z - first * first) / (noise * noise);
}

/* One curve: ends at the coldest and hottest rung, band about it, the truth within a few errors of
 * it; returns what comes after it and its points, of which there have to be `points`. */
static char *check_curve(char *at, int neurons, bool energy, int points)
{
    double noise = 0.0;
    ck_assert_int_eq(*at, '#');
    at = strchr(at, '\n') + 1;
    for (int i = 0; i < 101; i++) {
        noise = strtod(at, &at);
        const double value = strtod(at, &at), low = strtod(at, &at), high = strtod(at, &at);
        const double exact = strtod(at, &at), truth = magnet(neurons, noise, energy);
        ck_assert_double_eq_tol(noise, 0.6 + 0.008 * i, 1e-12);
        ck_assert_double_eq_tol(exact, truth, 1e-8);
        ck_assert_double_eq_tol(high - value, value - low, 1e-8);
        ck_assert(high > value && high - value < 0.05 && fabs(value - truth) < 5 * (high - value));
    }
    at = strchr(strchr(at, '#'), '\n') + 1;
    for (int i = 0; i < points; i++) {
        noise = strtod(at, &at);
        const double value = strtod(at, &at), error = strtod(at, &at);
        ck_assert_double_eq(noise, points == 1 ? 0.9 : i == 0 ? 0.6 : i == 1 ? 0.9 : 1.4);
        ck_assert_msg(error > 0.0 && fabs(value - magnet(neurons, noise, energy)) < 5 * error,
                      "%g: %g +- %g", noise, value, error);
    }
    return at + strspn(at, "\n");
}

/* Unasked where there is a ladder: energy with all rungs, specific heat with the point's. */
START_TEST(test_ladder)
{
    const int neurons[] = {12, 16};
    begin(LADDER);
    ck_assert_int_eq(draw("reweighted"), PH_OK);
    ck_assert_uint_eq(drawn.figures.count, 1);
    char *text = drawn_file(&drawn, "-reweighted.dat"), *at = text;
    for (int panel = 0; panel < 2; panel++)
        for (int s = 0; s < 2; s++)
            at = check_curve(at, neurons[s], panel == 0, panel == 0 ? 3 : 1);
    ck_assert_str_eq(at, "");
    free(text);
    drawn_holds(drawn_file(&drawn, "-reweighted.gp"), "panels = 2\nseries = 2\nexact = 1\n");
    drawn_holds(drawn_file(&drawn, "-reweighted.gp"),
                "series_titles[2] = 'neurons {/:Italic N} = 16'");
    end();
}
END_TEST

/* Whether the usual figures have it among them. */
static bool among_usual(const char *grid)
{
    const ph_figure_kind_t *kind = NULL;
    ph_grid_t parsed;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&parsed);
    ck_assert_int_eq(ph_grid_parse(&parsed, grid, "test", 0, NULL, &report), PH_OK);
    ph_selection_init(&selection, &parsed);
    for (size_t i = 0; (kind = ph_figure_kind(i)) != NULL; i++)
        if (strcmp(kind->word, "reweighted") == 0)
            break;
    ck_assert_ptr_nonnull(kind);
    ph_figure_job_t job = {.selection = &selection};
    job.count = ph_figure_order(&selection, job.axes);
    const bool usual = kind->usual(&job);
    ph_grid_free(&parsed);
    ph_report_free(&report);
    return usual;
}

START_TEST(test_usual)
{
    ck_assert(among_usual(LADDER));
    ck_assert(!among_usual("network: { neurons: 12, patterns: 1 }\nnoise: [0.4, 0.7]\n"
                           "dynamics: { sweeps: 10 }\n"));
    ck_assert(
        !among_usual("network: { neurons: [12, 16], patterns: [1, 2] }\nnoise: 0.9\n"
                     "dynamics: { sampler: replica-exchange, ladder: [0.6, 0.9], sweeps: 10 }\n"));
    ck_assert(
        !among_usual("network: { neurons: 12, patterns: 1 }\nnoise: 0.9\n"
                     "dynamics: { sampler: replica-exchange, ladder: [0.6, 0.9], sweeps: 10 }\n"
                     "record: { trajectory: false }\n"));
}
END_TEST

/* Chains that follow each other may be in metastable branches: said, and in the figure. */
START_TEST(test_branches)
{
    static const char *const FOLLOW[] = {"[noise, noise-down]", "none"};
    for (size_t i = 0; i < 2; i++) {
        char text[300];
        snprintf(text, sizeof(text),
                 "network: { neurons: 12, patterns: 1 }\nnoise: [0.8, 1]\n"
                 "dynamics: { sampler: block-gibbs, sweeps: 60, follow: %s }\n"
                 "ensemble: { replicas: 8 }\n",
                 FOLLOW[i]);
        begin(text);
        ck_assert_int_eq(draw("reweighted"), PH_OK);
        drawn_holds(drawn_file(&drawn, "-reweighted.gp"),
                    i == 0 ? "note = 'chains follow each other: branches may be metastable'\n"
                           : "note = ''\n");
        size_t said = 0;
        for (size_t k = 0; k < drawn.report.count; k++)
            said += strstr(drawn.report.messages[k].text, "metastable branches") != NULL;
        ck_assert_uint_eq(said, i == 0);
        end();
    }
}
END_TEST

/* Points of several noises without a ladder where it is asked for; two axes beside the noise are
 * refused, and what the reweighting refuses. */
START_TEST(test_asked)
{
    begin("network: { neurons: 12, patterns: [1, 2], dilution: [0, 0.1] }\nnoise: [0.8, 1]\n"
          "dynamics: { sampler: block-gibbs, sweeps: 60 }\nensemble: { replicas: 8 }\n");
    ck_assert_int_eq(draw("reweighted"), PH_ERR_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), "of one more open axis at most"));
    ck_assert_int_eq(ph_selection_add(&selection, "patterns=2", &drawn.report), PH_OK);
    ck_assert_int_eq(draw("reweighted"), PH_OK);
    drawn_holds(drawn_file(&drawn, "-reweighted.gp"), "panels = 4\nseries = 2\nexact = 1\n");
    char *text = drawn_file(&drawn, "-reweighted.dat"), *at = strstr(text, "# panel 4, series 2");
    ck_assert_ptr_nonnull(at);
    const char *end_of = strstr(at, "\n\n");
    size_t lines = 0;
    for (; at != NULL && at < end_of; at = strchr(at + 1, '\n'))
        lines++;
    ck_assert_uint_eq(lines, 1 + 101); /* of the first of two patterns */
    free(text);
    ck_assert_int_eq(ph_selection_add(&selection, "noise=1,dilution=0", &drawn.report), PH_OK);
    ck_assert_int_eq(draw("reweighted"), PH_ERR_INPUT);
    ck_assert_uint_eq(drawn.figures.count, 0);
    end();
}
END_TEST

/* <|m|> and N (<m^2> - <|m|>^2)/T of the magnet, by its states. */
static double magnet_order(int n, double noise, bool susceptibility)
{
    double z = 0.0, first = 0.0, second = 0.0;
    for (int up = 0; up <= n; up++) {
        const double m = fabs(2.0 * up - n) / n;
        const double p = exp(lgamma(n + 1.0) - lgamma(up + 1.0) - lgamma(n - up + 1.0) +
                             0.5 * n * m * m / noise);
        z += p;
        first += p * m;
        second += p * m * m;
    }
    first /= z;
    return susceptibility ? n * (second / z - first * first) / noise : first;
}

/* Points without a ladder keep magnetizations: two panels more, of the first pattern. */
START_TEST(test_points)
{
    begin("network: { neurons: 12, patterns: 1 }\nnoise: [0.8, 1.2]\n"
          "dynamics: { sampler: block-gibbs, sweeps: 400, start: random }\n"
          "ensemble: { replicas: 16 }\n");
    ck_assert_int_eq(draw("reweighted"), PH_OK);
    char *text = drawn_file(&drawn, "-reweighted.dat"), *at = text;
    for (int panel = 3; panel <= 4; panel++) {
        at = strchr(strstr(at, panel == 3 ? "# panel 3" : "# panel 4"), '\n') + 1;
        for (int i = 0; i < 101; i++) {
            const double noise = strtod(at, &at), value = strtod(at, &at), low = strtod(at, &at);
            const double truth = magnet_order(12, noise, panel == 4);
            strtod(at, &at);
            ck_assert_double_eq_tol(noise, 0.8 + 0.004 * i, 1e-12);
            ck_assert(value > low && fabs(value - truth) < 5 * (value - low));
            const double exact = strtod(at, &at); /* of |m| there is one up to 16 neurons */
            ck_assert_double_eq_tol(exact, truth, 1e-8);
        }
        at = strchr(strchr(at, '#'), '\n') + 1;
        for (int i = 0; i < 2; i++) {
            const double noise = strtod(at, &at), value = strtod(at, &at), error = strtod(at, &at);
            ck_assert_double_eq(noise, i == 0 ? 0.8 : 1.2);
            ck_assert(error > 0.0 && fabs(value - magnet_order(12, noise, panel == 4)) < 5 * error);
        }
    }
    free(text);
    end();
}
END_TEST

/* What cannot be weighted is told of the grid, before there is a run. */
START_TEST(test_before_a_run)
{
    static const char *const CASES[][2] = {
        {"noise: [0.4, 0.7]\ndynamics: { sweeps: 10, sampler: little }\n",
         "sampler little: its chains are not of exp(-H/T)"},
        {"noise: [0, 0.7]\ndynamics: { sweeps: 10 }\n", "noise 0 has no weights"},
        {"noise: [0.4, 0.7]\ndynamics: { sweeps: 10 }\nrecord: { trajectory: false }\n",
         "later.h5 holds no trajectories"}};
    ph_runfile_t later = {.base = {.path = "later.h5"}};
    const ph_figure_source_t source = {.run = &later};
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char text[200];
        bool compares;
        snprintf(text, sizeof(text), "network: { neurons: 12, patterns: 1 }\n%s", CASES[i][0]);
        drawn_begin(&drawn, text);
        drawn.request.figures = "reweighted";
        ph_selection_init(&selection, &drawn.grid);
        ck_assert_int_eq(
            ph_figures_check(&compares, &source, &selection, &drawn.request, &drawn.report),
            PH_ERR_UNSUPPORTED);
        ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), CASES[i][1]));
        drawn_end(&drawn);
    }
}
END_TEST

PH_TEST_MAIN("figure_reweighted", test_ladder, test_usual, test_branches, test_asked, test_points,
             test_before_a_run)
