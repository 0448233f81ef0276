/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The programs that speeds are measured against do what a sampler does: Glauber dynamics. */
#include <math.h>
#include <string.h>

#include "bench/baseline.h"
#include "bench/bench.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { N = 40, K = 2 };

static const double DILUTION[K] = {0.3, 0.3}, GAIN = 1.0 / 0.7;

static ph_patterns_t patterns;
static ph_naive_t naive;
static ph_dense_t dense;

static void begin(double noise, uint64_t seed)
{
    const ph_point_t point = network_point(N, K, DILUTION, noise);
    ck_assert_int_eq(ph_patterns_draw(&patterns, &point, 3, 0), PH_OK);
    ck_assert_int_eq(ph_naive_init(&naive, &patterns, GAIN, noise, seed), PH_OK);
    ck_assert_int_eq(ph_dense_init(&dense, &patterns, GAIN, noise, seed), PH_OK);
}

static void end(void)
{
    ph_naive_free(&naive);
    ph_dense_free(&dense);
    ph_patterns_free(&patterns);
    ck_assert(naive.spins == NULL && naive.overlaps == NULL && dense.couplings == NULL);
}

/* J_ij = (g/N) sum_mu xi_i xi_j, J_ii = 0. */
static double coupling(int i, int j)
{
    double sum = 0.0;
    for (int mu = 0; mu < K; mu++)
        sum += patterns.entries[i * K + mu] * patterns.entries[j * K + mu];
    return i == j ? 0.0 : GAIN * sum / N;
}

static double energy(void)
{
    double sum = 0.0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < i; j++)
            sum -= coupling(i, j) * naive.spins[i] * naive.spins[j];
    return sum;
}

/* They start from the first pattern, +1 where it is blank; the matrix and the overlaps are those of
 * the patterns. */
START_TEST(test_start)
{
    begin(0.5, 1);
    for (int i = 0; i < N; i++) {
        const int wanted = patterns.entries[i * K] < 0 ? -1 : 1;
        ck_assert_int_eq(naive.spins[i], wanted);
        ck_assert_float_eq(dense.spins[i], (float)wanted);
        for (int j = 0; j < N; j++)
            ck_assert_double_eq_tol((double)dense.couplings[i * N + j], coupling(i, j), 1e-8);
    }
    for (int mu = 0; mu < K; mu++) {
        double sum = 0.0;
        for (int i = 0; i < N; i++)
            sum += patterns.entries[i * K + mu] * naive.spins[i];
        ck_assert_double_eq(naive.overlaps[mu], sum);
    }
    end();
}
END_TEST

/* From the same random numbers both take the same way, spin by spin: the field from overlaps less
 * the self term is the field from the matrix. In any number of attempts at a time. */
START_TEST(test_one_way)
{
    int changes = 0, before[N];
    begin(0.6, 77);
    memcpy(before, naive.spins, sizeof(before));
    for (int t = 0; t < 3000; t++) {
        const int attempts = 1 + t % 3;
        ph_naive_run(&naive, attempts);
        for (int a = 0; a < attempts; a++)
            ph_dense_run(&dense, 1);
        for (int i = 0; i < N; i++) {
            ck_assert_int_eq(naive.spins[i], (int)dense.spins[i]);
            changes += naive.spins[i] != before[i];
            before[i] = naive.spins[i];
        }
    }
    ck_assert_int_gt(changes, 300);
    ck_assert_mem_eq(naive.random.state, dense.random.state, sizeof(dense.random.state));
    end();
}
END_TEST

/* Next to no noise the energy never rises, and ends where no spin opposes its field. */
START_TEST(test_cold)
{
    begin(1e-6, 5);
    double last = energy();
    for (int t = 0; t < 50; t++) {
        ph_naive_run(&naive, N / 4);
        const double now = energy();
        ck_assert_double_le(now, last + 1e-12);
        last = now;
    }
    for (int i = 0; i < N; i++) {
        double field = 0.0;
        for (int j = 0; j < N; j++)
            field += coupling(i, j) * naive.spins[j];
        ck_assert_double_ge(field * naive.spins[i], -1e-12);
    }
    end();
}
END_TEST

/*
 * One attempt from one state, over 40 000 seeds: each site is met as often as any other, and turns
 * up with probability 1/(1 + exp(-2 h/T)): all sites within 5 errors (false alarm 5e-5).
 */
START_TEST(test_attempt)
{
    enum { SEEDS = 40000 };
    const double noise = 0.8;
    int flips[N] = {0};
    double down[N];
    begin(noise, 0);
    for (int i = 0; i < N; i++) {
        double field = 0.0;
        for (int j = 0; j < N; j++)
            field += coupling(i, j) * naive.spins[j];
        down[i] = 1.0 / (1.0 + exp(2.0 * field * naive.spins[i] / noise));
    }
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        ph_naive_t one;
        ck_assert_int_eq(ph_naive_init(&one, &patterns, GAIN, noise, 1000 + seed), PH_OK);
        ph_naive_run(&one, 1);
        for (int i = 0; i < N; i++)
            flips[i] += one.spins[i] != naive.spins[i];
        ph_naive_free(&one);
    }
    for (int i = 0; i < N; i++) {
        const double p = down[i] / N, error = sqrt(SEEDS * p * (1.0 - p));
        ck_assert_double_lt(fabs(flips[i] - SEEDS * p), 5.0 * error);
    }
    end();
}
END_TEST

/* Speeds of the baselines are numbers above zero. A ratio to the naive loop there is only beside
 * one, and the plain reference is about as fast; a matrix that finds no room has none. */
START_TEST(test_rates)
{
    const ph_bench_effort_t effort = {5e-4, 3};
    ph_bench_case_t what = {.neurons = 100,
                            .blocks = 1,
                            .patterns = 2,
                            .noise = 0.5,
                            .threads = 1,
                            .replicas = 1,
                            .sampler = PH_SAMPLER_GLAUBER};
    double rate = NAN;
    ph_bench_naive_t loop;
    ph_bench_speed_t speed;
    ck_assert_int_eq(ph_bench_naive_init(&loop, &what, &effort), PH_OK);
    ck_assert_int_ge(loop.attempts, 512);
    what.kernel = "reference";
    ck_assert_int_eq(ph_bench_speed(&what, &effort, &loop, &speed), PH_OK);
    ck_assert(speed.to_naive > 0.01 && speed.to_naive < 100.0 && speed.to_naive_spread >= 0.0);
    ck_assert_int_eq(ph_bench_speed(&what, &effort, NULL, &speed), PH_OK);
    ck_assert(isnan(speed.to_naive) && isnan(speed.to_naive_spread));
    ph_bench_naive_free(&loop);
    ck_assert_int_eq(ph_bench_dense(&what, &effort, &rate), PH_OK);
    ck_assert(isfinite(rate) && rate > 0.0);
    what.neurons = 100000000;
    ck_assert_int_eq(ph_bench_dense(&what, &effort, &rate), PH_OK);
    ck_assert(isnan(rate));
}
END_TEST

/* A kernel that there is not is refused; classes are those of the point, and more repetitions than
 * there is room for are as many as there is. */
START_TEST(test_cases)
{
    const ph_bench_effort_t effort = {1e-4, 1000};
    ph_bench_case_t what = {.neurons = 100,
                            .blocks = 1,
                            .patterns = 2,
                            .noise = 0.5,
                            .threads = 1,
                            .replicas = 2,
                            .sampler = PH_SAMPLER_GLAUBER,
                            .kernel = "no-such-kernel"};
    ph_bench_speed_t speed;
    ck_assert_int_eq(ph_bench_speed(&what, &effort, NULL, &speed), PH_ERR_INPUT);
    what.kernel = NULL;
    ck_assert_int_eq(ph_bench_speed(&what, &effort, NULL, &speed), PH_OK);
    ck_assert_double_eq(speed.classes, 5.0); /* (3^2 + 1)/2 */
    ck_assert_double_eq(64.0 * speed.updates, 100.0 * 2.0 * (double)speed.sweeps);
    ck_assert_uint_eq(speed.rungs, 1);
    ck_assert_ptr_nonnull(speed.kernel);
}
END_TEST

PH_TEST_MAIN("baseline", test_start, test_one_way, test_cold, test_attempt, test_rates, test_cases)
