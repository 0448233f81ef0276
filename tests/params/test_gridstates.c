/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.states: its forms are one request each, with the times that they say; what is wrong with
 * one is said where it stands. */
#include <string.h>

#include "sim/model/states.h"
#include "tests/params/parse.h"

#define BASE                                                                                       \
    "network: { neurons: [19, 8], patterns: 2 }\nnoise: 0.1\n"                                     \
    "dynamics: { sweeps: [10, 25], burn_in: 3, sampler: %s }\nrecord: { %s }\n"

static void parse_states(ph_grid_t *grid, const char *states)
{
    char text[512];
    snprintf(text, sizeof(text), BASE, "glauber", states);
    parse(grid, text);
}

/* Three ways to say a list, and both of an interval; neither is in a text without them. */
START_TEST(forms_are_one)
{
    static const char *const SAME[][3] = {
        {"states: [0, 5, 10]", "states: { times: [0, 5, 10] }",
         "states: { from: 0, to: 10, steps: 3 }"},
        {"states: { every: 5 }", "states_every: 5", "states: none, states_every: 5"}};
    for (size_t k = 0; k < 2; k++) {
        ph_grid_t first, grid, again;
        parse_states(&first, SAME[k][0]);
        parse(&again, first.text);
        ck_assert_str_eq(again.text, first.text);
        ck_assert(ph_digest_equal(again.points[1].chain, first.points[1].chain));
        for (size_t i = 1; i < 3; i++) {
            parse_states(&grid, SAME[k][i]);
            ck_assert_str_eq(grid.text, first.text);
            ck_assert(ph_digest_equal(grid.points[1].chain, first.points[1].chain));
            ph_grid_free(&grid);
        }
        ph_grid_free(&first);
        ph_grid_free(&again);
    }
    ph_grid_t none;
    parse_states(&none, "loss: false");
    ck_assert_ptr_null(strstr(none.text, "states"));
    ck_assert_uint_eq(ph_grid_states(&none), 0);
    ck_assert_uint_eq(ph_states_until(&none, &none.points[0], 13), 0);
    ph_grid_free(&none);
}
END_TEST

/* A whole map given by --set takes the place of the file's; so does the list. */
START_TEST(set_replaces)
{
    char text[512];
    ph_grid_t grid;
    snprintf(text, sizeof(text), BASE, "glauber", "states: [0, 5]");
    parse_with(&grid, text, "record.states={ every: 4 }");
    ck_assert_uint_eq(grid.states.count, 0);
    ck_assert_int_eq(grid.states_every, 4);
    ph_grid_free(&grid);
    snprintf(text, sizeof(text), BASE, "glauber", "states: { every: 4 }");
    parse_with(&grid, text, "states=[1, 10]");
    ck_assert_uint_eq(grid.states.count, 2);
    ck_assert_int_eq(grid.states_every, 0);
    ph_grid_free(&grid);
}
END_TEST

/* Times and their numbers at every sweep, against a count of them one by one. */
START_TEST(times)
{
    static const char *const FORMS[] = {"states: [0, 1, 7, 10]", "states: [2]",
                                        "states: { every: 4 }", "states: { every: 40 }"};
    static const size_t COUNTS[] = {4, 1, 7, 1};
    ph_grid_t grid;
    parse_states(&grid, FORMS[_i]);
    const size_t count = ph_grid_states(&grid);
    ck_assert_uint_eq(count, COUNTS[_i]);
    ck_assert_uint_eq(ph_grid_spin_bytes(&grid), 3);
    for (size_t p = 0; p < grid.points_count; p++) {
        const ph_point_t *point = &grid.points[p];
        const uint64_t end = (uint64_t)(point->burn_in + point->sweeps);
        uint64_t until = 0;
        for (uint64_t sweep = 0; sweep <= end; sweep++) {
            if (until < count && sweep == 3 + ph_grid_state_time(&grid, (size_t)until))
                until++;
            ck_assert_uint_eq(ph_states_until(&grid, point, sweep), until);
        }
        ck_assert_uint_eq(ph_point_spin_bytes(point), point->neurons == 19 ? 3 : 1);
        ck_assert_double_eq(ph_states_bytes(&grid, point),
                            (double)until * (double)ph_point_spin_bytes(point));
    }
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *sampler, *states, *message;
} BAD[] = {
    {"glauber", "states: [0, 5, 5]",
     "record.states: 5 behind 5, expected ascending times, each once"},
    {"glauber", "states: [5, 0]", "record.states: 0 behind 5, expected ascending times"},
    {"glauber", "states: [0, 11]",
     "record.states: 11, but a point has 10 sweeps, expected at most that many"},
    {"glauber", "states: [-1, 5]", "record.states: -1 is out of range, expected none or a list"},
    {"glauber", "states: [0.5]", "record.states: 0.5 is not whole"},
    {"glauber", "states: []", "record.states: an empty list"},
    {"glauber", "states: 5", "record.states: 5 is no list"},
    {"glauber", "states: { evry: 5 }",
     "record.states: unknown key \"evry\", expected from, to, steps, scale; or times, every"},
    {"glauber", "states: { every: -2 }", "record.states_every: -2 is out of range"},
    {"glauber", "states: { every: [1, 2] }", "record.states_every: a list cannot be an axis"},
    {"glauber", "states: { evry: 2 }", "record.states: unknown key \"evry\""},
    {"glauber", "states: { times: [1], every: 2 }",
     "record.states_every: beside record.states, expected one of the two"},
    {"glauber", "states: { every: 2, steps: 2 }",
     "record.states: unknown key \"steps\", expected times or every"},
    {"lumped-little", "states: [1]",
     "record.states: with sampler lumped-little, which does not follow single spins while little "
     "does remember them, expected none or sampler little"},
    {"lumped-little", "states: { every: 2 }", "expected none or sampler little"},
};

START_TEST(bad_states)
{
    char text[512];
    ph_grid_t grid;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    snprintf(text, sizeof(text), BASE, BAD[_i].sampler, BAD[_i].states);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "g.yaml", 0, NULL, &report), PH_ERR_INPUT);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_msg(strncmp(report.messages[0].text, "g.yaml:4:", 9) == 0 &&
                      strstr(report.messages[0].text, BAD[_i].message) != NULL,
                  "%s", report.messages[0].text);
    ph_grid_free(&grid);
    ph_report_free(&report);
}
END_TEST

/* What the lumped sampler of block Gibbs hands out has the law of block Gibbs: taken, and no reason
 * for auto to choose another. */
START_TEST(lumped_block_gibbs_records_states)
{
    char text[512];
    ph_grid_t grid;
    for (int k = 0; k < 2; k++) {
        snprintf(text, sizeof(text),
                 "network: { neurons: 100000, patterns: 2 }\nnoise: 0.1\n"
                 "dynamics: { sweeps: 10, sampler: %s }\nrecord: { states: { every: 5 } }\n",
                 k == 0 ? "lumped-block-gibbs" : "auto");
        parse(&grid, text);
        ck_assert_int_eq(grid.points[0].sampler, PH_SAMPLER_LUMPED_BLOCK_GIBBS);
        ph_grid_free(&grid);
    }
}
END_TEST

PH_TEST_PROGRAM("gridstates")
{
    TCase *tcase = tcase_create("gridstates");
    tcase_add_test(tcase, forms_are_one);
    tcase_add_test(tcase, set_replaces);
    tcase_add_loop_test(tcase, times, 0, 4);
    tcase_add_loop_test(tcase, bad_states, 0, sizeof(BAD) / sizeof(BAD[0]));
    tcase_add_test(tcase, lumped_block_gibbs_records_states);
    return test_run("gridstates", tcase);
}
