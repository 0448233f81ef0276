/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chains of a block share the order of their sites: what that does to averages, and that error bars
 * allow for it: they cover exactly known values as often as they say. */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "analysis/estimate/estimates.h"
#include "sim/chain/block.h"
#include "sim/run/run.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { NEURONS = 64, LANES = 16, BLOCKS = PH_TEST_DRAWS(20000) };

static const double FULL[1] = {0.0};

/* Correlation of the magnetizations of two lanes after one sweep at infinite noise, from the
 * variance of the mean over a block: v (1 + (LANES - 1) c)/LANES. */
static double correlation(ph_start_id_t start, ph_order_t order)
{
    const ph_grid_t grid = {.trajectory = true};
    ph_point_t point = network_point(NEURONS, 1, FULL, 1e12);
    double mean = 0.0, squares = 0.0, block_squares = 0.0;
    point.start = start;
    point.start_pattern = 1;
    point.order = order;
    for (uint32_t b = 0; b < BLOCKS; b++) {
        ph_block_t block;
        double sum = 0.0;
        ck_assert_int_eq(
            ph_block_init(&block, ph_sampler(point.sampler), &point, 5, 0, b, 0, LANES), PH_OK);
        ph_block_start(&block);
        ph_block_sweep(&block);
        for (uint32_t l = 0; l < LANES; l++) {
            int64_t scratch[4];
            double out[4];
            ph_block_measure(&block, &grid, l, scratch, out);
            sum += out[0];
            squares += out[0] * out[0] / ((double)LANES * BLOCKS);
        }
        mean += sum / ((double)LANES * BLOCKS);
        block_squares += sum * sum / ((double)LANES * LANES * BLOCKS);
        ph_block_free(&block);
    }
    const double one = squares - mean * mean, all = block_squares - mean * mean;
    return (all / one * LANES - 1.0) / (LANES - 1);
}

/*
 * From one start, neurons that the sweep left out are common to all lanes: of N they are q N in the
 * mean, q = (1 - 1/N)^N, and pairs of them N (N - 1) (1 - 2/N)^N, which gives 0.133 at large N.
 * From starts of their own lanes are independent, and so they are where no neuron is left out.
 * Errors of c: sqrt(2/BLOCKS) (1 + (LANES - 1) c)/(LANES - 1); 5 of them, false alarm 2e-6.
 */
START_TEST(shared_order_correlates_what_is_not_in_equilibrium)
{
    const double n = NEURONS, q = pow(1.0 - 1.0 / n, n), pairs = pow(1.0 - 2.0 / n, n);
    const double common = q + (n - 1.0) * pairs - n * q * q, coins = 1.0 - q;
    const double expected = common / (common + coins);
    const double least = 5.0 * sqrt(2.0 / BLOCKS) / (LANES - 1);
    ck_assert_double_eq_tol(expected, 0.133, 0.002);
    ck_assert_double_eq_tol(correlation(PH_START_ARCHETYPE, PH_ORDER_RANDOM), expected,
                            least * (1.0 + (LANES - 1) * expected));
    ck_assert_double_eq_tol(correlation(PH_START_RANDOM, PH_ORDER_RANDOM), 0.0, least);
    ck_assert_double_eq_tol(correlation(PH_START_ARCHETYPE, PH_ORDER_PERMUTED), 0.0, least);
}
END_TEST

enum { POINTS = 400 };

/* One run of POINTS small experiments, each at a noise, and so with random numbers, of its own. */
static void experiments(const char *text, double from, double to, ph_value_t *out, size_t component)
{
    char folder[] = "/tmp/polyhebb-lanes-XXXXXX", path[64], axis[96];
    const char *sets[] = {axis};
    const ph_run_options_t options = {.path = path, .threads = 2, .shards = 1};
    ph_run_summary_t summary;
    ph_grid_t grid;
    ph_runfile_t run;
    ph_report_t report;
    ph_report_init(&report);
    ph_grid_init(&grid);
    snprintf(axis, sizeof(axis), "noise={from: %g, to: %g, steps: %d}", from, to, POINTS);
    ck_assert_int_eq(ph_grid_parse(&grid, text, "grid", 1, sets, &report), PH_OK);
    ck_assert_uint_eq(grid.points_count, POINTS);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/run.h5", folder);
    ck_assert_int_eq(ph_run(&grid, &options, &summary, &report), PH_OK);
    ck_assert_int_eq(ph_runfile_open(&run, path, &report), PH_OK);
    for (size_t p = 0; p < POINTS; p++) {
        ph_estimates_t found;
        ck_assert_int_eq(ph_estimates_read(&found, &run, p, PH_VIEW_PATTERNS, &report), PH_OK);
        out[p] = found.values[component];
        ph_estimates_free(&found);
    }
    ph_runfile_close(&run);
    unlink(path);
    snprintf(path, sizeof(path), "%s/run.h5.status", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/run.h5.claim", folder);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
    ph_grid_free(&grid);
    ph_report_free(&report);
}

/* Of POINTS error bars, `share` cover: within 4 standard deviations, false alarm 6e-5. */
static void check_share(int covered, double share)
{
    const double expected = share * POINTS, most = 4.0 * sqrt(expected * (1.0 - share));
    ck_assert_msg(fabs(covered - expected) < most,
                  "%d of %d error bars cover, expected %.0f +- %.0f", covered, POINTS, expected,
                  most);
}

/* Sweeps 1 and 2 after one start at infinite noise: the mean is (q + q^2)/2. 16 blocks of 32
 * chains: bars are those of Student's law with 15 degrees of freedom, and twice those of free
 * chains. */
START_TEST(bars_of_transients_cover)
{
    static const char TEXT[] = "network: { neurons: 64, patterns: 1 }\nnoise: 1\n"
                               "dynamics: { start: archetype, burn_in: 1, sweeps: 1 }\n"
                               "ensemble: { replicas: 512, lanes: 32 }\n";
    static ph_value_t values[POINTS];
    const double q = pow(1.0 - 1.0 / 64.0, 64.0), exact = 0.5 * (q + q * q);
    int once = 0, twice = 0, naive = 0;
    experiments(TEXT, 1e9, 2e9, values, 0);
    for (size_t p = 0; p < POINTS; p++) {
        const double off = fabs(values[p].mean - exact);
        once += off < values[p].error;
        twice += off < 2.0 * values[p].error;
        naive += off < values[p].thermal;
    }
    check_share(once, 0.6668);
    check_share(twice, 0.9361);
    ck_assert_int_lt(naive, POINTS / 2);
}
END_TEST

/* <H>/N of one full pattern, by the sum over its magnetizations. */
static double curie_weiss_energy(int neurons, double noise)
{
    double z = 0.0, sum = 0.0;
    for (int up = 0; up <= neurons; up++) {
        const double m = (2.0 * up - neurons) / neurons, energy = 0.5 / neurons - 0.5 * m * m;
        const double weight =
            exp(lgamma(neurons + 1.0) - lgamma(up + 1.0) - lgamma(neurons - up + 1.0) -
                neurons * (energy / noise + log(2.0)));
        z += weight;
        sum += weight * energy;
    }
    return sum / z;
}

/* The energy of one full pattern in equilibrium, some records of autocorrelation: two blocks of 4
 * chains, so that the bar is that of the autocorrelation alone. */
START_TEST(bars_of_equilibrium_cover)
{
    static const char TEXT[] = "network: { neurons: 40, patterns: 1 }\nnoise: 1\n"
                               "dynamics: { burn_in: 60, sweeps: 1200 }\n"
                               "ensemble: { replicas: 8, lanes: 4 }\n";
    static ph_value_t values[POINTS];
    int once = 0, twice = 0;
    experiments(TEXT, 1.3, 1.5, values, 1);
    for (size_t p = 0; p < POINTS; p++) {
        const double noise = 1.3 + 0.2 * (double)p / (POINTS - 1);
        const double off = fabs(values[p].mean - curie_weiss_energy(40, noise));
        ck_assert_double_gt(values[p].tau, 0.7);
        once += off < values[p].error;
        twice += off < 2.0 * values[p].error;
    }
    check_share(once, 0.6827);
    check_share(twice, 0.9545);
}
END_TEST

PH_TEST_MAIN("lanes", shared_order_correlates_what_is_not_in_equilibrium, bars_of_transients_cover,
             bars_of_equilibrium_cover)
