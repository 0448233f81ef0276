/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Descent to fixed points, and noise that follows a schedule. */
#include <math.h>
#include <string.h>

#include "sim/chain/schedule.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/enumerate.h"
#include "tests/sim/samplers/network.h"

enum { NEURONS = 200, PATTERNS = 3, LANES = 8, BYTES = 25 + 8 };

static const double DILUTIONS[2][PATTERNS] = {{0.5, 0.5, 0.5}, {0.2, 0.4, 0.7}};
static const double EXAMPLES[PATTERNS] = {4, 5, 6}, QUALITY[PATTERNS] = {0.8, 0.6, 0.7};
static const double FIDELITY[PATTERNS] = {0.7, 1.0, 0.9};

static ph_point_t make_point(int variant)
{
    ph_point_t point = network_point(NEURONS, PATTERNS, DILUTIONS[variant & 1], 0.0);
    point.sampler = PH_SAMPLER_DESCENT;
    point.order = (ph_order_t)(variant / 2 % 3);
    point.rule = variant / 6 ? PH_RULE_SUPERVISED : PH_RULE_STORAGE;
    point.examples = EXAMPLES;
    point.quality = QUALITY;
    point.blank_fidelity = FIDELITY;
    return point;
}

/* Field from the overlaps with all other neurons. */
static double field_at(const ph_block_t *block, size_t i, uint32_t lane)
{
    double field = 0.0;
    for (size_t p = 0; p < PATTERNS; p++) {
        const int phi = block->coupling.phi[i * PATTERNS + p];
        field += block->coupling.weights[p] * phi *
                 (block->overlaps[p * LANES + lane] - phi * ph_block_spin(block, i, lane)) /
                 NEURONS;
    }
    return fabs(field) < 1e-12 ? 0.0 : field;
}

/* In every order, rule and weighting: the energy never rises, neurons without field keep their
 * start, the end is a fixed point that stays, and the recorded sweeps are those it took. */
START_TEST(falls_to_a_fixed_point)
{
    const ph_point_t point = make_point(_i);
    const ph_grid_t grid = {.trajectory = true, .relaxation = true};
    ph_block_t block;
    uint64_t first[NEURONS], last[NEURONS];
    double energy[LANES], moved[LANES] = {0};
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 2, 0, 0, 0, LANES),
                     PH_OK);
    ph_block_start(&block);
    memcpy(first, block.spins, sizeof(first));
    for (int t = 0; t <= 30; t++) {
        int64_t scratch[64];
        double out[8];
        memcpy(last, block.spins, sizeof(last));
        if (t > 0)
            ph_block_sweep(&block);
        ck_assert_int_eq(ph_block_check(&block), PH_OK);
        for (uint32_t l = 0; l < LANES; l++) {
            ph_block_measure(&block, &grid, l, scratch, out);
            ck_assert(t == 0 || out[PATTERNS] <= energy[l] + 1e-12);
            energy[l] = out[PATTERNS];
            for (size_t i = 0; i < NEURONS; i++)
                if (((last[i] ^ block.spins[i]) >> l & 1) != 0)
                    moved[l] = t;
            ck_assert_double_le(moved[l], out[PATTERNS + 1]);
            if (t == 30)
                ck_assert_double_eq(moved[l], out[PATTERNS + 1]);
        }
    }
    for (size_t i = 0; i < NEURONS; i++) {
        bool blank = true;
        for (size_t p = 0; p < PATTERNS; p++)
            blank = blank && block.coupling.phi[i * PATTERNS + p] == 0;
        ck_assert(!blank || first[i] == block.spins[i]);
        for (uint32_t l = 0; l < LANES; l++)
            ck_assert_double_ge(field_at(&block, i, l) * ph_block_spin(&block, i, l), 0.0);
    }
    ph_block_free(&block);
}
END_TEST

/* The sweeps it took come back with a saved state, alone and among others. */
START_TEST(resume_and_company)
{
    const ph_point_t point = make_point(_i);
    uint8_t early[BYTES], whole[BYTES], resumed[BYTES];
    ph_block_t block, single;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 2, 0, 0, 0, LANES),
                     PH_OK);
    ck_assert_int_eq(ph_block_init(&single, ph_sampler(point.sampler), &point, 2, 0, 0, 5, 1),
                     PH_OK);
    ph_block_start(&block);
    for (int t = 0; t < 30; t++) {
        if (t == 1)
            ph_block_save(&block, 5, early);
        ph_block_sweep(&block);
    }
    ph_block_save(&block, 5, whole);
    ph_block_load(&single, 0, early);
    single.sweep = 1;
    ph_block_recount(&single);
    for (int t = 1; t < 30; t++)
        ph_block_sweep(&single);
    ph_block_save(&single, 0, resumed);
    ck_assert_mem_eq(whole, resumed, BYTES);
    ck_assert_uint_gt(whole[25], 1);
    ph_block_free(&single);
    ph_block_free(&block);
}
END_TEST

/* Linear, logarithmic (up and down) and constant; then the point's noise, exactly. */
START_TEST(noises)
{
    ph_point_t point = {.noise = 0.1, .schedule_from = 1.6, .schedule_sweeps = 4};
    ck_assert_double_eq(ph_schedule_noise(&point, 0), 1.6);
    ck_assert_double_eq_tol(ph_schedule_noise(&point, 3), 0.475, 1e-15);
    ck_assert_double_eq(ph_schedule_noise(&point, 4), 0.1);
    point.schedule_scale = PH_SCALE_LOG;
    ck_assert_double_eq(ph_schedule_noise(&point, 0), 1.6);
    ck_assert_double_eq_tol(ph_schedule_noise(&point, 1), 0.8, 1e-15);
    ck_assert_double_eq_tol(ph_schedule_noise(&point, 3), 0.2, 1e-15);
    point.schedule_scale = PH_SCALE_STEP;
    ck_assert_double_eq(ph_schedule_noise(&point, 3), 1.6);
    ck_assert_double_eq(ph_schedule_noise(&point, 1000), 0.1);
    point = (ph_point_t){
        .noise = 1.6, .schedule_from = 0.1, .schedule_sweeps = 4, .schedule_scale = PH_SCALE_LOG};
    ck_assert_double_eq_tol(ph_schedule_noise(&point, 2), 0.4, 1e-15);
}
END_TEST

/* A quench is a chain at one noise that goes on at another, bit for bit, in every sampler; and so
 * it is when taken up in the middle. */
START_TEST(quench)
{
    enum { HOT = 6, COLD = 5 };
    ph_point_t point = network_point(NEURONS, PATTERNS, DILUTIONS[_i & 1], 0.2), hot, cold;
    uint8_t bits[25], whole[25], pieces[25];
    point.sampler = (ph_sampler_id_t)(_i / 2);
    point.schedule_from = 1.2;
    point.schedule_sweeps = HOT;
    point.schedule_scale = PH_SCALE_STEP;
    hot = cold = point;
    hot.schedule_sweeps = cold.schedule_sweeps = 0;
    hot.noise = 1.2;
    ph_block_t one, first, second;
    ck_assert_int_eq(ph_block_init(&one, ph_sampler(point.sampler), &point, 2, 0, 0, 0, LANES),
                     PH_OK);
    ck_assert_int_eq(ph_block_init(&first, ph_sampler(hot.sampler), &hot, 2, 0, 0, 0, LANES),
                     PH_OK);
    ck_assert_int_eq(ph_block_init(&second, ph_sampler(cold.sampler), &cold, 2, 0, 0, 0, LANES),
                     PH_OK);
    ph_block_start(&one);
    ph_block_start(&first);
    for (int t = 0; t < HOT + COLD; t++)
        ph_block_sweep(&one);
    for (int t = 0; t < HOT; t++)
        ph_block_sweep(&first);
    for (uint32_t l = 0; l < LANES; l++) {
        ph_block_save(&first, l, bits);
        ph_block_load(&second, l, bits);
    }
    second.sweep = HOT;
    ph_block_recount(&second);
    for (int t = 0; t < COLD; t++)
        ph_block_sweep(&second);
    for (uint32_t l = 0; l < LANES; l++) {
        ph_block_save(&one, l, whole);
        ph_block_save(&second, l, pieces);
        ck_assert_mem_eq(whole, pieces, sizeof(whole));
    }
    ck_assert_int_eq(ph_block_check(&one), PH_OK);
    ph_block_free(&one);
    ph_block_free(&first);
    ph_block_free(&second);
}
END_TEST

PH_TEST_PROGRAM("descent")
{
    TCase *tcase = tcase_create("descent");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, falls_to_a_fixed_point, 0, 12);
    tcase_add_loop_test(tcase, resume_and_company, 0, 12);
    tcase_add_test(tcase, noises);
    tcase_add_loop_test(tcase, quench, 0, 2 * PH_SAMPLER_DESCENT);
    return test_run("descent", tcase);
}
