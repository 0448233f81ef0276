/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/random/elementary.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { NEURONS = 500, PATTERNS = 3, LANES = 16, SWEEPS = 20 };

static const double EQUAL[PATTERNS] = {0.4, 0.4, 0.4}, UNEQUAL[PATTERNS] = {0.2, 0.4, 0.7};

/* e^-x and the thresholds made from it agree with the C library and are symmetric at zero. */
START_TEST(own_exponential)
{
    for (double x = 0.0; x < 690.0; x += 0.0371)
        ck_assert_double_eq_tol(ph_exp_negative(x) / exp(-x), 1.0, 4e-15);
    ck_assert_double_eq(ph_exp_negative(1e300), 0.0);
    ck_assert_uint_eq(ph_glauber_threshold(0.0), PH_DECISION_HALF);
    ck_assert_uint_eq(ph_metropolis_threshold(0.0), PH_DECISION_ALWAYS);
    ck_assert_uint_eq(ph_glauber_threshold(35.0), 0);
    for (double x = 0.0; x < 34.0; x += 0.377) {
        double glauber = (double)ph_glauber_threshold(x) * 0x1p-48;
        double metropolis = (double)ph_metropolis_threshold(x) * 0x1p-48;
        ck_assert_double_eq_tol(glauber, 1.0 / (1.0 + exp(x)), 0x1.01p-49);
        ck_assert_double_eq_tol(metropolis, exp(-x), 0x1.01p-49);
    }
}
END_TEST

/* Overlaps equal a recount after every sweep of every sampler, order, start and weighting. */
START_TEST(overlaps_recount)
{
    ph_point_t point = network_point(NEURONS, PATTERNS, _i & 1 ? UNEQUAL : EQUAL, 0.3);
    point.sampler = (ph_sampler_id_t)(_i >> 1 & 1);
    point.order = (ph_order_t)(_i / 4 % 3);
    point.start = (ph_start_id_t)(_i / 12);
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 1, 0, 0, 0, LANES),
                     PH_OK);
    ph_block_start(&block);
    for (int t = 0; t < 5; t++) {
        ck_assert_int_eq(ph_block_check(&block), PH_OK);
        ph_block_sweep(&block);
    }
    ck_assert_int_eq(ph_block_check(&block), PH_OK);
    block.overlaps[1]++;
    ck_assert_int_eq(ph_block_check(&block), PH_ERR_NUMERIC);
    ph_block_free(&block);
}
END_TEST

/* A lane's path is the same bits alone, among others, and continued from saved spins. */
START_TEST(lane_does_not_see_company)
{
    const ph_point_t point = network_point(NEURONS, PATTERNS, EQUAL, 0.3);
    uint8_t end[63] = {0};
    network_company(&point, LANES, SWEEPS, sizeof(end), end);
}
END_TEST

/* Energy from overlaps equals -sum_{i<j} J_ij s_i s_j; the loss identity holds on every state. */
START_TEST(observables_from_definition)
{
    ph_grid_t grid = {.loss = true, .trajectory = true};
    ph_point_t point = network_point(60, PATTERNS, UNEQUAL, 0.3);
    point.normalization = PH_NORM_NONE;
    ph_block_t block;
    int64_t scratch[2 * PATTERNS];
    double out[PATTERNS + 1 + 2 * PATTERNS];
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 3, 1, 0, 0, 2),
                     PH_OK);
    ph_block_start(&block);
    for (int t = 0; t < 10; t++) {
        ph_block_sweep(&block);
        ph_block_measure(&block, &grid, 1, scratch, out);
        double energy = 0.0, cost = 0.0;
        for (int i = 0; i < 60; i++)
            for (int j = 0; j < i; j++)
                for (int mu = 0; mu < PATTERNS; mu++)
                    energy -= block.patterns.entries[i * PATTERNS + mu] *
                              block.patterns.entries[j * PATTERNS + mu] *
                              ph_block_spin(&block, (size_t)i, 1) *
                              ph_block_spin(&block, (size_t)j, 1) / 60.0;
        for (int mu = 0; mu < PATTERNS; mu++) {
            double plus = out[PATTERNS + 1 + 2 * mu], minus = out[PATTERNS + 2 + 2 * mu];
            double mean = 0.5 * (plus + minus);
            cost += -0.5 * (mean * mean - plus * minus) + (2.0 * mean - 1.0) / 120.0;
        }
        ck_assert_double_eq_tol(out[PATTERNS], energy / 60.0, 1e-13);
        ck_assert_double_eq_tol(out[PATTERNS], cost, 1e-13);
    }
    ph_block_free(&block);
}
END_TEST

/*
 * The paths themselves are what they were: digest of the spins after every sweep, over samplers,
 * orders and weights. Every compiler, instruction set and sanitizer has to give these bits.
 */
START_TEST(path_is_known)
{
    static const uint64_t KNOWN[12] = {
        UINT64_C(16095318829964844234), UINT64_C(1662043757814364478),
        UINT64_C(1290627877905534001),  UINT64_C(2696043694400574659),
        UINT64_C(14264661368653639733), UINT64_C(13741991289280019764),
        UINT64_C(10110786966746608272), UINT64_C(490466471980651422),
        UINT64_C(2080262557917873939),  UINT64_C(15104390571833907478),
        UINT64_C(6896017945127529098),  UINT64_C(16882168059320396940)};
    ph_point_t point = network_point(NEURONS, PATTERNS, _i & 1 ? UNEQUAL : EQUAL, 0.3);
    point.sampler = (ph_sampler_id_t)(_i >> 1 & 1);
    point.order = (ph_order_t)(_i / 4);
    ph_block_t block;
    ph_digest_t path[SWEEPS];
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 9, 3, 1, 0, LANES),
                     PH_OK);
    ph_block_start(&block);
    for (int t = 0; t < SWEEPS; t++) {
        ph_block_sweep(&block);
        path[t] = network_spins(&block);
    }
    ck_assert_uint_eq(ph_digest_bytes(path, sizeof(path)).low, KNOWN[_i]);
    ph_block_free(&block);
}
END_TEST

/* Too large a network is refused before anything is allocated. */
START_TEST(overlaps_must_fit)
{
    static double many[4096];
    ph_point_t point = network_point(1 << 20, 4096, many, 0.3);
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 1, 0, 0, 0, 1),
                     PH_ERR_LIMIT);
}
END_TEST

/* A kernel that finds no memory for another noise; nothing may be asked of it after that. */
static bool failed;

static int find_no_memory(ph_block_t *block)
{
    block->state = NULL;
    failed = true;
    return PH_ERR_MEMORY;
}

static void touch(ph_block_t *block)
{
    ck_assert_msg(!failed, "a kernel without state was asked at sweep %d", (int)block->sweep);
}

static void touch_save(const ph_block_t *block, uint32_t lane, uint8_t *bytes)
{
    ck_assert_msg(!failed, "lane %u was saved to %p", lane, (void *)bytes);
    (void)block;
}

static void touch_fill(const ph_block_t *block, uint32_t lane, ph_observation_t *observation)
{
    ck_assert_msg(!failed, "lane %u was measured to %p", lane, (void *)observation);
    (void)block;
}

static void nothing(ph_block_t *block)
{
    (void)block;
}

/* A change of noise that fails stays the block's status; measuring and saving do no harm. */
START_TEST(failed_change_of_noise)
{
    static const ph_kernel_t FAILING = {.name = "failing",
                                        .prepare = find_no_memory,
                                        .sweep = touch,
                                        .overlaps = touch,
                                        .spins = touch,
                                        .save = touch_save,
                                        .fill = touch_fill,
                                        .free = nothing};
    const ph_grid_t grid = {.trajectory = true};
    ph_point_t point = network_point(NEURONS, PATTERNS, EQUAL, 0.3);
    point.schedule_from = 2.0;
    point.schedule_sweeps = point.burn_in = 10;
    ph_block_t block;
    uint8_t bytes[NEURONS];
    int64_t scratch[PATTERNS * 4];
    double out[PATTERNS * 4];
    failed = false;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 1, 0, 0, 0, LANES),
                     PH_OK);
    ph_block_start(&block);
    ph_block_sweep(&block);
    block.kernel->free(&block);
    block.kernel = &FAILING;
    block.forced = true;
    ph_block_sweep(&block);
    ck_assert(failed);
    ph_block_measure(&block, &grid, 3, scratch, out);
    ph_block_save(&block, 3, bytes);
    ck_assert_int_eq(ph_block_check(&block), PH_ERR_MEMORY);
    ph_block_sweep(&block);
    ck_assert_uint_eq(block.sweep, 3);
    ck_assert_int_eq(ph_block_check(&block), PH_ERR_MEMORY);
    ph_block_free(&block);
}
END_TEST

PH_TEST_PROGRAM("block")
{
    TCase *tcase = tcase_create("block");
    tcase_add_test(tcase, own_exponential);
    tcase_add_loop_test(tcase, overlaps_recount, 0, 48);
    tcase_add_test(tcase, lane_does_not_see_company);
    tcase_add_test(tcase, observables_from_definition);
    tcase_add_loop_test(tcase, path_is_known, 0, 12);
    tcase_add_test(tcase, overlaps_must_fit);
    tcase_add_test(tcase, failed_change_of_noise);
    return test_run("block", tcase);
}
