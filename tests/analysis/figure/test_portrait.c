/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Portraits of two magnetizations: where flows end, and what cannot be drawn. */
#include <math.h>

#include "analysis/figure/portrait_private.h"
#include "tests/analysis/figure/drawn_run.h"

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t selection;

#define NETWORK "network: { neurons: 60, patterns: 2, dilution: 0.3, normalization: none }\n"
#define STARTS "start: { kind: mixture, patterns: [1, 2], overlap: [0.2, 0.8] }"
#define REST "ensemble: { replicas: 2 }\n"

/* Of a pattern the mean of xi tanh(field / T), with weights 1: the other one blank, alike, opposed.
 */
static double mean(double m, double other)
{
    const double d = 0.3, noise = 0.2;
    return (1.0 - d) * (d * tanh(m / noise) + 0.5 * (1.0 - d) * tanh((m + other) / noise) +
                        0.5 * (1.0 - d) * tanh((m - other) / noise));
}

/* From each sector between axes and diagonals the flow at low noise ends in the hierarchy of that
 * sector's order and signs; a second start in it in the same state, and all eight are different. */
START_TEST(test_sectors)
{
    static const ph_flow_law_t LAWS[] = {PH_FLOW_RANDOM, PH_FLOW_PERMUTED, PH_FLOW_PARALLEL};
    drawn_begin(&drawn, NETWORK "noise: 0.2\ndynamics: { sweeps: 5, start: hierarchical }\n");
    ph_flow_problem_t problem;
    ck_assert_int_eq(ph_flow_problem_init(&problem, &drawn.grid.points[0], PH_AVERAGE_AUTO), PH_OK);
    for (size_t law = 0; law < sizeof(LAWS) / sizeof(LAWS[0]); law++) {
        ph_portrait_ends_t ends = {0};
        int number = -1;
        for (int sector = 0; sector < 8; sector++) {
            const double x = sector & 1 ? -1.0 : 1.0, y = sector & 2 ? -1.0 : 1.0;
            const double large[2] = {0.40, 0.61}, small[2] = {0.33, 0.02};
            for (size_t k = 0; k < 2; k++) {
                const double m[2] = {x * (sector & 4 ? small[k] : large[k]),
                                     y * (sector & 4 ? large[k] : small[k])};
                ck_assert_int_eq(ph_portrait_end(&problem, LAWS[law], m, &ends, &number), PH_OK);
                ck_assert_int_eq(number, sector);
            }
            const double *state = ends.state[sector];
            ck_assert(state[0] * x > 0.0 && state[1] * y > 0.0);
            ck_assert((fabs(state[0]) > fabs(state[1])) == !(sector & 4));
            ck_assert_double_eq_tol(state[0], mean(state[0], state[1]), 1e-7);
            ck_assert_double_eq_tol(state[1], mean(state[1], state[0]), 1e-7);
        }
        ck_assert_uint_eq(ends.count, 8);
    }
    ph_flow_problem_free(&problem);
    drawn_end(&drawn);
}
END_TEST

/* What a plotting program has as block `index`, of those that two blank lines or more part: its
 * first row with numbers, with how many rows it has; NULL: there is none. */
static const char *block(const char *text, size_t index, size_t *rows)
{
    const char *first = NULL;
    size_t blank = 0, at = 0;
    bool any = false;
    for (*rows = 0; *text != '\0'; text = strchr(text, '\n') + 1) {
        if (*text == '\n') {
            blank++;
        } else if (*text != '#') {
            at += any && blank >= 2 ? 1 : 0;
            first = at == index && first == NULL ? text : first;
            *rows += at == index ? 1 : 0;
            any = true;
            blank = 0;
        }
    }
    return first;
}

/* The magnetizations that block `index`, of so many rows, begins with. */
static void begin_of(const char *text, size_t index, size_t count, double m[2])
{
    size_t rows;
    const char *row = block(text, index, &rows);
    ck_assert_msg(row != NULL, "no block %zu", index);
    ck_assert_msg(rows == count, "block %zu: %zu rows, not %zu", index, rows, count);
    ck_assert_int_eq(sscanf(row, "%lf %lf", m, m + 1), 2);
}

/* Block `index` begins with the magnetizations `known`. */
static void begins(const char *text, size_t index, size_t count, const double *known)
{
    double m[2];
    begin_of(text, index, count, m);
    for (size_t mu = 0; mu < 2; mu++)
        ck_assert_double_eq_tol(m[mu], known[mu], 1e-6);
}

/* Block `index` is there, and has nothing. */
static void begins_with_none(const char *text, size_t index)
{
    double m[2];
    begin_of(text, index, 1, m);
    ck_assert(isnan(m[0]) && isnan(m[1]));
}

/* Arrows (not counted), states at rest, the flows from the starts, the chains of each, and nothing
 * more. */
static void check_blocks(const char *text, bool arrows, size_t ends, size_t starts)
{
    double m[2], to[2];
    size_t rows;
    ph_flow_problem_t problem;
    const ph_point_t *points = run.base.grid->points;
    ck_assert_int_eq(ph_flow_problem_init(&problem, points, PH_AVERAGE_AUTO), PH_OK);
    if (!arrows)
        begins_with_none(text, 1);
    if (ends == 0) {
        begins_with_none(text, 2);
    } else {
        begin_of(text, 2, ends, m);
        ck_assert_int_eq(problem.system.map(problem.system.context, m, to), PH_OK);
        for (size_t mu = 0; mu < 2; mu++)
            ck_assert_double_eq_tol(m[mu], to[mu], 1e-6);
    }
    for (size_t s = 0; s < starts; s++) {
        double start[2];
        ph_flow_problem_start(&problem, &points[s], start);
        if (ends > 0)
            begins(text, 3 + s, 6, start);
        else
            begins_with_none(text, 3 + s);
        for (size_t c = 0; c < 2; c++) {
            ph_segment_t segment;
            ck_assert_int_eq(ph_runfile_read(&run, s, 0, (uint32_t)c, 1, 0, &segment, NULL), PH_OK);
            begins(text, 3 + starts + 2 * s + c, segment.records, segment.series);
            ph_segment_free(&segment);
        }
    }
    ph_flow_problem_free(&problem);
    ck_assert_ptr_null(block(text, 3 + 3 * starts, &rows));
}

/* Blocks of the data are those that plots/portrait.gp counts: basins, arrows, ends, a flow a start,
 * a chain each; also where no flow comes to rest, as at the temperature where signals end, so
 * that there is none at a very late time; and where no arrow is at a place that has states. */
START_TEST(test_blocks)
{
    static const struct {
        const char *grid;
        size_t starts, ends;
        bool arrows;
    } CASES[] = {
        {"network: { neurons: 20, patterns: 2, dilution: { each: [0, 0.95] },\n"
         "  normalization: none }\nnoise: 1\n"
         "dynamics: { sampler: little, burn_in: 100001, sweeps: 5, start: hierarchical }\n" REST,
         1, 0, true},
        {NETWORK "noise: 0.2\ndynamics: { sampler: little, sweeps: 5, " STARTS " }\n" REST, 2, 8,
         true},
        {"network: { neurons: 60, patterns: 2, dilution: { each: [0, 0.99] },\n"
         "  normalization: none }\nnoise: 0.2\n"
         "dynamics: { sampler: little, sweeps: 5, start: hierarchical }\n" REST,
         1, 2, false}};
    const ph_figure_source_t source = {.run = &run};
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        char line[64];
        const size_t starts = CASES[i].starts, ends = CASES[i].ends;
        drawn_begin_run(&drawn, CASES[i].grid, &run, &selection);
        drawn.request.figures = "portrait";
        ck_assert_int_eq(
            ph_figures_write(&drawn.figures, &source, &selection, &drawn.request, &drawn.report),
            PH_OK);
        snprintf(line, sizeof(line), "starts = %zu\nchains = %zu\nends = %zu\n", starts, 2 * starts,
                 ends);
        drawn_holds(drawn_file(&drawn, "-portrait.gp"), line);
        char *text = drawn_file(&drawn, "-portrait.dat");
        check_blocks(text, CASES[i].arrows, ends, starts);
        free(text);
        ph_runfile_close(&run);
        drawn_end(&drawn);
    }
}
END_TEST

static int check(void)
{
    const ph_figure_source_t source = {.run = &run};
    bool compares;
    drawn.request.figures = "portrait";
    return ph_figures_check(&compares, &source, &selection, &drawn.request, &drawn.report);
}

/* Several starts of one network are drawn together; other networks, noises, rules and samplers
 * without a flow are refused, with what is asked for. */
START_TEST(test_refused)
{
    static const struct {
        const char *grid, *why;
    } CASES[] = {
        {NETWORK "noise: 0.2\ndynamics: { sweeps: 5, " STARTS " }\n" REST, NULL},
        {NETWORK "noise: [0.2, 0.3]\ndynamics: { sweeps: 5, " STARTS " }\n" REST, "--point"},
        {"network: { neurons: 60, patterns: 3 }\nnoise: 0.2\ndynamics: { sweeps: 5 }\n" REST,
         "two drawn patterns"},
        {"network: { neurons: 60, patterns: 2, rule: supervised, quality: 0.5, examples: 3 }\n"
         "noise: 0.2\ndynamics: { sweeps: 5 }\n" REST,
         "rule storage"},
        {NETWORK "noise: 0.2\ndynamics: { sampler: metropolis, sweeps: 5 }\n" REST, "of a flow"},
        {NETWORK "noise: 0.2\ndynamics: { sweeps: 5 }\nrecord: { trajectory: false }\n" REST,
         "no trajectories"}};
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        drawn_begin_run(&drawn, CASES[i].grid, &run, &selection);
        const int status = check();
        ck_assert_msg((status == PH_OK) == (CASES[i].why == NULL), "case %zu", i);
        if (CASES[i].why != NULL)
            ck_assert_ptr_nonnull(
                strstr(drawn.report.messages[drawn.report.count - 1].text, CASES[i].why));
        ph_runfile_close(&run);
        drawn_end(&drawn);
    }
}
END_TEST

PH_TEST_MAIN("figure_portrait", test_sectors, test_blocks, test_refused)
