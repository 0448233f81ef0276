/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two blocks that a kernel advances in step: the bits of one after the other. */
#include "tests/sim/samplers/in_step.h"
#include "tests/sim/samplers/network.h"

enum { PATTERNS_MAX = 8 };

/* Unrolled and any numbers of features, those of the other layouts; noise none, little and much. */
static const struct {
    int64_t neurons, patterns;
    double noise, dilution;
    bool unequal;
} CASES[] = {{500, 1, 0.5, 0.3, false},   {700, 2, 0.02, 0.0, false}, {300, 3, 0.5, 0.3, false},
             {131, 3, 0.0, 0.3, false},   {300, 8, 0.7, 0.3, false},  {9000, 5, 0.5, 0.1, false},
             {40000, 3, 1e9, 0.1, false}, {300, 5, 0.5, 0.5, true}};
static const uint32_t LANES[][2] = {{0, 32},  {0, 16}, {3, 5},  {17, 15}, {0, 64},
                                    {40, 20}, {0, 1},  {14, 2}, {29, 3}};
enum {
    CASES_COUNT = sizeof(CASES) / sizeof(CASES[0]),
    LANES_COUNT = sizeof(LANES) / sizeof(LANES[0])
};

static ph_point_t point_of(int number, double *dilution, int way)
{
    for (int mu = 0; mu < PATTERNS_MAX; mu++)
        dilution[mu] = CASES[number].unequal ? 0.1 * (mu + 1) : CASES[number].dilution;
    ph_point_t point =
        network_point(CASES[number].neurons, CASES[number].patterns, dilution, CASES[number].noise);
    point.sampler = way % 2 ? PH_SAMPLER_METROPOLIS : PH_SAMPLER_GLAUBER;
    point.order = (ph_order_t)(way % 3);
    return point;
}

/* Case x sampler x order: every kernel that says it does, in blocks of one sample and of two. */
START_TEST(as_one_after_the_other)
{
    const int number = _i / 6;
    double dilution[PATTERNS_MAX];
    const ph_point_t point = point_of(number, dilution, _i % 6);
    const ph_kernel_t *const *kernels = ph_sampler(point.sampler)->kernels;
    const bool large = CASES[number].neurons > 1000;
    const int sweeps = large ? 1 : 4, step = PH_TEST_SANITIZED ? 12 : 6;
    if (large && _i % 6 > 1)
        return;
    for (int k = 0; kernels[k] != NULL; k++)
        for (int l = 0; l < LANES_COUNT; l++) {
            const uint32_t lanes = LANES[l][0] + LANES[l][1];
            if (kernels[k]->in_step == NULL || kernels[k]->in_step() < lanes ||
                (l + _i + k) % step != 0)
                continue;
            const int one = in_step_follows(&point, kernels[k], LANES[l], false, sweeps);
            ck_assert_msg(one == -1 || one == sweeps, "%s did %d of %d sweeps in step",
                          kernels[k]->name, one, sweeps);
            const int two = in_step_follows(&point, kernels[k], LANES[l], true, sweeps);
            ck_assert(two == -1 || two == 0 || two == sweeps);
        }
}
END_TEST

/* Where there is a kernel for it at all, blocks of two samples go in step too. */
START_TEST(two_samples)
{
    double dilution[PATTERNS_MAX];
    const ph_point_t point = point_of(2, dilution, 0);
    const ph_kernel_t *const *kernels = ph_sampler(point.sampler)->kernels;
    int kernels_tried = 0, done = 0;
    for (int k = 0; kernels[k] != NULL; k++)
        if (kernels[k]->in_step != NULL && kernels[k]->in_step() >= LANES[1][1]) {
            const int own = in_step_follows(&point, kernels[k], LANES[1], true, 3);
            kernels_tried += own >= 0;
            done += own == 3;
        }
    ck_assert_int_eq(kernels_tried > 0, ph_sampler_in_step(ph_sampler(point.sampler), 16));
    ck_assert_int_eq(done, kernels_tried);
}
END_TEST

/* Blocks that do not go in step go one after the other: of unlike lanes, of two points, of kernels
 * that do not do it, and where the noise is another at every sweep, at different sweeps. */
START_TEST(unlike_blocks)
{
    double dilution[PATTERNS_MAX];
    ph_point_t points[2] = {point_of(2, dilution, 0), point_of(2, dilution, 0)};
    points[1].noise = 0.8;
    points[1].identity.low++;
    for (int way = 0; way < 5; way++) {
        ph_point_t *own[2] = {&points[0], &points[way == 1]};
        ph_block_t two[2], one[2];
        points[0].schedule_from = 3.0;
        points[0].schedule_sweeps = way == 4 ? 3 : 0;
        for (uint32_t b = 0; b < 2; b++) {
            const uint32_t lanes = way == 0 && b == 1 ? 64 : way == 2 ? 1 : 16;
            const ph_sampler_t *row = ph_sampler(own[b]->sampler);
            ck_assert_int_eq(ph_block_init(&two[b], row, own[b], 4, 0, b, 0, lanes), PH_OK);
            ck_assert_int_eq(ph_block_init(&one[b], row, own[b], 4, 0, b, 0, lanes), PH_OK);
            ph_block_start(&two[b]);
            ph_block_start(&one[b]);
        }
        if (way == 3)
            ck_assert_int_eq(ph_block_use(&two[1], "reference"), PH_OK);
        if (way == 4) {
            ph_block_sweep(&two[1]);
            ph_block_sweep(&one[1]);
        }
        for (int t = 0; t < 4; t++) {
            ph_block_sweep_two(&two[0], &two[1]);
            for (uint32_t b = 0; b < 2; b++) {
                ph_block_sweep(&one[b]);
                ck_assert_mem_eq(two[b].spins, one[b].spins, 300 * sizeof(*one[b].spins));
                ck_assert_uint_eq(two[b].sweep, one[b].sweep);
            }
        }
        for (uint32_t b = 0; b < 2; b++) {
            ph_block_free(&two[b]);
            ph_block_free(&one[b]);
        }
    }
}
END_TEST

PH_TEST_PROGRAM("in_step")
{
    TCase *tcase = tcase_create("in_step");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, as_one_after_the_other, 0, 6 * CASES_COUNT);
    tcase_add_test(tcase, two_samples);
    tcase_add_test(tcase, unlike_blocks);
    return test_run("in_step", tcase);
}
