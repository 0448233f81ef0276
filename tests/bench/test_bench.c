/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The benchmark counts what is done, and what it compares with is right. */
#include <math.h>

#include "analysis/exact/exact.h"
#include "bench/baseline.h"
#include "bench/bench.h"
#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

static const double DILUTION[2] = {0.3, 0.3};

/* Updates are neurons x replicas x blocks x threads x sweeps, and the sweeps are those the blocks
 * made; of a thread with one block, and with two in step. */
START_TEST(updates_are_sweeps_of_all)
{
    const ph_bench_effort_t effort = {0.002, 3};
    const ph_bench_case_t what = {.neurons = 200,
                                  .patterns = 2,
                                  .noise = 0.5,
                                  .blocks = 1 + (uint32_t)_i,
                                  .threads = 2,
                                  .replicas = 5,
                                  .sampler = PH_SAMPLER_GLAUBER};
    ph_bench_speed_t speed;
    ck_assert_int_eq(ph_bench_speed(&what, &effort, NULL, &speed), PH_OK);
    ck_assert_double_eq(3.0 * speed.updates,
                        200.0 * 5.0 * 2.0 * what.blocks * (double)speed.sweeps);
    ck_assert_double_eq_tol(speed.per_second * speed.sweep_seconds, 200.0 * 5.0 * 2.0 * what.blocks,
                            1e-6);
}
END_TEST

/* Of replica exchange those of every rung. */
START_TEST(updates_are_those_of_all_rungs)
{
    const ph_bench_effort_t effort = {0.002, 3};
    const ph_bench_case_t what = {.neurons = 200,
                                  .patterns = 2,
                                  .noise = 0.5,
                                  .blocks = 1,
                                  .threads = 1,
                                  .replicas = 3,
                                  .sampler = PH_SAMPLER_REPLICA_EXCHANGE};
    ph_bench_speed_t speed;
    ck_assert_int_eq(ph_bench_speed(&what, &effort, NULL, &speed), PH_OK);
    ck_assert_uint_eq(speed.rungs, 8);
    ck_assert_double_eq(3.0 * speed.updates, 200.0 * 3.0 * 8.0 * (double)speed.sweeps);
}
END_TEST

/* A sweep attempts each neuron's number of updates in every lane: at infinite noise Metropolis in
 * random order accepts them all, and the block counts what it accepts. */
START_TEST(sweep_is_neurons_attempts)
{
    const ph_grid_t grid = {.acceptance = true};
    ph_point_t point = network_point(300, 2, DILUTION, 1e12);
    point.sampler = PH_SAMPLER_METROPOLIS;
    ph_block_t block;
    double out[8];
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 1, 0, 0, 0, 5),
                     PH_OK);
    ck_assert_int_eq(ph_block_watch(&block, &grid), PH_OK);
    int64_t *scratch = calloc(ph_block_scratch(&block), sizeof(*scratch));
    ph_block_start(&block);
    for (int t = 0; t < 3; t++) {
        ph_block_sweep(&block);
        ph_block_measure(&block, &grid, 3, scratch, out);
        ck_assert_double_eq(out[ph_observable_offset(PH_OBS_ACCEPTANCE, &grid, 2)], 1.0);
    }
    free(scratch);
    ph_block_free(&block);
}
END_TEST

enum { NEURONS = 60, CHAINS = 40, SWEEPS = 3000 };

/* <o_1^2> of a baseline, one chain after a burn-in. */
static double square_of_chain(const ph_patterns_t *patterns, int which, uint64_t seed)
{
    ph_naive_t naive = {0};
    ph_dense_t dense = {0};
    double sum = 0.0, gain = 1.0 / 0.7;
    ck_assert_int_eq(ph_naive_init(&naive, patterns, gain, 0.9, seed), PH_OK);
    ck_assert_int_eq(ph_dense_init(&dense, patterns, gain, 0.9, seed), PH_OK);
    for (int t = -SWEEPS / 4; t < SWEEPS; t++) {
        double overlap = 0.0;
        if (which == 0)
            ph_naive_run(&naive, NEURONS);
        else
            ph_dense_run(&dense, NEURONS);
        for (int i = 0; i < NEURONS; i++) {
            double spin = which == 0 ? naive.spins[i] : (double)dense.spins[i];
            overlap += patterns->entries[2 * i] * spin / NEURONS;
        }
        ck_assert(which == 1 || fabs(overlap * NEURONS - naive.overlaps[0]) < 1e-9);
        sum += t >= 0 ? overlap * overlap / SWEEPS : 0.0;
    }
    ph_naive_free(&naive);
    ph_dense_free(&dense);
    return sum;
}

/* Both baselines sample exp(-H/T): <o_1^2> of the very sample within 5 errors of 40 chains (false
 * alarm 1e-5 each), and the overlaps of the naive one stay those of its spins. */
START_TEST(baselines_are_right)
{
    ph_point_t point = network_point(NEURONS, 2, DILUTION, 0.9);
    ph_block_t block;
    ph_exact_t exact;
    double sum = 0.0, squares = 0.0;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 5, 1, 0, 0, 1),
                     PH_OK);
    ck_assert_int_eq(ph_exact_init(&exact, 2), PH_OK);
    ck_assert_int_eq(ph_exact_integral(&exact, &block.coupling, 0.9, NULL), PH_OK);
    for (uint64_t c = 0; c < CHAINS; c++) {
        double mean = square_of_chain(&block.patterns, _i, 10 + c);
        sum += mean / CHAINS;
        squares += mean * mean / CHAINS;
    }
    double error = sqrt((squares - sum * sum) / (CHAINS - 1));
    ck_assert_double_lt(fabs(sum - exact.second[0]), 5.0 * error);
    ck_assert_double_lt(error, 0.05 * exact.second[0]);
    ph_exact_free(&exact);
    ph_block_free(&block);
}
END_TEST

/* Near the onset the energy takes longer to forget itself than below. */
START_TEST(tau_grows_at_onset)
{
    ph_bench_case_t what = {.neurons = 500,
                            .patterns = 2,
                            .noise = 0.5,
                            .blocks = 1,
                            .threads = 1,
                            .replicas = 32,
                            .sampler = PH_SAMPLER_GLAUBER};
    ph_bench_effective_t below, near;
    ck_assert_int_eq(ph_bench_effective(&what, 2000, &below), PH_OK);
    what.noise = 0.95;
    ck_assert_int_eq(ph_bench_effective(&what, 2000, &near), PH_OK);
    ck_assert_double_ge(below.tau, 0.5);
    ck_assert_double_gt(near.tau, 2.0 * below.tau);
    ck_assert_double_gt(below.per_second, near.per_second);
}
END_TEST

PH_TEST_PROGRAM("bench")
{
    TCase *tcase = tcase_create("bench");
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, updates_are_sweeps_of_all, 0, 2);
    tcase_add_test(tcase, updates_are_those_of_all_rungs);
    tcase_add_test(tcase, sweep_is_neurons_attempts);
    tcase_add_loop_test(tcase, baselines_are_right, 0, 2);
    tcase_add_test(tcase, tau_grows_at_onset);
    return test_run("bench", tcase);
}
