/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Chains under the learning rules against exact results: the matrix of one sweep, the stationary
 * law and that of replica exchange by enumeration. Bonds come from the examples one by one, as the
 * rules define them. Fixed seeds; false-alarm rate 1e-6 a chi-square.
 */
#include "tests/sim/samplers/network.h"
#include "tests/sim/samplers/states.h"
#include "tests/testing.h"

enum { PATTERNS = 3, DRAWS = PH_TEST_DRAWS(4000) };

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
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 7, 3, 0, 0, 1),
                     PH_OK);
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

enum { SMALL = 10, VISITS = PH_TEST_DRAWS(20000), THIN = 25 };

/* Long chains visit the states of 10 neurons with weights exp(-H/T). */
START_TEST(stationary_law)
{
    double counts[1 << SMALL] = {0.0}, expected[1 << SMALL];
    ph_point_t point = learning_point(
        SMALL, PATTERNS, _i & 1 ? PH_RULE_UNSUPERVISED : PH_RULE_SUPERVISED, _i >> 1 & 1, 1.1);
    point.sampler = (ph_sampler_id_t)(_i >> 2 & 1);
    point.order = (ph_order_t)(_i % PH_ORDER_COUNT);
    point.normalization = _i & 1 ? PH_NORM_NONE : PH_NORM_VARIANCE;
    ph_block_t block;
    bonds_t bonds;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 11, 2, 0, 0, 1),
                     PH_OK);
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

enum {
    EIGHT = 8,
    ALL = 1 << EIGHT,
    LOW = 16,
    RUNGS = 3,
    LANES = 64,
    ROUNDS = PH_TEST_DRAWS(500),
    APART = 15
};

/* Counts over all visits and lanes: each rung's states, and jointly the spins 1 to 4 of each rung
 * and the next hotter one. */
typedef struct {
    double states[RUNGS][ALL], pairs[RUNGS - 1][LOW * LOW];
} rungs_t;

static void visit_rungs(ph_block_t *block, size_t own, rungs_t *counts)
{
    ph_block_start(block);
    for (int round = -10; round < ROUNDS; round++) {
        for (int sweep = 0; sweep < APART; sweep++)
            ph_block_sweep(block);
        for (uint32_t l = 0; round >= 0 && l < LANES; l++) {
            uint8_t saved[RUNGS + 2 * RUNGS + 8], at[RUNGS];
            ph_block_save(block, l, saved);
            for (size_t r = 0; r < RUNGS; r++) {
                at[r] = saved[r == own ? 0 : r < own ? r + 1 : r];
                counts->states[r][at[r]] += 1.0;
            }
            for (size_t r = 0; r + 1 < RUNGS; r++)
                counts->pairs[r][at[r] % LOW * LOW + at[r + 1] % LOW] += 1.0;
        }
    }
}

/* Replica exchange: 8 neurons at every noise of the ladder have exp(-H/T), rungs independent of
 * each other, whichever is recorded: rule x weights and normalization x rung. */
START_TEST(exchange_law)
{
    static const double noises[RUNGS] = {0.9, 1.4, 2.2};
    const size_t own = (size_t)_i >> 2;
    static rungs_t counts;
    double law[RUNGS][ALL], low[RUNGS][LOW] = {{0.0}}, joint[LOW * LOW];
    ph_point_t point =
        learning_point(EIGHT, PATTERNS, _i & 1 ? PH_RULE_UNSUPERVISED : PH_RULE_SUPERVISED,
                       _i >> 1 & 1, noises[own]);
    point.sampler = PH_SAMPLER_REPLICA_EXCHANGE;
    point.ladder = (ph_list_t){RUNGS, noises};
    point.normalization = _i >> 1 & 1 ? PH_NORM_NONE : PH_NORM_VARIANCE;
    ph_block_t block;
    bonds_t bonds;
    ck_assert_int_eq(
        ph_block_init(&block, ph_sampler(point.sampler), &point, 11, 2, (uint32_t)own, 0, LANES),
        PH_OK);
    ck_assert_uint_eq(ph_point_extra_bytes(&point), RUNGS - 1 + 2 * RUNGS + 8);
    memset(&counts, 0,
           sizeof(counts)); /* kept from one loop to the next where Check does not fork */
    visit_rungs(&block, own, &counts);
    find_bonds(&bonds, &block.patterns, &point);
    for (size_t r = 0; r < RUNGS; r++) {
        boltzmann(&bonds, noises[r], (double)ROUNDS * LANES, law[r]);
        check_chi_square(law[r], counts.states[r], ALL);
        for (int state = 0; state < ALL; state++)
            low[r][state % LOW] += law[r][state];
    }
    for (size_t r = 0; r + 1 < RUNGS; r++) {
        for (int cell = 0; cell < LOW * LOW; cell++)
            joint[cell] = low[r][cell / LOW] * low[r + 1][cell % LOW] / (ROUNDS * LANES);
        check_chi_square(joint, counts.pairs[r], LOW * LOW);
    }
    ph_block_free(&block);
}
END_TEST

PH_TEST_PROGRAM("rules")
{
    TCase *tcase = tcase_create("exact");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, one_sweep_matrix, 0, 48);
    tcase_add_loop_test(tcase, stationary_law, 0, 8);
    tcase_add_loop_test(tcase, exchange_law, 0, 4 * RUNGS);
    return test_run("rules", tcase);
}
