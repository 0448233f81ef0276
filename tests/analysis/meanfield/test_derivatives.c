/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "analysis/exact/exact.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { POPULATIONS = 5, SAMPLES = 3, PROBLEMS = POPULATIONS + SAMPLES, FEATURES = 6 };

/* Populations: storage, exact, Gaussian, Gaussian with small and with no noise; samples of each
 * rule. Patterns differ in everything; blanks are noisy. */
typedef struct {
    network_sample_t sample;
    ph_meanfield_t population;
    const ph_meanfield_t *problem;
    ph_point_t point;
} case_t;

static void make_case(case_t *self, int number)
{
    static const double examples[] = {2, 3}, many[] = {40, 25}, quality[] = {0.8, 0.6},
                        fidelity[] = {0.9, 1.0};
    static const double noises[PROBLEMS] = {0.3, 0.3, 0.3, 0.03, 0.0, 0.35, 0.35, 0.35};
    const bool sample = number >= POPULATIONS, gaussian = !sample && number >= 2;
    self->point = network_point(3000, 2, (const double[]){0.3, 0.4}, noises[number]);
    self->point.rule = sample        ? (ph_rule_t)(number - POPULATIONS)
                       : number == 0 ? PH_RULE_STORAGE
                                     : PH_RULE_SUPERVISED;
    self->point.normalization = PH_NORM_VARIANCE;
    self->point.examples = gaussian ? many : examples;
    self->point.quality = quality;
    self->point.blank_fidelity = fidelity;
    if (sample)
        network_draw(&self->sample, &self->point, 17, 0);
    else
        ck_assert_int_eq(
            ph_meanfield_init_population(&self->population, &self->point,
                                         gaussian ? PH_AVERAGE_GAUSSIAN : PH_AVERAGE_EXACT, NULL),
            PH_OK);
    self->problem = sample ? &self->sample.problem : &self->population;
}

static void free_case(case_t *self)
{
    if (self->problem == &self->population)
        ph_meanfield_free(&self->population);
    else
        network_drop(&self->sample);
}

static double free_energy(const ph_meanfield_t *problem, const double *n, double *map)
{
    double f;
    ph_evaluation_t out = {.n = map, .free_energy = &f};
    ph_meanfield_evaluate(problem, n, &out);
    return f;
}

/* Central differences of fourth order at an arbitrary point: the Jacobian of F, and the gradient
 * of f, which is w (n - F). */
START_TEST(test_differences)
{
    for (int number = 0; number < PROBLEMS; number++) {
        case_t all;
        make_case(&all, number);
        const size_t p_count = (size_t)all.problem->features;
        const double h = all.point.noise == 0.03 ? 2e-4 : 1e-3, base[] = {0.4, -0.17};
        double n[FEATURES], f_map[FEATURES], jacobian[FEATURES * FEATURES], map[4][FEATURES], f[4];
        ck_assert_uint_le(p_count, FEATURES);
        for (size_t p = 0; p < p_count; p++)
            n[p] = base[p % 2] + 0.05 * (double)p;
        ph_evaluation_t out = {.n = f_map, .jacobian = jacobian};
        ph_meanfield_evaluate(all.problem, n, &out);
        for (size_t q = 0; q < p_count; q++) {
            const double kept = n[q], steps[] = {-2 * h, -h, h, 2 * h};
            for (int i = 0; i < 4; i++) {
                n[q] = kept + steps[i];
                f[i] = free_energy(all.problem, n, map[i]);
            }
            n[q] = kept;
            const double slope = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h);
            ck_assert_double_eq_tol(slope, all.problem->weights[q] * (n[q] - f_map[q]), 2e-8);
            for (size_t p = 0; p < p_count; p++) {
                const double found =
                    (map[0][p] - 8 * map[1][p] + 8 * map[2][p] - map[3][p]) / (12 * h);
                ck_assert_double_eq_tol(jacobian[p * p_count + q], found, 2e-7);
            }
        }
        free_case(&all);
    }
}
END_TEST

/* At solutions the gradient vanishes, and the least eigenvalue of the second differences of f,
 * w^-1/2 f'' w^-1/2, is `stability`, by its quotient at the minimum over directions of a fine net
 * (two features) or a bound by it (more). */
START_TEST(test_solutions)
{
    for (int number = 0; number < PROBLEMS; number++) {
        case_t all;
        ph_state_t state;
        make_case(&all, number);
        network_state(&state, all.problem, PH_START_HIERARCHICAL);
        ck_assert(state.converged && state.stability > 0.0);
        const size_t p_count = (size_t)state.features;
        const double h = all.point.noise == 0.03 ? 1e-4 : 1e-3;
        double n[FEATURES], map[FEATURES], least = INFINITY;
        for (int turn = 0; turn < 180; turn++) {
            const double angle = turn * acos(-1.0) / 180;
            double f[2];
            for (int side = 0; side < 2; side++) {
                for (size_t p = 0; p < p_count; p++) {
                    const bool even = p < p_count / 2;
                    const double share = 1 / sqrt((double)p_count / 2);
                    n[p] = state.n[p] + (side == 0 ? h : -h) * share *
                                            (even ? cos(angle) : sin(angle)) /
                                            sqrt(all.problem->weights[p]);
                }
                f[side] = free_energy(all.problem, n, map);
            }
            ck_assert_double_eq_tol((f[0] - f[1]) / (2 * h), 0.0, 2e-6);
            least = fmin(least, (f[0] + f[1] - 2 * state.free_energy) / (h * h));
        }
        ck_assert_double_ge(least, state.stability - 1e-4);
        if (p_count == 2)
            ck_assert_double_eq_tol(least, state.stability, 1e-3);
        ph_state_free(&state);
        free_case(&all);
    }
}
END_TEST

/* Newton's method finds unstable fixed points from nearby, keeps its reach, and where it finds
 * nothing leaves n as it was. */
START_TEST(test_newton)
{
    ph_state_t state;
    ph_meanfield_t problem;
    ph_point_t point = network_uniform(1, 2, 0.3, 0.1);
    network_population(&problem, &point);
    ck_assert_int_eq(ph_state_init(&state, 2, 2), PH_OK);
    state.n[0] = 0.47;
    state.n[1] = 0.44;
    ck_assert_int_eq(ph_meanfield_newton(&state, &problem, 0.01), PH_ERR_NUMERIC);
    ck_assert(state.n[0] == 0.47 && state.n[1] == 0.44 && !state.converged);
    ck_assert_int_eq(ph_meanfield_newton(&state, &problem, INFINITY), PH_OK);
    ck_assert(state.converged && state.residual <= 1e-12);
    ck_assert_double_eq_tol(state.m[0], 0.45495, 6e-6);
    ck_assert_double_eq_tol(state.m[1], 0.45495, 6e-6);
    ck_assert_double_eq_tol(state.stability, -3.9009, 6e-5);
    ck_assert_double_eq_tol(state.free_energy, -0.230250, 6e-7);
    ph_state_free(&state);
    ph_meanfield_free(&problem);
}
END_TEST

/* A sample of one pattern by the unsupervised rule, three features, and one by the supervised:
 * second moments of the exact integral are n_p n_q + 2 n dn + Cov/N up to 1/N^2. */
START_TEST(test_correction)
{
    static const double examples[] = {3}, quality[] = {0.8}, fidelity[] = {0.9};
    for (int rule = PH_RULE_SUPERVISED; rule <= PH_RULE_UNSUPERVISED; rule++) {
        double left[2][3], plain[2][3];
        for (int size = 0; size < 2; size++) {
            network_sample_t sample;
            ph_exact_t exact;
            ph_state_t state;
            ph_point_t point = network_point(800 << size, 1, (const double[]){0.3}, 0.45);
            point.rule = (ph_rule_t)rule;
            point.normalization = PH_NORM_VARIANCE;
            point.examples = examples;
            point.quality = quality;
            point.blank_fidelity = fidelity;
            network_draw(&sample, &point, 3, 0);
            const size_t p_count = (size_t)sample.problem.features;
            network_state(&state, &sample.problem, PH_START_ARCHETYPE);
            ck_assert(state.converged && state.stability > 0.0);
            double n[3], m[1], matrix[9], inverse[9];
            ck_assert_int_eq(
                ph_meanfield_correction(&state, &sample.problem, point.neurons, n, m, NULL, NULL),
                PH_OK);
            ck_assert_int_eq(ph_exact_init(&exact, (int64_t)p_count), PH_OK);
            ck_assert_int_eq(ph_exact_integral(&exact, &sample.coupling, 0.45, NULL), PH_OK);
            /* Cov = T w^-1/2 A^-1 w^-1/2 - T/w, the inverse by Neumann's series */
            ph_meanfield_matrix(&sample.problem, state.n, matrix);
            for (size_t i = 0; i < p_count * p_count; i++)
                inverse[i] = i % (p_count + 1) == 0;
            for (int term = 0; term < 2000; term++) {
                double next[9];
                for (size_t i = 0; i < p_count * p_count; i++) {
                    next[i] = i % (p_count + 1) == 0;
                    for (size_t r = 0; r < p_count; r++)
                        next[i] += ((i / p_count == r) - matrix[i / p_count * p_count + r]) *
                                   inverse[r * p_count + i % p_count];
                }
                memcpy(inverse, next, sizeof(next));
            }
            const double *w = sample.problem.weights, *scale = sample.problem.example_scale;
            for (size_t p = 0; p < p_count; p++) {
                const double spread = 0.45 * (inverse[p * p_count + p] - 1) / w[p];
                const double first = (state.n[p] * state.n[p]);
                const double found = exact.second[p * p_count + p] * scale[p] * scale[p];
                plain[size][p] = fabs(found - first);
                left[size][p] =
                    fabs(found - first - 2 * state.n[p] * n[p] - spread / (double)point.neurons);
                ck_assert_double_lt(left[size][p], 0.1 * plain[size][p]);
            }
            network_drop(&sample);
            ph_exact_free(&exact);
            ph_state_free(&state);
        }
        ck_assert_double_lt(left[1][0], 0.5 * left[0][0]);
    }
}
END_TEST

PH_TEST_MAIN("derivatives", test_differences, test_solutions, test_newton, test_correction)
