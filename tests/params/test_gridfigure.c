/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a grid is drawn as: read with the grid, kept in its text, part of no digest. */
#include "tests/params/parse.h"

static const char PLAIN[] = "title: plain\n"
                            "network: { neurons: 100, patterns: 3, dilution: [0.1, 0.3] }\n"
                            "noise: [0.1, 0.2]\n"
                            "dynamics: { sweeps: 10 }\n";

static void with_figure(char text[1024], const char *figure)
{
    snprintf(text, 1024, "figure: %s\n%s", figure, PLAIN);
}

START_TEST(test_read)
{
    char text[1024];
    ph_grid_t plain, drawn, again;
    with_figure(text,
                "{ x: noise, y: binder, by: network.dilution, scale: loglog, "
                "compare: [flow, signal_to_noise], draw: [quantity, diagram], shape: [5, 20] }");
    parse(&plain, PLAIN);
    parse(&drawn, text);
    ck_assert_str_eq(drawn.figure.x, "noise");
    ck_assert_str_eq(drawn.figure.y, "binder");
    ck_assert_str_eq(drawn.figure.by, "network.dilution");
    ck_assert_int_eq(drawn.figure.scale, PH_FIGURE_SCALE_LOGLOG);
    ck_assert_uint_eq(drawn.figure.compare, 1U << PH_THEORY_FLOW | 1U << PH_THEORY_SIGNAL_TO_NOISE);
    ck_assert_str_eq(plain.figure.x, "");
    ck_assert_int_eq(plain.figure.scale, PH_FIGURE_SCALE_AUTO);
    ck_assert_uint_eq(drawn.figure.draw, 1U << PH_FIGURE_QUANTITY | 1U << PH_FIGURE_DIAGRAM);
    ck_assert_uint_eq(drawn.figure.shape.count, 2);
    ck_assert_double_eq(drawn.figure.shape.values[1], 20.0);
    ck_assert_uint_eq(plain.figure.shape.count, 0);
    ck_assert_uint_eq(plain.figure.compare, 0);
    ck_assert_uint_eq(plain.figure.draw, 0);
    ck_assert_ptr_null(strstr(plain.text, "figure"));
    ck_assert(ph_digest_equal(plain.digest, drawn.digest));
    ck_assert(ph_digest_equal(plain.points[3].chain, drawn.points[3].chain));
    ck_assert_uint_eq(ph_grid_differences(&plain, "a", &drawn, "b", NULL), 0);
    parse(&again, drawn.text);
    ck_assert_str_eq(again.text, drawn.text);
    ck_assert_str_eq(strstr(again.text, "seed:"), strstr(plain.text, "seed:"));
    ph_grid_free(&again);
    ph_grid_free(&plain);
    ph_grid_free(&drawn);
}
END_TEST

/* Only what is not as it is by default is in the text; the digest is of all behind it. */
START_TEST(test_text)
{
    char text[1024];
    ph_grid_t grid;
    with_figure(text, "{ scale: log }");
    parse(&grid, text);
    ck_assert_ptr_eq(strstr(grid.text, "title: \"plain\"\nfigure:\n  scale: log\nseed: 1\n"),
                     grid.text);
    const char *counted = strstr(grid.text, "seed:");
    ck_assert(ph_digest_equal(grid.digest, ph_digest_bytes(counted, strlen(counted))));
    ph_grid_free(&grid);
}
END_TEST

/* A key that could be an axis is no mistake where this grid has one value of it. */
START_TEST(test_override)
{
    char text[1024];
    ph_grid_t grid;
    ph_report_t report;
    const char *const sets[] = {"noise=0.1", "figure.by=pattern"};
    with_figure(text, "{ x: noise }");
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "text", 2, sets, &report), PH_OK);
    ck_assert_str_eq(grid.figure.by, "pattern");
    ph_grid_free(&grid);
    ph_report_free(&report);
}
END_TEST

static const struct {
    const char *figure, *said;
} WRONG[] = {
    {"{ x: dilutoin }", "figure.x: dilutoin is no axis (did you mean dilution?), expected one of "
                        "this grid's axes (dilution, noise, pattern)"},
    {"{ by: seed }", "figure.by: seed is no axis, expected one of this grid's axes"},
    {"{ by: paterns }", "figure.by: paterns is no axis (did you mean patterns?), expected"},
    {"{ x: [noise] }", "figure.x: a list instead of text"},
    {"{ scale: logx }", "expected auto, linear, log, logy or loglog"},
    {"{ compare: [flow, snr] }",
     "figure.compare: snr is unknown, expected one or a list of mean_field, signal_to_noise"},
    {"{ draw: [map, diagrams] }",
     "figure.draw: diagrams is unknown (did you mean diagram?), expected one or a list of curves"},
    {"{ z: noise }", "unknown key \"z\" in figure, expected one of x, y, by, scale, compare, draw, "
                     "fit, shape, inset"},
    {"{ inset: 1:2 }", "figure.inset: 1:2: expected numbers XMIN:XMAX,YMIN:YMAX and perhaps a"},
    {"{ inset: \"2:1,3:4\" }", "expected the smaller of two numbers first"},
    {"{ shape: [3, 3] }", "figure.shape: expected rows and columns that make the 100 neurons of a "
                          "point, such as shape: [20, 20] for 400"},
    {"{ shape: [100] }", "figure.shape: expected rows and columns that make the 100"},
    {"{ shape: [10, 0] }", "figure.shape: 0 is out of range"},
    {"noise", "figure is the value noise, expected keys below it"},
};

START_TEST(test_wrong)
{
    char text[1024];
    ph_grid_t grid;
    ph_report_t report;
    with_figure(text, WRONG[_i].figure);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "text", 0, NULL, &report), PH_ERR_INPUT);
    ck_assert_uint_eq(ph_report_errors(&report), 1);
    ck_assert_msg(strstr(report.messages[0].text, WRONG[_i].said) != NULL, "%s",
                  report.messages[0].text);
    ph_grid_free(&grid);
    ph_report_free(&report);
}
END_TEST

/* Keys of a quantity's figure that is not asked for are told, of a user's file. */
START_TEST(test_told)
{
    static const struct {
        const char *figure, *said;
    } CASES[] = {
        {"{ fit: true }", "figure.fit has no effect: it is of the figure of a quantity"},
        {"{ fit: true, draw: map, scale: log }", "figure: { y: magnetization, fit: true }"},
        {"{ compare: flow }", "figure.compare has no effect"},
        {"{ inset: \"1:2,3:4\" }", "figure.inset has no effect"},
        {"{ inset: \"1:2,3:4\", draw: diagram }", NULL},
        {"{ fit: true, y: energy }", NULL},
        {"{ fit: true, x: noise }", NULL},
        {"{ compare: flow, by: noise }", NULL},
        {"{ fit: true, draw: [map, quantity] }", NULL},
        {"{ fit: false, scale: log, draw: map }", NULL}};
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        for (int inside = 0; inside < 2; inside++) {
            char text[1024];
            ph_grid_t grid;
            ph_report_t report;
            with_figure(text, CASES[i].figure);
            ph_report_init(&report);
            ph_grid_init(&grid);
            FILE *file = fmemopen(text, strlen(text), "r");
            ck_assert_ptr_nonnull(file);
            ck_assert_int_eq(inside == 1 ? ph_grid_parse(&grid, text, "text", 0, NULL, &report)
                                         : ph_grid_load_stream(&grid, file, 0, NULL, &report),
                             PH_OK);
            fclose(file);
            const bool told = inside == 0 && CASES[i].said != NULL;
            ck_assert_uint_eq(report.count, told ? 1 : 0);
            if (told)
                ck_assert_msg(strstr(report.messages[0].text, CASES[i].said) != NULL, "%s",
                              report.messages[0].text);
            ph_grid_free(&grid);
            ph_report_free(&report);
        }
}
END_TEST

PH_TEST_PROGRAM("gridfigure")
{
    TCase *tcase = tcase_create("figure");
    tcase_add_test(tcase, test_read);
    tcase_add_test(tcase, test_text);
    tcase_add_test(tcase, test_override);
    tcase_add_test(tcase, test_told);
    tcase_add_loop_test(tcase, test_wrong, 0, sizeof(WRONG) / sizeof(WRONG[0]));
    return test_run("gridfigure", tcase);
}
