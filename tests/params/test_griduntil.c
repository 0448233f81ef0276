/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dynamics.until in a grid file: what is taken, what is refused and how it is said, and that grids
 * without it are what they were. */
#include <string.h>

#include "tests/params/parse.h"

static const char GRID[] =
    "network: { neurons: 100, patterns: 2 }\nnoise: [0.5, 1]\n"
    "dynamics: { sweeps: 20, burn_in: 5, until: { error: 0.01, rhat: 1.1, sweeps_max: 320 } }\n";

/* The members, the length of chains, the canonical text, and the identity that has no part in it.
 */
START_TEST(taken)
{
    ph_grid_t grid, again, plain;
    parse(&grid, GRID);
    ck_assert(grid.until.error == 0.01 && grid.until.rhat == 1.1 && grid.until.sweeps_max == 320);
    ck_assert(grid.points[1].sweeps == 20 && ph_point_sweeps(&grid.points[1]) == 320);
    ck_assert_int_eq(grid.records_max, 321);
    ck_assert_ptr_nonnull(
        strstr(grid.text, "  until_error: 0.01\n  until_rhat: 1.1\n  until_sweeps_max: 320\n"));
    parse(&again, grid.text);
    ck_assert(ph_digest_equal(again.digest, grid.digest));
    parse(&plain, "network: { neurons: 100, patterns: 2 }\nnoise: [0.5, 1]\n"
                  "dynamics: { sweeps: 20, burn_in: 5 }\n");
    ck_assert_ptr_null(strstr(plain.text, "until"));
    ck_assert(!ph_digest_equal(plain.digest, grid.digest));
    ck_assert(ph_digest_equal(plain.points[0].chain, grid.points[0].chain));
    ck_assert(ph_point_sweeps(&plain.points[0]) == 20 && plain.records_max == 21);
    ph_grid_free(&plain);
    ph_grid_free(&again);
    ph_grid_free(&grid);
}
END_TEST

/* One error each, that says what was expected. */
START_TEST(refused)
{
    static const struct {
        const char *set[2], *said;
    } CASES[] = {
        {{"until_error=-0.1"},
         "dynamics.until_error: -0.1 is out of range, expected a number from"},
        {{"until={ error: 0.1, rhat: 0, sweeps_max: 0 }"},
         "dynamics.until: without an end, expected sweeps_max beside it"},
        {{"until={ error: 0, rhat: 0, sweeps_max: 99 }"},
         "dynamics.until: without what to go on for, expected error or rhat"},
        {{"until_rhat=0.9"}, "dynamics.until_rhat: 0.9, which no chains reach, expected above 1"},
        {{"until_rhat=1"}, "dynamics.until_rhat: 1, which no chains reach, expected above 1"},
        {{"until_sweeps_max=19"}, "until_sweeps_max: 19, but sweeps is 20, expected no less"},
        {{"moments=false"}, "record.moments: false with dynamics.until"},
        {{"sweeps=[20, 40]"}, "dynamics.sweeps: an axis with dynamics.until"},
        {{"schedule={ from: 2, sweeps: 5 }"},
         "dynamics.schedule: with dynamics.until, but chains that were cooled"},
        {{"noise=0"}, "noise: 0 with dynamics.until"},
        {{"noise=0", "sampler=descent"},
         "dynamics.sampler: descent with dynamics.until, but it has no stationary law"},
        {{"until={ tau: 3 }"}, "until"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        ph_grid_t grid;
        ph_report_t report;
        ph_report_init(&report);
        ph_grid_init(&grid);
        const size_t sets = CASES[i].set[1] != NULL ? 2 : 1;
        ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", sets, CASES[i].set, &report),
                         PH_ERR_INPUT);
        ck_assert_uint_eq(report.count, 1);
        ck_assert_msg(strstr(report.messages[0].text, CASES[i].said) != NULL, "%s: %s",
                      CASES[i].set[0], report.messages[0].text);
        ph_report_free(&report);
        ph_grid_free(&grid);
    }
}
END_TEST

/* Each of the two may be left out; sweeps_max may be that of sweeps. */
START_TEST(parts)
{
    static const char *const SETS[] = {"until={ error: 0.1, sweeps_max: 20 }",
                                       "until={ rhat: 1.02, sweeps_max: 40 }"};
    for (size_t i = 0; i < 2; i++) {
        ph_grid_t grid;
        parse_with(&grid,
                   "network: { neurons: 100, patterns: 2 }\nnoise: 1\n"
                   "dynamics: { sweeps: 20 }\n",
                   SETS[i]);
        ck_assert(i == 0 ? grid.until.rhat == 0.0 : grid.until.error == 0.0);
        ck_assert_int_eq(ph_point_sweeps(&grid.points[0]), i == 0 ? 20 : 40);
        ph_grid_free(&grid);
    }
}
END_TEST

PH_TEST_MAIN("griduntil", taken, refused, parts)
