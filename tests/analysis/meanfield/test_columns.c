/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Laws in columns: their averages, and the flows that go by long steps. */
#include <math.h>

#include "analysis/meanfield/columns.h"
#include "analysis/meanfield/columns_private.h"
#include "analysis/meanfield/stride_private.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { K = 3 };

/* F(n), and with it m where patterns are the features, and its slopes, before and after columns;
 * `in` says whether the law gets any. */
static void check_columns(ph_meanfield_t *problem, bool in)
{
    const size_t features = (size_t)problem->features;
    double n[8] = {0.0}, before[8], after[8], m[8], slopes[64], matrix[64];
    for (size_t p = 0; p < features; p++)
        n[p] = 0.9 / (double)(p + 1) * (p % 2 == 0 ? 1.0 : -1.0);
    ph_evaluation_t out = {.n = before};
    ph_meanfield_evaluate(problem, n, &out);
    ph_meanfield_matrix(problem, n, slopes);
    ck_assert_int_eq(ph_meanfield_columns(problem), PH_OK);
    ph_meanfield_matrix(problem, n, matrix);
    for (size_t i = 0; i < features * features; i++)
        ck_assert_double_eq_tol(matrix[i], slopes[i], 1e-13);
    ck_assert_int_eq(problem->columns != NULL, in);
    for (int both = 0; both < 2; both++) {
        out = (ph_evaluation_t){.n = after, .m = both == 1 ? m : NULL};
        memset(after, 0, sizeof(after));
        ph_meanfield_evaluate(problem, n, &out);
        for (size_t p = 0; p < features; p++) {
            ck_assert_double_eq_tol(after[p], before[p], 1e-14);
            if (both == 1 && problem->same)
                ck_assert_double_eq(m[p], after[p]);
        }
    }
}

START_TEST(test_columns)
{
    static const double noises[] = {0.05, 0.4, 1.5};
    for (int64_t patterns = 1; patterns <= 5; patterns++)
        for (size_t i = 0; i < 3; i++) {
            ph_meanfield_t problem;
            ph_point_t point = network_uniform(301, patterns, 0.3, noises[i]);
            network_population(&problem, &point);
            check_columns(&problem, patterns <= 4);
            ck_assert(patterns > 4 || problem.same);
            ph_meanfield_free(&problem);
            network_sample_t sample;
            network_draw(&sample, &point, 7, 0);
            check_columns(&sample.problem, patterns <= 4);
            network_drop(&sample);
            point = network_learning(PH_RULE_SUPERVISED, patterns, 0.3, 0.7, 3.0, noises[i]);
            network_population(&problem, &point);
            const bool few = problem.law == PH_NEURON_EXACT && problem.count <= 96;
            check_columns(&problem, few && patterns <= 4);
            ck_assert(!problem.same);
            ph_meanfield_free(&problem);
        }
}
END_TEST

/* A number in [0, 1) that follows from the one before. */
static double next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-53;
}

static double off(const ph_meanfield_t *problem, const double *a, const double *b)
{
    double square = 0.0;
    for (size_t p = 0; p < K; p++)
        square += problem->weights[p] * (a[p] - b[p]) * (a[p] - b[p]);
    return sqrt(square);
}

static void map(const ph_meanfield_t *problem, const double *n, double *to)
{
    ph_evaluation_t out = {.n = to};
    ph_meanfield_evaluate(problem, n, &out);
}

/* From any place within reach of a state the flow comes nearer to it at each step. */
static void check_reach(const ph_meanfield_t *problem, const double *state, double far,
                        uint64_t *random)
{
    for (int start = 0; start < 8; start++) {
        double n[K], to[K];
        for (size_t p = 0; p < K; p++)
            n[p] = state[p] + next(random) - 0.5;
        const double scale = 0.999 * far / off(problem, n, state);
        for (size_t p = 0; p < K; p++)
            n[p] = state[p] + scale * (n[p] - state[p]);
        for (int step = 0; step < 40; step++) {
            const double before = off(problem, n, state);
            map(problem, n, to);
            for (size_t p = 0; p < K; p++)
                n[p] += 0.2 * (to[p] - n[p]);
            ck_assert_double_le(off(problem, n, state), before * (1.0 - 1e-10) + 1e-12);
        }
    }
}

START_TEST(test_contraction)
{
    uint64_t random = 5;
    double reached = 0.0;
    int stable = 0;
    for (int i = 0; i < 40; i++) {
        const double noise = 0.05 + 1.1 * next(&random), dilution = 0.6 * next(&random);
        ph_point_t point = network_uniform(300, K, dilution, noise);
        network_sample_t sample;
        ph_state_t state;
        network_draw(&sample, &point, 7, (uint32_t)i);
        ck_assert_int_eq(ph_state_init(&state, K, K), PH_OK);
        for (size_t p = 0; p < K; p++)
            state.n[p] = 2.0 * next(&random) - 1.0;
        ck_assert_int_eq(ph_meanfield_solve(&state, &sample.problem, NULL), PH_OK);
        ck_assert(!ph_columns_contract(&sample.problem, state.n, 0.0)); /* not in columns yet */
        ck_assert_int_eq(ph_meanfield_columns(&sample.problem), PH_OK);
        ck_assert(ph_columns_contract(&sample.problem, state.n, 0.0) == (state.stability > 1e-9));
        double far = 0.0;
        for (double step = 1.0; step > 1e-4; step *= 0.5)
            far += ph_columns_contract(&sample.problem, state.n, far + step) ? step : 0.0;
        reached += far;
        stable += far > 0.0;
        if (far > 0.0)
            check_reach(&sample.problem, state.n, far, &random);
        ph_state_free(&state);
        network_drop(&sample);
    }
    ck_assert_int_ge(stable, 35);
    ck_assert_double_gt(reached / stable, 0.1); /* it says something */
}
END_TEST

/* The flow by a method of order 4 in so many short steps, or until it is next to a rest. */
static void follow(const ph_meanfield_t *problem, double *n, double step, int count)
{
    static const double at[] = {0.0, 0.5, 0.5, 1.0}, weights[] = {1.0, 2.0, 2.0, 1.0};
    for (int k = 0; k < count; k++) {
        double slope[K] = {0.0}, sum[K] = {0.0}, most = 0.0, to[K], place[K];
        for (size_t stage = 0; stage < 4; stage++) {
            for (size_t p = 0; p < K; p++)
                place[p] = n[p] + step * at[stage] * slope[p];
            map(problem, place, to);
            for (size_t p = 0; p < K; p++) {
                slope[p] = to[p] - place[p];
                sum[p] += weights[stage] / 6.0 * slope[p];
            }
        }
        for (size_t p = 0; p < K; p++) {
            n[p] += step * sum[p];
            most = fmax(most, fabs(sum[p]));
        }
        if (most < 1e-7)
            return;
    }
}

/* A long step ends where short ones of a higher order do. */
START_TEST(test_stride)
{
    uint64_t random = 4;
    int taken = 0;
    for (int i = 0; i < 60; i++) {
        ph_point_t point = network_uniform(300, K, 0.3, 0.3 + next(&random));
        network_sample_t sample;
        double n[K], mapped[K], to[K], h = 0.25;
        network_draw(&sample, &point, 11, (uint32_t)i);
        ck_assert_int_eq(ph_meanfield_columns(&sample.problem), PH_OK);
        for (size_t p = 0; p < K; p++)
            n[p] = 0.5 * next(&random);
        map(&sample.problem, n, mapped);
        const bool whole = ph_stride(&sample.problem, n, mapped, &h, to) && h >= 0.25;
        follow(&sample.problem, n, 0.025, 10);
        for (size_t p = 0; whole && p < K; p++)
            ck_assert_double_eq_tol(to[p], n[p], 3e-4);
        taken += whole;
        network_drop(&sample);
    }
    ck_assert_int_ge(taken, 8);
}
END_TEST

/* Flows of problems in columns end where the flow does, in fewer steps. */
START_TEST(test_flow)
{
    uint64_t random = 3;
    int fewer = 0, steps = 0;
    for (int i = 0; i < 60; i++) {
        const double noise = 0.04 * pow(30.0, next(&random)), dilution = 0.6 * next(&random);
        ph_point_t point = network_uniform(300, K, dilution, noise);
        network_sample_t sample;
        ph_state_t plain, fast;
        double n[K];
        network_draw(&sample, &point, 11, (uint32_t)i);
        ck_assert_int_eq(ph_state_init(&plain, K, K), PH_OK);
        ck_assert_int_eq(ph_state_init(&fast, K, K), PH_OK);
        for (size_t p = 0; p < K; p++)
            n[p] = plain.n[p] = fast.n[p] = i % 2 == 0 ? (1.0 - dilution) * pow(dilution, (double)p)
                                                       : 2.0 * next(&random) - 1.0;
        ck_assert_int_eq(ph_meanfield_solve(&plain, &sample.problem, NULL), PH_OK);
        follow(&sample.problem, n, 0.1, 100000);
        ck_assert_int_eq(ph_meanfield_columns(&sample.problem), PH_OK);
        ck_assert_int_eq(ph_meanfield_solve(&fast, &sample.problem, NULL), PH_OK);
        ck_assert(fast.converged);
        for (size_t p = 0; p < K; p++)
            ck_assert_double_eq_tol(fast.n[p], n[p], 1e-3);
        steps += plain.iterations;
        fewer += fast.iterations;
        ph_state_free(&plain);
        ph_state_free(&fast);
        network_drop(&sample);
    }
    ck_assert_int_lt(2 * fewer, steps);
}
END_TEST

/* Where overlaps grow fast, from next to none at low noise, strides are short enough: with Euler's
 * steps of 0.2 in their place some flows end elsewhere. */
START_TEST(test_growth)
{
    uint64_t random = 2;
    for (int i = 0; i < 100; i++) {
        ph_point_t point =
            network_uniform(300, K, 0.5 * next(&random), 0.03 + 0.12 * next(&random));
        network_sample_t sample;
        ph_state_t state;
        double n[K];
        network_draw(&sample, &point, 13, (uint32_t)i);
        ck_assert_int_eq(ph_state_init(&state, K, K), PH_OK);
        for (size_t p = 0; p < K; p++)
            n[p] = state.n[p] = 0.3 * (next(&random) - 0.5);
        ck_assert_int_eq(ph_meanfield_columns(&sample.problem), PH_OK);
        ck_assert_int_eq(ph_meanfield_solve(&state, &sample.problem, NULL), PH_OK);
        follow(&sample.problem, n, 0.02, 100000);
        for (size_t p = 0; p < K; p++)
            ck_assert_double_eq_tol(state.n[p], n[p], 1e-3);
        ph_state_free(&state);
        network_drop(&sample);
    }
}
END_TEST

/* What the flow keeps alike stays so: from components of one size, whatever their signs, an
 * infinite network's flow ends in the same state but for these. */
START_TEST(test_signs)
{
    int unstable = 0;
    for (int64_t patterns = 2; patterns <= 4; patterns++)
        for (double noise = 0.02; noise < 1.0; noise += 0.03) {
            const ph_point_t point = network_uniform(300, patterns, 0.3, noise);
            ph_meanfield_t problem;
            ph_state_t states[2];
            network_population(&problem, &point);
            ck_assert_int_eq(ph_meanfield_columns(&problem), PH_OK);
            for (int turned = 0; turned < 2; turned++) {
                ck_assert_int_eq(ph_state_init(&states[turned], patterns, patterns), PH_OK);
                for (int64_t p = 0; p < patterns; p++)
                    states[turned].n[p] = turned && p % 2 == 1 ? -0.37 : 0.37;
                ck_assert_int_eq(ph_meanfield_solve(&states[turned], &problem, NULL), PH_OK);
            }
            for (int64_t p = 0; p < patterns; p++)
                ck_assert_double_eq_tol(states[1].n[p] * (p % 2 == 1 ? -1.0 : 1.0), states[0].n[0],
                                        1e-9);
            unstable += states[0].stability < 0.0;
            ph_state_free(&states[0]);
            ph_state_free(&states[1]);
            ph_meanfield_free(&problem);
        }
    ck_assert_int_ge(unstable, 20);
}
END_TEST

PH_TEST_MAIN("columns", test_columns, test_contraction, test_stride, test_flow, test_growth,
             test_signs)
