/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Durations as people read them. */
#include <math.h>

#include "base/duration.h"
#include "tests/testing.h"

static const struct {
    double seconds;
    const char *text;
} CASES[] = {
    {-1.0, "0 s"},
    {0.0, "0 s"},
    {0.004, "0 s"},
    {0.25, "0.25 s"},
    {59.0, "59 s"},
    {60.0, "1 min"},
    {750.0, "12.5 min"},
    {3600.0, "1 h"},
    {108000.0, "30 h"},
    {172799.0, "48 h"},
    {172800.0, "2 d"},
    {3.6e6, "41.7 d"},
    {1.85e8, "5.86 years"},
    {63115200.0, "2 years"},
    {3.15576e12, "1.00e+05 years"},
    {NAN, "unknown"},
    {INFINITY, "unknown"},
};

START_TEST(durations)
{
    char text[32];
    ph_duration_text(CASES[_i].seconds, text, sizeof(text));
    ck_assert_str_eq(text, CASES[_i].text);
}
END_TEST

PH_TEST_PROGRAM("duration")
{
    TCase *tcase = tcase_create("duration");
    tcase_add_loop_test(tcase, durations, 0, sizeof(CASES) / sizeof(CASES[0]));
    return test_run("duration", tcase);
}
