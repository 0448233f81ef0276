/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Chains under the learning rules against exact results: the matrix of one sweep and the
 * stationary law by enumeration. Bonds come from the examples one by one, as the rules define
 * them. Fixed seeds; false-alarm rate 1e-6 a chi-square.
 */
#include "tests/sim/sample/network.h"
#include "tests/sim/sample/states.h"
#include "tests/testing.h"

enum { PATTERNS = 3, DRAWS = 4000 };

static const double D[2][PATTERNS] = {{0.3, 0.3, 0.3}, {0.1, 0.3, 0.5}};
static const double M[2][PATTERNS] = {{3, 3, 3}, {1, 8, 4}};
static const double R[2][PATTERNS] = {{0.6, 0.6, 0.6}, {1.0, 0.4, 0.7}};
static const double S[2][PATTERNS] = {{1, 1, 1}, {0.5, 1.0, 0.7}};

/* variant 0: all patterns alike, fields are integers; 1: weights of their own. */
static ph_point_t learning_point(int64_t neurons, int64_t patterns, ph_rule_t rule, int variant,
                                 double noise)
{
    ph_point_t point = network_point(neurons, patterns, D[variant], noise);
    point.rule = rule;
    point.examples = M[variant];
    point.quality = R[variant];
    point.blank_fidelity = S[variant];
    return point;
}

/* One sweep moves every state with the exact probabilities: rule x weights x noise x sampler x
 * order. */
START_TEST(one_sweep_matrix)
{
    ph_point_t point =
        learning_point(SITES, PATTERNS, _i & 1 ? PH_RULE_UNSUPERVISED : PH_RULE_SUPERVISED,
                       _i >> 1 & 1, _i >> 2 & 1 ? 0.7 : 0.0);
    point.sampler = (ph_sampler_id_t)(_i >> 3 & 1);
    point.order = (ph_order_t)(_i >> 4);
    ph_block_t block;
    matrix_t exact;
    bonds_t bonds;
    ck_assert_int_eq(ph_block_init(&block, &point, 7, 3, 0, 0, 1), PH_OK);
    ck_assert_int_eq(block.decision.integer, (_i >> 1 & 1) == 0);
    find_bonds(&bonds, &block.patterns, &point);
    sweep_matrix(&exact, &bonds, &point);
    for (int from = 0; from < STATES; from++) {
        double counts[STATES] = {0}, expected[STATES];
        uint8_t bits = (uint8_t)from;
        for (int draw = 0; draw < DRAWS; draw++) {
            ph_block_load(&block, 0, &bits);
            ph_block_recount(&block);
            ph_block_sweep(&block);
            counts[state_of(&block, 0)] += 1.0;
        }
        for (int to = 0; to < STATES; to++)
            expected[to] = DRAWS * exact.p[from][to];
        check_chi_square(expected, counts, STATES);
    }
    ph_block_free(&block);
}
END_TEST

enum { SMALL = 10, VISITS = 20000, THIN = 25 };

/* Long chains visit the states of 10 neurons with weights exp(-H/T). */
START_TEST(stationary_law)
{
    static double counts[1 << SMALL], expected[1 << SMALL];
    ph_point_t point = learning_point(
        SMALL, PATTERNS, _i & 1 ? PH_RULE_UNSUPERVISED : PH_RULE_SUPERVISED, _i >> 1 & 1, 1.1);
    point.sampler = (ph_sampler_id_t)(_i >> 2 & 1);
    point.order = (ph_order_t)(_i % PH_ORDER_COUNT);
    point.normalization = _i & 1 ? PH_NORM_NONE : PH_NORM_VARIANCE;
    ph_block_t block;
    bonds_t bonds;
    ck_assert_int_eq(ph_block_init(&block, &point, 11, 2, 0, 0, 1), PH_OK);
    ph_block_start(&block);
    for (int visit = -10; visit < VISITS; visit++) {
        for (int sweep = 0; sweep < THIN; sweep++)
            ph_block_sweep(&block);
        if (visit >= 0)
            counts[state_of(&block, 0)] += 1.0;
    }
    find_bonds(&bonds, &block.patterns, &point);
    boltzmann(&bonds, point.noise, VISITS, expected);
    check_chi_square(expected, counts, 1 << SMALL);
    ph_block_free(&block);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("exact");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, one_sweep_matrix, 0, 48);
    tcase_add_loop_test(tcase, stationary_law, 0, 8);
    return test_run("rules", tcase);
}
