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

/* Whether the squeeze of strength y decides u, y being off by what leaves the odds a share `part`.
 */
static bool decided(uint32_t y, uint32_t u, double part)
{
    const uint32_t w = (65535 - u) * ph_squeeze_power(y) >> 16;
    const int limit = PH_SQUEEZE_BASE + (int)(w * (uint32_t)(65536.0 * part + 1.0) >> 16);
    const int apart = (int)u - (int)w;
    return limit < (apart < 0 ? -1 - apart : apart);
}

/* The 16 bits that the exact threshold begins with are open wherever the field may be. */
START_TEST(strengths_that_are_off)
{
    const double off = 0.536 / 17 * (_i % 17 + 1), part = exp2(off) - 1.0; /* up to 0.45 */
    for (uint32_t y = 0; y <= UINT16_MAX; y += y < 6000 ? 2 : 97) {
        const double at = y / 4096.0 + (_i < 17 ? -off : off);
        const uint64_t threshold = ph_glauber_threshold(fabs(at) * M_LN2);
        const uint32_t u =
            (uint32_t)((at < 0.0 ? PH_DECISION_ALWAYS - threshold : threshold) >> 32);
        ck_assert_msg(!decided(y, u, part), "y = %u, off by %g octaves: %u", y, off, u);
    }
}
END_TEST

PH_TEST_PROGRAM("squeeze")
{
    TCase *tcase = tcase_create("squeeze");
    tcase_add_test(tcase, octaves_are_as_near_as_said);
    tcase_add_loop_test(tcase, strengths_that_are_off, 0, 2 * 17);
    return test_run("squeeze", tcase);
}
