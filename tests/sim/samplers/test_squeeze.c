/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The squeeze of strengths in octaves is off by PH_SQUEEZE_APART at most, and by that at some. */
#include <math.h>
#include <stddef.h>

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

/* What a squeeze is set up for. */
typedef struct {
    ph_decision_t decision;
    double largest, error;
} asked_t;

static ph_squeeze_t set_up(const asked_t *asked)
{
    ph_squeeze_t squeeze;
    const bool good =
        asked->decision.integer
            ? ph_squeeze_init(&squeeze, &asked->decision, (int32_t)asked->largest)
            : ph_squeeze_init_real(&squeeze, &asked->decision, asked->largest, asked->error);
    ck_assert(good);
    return squeeze;
}

/* Set up right after another, and after what has nothing in common with it. */
static void hold_apart(const asked_t *before, const asked_t *asked)
{
    const asked_t other = {
        {PH_SAMPLER_GLAUBER, .noise = 9.0, .tie = PH_DECISION_HALF, .integer = true, .scale = 1.0},
        40.0,
        0.0};
    set_up(before);
    const ph_squeeze_t after = set_up(asked);
    set_up(&other);
    const ph_squeeze_t fresh = set_up(asked);
    ck_assert_mem_eq(&after, &fresh, offsetof(ph_squeeze_t, zero_open));
    ck_assert(after.zero_open == fresh.zero_open);
}

/* One squeeze is never taken for another: whatever the two differ in, one thing at a time. */
START_TEST(each_has_its_own)
{
    const ph_sampler_id_t metropolis = PH_SAMPLER_METROPOLIS;
    const asked_t whole = {
        {metropolis, .noise = 0.5, .tie = PH_DECISION_HALF, .integer = true, .scale = 1e-3},
        2000.0,
        0.0};
    const asked_t real = {
        {metropolis, .noise = 0.5, .tie = PH_DECISION_HALF, .tolerance = 1e-9}, 0.5, 1e-6};
    for (int k = 0; k < 2; k++) {
        const asked_t a = k == 0 ? whole : real;
        asked_t b = a;
        b.decision.sampler = PH_SAMPLER_GLAUBER;
        hold_apart(&a, &b);
        b = a;
        b.decision.noise *= 1.5;
        hold_apart(&a, &b);
        b = a;
        b.decision.tie = PH_DECISION_ALWAYS;
        hold_apart(&a, &b);
        b = a;
        b.largest *= 2.0;
        hold_apart(&a, &b);
    }
    asked_t b = whole;
    b.decision.scale *= 1.5;
    hold_apart(&whole, &b);
    b = real;
    b.error *= 10.0;
    hold_apart(&real, &b);
    hold_apart(&whole, &real);
}
END_TEST

/* 16 bits hold what is said of fields that 16 bits hold. */
START_TEST(narrow_stays_narrow)
{
    const ph_decision_t decision = {PH_SAMPLER_GLAUBER, .noise = 1e3, .tie = PH_DECISION_HALF,
                                    .integer = true, .scale = 1e-4};
    ph_squeeze_t squeeze;
    for (int32_t largest = 28000; largest <= INT16_MAX; largest += 17) {
        ck_assert(ph_squeeze_init(&squeeze, &decision, largest));
        ck_assert_uint_eq(squeeze.shift, 0);
    }
}
END_TEST

PH_TEST_PROGRAM("squeeze")
{
    TCase *tcase = tcase_create("squeeze");
    tcase_add_test(tcase, octaves_are_as_near_as_said);
    tcase_add_test(tcase, each_has_its_own);
    tcase_add_test(tcase, narrow_stays_narrow);
    tcase_add_loop_test(tcase, strengths_that_are_off, 0, 2 * 17);
    return test_run("squeeze", tcase);
}
