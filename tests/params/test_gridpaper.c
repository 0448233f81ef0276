/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another size of a grid: paper: { ... }, where paper=true is set. */
#include <string.h>

#include "tests/params/parse.h"

#define GRID "network: { neurons: 100, patterns: 3 }\nnoise: 0.1\ndynamics: { sweeps: 10 }\n"
#define PAPER                                                                                      \
    "paper: { network.neurons: [200, 400], samples: 5, zip: [[neurons, noise]],\n"                 \
    "         noise: [0.2, 0.3], schedule: { from: 2, sweeps: 5 }, burn_in: 7 }\n"

static void read(ph_grid_t *grid, const char *text, size_t count, const char *const *sets)
{
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(grid);
    const int status = ph_grid_parse(grid, text, "g", count, sets, &report);
    ph_report_print(&report, stderr);
    ck_assert_int_eq(status, PH_OK);
    ph_report_free(&report);
}

static void check_same(const char *a, size_t a_count, const char *const *a_sets, const char *b,
                       size_t b_count, const char *const *b_sets)
{
    ph_grid_t one, other;
    read(&one, a, a_count, a_sets);
    read(&other, b, b_count, b_sets);
    ck_assert_str_eq(one.text, other.text);
    ck_assert(ph_digest_equal(one.digest, other.digest));
    ck_assert(ph_digest_equal(one.points[0].chain, other.points[0].chain));
    ph_grid_free(&one);
    ph_grid_free(&other);
}

/* Unless it is asked for the grid is as if it were not there; else its keys are as set, and what is
 * set besides comes after them. */
START_TEST(sizes)
{
    static const char *const PAPER_SETS[] = {"network.neurons=[200, 400]",
                                             "samples=5",
                                             "zip=[[neurons, noise]]",
                                             "noise=[0.2, 0.3]",
                                             "schedule={ from: 2, sweeps: 5 }",
                                             "burn_in=7",
                                             "replicas=3"};
    static const char *const NO[] = {"paper=false"}, *const YES[] = {"paper=true"};
    static const char *const MORE[] = {"replicas=3", "paper=true"};
    static const char *const OVER[] = {"samples=9", "paper=true"};
    static const char *const OVER_SETS[] = {"network.neurons=[200, 400]",      "samples=9",
                                            "zip=[[neurons, noise]]",          "noise=[0.2, 0.3]",
                                            "schedule={ from: 2, sweeps: 5 }", "burn_in=7"};
    check_same(GRID PAPER, 0, NULL, GRID, 0, NULL);
    check_same(GRID PAPER, 1, NO, GRID, 0, NULL);
    check_same(GRID PAPER, 1, YES, GRID, 6, PAPER_SETS);
    check_same(PAPER GRID, 2, MORE, GRID, 7, PAPER_SETS);
    check_same(GRID PAPER, 2, OVER, GRID, 6, OVER_SETS);
    check_same(GRID "paper: {}\n", 1, YES, GRID, 0, NULL);
    check_same(GRID "paper: { patterns: { law: log, base: 2 }, schedule: { from: 2, sweeps: 5 },\n"
                    "  patterns_file: nothere.txt, seed: 9, states: [1, 2], noise: [0.3, 0.2] }\n",
               0, NULL, GRID, 0, NULL);
}
END_TEST

static const struct {
    const char *text, *set, *said;
} BAD[] = {
    {GRID, "paper=true", "the grid has no other size"},
    {GRID PAPER, "paper=1", "paper: 1, expected true"},
    {GRID PAPER, "paper=[true]", "paper: a list or map, expected true"},
    {GRID "paper: large\n", NULL, "g:4:8: paper: is no map"},
    {GRID "paper: { neuron: 200 }\n", NULL, "g:4:18: unknown key, expected \"network.neurons\"?"},
    {GRID "paper: { paper: 200 }\n", NULL, "g:4:10: paper: no name of a key"},
    {GRID "paper: { [1]: 200 }\n", NULL, "g:4:10: paper: no name of a key"},
    {GRID "paper: { neurons: 200, network.neurons: 300 }\n", NULL, "set twice"},
    {GRID "paper: {}\npaper: {}\n", NULL, "key \"paper\" is repeated"},
    {GRID "paper: { noise: hot }\n", "paper=true", "g:4:17: noise: hot"},
    {GRID "paper: { neurons: abc }\n", NULL, "g:4:19: network.neurons: abc is not a number"},
    {GRID "paper: { noise: [0.1, [2]] }\n", "paper=false", "g:4:23: noise: a list instead of"},
    {GRID "paper: { noise: { from: 1, to: 2, step: 3 } }\n", NULL, "unknown key \"step\""},
    {GRID "paper: { samples: [2, 3] }\n", NULL, "g:4:19: ensemble.samples: a list cannot be"},
    {GRID "paper: { rule: hebb }\n", NULL, "g:4:16: network.rule: hebb is unknown"},
};

static void check_refused(const char *text, size_t count, const char *const *sets, const char *said)
{
    ph_grid_t grid;
    ph_report_t report;
    bool found = false;
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "g", count, sets, &report), PH_ERR_INPUT);
    for (size_t i = 0; i < report.count; i++)
        found = found || strstr(report.messages[i].text, said) != NULL;
    ck_assert_msg(found, "%s", report.messages[0].text);
    ph_report_free(&report);
}

START_TEST(refused)
{
    check_refused(BAD[_i].text, BAD[_i].set != NULL ? 1 : 0, &BAD[_i].set, BAD[_i].said);
}
END_TEST

/* One size or the other: whoever sets both is not told which was taken. */
START_TEST(set_twice)
{
    static const char *const SETS[][2] = {
        {"paper=true", "paper=false"}, {"paper=false", "paper=false"}, {"paper=1", "paper=false"}};
    for (size_t i = 0; i < sizeof(SETS) / sizeof(SETS[0]); i++)
        check_refused(GRID PAPER, 2, SETS[i], "--set paper=false: paper is set twice");
}
END_TEST

PH_TEST_PROGRAM("gridpaper")
{
    TCase *tcase = tcase_create("gridpaper");
    tcase_add_test(tcase, sizes);
    tcase_add_loop_test(tcase, refused, 0, sizeof(BAD) / sizeof(BAD[0]));
    tcase_add_test(tcase, set_twice);
    return test_run("gridpaper", tcase);
}
