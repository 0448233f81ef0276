/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Chains of every sampler of exp(-H/T) under every rule against the finite-N integral of their
 * sample, N = 60 to 10^4. Fixed seeds; bounds of 6 errors of 16 blocks have a false-alarm rate of
 * 2.4e-5 a comparison.
 */
#include "tests/sim/samplers/integral.h"
#include "tests/testing.h"

enum { BLOCKS = 16, LANES = 8 };

/* Samplers reproduce the exact moments of the mean example's overlap, and the energy. */
START_TEST(moments)
{
    const integral_case_t *c = &INTEGRAL_CASES[_i % INTEGRAL_CASES_COUNT];
    ph_point_t point = integral_point(c, INTEGRAL_SAMPLERS[_i / INTEGRAL_CASES_COUNT]);
    if (ph_sampler_has(point.sampler, PH_TRAIT_ORDERED))
        point.order = (ph_order_t)(_i % PH_ORDER_COUNT);
    integral_t result;
    const int visits = PH_TEST_DRAWS(c->neurons < 1000 ? 800 : c->neurons < 10000 ? 160 : 100);
    ck_assert_int_eq(integral_measure(&result, &point, 5, BLOCKS, LANES, visits, 1), PH_OK);
    for (size_t k = 0; k < result.count; k++) {
        ck_assert_msg(fabs(result.mean[k] - result.exact[k]) < 6.0 * result.error[k],
                      "sampler %s, case %d, moment %zu: %.8g +- %.2g, exact %.8g",
                      PH_SAMPLER_WORDS.words[point.sampler], _i % INTEGRAL_CASES_COUNT, k,
                      result.mean[k], result.error[k], result.exact[k]);
        ck_assert_double_lt(result.error[k], 0.15 * fabs(result.exact[k]));
    }
}
END_TEST

PH_TEST_PROGRAM("integral")
{
    Suite *suite = suite_create("integral");
    TCase *tcase = tcase_create("integral");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, moments, 0, INTEGRAL_SAMPLERS_COUNT * INTEGRAL_CASES_COUNT);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int bad = srunner_ntests_failed(runner) > 0 || srunner_ntests_run(runner) == 0;
    srunner_free(runner);
    return bad;
}
