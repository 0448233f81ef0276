/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Figures of distributions: levels that states have, of every panel, as the comparison has them;
 * what cannot be drawn is told. */
#include <math.h>

#include "analysis/compare/distribution.h"
#include "tests/analysis/figure/drawn_run.h"

static drawn_t drawn;
static ph_runfile_t run;
static ph_selection_t selection;

#define REST                                                                                       \
    "dynamics: { sampler: glauber, sweeps: 400, burn_in: 100 }\n"                                  \
    "ensemble: { replicas: 16 }\n"
static const char GRID[] = "figure: { draw: distribution, scale: logy }\n"
                           "network: { neurons: [6, 9], patterns: 2, dilution: 0.3 }\n"
                           "noise: [0.02, 1.2, 1.6]\n" REST "record: { replica_overlap: true }\n";

static int draw(void)
{
    const ph_figure_source_t source = {.run = &run};
    ph_figures_free(&drawn.figures);
    ph_figure_request_of_grid(&drawn.request, run.base.grid, PH_FIGURE_OF_RUN);
    return ph_figures_write(&drawn.figures, &source, &selection, &drawn.request, &drawn.report);
}

/* The block of quantity k of a point. */
static char *check_block(char *at, size_t panel, size_t k, const ph_distribution_t *found)
{
    char head[64];
    snprintf(head, sizeof(head), "# panel %zu, series %zu: overlap share error exact\n", panel + 1,
             k + 1);
    ck_assert_ptr_eq(strstr(at, head), at);
    at += strlen(head);
    for (size_t l = 0; l < found->levels; l++) {
        const size_t i = k * found->levels + l;
        if (!(found->exact[i] > 0.0))
            continue;
        ck_assert_double_eq_tol(strtod(at, &at), (double)l / (double)found->neurons - 1.0, 1e-9);
        ck_assert_double_eq_tol(strtod(at, &at), found->mc[i], 1e-9);
        ck_assert_double_eq_tol(strtod(at, &at), found->error[i], 1e-3 * found->error[i]);
        ck_assert_double_eq_tol(strtod(at, &at), found->exact[i], 1e-9);
    }
    return at + strspn(at, "\n");
}

START_TEST(test_panels)
{
    drawn_begin_run(&drawn, GRID, &run, &selection);
    ck_assert_int_eq(draw(), PH_OK);
    ck_assert_uint_eq(drawn.figures.count, 2); /* noises are panels, sizes figures */
    char *text = drawn_file(&drawn, "-neurons-9-distribution.dat"), *at = text;
    ck_assert(strncmp(at, "# panel 1, series 1", 19) == 0);
    at = strstr(at, "# panel 2"); /* the first is not compared, and empty */
    for (size_t panel = 1; panel < 3; panel++) {
        ph_distribution_t found;
        ck_assert_int_eq(ph_distribution_read(&found, &run, 3 + panel, NULL), PH_OK);
        ck_assert_int_eq(found.reason, PH_DISTRIBUTION_COMPARED);
        for (size_t k = 0; k < 3; k++)
            at = check_block(at, panel, k, &found);
        ph_distribution_free(&found);
    }
    ck_assert_str_eq(at, "");
    free(text);
    drawn_holds(drawn_file(&drawn, "-neurons-9-distribution.dat"),
                "overlap share error exact\nNaN");
    drawn_holds(drawn_file(&drawn, "-neurons-9-distribution.gp"), "y_log = 1\n");
    drawn_holds(drawn_file(&drawn, "-neurons-9-distribution.gp"),
                "panel_titles[3] = 'noise {/:Italic T} = 1.6'");
    drawn_holds(drawn_file(&drawn, "-neurons-9-distribution.gp"),
                "series_titles[3] = 'two replicas'");
    ck_assert_ptr_nonnull(strstr(drawn_said(&drawn), "noise=0.02: no distributions: chains too few "
                                                     "or too short to come to all states"));
    ph_runfile_close(&run);
    drawn_end(&drawn);
}
END_TEST

static const struct {
    const char *text, *said;
} WRONG[] = {
    {"network: { neurons: 17, patterns: 1 }\nnoise: 1\n" REST, "of networks of up to 16 neurons"},
    {"network: { neurons: 7, patterns: 1 }\nnoise: 1\n" REST "record: { trajectory: false }\n",
     "holds no trajectories"},
    {"network: { neurons: 7, patterns: 1 }\nnoise: 0\n" REST, "there is no distribution to draw"}};

START_TEST(test_wrong)
{
    char grid[512];
    snprintf(grid, sizeof(grid), "figure: { draw: distribution }\n%s", WRONG[_i].text);
    drawn_begin_run(&drawn, grid, &run, &selection);
    ck_assert_int_eq(draw(), PH_ERR_UNSUPPORTED);
    ck_assert_msg(strstr(drawn_said(&drawn), WRONG[_i].said) != NULL, "%s", drawn_said(&drawn));
    ph_runfile_close(&run);
    drawn_end(&drawn);
}
END_TEST

PH_TEST_PROGRAM("figure_distribution")
{
    TCase *tcase = tcase_create("distribution");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, test_panels);
    tcase_add_loop_test(tcase, test_wrong, 0, sizeof(WRONG) / sizeof(WRONG[0]));
    return test_run("figure_distribution", tcase);
}
