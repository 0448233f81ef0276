/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/exact/exact.h"

#include <math.h>

#include "tests/analysis/network.h"
#include "tests/testing.h"

static void draw(ph_coupling_t *coupling, const ph_point_t *point, uint32_t sample)
{
    ph_patterns_t patterns;
    ck_assert_int_eq(ph_patterns_draw(&patterns, point, 11, sample), PH_OK);
    ck_assert_int_eq(ph_coupling_init(coupling, point, &patterns), PH_OK);
    ph_patterns_free(&patterns);
}

/* Curie-Weiss, N = 100, T = 0.9: <m^2> = 0.2350079991; the moments are those of the binomial sum.
 */
START_TEST(test_curie_weiss)
{
    ph_exact_t exact;
    ph_coupling_t coupling;
    ph_point_t point = network_uniform(100, 1, 0.0, 0.9);
    draw(&coupling, &point, 0);
    ck_assert_int_eq(ph_exact_init(&exact, 1), PH_OK);
    ck_assert_int_eq(ph_exact_integral(&exact, &coupling, 0.9, NULL), PH_OK);
    ck_assert_double_eq_tol(exact.second[0], 0.2350079991, 6e-11);
    double z = 0.0, second = 0.0, fourth = 0.0, largest = 100 / 1.8 + 100 * log(2.0);
    for (int up = 0; up <= 100; up++) {
        const double m = up / 50.0 - 1.0;
        const double weight =
            exp(lgamma(101) - lgamma(up + 1) - lgamma(101 - up) + 100 * m * m / 1.8 - largest);
        z += weight;
        second += weight * m * m;
        fourth += weight * m * m * m * m;
    }
    ck_assert_double_eq_tol(exact.second[0], second / z, 1e-11);
    ck_assert_double_eq_tol(exact.fourth[0], fourth / z, 1e-11);
    ck_assert_double_eq_tol(exact.free_energy, -0.009 * (log(z) + largest - 1 / 1.8), 1e-11);
    ck_assert_double_eq_tol(exact.energy, -second / z / 2 + 0.005, 1e-11);
    ck_assert(isnan(exact.absolute[0]));
    ph_exact_free(&exact);
    ph_coupling_free(&coupling);
}
END_TEST

/* Enumeration and integral agree for 1 to 3 features, weak and strong noise, N <= 12. */
START_TEST(test_two_routes)
{
    const double dilution[] = {0.2, 0.5, 0.35}, noises[] = {0.15, 0.5, 2.0};
    for (int64_t k = 1; k <= 3; k++)
        for (size_t t = 0; t < 3; t++) {
            ph_exact_t states, integral;
            ph_coupling_t coupling;
            ph_point_t point = network_point(9 + k, k, dilution, noises[t]);
            point.normalization = PH_NORM_VARIANCE;
            draw(&coupling, &point, (uint32_t)t);
            ck_assert_int_eq(ph_exact_init(&states, k), PH_OK);
            ck_assert_int_eq(ph_exact_init(&integral, k), PH_OK);
            ck_assert_int_eq(ph_exact_enumerate(&states, &coupling, noises[t], NULL), PH_OK);
            ck_assert_int_eq(ph_exact_integral(&integral, &coupling, noises[t], NULL), PH_OK);
            for (int64_t i = 0; i < k * k; i++)
                ck_assert_double_eq_tol(states.second[i], integral.second[i], 2e-10);
            for (int64_t p = 0; p < k; p++)
                ck_assert_double_eq_tol(states.fourth[p], integral.fourth[p], 2e-10);
            ck_assert_double_eq_tol(states.free_energy, integral.free_energy, 1e-10);
            ck_assert_double_eq_tol(states.energy, integral.energy, 1e-10);
            ck_assert_double_eq_tol(states.energy_variance, integral.energy_variance, 1e-10);
            ph_exact_free(&states);
            ph_exact_free(&integral);
            ph_coupling_free(&coupling);
        }
}
END_TEST

/* Enumeration is the plain sum over states with H from its definition. */
START_TEST(test_definition)
{
    const double dilution[] = {0.2, 0.5, 0.35, 0.0};
    ph_exact_t exact;
    ph_coupling_t coupling;
    ph_point_t point = network_point(8, 4, dilution, 0.4);
    point.normalization = PH_NORM_VARIANCE;
    draw(&coupling, &point, 0);
    double z = 0.0, energy = 0.0, absolute = 0.0, cross = 0.0;
    for (int code = 0; code < 256; code++) {
        int8_t spins[8];
        double o[4] = {0.0};
        for (int i = 0; i < 8; i++) {
            spins[i] = (code >> i & 1) != 0 ? 1 : -1;
            for (int p = 0; p < 4; p++)
                o[p] += coupling.phi[i * 4 + p] * spins[i] / 8.0;
        }
        const double e = ph_exact_energy(&coupling, spins), weight = exp(-8 * e / 0.4);
        z += weight;
        energy += weight * e;
        absolute += weight * fabs(o[2]);
        cross += weight * o[0] * o[1];
    }
    ck_assert_int_eq(ph_exact_init(&exact, 4), PH_OK);
    ck_assert_int_eq(ph_exact_enumerate(&exact, &coupling, 0.4, NULL), PH_OK);
    ck_assert_double_eq_tol(exact.energy, energy / z, 1e-13);
    ck_assert_double_eq_tol(exact.absolute[2], absolute / z, 1e-13);
    ck_assert_double_eq_tol(exact.second[1], cross / z, 1e-13);
    ck_assert_double_eq_tol(exact.free_energy, -0.4 / 8 * log(z), 1e-13);
    ph_exact_free(&exact);
    ph_coupling_free(&coupling);
}
END_TEST

/* A blank pattern has zero overlap and takes no part; free spins where all are blank. */
START_TEST(test_blank)
{
    const double dilution[] = {1.0, 0.3, 1.0};
    for (int64_t k = 1; k <= 3; k += 2) {
        ph_exact_t states, integral;
        ph_coupling_t coupling;
        ph_point_t point = network_point(10, k, dilution, 0.5);
        draw(&coupling, &point, 0);
        ck_assert_int_eq(ph_exact_init(&states, k), PH_OK);
        ck_assert_int_eq(ph_exact_init(&integral, k), PH_OK);
        ck_assert_int_eq(ph_exact_enumerate(&states, &coupling, 0.5, NULL), PH_OK);
        ck_assert_int_eq(ph_exact_integral(&integral, &coupling, 0.5, NULL), PH_OK);
        for (int64_t i = 0; i < k * k; i++)
            ck_assert_double_eq_tol(states.second[i], integral.second[i], 1e-10);
        ck_assert_double_eq_tol(states.free_energy, integral.free_energy, 1e-10);
        ck_assert(integral.second[0] == 0.0);
        ph_exact_free(&states);
        ph_exact_free(&integral);
        ph_coupling_free(&coupling);
    }
}
END_TEST

/* At N = 10^4 the free energy of the integral is the sample's mean field up to O(1/N). */
START_TEST(test_large)
{
    ph_exact_t exact;
    ph_coupling_t coupling;
    ph_patterns_t patterns;
    ph_meanfield_t problem;
    ph_state_t state;
    ph_point_t point = network_uniform(10000, 3, 0.3, 0.3);
    draw(&coupling, &point, 0);
    ck_assert_int_eq(ph_patterns_draw(&patterns, &point, 11, 0), PH_OK);
    ck_assert_int_eq(ph_meanfield_init_sample(&problem, &point, &coupling, &patterns, NULL), PH_OK);
    ck_assert_int_eq(ph_exact_init(&exact, 3), PH_OK);
    ck_assert_int_eq(ph_exact_integral(&exact, &coupling, 0.3, NULL), PH_OK);
    ck_assert_int_eq(ph_state_init(&state, 3, 3), PH_OK);
    double lowest = INFINITY;
    for (int mu = 0; mu < 3; mu++) { /* the best of the states begun at each pattern */
        memset(state.n, 0, 3 * sizeof(double));
        state.n[mu] = 0.7;
        ck_assert_int_eq(ph_meanfield_solve(&state, &problem, NULL), PH_OK);
        lowest = fmin(lowest, state.free_energy);
    }
    ck_assert_double_eq_tol(exact.free_energy, lowest, 5.0 / 10000);
    ph_state_free(&state);
    ph_exact_free(&exact);
    ph_meanfield_free(&problem);
    ph_patterns_free(&patterns);
    ph_coupling_free(&coupling);
}
END_TEST

/* Too many neurons or features, or no noise, are refused with a status. */
START_TEST(test_limits)
{
    ph_exact_t exact;
    ph_coupling_t coupling;
    ph_report_t report;
    ph_report_init(&report);
    ph_point_t point = network_uniform(25, 4, 0.3, 0.3);
    draw(&coupling, &point, 0);
    ck_assert_int_eq(ph_exact_init(&exact, 4), PH_OK);
    ck_assert_int_eq(ph_exact_enumerate(&exact, &coupling, 0.3, &report), PH_ERR_LIMIT);
    ck_assert_int_eq(ph_exact_integral(&exact, &coupling, 0.3, &report), PH_ERR_LIMIT);
    coupling.neurons = 8;
    ck_assert_int_eq(ph_exact_enumerate(&exact, &coupling, 0.0, &report), PH_ERR_UNSUPPORTED);
    ck_assert_uint_eq(report.count, 3);
    ph_exact_free(&exact);
    ph_coupling_free(&coupling);
    ph_report_free(&report);
}
END_TEST

PH_TEST_MAIN("exact", test_curie_weiss, test_two_routes, test_definition, test_blank, test_large,
             test_limits)
