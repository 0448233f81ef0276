/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The vector kernels in compilers' vectors of 128, 256 and 512 bits, whatever the machine has, and
 * those of AVX-512 with each register as two of AVX2 (avx512_halves.h), against the plain
 * references: the same bits. They are built for this test and stand in no list.
 */
#include <stdio.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/random/distributions.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/in_step.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

#define DECLARE(ISA)                                                                               \
    extern const ph_kernel_t PH_KERNEL_SITE_##ISA, PH_KERNEL_PAIRS_##ISA, PH_KERNEL_WIDE_##ISA,    \
        PH_KERNEL_REAL_##ISA, PH_KERNEL_FIELD_GIBBS_##ISA, PH_KERNEL_FIELD_LITTLE_##ISA,           \
        PH_KERNEL_GIBBS_##ISA;                                                                     \
    extern const ph_draw_lists_t PH_DRAW_##ISA;
#ifdef PH_HALVES
#define WIDTHS(WIDTH) WIDTH(VECTOR128) WIDTH(VECTOR256) WIDTH(VECTOR512) WIDTH(HALVES)
#else
#define WIDTHS(WIDTH) WIDTH(VECTOR128) WIDTH(VECTOR256) WIDTH(VECTOR512)
#endif
WIDTHS(DECLARE)
extern const ph_kernel_t PH_KERNEL_BATCH4_VECTOR128, PH_KERNEL_BATCH8_VECTOR128,
    PH_KERNEL_BATCH16_VECTOR128;

enum { KERNELS_MAX = 5, NEURONS = 203, PATTERNS = 5, SWEEPS = 6 };

#define SITE(ISA)                                                                                  \
    {&PH_KERNEL_SITE_##ISA, &PH_KERNEL_PAIRS_##ISA, &PH_KERNEL_WIDE_##ISA, &PH_KERNEL_REAL_##ISA},
#define GIBBS(ISA) {&PH_KERNEL_GIBBS_##ISA, &PH_KERNEL_FIELD_GIBBS_##ISA},
#define LITTLE(ISA) {&PH_KERNEL_FIELD_LITTLE_##ISA},
#define DRAW(ISA) &PH_DRAW_##ISA,
static const ph_kernel_t *const SITES[][KERNELS_MAX] = {WIDTHS(SITE)};
static const ph_kernel_t *const GIBBSES[][KERNELS_MAX] = {WIDTHS(GIBBS)};
static const ph_kernel_t *const LITTLES[][KERNELS_MAX] = {WIDTHS(LITTLE)};
static const ph_draw_lists_t *const DRAWS[] = {WIDTHS(DRAW)};
enum { WIDTHS_COUNT = sizeof(DRAWS) / sizeof(DRAWS[0]) };

/* Whether the machine can do what stands last, AVX-512 in registers of AVX2. */
static bool runs(int width)
{
#ifdef PH_HALVES
    return width < WIDTHS_COUNT - 1 || __builtin_cpu_supports("avx2");
#else
    return width < WIDTHS_COUNT;
#endif
}

static const struct {
    ph_sampler_id_t sampler;
    const ph_kernel_t *const (*kernels)[KERNELS_MAX];
} SAMPLERS[] = {{PH_SAMPLER_GLAUBER, SITES},
                {PH_SAMPLER_METROPOLIS, SITES},
                {PH_SAMPLER_LITTLE, LITTLES},
                {PH_SAMPLER_BLOCK_GIBBS, GIBBSES}};
enum { SAMPLERS_COUNT = sizeof(SAMPLERS) / sizeof(SAMPLERS[0]) };

/* All lanes, a half, and some from the middle on; with accepted updates counted, where the kernel
 * does. */
static const struct {
    uint32_t first, count;
} LANES[] = {{0, 64}, {0, 30}, {0, 13}, {17, 5}, {39, 25}, {0, 1}, {21, 1}};
enum { LANES_COUNT = sizeof(LANES) / sizeof(LANES[0]), LONE = 5 };

static void begin(ph_block_t *block, const ph_sampler_t *row, const ph_point_t *point, int lanes,
                  bool counts)
{
    const ph_grid_t grid = {.acceptance = counts};
    ck_assert_int_eq(
        ph_block_init(block, row, point, 4, 0, 1, LANES[lanes].first, LANES[lanes].count), PH_OK);
    ck_assert_int_eq(ph_block_watch(block, &grid), PH_OK);
}

/* One kernel beside the reference; true if it takes the network. */
static bool compare(const ph_point_t *point, const ph_kernel_t *kernel, int lanes)
{
    const ph_sampler_t *row = ph_sampler(point->sampler);
    const ph_kernel_t *const *last = row->kernels;
    while (last[1] != NULL)
        last++;
    const ph_kernel_t *const kernels[] = {kernel, *last, NULL};
    ph_sampler_t own = *row;
    ph_block_t fast, plain;
    own.kernels = kernels;
    begin(&fast, &own, point, lanes, kernel->counts);
    begin(&plain, row, point, lanes, kernel->counts);
    ck_assert_int_eq(ph_block_use(&plain, "reference"), PH_OK);
    const bool taken = ph_block_use(&fast, kernel->name) == PH_OK;
    if (taken) {
        ph_block_start(&fast);
        ph_block_start(&plain);
    }
    for (int t = 0; taken && t < SWEEPS; t++) {
        ph_block_sweep(&fast);
        ph_block_sweep(&plain);
        ck_assert_int_eq(ph_block_check(&fast), PH_OK);
        ck_assert_int_eq(ph_block_check(&plain), PH_OK);
        if (kernel->spins != NULL)
            kernel->spins(&fast);
        ck_assert_msg(memcmp(fast.spins, plain.spins, NEURONS * sizeof(*fast.spins)) == 0,
                      "%s differs in sweep %d, %u lanes", kernel->name, t, LANES[lanes].count);
        if (kernel->counts)
            ck_assert_mem_eq(fast.records.accepted, plain.records.accepted,
                             LANES[lanes].count * sizeof(*plain.records.accepted));
    }
    ph_block_free(&fast);
    ph_block_free(&plain);
    return taken;
}

/* Width x sampler; equal and unequal weights, all orders in turn. Every kernel has to take some. */
START_TEST(widths_follow_reference)
{
    const int which = _i % SAMPLERS_COUNT;
    const ph_kernel_t *const *kernels = SAMPLERS[which].kernels[_i / SAMPLERS_COUNT];
    if (!runs(_i / SAMPLERS_COUNT))
        return;
    for (int k = 0; k < KERNELS_MAX && kernels[k] != NULL; k++) {
        int taken = 0;
        for (int n = 0; n < 2 * LONE; n++) {
            double dilution[PATTERNS];
            for (int mu = 0; mu < PATTERNS; mu++)
                dilution[mu] = n % 2 ? 0.1 * (mu + 1) : 0.3;
            /* Two patterns have few classes, which is what block Gibbs by classes is for. */
            ph_point_t point = network_point(NEURONS, n % 4 < 2 ? 2 : PATTERNS, dilution, 0.5);
            point.sampler = SAMPLERS[which].sampler;
            if (ph_sampler_has(point.sampler, PH_TRAIT_ORDERED))
                point.order = (ph_order_t)(n % PH_ORDER_COUNT);
            taken += compare(&point, kernels[k], n / 2);
        }
        ck_assert_msg(taken > 1, "%s takes nothing", kernels[k]->name);
    }
}
END_TEST

/* Rows of 4, 8 and 16 features x sampler x order, of one chain in an even and in an odd lane, each
 * with as many patterns as it takes and with fewer. */
START_TEST(lone_chains_follow_reference)
{
    static const ph_kernel_t *const LONERS[] = {
        &PH_KERNEL_BATCH4_VECTOR128, &PH_KERNEL_BATCH8_VECTOR128, &PH_KERNEL_BATCH16_VECTOR128};
    enum { MOST = 16 };
    const int which = _i / 6, most = 4 << which;
    for (int lanes = LONE; lanes < LANES_COUNT; lanes++)
        for (int patterns = most / 2 - 1; patterns <= most; patterns += most / 2 + 1) {
            double dilution[MOST];
            for (int mu = 0; mu < patterns; mu++)
                dilution[mu] = 0.3;
            ph_point_t point = network_point(NEURONS, patterns, dilution, 0.5);
            point.sampler = (ph_sampler_id_t)(_i % 2);
            point.order = (ph_order_t)(_i / 2 % 3);
            /* There a tie is a half beside near certainty, which bounds cannot say. */
            const bool ties =
                point.sampler == PH_SAMPLER_METROPOLIS && point.order != PH_ORDER_RANDOM;
            ck_assert(compare(&point, LONERS[which], lanes) != ties);
        }
}
END_TEST

/* Width x layout: two blocks in step, as many lanes as that width has in two registers. */
START_TEST(widths_go_in_step)
{
    const ph_kernel_t *kernel = SITES[_i / 4][_i % 4];
    double dilution[PATTERNS];
    int done = 0;
    if (!runs(_i / 4))
        return;
    for (int mu = 0; mu < PATTERNS; mu++)
        dilution[mu] = _i % 4 == 3 ? 0.1 * (mu + 1) : 0.3;
    ph_point_t point = network_point(NEURONS, PATTERNS, dilution, 0.5);
    for (int n = 0; n < 2 * LONE; n++) {
        const uint32_t lanes[2] = {LANES[n / 2].first, LANES[n / 2].count};
        if (kernel->in_step() < lanes[0] + lanes[1])
            continue;
        point.sampler = n % 2 ? PH_SAMPLER_METROPOLIS : PH_SAMPLER_GLAUBER;
        const int own = in_step_follows(&point, kernel, lanes, n % 2, 3);
        ck_assert_int_ge(own, n % 2 ? 0 : 3);
        done += own;
    }
    ck_assert_int_gt(done, 0);
}
END_TEST

/* Lists of numbers, and sums: those of the plain way. */
START_TEST(widths_draw_the_same)
{
    enum { COUNT = 512, TERMS = 3 };
    const ph_draw_lists_t *lists = DRAWS[_i];
    static double rows[TERMS * COUNT], trials[COUNT], fields[2][COUNT], out[2][COUNT];
    const double units[TERMS] = {0.7, -0.4, 1e-3};
    const ph_draw_noise_t noise = ph_draw_noise(0.6, 1e-12);
    int32_t sums[2][TERMS] = {{0}};
    ph_draws_t draws[2];
    ph_stream_t stream;
    if (!runs(_i))
        return;
    for (int way = 0; way < 2; way++) {
        ph_stream_init(&stream, ph_stream_key(7, (ph_digest_t){1, 2}), PH_PURPOSE_MOVES, 0, 0, 0);
        ph_draws_init(&draws[way], &stream);
    }
    for (int d = 0; d < TERMS * COUNT; d++)
        rows[d] = (double)(d * 7 % 11 - 5);
    for (int d = 0; d < COUNT; d++)
        trials[d] = (double)(1 << d % 24);
    for (int way = 0; way < 2; way++) {
        const ph_draw_lists_t *one = way == 0 ? &PH_DRAW_PLAIN : lists;
        one->fields(1, COUNT, TERMS, units, rows, fields[way]);
        one->spins(&draws[way], 1, COUNT, trials, fields[way], &noise, out[way]);
        one->sums(COUNT, TERMS, rows, out[way], trials, sums[way], 1);
    }
    ck_assert_mem_eq(fields[0], fields[1], sizeof(fields[0]));
    ck_assert_mem_eq(out[0], out[1], sizeof(out[0]));
    ck_assert_mem_eq(sums[0], sums[1], sizeof(sums[0]));
    PH_DRAW_PLAIN.normals(&draws[0], 1, COUNT, COUNT, out[0]);
    lists->normals(&draws[1], 1, COUNT, COUNT, out[1]);
    ck_assert_mem_eq(out[0], out[1], sizeof(out[0]));
    ck_assert_mem_eq(&draws[0], &draws[1], sizeof(draws[0]));
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("portable");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, widths_follow_reference, 0, WIDTHS_COUNT * SAMPLERS_COUNT);
    tcase_add_loop_test(tcase, lone_chains_follow_reference, 0, 18);
    tcase_add_loop_test(tcase, widths_go_in_step, 0, WIDTHS_COUNT * 4);
    tcase_add_loop_test(tcase, widths_draw_the_same, 0, WIDTHS_COUNT);
    return test_run("portable", tcase);
}
