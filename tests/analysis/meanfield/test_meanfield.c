/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/meanfield/meanfield.h"

#include <math.h>

#include "tests/analysis/network.h"
#include "tests/testing.h"

static void check_state(const ph_point_t *point, const double *m, double tolerance, double energy,
                        double energy_tolerance)
{
    ph_state_t state;
    network_solve(&state, point);
    ck_assert(state.converged);
    ck_assert_double_le(state.residual, 1e-12);
    for (int64_t mu = 0; mu < point->patterns; mu++)
        ck_assert_double_eq_tol(state.m[mu], m[mu], tolerance);
    ck_assert_double_eq_tol(state.free_energy, energy, energy_tolerance);
    ph_state_free(&state);
}

/* Zero noise: hierarchical, symmetric and tie-broken states with their energies. */
START_TEST(test_zero_noise)
{
    ph_point_t point = network_uniform(1, 3, 0.3, 0.0);
    check_state(&point, (double[]){0.7, 0.21, 0.063}, 1e-12, -0.2690345, 1e-12);
    point.start = PH_START_PARALLEL;
    check_state(&point, (double[]){0.3815, 0.3815, 0.3815}, 1e-12, -0.218313, 5e-7);
    point = network_uniform(1, 3, 0.7, 0.0);
    check_state(&point, (double[]){0.2865, 0.2235, 0.1605}, 1e-12, -0.078897, 5e-7);
    point = network_uniform(1, 4, 0.7, 0.0);
    check_state(&point, (double[]){0.26962, 0.22148, 0.17738, 0.13328}, 1e-5, -0.085486, 1e-6);
}
END_TEST

/* Two patterns at T = 0.1: both branches, free energy and least eigenvalue. */
START_TEST(test_two_patterns)
{
    ph_state_t state;
    ph_point_t point = network_uniform(1, 2, 0.3, 0.1);
    check_state(&point, (double[]){0.69998, 0.20289}, 6e-6, -0.273624, 6e-7);
    network_solve(&state, &point);
    ck_assert_double_eq_tol(state.stability, 0.8592, 6e-5);
    ph_state_free(&state);
    point.start = PH_START_PARALLEL;
    check_state(&point, (double[]){0.45495, 0.45495}, 6e-6, -0.230250, 6e-7);
    network_solve(&state, &point);
    ck_assert_double_eq_tol(state.stability, -3.9009, 6e-5);
    ck_assert(state.m[0] == state.m[1]);
    ph_state_free(&state);
}
END_TEST

/* Three strongly diluted patterns: the symmetric state is stable and reached from both starts. */
START_TEST(test_symmetric_stable)
{
    ph_state_t state;
    ph_point_t point = network_uniform(1, 3, 0.8, 0.1);
    for (int i = 0; i < 2; i++) {
        point.start = i == 0 ? PH_START_HIERARCHICAL : PH_START_PARALLEL;
        check_state(&point, (double[]){0.15198, 0.15198, 0.15198}, 6e-6, -0.080778, 6e-7);
        network_solve(&state, &point);
        ck_assert_double_gt(state.stability, 0.0);
        ph_state_free(&state);
    }
}
END_TEST

/*
 * Where the tie-broken state of four patterns has just ended (d = 0.78664, T = 0.06), the flow
 * needs over 40 000 sweeps through the bottleneck it leaves: it arrives at the symmetric state all
 * the same, and just before still at the tie-broken one.
 */
START_TEST(test_bottleneck)
{
    for (int beyond = 0; beyond < 2; beyond++) {
        ph_point_t point = network_uniform(1, 4, beyond ? 0.7866666667 : 0.7866, 0.06);
        ph_state_t state;
        network_solve(&state, &point);
        ck_assert(state.converged);
        ck_assert_double_gt(state.stability, 0.0);
        ck_assert_double_eq_tol(state.m[0] - state.m[3], beyond ? 0.0 : 0.003682, 1e-6);
        ph_state_free(&state);
    }
}
END_TEST

/* The hierarchical state is lost where sum_k d^k = 1: 0.618034, 0.543689, 0.518790. */
START_TEST(test_spinodal)
{
    const double limit[] = {0.6180339887, 0.5436890127, 0.5187900636};
    for (int64_t k = 3; k <= 5; k++)
        for (int side = -1; side <= 1; side += 2) {
            const double d = limit[k - 3] + side * 2e-4;
            ph_state_t state;
            ph_point_t point = network_uniform(1, k, d, 0.0);
            network_solve(&state, &point);
            bool hierarchical = true;
            for (int64_t mu = 0; mu < k; mu++)
                hierarchical =
                    hierarchical && fabs(state.m[mu] - (1 - d) * pow(d, (double)mu)) < 1e-9;
            ck_assert(hierarchical == (side < 0));
            ck_assert(state.converged);
            ph_state_free(&state);
        }
}
END_TEST

/* Unequal dilutions: m_mu = (1 - d_mu) prod_{nu < mu} d_nu while every pattern outweighs the rest.
 */
START_TEST(test_heterogeneous)
{
    const double d[] = {0.1, 0.3, 0.5};
    ph_point_t point = network_point(1, 3, d, 0.0);
    check_state(&point, (double[]){0.9, 0.07, 0.015}, 1e-12, -0.5 * (0.81 + 0.0049 + 0.000225),
                1e-12);
}
END_TEST

/* "variance": order sets in at T = 1 for any dilution; a blank pattern stays at zero. */
START_TEST(test_onset)
{
    const double d[] = {0.6, 1.0};
    for (int side = -1; side <= 1; side += 2) {
        ph_state_t state;
        ph_point_t point = network_point(1, 2, d, 1.0 + 0.02 * side);
        point.normalization = PH_NORM_VARIANCE;
        point.start = PH_START_ARCHETYPE;
        network_solve(&state, &point);
        ck_assert(state.converged);
        ck_assert(side < 0 ? state.m[0] > 0.05 : state.m[0] < 1e-6);
        ck_assert(state.m[1] == 0.0);
        ck_assert_double_gt(state.stability, 0.0);
        ph_state_free(&state);
    }
}
END_TEST

/* Brute force, independent of rows.c: F_mu and f over all 3^K signed rows. */
static void brute_force(const ph_point_t *point, const double *g, const double *m, double *map,
                        double *f)
{
    const int k = (int)point->patterns;
    *f = 0.0;
    for (int mu = 0; mu < k; mu++) {
        map[mu] = 0.0;
        *f += g[mu] * m[mu] * m[mu] / 2;
    }
    for (long code = 0; code < lround(pow(3, k)); code++) {
        double weight = 1.0, h = 0.0;
        int xi[NETWORK_PATTERNS_MAX];
        long rest = code;
        for (int mu = 0; mu < k; mu++, rest /= 3) {
            xi[mu] = (int)(rest % 3) - 1;
            weight *= xi[mu] == 0 ? point->dilution[mu] : (1 - point->dilution[mu]) / 2;
            h += g[mu] * m[mu] * xi[mu];
        }
        const double beta = 1 / point->noise;
        for (int mu = 0; mu < k; mu++)
            map[mu] += weight * xi[mu] * (1 - 2 / (exp(2 * beta * h) + 1));
        *f -= weight * log(exp(beta * h) + exp(-beta * h)) / beta;
    }
}

/* Map and free energy agree with brute force at arbitrary magnetizations, gains, dilutions. */
START_TEST(test_brute_force)
{
    const double d[] = {0.2, 0.45, 0.6, 0.8, 0.0}, m[] = {0.5, -0.2, 0.31, 0.07, -0.4};
    for (int64_t k = 1; k <= 5; k++) {
        double g[5], found[5], m_found[5], wanted[5], f, f_found;
        ph_meanfield_t problem;
        ph_point_t point = network_point(1, k, d, 0.17);
        point.normalization = PH_NORM_VARIANCE;
        ph_coupling_gains(&point, g);
        network_population(&problem, &point);
        brute_force(&point, g, m, wanted, &f);
        ph_evaluation_t out = {.n = found, .m = m_found, .free_energy = &f_found};
        ph_meanfield_evaluate(&problem, m, &out);
        for (int64_t mu = 0; mu < k; mu++) {
            ck_assert_double_eq_tol(found[mu], wanted[mu], 1e-13);
            ck_assert_double_eq_tol(m_found[mu], wanted[mu], 1e-13);
        }
        ck_assert_double_eq_tol(f_found, f, 1e-13);
        ph_meanfield_free(&problem);
    }
}
END_TEST

/* log 2 cosh neither overflows nor loses the energy at noise 1e-6. */
START_TEST(test_small_noise)
{
    ph_point_t point = network_uniform(1, 3, 0.3, 1e-6);
    check_state(&point, (double[]){0.7, 0.21, 0.063}, 1e-9, -0.2690345, 1e-6);
}
END_TEST

static double free_energy(const ph_meanfield_t *problem, const double *n)
{
    double f;
    ph_evaluation_t out = {.free_energy = &f};
    ph_meanfield_evaluate(problem, n, &out);
    return f;
}

/* The gradient of the free energy vanishes at solutions, by central differences, population and
 * sample, and its slope gives back the stability: second differences are g A g. */
START_TEST(test_gradient)
{
    const double step = 1e-4, noises[] = {0.1, 0.3, 0.6};
    for (int i = 0; i < 6; i++) {
        double g[3];
        ph_meanfield_t population;
        network_sample_t sample;
        ph_point_t point = network_uniform(500, 3, 0.35, noises[i % 3]);
        point.normalization = PH_NORM_VARIANCE;
        ph_coupling_gains(&point, g);
        ph_state_t state;
        network_population(&population, &point);
        network_draw(&sample, &point, 3, 1);
        const ph_meanfield_t *problem = i < 3 ? &population : &sample.problem;
        network_state(&state, problem, point.start);
        ck_assert(state.converged && state.stability > 0.0);
        double *m = state.n, lowest = INFINITY;
        for (int mu = 0; mu < 3; mu++) {
            const double kept = m[mu];
            m[mu] = kept + step;
            const double up = free_energy(problem, m);
            m[mu] = kept - step;
            const double down = free_energy(problem, m);
            m[mu] = kept;
            ck_assert_double_eq_tol((up - down) / (2 * step), 0.0, 1e-6);
            lowest = fmin(lowest, (up + down - 2 * state.free_energy) / (step * step * g[mu]));
        }
        /* the least diagonal element bounds the least eigenvalue from above */
        ck_assert_double_le(state.stability, lowest + 1e-5);
        ck_assert_double_ge(state.stability, lowest - 0.5);
        ph_state_free(&state);
        ph_meanfield_free(&population);
        network_drop(&sample);
    }
}
END_TEST

/* Near a transition, where the flow creeps, the state is still found to full accuracy. */
START_TEST(test_critical)
{
    ph_state_t state;
    ph_point_t point = network_uniform(1, 1, 0.0, 0.999);
    network_solve(&state, &point);
    ck_assert(state.converged);
    const double m = state.m[0];
    ck_assert_double_eq_tol(m, tanh(m / 0.999), 1e-13);
    ck_assert_double_eq_tol(m, sqrt(0.003), 1e-3);
    ph_state_free(&state);
}
END_TEST

/* At the very onset the flow only creeps to the paramagnet; the solver gets there. */
START_TEST(test_onset_itself)
{
    for (int k = 1; k <= 3; k++) {
        ph_state_t state;
        ph_point_t point = network_uniform(1, k, 0.3, 1.0);
        point.normalization = PH_NORM_VARIANCE;
        network_solve(&state, &point);
        ck_assert(state.converged);
        for (int mu = 0; mu < k; mu++)
            ck_assert_double_lt(fabs(state.m[mu]), 2e-4);
        ph_state_free(&state);
    }
}
END_TEST

PH_TEST_MAIN("meanfield", test_zero_noise, test_two_patterns, test_symmetric_stable,
             test_bottleneck, test_spinodal, test_heterogeneous, test_onset, test_brute_force,
             test_small_noise, test_gradient, test_critical, test_onset_itself)
