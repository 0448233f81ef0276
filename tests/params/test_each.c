/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pattern's value as an axis: its points, its text, and what is no such axis. */
#include <string.h>

#include "params/grid.h"
#include "tests/params/parse.h"
#include "tests/testing.h"

/* One pattern's dilution as an axis: its points are those of grids with one value a pattern, also
 * where all happen to have the same; the text gives the grid again, whichever order it had. */
static void try_each_axis(int way)
{
    static const char *const WAYS[] = {"{ each: [0.5, [0.9, 0.1, 0.5], 0.5] }",
                                       "{ each: [0.5, { from: 0.9, to: 0.1, steps: 3 }, 0.5] }"};
    static const char *const ALONE[] = {"{ each: [0.5, 0.1, 0.5] }", "0.5",
                                        "{ each: [0.5, 0.9, 0.5] }"};
    static const double NOISES[2][3] = {{0.2, 0.3, 0.1}, {0.3, 0.2, 0.1}};
    char text[256];
    ph_grid_t grid, again, alone;
    snprintf(text, sizeof(text),
             "network: { neurons: 100, patterns: 3, dilution: %s }\nnoise: [0.1, 0.2, 0.3]\n"
             "dynamics: { sweeps: 10 }\nzip: [[dilution, noise]]\n",
             WAYS[way % 2]);
    if (way / 2 == 0)
        *strstr(text, "zip") = '\0';
    parse(&grid, text);
    ck_assert_uint_eq(grid.points_count, way / 2 == 0 ? 9 : 3);
    ck_assert_uint_eq(grid.axes[0].coordinates[0].pattern, 2);
    ck_assert_ptr_nonnull(strstr(grid.text, "dilution: { each: [0.5, [0.1, 0.5, 0.9], 0.5] }"));
    parse(&again, grid.text);
    ck_assert_str_eq(again.text, grid.text);
    for (size_t p = 0; p < grid.points_count; p++) {
        const ph_point_t *point = &grid.points[p];
        const size_t i = way / 2 == 0 ? p / 3 : p;
        snprintf(text, sizeof(text),
                 "network: { neurons: 100, patterns: 3, dilution: %s }\nnoise: %g\n"
                 "dynamics: { sweeps: 10 }\n",
                 ALONE[i], point->noise);
        parse(&alone, text);
        ck_assert(ph_digest_equal(point->disorder, alone.points[0].disorder));
        ck_assert(ph_digest_equal(point->chain, alone.points[0].chain));
        ck_assert(ph_digest_equal(point->chain, again.points[p].chain));
        if (way / 2 == 1) /* zipped in the order in which the values were given */
            ck_assert(point->noise == NOISES[way % 2][i]);
        for (size_t mu = 0; mu < 3; mu++)
            ck_assert(point->dilution[mu] == alone.points[0].dilution[mu]);
        ph_grid_free(&alone);
    }
    ph_grid_free(&grid);
    ph_grid_free(&again);
}

START_TEST(points)
{
    ph_grid_t grid;
    for (int way = 0; way < 4; way++)
        try_each_axis(way);
    parse(&grid,
          "network: { neurons: 9, patterns: 2, dilution: { each: [[0.5], 0.1] } }\nnoise: 1\n"
          "dynamics: { sweeps: 10 }\n");
    ck_assert(grid.axes_count == 1 && grid.points[0].dilution[0] == 0.5 &&
              grid.points[0].dilution[1] == 0.1);
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *each, *message;
} BAD[] = {
    {"[0, [0, 1], [0, 1]]",
     "1:69: network.dilution: a second pattern with a list or range, expected one of them, the "
     "axis, and a value for each of the others"},
    {"[0, { each: [1] }, 1]",
     "1:61: network.dilution: each within each, expected a list or a range"},
    {"[0, { from: 0, to: 0, steps: 3 }, 1]",
     "1:76: network.dilution: from and to are both 0, expected two ends"},
    {"[0, 3, [0, 1]]", "1:61: network.dilution: 3 is out of range, expected a number from 0 to 1"},
    {"[0, 1, []]", "1:64: network.dilution: an empty list, expected at least one value"},
    {"[0, [0, 2], 1]", "1:65: network.dilution: 2 is out of range, expected a number from 0 to 1"},
    {"[[0, 0.5, 0], 1, 1]", "1:49: network.dilution: 0 is repeated (numbers count to 12 digits), "
                            "expected distinct values"},
    {"[0, [0, 0.5]]",
     "1:49: network.dilution: 2 values in each, but patterns is 3, expected one value a pattern at "
     "every point"},
};

START_TEST(bad)
{
    char text[256], wanted[256];
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    snprintf(text, sizeof(text),
             "network: { neurons: 100, patterns: 3, dilution: { each: %s } }\nnoise: 0.1\n"
             "dynamics: { sweeps: 10 }\n",
             BAD[_i].each);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "g.yaml", 0, NULL, &report), PH_ERR_INPUT);
    snprintf(wanted, sizeof(wanted), "g.yaml:%s", BAD[_i].message);
    ck_assert_str_eq(report.messages[0].text, wanted);
    ck_assert_uint_eq(report.count, 1);
    ph_report_free(&report);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("each")
{
    TCase *tcase = tcase_create("each");
    tcase_add_test(tcase, points);
    tcase_add_loop_test(tcase, bad, 0, sizeof(BAD) / sizeof(BAD[0]));
    return test_run("each", tcase);
}
