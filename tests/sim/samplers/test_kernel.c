/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Every kernel of every sampler against the sampler's plain reference: the same spins after every
 * sweep, on random and on extreme networks.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "sim/samplers/squeeze.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { PATTERNS_MAX = 64, KERNELS_MAX = 20, WANTED = 12 };

typedef struct {
    int64_t neurons, patterns;
    double noise, dilution;
    uint32_t lane_first, lanes;
    int sweeps;
} case_t;

static const case_t CASES[] = {
    {500, 3, 0.5, 0.3, 0, 64, 12},  {500, 1, 0.5, 0.3, 0, 64, 8},   {500, 2, 0.2, 0.5, 0, 32, 8},
    {500, 8, 0.5, 0.3, 0, 16, 8},   {300, 64, 0.9, 0.3, 0, 64, 3},  {1, 1, 0.5, 0.0, 0, 64, 60},
    {1, 3, 0.5, 0.5, 0, 7, 60},     {2, 2, 0.0, 0.3, 0, 33, 40},    {301, 3, 0.0, 0.3, 0, 64, 8},
    {300, 3, 1e-9, 0.3, 0, 64, 8},  {300, 3, 1e9, 0.3, 0, 64, 8},   {300, 4, 0.5, 0.999, 0, 64, 8},
    {300, 3, 0.02, 0.0, 0, 64, 8},  {20000, 3, 0.7, 0.3, 0, 64, 1}, {40000, 5, 0.5, 0.3, 0, 20, 1},
    {300, 3, 0.5, 0.3, 17, 5, 8},   {300, 3, 0.5, 0.3, 60, 4, 8},   {300, 3, 0.5, 0.3, 0, 1, 12},
    {300, 3, 0.5, 0.3, 13, 1, 12},  {513, 3, 0.5, 0.3, 0, 1, 8},    {300, 64, 0.5, 0.3, 3, 1, 5},
    {20000, 2, 0.1, 0.3, 0, 1, 1},  {20000, 3, 0.0, 0.0, 0, 64, 1}, {20000, 3, 1e9, 0.1, 9, 33, 1},
    {33000, 1, 0.3, 0.0, 0, 64, 1}, {9000, 16, 0.5, 0.1, 0, 64, 1}, {120000, 3, 0.8, 0.1, 0, 32, 1},
    {4000, 64, 0.9, 0.0, 0, 64, 1}, {129, 3, 0.5, 0.3, 0, 1, 100},  {131, 2, 0.7, 0.9, 3, 1, 100},
    {128, 7, 0.9, 0.3, 0, 1, 40},   {1000, 3, 0.0, 0.3, 5, 1, 8},   {200, 1, 1e9, 0.3, 0, 1, 40},
    {300, 5, 0.01, 0.1, 0, 1, 12},  {301, 4, 0.5, 0.3, 0, 1, 40},   {130, 8, 0.7, 0.2, 1, 1, 40},
    {515, 9, 0.4, 0.3, 0, 1, 12},   {303, 16, 0.8, 0.1, 7, 1, 12},  {129, 17, 0.5, 0.3, 0, 1, 12},
};
enum { CASES_COUNT = sizeof(CASES) / sizeof(CASES[0]), LOOPS = CASES_COUNT * 14 };

static int sweeps_of(const case_t *c)
{
    return PH_TEST_SANITIZED && c->sweeps > 3 ? 3 : c->sweeps;
}

/* Variant 0: equal weights; 1: a dilution, and so a weight, of its own for each pattern. */
static void spread_dilution(double *dilution, const case_t *c, int variant)
{
    for (int64_t mu = 0; mu < c->patterns; mu++)
        dilution[mu] = variant == 0 ? c->dilution : c->dilution * (double)(mu + 1) / 65.0;
}

/* In permuted order, so that both ways are taken, with accepted updates counted. */
static int begin(ph_block_t *block, const ph_point_t *point, const case_t *c, const char *kernel)
{
    static const ph_grid_t grid = {.acceptance = true};
    ck_assert_int_eq(
        ph_block_init(block, ph_sampler(point->sampler), point, 4, 0, 1, c->lane_first, c->lanes),
        PH_OK);
    if (point->order == PH_ORDER_PERMUTED)
        ck_assert_int_eq(ph_block_watch(block, &grid), PH_OK);
    return ph_block_use(block, kernel);
}

static void compare(ph_block_t *fast, const ph_block_t *plain, const case_t *c, int sweep)
{
    ph_block_sweep(fast);
    ck_assert_int_eq(ph_block_check(fast), PH_OK);
    if (fast->kernel->spins != NULL)
        fast->kernel->spins(fast);
    ck_assert_msg(memcmp(fast->spins, plain->spins, (size_t)c->neurons * sizeof(*fast->spins)) == 0,
                  "%s differs in sweep %d: N = %lld, K = %lld, T = %g, %u lanes",
                  fast->kernel->name, sweep, (long long)c->neurons, (long long)c->patterns,
                  c->noise, c->lanes);
    if (fast->records.accepted != NULL && fast->kernel->counts)
        ck_assert_mem_eq(fast->records.accepted, plain->records.accepted,
                         c->lanes * sizeof(*plain->records.accepted));
}

/* All kernels of the sampler that take the network, beside the reference. */
static void compare_paths(const ph_point_t *point, const case_t *c)
{
    const ph_kernel_t *const *kernels = ph_sampler(point->sampler)->kernels;
    ph_block_t fast[KERNELS_MAX], plain;
    int count = 0;
    ck_assert_int_eq(begin(&plain, point, c, "reference"), PH_OK);
    ph_block_start(&plain);
    for (int k = 0; strcmp(kernels[k]->name, "reference") != 0; k++) {
        if (!network_is_taken(&plain, kernels[k]->name))
            continue;
        ck_assert_int_lt(count, KERNELS_MAX);
        ck_assert_int_eq(begin(&fast[count], point, c, kernels[k]->name), PH_OK);
        ph_block_start(&fast[count++]);
    }
    for (int t = 0; t < sweeps_of(c) && count > 0; t++) {
        ph_block_sweep(&plain);
        for (int k = 0; k < count; k++)
            compare(&fast[k], &plain, c, t);
    }
    for (int k = 0; k < count; k++)
        ph_block_free(&fast[k]);
    ph_block_free(&plain);
}

/* Networks take long to set up: the first four go every way, each other one every third, a large
 * one every seventh. Under a sanitizer every seventh or once. */
static bool is_left_out(const case_t *c, int way)
{
    const bool large = c->neurons * c->patterns > 50000;
    const int place = (int)(c - CASES), step = PH_TEST_SANITIZED ? 14 : large ? 7 : 3;
    return (place >= 4 || PH_TEST_SANITIZED) && way % step != place % step;
}

/* Case x (site samplers x orders, block Gibbs) x weights. */
START_TEST(kernels_follow_reference)
{
    const case_t *c = &CASES[_i / 14];
    const int which = _i / 2 % 7;
    double dilution[PATTERNS_MAX];
    if (is_left_out(c, _i % 14))
        return;
    spread_dilution(dilution, c, _i % 2);
    ph_point_t point = network_point(c->neurons, c->patterns, dilution, c->noise);
    point.sampler = which == 6 ? PH_SAMPLER_BLOCK_GIBBS : (ph_sampler_id_t)(which % 2);
    point.order = which == 6 ? PH_ORDER_RANDOM : (ph_order_t)(which / 2);
    point.start = (ph_start_id_t)(_i % (PH_START_PARALLEL + 1));
    compare_paths(&point, c);
}
END_TEST

typedef struct {
    int64_t neurons, patterns;
    double noise, examples, quality;
    uint32_t lane_first, lanes;
    int sweeps;
} learning_t;

/* Overlaps within 16 bits and beyond, fields beyond, of single chains beyond their table; odd and
 * even numbers of features; no noise, all but none, and so much that every field is weak. */
static const learning_t LEARNING[] = {
    {300, 3, 0.4, 7, 0.5, 0, 64, 10},   {300, 2, 0.0, 8, 0.5, 0, 32, 10},
    {301, 3, 1e-7, 31, 0.6, 3, 9, 10},  {300, 3, 1e6, 31, 0.6, 17, 40, 10},
    {500, 1, 0.3, 60, 0.4, 0, 16, 10},  {2000, 3, 0.3, 90, 0.9, 0, 33, 2},
    {2001, 2, 0.0, 101, 1.0, 5, 20, 2}, {900, 3, 1.1, 45, 0.2, 0, 64, 2},
    {40000, 1, 0.6, 4, 1.0, 0, 16, 1},  {700, 2, 3.0, 2000, 0.9, 0, 8, 2},
    {302, 3, 0.4, 7, 0.5, 0, 1, 10},    {301, 2, 0.2, 5, 0.9, 3, 1, 10},
    {1000, 1, 0.2, 100, 0.3, 0, 1, 10}, {700, 3, 1.0, 100, 0.1, 2, 1, 10},
    {700, 3, 0.02, 40, 0.5, 2, 1, 5},   {300, 3, 5.0, 60, 0.9, 1, 1, 20},
    {400, 2, 0.3, 30, 0.8, 0, 2, 4},    {401, 3, 0.6, 20, 0.5, 7, 3, 4},
    {33000, 3, 0.4, 3, 0.9, 1, 1, 2},   {33000, 2, 0.02, 1, 1.0, 0, 1, 2},
    {900, 3, 0.5, 90, 0.8, 0, 1, 5},    {500, 3, 0.0, 120, 0.3, 2, 1, 5},
};
enum { LEARNING_COUNT = sizeof(LEARNING) / sizeof(LEARNING[0]) };

/* Case x rule x sampler x order: fields of many features, or of sums, take the same path. */
START_TEST(learning_kernels_follow_reference)
{
    static const double dilution[3] = {0.3, 0.3, 0.3};
    const learning_t *c = &LEARNING[_i / 12];
    const double examples[3] = {c->examples, c->examples, c->examples}, clean[3] = {1, 1, 0.9};
    /* A lesser quality of one pattern: unequal weights. */
    const double quality[3] = {c->quality, c->quality * (_i / 4 % 3 == 2 ? 0.9 : 1.0), c->quality};
    const case_t same = {c->neurons,    c->patterns, c->noise, 0.3,
                         c->lane_first, c->lanes,    c->sweeps};
    ph_point_t point = network_point(c->neurons, c->patterns, dilution, c->noise);
    point.rule = _i & 1 ? PH_RULE_UNSUPERVISED : PH_RULE_SUPERVISED;
    point.sampler = (ph_sampler_id_t)(_i >> 1 & 1);
    point.order = (ph_order_t)(_i / 4 % 3);
    point.start = PH_START_PARALLEL;
    point.normalization = PH_NORM_NONE;
    point.examples = examples;
    point.quality = quality;
    point.blank_fidelity = clean;
    if (point.rule == PH_RULE_UNSUPERVISED && c->neurons * (int64_t)c->examples > 100000)
        return;
    if (PH_TEST_SANITIZED && _i / 2 % 3 != _i / 12 % 3)
        return;
    compare_paths(&point, &same);
}
END_TEST

/* Of one chain whose overlaps may be beyond 16 bits, of either sign, in one and more registers of
 * features. */
START_TEST(large_networks_of_one_chain)
{
    static const case_t cases[] = {{60000, 9, 0.6, 0.0, 3, 1, 1},
                                   {70000, 6, 1e9, 0.1, 0, 1, 1},
                                   {40000, 20, 0.2, 0.1, 1, 1, 1}};
    const case_t *c = &cases[_i / 2];
    double dilution[PATTERNS_MAX];
    spread_dilution(dilution, c, 0);
    ph_point_t point = network_point(c->neurons, c->patterns, dilution, c->noise);
    point.sampler = (ph_sampler_id_t)(_i % 2);
    point.start = PH_START_RANDOM;
    compare_paths(&point, c);
}
END_TEST

/* A block may change its kernel on the way; what does not exist or fit is refused. */
START_TEST(kernel_can_change)
{
    static const double dilution[3] = {0.3, 0.3, 0.3};
    ph_point_t point = network_point(400, 3, dilution, 0.5);
    ph_block_t changing, plain;
    ck_assert_int_eq(ph_block_init(&changing, ph_sampler(point.sampler), &point, 4, 0, 1, 0, 64),
                     PH_OK);
    ck_assert_int_eq(ph_block_init(&plain, ph_sampler(point.sampler), &point, 4, 0, 1, 0, 64),
                     PH_OK);
    ck_assert_int_eq(ph_block_use(&plain, "reference"), PH_OK);
    ck_assert_str_ne(changing.kernel->name, "reference");
    const char *first = changing.kernel->name;
    for (int t = 0; t < 12; t++) {
        ck_assert_int_eq(ph_block_use(&changing, t % 2 ? "reference" : first), PH_OK);
        ph_block_sweep(&changing);
        ph_block_sweep(&plain);
    }
    ck_assert_mem_eq(changing.spins, plain.spins, 400 * sizeof(uint64_t));
    ck_assert_int_eq(ph_block_use(&changing, "no such kernel"), PH_ERR_INPUT);
    ph_block_free(&changing);
    ph_block_free(&plain);
}
END_TEST

/* What is common runs in vector lanes, however few the chains are: the layout that is chosen. One
 * chain has kernels of its own where its weights are equal, a table of large overlaps. */
START_TEST(networks_find_their_kernel)
{
    static const struct {
        int64_t neurons, patterns;
        double step, noise;
        uint32_t lanes;
        const char *layout;
    } wanted[WANTED] = {
        {1000, 3, 0.0, 0.5, 16, ""},         {10000, 8, 0.0, 0.0, 16, ""},
        {10000, 16, 0.0, 0.5, 16, "pairs-"}, {60000, 3, 0.0, 0.5, 16, "wide-"},
        {1000, 3, 0.1, 0.5, 16, "real-"},    {1000, 3, 0.1, 0.0, 16, "real-"},
        {50000, 4, 0.1, 0.9, 16, "real-"},   {300, 48, 0.01, 0.5, 16, "real-"},
        {1000, 3, 0.0, 0.5, 2, ""},          {1000, 3, 0.1, 0.5, 1, "real-"},
        {60000, 3, 0.0, 0.5, 1, "single"},   {1000, 5, 0.0, 0.5, 1, "single8-"},
    };
    static const ph_grid_t grid = {.acceptance = true};
    double dilution[PATTERNS_MAX];
    char name[32];
    for (int64_t mu = 0; mu < wanted[_i / 4].patterns; mu++)
        dilution[mu] = 0.3 + wanted[_i / 4].step * (double)mu;
    ph_point_t point = network_point(wanted[_i / 4].neurons, wanted[_i / 4].patterns, dilution,
                                     wanted[_i / 4].noise);
    ph_block_t block;
    point.sampler = (ph_sampler_id_t)(_i % 2);
    ck_assert_int_eq(
        ph_block_init(&block, ph_sampler(point.sampler), &point, 4, 0, 1, 0, wanted[_i / 4].lanes),
        PH_OK);
    if (_i / 2 % 2 == 1)
        ck_assert_int_eq(ph_block_watch(&block, &grid), PH_OK);
    const char *layout = wanted[_i / 4].layout;
    if (strcmp(layout, "single") == 0 && _i / 2 % 2 == 1)
        layout = "wide-"; /* the table does not count */
#ifdef __x86_64__
    const char *set = strcmp(layout, "single") == 0    ? ""
                      : __builtin_cpu_supports("avx2") ? "avx2"
                                                       : "sse2";
#else
    const char *set = "vector128";
    layout = strcmp(layout, "single") == 0 ? "wide-" : layout; /* no table there */
#endif
    snprintf(name, sizeof(name), "%s%s", layout, set);
    ck_assert_str_eq(block.kernel->name, name);
    ph_block_free(&block);
}
END_TEST

/* What is too short to set up runs in plain C, noise by noise while a schedule changes it. */
START_TEST(short_runs_are_plain)
{
    static const double UNEQUAL[] = {0.1, 0.2, 0.4}, EQUAL[] = {0.3, 0.3, 0.3};
    static const double examples[] = {100, 100, 100}, quality[] = {0.8, 0.8, 0.8},
                        clean[] = {1, 1, 1};
    const bool large = _i % 2 == 1; /* fields, of equal weights; or real ones */
    ph_point_t point = network_point(100, 3, large ? EQUAL : UNEQUAL, 0.5);
    ph_block_t block;
    if (large) {
        point.rule = PH_RULE_SUPERVISED;
        point.normalization = PH_NORM_NONE;
        point.examples = examples;
        point.quality = quality;
        point.blank_fidelity = clean;
    }
    const bool changes = _i / 2 == 2;
    point.sweeps = _i / 2 == 0 ? 10 : 100000;
    if (changes) {
        point.schedule_from = 2.0;
        point.schedule_sweeps = point.burn_in = 5;
    }
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 4, 0, 1, 0, 1),
                     PH_OK);
    ph_block_start(&block);
    for (int t = 0; t < 4; t++)
        ph_block_sweep(&block);
    ck_assert_int_eq(strcmp(block.kernel->name, "reference") == 0, point.sweeps == 10 || changes);
    for (int t = 0; t < 4; t++)
        ph_block_sweep(&block);
    ck_assert_int_eq(strcmp(block.kernel->name, "reference") == 0, point.sweeps == 10);
    ck_assert_int_eq(ph_block_use(&block, "reference"), PH_OK);
    ph_block_free(&block);
}
END_TEST

#ifdef PH_TEST_LONG
enum { STRIDE = 1 };
#else
enum { STRIDE = PH_TEST_SANITIZED ? 10 : 3 };
#endif

static bool squeeze_yes(const ph_squeeze_t *squeeze, bool metropolis, int32_t k, uint32_t u,
                        bool *open)
{
    int32_t w = ph_squeeze_weight(squeeze, (k + (1 << squeeze->shift) / 2) >> squeeze->shift);
    if (metropolis)
        w -= k == 0 ? squeeze->tie_drop : 0;
    else
        w = (int32_t)(((65535 - u) * (uint32_t)w) >> 16);
    int32_t apart = (int32_t)u - w;
    *open = apart <= squeeze->tolerance && apart >= -squeeze->tolerance;
    return apart < 0;
}

/* The bits that the exact threshold begins with are open at every field, those at the ends of what
 * is rounded to one strength too. */
static void hold_all_fields(const ph_squeeze_t *squeeze, const ph_decision_t *decision,
                            int32_t largest)
{
    const bool metropolis = decision->sampler == PH_SAMPLER_METROPOLIS;
    for (int32_t k = 0; k <= largest; k += PH_TEST_SANITIZED ? 13 : 1) {
        const uint64_t threshold = ph_decision_integer(decision, metropolis ? k : -k);
        bool open = true;
        if (threshold < PH_DECISION_ALWAYS)
            squeeze_yes(squeeze, metropolis, k, (uint32_t)(threshold >> 32), &open);
        ck_assert_msg(open, "T = %g, field %d: its threshold is not open", decision->noise, k);
    }
}

/* All 65536 uniforms against every 17th integer field (every 3229th of a large network, whose
 * fields are rounded to units of 2^shift), both tails with them: what the squeeze decides, the
 * exact threshold decides too; and it leaves little open. Under a sanitizer fields further apart.
 */
START_TEST(squeeze_is_certified)
{
    static const double NOISES[] = {0.0, 1e-6, 0.05, 0.5, 2.0, 1e6};
    static const double dilution[3] = {0.3, 0.3, 0.3};
    ph_point_t point = network_point(_i < 24 ? 1000 : 200000, 3, dilution, NOISES[_i / 4 % 6]);
    const int32_t largest = _i < 24 ? 2200 : 420000, step = (_i < 24 ? 17 : 3229) * STRIDE;
    ph_block_t block;
    ph_squeeze_t squeeze;
    point.sampler = (ph_sampler_id_t)(_i % 2);
    point.order = (ph_order_t)(_i / 2 % 2);
    bool metropolis = point.sampler == PH_SAMPLER_METROPOLIS;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 1, 0, 0, 0, 1),
                     PH_OK);
    ck_assert(ph_squeeze_init(&squeeze, &block.decision, largest));
    hold_all_fields(&squeeze, &block.decision, largest);
    for (int32_t a = 0; a <= largest; a += a < 40 ? STRIDE : step) {
        uint64_t threshold = ph_decision_integer(&block.decision, metropolis ? a : -a);
        uint32_t left_open = 0;
        for (uint32_t u = 0; u < 65536; u++) {
            bool open, yes = squeeze_yes(&squeeze, metropolis, a, u, &open);
            uint64_t lowest = (uint64_t)u << 32, highest = lowest | UINT32_MAX;
            left_open += open;
            if (!open && (yes ? highest >= threshold : lowest < threshold))
                ck_abort_msg("T = %g, field %d, u = %u: the squeeze is wrong", point.noise, a, u);
        }
        ck_assert_uint_lt(left_open, 80);
    }
    ph_block_free(&block);
}
END_TEST

/* The share of 65536 uniforms, of a real cost or field h, that the squeeze decides otherwise than
 * the exact threshold or leaves open (-1 where it decides wrongly), strength 0 apart. */
static int real_open(const ph_squeeze_t *squeeze, const ph_decision_t *decision, double h,
                     double off)
{
    const bool metropolis = decision->sampler == PH_SAMPLER_METROPOLIS;
    const double strength = fmin((h + off) / squeeze->unit + 0.5, 32767.0);
    const int32_t a = strength > 0.0 ? (int32_t)strength : 0;
    const uint64_t threshold = ph_decision_real(decision, metropolis ? h : -h);
    int left_open = 0;
    for (uint32_t u = 0; u < 65536; u++) {
        bool open, yes = squeeze_yes(squeeze, metropolis, a << squeeze->shift, u, &open);
        uint64_t lowest = (uint64_t)u << 32, highest = lowest | UINT32_MAX;
        left_open += open;
        if (!open && (yes ? highest >= threshold : lowest < threshold))
            return -1;
    }
    return squeeze->zero_open && a == 0 ? 0 : left_open;
}

/* Real fields known but to an error: no uniform is decided wrongly at either end of it. */
START_TEST(squeeze_of_real_fields_is_certified)
{
    static const double NOISES[] = {0.05, 0.5, 2.0, 1e4}, ERROR = 3e-6, LARGEST = 2.7;
    static const double dilution[3] = {0.3, 0.35, 0.4};
    ph_point_t point = network_point(1000, 3, dilution, NOISES[_i / 4]);
    ph_block_t block;
    ph_squeeze_t squeeze;
    point.sampler = (ph_sampler_id_t)(_i % 2);
    point.order = (ph_order_t)(_i / 2 % 2);
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 1, 0, 0, 0, 1),
                     PH_OK);
    ck_assert(!block.decision.integer);
    ck_assert(ph_squeeze_init_real(&squeeze, &block.decision, LARGEST, ERROR));
    ck_assert_int_eq(squeeze.zero_open, _i % 4 == 3); /* Metropolis in order: a tie is a half */
    for (int k = 1; k < 1200; k += (k < 200 ? 3 : 7) * STRIDE) {
        const double h = LARGEST * k * (k < 200 ? 1e-5 : 1.0 / 1200.0);
        for (int side = -1; side <= 1; side += 2) {
            const int left = real_open(&squeeze, &block.decision, h, side * ERROR);
            ck_assert_msg(left >= 0, "T = %g, field %g: the squeeze is wrong", point.noise, h);
            ck_assert_int_lt(left, 144);
        }
    }
    ck_assert(!ph_squeeze_init_real(&squeeze, &block.decision, 0.0, ERROR));
    ph_block_free(&block);
}
END_TEST

PH_TEST_PROGRAM("kernel")
{
    Suite *suite = suite_create("kernel");
    TCase *tcase = tcase_create("kernel");
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, kernels_follow_reference, 0, LOOPS);
    tcase_add_loop_test(tcase, learning_kernels_follow_reference, 0, LEARNING_COUNT * 12);
    tcase_add_loop_test(tcase, large_networks_of_one_chain, 0, 6);
    tcase_add_test(tcase, kernel_can_change);
    tcase_add_loop_test(tcase, short_runs_are_plain, 0, 6);
    tcase_add_loop_test(tcase, networks_find_their_kernel, 0, 4 * WANTED);
    tcase_add_loop_test(tcase, squeeze_of_real_fields_is_certified, 0, 16);
    tcase_add_loop_test(tcase, squeeze_is_certified, 0, 48);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int bad = srunner_ntests_failed(runner) > 0 || srunner_ntests_run(runner) == 0;
    srunner_free(runner);
    return bad;
}
