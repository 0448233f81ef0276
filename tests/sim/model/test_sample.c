/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sample is what its patterns and its coupling are by themselves, and empty where it fails. */
#include <string.h>

#include "sim/model/sample.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

static double DILUTION[] = {0.3, 0.3}, QUALITY[] = {0.6, 0.6}, FIDELITY[] = {1.0, 1.0};

static ph_point_t learning(double *examples)
{
    ph_point_t point = network_point(40, 2, DILUTION, 0.4);
    point.rule = PH_RULE_SUPERVISED;
    point.examples = examples;
    point.quality = QUALITY;
    point.blank_fidelity = FIDELITY;
    return point;
}

START_TEST(test_parts)
{
    double examples[] = {5.0, 3.0};
    const ph_point_t point = learning(examples);
    ph_sample_t drawn;
    ph_patterns_t patterns;
    ph_coupling_t coupling;
    ck_assert_int_eq(ph_sample_draw(&drawn, &point, 7, 2), PH_OK);
    ck_assert_int_eq(ph_patterns_draw(&patterns, &point, 7, 2), PH_OK);
    ck_assert_int_eq(ph_coupling_init(&coupling, &point, &patterns), PH_OK);
    ck_assert_int_eq(drawn.coupling.features, coupling.features);
    ck_assert_mem_eq(drawn.patterns.entries, patterns.entries, 40 * 2);
    ck_assert_mem_eq(drawn.coupling.phi, coupling.phi, sizeof(*coupling.phi) * 40 * 2);
    ck_assert_mem_eq(drawn.coupling.weights, coupling.weights, sizeof(*coupling.weights) * 2);
    ph_coupling_free(&coupling);
    ph_patterns_free(&patterns);
    ph_sample_free(&drawn);
}
END_TEST

START_TEST(test_empty)
{
    double examples[] = {5.0, PH_MAX_SUMMED_EXAMPLES + 1.0};
    const ph_point_t point = learning(examples);
    ph_sample_t drawn;
    memset(&drawn, 0xff, sizeof(drawn));
    ck_assert_int_eq(ph_sample_draw(&drawn, &point, 7, 2), PH_ERR_LIMIT);
    ck_assert_ptr_null(drawn.patterns.entries);
    ck_assert_ptr_null(drawn.coupling.phi);
    ph_sample_free(&drawn);
}
END_TEST

PH_TEST_MAIN("sample", test_parts, test_empty)
