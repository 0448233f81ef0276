/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/figure.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/figure/axis.h"
#include "tests/sim/store/sample.h"
#include "tests/testing.h"

static char folder[64], prefix[96], templates[512];
static ph_grid_t grid;
static ph_report_t report;
static ph_figures_t figures;

static void parse(const char *text)
{
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "test", 0, NULL, &report), PH_OK);
}

static void forget(void)
{
    ph_grid_free(&grid);
    ph_report_free(&report);
}

static const char *named; /* figures that are asked for */
static ph_view_t view;
static double width, font;
static bool own_scale;
static double theory_given = NAN; /* what the comparison is to have for its theory */
static double sample_given = NAN; /* and for that of its samples, of the first pattern decided */

/* Figures of a run in which the last point is missing. */
static int draw(const char *text, const char *point)
{
    ph_runfile_t run;
    ph_selection_t selection;
    char path[128];
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-figure-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(prefix, sizeof(prefix), "%s/fig", folder);
    snprintf(templates, sizeof(templates), "%s/plots", getenv("PH_SOURCE_DIR"));
    snprintf(path, sizeof(path), "%s/run.h5", folder);
    parse(text);
    ck_assert_int_eq(sample_run(&grid, path, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    ph_selection_init(&selection, run.base.grid);
    if (point != NULL)
        ck_assert_int_eq(ph_selection_add(&selection, point, &report), PH_OK);
    ph_comparison_t comparison = {0};
    bool compares;
    const ph_figure_request_t request = {.prefix = prefix,
                                         .formats = "png",
                                         .templates = templates,
                                         .threads = 1,
                                         .view = view,
                                         .font_size = font,
                                         .width = width,
                                         .own_scale = own_scale,
                                         .figures = named};
    ph_figure_source_t source = {.run = &run, .comparison = &comparison};
    int status = ph_figures_check(&compares, &source, &selection, &request, &report);
    if (status == PH_OK && compares)
        ck_assert_int_eq(ph_compare(&comparison, &run, NULL, view, &report), PH_OK);
    for (size_t i = 0; !isnan(theory_given) && i < comparison.rows_count; i++)
        comparison.rows[i].population = comparison.rows[i].population_size = theory_given;
    for (size_t i = 0; !isnan(sample_given) && i < comparison.rows_count; i++) {
        ph_comparison_row_t *row = &comparison.rows[i];
        row->sample_theory = row->sample_size = sample_given;
        row->verdict = row->pattern == 0 ? PH_VERDICT_AGREE : PH_VERDICT_UNDECIDED;
        row->left_out = row->point % 2 == 0; /* noise 0.1 */
    }
    if (status == PH_OK)
        status = ph_figures_write(&figures, &source, &selection, &request, &report);
    ph_comparison_free(&comparison);
    ph_runfile_close(&run);
    return status;
}

static void end(void)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
    ph_figures_free(&figures);
    forget();
}

/* A whole file beside the figures, to be freed. */
static char *contents(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s%s", prefix, name);
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    char *text = calloc(1, 1 << 20);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_lt(fread(text, 1, (1 << 20) - 1, file), (1 << 20) - 1);
    fclose(file);
    return text;
}

static bool has(const char *name, const char *part)
{
    char *text = contents(name);
    const bool found = strstr(text, part) != NULL;
    free(text);
    return found;
}

static const char TWO[] = "title: \"it's `x` \\\\ {a}\"\n"
                          "network: { neurons: 60, patterns: 2, dilution: [0.1, 0.2, 0.4] }\n"
                          "noise: [0.1, 0.2]\n"
                          "dynamics: { start: hierarchical, sweeps: 20 }\n"
                          "ensemble: { samples: 2, replicas: 3 }\n";

/* Mean of the rule's magnetization of a pattern at a point of TWO. */
static double rule_mean(size_t point, uint64_t mu)
{
    double sum = 0.0;
    for (uint32_t s = 0; s < 2; s++)
        for (uint32_t r = 0; r < 3; r++)
            for (uint64_t k = 0; k < 21; k++)
                sum += sample_value(point, s, r, k, mu);
    return sum / (6 * 21);
}

/* Curves: a block a panel and pattern, simulation then theory, values of the right point. */
START_TEST(test_curves)
{
    ck_assert_int_eq(draw(TWO, NULL), PH_OK);
    ck_assert_uint_eq(figures.count, 2);
    char *text = contents("-curves.dat");
    char *at = strstr(text, "# noise=0.2, pattern 2, simulation: dilution magnetization "
                            "error undecided\n");
    ck_assert_ptr_nonnull(at);
    at = strchr(at, '\n');
    ck_assert_double_eq(strtod(at, &at), 0.1);
    ck_assert_double_eq_tol(strtod(at, &at), rule_mean(1, 1), 1e-6);
    ck_assert(isnan(strtod(at, &at))); /* records that rise from begin to end */
    at = strchr(at, '\n');
    ck_assert_double_eq(strtod(at, &at), 0.2);
    ck_assert_double_eq_tol(strtod(at, &at), rule_mean(3, 1), 1e-6);
    ck_assert_double_gt(strtod(at, &at), 0.0);
    ck_assert(has("-curves.gp", "\nno_error = 1\n"));
    ck_assert_ptr_nonnull(strstr(at, "\n0.4 NaN NaN 0\n\n\n# noise=0.2, pattern 2, theory"));
    size_t blocks = 0;
    for (at = text; (at = strstr(at, "\n\n\n")) != NULL; at++)
        blocks++;
    ck_assert_uint_eq(blocks, 2 * 2 * 2);
    free(text);
    end();
}
END_TEST

/* Theory lines are finer than the grid, go through its values, and are the mean field. */
START_TEST(test_theory)
{
    ph_theory_t theory;
    size_t rows = 0, met = 0;
    ck_assert_int_eq(draw(TWO, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, 1u << PH_THEORY_MEAN_FIELD, false, 1, &report),
                     PH_OK);
    char *text = contents("-curves.dat");
    char *at = strstr(text, "# noise=0.1, pattern 1, theory");
    ck_assert_ptr_nonnull(at);
    for (at = strchr(at, '\n') + 1; *at != '\n'; rows++, at++) {
        const double x = strtod(at, &at), y = strtod(at, &at);
        for (size_t i = 0; i < 3; i++)
            if (x == grid.axes[0].coordinates[0].values[i]) {
                ck_assert_double_eq_tol(y, ph_theory_values(&theory, "magnetization", 2 * i)[0],
                                        1e-9);
                met++;
            }
    }
    ck_assert_uint_ge(rows, 100);
    ck_assert_uint_eq(met, 3);
    free(text);
    ph_theory_free(&theory);
    end();
}
END_TEST

/* The theory drawn is that of the comparison that was given; nothing is compared again. */
START_TEST(test_given_comparison)
{
    theory_given = 0.4321;
    ck_assert_int_eq(draw("network: { neurons: 60, patterns: 2 }\nnoise: [0.1, 0.2]\n"
                          "dynamics: { start: archetype, sweeps: 5 }\n",
                          NULL),
                     PH_OK);
    theory_given = NAN;
    ck_assert(
        has("-curves.dat", "pattern 2, theory: noise magnetization\n0.1 0.4321\n0.2 0.4321\n"));
    end();
}
END_TEST

/* The theory of the samples stands beside the simulation, and whether that is undecided; where
 * samples of such a point are left out, it is another average. */
START_TEST(test_samples)
{
    sample_given = 0.4321;
    ck_assert_int_eq(draw(TWO, NULL), PH_OK);
    sample_given = NAN;
    char *text = contents("-curves.dat");
    for (size_t i = 0; i < 4; i++) {
        const size_t mu = i % 2;
        double x, mean, error, undecided, sample;
        char begin[40];
        snprintf(begin, sizeof(begin), "# noise=%s, pattern %zu, simulation", i < 2 ? "0.1" : "0.2",
                 mu + 1);
        const char *at = strstr(text, begin);
        ck_assert_ptr_nonnull(at);
        ck_assert_int_eq(
            sscanf(strchr(at, '\n'), "%lf %lf %lf %lf %lf", &x, &mean, &error, &undecided, &sample),
            5);
        ck_assert_double_eq(undecided, (double)mu);
        ck_assert(i == 1 ? isnan(sample) : sample == 0.4321);
    }
    free(text);
    ck_assert(has("-curves.gp", "\nsamples = 1\n") && has("-curves.gp", "\nundecided = 1\n"));
    ck_assert(has("-map.gp", "\nundecided = 1\n"));
    text = contents("-map.dat");
    for (size_t mu = 0; mu < 2; mu++) {
        double value;
        int undecided;
        const char *at = strstr(text, mu == 0 ? "# pattern 1" : "# pattern 2");
        ck_assert_ptr_nonnull(at);
        ck_assert_int_eq(
            sscanf(strchr(at, '\n'), "%*f %*f %*f %*f %*f %*f %lf %d", &value, &undecided), 2);
        ck_assert_int_eq(undecided, (int)mu);
    }
    free(text);
    end();
}
END_TEST

/* Maps: cells with edges half-way between values; a point without data is NaN. */
START_TEST(test_map)
{
    char cell[128];
    ck_assert_int_eq(draw(TWO, NULL), PH_OK);
    snprintf(cell, sizeof(cell), "\n0.2 0.1 0.15 0.3 0.05 0.15 %.6f", rule_mean(2, 0));
    ck_assert(has("-map.dat", cell));
    ck_assert(has("-map.dat", "\n0.4 0.2 0.3 0.5 0.15 0.25 NaN 0\n"));
    ck_assert(has("-map.gp", "\nx_min = 0.05\nx_max = 0.5\n"));
    ck_assert(has("-map.gp", "\nx_values = '(0.1, 0.2, 0.4)'\n"));
    ck_assert(has("-map.gp", "\ndata = './'.name.'.dat'\n"));
    end();
}
END_TEST

/* The largest value that a map has of a pattern, in the simulation or its theory. */
static double largest(const char *data, size_t pattern, bool theory)
{
    char begin[32];
    double most = -INFINITY, value;
    snprintf(begin, sizeof(begin), "# pattern %zu%s:", pattern, theory ? ", theory" : "");
    const char *at = strstr(data, begin);
    ck_assert_msg(at != NULL, "no %s", begin);
    while ((at = strchr(at, '\n')) != NULL && at[1] != '\n' && at[1] != '\0') {
        ck_assert_int_eq(sscanf(++at, "%*f %*f %*f %*f %*f %*f %lf", &value), 1);
        most = fmax(most, value);
    }
    return most;
}

/* Maps have the theory of each pattern behind all simulations, and all of them one scale of
 * colours, or where asked each pattern its own. */
START_TEST(test_map_theory)
{
    for (int own = 0; own < 2; own++) {
        double high[2], low;
        theory_given = 0.12;
        own_scale = own == 1;
        ck_assert_int_eq(draw(TWO, NULL), PH_OK);
        theory_given = NAN;
        own_scale = false;
        char *text = contents("-map.dat"), *script = contents("-map.gp");
        for (size_t k = 0; k < 2; k++) {
            high[k] = fmax(largest(text, k + 1, false), largest(text, k + 1, true));
        }
        ck_assert(strstr(text, "# pattern 2: ") < strstr(text, "# pattern 1, theory: "));
        ck_assert_ptr_nonnull(strstr(strstr(text, "# pattern 2, theory: "), " 0.12 0\n"));
        ck_assert(ceil(10.0 * high[0]) > ceil(10.0 * high[1])); /* or nothing is told apart */
        ck_assert(has("-map.gp", own ? "\nown_scale = 1\n" : "\nown_scale = 0\n"));
        ck_assert(has("-map.gp", "\ncolumns = 2\ntheory = 1\npairs = 0\n"));
        for (size_t k = 0; k < 2; k++) {
            char begin[32];
            double most;
            snprintf(begin, sizeof(begin), "value_min[%zu]", k + 1);
            ck_assert_int_eq(sscanf(strstr(script, begin),
                                    "value_min[%*d] = %lf; value_max[%*d] = %lf", &low, &most),
                             2);
            ck_assert_double_eq_tol(most, ceil(10.0 * high[own ? k : 0] - 1e-9) / 10.0, 1e-9);
        }
        free(text);
        free(script);
        end();
    }
}
END_TEST

/* A title is text, whatever it holds; what both scripts share is in both. */
START_TEST(test_title)
{
    ck_assert_int_eq(draw(TWO, NULL), PH_OK);
    ck_assert(has("-curves.gp", "\nfigure_title = \"it\\047s \\140x\\140 \\134 {a}\"\n"));
    ck_assert(has("-curves.gp", "\npanel_titles[2] = 'noise {/:Italic T} = 0.2'\n"));
    ck_assert(has("-curves.gp", "\nset palette"));
    ck_assert(has("-map.gp", "\nset palette"));
    end();
}
END_TEST

/* One axis, by the grid or by choice: curves alone, the choice in the title. */
START_TEST(test_one_axis)
{
    ck_assert_int_eq(draw(TWO, "dilution=0.2"), PH_OK);
    ck_assert_uint_eq(figures.count, 1);
    ck_assert(has("-curves.gp", "{a}; dilution = 0.2\"\n"));
    ck_assert(has("-curves.gp", "\nx_label = 'noise {/:Italic T}'\n"));
    ck_assert(has("-curves.gp", "\npanels = 1\n"));
    end();
    ck_assert_int_eq(draw(TWO, "dilution=0.2,noise=0.1"), PH_ERR_UNSUPPORTED);
    ck_assert_uint_eq(figures.count, 0);
    end();
}
END_TEST

/* More axes: figures for every other value, with no more patterns than they have. */
START_TEST(test_more_axes)
{
    ck_assert_int_eq(draw("network: { neurons: 60, patterns: [2, 3], dilution: [0.1, 0.2, 0.4] }\n"
                          "noise: [0.1, 0.2, 0.3]\n"
                          "dynamics: { sampler: [glauber, metropolis], sweeps: 5 }\n",
                          NULL),
                     PH_OK);
    ck_assert_uint_eq(figures.count, 2 * 2 * 2);
    ck_assert(has("-patterns-2-sampler-metropolis-map.gp", "\npatterns = 2\n"));
    ck_assert(has("-patterns-3-sampler-glauber-curves.gp", "\npatterns = 3\n"));
    ck_assert(has("-patterns-3-sampler-glauber-curves.gp",
                  "figure_title = 'patterns = 3, sampler = glauber'"));
    end();
    ck_assert_int_eq(draw("network: { neurons: [10, 20, 30, 40, 50, 60], patterns: [2, 3, 4, 5, 6, "
                          "7], dilution: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] }\n"
                          "noise: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]\n"
                          "dynamics: { sweeps: 1 }\n",
                          NULL),
                     PH_ERR_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(report.messages[report.count - 1].text, "--point"));
    end();
}
END_TEST

/* Values of a logarithmic axis are its tics where their numbers have room beside each other. */
START_TEST(test_tics)
{
    ck_assert_int_eq(draw("network: { neurons: [100, 200, 400, 800, 2000, 8000], patterns: 1 }\n"
                          "noise: [0.1, 0.2]\ndynamics: { sweeps: 5 }\n",
                          NULL),
                     PH_OK);
    ck_assert(has("-curves.gp", "\nx_log = 1\n"));
    ck_assert(has("-curves.gp", "\nx_values = '(100, 200, 400, 800, 2000, 8000)'\n"));
    end();
    /* Of a map every value has a tic, and evenly spaced ones a label; words have their own. */
    ck_assert_int_eq(draw("network: { neurons: 60, patterns: 2 }\n"
                          "noise: { from: 0.05, to: 1, steps: 20 }\n"
                          "dynamics: { sweeps: 5, start: [random, archetype] }\n",
                          NULL),
                     PH_OK);
    ck_assert(has("-map.gp", "\nx_values = '(0.05, \"\" 0.1 1, \"\" 0.15 1, 0.2, \"\" 0.25 1, "));
    ck_assert(has("-map.gp", "\ny_values = ''\n"));
    end();
    ck_assert_int_eq(draw("network: { neurons: [1000, 1100, 1200, 1300, 2000, 40000], "
                          "patterns: 1 }\nnoise: [0.1, 0.2]\ndynamics: { sweeps: 5 }\n",
                          NULL),
                     PH_OK);
    ck_assert(has("-curves.gp", "\nx_values = '(1000, 2000, 40000)'\n"));
    end();
    width = 86.0; /* millimetres; values of many digits have labels of three */
    ck_assert_int_eq(draw("network: { neurons: 60, patterns: 2,"
                          " dilution: { from: 0, to: 0.9, steps: 8 } }\n"
                          "noise: [0.1, 0.2]\ndynamics: { sweeps: 5 }\n",
                          NULL),
                     PH_OK);
    width = 0.0;
    ck_assert(has("-map.gp", "\nx_values = '(0, \"\" 0.128571 1, \"0.257\" 0.257143, "));
    end();
    font = 21.0; /* points, twice the usual */
    ck_assert_int_eq(draw("network: { neurons: [100, 200, 400, 800, 2000, 8000], patterns: 1 }\n"
                          "noise: [0.1, 0.2]\ndynamics: { sweeps: 5 }\n",
                          NULL),
                     PH_OK);
    font = 0.0;
    ck_assert(has("-curves.gp", "\nx_values = '(100, 400, 2000, 8000)'\n"));
    end();
}
END_TEST

/* Words are drawn in panels; along a word axis they stand at whole numbers. */
START_TEST(test_words)
{
    static const char WORDS[] = "network: { neurons: 60, patterns: 2 }\nnoise: [0.1, 0.2]\n"
                                "dynamics: { start: [random, archetype, parallel], sweeps: 5 }\n";
    ck_assert_int_eq(draw(WORDS, NULL), PH_OK);
    ck_assert(has("-curves.gp", "\nx_label = 'noise {/:Italic T}'\n"));
    ck_assert(has("-curves.gp", "\npanel_titles[3] = 'start: parallel'\n"));
    ck_assert(has("-map.gp", "\ny_tics = \"('random' 0, 'archetype' 1, 'parallel' 2)\"\n"));
    ck_assert(has("-map.gp", "\ny_min = -0.5\ny_max = 2.5\n"));
    end();
}
END_TEST

/* Trajectories of one point: the mean over its first sample's chains at every record, the flow from
 * the start, and a band; several points are refused. */
START_TEST(test_trajectory)
{
    named = "trajectory";
    ck_assert_int_eq(draw(TWO, "dilution=0.2"), PH_ERR_INPUT);
    end();
    ck_assert_int_eq(draw("network: { neurons: 60, patterns: 2 }\nnoise: 0.1\n"
                          "dynamics: { sweeps: 4, record_every: 5 }\n",
                          NULL),
                     PH_ERR_UNSUPPORTED); /* one record: no time to draw along */
    ck_assert_ptr_nonnull(strstr(report.messages[report.count - 1].text, "one record"));
    end();
    ck_assert_int_eq(draw(TWO, "dilution=0.2,noise=0.1"), PH_OK);
    named = NULL;
    ck_assert_uint_eq(figures.count, 1);
    ck_assert(has("-trajectory.gp", "\nflow = 1\nband = 1\nx_min = 0\nx_max = 20\n"));
    ck_assert(has("-trajectory.gp", "sample 1\"\n"));
    char *text = contents("-trajectory.dat"), *at = strchr(text, '\n') + 1;
    size_t point = 0;
    for (; fabs(grid.points[point].dilution[0] - 0.2) > 1e-9 || grid.points[point].noise > 0.15;)
        point++;
    for (uint64_t k = 0; k < 21; k++) {
        double row[6], sum = 0.0;
        for (size_t c = 0; c < 6; c++)
            row[c] = strtod(at, &at);
        for (uint32_t r = 0; r < 3; r++)
            sum += sample_value(point, 0, r, k, 0) / 3;
        ck_assert_double_eq(row[0], (double)k);
        ck_assert_double_eq_tol(row[1], sum, 1e-6);
        ck_assert_double_eq_tol(row[2], sample_value(point, 0, 0, k, 0), 1e-6);
        ck_assert(fabs(row[3] - 0.8) < 0.2 && row[4] <= row[3] && row[3] <= row[5]);
    }
    free(text);
    end();
}
END_TEST

/* Thresholds of a theory: relative and absolute, NaN where there is none; panels without any are
 * left out with a note; a theory without is refused, and so are an axis of examples and an entropy.
 */
START_TEST(test_thresholds)
{
    static const char *const TEXTS[] = {
        "network: { rule: supervised, neurons: 60, patterns: 2, dilution: [0.1, 0.2, 0.4],\n"
        "           quality: [0.2, 0.5] }\n"
        "noise: 0\ndynamics: { start: hierarchical, sweeps: 1 }\n"
        "theory: { kinds: signal_to_noise }\n",
        "network: { rule: [storage, supervised, unsupervised], neurons: 60, patterns: 2,\n"
        "           dilution: [0.1, 0.2, 0.4], quality: 0.2 }\n"
        "noise: 0\ndynamics: { start: hierarchical, sweeps: 1 }\n"
        "theory: { kinds: signal_to_noise }\n",
        TWO,
        "network: { rule: supervised, neurons: 60, patterns: 2, examples: [5, 10], quality: 0.5 }\n"
        "noise: 0\ndynamics: { start: hierarchical, sweeps: 1 }\n"
        "theory: { kinds: signal_to_noise }\n",
        "network: { rule: supervised, neurons: 60, patterns: 2, dilution: [0.1, 0.2],\n"
        "           examples: 5, entropy: 0.2 }\n"
        "noise: 0\ndynamics: { start: hierarchical, sweeps: 1 }\n"
        "theory: { kinds: signal_to_noise }\n"};
    for (int i = 0; i < 5; i++) {
        ph_theory_t theory;
        ph_selection_t selection;
        snprintf(folder, sizeof(folder), "/tmp/polyhebb-figure-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
        snprintf(prefix, sizeof(prefix), "%s/fig", folder);
        snprintf(templates, sizeof(templates), "%s/plots", getenv("PH_SOURCE_DIR"));
        parse(TEXTS[i]);
        ck_assert_int_eq(ph_theory_solve(&theory, &grid, grid.kinds, false, 1, &report), PH_OK);
        ph_selection_init(&selection, &grid);
        const ph_figure_request_t request = {
            .prefix = prefix, .formats = "png", .templates = templates, .threads = 1, .view = view};
        const ph_figure_source_t source = {.theory = &theory};
        int status = ph_figures_write(&figures, &source, &selection, &request, &report);
        ck_assert_int_eq(status, i < 2 ? PH_OK : PH_ERR_UNSUPPORTED);
        ck_assert_uint_eq(report.count, i == 0 ? 0 : 1);
        ck_assert(i != 3 || strstr(report.messages[0].text, "--point examples") != NULL);
        ck_assert(i != 4 || strstr(report.messages[0].text, "network.entropy") != NULL);
        if (i == 1) {
            ck_assert(has("-thresholds.gp", "\npanel_titles[1] = 'rule: supervised'\n"));
            ck_assert(has("-thresholds.gp", "\npanel_titles[2] = 'rule: unsupervised'\n"));
        }
        if (i < 2) {
            char wanted[64];
            const double *relative =
                ph_theory_values(&theory, "threshold_relative", i == 0 ? 0 : 3);
            snprintf(wanted, sizeof(wanted), "\n0.1 %.10g ", relative[0]);
            ck_assert(has("-thresholds.dat", wanted));
            ck_assert(has("-thresholds.dat", " NaN\n")); /* pattern 2, absolute: never */
            ck_assert(has("-thresholds.gp", "\npanels = 2\n"));
        }
        ph_theory_free(&theory);
        end();
    }
}
END_TEST

/* m against M: the panel's own mean field, Gaussian limit and thresholds stand beside the
 * simulation; a grid that asks for no thresholds has none, nor has one of an entropy of the data.
 */
START_TEST(test_learning)
{
    static const char LEARNING[] =
        "network: { rule: unsupervised, neurons: 60, patterns: 2, dilution: 0.3,\n"
        "           examples: [1, 3, 9, 41], quality: [0.3, 0.5] }\n"
        "noise: 0.1\ndynamics: { start: hierarchical, sweeps: 20 }\n"
        "ensemble: { samples: 2, replicas: 4 }\n"
        "theory: { kinds: [mean_field, signal_to_noise] }\n";
    static const char OF_ENTROPY[] = "network: { rule: unsupervised, neurons: 60, patterns: 1, "
                                     "examples: [1, 9], entropy: 0.2 }\n"
                                     "noise: 0.1\ndynamics: { start: hierarchical, sweeps: 20 }\n"
                                     "theory: { kinds: [mean_field, signal_to_noise] }\n";
    ph_theory_t theory;
    char wanted[128];
    sample_given = 0.4321;
    ck_assert_int_eq(draw(LEARNING, NULL), PH_OK);
    sample_given = NAN;
    ck_assert_int_eq(ph_theory_solve(&theory, &grid, grid.kinds, false, 1, &report), PH_OK);
    char *text = contents("-curves.dat");
    ck_assert_ptr_nonnull(strstr(text, "# quality=0.5, pattern 1, simulation: examples "
                                       "magnetization error undecided theory_of_samples\n1 "));
    char *at = strstr(text, "# quality=0.5, pattern 2, theory: examples magnetization gaussian\n");
    ck_assert_ptr_nonnull(at);
    at = strchr(at, '\n');
    for (size_t i = 0; i < 4; i++) {
        const size_t point = 2 * i + 1;
        ck_assert_double_eq(strtod(at, &at), grid.axes[0].coordinates[0].values[i]);
        ck_assert_double_eq_tol(strtod(at, &at),
                                ph_theory_values(&theory, "magnetization", point)[1], 1e-9);
        ck_assert_double_eq_tol(
            strtod(at, &at), ph_theory_values(&theory, "magnetization_gaussian", point)[1], 1e-9);
    }
    snprintf(wanted, sizeof(wanted),
             "# panel 2, pattern 1, thresholds: relative absolute\n %.10g %.10g\n",
             ph_theory_values(&theory, "threshold_relative", 1)[0],
             ph_theory_values(&theory, "threshold_absolute", 1)[0]);
    ck_assert_ptr_nonnull(strstr(text, wanted));
    ck_assert(has("-curves.gp", "\nthresholds = 1\n") && has("-curves.gp", "\nlearning = 1\n"));
    ck_assert(has("-curves.gp", "\nx_values = '(1, 3, 9, 41)'\n"));
    free(text);
    ph_theory_free(&theory);
    end();
    ck_assert_int_eq(draw(TWO, NULL), PH_OK);
    ck_assert(has("-curves.gp", "\nthresholds = 0\n") && has("-curves.gp", "\nlearning = 0\n"));
    ck_assert(!has("-curves.dat", "thresholds") && !has("-curves.dat", "gaussian"));
    end();
    ck_assert_int_eq(draw(OF_ENTROPY, NULL), PH_OK);
    ck_assert(has("-curves.gp", "\nthresholds = 0\n") && has("-curves.gp", "\nlearning = 1\n"));
    end();
}
END_TEST

/* Values that grow by factors are drawn on a logarithmic axis, with edges at geometric means. */
START_TEST(test_axis)
{
    parse("network: { neurons: [100, 1000, 10000], patterns: 1, dilution: [0, 0.5, 0.75] }\n"
          "noise: 0.1\ndynamics: { sweeps: 1 }\n");
    const ph_figure_axis_t neurons = ph_figure_axis(&grid, 0), dilution = ph_figure_axis(&grid, 1);
    ck_assert(neurons.logarithmic && !dilution.logarithmic);
    ck_assert_double_eq_tol(neurons.minimum, 100 / sqrt(10), 1e-9);
    ck_assert_double_eq_tol(ph_figure_edge(&neurons, 1), 100 * sqrt(10), 1e-9);
    ck_assert_double_eq_tol(neurons.maximum, 10000 * sqrt(10), 1e-9);
    ck_assert_double_eq(dilution.minimum, 0.0); /* not -0.25: there is no such dilution */
    ck_assert_double_eq(ph_figure_edge(&dilution, 2), 0.625);
    ck_assert_double_eq(dilution.maximum, 0.875);
    forget();
}
END_TEST

PH_TEST_MAIN("figure", test_curves, test_theory, test_given_comparison, test_samples, test_map,
             test_map_theory, test_title, test_one_axis, test_more_axes, test_tics, test_words,
             test_trajectory, test_thresholds, test_learning, test_axis)
