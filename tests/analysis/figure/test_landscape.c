/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cost and loss of two stored patterns: of recorded states, the region that states reach, and what
 * is written of them. */
#include <math.h>

#include "analysis/figure/landscape_private.h"
#include "sim/model/sample.h"
#include "tests/analysis/figure/drawn_run.h"

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t selection;

#define REST                                                                                       \
    "noise: 0.2\ndynamics: { burn_in: 3, sweeps: 10, record_every: 2, start: random }\nensemble: " \
    "{ replicas: 3 }\n"
static const char GRID[] = "figure: { draw: landscape }\n"
                           "network: { neurons: 500, patterns: 2, dilution: { each: [0.2, 0.5] },\n"
                           "           normalization: none }\n" REST "record: { loss: true }\n";

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

/* Of every record: the energy is the cost and the neurons' own share, and the product of the
 * recorded losses is the loss, with the entries of this sample. */
START_TEST(test_records)
{
    static const double ONE[2] = {1.0, 1.0};
    ph_segment_t segment;
    ph_sample_t sample;
    double filled[2] = {0.0, 0.0};
    drawn_begin_run(&drawn, GRID, &run, &selection);
    const ph_grid_t *grid = run.base.grid;
    ck_assert_int_eq(ph_sample_draw(&sample, &grid->points[0], grid->seed, 0), PH_OK);
    for (size_t i = 0; i < 1000; i++)
        filled[i % 2] += sample.patterns.entries[i] != 0 ? 1.0 / 500.0 : 0.0;
    ck_assert_int_eq(ph_runfile_read(&run, 0, 0, 0, 3, 0, &segment, NULL), PH_OK);
    const size_t energy = ph_observable_offset(PH_OBS_ENERGY, grid, 2);
    const size_t loss = ph_observable_offset(PH_OBS_LOSS, grid, 2);
    for (size_t r = 0; r < 3 * segment.records; r++) {
        const double *x = segment.series + r * segment.components, *l = x + loss;
        ck_assert_double_eq_tol(x[energy],
                                ph_landscape_cost(ONE, x) + (filled[0] + filled[1]) / 1000.0, 1e-6);
        ck_assert_double_eq_tol(l[0] * l[1] + l[2] * l[3], ph_landscape_loss(filled, x), 1e-6);
    }
    ph_segment_free(&segment);
    ph_sample_free(&sample);
    end();
}
END_TEST

/* Corners of the region are hierarchies of either order and signs, edges between them lead over
 * equal signals; a little farther out there is nothing. */
START_TEST(test_region)
{
    static const double FILLED[2] = {0.8, 0.5};
    const double corners[2][2] = {{0.8, 0.5 * 0.2}, {0.8 * 0.5, 0.5}};
    for (int sign = 0; sign < 4; sign++)
        for (int k = 0; k < 3; k++) { /* the third: half-way */
            const double m[2] = {k < 2 ? corners[k][0] : 0.5 * (corners[0][0] + corners[1][0]),
                                 k < 2 ? corners[k][1] : 0.5 * (corners[0][1] + corners[1][1])};
            const double x = sign & 1 ? -m[0] : m[0], y = sign & 2 ? -m[1] : m[1];
            ck_assert(ph_landscape_reached(FILLED, (double[2]){x, y}));
            ck_assert(ph_landscape_reached(FILLED, (double[2]){0.99 * x, 0.99 * y}));
            ck_assert(!ph_landscape_reached(FILLED, (double[2]){1.001 * x, 1.001 * y}));
        }
    ck_assert(!ph_landscape_reached(FILLED, (double[2]){0.8, 0.11}));
    ck_assert(ph_landscape_reached(FILLED, (double[2]){0.8, -0.09}));
}
END_TEST

START_TEST(test_files)
{
    size_t inside = 0;
    drawn_begin_run(&drawn, GRID, &run, &selection);
    ck_assert_int_eq(draw(), PH_OK);
    char *text = drawn_file(&drawn, "-landscape.dat"), *at = strchr(text, '\n') + 1;
    for (size_t i = 0; i < 161 * 161; i++) {
        double m[2];
        for (size_t k = 0; k < 2; k++)
            m[k] = strtod(at, &at);
        const double cost = strtod(at, &at), loss = strtod(at, &at);
        const double filled[2] = {0.8, 0.5}, gains[2] = {1.0, 1.0};
        inside += isnan(cost) ? 0 : 1;
        ck_assert(isnan(cost) == isnan(loss));
        ck_assert(isnan(cost) || fabs(cost - ph_landscape_cost(gains, m)) < 1e-5);
        ck_assert(isnan(loss) || fabs(loss - ph_landscape_loss(filled, m)) < 1e-5);
    }
    /* of the square of half width 0.832 the octagon of area 4 (0.8 0.5 - (0.4)^2 / 2) */
    ck_assert_double_eq_tol((double)inside / (161 * 161), 1.28 / pow(2.0 * 0.832, 2), 0.01);
    const size_t energy = ph_observable_offset(PH_OBS_ENERGY, run.base.grid, 2);
    const size_t loss = ph_observable_offset(PH_OBS_LOSS, run.base.grid, 2);
    double mean[6][2] = {{0.0}};
    for (size_t c = 0; c < 3; c++) {
        ph_segment_t segment;
        at = strstr(at, ": m_1 m_2 sweep cost loss\n") + 26;
        ck_assert_int_eq(ph_runfile_read(&run, 0, 0, (uint32_t)c, 1, 0, &segment, NULL), PH_OK);
        ck_assert_uint_eq(segment.records, 6);
        for (size_t r = 0; r < segment.records; r++) {
            const double *x = segment.series + r * segment.components, *l = x + loss;
            const double both[2] = {x[energy], l[0] * l[1] + l[2] * l[3]};
            for (size_t mu = 0; mu < 2; mu++)
                ck_assert_double_eq_tol(strtod(at, &at), x[mu], 1e-6);
            ck_assert_double_eq(strtod(at, &at), 3.0 + 2.0 * (double)r);
            for (size_t k = 0; k < 2; k++) {
                ck_assert_double_eq_tol(strtod(at, &at), both[k], 1e-6);
                mean[r][k] += both[k] / 3.0;
            }
        }
        ph_segment_free(&segment);
    }
    at = strstr(at, "# mean over these chains: sweep cost loss\n") + 42;
    for (size_t r = 0; r < 6; r++) {
        ck_assert_double_eq(strtod(at, &at), 3.0 + 2.0 * (double)r);
        for (size_t k = 0; k < 2; k++)
            ck_assert_double_eq_tol(strtod(at, &at), mean[r][k], 1e-6);
    }
    ck_assert_str_eq(at, "\n");
    free(text);
    drawn_holds(drawn_file(&drawn, "-landscape.gp"), "chains = 3\nreach = 0.832\n");
    /* the hierarchy that begins with the fuller pattern: (0.8, 0.1) */
    drawn_holds(drawn_file(&drawn, "-landscape.gp"), "cost_least = -0.325\nloss_least = 0.7225\n");
    end();
}
END_TEST

/* Of three patterns the recorded cost has a share of the third, so that no least of two is drawn
 * under it, and both are named; of the loss the two are meant everywhere. */
START_TEST(test_more_patterns)
{
    ph_segment_t segment;
    drawn_begin_run(
        &drawn,
        "figure: { draw: landscape }\n"
        "network: { neurons: 100, patterns: 3, dilution: 0.2, normalization: none }\n" REST,
        &run, &selection);
    ck_assert_int_eq(draw(), PH_OK);
    char *text = drawn_file(&drawn, "-landscape.dat"), *at = strstr(text, "# chain 1:");
    ck_assert_int_eq(ph_runfile_read(&run, 0, 0, 0, 1, 0, &segment, NULL), PH_OK);
    at = strchr(at, '\n');
    for (size_t k = 0; k < 3; k++)
        (void)strtod(at, &at);
    const double cost = strtod(at, &at);
    ck_assert_double_eq_tol(
        cost, segment.series[ph_observable_offset(PH_OBS_ENERGY, run.base.grid, 3)], 1e-6);
    ck_assert(fabs(cost - ph_landscape_cost((double[2]){1.0, 1.0}, segment.series)) > 1e-4);
    ph_segment_free(&segment);
    free(text);
    text = drawn_file(&drawn, "-landscape.gp");
    ck_assert_ptr_nonnull(strstr(text, "\ncost_least = NaN\nloss_least = 0.9544\n"));
    ck_assert_ptr_nonnull(
        strstr(text, "\ncost_title = 'cost {/:Italic H}/{/:Italic N}, patterns 1 and 2'\n"));
    ck_assert_ptr_nonnull(
        strstr(text, "\ncost_along = 'cost {/:Italic H}/{/:Italic N}, all patterns'\n"));
    ck_assert_ptr_nonnull(
        strstr(text, "\nloss_title = 'loss {/:Italic L}_+ {/:Italic L}_-, patterns 1 and 2'\n"));
    free(text);
    end();
}
END_TEST

static const struct {
    const char *text, *said;
} WRONG[] = {
    {"network: { neurons: 40, patterns: 1 }\n" REST, "two drawn patterns or more"},
    {"network: { rule: supervised, neurons: 40, patterns: 2, examples: 3, quality: 0.8 }\n" REST,
     "in rule storage"},
    {"network: { neurons: 40, patterns: 2 }\n" REST "record: { trajectory: false }\n",
     "holds no trajectories"}};

START_TEST(test_wrong)
{
    char grid[512];
    snprintf(grid, sizeof(grid), "figure: { draw: landscape }\n%s", WRONG[_i].text);
    drawn_begin_run(&drawn, grid, &run, &selection);
    ck_assert_int_eq(draw(), PH_ERR_UNSUPPORTED);
    ck_assert_msg(strstr(drawn_said(&drawn), WRONG[_i].said) != NULL, "%s", drawn_said(&drawn));
    end();
}
END_TEST

PH_TEST_PROGRAM("figure_landscape")
{
    TCase *tcase = tcase_create("landscape");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, test_records);
    tcase_add_test(tcase, test_region);
    tcase_add_test(tcase, test_files);
    tcase_add_test(tcase, test_more_patterns);
    tcase_add_loop_test(tcase, test_wrong, 0, sizeof(WRONG) / sizeof(WRONG[0]));
    return test_run("figure_landscape", tcase);
}
