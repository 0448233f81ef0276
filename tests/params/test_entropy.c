/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.entropy: the quality that follows from it, and points that are those of that quality. */
#include <math.h>
#include <string.h>

#include "params/number_private.h"
#include "tests/params/parse.h"

#define GRID(network)                                                                              \
    "network: { neurons: 100, patterns: 2, rule: supervised, " network " }\nnoise: 0\n"            \
    "dynamics: { sweeps: 10 }\n"

static void check_one_point(const ph_point_t *a, const ph_point_t *b)
{
    for (size_t mu = 0; mu < 2; mu++) {
        ck_assert(a->quality[mu] == b->quality[mu]);
        ck_assert(a->examples[mu] == b->examples[mu]);
    }
    ck_assert(ph_digest_equal(a->disorder, b->disorder));
    ck_assert(ph_digest_equal(a->identity, b->identity));
    ck_assert(ph_digest_equal(a->chain, b->chain));
}

/* Over entropies and numbers of examples: each point is that of its quality, to the bit, and
 * remains so when the grid's own text is read. */
START_TEST(points_of_quality)
{
    static const double ENTROPY[] = {0.0, 0.2, 1e6};
    ph_grid_t grid, again, one;
    char set[64];
    parse(&grid, GRID("examples: [3, 40], entropy: [1000000, 0, 0.2]"));
    parse(&again, grid.text);
    ck_assert_str_eq(again.text, grid.text);
    ck_assert_uint_eq(grid.points_count, 6);
    for (size_t p = 0; p < 6; p++) {
        const ph_point_t *point = &grid.points[p];
        const double m = p < 3 ? 3.0 : 40.0, rho = ENTROPY[p % 3], r = point->quality[0];
        ck_assert(point->entropy == rho && point->examples[1] == m);
        ck_assert(r == ph_round12(1.0 / sqrt(1.0 + m * rho)) && point->quality[1] == r);
        ck_assert_double_le(fabs((1.0 - r * r) / (m * r * r) - rho), 1e-10 * rho);
        snprintf(set, sizeof(set), "quality=%.12g", r);
        ph_grid_init(&one);
        const char *const sets[] = {m == 3.0 ? "examples=3" : "examples=40", set};
        ck_assert_int_eq(ph_grid_parse(&one, GRID("dilution: 0"), "one", 2, sets, NULL), PH_OK);
        check_one_point(point, &one.points[0]);
        check_one_point(point, &again.points[p]);
        ph_grid_free(&one);
    }
    ph_grid_free(&grid);
    ph_grid_free(&again);
}
END_TEST

/* With a value a pattern of the examples, and on one axis with their number. */
START_TEST(other_examples)
{
    ph_grid_t grid;
    parse(&grid, GRID("examples: { each: [2, 6] }, entropy: 0.5"));
    ck_assert_double_eq_tol(grid.points[0].quality[0], sqrt(0.5), 1e-12);
    ck_assert(grid.points[0].quality[1] == 0.5);
    ph_grid_free(&grid);
    parse(&grid, GRID("examples: [2, 6], entropy: [1.5, 0.5]") "zip: [[examples, entropy]]\n");
    ck_assert_uint_eq(grid.points_count, 2);
    ck_assert(grid.points[0].quality[0] == 0.5 && grid.points[1].quality[1] == 0.5);
    ph_grid_free(&grid);
    parse(&grid, GRID("examples: [1, 3], entropy: [3, 5], dilution: [0, 0.5]") "zip: [[examples, "
                                                                               "entropy]]\n");
    ck_assert_uint_eq(grid.points_count, 4);
    for (size_t p = 0; p < 4; p++)
        ck_assert(grid.points[p].quality[1] == (grid.points[p].examples[1] == 1.0 ? 0.5 : 0.25));
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *grid, *message;
} BAD[] = {
    {GRID("entropy: 0.5, quality: 0.5"), "network.quality beside network.entropy"},
    {GRID("entropy: [0, 0.5], quality: [0.5, 1]"), "network.quality beside network.entropy"},
    {GRID("entropy: -1"), "network.entropy: -1 is out of range"},
    {GRID("entropy: { each: [0.1, 0.2] }"), "network.entropy: unknown key \"each\""},
    {"network: { neurons: 100, patterns: 2, entropy: [0.1, 0.2] }\nnoise: 0\n"
     "dynamics: { sweeps: 10 }\n",
     "network.entropy: an axis that rule storage does not see"},
    {"network: { rule: supervised, patterns: { given: \"+-+ -++\" },\n"
     "  data: { given: \"+-+ +++/-++ -+-\" }, entropy: 0.5 }\nnoise: 0\n"
     "dynamics: { sweeps: 10 }\n",
     "network.entropy: of given data it follows"},
};

START_TEST(refused)
{
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, BAD[_i].grid, "g", 0, NULL, &report), PH_ERR_INPUT);
    bool found = false;
    for (size_t i = 0; i < report.count; i++)
        found = found || strstr(report.messages[i].text, BAD[_i].message) != NULL;
    ck_assert_msg(found, "%s", report.count > 0 ? report.messages[0].text : "");
    ph_report_free(&report);
}
END_TEST

PH_TEST_PROGRAM("entropy")
{
    TCase *tcase = tcase_create("entropy");
    tcase_add_test(tcase, points_of_quality);
    tcase_add_test(tcase, other_examples);
    tcase_add_loop_test(tcase, refused, 0, sizeof(BAD) / sizeof(BAD[0]));
    return test_run("entropy", tcase);
}
