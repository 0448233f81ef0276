/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/other_names.h"

#include <string.h>

#include "params/grid.h"
#include "tests/testing.h"

/* What is said of a grid with a key of that name in a section (NULL: at the top), or set so. */
static const struct {
    const char *text, *set, *message;
} CASES[] = {
    {"network: { neurons: 100, patterns: 3 }\ntemperature: 0.1\n", NULL,
     "g.yaml:2:1: unknown key \"temperature\" in the grid, expected noise at the top level"},
    {"network: { neurons: 100, patterns: 3 }\nbeta: 10\n", NULL,
     "g.yaml:2:1: unknown key \"beta\" in the grid, expected noise (1/beta) at the top "
     "level"},
    {"network: { N: 100, patterns: 3 }\nnoise: 0.1\n", NULL,
     "g.yaml:1:12: unknown key \"N\" in network, expected \"neurons\""},
    {"network: { neurons: 100, K: 3 }\nnoise: 0.1\n", NULL,
     "g.yaml:1:26: unknown key \"K\" in network, expected \"patterns\""},
    {"network: { neurons: 100, patterns: 3 }\nd: 0.1\n", NULL,
     "g.yaml:2:1: unknown key \"d\" in the grid, expected dilution inside \"network:\""},
    {"network: { rho: 0.2, neurons: 100, patterns: 3 }\nnoise: 0.1\n", NULL,
     "g.yaml:1:12: unknown key \"rho\" in network, expected \"entropy\""},
    {"network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n", "T=0.2",
     "--set T=0.2: unknown key, expected \"noise\""},
    {"network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n", "beta=5",
     "--set beta=5: unknown key, expected \"noise\" (1/beta)"},
    {"network: { neurons: 100, patterns: 3 }\nnoise: 0.1\n", "nosie=0.2",
     "--set nosie=0.2: unknown key, expected \"noise\"?"},
};

START_TEST(other_names_are_told)
{
    ph_report_t report;
    ph_grid_t grid;
    bool said = false;
    ph_report_init(&report);
    ph_grid_init(&grid);
    const char *sets[] = {CASES[_i].set};
    ck_assert_int_eq(
        ph_grid_parse(&grid, CASES[_i].text, "g.yaml", CASES[_i].set != NULL, sets, &report),
        PH_ERR_INPUT);
    for (size_t i = 0; i < report.count; i++)
        said = said || strcmp(report.messages[i].text, CASES[_i].message) == 0;
    ck_assert_msg(said, "%s\nnot: %s", CASES[_i].message, report.messages[0].text);
    ph_grid_free(&grid);
    ph_report_free(&report);
}
END_TEST

/* None of them is a key, or the key could not be told from it. */
START_TEST(no_key_has_another_ones_name)
{
    const char *is;
    for (int i = 0; i < PH_KEY_COUNT; i++)
        ck_assert_int_eq(ph_key_meant(ph_schema((ph_key_t)i)->name, &is), PH_KEY_COUNT);
    ck_assert_int_eq(ph_key_meant("temperature", &is), PH_KEY_NOISE);
    ck_assert_ptr_null(is);
    ck_assert_int_eq(ph_key_meant("", &is), PH_KEY_COUNT);
}
END_TEST

PH_TEST_PROGRAM("other_names")
{
    TCase *tcase = tcase_create("other names");
    tcase_add_loop_test(tcase, other_names_are_told, 0, sizeof(CASES) / sizeof(CASES[0]));
    tcase_add_test(tcase, no_key_has_another_ones_name);
    return test_run("other_names", tcase);
}
