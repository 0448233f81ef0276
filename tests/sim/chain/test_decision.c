/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Thresholds of decisions against the laws in long double, and the noise of a schedule. */
#include <math.h>

#include "sim/chain/decision.h"
#include "sim/chain/schedule.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { NEURONS = 60, PATTERNS = 3 };

static const double EQUAL[PATTERNS] = {0.4, 0.4, 0.4}, UNEQUAL[PATTERNS] = {0.2, 0.4, 0.7};

/* Probability, as a threshold in long double, of becoming +1 (Glauber) or flipping (Metropolis). */
static long double threshold(bool metropolis, double noise, long double field)
{
    const long double x = 2.0L * fabsl(field) / (long double)noise;
    if (metropolis)
        return 0x1p48L * (field < 0.0L ? 1.0L : expl(-x));
    return 0x1p48L / (1.0L + expl(field > 0.0L ? -x : x));
}

static const struct {
    ph_sampler_id_t sampler;
    ph_order_t order;
    double noise;
    uint64_t tie;
} RULES[] = {
    {PH_SAMPLER_GLAUBER, PH_ORDER_RANDOM, 0.7, PH_DECISION_HALF},
    {PH_SAMPLER_GLAUBER, PH_ORDER_PERMUTED, 0.01, PH_DECISION_HALF},
    {PH_SAMPLER_GLAUBER, PH_ORDER_RANDOM, 0.0, PH_DECISION_HALF},
    {PH_SAMPLER_LITTLE, PH_ORDER_RANDOM, 0.3, PH_DECISION_HALF},
    {PH_SAMPLER_METROPOLIS, PH_ORDER_RANDOM, 0.7, PH_DECISION_ALWAYS},
    {PH_SAMPLER_METROPOLIS, PH_ORDER_SEQUENTIAL, 0.7, PH_DECISION_HALF},
    {PH_SAMPLER_METROPOLIS, PH_ORDER_PERMUTED, 0.7, PH_DECISION_HALF},
    {PH_SAMPLER_METROPOLIS, PH_ORDER_RANDOM, 0.0, PH_DECISION_HALF},
    {PH_SAMPLER_METROPOLIS, PH_ORDER_RANDOM, 1e4, PH_DECISION_ALWAYS},
    {PH_SAMPLER_GLAUBER, PH_ORDER_RANDOM, 1e4, PH_DECISION_HALF},
};

static ph_decision_t decide(int rule, const double *dilution, ph_coupling_t *coupling,
                            ph_patterns_t *patterns)
{
    ph_decision_t decision;
    ph_point_t point = network_point(NEURONS, PATTERNS, dilution, RULES[rule].noise);
    point.sampler = RULES[rule].sampler;
    point.order = RULES[rule].order;
    ck_assert_int_eq(ph_patterns_draw(patterns, &point, 3, 0), PH_OK);
    ck_assert_int_eq(ph_coupling_init(coupling, &point, patterns), PH_OK);
    ck_assert_int_eq(ph_decision_init(&decision, &point, coupling), PH_OK);
    return decision;
}

/* Equal weights: the threshold of every integer field, in the table and beyond it, is within one of
 * the law; fields of both signs add up to certainty. */
START_TEST(integer_fields)
{
    ph_coupling_t coupling;
    ph_patterns_t patterns;
    ph_decision_t own = decide(_i, EQUAL, &coupling, &patterns);
    const bool metropolis = RULES[_i].sampler == PH_SAMPLER_METROPOLIS;
    ck_assert(own.integer && own.cut > 0);
    ck_assert(own.scale == coupling.weights[0] / NEURONS);
    ck_assert_uint_eq(ph_decision_integer(&own, 0), RULES[_i].tie);
    for (int32_t k = -3 * NEURONS * PATTERNS; k <= 3 * NEURONS * PATTERNS; k++) {
        const uint64_t found = ph_decision_integer(&own, k);
        if (k == 0)
            continue;
        if (RULES[_i].noise > 0.0) {
            const long double right =
                threshold(metropolis, RULES[_i].noise, (long double)own.scale * k);
            ck_assert_msg(fabsl((long double)found - right) <= 1.01L, "field %d", k);
        } else {
            ck_assert_uint_eq(found, (k > 0) != metropolis ? PH_DECISION_ALWAYS : 0);
        }
        if (!metropolis)
            ck_assert_uint_eq(found + ph_decision_integer(&own, -k), PH_DECISION_ALWAYS);
    }
    ph_decision_free(&own);
    ck_assert(own.thresholds == NULL);
    ph_coupling_free(&coupling);
    ph_patterns_free(&patterns);
}
END_TEST

/* Unequal weights: the same of real fields; those that only rounding tells from 0 are ties. */
START_TEST(real_fields)
{
    ph_coupling_t coupling;
    ph_patterns_t patterns;
    ph_decision_t own = decide(_i, UNEQUAL, &coupling, &patterns);
    const bool metropolis = RULES[_i].sampler == PH_SAMPLER_METROPOLIS;
    ck_assert(!own.integer && own.thresholds == NULL && own.tolerance > 0.0);
    ck_assert_double_lt(own.tolerance, 1e-10);
    for (int sign = -1; sign <= 1; sign += 2) {
        ck_assert_uint_eq(ph_decision_real(&own, sign * own.tolerance), RULES[_i].tie);
        for (double h = own.tolerance * 1.01; h < 50.0; h *= 1.1) {
            const uint64_t found = ph_decision_real(&own, sign * h);
            if (RULES[_i].noise > 0.0)
                ck_assert_msg(fabsl((long double)found - threshold(metropolis, RULES[_i].noise,
                                                                   (long double)(sign * h))) <=
                                  1.01L,
                              "field %g", sign * h);
            else
                ck_assert_uint_eq(found, (sign > 0) != metropolis ? PH_DECISION_ALWAYS : 0);
        }
    }
    ph_decision_free(&own);
    ph_coupling_free(&coupling);
    ph_patterns_free(&patterns);
}
END_TEST

/* Linear: equal steps; log: equal ratios; step: a quench; the point's noise from the end on. */
START_TEST(schedules)
{
    static const double ENDS[3][2] = {{2.0, 0.1}, {0.1, 2.0}, {1.5, 1.5}};
    enum { SWEEPS = 40 };
    for (int e = 0; e < 3; e++)
        for (int s = 0; s < PH_SCALE_COUNT; s++) {
            const double from = ENDS[e][0], to = ENDS[e][1];
            const ph_point_t point = {.noise = to,
                                      .schedule_from = from,
                                      .schedule_sweeps = SWEEPS,
                                      .schedule_scale = (ph_scale_t)s};
            for (uint64_t t = 0; t < SWEEPS; t++) {
                const double part = (double)t / SWEEPS;
                const double right = s == PH_SCALE_STEP  ? from
                                     : s == PH_SCALE_LOG ? from * pow(to / from, part)
                                                         : from + part * (to - from);
                ck_assert_double_eq_tol(ph_schedule_noise(&point, t), right, 1e-14);
            }
            ck_assert_double_eq_tol(ph_schedule_noise(&point, 0), from, 4e-16);
            for (uint64_t t = SWEEPS; t < SWEEPS + 3; t++)
                ck_assert(ph_schedule_noise(&point, t) == to);
            ck_assert(ph_schedule_noise(&point, UINT64_MAX) == to);
        }
    const ph_point_t none = {.noise = 0.3};
    ck_assert(ph_schedule_noise(&none, 0) == 0.3);
}
END_TEST

PH_TEST_PROGRAM("decision")
{
    const int rules = sizeof(RULES) / sizeof(RULES[0]);
    TCase *tcase = tcase_create("decision");
    tcase_add_loop_test(tcase, integer_fields, 0, rules);
    tcase_add_loop_test(tcase, real_fields, 0, rules);
    tcase_add_test(tcase, schedules);
    return test_run("decision", tcase);
}
