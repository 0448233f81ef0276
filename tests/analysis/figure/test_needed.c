/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Examples needed: where shares of entries pass a bound, with errors, and the figure's data against
 * the run's own estimates and theory at the grid's points. */
#include <math.h>

#include "analysis/estimate/estimates.h"
#include "analysis/figure/needed_private.h"
#include "analysis/figure/thresholds_private.h"
#include "tests/analysis/figure/drawn_run.h"

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t selection;

#define REST                                                                                       \
    "noise: 0\ndynamics: { sampler: little, start: hierarchical, sweeps: 1 }\n"                    \
    "ensemble: { samples: 4, replicas: 2 }\ntheory: { kinds: signal_to_noise }\n"
static const char GRID[] =
    "figure: { draw: needed }\n"
    "network: { neurons: 600, patterns: 2, rule: [supervised, unsupervised],\n"
    "           dilution: [0.5, 0.8], examples: [1, 5, 25], quality: [0.3, 0.6] }\n" REST;

static int draw(void)
{
    const ph_figure_source_t source = {.run = &run};
    ph_figure_request_of_grid(&drawn.request, run.base.grid, PH_FIGURE_OF_RUN);
    return ph_figures_write(&drawn.figures, &source, &selection, &drawn.request, &drawn.report);
}

static void end(void)
{
    ph_runfile_close(&run);
    drawn_end(&drawn);
}

/* Of shares straight in log M the number is where they are the bound, and its error that of a shift
 * of the shares; what begins above, or never comes there, has none. */
START_TEST(test_between)
{
    const double m[] = {1.0, 4.0, 16.0, 64.0}, error[] = {0.01, 0.01, 0.01, 0.01};
    const double share[] = {0.1, 0.4, 0.7, 1.0}, late[] = {0.8, 0.9, 0.7, 1.0};
    for (double wanted = 0.15; wanted < 1.0; wanted += 0.1) {
        const ph_needed_t found = ph_needed_between(4, m, share, error, wanted);
        ck_assert_double_eq_tol(log(found.number), (wanted - 0.1) / 0.3 * log(4.0), 1e-12);
    }
    const ph_needed_t end = ph_needed_between(4, m, share, error, 0.7);
    ck_assert_double_eq_tol(end.number, 16.0, 1e-12);
    ck_assert_double_eq_tol(end.error, 16.0 * log(4.0) / 0.3 * 0.01, 1e-12);
    const ph_needed_t half = ph_needed_between(4, m, share, error, 0.55);
    ck_assert_double_eq_tol(half.error, 8.0 * log(4.0) / 0.3 * 0.01 / sqrt(2.0), 1e-12);
    ck_assert(isnan(ph_needed_between(4, m, share, error, 0.05).number));
    ck_assert(isnan(ph_needed_between(4, m, share, error, 1.05).number));
    ck_assert_double_gt(ph_needed_between(4, m, late, error, 0.75).number, 16.0);
}
END_TEST

/* Shares of a pattern over the numbers of examples, by the run's estimates. */
static ph_needed_t by_hand(size_t rule, size_t dilution, size_t quality, size_t mu)
{
    static const double FILLED[] = {0.5, 0.2}, EXAMPLES[] = {1.0, 5.0, 25.0};
    double share[3], error[3];
    for (size_t i = 0; i < 3; i++) {
        const size_t point = ((rule * 2 + dilution) * 3 + i) * 2 + quality;
        double m = 0.0, square = 0.0;
        for (uint32_t s = 0; s < 4; s++) {
            ph_segment_t segment;
            double sample = 0.0;
            ck_assert_int_eq(ph_runfile_read(&run, point, s, 0, 2, 0, &segment, NULL), PH_OK);
            for (size_t c = 0; c < 2; c++)
                sample +=
                    0.5 * segment.series[((c + 1) * segment.records - 1) * segment.components +
                                         mu]; /* the last record */
            m += sample / 4.0;
            square += sample * sample / 4.0;
            ph_segment_free(&segment);
        }
        share[i] = m / FILLED[dilution];
        error[i] = sqrt((square - m * m) / 3.0) / FILLED[dilution];
    }
    return ph_needed_between(3, EXAMPLES, share, error, erf(run.base.grid->confidence));
}

/* One block of the figure along the dilution: points first, then the line. */
static char *check_block(char *at, const ph_theory_t *theory, size_t rule, size_t quality,
                         size_t mu, size_t *points)
{
    at = strchr(strstr(at, "# panel"), '\n') + 1;
    for (size_t d = 0; d < 2; d++) {
        const ph_needed_t found = by_hand(rule, d, quality, mu);
        if (isnan(found.number))
            continue;
        ck_assert_double_eq_tol(strtod(at, &at), d == 0 ? 0.5 : 0.8, 1e-12);
        ck_assert_double_eq_tol(strtod(at, &at), found.number, 1e-6 * found.number);
        ck_assert_double_eq_tol(strtod(at, &at), found.error, 0.05 * found.error);
        ck_assert(isnan(strtod(at, &at)));
        ++*points;
    }
    for (size_t i = 0; i <= 60; i++) {
        const double d = strtod(at, &at);
        ck_assert_double_eq_tol(d, 0.5 + 0.3 * (double)i / 60.0, 1e-9);
        ck_assert(isnan(strtod(at, &at)) && isnan(strtod(at, &at)));
        const double value = strtod(at, &at);
        const size_t point = (rule * 2 + (i == 60 ? 1 : 0)) * 6 + quality;
        const double own = ph_figure_threshold(theory, false, point, mu);
        if (i % 60 == 0)
            ck_assert(isfinite(own) ? fabs(value - own) < 1e-6 * own : isnan(value));
    }
    return at;
}

START_TEST(test_files)
{
    ph_theory_t theory;
    size_t points = 0;
    drawn_begin_run(&drawn, GRID, &run, &selection);
    ck_assert_int_eq(draw(), PH_OK);
    ck_assert_uint_eq(drawn.figures.count, 2); /* along the dilution, and along the quality */
    ck_assert_int_eq(
        ph_theory_solve(&theory, run.base.grid, 1U << PH_THEORY_SIGNAL_TO_NOISE, false, 1, NULL),
        PH_OK);
    char *text = drawn_file(&drawn, "-needed-dilution.dat"), *at = text;
    for (size_t panel = 0; panel < 4; panel++)
        for (size_t mu = 0; mu < 2; mu++)
            at = check_block(at, &theory, panel / 2, panel % 2, mu, &points);
    ck_assert_uint_ge(points, 4);
    free(text);
    ph_theory_free(&theory);
    drawn_holds(drawn_file(&drawn, "-needed-dilution.gp"),
                "panel_titles[2] = 'rule: supervised, quality {/:Italic r} = 0.6'");
    drawn_holds(drawn_file(&drawn, "-needed-quality.gp"),
                "panel_titles[4] = 'rule: unsupervised, dilution {/:Italic d} = 0.8'");
    end();
}
END_TEST

#define OF "figure 'needed' is of runs over network.examples"
#define ENTROPY "needs network.quality in place of network.entropy"
#define LEARN "figure: { draw: needed }\nnetwork: { neurons: 60, patterns: 2, rule: supervised,\n"
static const struct {
    const char *grid, *said;
} WRONG[] = {
    {LEARN "  dilution: [0.2, 0.5], quality: [0.3, 0.6] }\n" REST, OF},
    {"figure: { draw: needed }\nnetwork: { neurons: 60, patterns: [1, 2], rule: supervised,\n"
     "  examples: [1, 5] }\n" REST,
     OF},
    {LEARN "  dilution: [0.2, 0.5], examples: [1, 5], entropy: 0.2 }\n" REST, ENTROPY},
    {LEARN "  entropy: [0, 0.2], examples: [1, 5] }\n" REST, ENTROPY}};

START_TEST(test_wrong)
{
    drawn_begin_run(&drawn, WRONG[_i].grid, &run, &selection);
    ck_assert_int_eq(draw(), PH_ERR_UNSUPPORTED);
    ck_assert_msg(strstr(drawn_said(&drawn), WRONG[_i].said) != NULL, "%s", drawn_said(&drawn));
    ck_assert_uint_eq(drawn.figures.count, 0);
    end();
}
END_TEST

PH_TEST_PROGRAM("figure_needed")
{
    TCase *tcase = tcase_create("needed");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, test_between);
    tcase_add_test(tcase, test_files);
    tcase_add_loop_test(tcase, test_wrong, 0, sizeof(WRONG) / sizeof(WRONG[0]));
    return test_run("figure_needed", tcase);
}
