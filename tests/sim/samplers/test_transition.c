/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Glauber and Metropolis in their orders against exact enumeration: the full matrix of one sweep
 * and the stationary law of a small network, by chi-square. All seeds are fixed; the false-alarm
 * rate of each chi-square is 1e-6 (Wilson-Hilferty quantile).
 */
#include "tests/sim/samplers/network.h"
#include "tests/sim/samplers/states.h"
#include "tests/testing.h"

enum { DRAWS = PH_TEST_DRAWS(20000) };

static const double EQUAL[3] = {0.3, 0.3, 0.3}, UNEQUAL[3] = {0.1, 0.3, 0.6};

static void check_sweep(const ph_point_t *point, uint32_t lanes, uint32_t lane)
{
    ph_block_t block;
    matrix_t exact;
    bonds_t bonds;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point->sampler), point, 7, 0, 0, 0, lanes),
                     PH_OK);
    find_bonds(&bonds, &block.patterns, point);
    sweep_matrix(&exact, &bonds, point);
    for (int from = 0; from < STATES; from++) {
        double counts[STATES] = {0}, expected[STATES];
        uint8_t bits = (uint8_t)from;
        for (int draw = 0; draw < DRAWS; draw++) {
            for (uint32_t l = 0; l < lanes; l++)
                ph_block_load(&block, l, &bits);
            ph_block_recount(&block);
            ph_block_sweep(&block);
            counts[state_of(&block, lane)] += 1.0;
        }
        for (int to = 0; to < STATES; to++)
            expected[to] = DRAWS * exact.p[from][to];
        check_chi_square(expected, counts, STATES);
    }
    ph_block_free(&block);
}

/* One sweep moves every state with the exact probabilities: sampler x order x weights x noise. */
START_TEST(one_sweep_matrix)
{
    const double *dilutions[2] = {EQUAL, UNEQUAL};
    const double noises[2] = {0.0, 0.7};
    ph_point_t point = network_point(SITES, 3, dilutions[_i & 1], noises[_i >> 1 & 1]);
    point.sampler = (ph_sampler_id_t)(_i >> 2 & 1);
    point.order = (ph_order_t)(_i >> 3);
    check_sweep(&point, 1, 0);
}
END_TEST

/* The same holds for a lane in the middle of a block. */
START_TEST(one_sweep_matrix_of_a_lane)
{
    ph_point_t point = network_point(SITES, 3, EQUAL, 0.7);
    check_sweep(&point, 8, 5);
}
END_TEST

enum { SMALL = 8, VISITS = PH_TEST_DRAWS(60000), THIN = 25 };

/* Long chains visit the states of 8 neurons with weights exp(-H/T), whatever sampler and order. */
START_TEST(stationary_law)
{
    double counts[1 << SMALL] = {0.0}, expected[1 << SMALL];
    ph_point_t point = network_point(SMALL, 3, _i & 1 ? UNEQUAL : EQUAL, 1.1);
    point.sampler = (ph_sampler_id_t)(_i >> 1 & 1);
    point.order = (ph_order_t)(_i >> 2);
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 11, 2, 0, 0, 1),
                     PH_OK);
    ph_block_start(&block);
    for (int visit = -10; visit < VISITS; visit++) {
        for (int sweep = 0; sweep < THIN; sweep++)
            ph_block_sweep(&block);
        if (visit >= 0)
            counts[state_of(&block, 0)] += 1.0;
    }
    bonds_t bonds;
    find_bonds(&bonds, &block.patterns, &point);
    boltzmann(&bonds, point.noise, VISITS, expected);
    check_chi_square(expected, counts, 1 << SMALL);
    ph_block_free(&block);
}
END_TEST

PH_TEST_PROGRAM("transition")
{
    TCase *tcase = tcase_create("exact");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, one_sweep_matrix, 0, 24);
    tcase_add_test(tcase, one_sweep_matrix_of_a_lane);
    tcase_add_loop_test(tcase, stationary_law, 0, 12);
    return test_run("transition", tcase);
}
