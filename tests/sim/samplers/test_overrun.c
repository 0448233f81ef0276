/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which single chains the table of 1.0.0's kernel had wrong: those with a field beyond it whose
 * threshold has other upper bits than the table's last. */
#include <stdlib.h>

#include "sim/chain/block.h"
#include "sim/samplers/overrun.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { LAST = 65536 };

static ph_point_t learning_point(double noise, ph_sampler_id_t sampler)
{
    static const double dilution[] = {0.2}, examples[] = {100.0}, quality[] = {0.3},
                        fidelity[] = {1.0};
    ph_point_t point = network_point(1000, 1, dilution, noise);
    point.rule = PH_RULE_SUPERVISED;
    point.normalization = PH_NORM_NONE;
    point.sampler = sampler;
    point.examples = examples;
    point.quality = quality;
    point.blank_fidelity = fidelity;
    return point;
}

/* As that table had them. */
static uint64_t upper(const ph_decision_t *decision, int32_t k)
{
    const uint64_t high = ph_decision_integer(decision, k) >> 32;
    return high < 65535 ? high : 65535;
}

/* Noises around that at which 2^-16 is left at the last field, 0.18 of it; and none, and weak
 * fields. The decisions themselves say whether larger fields have other bits. */
START_TEST(noise)
{
    static const double NOISES[] = {0.0, 1e-3, 0.012, 0.0131, 0.01312, 0.0132, 0.2, 1e3};
    const ph_sampler_id_t sampler = _i % 2 == 0 ? PH_SAMPLER_GLAUBER : PH_SAMPLER_METROPOLIS;
    const double t = NOISES[_i / 2];
    const ph_point_t point = learning_point(t, sampler);
    ph_block_t block;
    bool found, other = false;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(sampler), &point, 1, 0, 0, 0, 1), PH_OK);
    for (int32_t k = LAST; k < 100 * LAST; k += LAST / 64)
        other = other || upper(&block.decision, k) != upper(&block.decision, LAST) ||
                upper(&block.decision, -k) != upper(&block.decision, -LAST);
    ph_block_free(&block);
    ck_assert(ph_overrun_possible(&point) == other);
    ck_assert_int_eq(ph_overrun_drawn(&point, 1, 0, &found), PH_OK);
    ck_assert(found);
}
END_TEST

/* What the point alone excludes no sample has. */
START_TEST(bound)
{
    static const double dilution[] = {0.0, 0.0, 0.0, 0.0}, examples[] = {7.0, 7.0, 7.0, 7.0},
                        quality[] = {0.9, 0.9, 0.9, 0.9}, fidelity[] = {1.0, 1.0, 1.0, 1.0};
    size_t possible = 0, drawn = 0;
    for (int64_t neurons = 100; neurons < 3400; neurons += 150) {
        bool found;
        ph_point_t point = network_point(neurons, 4, dilution, 100.0);
        point.rule = PH_RULE_SUPERVISED;
        point.examples = examples;
        point.quality = quality;
        point.blank_fidelity = fidelity;
        ck_assert_int_eq(ph_overrun_drawn(&point, 1, 0, &found), PH_OK);
        ck_assert(!found || ph_overrun_possible(&point));
        possible += ph_overrun_possible(&point);
        drawn += found;
    }
    ck_assert_uint_gt(drawn, 0);
    ck_assert_uint_lt(drawn, possible);
    ck_assert_uint_lt(possible, 22);
}
END_TEST

PH_TEST_PROGRAM("overrun")
{
    TCase *tcase = tcase_create("overrun");
    tcase_add_loop_test(tcase, noise, 0, 16);
    tcase_add_test(tcase, bound);
    return test_run("overrun", tcase);
}
