/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The squeeze of strengths in octaves is off by PH_SQUEEZE_APART at most, and by that at some. */
#include <math.h>

#include "sim/chain/decision.h"
#include "sim/samplers/squeeze.h"
#include "tests/testing.h"

/* u - w at Glauber's threshold of strength y, u being its upper 16 bits. */
static int apart(uint32_t y)
{
    const uint64_t threshold = ph_glauber_threshold(y * (M_LN2 / 4096.0));
    const uint32_t u = (uint32_t)(threshold >> 32);
    const uint32_t w = (65535 - u) * ph_squeeze_power(y) >> 16;
    return (int)u - (int)w;
}

START_TEST(octaves_are_as_near_as_said)
{
    int most = 0;
    for (uint32_t y = 0; y <= UINT16_MAX; y++)
        most = abs(apart(y)) > most ? abs(apart(y)) : most;
    ck_assert_int_eq(most, PH_SQUEEZE_APART);
}
END_TEST

PH_TEST_PROGRAM("squeeze")
{
    TCase *tcase = tcase_create("squeeze");
    tcase_add_test(tcase, octaves_are_as_near_as_said);
    return test_run("squeeze", tcase);
}
