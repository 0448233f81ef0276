/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Samplers that move all neurons at once against exact enumeration: the full law of one sweep from
 * some states, neuron by neuron and lumped (from all of them: test_lumping.c), and the stationary
 * laws. Seeds are fixed; every chi-square has a false-alarm rate of 1e-6.
 */
#include "tests/sim/samplers/enumerate.h"
#include "tests/sim/samplers/network.h"

enum {
    SITES = 8,
    STATES = 1 << SITES,
    PATTERNS = 2,
    LANES = 64,
    SWEEPS = PH_TEST_DRAWS(240),
    FROM = 8
};

static const double DILUTIONS[2][PATTERNS] = {{0.3, 0.3}, {0.2, 0.6}};
static const double EXAMPLES[PATTERNS] = {2, 3}, QUALITY[PATTERNS] = {0.8, 0.6};
static const double FIDELITY[PATTERNS] = {0.7, 1.0};
static const ph_sampler_id_t SAMPLERS[4] = {PH_SAMPLER_LITTLE, PH_SAMPLER_BLOCK_GIBBS,
                                            PH_SAMPLER_LUMPED_LITTLE,
                                            PH_SAMPLER_LUMPED_BLOCK_GIBBS};

static bool is_little(ph_sampler_id_t sampler)
{
    return sampler == PH_SAMPLER_LITTLE || sampler == PH_SAMPLER_LUMPED_LITTLE;
}

static ph_point_t make_point(int sampler, int weights, ph_rule_t rule, double noise)
{
    ph_point_t point = network_point(SITES, PATTERNS, DILUTIONS[weights], noise);
    point.sampler = SAMPLERS[sampler];
    point.rule = rule;
    point.examples = EXAMPLES;
    point.quality = QUALITY;
    point.blank_fidelity = FIDELITY;
    return point;
}

static void load_all(ph_block_t *block, int state)
{
    const uint8_t bits[2] = {(uint8_t)state, (uint8_t)(state >> 8)};
    for (uint32_t l = 0; l < block->lanes; l++)
        ph_block_load(block, l, bits);
    ph_block_recount(block);
}

static int state_of(ph_block_t *block, uint32_t lane)
{
    uint8_t bits[2] = {0, 0};
    ph_block_save(block, lane, bits);
    return bits[0] | bits[1] << 8;
}

static void check_one_sweep(ph_block_t *block, bool lumped)
{
    ph_row_classes_t classes;
    ck_assert_int_eq(ph_row_classes_init(&classes, &block->coupling, &block->patterns, NULL),
                     PH_OK);
    for (int k = 0; k < FROM; k++) {
        const int from = k * 23 % STATES;
        double law[STATES], counts[STATES] = {0};
        if (is_little(block->point->sampler))
            enumerate_little(&block->coupling, block->point->noise, from, law);
        else
            enumerate_gibbs(&block->coupling, block->point->noise, from, law);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            load_all(block, from);
            ph_block_sweep(block);
            for (uint32_t l = 0; l < LANES; l++)
                counts[state_of(block, l)] += 1.0;
            ck_assert_int_eq(ph_block_check(block), PH_OK);
        }
        if (lumped) {
            enumerate_class_counts(&classes, SITES, law);
            enumerate_class_counts(&classes, SITES, counts);
        }
        enumerate_chi_square(law, counts, STATES, (double)LANES * SWEEPS);
    }
    ph_row_classes_free(&classes);
}

/* One sweep has the exact law: sampler x equal and unequal weights x noise 0 and 0.7. */
START_TEST(one_sweep_storage)
{
    const ph_point_t point = make_point(_i & 3, _i >> 2 & 1, PH_RULE_STORAGE, _i >> 3 ? 0.7 : 0.0);
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 7, 0, 0, 0, LANES),
                     PH_OK);
    check_one_sweep(&block, (_i & 3) >= 2);
    ph_block_free(&block);
}
END_TEST

/* The same where the features are learned, and the classes are joint in xi and features. */
START_TEST(one_sweep_supervised)
{
    const ph_point_t point = make_point(_i & 3, 1, PH_RULE_SUPERVISED, _i >> 2 ? 0.7 : 0.0);
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 7, 1, 0, 0, LANES),
                     PH_OK);
    check_one_sweep(&block, (_i & 3) >= 2);
    ph_block_free(&block);
}
END_TEST

/* The same with every kernel that takes the network. */
START_TEST(one_sweep_every_kernel)
{
    const ph_point_t point = make_point(_i, 0, PH_RULE_STORAGE, 0.7);
    const ph_kernel_t *const *kernels = ph_sampler(point.sampler)->kernels;
    int taken = 0;
    for (int k = 0; kernels[k] != NULL; k++) {
        ph_block_t block;
        ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 13 + (uint64_t)k,
                                       0, 0, 0, LANES),
                         PH_OK);
        if (ph_block_use(&block, kernels[k]->name) == PH_OK) {
            check_one_sweep(&block, (_i & 3) >= 2);
            taken++;
        }
        ph_block_free(&block);
    }
#ifdef __x86_64__
    ck_assert_int_ge(taken, 2);
#else
    ck_assert_int_ge(taken, 1);
#endif
}
END_TEST

/* Block Gibbs given its hidden units leaves neurons of a class alike: also the spins that a lumped
 * chain hands out, arranged at random, have the law of the unlumped one. */
START_TEST(arrangement)
{
    const ph_point_t point = make_point(3, 0, PH_RULE_STORAGE, 0.7);
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 7, 0, 0, 0, LANES),
                     PH_OK);
    check_one_sweep(&block, false);
    ph_block_free(&block);
}
END_TEST

/* What a spin remembers of itself: two spins up and two down in one class, after one sweep the mean
 * of s(0) s(1) is -tanh(1/(N T)) by Little's self term, nothing by block Gibbs; lumped Little
 * knows the counts only and gives 0, so that overlaps which need single spins are refused. */
START_TEST(memory_of_single_spins)
{
    enum { FOUR = 4, TIMES = 300 };
    static const double full[1] = {0.0};
    ph_point_t point = network_point(FOUR, 1, full, 0.25);
    ph_block_t block;
    point.sampler = SAMPLERS[_i];
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 7, 0, 0, 0, LANES),
                     PH_OK);
    int from = 0, taken = 0;
    for (int i = 0; i < FOUR; i++)
        from |= (block.coupling.phi[i] > 0) == (i < 2) ? 1 << i : 0;
    for (int sweep = 0; sweep < TIMES; sweep++) {
        load_all(&block, from);
        ph_block_sweep(&block);
        for (uint32_t l = 0; l < LANES; l++) {
            const int to = state_of(&block, l);
            for (int i = 0; i < FOUR; i++)
                taken += enumerate_spin(from, i) * enumerate_spin(to, i);
        }
    }
    const double draws = (double)FOUR * TIMES * LANES;
    const double expected = SAMPLERS[_i] == PH_SAMPLER_LITTLE ? -tanh(1.0) : 0.0;
    ck_assert_double_eq_tol(taken / draws, expected, 12.0 / sqrt(draws));
    ph_block_free(&block);
}
END_TEST

enum { VISITS = PH_TEST_DRAWS(800), THIN = 10 };

/* Long chains visit all states with weights exp(-H/T), or with Little's law, rule by rule. */
START_TEST(stationary_law)
{
    static double law[STATES], counts[STATES];
    static const ph_rule_t rules[] = {PH_RULE_STORAGE, PH_RULE_SUPERVISED, PH_RULE_UNSUPERVISED};
    const ph_point_t point = make_point(_i & 3, _i >> 2 & 1, rules[_i >> 3], 1.1);
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 11, 2, 0, 0, LANES),
                     PH_OK);
    memset(counts, 0,
           sizeof(counts)); /* kept from one loop to the next where Check does not fork */
    ph_block_start(&block);
    for (int visit = -10; visit < VISITS; visit++) {
        for (int sweep = 0; sweep < THIN; sweep++)
            ph_block_sweep(&block);
        for (uint32_t l = 0; visit >= 0 && l < LANES; l++)
            counts[state_of(&block, l)] += 1.0;
    }
    enumerate_stationary(&block.coupling, 1.1, is_little(point.sampler), law);
    enumerate_chi_square(law, counts, STATES, (double)VISITS * LANES);
    ph_block_free(&block);
}
END_TEST

/* As many classes as rows up to their sign: (3^K + 1)/2 stored; ((2M + 3)^K + 1)/2 and, with noisy
 * blanks, ((4M + 3)^K + 1)/2 jointly with sums of M examples; (R^K + 1)/2 jointly with M single
 * examples, R = 2^(M + 1) + 1 rows (xi, eta). */
START_TEST(numbers_of_classes)
{
    static const double half[4] = {0.3, 0.3, 0.3, 0.3}, two[4] = {2, 2, 2, 2},
                        one[4] = {1, 1, 1, 1};
    static const struct {
        int64_t patterns;
        ph_rule_t rule;
        const double *fidelity;
        size_t classes;
    } cases[] = {{1, PH_RULE_STORAGE, one, 2},      {3, PH_RULE_STORAGE, one, 14},
                 {4, PH_RULE_STORAGE, one, 41},     {1, PH_RULE_SUPERVISED, one, 4},
                 {2, PH_RULE_SUPERVISED, one, 25},  {2, PH_RULE_SUPERVISED, half, 61},
                 {1, PH_RULE_UNSUPERVISED, one, 5}, {2, PH_RULE_UNSUPERVISED, one, 41}};
    ph_point_t point = network_point(40000, cases[_i].patterns, half, 0.5);
    point.rule = cases[_i].rule;
    point.examples = two;
    point.quality = half;
    point.blank_fidelity = cases[_i].fidelity;
    ph_block_t block;
    ph_row_classes_t classes;
    int64_t total = 0;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 1, 0, 0, 0, 1),
                     PH_OK);
    ck_assert_int_eq(ph_row_classes_init(&classes, &block.coupling, &block.patterns, NULL), PH_OK);
    ck_assert_uint_eq(classes.count, cases[_i].classes);
    for (size_t c = 0; c < classes.count; c++)
        total += classes.sizes[c];
    ck_assert_int_eq(total, 40000);
    for (size_t i = 0; i < 40000; i++)
        for (size_t p = 0; p < classes.features; p++)
            ck_assert_int_eq(block.coupling.phi[i * classes.features + p],
                             classes.gauge[i] * ph_row_classes_row(&classes, classes.of[i])[p]);
    ph_row_classes_free(&classes);
    ph_block_free(&block);
}
END_TEST

PH_TEST_PROGRAM("parallel")
{
    TCase *tcase = tcase_create("exact");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, one_sweep_storage, 0, 16);
    tcase_add_loop_test(tcase, one_sweep_supervised, 0, 8);
    tcase_add_loop_test(tcase, one_sweep_every_kernel, 0, 4);
    tcase_add_test(tcase, arrangement);
    tcase_add_loop_test(tcase, memory_of_single_spins, 0, 4);
    tcase_add_loop_test(tcase, stationary_law, 0, 24);
    tcase_add_loop_test(tcase, numbers_of_classes, 0, 8);
    return test_run("parallel", tcase);
}
