/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong --set, each with all the messages it must give. */
#include "tests/params/badgrid.h"

static const ph_bad_t BAD[] = {
    {NETWORK NOISE DYNAMICS, "network.dilution=2",
     "--set network.dilution=2: network.dilution: 2 is out of range, expected a number from 0 to "
     "1"},
    {NETWORK NOISE DYNAMICS, "network.dilutoin=0.2",
     "--set network.dilutoin=0.2: unknown key, expected \"network.dilution\"?"},
    {NETWORK NOISE DYNAMICS, "dilution",
     "--set dilution: has no key or no =, expected key=value, such as network.dilution=0.3"},
    {NETWORK NOISE DYNAMICS, "=3",
     "--set =3: has no key or no =, expected key=value, such as network.dilution=0.3"},
    {NETWORK NOISE DYNAMICS,
     "noise=", "--set noise=: noise: has no value, expected a number from 0 to 1e+300"},
    {NETWORK NOISE DYNAMICS, "temperature=", "--set temperature=: unknown key, expected \"noise\""},
    {NETWORK NOISE DYNAMICS, "noise=[1",
     "--set noise=[1: YAML syntax: flow sequence without a closing bracket, expected a value, a "
     "[list] or a { map }"},
    {NETWORK NOISE DYNAMICS, "noise=[0.1, 0.1]",
     "--set noise=[0.1, 0.1]: noise: 0.1 is repeated (numbers count to 12 digits), expected "
     "distinct values"},
    {NETWORK NOISE DYNAMICS, "temperature=0.3",
     "--set temperature=0.3: unknown key, expected \"noise\""},
    {NETWORK NOISE DYNAMICS, "zip=[[noise, dilution]]",
     "--set zip=[[noise, dilution]]: zip: noise is no axis, expected a key with a list or range\n"
     "--set zip=[[noise, dilution]]: zip: network.dilution is no axis, expected a key with a list "
     "or range"},
    {NETWORK NOISE DYNAMICS, "network.neurons=1e30",
     "--set network.neurons=1e30: network.neurons: 1e30 is too large or too small, expected an "
     "integer from 1 to 1073741824"},
    {NETWORK NOISE DYNAMICS, "noise=a \x1b[31m\x1f\x7f~b",
     "--set noise=a \\x1b[31m\\x1f\\x7f~b: noise: a \\x1b[31m\\x1f\\x7f~b is not a number, "
     "expected a number from "
     "0 to 1e+300"},
    {NETWORK NOISE DYNAMICS, "xyzzy=3",
     "--set xyzzy=3: unknown key, expected a dotted name such as network.dilution; "
     "`polyhebb new --reference` lists all"},
    {NETWORK NOISE DYNAMICS, "title=\xff",
     "--set title=\\xff: the byte 0xff is not text here, expected a file in UTF-8"},
};

/* Every wrong one, one after the other. */
START_TEST(test_bad_sets)
{
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        ph_bad_check(&BAD[i]);
}
END_TEST

/* The same key set twice is an error, whatever it is called. */
START_TEST(test_set_twice)
{
    static const char *const sets[] = {"network.dilution=0.1", "dilution=0.2"};
    ph_grid_t grid;
    ph_report_t report;
    ph_grid_init(&grid);
    ph_report_init(&report);
    ck_assert_int_eq(ph_grid_parse(&grid, NETWORK NOISE DYNAMICS, "g.yaml", 2, sets, &report),
                     PH_ERR_INPUT);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_str_eq(report.messages[0].text,
                     "--set dilution=0.2: the key is set twice, expected one --set a key");
    ph_report_free(&report);
}
END_TEST

/* A value of --set stands in for a wrong one in the file. */
START_TEST(test_set_mends)
{
    static const char *const sets[] = {"noise=[0.2, 0.1]", "seed=3"};
    ph_grid_t grid;
    ph_grid_init(&grid);
    ck_assert_int_eq(
        ph_grid_parse(&grid, NETWORK "noise: warm\n" DYNAMICS, "g.yaml", 2, sets, NULL), PH_OK);
    ck_assert_uint_eq(grid.points_count, 2);
    ck_assert_uint_eq(grid.seed, 3);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("badset", test_bad_sets, test_set_twice, test_set_mends)
