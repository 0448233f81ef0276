/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/flow.h"

#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "tests/analysis/classes.h"
#include "tests/testing.h"

/*
 * Chains of N = 10^4 of every dynamics that has a flow, against the flow of their own sample. The
 * mean of BLOCKS blocks of 64 lanes fluctuates by less than that of BLOCKS independent chains at
 * N Var = 1, and by about 0.15 of that variance (lanes share their site order). Bound: 5 such
 * errors, false alarm below 10^-5 in all.
 */
enum { NEURONS = 10000, PATTERNS = 2, LANES = 64, BLOCKS = 32, SWEEPS = 4, DYNAMICS = 5 };

static network_classes_t net;

static const struct {
    ph_sampler_id_t sampler;
    ph_order_t order;
    ph_flow_law_t law;
} CASES[DYNAMICS] = {
    {PH_SAMPLER_GLAUBER, PH_ORDER_RANDOM, PH_FLOW_RANDOM},
    {PH_SAMPLER_GLAUBER, PH_ORDER_PERMUTED, PH_FLOW_PERMUTED},
    {PH_SAMPLER_GLAUBER, PH_ORDER_SEQUENTIAL, PH_FLOW_SEQUENTIAL},
    {PH_SAMPLER_LITTLE, PH_ORDER_RANDOM, PH_FLOW_PARALLEL},
    {PH_SAMPLER_BLOCK_GIBBS, PH_ORDER_RANDOM, PH_FLOW_BLOCK},
};

static void mean_of_chains(const ph_point_t *point, double mean[SWEEPS][PATTERNS])
{
    const ph_grid_t grid = {.trajectory = true};
    memset(mean, 0, SWEEPS * sizeof(*mean));
    for (uint32_t b = 0; b < BLOCKS; b++) {
        ph_block_t block;
        ck_assert_int_eq(
            ph_block_init(&block, ph_sampler(point->sampler), point, 5, 0, b, 0, LANES), PH_OK);
        ph_block_start(&block);
        for (int t = 0; t < SWEEPS; t++) {
            ph_block_sweep(&block);
            for (uint32_t lane = 0; lane < LANES; lane++) {
                int64_t scratch[8];
                double out[8];
                ph_block_measure(&block, &grid, lane, scratch, out);
                for (int mu = 0; mu < PATTERNS; mu++)
                    mean[t][mu] += out[mu] / (BLOCKS * LANES);
            }
        }
        ph_block_free(&block);
    }
}

/* Largest distance of the mean from a law's flow, in errors. */
static double distance(const ph_point_t *point, ph_flow_law_t law, double mean[SWEEPS][PATTERNS])
{
    static const uint64_t times[SWEEPS] = {1, 2, 3, 4};
    const double error = sqrt(0.15 / (NEURONS * (double)BLOCKS));
    ph_patterns_t patterns;
    ph_flow_end_t end;
    double o[PATTERNS], path[SWEEPS][PATTERNS], largest = 0.0;
    ck_assert_int_eq(ph_patterns_draw(&patterns, point, 5, 0), PH_OK);
    classes_make(&net, point, &patterns);
    ph_patterns_free(&patterns);
    const ph_flow_system_t system = {net.classes.size, classes_map, &net};
    classes_start(&net, o);
    ck_assert_int_eq(ph_flow_solve(&system, law, o, SWEEPS, times, path[0], &end, NULL), PH_OK);
    for (int t = 0; t < SWEEPS; t++)
        for (int mu = 0; mu < PATTERNS; mu++)
            largest = fmax(largest, fabs(mean[t][mu] - path[t][mu]) / error);
    return largest;
}

/* Every dynamics follows its own flow and no other (Little and block Gibbs share one). */
START_TEST(test_every_dynamics)
{
    const double dilution[] = {0.3, 0.4};
    for (int i = 0; i < DYNAMICS; i++) {
        ph_point_t point = network_point(NEURONS, PATTERNS, dilution, 0.9);
        double mean[SWEEPS][PATTERNS];
        point.sampler = CASES[i].sampler;
        point.order = CASES[i].order;
        mean_of_chains(&point, mean);
        for (int j = 0; j < DYNAMICS; j++) {
            const bool same = i == j || (i > 2 && j > 2);
            const double far = distance(&point, CASES[j].law, mean);
            ck_assert_msg(same ? far < 5.0 : far > 5.0, "dynamics %d, flow %d: %.1f errors", i, j,
                          far);
        }
    }
}
END_TEST

/* Without noise descent follows the flow of Glauber dynamics in its order: where fields have a sign
 * both turn neurons into it. */
START_TEST(test_descent)
{
    const double dilution[] = {0.3, 0.4};
    for (int i = 0; i < 3; i++) {
        ph_point_t point = network_point(NEURONS, PATTERNS, dilution, 0.0);
        double mean[SWEEPS][PATTERNS];
        point.sampler = PH_SAMPLER_DESCENT;
        point.order = CASES[i].order;
        point.start = PH_START_MIXTURE; /* no field of any neuron begins at 0 */
        point.start_overlap = 0.7;
        ck_assert_int_eq(ph_flow_law(&point), CASES[i].law);
        mean_of_chains(&point, mean);
        for (int j = 0; j < 3; j++) {
            const double far = distance(&point, CASES[j].law, mean);
            const bool same = i == j || (i > 0 && j > 0); /* all turn in the first sweep */
            ck_assert_msg(same ? far < 5.0 : far > 5.0, "order %d, flow %d: %.1f errors", i, j,
                          far);
        }
    }
}
END_TEST

PH_TEST_MAIN("flow_chains", test_every_dynamics, test_descent)
