/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Kernels of the samplers that move all neurons at once against their plain references: the same
 * spins and accepted updates after every sweep, on random and on extreme networks.
 */
#include <string.h>

#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { PATTERNS_MAX = 64 };

typedef struct {
    int64_t neurons, patterns;
    double noise, dilution;
    uint32_t lane_first, lanes;
    int sweeps;
} case_t;

/* Few classes and as many as neurons, none of all blank, no noise, little, much, one neuron. */
static const case_t CASES[] = {
    {500, 3, 0.5, 0.3, 0, 16, 20},  {501, 1, 0.5, 0.3, 0, 7, 20},
    {500, 8, 0.5, 0.3, 3, 5, 20},   {1000, 16, 0.5, 0.3, 0, 3, 20},
    {300, 64, 0.9, 0.3, 0, 4, 10},  {1, 1, 0.5, 0.0, 0, 64, 100},
    {1, 3, 0.5, 0.5, 0, 7, 100},    {2, 2, 0.0, 0.3, 0, 33, 50},
    {301, 5, 0.0, 0.3, 0, 9, 20},   {300, 7, 1e-9, 0.3, 0, 8, 20},
    {300, 7, 1e9, 0.3, 0, 8, 20},   {300, 4, 0.5, 0.999, 0, 9, 20},
    {300, 6, 0.02, 0.0, 60, 4, 20}, {20000, 5, 0.7, 0.3, 0, 2, 5},
    {40000, 12, 0.5, 0.3, 0, 1, 4}, {9999, 16, 0.1, 0.3, 13, 1, 10},
    {4097, 6, 1.2, 0.9, 0, 1, 10},  {64, 9, 0.3, 0.3, 0, 20, 20},
    {5000, 2, 0.2, 0.3, 0, 1, 10},  {100000, 3, 0.4, 0.3, 0, 3, 10},
};
enum { CASES_COUNT = sizeof(CASES) / sizeof(CASES[0]), SAMPLERS = 5, WEIGHTS = 2 };

static const ph_sampler_id_t IDS[SAMPLERS] = {
    PH_SAMPLER_LITTLE, PH_SAMPLER_BLOCK_GIBBS, PH_SAMPLER_LUMPED_LITTLE,
    PH_SAMPLER_LUMPED_BLOCK_GIBBS, PH_SAMPLER_REPLICA_EXCHANGE};

static int sweeps_of(const case_t *c)
{
    return PH_TEST_SANITIZED && c->sweeps > 4 ? 4 : c->sweeps;
}

/* Accepted updates are watched where the kernel counts them: others are not taken then. */
static void compare_paths(const ph_point_t *point, const case_t *c, const ph_kernel_t *kernel)
{
    const ph_grid_t grid = {.acceptance = kernel->counts};
    ph_block_t fast, plain;
    ck_assert_int_eq(
        ph_block_init(&plain, ph_sampler(point->sampler), point, 4, 0, 1, c->lane_first, c->lanes),
        PH_OK);
    ck_assert_int_eq(ph_block_watch(&plain, &grid), PH_OK);
    ck_assert_int_eq(ph_block_use(&plain, "reference"), PH_OK);
    if (!network_is_taken(&plain, kernel->name)) {
        ph_block_free(&plain);
        return;
    }
    ck_assert_int_eq(
        ph_block_init(&fast, ph_sampler(point->sampler), point, 4, 0, 1, c->lane_first, c->lanes),
        PH_OK);
    ck_assert_int_eq(ph_block_watch(&fast, &grid), PH_OK);
    ck_assert_int_eq(ph_block_use(&fast, kernel->name), PH_OK);
    const size_t bytes = (size_t)point->neurons * sizeof(*fast.spins);
    ph_block_start(&fast);
    ph_block_start(&plain);
    for (int t = 0; t < sweeps_of(c); t++) {
        ph_block_sweep(&fast);
        ph_block_sweep(&plain);
        ck_assert_int_eq(ph_block_check(&fast), PH_OK); /* brings the spins, too */
        ck_assert_int_eq(ph_block_check(&plain), PH_OK);
        ck_assert_msg(memcmp(fast.spins, plain.spins, bytes) == 0,
                      "%s differs in sweep %d: N = %lld, K = %lld, T = %g, %u lanes", kernel->name,
                      t, (long long)c->neurons, (long long)c->patterns, c->noise, c->lanes);
        if (kernel->counts)
            ck_assert_mem_eq(fast.records.accepted, plain.records.accepted,
                             c->lanes * sizeof(*plain.records.accepted));
    }
    ph_block_free(&fast);
    ph_block_free(&plain);
}

static void compare_kernels(const ph_point_t *point, const case_t *c)
{
    const ph_kernel_t *const *kernels = ph_sampler(point->sampler)->kernels;
    for (int k = 0; strcmp(kernels[k]->name, "reference") != 0; k++)
        compare_paths(point, c, kernels[k]);
}

/* Case x sampler x equal weights or a dilution, and so a weight, of its own for each pattern; under
 * a sanitizer a large network of one kind of weights only. */
START_TEST(kernels_follow_reference)
{
    const case_t *c = &CASES[_i / (SAMPLERS * WEIGHTS)];
    double dilution[PATTERNS_MAX];
    if (PH_TEST_SANITIZED && c->neurons * c->patterns > 20000 && _i / WEIGHTS % 2 != _i % 2)
        return;
    for (int64_t mu = 0; mu < c->patterns; mu++)
        dilution[mu] = _i % 2 ? c->dilution * (double)(mu + 1) / 65.0 : c->dilution;
    ph_point_t point = network_point(c->neurons, c->patterns, dilution, c->noise);
    point.sampler = IDS[_i / WEIGHTS % SAMPLERS];
    point.start = (ph_start_id_t)(_i % (PH_START_PARALLEL + 1));
    compare_kernels(&point, c);
}
END_TEST

/* Learned features: sums of examples, and every example by itself. Case x sampler x rule. */
START_TEST(learning_kernels_follow_reference)
{
    static const case_t learning[] = {
        {300, 3, 0.4, 0.3, 0, 16, 10},
        {701, 2, 0.0, 0.3, 5, 3, 10},
        {3000, 2, 1e6, 0.5, 0, 1, 5},
        {2000, 3, 0.2, 0.3, 0, 2, 5},
    };
    static const double examples[3] = {7, 30, 4}, quality[3] = {0.5, 0.6, 0.9};
    static const double clean[3] = {1, 0.9, 1};
    const case_t *c = &learning[_i / (SAMPLERS * 2)];
    const double dilution[3] = {c->dilution, c->dilution, c->dilution};
    ph_point_t point = network_point(c->neurons, c->patterns, dilution, c->noise);
    point.rule = _i % 2 ? PH_RULE_UNSUPERVISED : PH_RULE_SUPERVISED;
    point.sampler = IDS[_i / 2 % SAMPLERS];
    point.start = PH_START_PARALLEL;
    point.examples = examples;
    point.quality = quality;
    point.blank_fidelity = clean;
    compare_kernels(&point, c);
}
END_TEST

/* Large entries, and networks with so many that multipliers have few bits, alike in all patterns or
 * not; little noise, where these are large, and much. Little's dynamics and block Gibbs. */
static const struct {
    case_t of;
    double examples[5], quality[5];
} LARGE[] = {
    {{300, 3, 0.4, 0.3, 0, 8, 12}, {100, 100, 100}, {0.3, 0.3, 0.3}},
    {{300, 3, 0.01, 0.3, 3, 5, 12}, {1000, 7, 100}, {0.3, 0.9, 0.5}},
    {{100, 3, 1e-7, 0.3, 0, 5, 12}, {1000, 1000, 1000}, {0.3, 0.9, 0.5}},
    {{100, 3, 1e7, 0.3, 0, 5, 12}, {1000, 1000, 1000}, {0.3, 0.9, 0.5}},
    {{77, 3, 0.7, 0.0, 0, 3, 12}, {3000, 9000, 9000}, {1, 1, 1}},
    {{40, 3, 0.5, 0.0, 0, 3, 8}, {16000, 16000, 16000}, {1, 1, 1}},
    {{40, 3, 1e-3, 0.0, 60, 3, 8}, {16000, 32000, 20000}, {0.9, 1, 0.8}},
    {{1, 2, 0.5, 0.0, 0, 64, 20}, {30000, 32767, 0}, {1, 1, 0}},
    {{40000, 2, 0.5, 0.3, 0, 1, 3}, {20, 20, 0}, {0.6, 0.6, 0}},
    {{9, 5, 0.5, 0.0, 0, 2, 5}, {32000, 32000, 32000, 32000, 32000}, {1, 1, 1, 1, 1}},
};
enum { LARGE_COUNT = sizeof(LARGE) / sizeof(LARGE[0]), TOO_LARGE = LARGE_COUNT - 1 };

/* Whether the first of the kernels of Little's dynamics takes the network. */
static bool is_taken_by_first(const ph_point_t *point)
{
    const ph_sampler_t *row = ph_sampler(PH_SAMPLER_LITTLE);
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, row, point, 4, 0, 1, 0, 1), PH_OK);
    const bool is_taken =
        row->kernels[1] != NULL && network_is_taken(&block, row->kernels[0]->name);
    ph_block_free(&block);
    return is_taken;
}

START_TEST(large_entries_follow_reference)
{
    static const double clean[5] = {1, 0.5, 1, 1, 1};
    const case_t *c = &LARGE[_i / 2].of;
    const double dilution[5] = {c->dilution, c->dilution, c->dilution, c->dilution, c->dilution};
    ph_point_t point = network_point(c->neurons, c->patterns, dilution, c->noise);
    point.sampler = PH_SAMPLER_LITTLE;
    const bool is_here = is_taken_by_first(&point);
    point.rule = PH_RULE_SUPERVISED;
    point.start = PH_START_PARALLEL;
    point.examples = LARGE[_i / 2].examples;
    point.quality = LARGE[_i / 2].quality;
    point.blank_fidelity = clean;
    ck_assert(is_taken_by_first(&point) == (is_here && _i / 2 != TOO_LARGE));
    point.sampler = IDS[_i % 2];
    compare_kernels(&point, c);
}
END_TEST

static void put(ph_block_t *block, uint8_t states[][64], uint64_t sweep)
{
    for (uint32_t l = 0; l < block->lanes; l++)
        ph_block_load(block, l, states[l]);
    block->sweep = sweep;
    ph_block_recount(block);
}

/* Numbers that are made ahead are those of the sweep, wherever a chain goes on: at one that is done
 * with, at the last once more, further on. */
START_TEST(sweeps_in_any_order)
{
    enum { NEURONS = 300, LANES = 3, SWEEPS = 9 };
    static const uint64_t order[] = {0, 1, 1, 2, 0, 1, 2, 3, 8, 4, 5, 6, 7, 8};
    static const double dilution[2] = {0.3, 0.3};
    static uint8_t states[SWEEPS + 1][LANES][64];
    ph_point_t point = network_point(NEURONS, 2, dilution, 0.7);
    point.sampler = _i ? PH_SAMPLER_LUMPED_LITTLE : PH_SAMPLER_LUMPED_BLOCK_GIBBS;
    const ph_kernel_t *const *kernels = ph_sampler(point.sampler)->kernels;
    ph_block_t block, plain;
    ck_assert_int_eq(ph_block_init(&plain, ph_sampler(point.sampler), &point, 4, 0, 1, 5, LANES),
                     PH_OK);
    ck_assert_int_eq(ph_block_use(&plain, "reference"), PH_OK);
    ph_block_start(&plain);
    for (uint64_t t = 0; t <= SWEEPS; t++) {
        for (uint32_t l = 0; l < LANES; l++)
            ph_block_save(&plain, l, states[t][l]);
        put(&plain, states[t],
            t); /* the arrangement of the spins is that of a chain that goes on */
        ph_block_sweep(&plain);
    }
    for (int k = 0; strcmp(kernels[k]->name, "reference") != 0; k++) {
        if (!network_is_taken(&plain, kernels[k]->name))
            continue;
        ck_assert_int_eq(
            ph_block_init(&block, ph_sampler(point.sampler), &point, 4, 0, 1, 5, LANES), PH_OK);
        ck_assert_int_eq(ph_block_use(&block, kernels[k]->name), PH_OK);
        for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
            uint8_t found[64] = {0};
            put(&block, states[order[i]], order[i]);
            ph_block_sweep(&block);
            for (uint32_t l = 0; l < LANES; l++) {
                ph_block_save(&block, l, found);
                ck_assert_mem_eq(found, states[order[i] + 1][l], (NEURONS + 7) / 8);
            }
        }
        ph_block_free(&block);
    }
    ph_block_free(&plain);
}
END_TEST

/* A kernel that was asked for is not left in silence where a schedule comes to a noise it does not
 * take: fields-, which needs T > 0. One that was chosen gives way, to the same numbers. */
START_TEST(noise_beyond_a_kernel)
{
#ifdef __x86_64__
    enum { NEURONS = 700, SWEEPS = 8 };
    static const double dilution[3] = {0.3, 0.3, 0.3};
    ph_point_t point = network_point(NEURONS, 3, dilution, 0.0);
    ph_block_t chosen, forced, plain;
    point.sampler = PH_SAMPLER_LITTLE;
    point.schedule_from = 0.5;
    point.schedule_sweeps = 4;
    ck_assert_int_eq(ph_block_init(&chosen, ph_sampler(point.sampler), &point, 4, 0, 1, 0, 9),
                     PH_OK);
    ck_assert_int_eq(ph_block_init(&forced, ph_sampler(point.sampler), &point, 4, 0, 1, 0, 9),
                     PH_OK);
    ck_assert_int_eq(ph_block_init(&plain, ph_sampler(point.sampler), &point, 4, 0, 1, 0, 9),
                     PH_OK);
    ck_assert_int_eq(ph_block_use(&forced, "sse2"), PH_OK);
    ck_assert_int_eq(ph_block_use(&plain, "reference"), PH_OK);
    ck_assert_str_ne(chosen.kernel->name, "reference");
    for (int t = 0; t < SWEEPS; t++) {
        ph_block_sweep(&chosen);
        ph_block_sweep(&plain);
        ph_block_sweep(&forced);
        ck_assert_int_eq(ph_block_check(&forced), t < 4 ? PH_OK : PH_ERR_INPUT);
    }
    ck_assert_int_eq(ph_block_check(&chosen), PH_OK);
    ck_assert_int_eq(ph_block_check(&plain), PH_OK);
    ck_assert_str_eq(chosen.kernel->name, "reference");
    ck_assert_mem_eq(chosen.spins, plain.spins, NEURONS * sizeof(*plain.spins));
    ph_block_free(&chosen);
    ph_block_free(&forced);
    ph_block_free(&plain);
#endif
}
END_TEST

/* Fields are not set up for one sweep of a chain, at each noise of a schedule, nor for a few of
 * all; for more chains they are, and where the schedule has ended. */
START_TEST(short_runs_are_plain)
{
    enum { SCHEDULE = 5 };
    static const double dilution[3] = {0.3, 0.3, 0.3};
    static const double examples[3] = {8, 8, 8}, quality[3] = {0.5, 0.5, 0.5}, clean[3] = {1, 1, 1};
    const uint32_t lanes = _i % 2 == 0 ? 1 : 24;
    ph_point_t point = network_point(400, 3, dilution, 0.5);
    ph_block_t block;
    point.sampler = IDS[_i / 2 % 2];
    point.rule = PH_RULE_SUPERVISED;
    point.examples = examples;
    point.quality = quality;
    point.blank_fidelity = clean;
    const bool changes = _i / 4 == 1;
    point.sweeps = changes ? 1000 : 1;
    point.burn_in = 0;
    if (changes) {
        point.schedule_from = 2.0;
        point.schedule_sweeps = SCHEDULE;
    }
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 4, 0, 1, 0, lanes),
                     PH_OK);
    ph_block_start(&block);
    ph_block_sweep(&block);
    ck_assert(strcmp(block.kernel->name, "reference") == 0 ? lanes == 1 : lanes > 1);
    for (int t = 0; t < SCHEDULE; t++)
        ph_block_sweep(&block);
    ck_assert(strcmp(block.kernel->name, "reference") == 0 ? lanes == 1 && !changes
                                                           : lanes > 1 || changes);
    ph_block_free(&block);
}
END_TEST

PH_TEST_PROGRAM("kernel_parallel")
{
    Suite *suite = suite_create("kernel_parallel");
    TCase *tcase = tcase_create("kernel_parallel");
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, kernels_follow_reference, 0, CASES_COUNT * SAMPLERS * WEIGHTS);
    tcase_add_loop_test(tcase, large_entries_follow_reference, 0, 2 * LARGE_COUNT);
    tcase_add_loop_test(tcase, learning_kernels_follow_reference, 0, 4 * SAMPLERS * 2);
    tcase_add_loop_test(tcase, sweeps_in_any_order, 0, 2);
    tcase_add_loop_test(tcase, short_runs_are_plain, 0, 8);
    tcase_add_test(tcase, noise_beyond_a_kernel);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int bad = srunner_ntests_failed(runner) > 0 || srunner_ntests_run(runner) == 0;
    srunner_free(runner);
    return bad;
}
