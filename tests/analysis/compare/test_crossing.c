/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single chains cross the boundary between the basins of two patterns: trajectories there are those
 * of chains that cannot, and still are held against the flow. */
#include "analysis/compare/crossing_private.h"
#include "tests/analysis/compare/walked.h"
#include "tests/analysis/network.h"

enum { K = 2, RECORDS = 4, DRAWS = 2000 };

static const char MIXTURE[] =
    "network: { neurons: 3200, patterns: 2, dilution: { each: [0, 0.3] } }\n"
    "noise: 0.1\n"
    "dynamics: { start: { kind: mixture, patterns: [1, 2], overlap: [0.46, 0.36] }, sweeps: 20 }\n"
    "ensemble: { samples: 3, replicas: 64, lanes: 32 }\n";

static void check(const recipe_t *recipe, ph_verdict_t verdict)
{
    static const char *const SEEDS[] = {"seed=1", "seed=2"};
    for (size_t s = 0; s < sizeof(SEEDS) / sizeof(SEEDS[0]); s++) {
        ph_path_comparison_t found = compare_grid(MIXTURE, SEEDS[s], recipe);
        ck_assert_int_eq(found.verdict, verdict);
        for (size_t i = 0; i < found.rows_count; i++)
            ck_assert_uint_ge(found.rows[i].records, 19);
        end(&found);
    }
}

/* One chain or two of 192 go the other way, and their mean 125 errors from the flow. */
START_TEST(agree)
{
    check(&RIGHT, PH_VERDICT_AGREE);
}
END_TEST

START_TEST(disagree)
{
    const recipe_t wrong = {.noise_factor = 1.1};
    check(&wrong, PH_VERDICT_DISAGREE);
}
END_TEST

static ph_point_t point;
static ph_flow_classes_t net;
static ph_flow_noise_t noise;
static const uint64_t TIME[RECORDS] = {0, 1, 2, 4};

/* The sampler and order of each law, in the laws' order. */
static const struct {
    ph_sampler_id_t sampler;
    ph_order_t order;
} LAWS[] = {{PH_SAMPLER_GLAUBER, PH_ORDER_RANDOM},
            {PH_SAMPLER_GLAUBER, PH_ORDER_PERMUTED},
            {PH_SAMPLER_GLAUBER, PH_ORDER_SEQUENTIAL},
            {PH_SAMPLER_LITTLE, PH_ORDER_RANDOM},
            {PH_SAMPLER_BLOCK_GIBBS, PH_ORDER_RANDOM}};

static void draw(int law, double overlap)
{
    point = network_uniform(law == 2 ? 1000 : 2000, K, 0.3, 0.4);
    point.sampler = LAWS[law].sampler;
    point.order = LAWS[law].order;
    point.start = PH_START_CORRUPTED;
    point.start_pattern = 1;
    point.start_overlap = overlap;
    ck_assert_int_eq(ph_flow_classes_draw(&net, &point, 11, 3), PH_OK);
    ck_assert_int_eq(ph_flow_noise_solve(&noise, &net.classes, ph_flow_law(&point), net.noise,
                                         RECORDS, TIME, NULL),
                     PH_OK);
}

static void drop(void)
{
    ph_flow_noise_free(&noise);
    ph_flow_classes_free(&net);
}

/* Draws followed with noise spread as linear noise does, by an independent route, in every order:
 * within 5 errors of a variance and what five steps of a sweep leave, and twice as far with twice
 * the noise. */
START_TEST(spread)
{
    ph_cloud_t cloud;
    draw(_i, 0.6);
    ck_assert_int_eq(ph_cloud_init(&cloud, &point, &net), PH_OK);
    for (int more = 1; more <= (_i == 2 ? 1 : 2); more++) { /* sites one by one cost too much */
        double sum[RECORDS][K] = {{0}}, square[RECORDS][K] = {{0}};
        for (unsigned long d = 0; d < DRAWS; d++) {
            uint64_t sweep = 0;
            ph_cloud_begin(&cloud, &net.classes, more, 2 * d + 1);
            for (size_t r = 0; r < RECORDS; r++) {
                double m[K];
                for (; sweep < TIME[r]; sweep++)
                    ph_cloud_sweep(&cloud, more);
                ph_cloud_magnetizations(&cloud, m);
                for (size_t mu = 0; mu < K; mu++) {
                    sum[r][mu] += m[mu] / DRAWS;
                    square[r][mu] += m[mu] * m[mu] / DRAWS;
                }
            }
        }
        for (size_t r = 0; r < RECORDS; r++)
            for (size_t mu = 0; mu < K; mu++) {
                const double found =
                    (double)point.neurons * (square[r][mu] - sum[r][mu] * sum[r][mu]);
                const double right = more * more * noise.chain[r * noise.size + mu];
                ck_assert_double_gt(right, 0.05);
                ck_assert_double_eq_tol(found / right, 1.0, 5.0 * sqrt(2.0 / DRAWS) + 0.04 * more);
            }
    }
    ph_cloud_free(&cloud);
    drop();
}
END_TEST

/* From far inside a basin none crosses; with its start near the edge some do, not at once; of a
 * settled start, of one chain, too. Fewer draws than 16 say nothing. */
START_TEST(boundary)
{
    size_t first;
    draw(0, 0.9);
    ck_assert_int_eq(
        ph_crossing_first(&point, &net, &net.classes, &noise, TIME, 3.7, 256, 1e9, &first), PH_OK);
    ck_assert_uint_eq(first, RECORDS);
    drop();
    draw(0, 0.02);
    for (int settled = 0; settled < 2; settled++) {
        ph_classes_t classes = net.classes;
        classes.settled = settled != 0;
        noise.mean[(RECORDS - 1) * noise.size] = 0.9; /* still on its way */
        for (size_t i = 0; i < RECORDS * noise.size; i++)
            noise.chain[i] = 0.01;
        ck_assert_int_eq(
            ph_crossing_first(&point, &net, &classes, &noise, TIME, 3.7, 256, 1e9, &first), PH_OK);
        ck_assert_uint_lt(first, RECORDS);
        ck_assert_int_eq(
            ph_crossing_first(&point, &net, &classes, &noise, TIME, 3.7, 15, 1e9, &first), PH_OK);
        ck_assert_uint_eq(first, RECORDS);
    }
    drop();
}
END_TEST

PH_TEST_PROGRAM("compare_crossing")
{
    TCase *tcase = tcase_create("compare_crossing");
    tcase_add_test(tcase, agree);
    tcase_add_test(tcase, disagree);
    tcase_add_loop_test(tcase, spread, 0, sizeof(LAWS) / sizeof(LAWS[0]));
    tcase_add_test(tcase, boundary);
    return test_run("compare_crossing", tcase);
}
