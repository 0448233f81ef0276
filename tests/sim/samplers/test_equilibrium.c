/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Chains of both samplers against exact equilibrium averages of the very sample: the finite-N
 * integral from N = 60 to 10^4, and the Curie-Weiss sum. Errors come from independent blocks of
 * one chain each; fixed seeds; a bound of 5 errors with 31 degrees of freedom has a false-alarm
 * rate of 2e-5 a comparison.
 */
#include <math.h>
#include <string.h>

#include "analysis/exact/exact.h"
#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { BLOCKS = 32, MEASURED = 3 };

typedef struct {
    int64_t neurons, patterns;
    double noise, dilution;
    int sweeps;
} case_t;

static const case_t CASES[] = {
    {60, 1, 0.9, 0.2, PH_TEST_DRAWS(12000)},  {60, 3, 0.9, 0.3, PH_TEST_DRAWS(12000)},
    {400, 2, 1.0, 0.4, PH_TEST_DRAWS(6000)},  {2000, 3, 1.3, 0.5, PH_TEST_DRAWS(3000)},
    {10000, 1, 0.5, 0.3, PH_TEST_DRAWS(400)}, {10000, 2, 1.5, 0.3, PH_TEST_DRAWS(1000)},
};
enum { CASES_COUNT = sizeof(CASES) / sizeof(CASES[0]) };

/* Block means of <o_1^2>, <o_1^4> and the energy after a quarter of burn-in, of one lane; with a
 * kernel, of 8 lanes. False where that does not take the network. */
static bool measure_with(const char *kernel, const case_t *c, const ph_point_t *point,
                         uint32_t block, double mean[MEASURED])
{
    const bool single = kernel == NULL || strncmp(kernel, "single", 6) == 0;
    const uint32_t lanes = single ? 1 : 8;
    ph_grid_t grid = {.trajectory = true};
    ph_block_t chain;
    int64_t scratch[8];
    double out[8];
    ck_assert_int_eq(
        ph_block_init(&chain, ph_sampler(point->sampler), point, 5, 1, block, 0, lanes), PH_OK);
    if (kernel != NULL && ph_block_use(&chain, kernel) != PH_OK) {
        ph_block_free(&chain);
        return false;
    }
    ph_block_start(&chain);
    for (int k = 0; k < MEASURED; k++)
        mean[k] = 0.0;
    for (int t = -c->sweeps / 4; t < c->sweeps; t++) {
        ph_block_sweep(&chain);
        if (t < 0)
            continue;
        for (uint32_t l = 0; l < lanes; l++) {
            ph_block_measure(&chain, &grid, l, scratch, out);
            mean[0] += out[0] * out[0] / ((double)c->sweeps * lanes);
            mean[1] += pow(out[0], 4) / ((double)c->sweeps * lanes);
            mean[2] += out[c->patterns] / ((double)c->sweeps * lanes);
        }
    }
    ph_block_free(&chain);
    return true;
}

static bool check_kernel(const char *kernel, const double exact[MEASURED], const case_t *c,
                         const ph_point_t *point)
{
    double sum[MEASURED] = {0}, squares[MEASURED] = {0};
    for (uint32_t b = 0; b < BLOCKS; b++) {
        double mean[MEASURED];
        if (!measure_with(kernel, c, point, b, mean))
            return false;
        for (int k = 0; k < MEASURED; k++) {
            sum[k] += mean[k];
            squares[k] += mean[k] * mean[k];
        }
    }
    for (int k = 0; k < MEASURED; k++) {
        double mean = sum[k] / BLOCKS;
        double error = sqrt((squares[k] / BLOCKS - mean * mean) / (BLOCKS - 1));
        ck_assert_msg(fabs(mean - exact[k]) < 5.0 * error,
                      "N = %lld, K = %lld, moment %d: %.8g +- %.2g, exact %.8g",
                      (long long)c->neurons, (long long)c->patterns, k, mean, error, exact[k]);
        ck_assert_double_lt(error, 0.1 * fabs(exact[k]));
    }
    return true;
}

static void check_against(const double exact[MEASURED], const case_t *c, const ph_point_t *point)
{
    ck_assert(check_kernel(NULL, exact, c, point));
}

/* Glauber and Metropolis in all orders reproduce the exact moments and energy of their sample. */
START_TEST(finite_size_integral)
{
    const case_t *c = &CASES[_i % CASES_COUNT];
    const double dilution[3] = {c->dilution, c->dilution, c->dilution};
    ph_point_t point = network_point(c->neurons, c->patterns, dilution, c->noise);
    point.start = PH_START_ARCHETYPE;
    point.sampler = (ph_sampler_id_t)(_i / CASES_COUNT);
    point.order = (ph_order_t)(_i % 3);
    ph_block_t block;
    ph_exact_t exact;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 5, 1, 0, 0, 1),
                     PH_OK);
    ck_assert_int_eq(ph_exact_init(&exact, c->patterns), PH_OK);
    ck_assert_int_eq(ph_exact_integral(&exact, &block.coupling, c->noise, NULL), PH_OK);
    const double values[MEASURED] = {exact.second[0], exact.fourth[0], exact.energy};
    check_against(values, c, &point);
    ph_exact_free(&exact);
    ph_block_free(&block);
}
END_TEST

/* The same with every kernel that takes the network; equal and unequal weights. */
START_TEST(every_kernel)
{
    const case_t c = {140, 2, 0.9, 0.3, PH_TEST_DRAWS(1800)};
    const double dilution[2] = {0.3, _i / 2 == 0 ? 0.3 : 0.5};
    ph_point_t point = network_point(c.neurons, c.patterns, dilution, c.noise);
    point.start = PH_START_ARCHETYPE;
    point.sampler = (ph_sampler_id_t)(_i % 2);
    ph_block_t block;
    ph_exact_t exact;
    int taken = 0;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 5, 1, 0, 0, 1),
                     PH_OK);
    ck_assert_int_eq(ph_exact_init(&exact, c.patterns), PH_OK);
    ck_assert_int_eq(ph_exact_integral(&exact, &block.coupling, c.noise, NULL), PH_OK);
    const double values[MEASURED] = {exact.second[0], exact.fourth[0], exact.energy};
    const ph_kernel_t *const *kernels = ph_sampler(point.sampler)->kernels;
    for (int k = 0; kernels[k] != NULL; k++)
        taken += check_kernel(kernels[k]->name, values, &c, &point);
#ifdef __x86_64__
    ck_assert_int_ge(taken, _i / 2 == 0 ? 6 : 2);
#else
    ck_assert_int_ge(taken, 1);
#endif
    ph_exact_free(&exact);
    ph_block_free(&block);
}
END_TEST

/* One full pattern, N = 100, T = 0.9: <m^2> is the Curie-Weiss sum over magnetizations. */
START_TEST(curie_weiss)
{
    const case_t c = {100, 1, 0.9, 0.0, PH_TEST_DRAWS(12000)};
    const double dilution[1] = {0.0};
    ph_point_t point = network_point(c.neurons, 1, dilution, c.noise);
    double z = 0.0, moments[MEASURED] = {0};
    for (int up = 0; up <= 100; up++) {
        double m = (2.0 * up - 100.0) / 100.0, energy = -0.5 * m * m + 0.005;
        double weight = exp(lgamma(101.0) - lgamma(up + 1.0) - lgamma(101.0 - up) -
                            100.0 * energy / c.noise - 100.0 * log(2.0));
        z += weight;
        moments[0] += weight * m * m;
        moments[1] += weight * m * m * m * m;
        moments[2] += weight * energy;
    }
    for (int k = 0; k < MEASURED; k++)
        moments[k] /= z;
    ck_assert_double_eq_tol(moments[0], 0.2350079991, 1e-9);
    check_against(moments, &c, &point);
}
END_TEST

PH_TEST_PROGRAM("equilibrium")
{
    TCase *tcase = tcase_create("equilibrium");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, finite_size_integral, 0, 2 * CASES_COUNT);
    tcase_add_loop_test(tcase, every_kernel, 0, 4);
    tcase_add_test(tcase, curie_weiss);
    return test_run("equilibrium", tcase);
}
