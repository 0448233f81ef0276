/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/noise.h"

#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "tests/analysis/classes.h"
#include "tests/testing.h"

enum { TIMES = 6, UP_MAX = 801 };

static network_classes_t net;
static const uint64_t EVERY[TIMES] = {0, 1, 2, 3, 5, 9};

/* One step of random-site Glauber for one pattern without blanks, J_ii = 0: p over up-spins. */
static void step(double *p, double *next, int neurons, double noise)
{
    memset(next, 0, UP_MAX * sizeof(*next));
    for (int up = 0; up <= neurons; up++) {
        const double m = 2.0 * up / neurons - 1.0, own = 1.0 / neurons;
        const double rise = 0.5 * (1.0 + tanh((m + own) / noise)) * (neurons - up) / neurons;
        const double fall = 0.5 * (1.0 - tanh((m - own) / noise)) * up / neurons;
        next[up] += p[up] * (1.0 - rise - fall);
        if (up < neurons)
            next[up + 1] += p[up] * rise;
        if (up > 0)
            next[up - 1] += p[up] * fall;
    }
    memcpy(p, next, UP_MAX * sizeof(*p));
}

/* <m> and N Var(m) at the times of EVERY, from m = 1. */
static void by_master_equation(int neurons, double noise, double *mean, double *variance)
{
    double p[UP_MAX] = {0.0}, next[UP_MAX];
    uint64_t sweep = 0;
    p[neurons] = 1.0;
    for (size_t k = 0; k < TIMES; k++) {
        for (; sweep < EVERY[k]; sweep++)
            for (int i = 0; i < neurons; i++)
                step(p, next, neurons, noise);
        double first = 0.0, second = 0.0;
        for (int up = 0; up <= neurons; up++)
            first += p[up] * (2.0 * up / neurons - 1.0);
        for (int up = 0; up <= neurons; up++)
            second += p[up] * pow(2.0 * up / neurons - 1.0 - first, 2);
        mean[k] = first;
        variance[k] = neurons * second;
    }
}

static void solve_law(ph_flow_noise_t *found, ph_flow_law_t law, const ph_point_t *point,
                      const ph_patterns_t *patterns, size_t times, const uint64_t *time)
{
    classes_make(&net, point, patterns);
    ck_assert_int_eq(ph_flow_noise_solve(found, &net.classes, law, point->noise, times, time, NULL),
                     PH_OK);
}

static void solve(ph_flow_noise_t *found, const ph_point_t *point, const ph_patterns_t *patterns,
                  size_t times, const uint64_t *time)
{
    solve_law(found, PH_FLOW_RANDOM, point, patterns, times, time);
}

/* One pattern without blanks has a master equation: the fluctuations are N Var, and path + bias/N
 * the mean, up to the next order, which halves when N doubles. */
START_TEST(test_master_equation)
{
    const double noises[] = {0.5, 0.8, 2.0};
    for (size_t i = 0; i < 3; i++) {
        ph_point_t point = network_uniform(100, 1, 0.0, noises[i]);
        ph_flow_noise_t found;
        double mean[2][TIMES], variance[2][TIMES];
        by_master_equation(400, noises[i], mean[0], variance[0]);
        by_master_equation(800, noises[i], mean[1], variance[1]);
        solve(&found, &point, NULL, TIMES, EVERY);
        ck_assert(found.complete);
        for (size_t k = 0; k < TIMES; k++) {
            const double bias =
                2 * 800 * (mean[1][k] - found.mean[k]) - 400 * (mean[0][k] - found.mean[k]);
            ck_assert_double_eq_tol(found.chain[k], 2 * variance[1][k] - variance[0][k],
                                    5e-3 * (1.0 + found.chain[k]));
            ck_assert_double_eq_tol(found.bias[k], bias, 1e-2 * (1.0 + fabs(bias)));
            ck_assert(k == 0 || fabs(found.bias[k]) > 0.04);
        }
        ph_flow_noise_free(&found);
    }
}
END_TEST

/* Infinite noise, all spins up: N Var = 1 - (1 + t) exp(-2t), between lanes exp(-2t)(exp(t) - 1 -
 * t), in the ratio 0.133 after one sweep. */
START_TEST(test_infinite_noise)
{
    ph_point_t point = network_uniform(100, 1, 0.0, 1e9);
    ph_flow_noise_t found;
    solve(&found, &point, NULL, TIMES, EVERY);
    for (size_t k = 0; k < TIMES; k++) {
        const double t = (double)EVERY[k];
        ck_assert_double_eq_tol(found.chain[k], 1.0 - (1.0 + t) * exp(-2.0 * t), 1e-8);
        ck_assert_double_eq_tol(found.shared[k], exp(-2.0 * t) * (exp(t) - 1.0 - t), 1e-8);
    }
    ck_assert_double_eq_tol(found.shared[1] / found.chain[1], 0.133, 5e-4);
    ph_flow_noise_free(&found);
    for (int sequential = 0; sequential < 2; sequential++) { /* every spin is fresh */
        solve_law(&found, sequential ? PH_FLOW_SEQUENTIAL : PH_FLOW_PERMUTED, &point, NULL, TIMES,
                  EVERY);
        for (size_t k = 1; k < TIMES; k++)
            ck_assert(fabs(found.chain[k] - 1.0) < 1e-8 && fabs(found.shared[k]) < 1e-8);
        ph_flow_noise_free(&found);
    }
}
END_TEST

/* After long times the bias is the 1/N correction of the mean field, under Glauber and under block
 * Gibbs dynamics, which then fluctuate alike, as do the permuted and sequential orders. */
START_TEST(test_equilibrium)
{
    const uint64_t late[] = {400};
    ph_point_t point = network_uniform(3000, 3, 0.3, 0.25);
    network_sample_t sample;
    ph_state_t state;
    ph_flow_noise_t found;
    double n[3], m[3], chain[3];
    network_draw(&sample, &point, 3, 0);
    network_state(&state, &sample.problem, PH_START_HIERARCHICAL);
    ck_assert_int_eq(ph_meanfield_correction(&state, &sample.problem, 3000, n, m, NULL, NULL),
                     PH_OK);
    const ph_flow_law_t laws[] = {PH_FLOW_RANDOM, PH_FLOW_BLOCK, PH_FLOW_PERMUTED,
                                  PH_FLOW_SEQUENTIAL};
    for (int i = 0; i < 4; i++) {
        const double tolerance = laws[i] == PH_FLOW_SEQUENTIAL ? 2e-6 : 1e-8;
        solve_law(&found, laws[i], &point, &sample.patterns, 1, late);
        for (size_t a = 0; a < 3; a++) {
            ck_assert_double_eq_tol(found.mean[a], state.m[a], 1e-10);
            ck_assert_double_eq_tol(found.bias[a], 3000 * m[a], 2e-6 * (1.0 + fabs(3000 * m[a])));
            ck_assert_double_gt(fabs(found.bias[a]), 0.01);
            ck_assert_double_eq_tol(found.chain[a], i > 0 ? chain[a] : found.chain[a], tolerance);
            chain[a] = found.chain[a];
        }
        ph_flow_noise_free(&found);
    }
    ph_state_free(&state);
    network_drop(&sample);
}
END_TEST

enum { BLOCKS = 60, LANES = 32, SWEEPS = 4 };

static double m[BLOCKS][LANES][SWEEPS][2];

static void sample_chains(const ph_point_t *point)
{
    ph_grid_t grid = {.trajectory = true};
    for (uint32_t b = 0; b < BLOCKS; b++) {
        ph_block_t block;
        ck_assert_int_eq(
            ph_block_init(&block, ph_sampler(point->sampler), point, 5, 0, b, 0, LANES), PH_OK);
        ph_block_start(&block);
        for (int t = 0; t < SWEEPS; t++) {
            int64_t scratch[8];
            double out[8];
            ph_block_sweep(&block);
            for (uint32_t lane = 0; lane < LANES; lane++) {
                ph_block_measure(&block, &grid, lane, scratch, out);
                memcpy(m[b][lane][t], out, sizeof(m[b][lane][t]));
            }
        }
        ph_block_free(&block);
    }
}

static void check_chains(const ph_flow_noise_t *found, int t, int a, double neurons)
{
    const size_t k = (size_t)(t * 2 + a);
    const double centre = found->mean[k] + found->bias[k] / neurons;
    double sum = 0.0, alone = 0.0, both = 0.0;
    for (int b = 0; b < BLOCKS; b++) {
        double block = 0.0;
        for (int lane = 0; lane < LANES; lane++) {
            block += m[b][lane][t][a] - centre;
            alone += pow(m[b][lane][t][a] - centre, 2) * neurons / (BLOCKS * LANES);
        }
        sum += block / (BLOCKS * LANES);
        both += block * block * neurons / (BLOCKS * LANES);
    }
    /* (block sum)^2 / lanes -> Var + (lanes - 1) Cov */
    const double wanted = found->chain[k] + (LANES - 1) * found->shared[k];
    ck_assert_double_eq_tol(alone, found->chain[k], 0.25 * found->chain[k]);
    ck_assert_double_eq_tol(both, wanted, 5 * sqrt(2.0 / BLOCKS) * wanted);
    ck_assert_double_lt(fabs(sum), 5 * sqrt(wanted / (neurons * BLOCKS * LANES)));
}

/*
 * Chains of the real samplers: about path + bias/N, with the variance of one chain and the
 * covariance of two lanes of a block. 60 blocks of 32 lanes; bounds of 5 errors.
 */
START_TEST(test_sampler)
{
    const uint64_t times[] = {1, 2, 3, 4};
    const double dilution[] = {0.3, 0.4};
    const struct {
        ph_sampler_id_t sampler;
        ph_order_t order;
    } dynamics[] = {{PH_SAMPLER_GLAUBER, PH_ORDER_RANDOM},
                    {PH_SAMPLER_LITTLE, PH_ORDER_RANDOM},
                    {PH_SAMPLER_BLOCK_GIBBS, PH_ORDER_RANDOM},
                    {PH_SAMPLER_GLAUBER, PH_ORDER_PERMUTED},
                    {PH_SAMPLER_GLAUBER, PH_ORDER_SEQUENTIAL}};
    for (size_t i = 0; i < 5; i++) {
        const int64_t neurons = 400;
        ph_point_t point = network_point(neurons, 2, dilution, 0.9);
        point.sampler = dynamics[i].sampler;
        point.order = dynamics[i].order;
        ph_patterns_t patterns;
        ph_flow_noise_t found;
        sample_chains(&point);
        ck_assert_int_eq(ph_patterns_draw(&patterns, &point, 5, 0), PH_OK);
        solve_law(&found, ph_flow_law(&point), &point, &patterns, SWEEPS, times);
        for (int t = 0; t < SWEEPS; t++)
            for (int a = 0; a < 2; a++)
                check_chains(&found, t, a, (double)neurons);
        ck_assert((found.shared[0] > 0.05 * found.chain[0]) == (i == 0));
        ph_flow_noise_free(&found);
        ph_patterns_free(&patterns);
    }
}
END_TEST

/* Zero noise: below the melting of the hierarchy nothing moves and nothing fluctuates; where a
 * field changes sign the linear noise ends, and says so. */
START_TEST(test_zero_noise)
{
    ph_point_t point = network_uniform(1000, 3, 0.3, 0.0);
    ph_flow_noise_t found;
    solve(&found, &point, NULL, TIMES, EVERY);
    ck_assert(found.complete);
    for (size_t i = 0; i < TIMES * 3; i++)
        ck_assert(fabs(found.chain[i]) < 1e-12 && fabs(found.bias[i]) < 1e-12);
    ph_flow_noise_free(&found);
    size_t ended = 0;
    for (double d = 0.1; d < 0.9; d += 0.1) {
        point = network_uniform(1000, 3, d, 0.0);
        classes_make(&net, &point, NULL);
        for (size_t c = 0; c < net.classes.count; c++)
            net.start[c] =
                (2.0 * net.phi[c * 3] + net.phi[c * 3 + 1] + 0.9 * net.phi[c * 3 + 2]) / 4;
        ck_assert_int_eq(
            ph_flow_noise_solve(&found, &net.classes, PH_FLOW_RANDOM, 0.0, TIMES, EVERY, NULL),
            PH_OK);
        ck_assert(found.complete == !isnan(found.chain[TIMES * 3 - 1]));
        ck_assert_double_gt(found.chain[0], 0.05);
        ended += !found.complete;
        ph_flow_noise_free(&found);
    }
    ck_assert(ended > 0 && ended < 8);
    point.start = PH_START_PARALLEL; /* fields of zero from the start */
    solve(&found, &point, NULL, TIMES, EVERY);
    ck_assert(!found.complete && isnan(found.chain[0]));
    ph_flow_noise_free(&found);
}
END_TEST

/* At an unstable state the variance grows without bound: it ends there, finite before. */
START_TEST(test_escape)
{
    const uint64_t times[] = {1, 3, 500};
    ph_point_t point = network_uniform(1000, 2, 0.3, 0.2);
    ph_flow_noise_t found;
    point.start = PH_START_RANDOM;
    solve(&found, &point, NULL, 3, times);
    ck_assert(!found.complete && isnan(found.chain[4]));
    /* rate 1 - 2 (1 - d)/T for N Var, driven by 2 (1 - d) */
    const double rate = 2.0 * (0.7 / 0.2 - 1.0);
    for (size_t k = 0; k < 2; k++) {
        const double grown = exp(rate * (double)times[k]);
        ck_assert_double_eq_tol(found.chain[2 * k] / (0.7 * grown + 1.4 * (grown - 1.0) / rate),
                                1.0, 1e-8);
    }
    ph_flow_noise_free(&found);
}
END_TEST

/* Too many classes are refused with the reason. */
START_TEST(test_limit)
{
    ph_report_t report;
    ph_flow_noise_t found;
    ph_point_t point = network_uniform(100, 1, 0.0, 0.5);
    ph_report_init(&report);
    classes_make(&net, &point, NULL);
    net.classes.count = 400000;
    ck_assert_int_eq(
        ph_flow_noise_solve(&found, &net.classes, PH_FLOW_RANDOM, 0.5, TIMES, EVERY, &report),
        PH_ERR_LIMIT);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_ptr_null(found.mean);
    ph_report_free(&report);
}
END_TEST

PH_TEST_MAIN("flow_noise", test_master_equation, test_infinite_noise, test_equilibrium,
             test_sampler, test_zero_noise, test_escape, test_limit)
