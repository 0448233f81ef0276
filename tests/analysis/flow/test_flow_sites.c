/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sequential order neuron by neuron, the problem of a point, and when noise is small. */
#include <math.h>
#include <string.h>

#include "analysis/flow/problem.h"
#include "analysis/flow/sites.h"
#include "tests/analysis/classes.h"
#include "tests/testing.h"

static network_classes_t net;

static void make(int64_t neurons, int64_t patterns, double noise, uint64_t seed)
{
    const ph_point_t point = network_uniform(neurons, patterns, 0.3, noise);
    ph_patterns_t drawn;
    ck_assert_int_eq(ph_patterns_draw(&drawn, &point, seed, 0), PH_OK);
    classes_make(&net, &point, &drawn);
    ph_patterns_free(&drawn);
}

/* Every mean spin in turn, all overlaps summed anew before each update. */
START_TEST(test_sweeps)
{
    enum { N = 80, K = 2 };
    const uint64_t time[] = {0, 1, 3, 4};
    double path[4 * K], s[N];
    ph_flow_end_t end;
    for (int cold = 0; cold < 2; cold++) {
        make(N, K, cold ? 0.0 : 0.5, 21);
        const double noise = cold ? 0.0 : 0.5;
        ck_assert_int_eq(ph_flow_sites(&net.classes, noise, 4, time, path, &end), PH_OK);
        ck_assert(end.complete && (end.sweeps == 4 || (cold && end.stationary)));
        for (int i = 0; i < N; i++)
            s[i] = net.start[net.site[i]];
        for (uint64_t t = 0, k = 0; k < 4; t++) {
            double o[K];
            for (int i = -1; i < N; i++) {
                memset(o, 0, sizeof(o));
                for (int j = 0; j < N; j++)
                    for (int a = 0; a < K; a++)
                        o[a] += net.phi[net.site[j] * K + (size_t)a] * s[j] / N;
                if (i < 0 && t == time[k]) {
                    ck_assert_double_eq_tol(path[k * K], o[0], 1e-12);
                    ck_assert_double_eq_tol(path[k * K + 1], o[1], 1e-12);
                    k++;
                }
                if (i < 0)
                    continue;
                const double h = classes_field(&net, net.site[i], o);
                s[i] = cold ? (h > 1e-12) - (h < -1e-12) : tanh(h / noise);
            }
        }
    }
}
END_TEST

/* At rest after few sweeps, and the same for all times to come; a time of 0 takes none. */
START_TEST(test_rest)
{
    const uint64_t time[] = {0, 1000000000};
    double path[4], out[2];
    ph_flow_end_t end;
    make(500, 2, 0.4, 22);
    ck_assert_int_eq(ph_flow_sites(&net.classes, 0.4, 1, time, path, &end), PH_OK);
    ck_assert(end.complete && !end.stationary && end.sweeps == 0);
    ck_assert_int_eq(ph_flow_sites(&net.classes, 0.4, 2, time, path, &end), PH_OK);
    ck_assert(end.complete && end.stationary && end.sweeps < 1000);
    classes_map(&net, path + 2, out);
    ck_assert_double_eq_tol(out[0], path[2], 1e-11);
    ck_assert_double_eq_tol(out[1], path[3], 1e-11);
}
END_TEST

/* Classes that stand evenly among each other are the sequential flow of an infinite network, up to
 * 1/N: four times the neurons, a quarter of the distance. */
START_TEST(test_even)
{
    const uint64_t time[] = {1, 2, 3};
    const ph_point_t point = network_uniform(1, 1, 0.0, 0.6);
    double far[2], flow[3], o = 0.2;
    const double start[2] = {1.0, -1.0}; /* three fifths up in the pattern, the others down */
    const double phi[2] = {1.0, 1.0}, share[2] = {0.6, 0.4}, weight = 1.0;
    static uint32_t site[4000];
    ph_flow_end_t end;
    classes_make(&net, &point, NULL);
    const ph_flow_system_t system = {1, classes_map, &net};
    ck_assert_int_eq(ph_flow_solve(&system, PH_FLOW_SEQUENTIAL, &o, 3, time, flow, &end, NULL),
                     PH_OK);
    for (int large = 0; large < 2; large++) {
        const size_t n = large ? 4000 : 1000;
        double path[3];
        for (size_t i = 0; i < n; i++)
            site[i] = i % 5 == 1 || i % 5 == 3;
        const ph_classes_t classes = {.count = 2,
                                      .size = 1,
                                      .features = 1,
                                      .phi = phi,
                                      .share = share,
                                      .start = start,
                                      .weights = &weight,
                                      .sites = n,
                                      .site = site};
        ck_assert_int_eq(ph_flow_sites(&classes, 0.6, 3, time, path, &end), PH_OK);
        far[large] = 0.0;
        for (int k = 0; k < 3; k++)
            far[large] = fmax(far[large], fabs(path[k] - flow[k]));
    }
    ck_assert_double_lt(far[0], 2e-3);
    ck_assert_double_eq_tol(far[0] / far[1], 4.0, 0.2);
}
END_TEST

/* Starts of a population: overlaps with features and archetypes alike but for single examples. */
START_TEST(test_starts)
{
    const double three[] = {1, 2, 3};
    for (int learned = 0; learned < 2; learned++) {
        ph_point_t point =
            network_learning(learned ? PH_RULE_SUPERVISED : PH_RULE_STORAGE, 3, 0.3, 0.5, 10, 0.2);
        ph_flow_problem_t problem;
        ck_assert_int_eq(ph_flow_problem_init(&problem, &point, PH_AVERAGE_AUTO), PH_OK);
        ck_assert_uint_eq(problem.system.size, learned ? 6 : 3);
        double start[6];
        for (size_t mu = 0; mu < 3; mu++) {
            ck_assert_uint_eq(ph_flow_problem_place(&problem, mu), learned ? 3 + mu : mu);
            ck_assert_double_eq_tol(problem.start[mu], 0.7 * pow(0.3, (double)mu), 1e-12);
        }
        point.start = PH_START_ARCHETYPE;
        point.start_pattern = 2;
        ph_flow_problem_start(&problem, &point, start);
        for (size_t a = 0; a < problem.system.size; a++)
            ck_assert_double_eq_tol(start[a], a % 3 == 1 ? 0.7 : 0.0, 1e-12);
        point.start = PH_START_CORRUPTED;
        point.start_overlap = 0.4;
        ph_flow_problem_start(&problem, &point, start);
        for (size_t a = 0; a < problem.system.size; a++)
            ck_assert_double_eq_tol(start[a], a % 3 == 1 ? 0.28 : 0.0, 1e-12);
        point.start = PH_START_PARALLEL;
        point.start_patterns = (ph_list_t){3, three};
        ph_flow_problem_start(&problem, &point, start);
        for (size_t a = 0; a < problem.system.size; a++)
            ck_assert_double_eq_tol(start[a], 0.3815, 1e-12);
        ph_flow_problem_free(&problem);
        ck_assert_ptr_null(problem.start);
    }
}
END_TEST

/*
 * Nineteen patterns beside the one that the start sets apart are followed as one: F by the law of
 * the sum of their entries, convolved one by one.
 */
START_TEST(test_groups)
{
    enum { REST = 19 };
    const double d = 0.3, noise = 0.4, first = 0.6, rest = 0.05;
    ph_point_t point = {.neurons = 1,
                        .patterns = REST + 1,
                        .noise = noise,
                        .start = PH_START_ARCHETYPE,
                        .start_pattern = 1};
    point.normalization = PH_NORM_NONE;
    double dilution[REST + 1], law[2 * REST + 1] = {0}, o[2], out[2], wanted[2] = {0};
    ph_flow_problem_t problem;
    for (int mu = 0; mu <= REST; mu++)
        dilution[mu] = d;
    point.dilution = dilution;
    ck_assert_int_eq(ph_flow_problem_init(&problem, &point, PH_AVERAGE_AUTO), PH_OK);
    ck_assert_uint_eq(problem.system.size, 2);
    const size_t alone = ph_flow_problem_place(&problem, 0), other = 1 - alone;
    for (size_t mu = 1; mu <= REST; mu++)
        ck_assert_uint_eq(ph_flow_problem_place(&problem, mu), other);
    ck_assert_double_eq_tol(problem.start[alone], 0.7, 1e-12);
    ck_assert_double_eq_tol(problem.start[other], 0.0, 1e-12);
    o[alone] = first;
    o[other] = rest;
    ck_assert_int_eq(problem.system.map(problem.system.context, o, out), PH_OK);
    law[REST] = 1.0;
    for (int k = 0; k < REST; k++) {
        double next[2 * REST + 1] = {0};
        for (int s = 1; s < 2 * REST; s++)
            for (int xi = -1; xi <= 1; xi++)
                next[s + xi] += law[s] * (xi == 0 ? d : 0.5 * (1 - d));
        memcpy(law, next, sizeof(law));
    }
    for (int s = 0; s <= 2 * REST; s++)
        for (int xi = -1; xi <= 1; xi++) {
            const double p = law[s] * (xi == 0 ? d : 0.5 * (1 - d));
            const double t = tanh((xi * first + (s - REST) * rest) / noise);
            wanted[0] += p * xi * t;
            wanted[1] += p * (s - REST) * t / REST;
        }
    ck_assert_double_eq_tol(out[alone], wanted[0], 1e-12);
    ck_assert_double_eq_tol(out[other], wanted[1], 1e-12);
    ph_flow_problem_free(&problem);
}
END_TEST

/* The first times at which bias is small against fluctuations: by 2 (b/N)^2 against a third of the
 * larger of variance and 1/N, for the overlaps asked for, until one is not. */
START_TEST(test_small)
{
    enum { TIMES = 5, SIZE = 2, N = 1000 };
    double chain[TIMES * SIZE], bias[TIMES * SIZE];
    ph_flow_noise_t noise = {.times = TIMES, .size = SIZE, .chain = chain, .bias = bias};
    for (int k = 0; k < TIMES * SIZE; k++) {
        chain[k] = 4.0; /* N Var: the limit is b = sqrt(4 N/6) = 25.8 */
        bias[k] = 25.0;
    }
    ck_assert_uint_eq(ph_flow_noise_small(&noise, 0, N), TIMES);
    bias[3 * SIZE] = -26.5;
    ck_assert_uint_eq(ph_flow_noise_small(&noise, 0, N), 3);
    ck_assert_uint_eq(ph_flow_noise_small(&noise, 1, N), TIMES);
    chain[2 * SIZE + 1] = 0.0; /* 1/N: b = sqrt(N/6) = 12.9 */
    ck_assert_uint_eq(ph_flow_noise_small(&noise, 1, N), 2);
    bias[2 * SIZE + 1] = 12.5;
    ck_assert_uint_eq(ph_flow_noise_small(&noise, 1, N), TIMES);
    chain[1 * SIZE + 1] = 1.01 * N; /* a variance above 1 */
    ck_assert_uint_eq(ph_flow_noise_small(&noise, 1, N), 1);
    bias[1] = NAN;
    ck_assert_uint_eq(ph_flow_noise_small(&noise, 1, N), 0);
}
END_TEST

/* What is hidden by its place, or filled with one sign, is no function of rows: no flow of classes.
 */
START_TEST(hidden_neurons)
{
    static const double REGION[] = {1, 5, 1, 10}, SHAPE[] = {10, 100};
    ph_point_t point = network_uniform(1000, 2, 0.2, 0.3);
    point.start = PH_START_MASKED;
    point.start_hidden = 0.4;
    ck_assert(ph_flow_known(&point));
    point.start_fill = PH_FILL_DOWN;
    ck_assert(!ph_flow_known(&point));
    point.start_fill = PH_FILL_RANDOM;
    point.start_region = (ph_list_t){4, REGION};
    point.start_shape = (ph_list_t){2, SHAPE};
    ck_assert(!ph_flow_known(&point));
}
END_TEST

PH_TEST_MAIN("flow_sites", test_sweeps, test_rest, test_even, test_starts, test_groups, test_small,
             hidden_neurons)
