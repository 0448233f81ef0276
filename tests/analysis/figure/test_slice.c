/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Slices: a quantity along any axis or over the patterns, by any other, beside the theories asked
 * for; what is misspelt is told with what there is. */
#include <math.h>

#include "analysis/compare/occupation.h"
#include "analysis/estimate/fit.h"
#include "analysis/estimate/retrieved.h"
#include "analysis/figure/slice.h"
#include "analysis/theory/theory.h"
#include "sim/run/run.h"
#include "tests/analysis/figure/drawn.h"

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t selection;

static const char GRID[] =
    "figure: { x: pattern, by: noise, scale: loglog, compare: [flow, mean_field] }\n"
    "network: { neurons: [12, 40], patterns: 2, dilution: [0.2, 0.6] }\n"
    "noise: [0.4, 0.7]\n"
    "dynamics: { sampler: little, sweeps: 4, start: hierarchical }\n"
    "ensemble: { replicas: 8, samples: 2 }\n";

static void begin_of(const char *grid)
{
    char path[128];
    ph_run_options_t options = {.path = path, .threads = 1};
    ph_run_summary_t summary;
    drawn_begin(&drawn, grid);
    snprintf(path, sizeof(path), "%s/run.h5", drawn.folder);
    ck_assert_int_eq(ph_run(&drawn.grid, &options, &summary, &drawn.report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &drawn.report), PH_OK);
    ph_selection_init(&selection, run.base.grid);
}

static void begin(void)
{
    begin_of(GRID);
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

/* The numbers of a line of data against the quantities of the point and its flow. */
static char *check_line(char *at, size_t point, size_t mu, const ph_theory_t *flow)
{
    ph_quantities_t found;
    size_t q = 0;
    ck_assert_int_eq(ph_quantities_read(&found, &run, point, &PH_COMPARE_WELLS, 0, NULL), PH_OK);
    while (strcmp(found.found[q].quantity->name, "magnetization") != 0)
        q++;
    const ph_found_t *one = &found.found[q + mu];
    const double *values = ph_theory_values(flow, "flow_magnetization", point) + 4 * 2;
    ck_assert_uint_eq((size_t)strtod(at, &at), mu + 1);
    ck_assert_double_eq_tol(strtod(at, &at), one->found.value, 1e-9);
    ck_assert_double_eq_tol(strtod(at, &at), one->found.error, 1e-3 * one->found.error);
    ck_assert(isnan(strtod(at, &at))); /* no exact sums, which are not asked for */
    const double theory = strtod(at, &at);
    ck_assert(isnan(theory) ? isnan(one->theory) : fabs(theory - one->theory) < 1e-9);
    ck_assert_double_eq_tol(strtod(at, &at), values[mu], 1e-9);
    ph_quantities_free(&found);
    return at + strspn(at, "\n");
}

/* As the grid says: over the patterns, by noise, a panel a network, of this run and its flow. */
START_TEST(test_grid)
{
    ph_theory_t flow;
    char head[128];
    begin();
    ph_figure_request_of_grid(&drawn.request, run.base.grid, PH_FIGURE_OF_RUN);
    ck_assert_int_eq(draw(), PH_OK);
    ck_assert_uint_eq(drawn.figures.count, 1);
    ck_assert_int_eq(ph_theory_solve(&flow, run.base.grid, 1U << PH_THEORY_FLOW, false, 1, NULL),
                     PH_OK);
    char *text = drawn_file(&drawn, "-magnetization-pattern-noise.dat"), *at = text;
    for (size_t panel = 0; panel < 4; panel++)
        for (size_t series = 0; series < 2; series++) {
            snprintf(head, sizeof(head),
                     "# panel %zu, series %zu: pattern magnetization error exact theory flow\n",
                     panel + 1, series + 1);
            ck_assert_ptr_eq(strstr(at, head), at);
            at += strlen(head);
            for (size_t mu = 0; mu < 2; mu++) /* dilution runs faster than neurons */
                at = check_line(at, 4 * (panel / 2) + 2 * (panel % 2) + series, mu, &flow);
        }
    ck_assert_str_eq(at, "");
    free(text);
    drawn_holds(drawn_file(&drawn, "-magnetization-pattern-noise.gp"),
                "exact = 0\ntheory = 0\nflow = 6\nstep = 0\n");
    drawn_holds(drawn_file(&drawn, "-magnetization-pattern-noise.gp"), "x_log = 1");
    drawn_holds(drawn_file(&drawn, "-magnetization-pattern-noise.gp"), "y_log = 1");
    drawn_holds(drawn_file(&drawn, "-magnetization-pattern-noise.gp"),
                "panel_titles[2] = 'dilution {/:Italic d} = 0.6, neurons {/:Italic N} = 12'");
    ph_theory_free(&flow);
    end();
}
END_TEST

static const char ZIPPED[] =
    "zip: [[examples, quality]]\n"
    "network: { rule: supervised, neurons: 200, patterns: 2, dilution: [0.2, 0.5],\n"
    "           examples: [3, 9], quality: [0.9, 0.6] }\n"
    "noise: [0.3, 0.5]\n"
    "dynamics: { sweeps: 10, burn_in: 10, start: archetype }\n"
    "ensemble: { replicas: 8 }\n"
    "figure: { x: noise, by: pattern, compare: [COMPARE] }\n";

/* Whether some line of the data, of x, m, error, exact sums and wells, has theory of the wells. */
static bool has_wells(const char *compare)
{
    char grid[600], *place;
    bool any = false;
    snprintf(grid, sizeof(grid), "%.*s%s] }\n", (int)(strstr(ZIPPED, "COMPARE") - ZIPPED), ZIPPED,
             compare);
    begin_of(grid);
    ph_figure_request_of_grid(&drawn.request, run.base.grid, PH_FIGURE_OF_RUN);
    ck_assert_int_eq(draw(), PH_OK);
    char *text = drawn_file(&drawn, "-magnetization-noise-pattern.dat");
    for (char *line = strtok_r(text, "\n", &place); line != NULL;
         line = strtok_r(NULL, "\n", &place)) {
        double m, theory;
        if (sscanf(line, "%*s %lf %*s %*s %lf", &m, &theory) == 2 && !isnan(m))
            any = any || !isnan(theory);
    }
    free(text);
    /* Keys that vary together are all in the title of a panel, by letters where there are many. */
    drawn_holds(drawn_file(&drawn, "-magnetization-noise-pattern.gp"),
                "panel_titles[2] = '{/:Italic M} = 9, {/:Italic r} = 0.6, {/:Italic d} = 0.2'");
    end();
    return any;
}

/* The wells of the chains take long: only those are found that are drawn. */
START_TEST(test_zipped)
{
    ck_assert(has_wells(""));
    ck_assert(has_wells("mean_field, exact"));
    ck_assert(!has_wells("exact"));
}
END_TEST

static void ask(const char *y, const char *x, const char *by, unsigned compare,
                ph_figure_scale_t scale)
{
    drawn.request.figures = "quantity";
    drawn.request.quantity = y;
    drawn.request.x = x;
    drawn.request.by = by;
    drawn.request.compare = compare;
    drawn.request.scale = scale;
}

/* How the axes are shared out: x and by, panels, figures of their own. */
START_TEST(test_shares)
{
    ph_slice_t slice;
    drawn_begin(&drawn, GRID);
    ph_selection_init(&selection, &drawn.grid);
    ask("energy", "noise", NULL, 0, PH_FIGURE_SCALE_AUTO);
    ck_assert_int_eq(ph_slice_resolve(&slice, &selection, &drawn.request, NULL), PH_OK);
    ck_assert(slice.x.axis == 2 && slice.by.axis == 0 && !slice.pattern_panels);
    ck_assert(slice.panel_axes_count == 1 && slice.panel_axes[0] == 1 && slice.axes_count == 2);
    ask(NULL, "network.noise", "neurons", 0, PH_FIGURE_SCALE_AUTO);
    ck_assert_int_eq(ph_slice_resolve(&slice, &selection, &drawn.request, NULL), PH_ERR_INPUT);
    ask(NULL, "network.dilution", "neurons", 0, PH_FIGURE_SCALE_AUTO);
    ck_assert_int_eq(ph_slice_resolve(&slice, &selection, &drawn.request, NULL), PH_OK);
    ck_assert_str_eq(slice.quantity->name, "magnetization");
    ck_assert(slice.x.axis == 1 && slice.by.axis == 0 && slice.pattern_panels);
    ck_assert(slice.panel_axes_count == 0 && slice.axes_count == 3 && slice.axes[2] == 2);
    ask("magnetization", NULL, "pattern", 0, PH_FIGURE_SCALE_AUTO);
    ck_assert_int_eq(ph_slice_resolve(&slice, &selection, &drawn.request, NULL), PH_OK);
    ck_assert(slice.x.axis == 0 && slice.by.axis == PH_SLICE_PATTERN && slice.axes_count == 2);
    ck_assert_uint_eq(slice.panel_axes_count, 2);
    drawn_end(&drawn);
}
END_TEST

static const struct {
    const char *y, *x, *by;
    unsigned compare;
    ph_figure_scale_t scale;
    const char *said;
} WRONG[] = {
    {"foo", NULL, NULL, 0, PH_FIGURE_SCALE_AUTO, "--y foo: expected of magnetization, "},
    {NULL, "dilutoin", NULL, 0, PH_FIGURE_SCALE_AUTO,
     "x dilutoin: neurons, dilution, noise, pattern can be drawn along here"},
    {NULL, "examples", NULL, 0, PH_FIGURE_SCALE_AUTO, "x examples: neurons, dilution, noise"},
    {"energy", NULL, "pattern", 0, PH_FIGURE_SCALE_AUTO,
     "by pattern: neurons, dilution, noise can be drawn lines by here"},
    {NULL, "noise", "noise", 0, PH_FIGURE_SCALE_AUTO, "x noise: lines are by it already"},
    {"binder", "noise", NULL, 1U << PH_THEORY_FLOW, PH_FIGURE_SCALE_AUTO,
     "compare: flow has no line of binder, expected of mean_field, exact"},
    {NULL, "noise", NULL, 1U << PH_THEORY_BASIN, PH_FIGURE_SCALE_AUTO,
     "compare: basin has no line of magnetization, expected of mean_field, signal_to_noise, flow"},
    {"retrieved", "noise", NULL, 1U << PH_THEORY_EXACT, PH_FIGURE_SCALE_AUTO,
     "compare: exact has no line of retrieved, expected of mean_field, flow"},
    {"recalled", "noise", NULL, 1U << PH_THEORY_EXACT, PH_FIGURE_SCALE_AUTO,
     "compare: exact has no line of recalled, expected of flow"},
    {"recalled_other", "noise", NULL, 1U << PH_THEORY_FLOW, PH_FIGURE_SCALE_AUTO,
     "compare: flow has no line of recalled_other, expected none"},
    {"loss_plus", "noise", NULL, 0, PH_FIGURE_SCALE_AUTO,
     "--y loss_plus: the run has not recorded it, expected record: { loss: true }"},
    {NULL, "noise", NULL, 0, PH_FIGURE_SCALE_LOG,
     "scale log: along noise not all values are above 0; expected linear or logy"},
};

START_TEST(test_wrong)
{
    ph_slice_t slice;
    drawn_begin(&drawn, GRID);
    drawn.grid.axes[2].coordinates[0].values[0] = 0.0;
    drawn.grid.recall_threshold = 0.9;
    ph_selection_init(&selection, &drawn.grid);
    ask(WRONG[_i].y, WRONG[_i].x, WRONG[_i].by, WRONG[_i].compare, WRONG[_i].scale);
    ck_assert_int_eq(ph_slice_resolve(&slice, &selection, &drawn.request, &drawn.report),
                     PH_ERR_INPUT);
    ck_assert_msg(strstr(drawn_said(&drawn), WRONG[_i].said) != NULL, "%s", drawn_said(&drawn));
    drawn_end(&drawn);
}
END_TEST

/* The slope through the means of all samples but one. */
static ph_fit_t slope_without(const ph_found_t *found, size_t samples, size_t left_out)
{
    double x[3], y[3], error[3];
    for (size_t mu = 0; mu < 3; mu++) {
        double sum = 0.0, count = 0.0;
        for (size_t s = 0; s < samples; s++)
            if (s != left_out) {
                sum += found[mu].each[s];
                count += 1.0;
            }
        x[mu] = (double)(mu + 1);
        y[mu] = log(sum / count);
        error[mu] = found[mu].found.error / found[mu].found.value;
    }
    return ph_fit_line(3, x, y, error);
}

/* One series: the slope of logarithms, with the error of the jackknife over samples. */
static char *check_fit(char *at, size_t point)
{
    enum { SAMPLES = 5 };
    ph_quantities_t found;
    double slopes[SAMPLES], mean = 0.0, sum = 0.0, slope, error;
    ck_assert_int_eq(ph_quantities_read(&found, &run, point, NULL, 0, NULL), PH_OK);
    ck_assert_str_eq(found.found[0].quantity->name, "magnetization");
    for (size_t s = 0; s < SAMPLES; s++) {
        slopes[s] = slope_without(found.found, SAMPLES, s).slope;
        mean += slopes[s] / SAMPLES;
    }
    for (size_t s = 0; s < SAMPLES; s++)
        sum += (slopes[s] - mean) * (slopes[s] - mean);
    at = strstr(at, "# slope ");
    ck_assert_ptr_nonnull(at);
    ck_assert_int_eq(sscanf(at, "# slope %lf error %lf", &slope, &error), 2);
    ck_assert_double_eq_tol(slope, slope_without(found.found, SAMPLES, SAMPLES).slope, 1e-9);
    ck_assert_double_eq_tol(error, sqrt(sum * (SAMPLES - 1) / SAMPLES), 1e-3 * error);
    ck_assert(fabs(slope - log(point == 0 ? 0.4 : 0.5)) < 6.0 * error);
    ph_quantities_free(&found);
    return at + 1;
}

/* A fit is in data and legend, where a grid asks for it. */
START_TEST(test_fit)
{
    begin_of("figure: { x: pattern, scale: logy, compare: [flow], fit: true }\n"
             "network: { neurons: 2000, patterns: 3, dilution: [0.4, 0.5] }\n"
             "noise: 0.05\n"
             "dynamics: { sweeps: 4, burn_in: 4, start: hierarchical }\n"
             "ensemble: { replicas: 4, samples: 5 }\n");
    ph_figure_request_of_grid(&drawn.request, run.base.grid, PH_FIGURE_OF_RUN);
    ck_assert_int_eq(draw(), PH_OK);
    char *text = drawn_file(&drawn, "-magnetization-pattern.dat");
    check_fit(check_fit(text, 0), 1);
    free(text);
    drawn_holds(drawn_file(&drawn, "-magnetization-pattern.gp"),
                "series_titles[2] = 'dilution {/:Italic d} = 0.5: slope -0.");
    drawn.request.fit = false;
    ck_assert_int_eq(draw(), PH_OK);
    text = drawn_file(&drawn, "-magnetization-pattern.dat");
    ck_assert_ptr_null(strstr(text, "slope"));
    free(text);
    end();
}
END_TEST

/* Patterns retrieved: of the chains, of their wells, of the infinite network's flow at the last
 * record and of the hierarchy it rests in, by one rule: of the last the signals (1 - d) d^(k - 1)
 * beyond sqrt(2 log(100 K) (1 - d)/N). */
START_TEST(test_retrieved)
{
    static const double WELLS[] = {1.0, 2.0, 2.0}; /* of three points; the last is in between */
    static const double INFINITE[] = {1.0, 2.0, 2.0, 4.0};
    ph_theory_t flow;
    uint64_t most = 0;
    begin_of("figure: { x: neurons, y: retrieved, by: dilution, compare: [mean_field, flow] }\n"
             "network: { neurons: [150, 2000], patterns: 4, dilution: [0.2, 0.5] }\n"
             "noise: 0.05\n"
             "dynamics: { sweeps: 30, burn_in: 5, start: hierarchical }\n"
             "ensemble: { replicas: 6, samples: 3 }\n");
    const ph_grid_t *grid = run.base.grid;
    ph_figure_request_of_grid(&drawn.request, grid, PH_FIGURE_OF_RUN);
    ck_assert_int_eq(draw(), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&flow, grid, 1U << PH_THEORY_FLOW, false, 1, NULL), PH_OK);
    char *text = drawn_file(&drawn, "-retrieved-neurons-dilution.dat"), *at = text;
    for (size_t series = 0; series < 2; series++)
        for (size_t i = 0; i < 2; i++) {
            const size_t p = 2 * i + series, last = (size_t)grid->records_max - 1;
            ph_quantities_t found;
            uint64_t count;
            size_t q = 0;
            ck_assert_int_eq(ph_quantities_read(&found, &run, p, &PH_COMPARE_WELLS, 0, NULL),
                             PH_OK);
            while (strcmp(found.found[q].quantity->name, "retrieved") != 0)
                q++;
            ck_assert_int_eq(
                ph_retrieval_count(&PH_RETRIEVAL_USUAL, &grid->points[p],
                                   ph_theory_values(&flow, "flow_magnetization", p) + 4 * last,
                                   &count),
                PH_OK);
            at = i == 0 ? strchr(strstr(at, "# panel"), '\n') : at;
            ck_assert_double_eq(strtod(at, &at), i == 0 ? 150.0 : 2000.0);
            ck_assert_double_eq_tol(strtod(at, &at), found.found[q].found.value, 1e-9);
            (void)strtod(at, &at);
            ck_assert(isnan(strtod(at, &at)));
            ck_assert_double_eq_tol(strtod(at, &at), found.found[q].theory, 1e-9);
            ck_assert_double_eq(strtod(at, &at), (double)count);
            ck_assert_double_eq(strtod(at, &at), INFINITE[p]);
            ck_assert(p == 3 || found.found[q].theory == WELLS[p]);
            most = count > most ? count : most;
            ph_quantities_free(&found);
        }
    ck_assert_uint_eq(most, 4); /* which chains and wells do not all come to */
    free(text);
    ph_theory_free(&flow);
    end();
}
END_TEST

/* Over numbers of examples the absolute thresholds of the infinite network, where theory's step is
 * drawn; 0: never. Of an entropy of the data there are none: each number has a quality of its own.
 */
START_TEST(test_limits)
{
    static const char *const GRIDS[] = {
        "figure: { x: examples, by: pattern, compare: [signal_to_noise] }\n",
        "figure: { x: dilution, by: pattern, compare: [signal_to_noise] }\n",
        "figure: { x: examples, by: pattern, compare: [mean_field] }\n",
        "figure: { x: examples, by: pattern, compare: [signal_to_noise] }\n"};
    for (size_t k = 0; k < 4; k++) {
        char grid[512], line[64];
        bool never = false;
        ph_theory_t theory;
        snprintf(grid, sizeof(grid),
                 "%snetwork: { rule: supervised, neurons: 100, patterns: 2, dilution: [0.3, 0.8],\n"
                 "  examples: [3, 9], %s }\n"
                 "noise: 0\ndynamics: { sampler: little, start: hierarchical, sweeps: 1 }\n"
                 "ensemble: { replicas: 2 }\ntheory: { confidence: 0.7 }\n",
                 GRIDS[k], k == 3 ? "entropy: 0.2" : "quality: 0.5");
        begin_of(grid);
        ph_figure_request_of_grid(&drawn.request, run.base.grid, PH_FIGURE_OF_RUN);
        ck_assert_int_eq(draw(), PH_OK);
        ck_assert_int_eq(ph_theory_solve(&theory, run.base.grid, 1U << PH_THEORY_SIGNAL_TO_NOISE,
                                         false, 1, NULL),
                         PH_OK);
        const char *name =
            k == 1 ? "-magnetization-dilution-pattern.gp" : "-magnetization-examples-pattern.gp";
        snprintf(line, sizeof(line), "\nlimited = %d\n", k == 0);
        drawn_holds(drawn_file(&drawn, name), line);
        for (size_t i = 0; k == 0 && i < 4; i++) { /* dilution by dilution, pattern by pattern */
            const double *limits = ph_theory_values(&theory, "threshold_absolute", i / 2 * 2);
            never = never || isinf(limits[i % 2]);
            snprintf(line, sizeof(line), "\nlimits[%zu] = %.6g\n", i + 1,
                     isinf(limits[i % 2]) ? 0.0 : limits[i % 2]);
            drawn_holds(drawn_file(&drawn, name), line);
        }
        ck_assert(never == (k == 0));
        ph_theory_free(&theory);
        end();
    }
}
END_TEST

/* Where a sample has no value at a place, as no chain of it recalls there, the means of the others
 * are without it. */
START_TEST(test_fit_of_some)
{
    enum { SAMPLES = 6, NOISES = 3 };
    double each[NOISES][SAMPLES], y[NOISES], errors[NOISES], slopes[SAMPLES], slope, error;
    double missing = 0.0, mean = 0.0, sum = 0.0;
    begin_of("figure: { x: noise, y: recall_sweeps, fit: true }\n"
             "network: { neurons: 40, patterns: 2 }\n"
             "noise: [0.1, 0.3, 0.5]\n"
             "dynamics: { sweeps: 4, start: { kind: corrupted, overlap: 0.2 } }\n"
             "ensemble: { samples: 6, replicas: 2 }\n"
             "record: { recall: { threshold: 0.8 } }\n");
    for (size_t p = 0; p < NOISES; p++) {
        ph_quantities_t found;
        size_t q = 0;
        ck_assert_int_eq(ph_quantities_read(&found, &run, p, NULL, 0, NULL), PH_OK);
        while (strcmp(found.found[q].quantity->name, "recall_sweeps") != 0)
            q++;
        for (size_t s = 0; s < SAMPLES; s++) {
            each[p][s] = found.found[q].each[s];
            missing += isnan(each[p][s]);
        }
        errors[p] = found.found[q].found.error;
        ph_quantities_free(&found);
    }
    ck_assert(missing > 0.0 && missing < NOISES * (SAMPLES - 3));
    for (size_t out = 0; out < SAMPLES; out++) {
        for (size_t p = 0; p < NOISES; p++) {
            double of = 0.0, count = 0.0;
            for (size_t s = 0; s < SAMPLES; s++)
                if (s != out && !isnan(each[p][s])) {
                    of += each[p][s];
                    count += 1.0;
                }
            y[p] = of / count;
        }
        slopes[out] = ph_fit_line(NOISES, (const double[]){0.1, 0.3, 0.5}, y, errors).slope;
        mean += slopes[out] / SAMPLES;
    }
    for (size_t s = 0; s < SAMPLES; s++)
        sum += (slopes[s] - mean) * (slopes[s] - mean);
    ph_figure_request_of_grid(&drawn.request, run.base.grid, PH_FIGURE_OF_RUN);
    ck_assert_int_eq(draw(), PH_OK);
    char *text = drawn_file(&drawn, "-recall_sweeps-noise.dat"), *at = strstr(text, "# slope ");
    ck_assert_ptr_nonnull(at);
    ck_assert_int_eq(sscanf(at, "# slope %lf error %lf", &slope, &error), 2);
    ck_assert_double_eq_tol(error, sqrt(sum * (SAMPLES - 1) / SAMPLES), 1e-3 * error);
    free(text);
    end();
}
END_TEST

PH_TEST_PROGRAM("figure_slice")
{
    TCase *tcase = tcase_create("slice");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, test_grid);
    tcase_add_test(tcase, test_zipped);
    tcase_add_test(tcase, test_shares);
    tcase_add_test(tcase, test_fit);
    tcase_add_test(tcase, test_fit_of_some);
    tcase_add_test(tcase, test_retrieved);
    tcase_add_test(tcase, test_limits);
    tcase_add_loop_test(tcase, test_wrong, 0, sizeof(WRONG) / sizeof(WRONG[0]));
    return test_run("figure_slice", tcase);
}
