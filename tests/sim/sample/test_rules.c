/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Chains under the learning rules against exact results: the matrix of one sweep and the
 * stationary law by enumeration, and equilibrium averages of the very sample by the finite-N
 * integral from N = 60 to 10^4. Bonds come from the examples one by one, as the rules define them.
 * Fixed seeds; false-alarm rate 1e-6 a chi-square, 2e-5 a comparison with the integral.
 */
#include "analysis/exact.h"
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

enum { BLOCKS = 24, LANES = 8, MEASURED = 3 };

typedef struct {
    int64_t neurons, patterns;
    ph_rule_t rule;
    int variant, sweeps;
    double noise;
} case_t;

static const case_t CASES[] = {
    {60, 3, PH_RULE_SUPERVISED, 0, 1500, 1.0},  {60, 1, PH_RULE_UNSUPERVISED, 0, 1500, 0.9},
    {400, 3, PH_RULE_SUPERVISED, 1, 400, 1.2},  {400, 1, PH_RULE_UNSUPERVISED, 0, 600, 1.1},
    {2000, 2, PH_RULE_SUPERVISED, 0, 300, 1.3}, {2000, 1, PH_RULE_UNSUPERVISED, 0, 150, 0.6},
    {10000, 3, PH_RULE_SUPERVISED, 1, 60, 1.8}, {10000, 1, PH_RULE_UNSUPERVISED, 0, 60, 1.6},
};
enum { CASES_COUNT = sizeof(CASES) / sizeof(CASES[0]) };

/* Block means of <n_1^2>, <m_1 n_1> and the energy after a quarter of burn-in. */
static void measure(const case_t *c, const ph_point_t *point, uint32_t block, double mean[MEASURED])
{
    const ph_grid_t grid = {.trajectory = true, .example_magnetization = true};
    const size_t n_at = ph_observable_offset(PH_OBS_EXAMPLE_MAGNETIZATION, &grid, c->patterns);
    const size_t energy_at = ph_observable_offset(PH_OBS_ENERGY, &grid, c->patterns);
    ph_block_t chain;
    int64_t scratch[32];
    double out[16];
    ck_assert_int_eq(ph_block_init(&chain, point, 5, 1, block, 0, LANES), PH_OK);
    ph_block_start(&chain);
    memset(mean, 0, MEASURED * sizeof(*mean));
    for (int t = -c->sweeps / 4; t < c->sweeps; t++) {
        ph_block_sweep(&chain);
        for (uint32_t l = 0; t >= 0 && l < LANES; l++) {
            ph_block_measure(&chain, &grid, l, scratch, out);
            mean[0] += out[n_at] * out[n_at] / (c->sweeps * LANES);
            mean[1] += out[energy_at] / (c->sweeps * LANES);
            mean[2] += pow(out[n_at], 4) / (c->sweeps * LANES);
        }
    }
    ph_block_free(&chain);
}

/* Samplers reproduce the exact moments of the mean example's overlap, and the energy. */
START_TEST(finite_size_integral)
{
    const case_t *c = &CASES[_i % CASES_COUNT];
    ph_point_t point = learning_point(c->neurons, c->patterns, c->rule, c->variant, c->noise);
    point.sampler = (ph_sampler_id_t)(_i / CASES_COUNT);
    point.order = (ph_order_t)(_i % PH_ORDER_COUNT);
    ph_block_t block;
    ph_exact_t exact;
    ck_assert_int_eq(ph_block_init(&block, &point, 5, 1, 0, 0, 1), PH_OK);
    const int64_t features = block.coupling.features, own = block.coupling.first[1];
    const double scale = block.coupling.mean_scales[0];
    ck_assert_int_eq(ph_exact_init(&exact, features), PH_OK);
    ck_assert_int_eq(ph_exact_integral(&exact, &block.coupling, c->noise, NULL), PH_OK);
    double values[MEASURED] = {0.0, exact.energy, exact.fourth[0] * pow(scale, 4)};
    for (int64_t p = 0; p < own; p++)
        for (int64_t q = 0; q < own; q++)
            values[0] += exact.second[p * features + q] * scale * scale;
    double sum[MEASURED] = {0}, squares[MEASURED] = {0};
    for (uint32_t b = 0; b < BLOCKS; b++) {
        double mean[MEASURED];
        measure(c, &point, b, mean);
        for (int k = 0; k < MEASURED; k++) {
            sum[k] += mean[k];
            squares[k] += mean[k] * mean[k];
        }
    }
    for (int k = 0; k < (own == 1 ? MEASURED : MEASURED - 1); k++) {
        const double mean = sum[k] / BLOCKS;
        const double error = sqrt((squares[k] / BLOCKS - mean * mean) / (BLOCKS - 1));
        ck_assert_msg(fabs(mean - values[k]) < 5.0 * error,
                      "case %d, moment %d: %.8g +- %.2g, exact %.8g", _i, k, mean, error,
                      values[k]);
        ck_assert_double_lt(error, 0.1 * fabs(values[k]));
    }
    ph_exact_free(&exact);
    ph_block_free(&block);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rules");
    TCase *tcase = tcase_create("exact");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, one_sweep_matrix, 0, 48);
    tcase_add_loop_test(tcase, stationary_law, 0, 8);
    tcase_add_loop_test(tcase, finite_size_integral, 0, 2 * CASES_COUNT);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int bad = srunner_ntests_failed(runner) > 0 || srunner_ntests_run(runner) == 0;
    srunner_free(runner);
    return bad;
}
