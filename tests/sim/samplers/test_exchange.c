/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Replica exchange against exact laws: two rungs jointly, the rung that is recorded, the energies
 * of all; what it records; and that resume and company change nothing. Seeds are fixed; every
 * chi-square has a false-alarm rate of 1e-6.
 */
#include "sim/model/segment.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/enumerate.h"
#include "tests/sim/samplers/network.h"

enum { PATTERNS = 2, LANES = 64, RUNGS = 3 };

static const double DILUTION[PATTERNS] = {0.2, 0.5}, NOISES[RUNGS] = {0.4, 0.8, 1.6};

static ph_point_t make_point(int64_t neurons, size_t rungs, double noise)
{
    ph_point_t point = network_point(neurons, PATTERNS, DILUTION, noise);
    point.sampler = PH_SAMPLER_REPLICA_EXCHANGE;
    point.ladder = (ph_list_t){rungs, NOISES};
    return point;
}

/* Swaps leave the product of the rungs' laws as it is: all 16 x 16 joint states of two rungs, at
 * noises where visits to them are independent. */
START_TEST(joint_law)
{
    enum { SITES = 4, STATES = 1 << SITES, VISITS = 3000, THIN = 12 };
    static double law[STATES * STATES], counts[STATES * STATES];
    double cold[STATES], hot[STATES];
    ph_point_t point = make_point(SITES, 2, NOISES[1 + _i]);
    point.ladder.values = &NOISES[1];
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 3, 0, 0, 0, LANES),
                     PH_OK);
    ck_assert_uint_eq(ph_point_extra_bytes(&point), 1 + 4 + 8);
    memset(counts, 0,
           sizeof(counts)); /* kept from one loop to the next where Check does not fork */
    ph_block_start(&block);
    for (int visit = -10; visit < VISITS; visit++) {
        for (int sweep = 0; sweep < THIN; sweep++)
            ph_block_sweep(&block);
        for (uint32_t l = 0; visit >= 0 && l < LANES; l++) {
            uint8_t bytes[14];
            ph_block_save(&block, l, bytes);
            counts[bytes[_i] * STATES + bytes[1 - _i]] += 1.0;
        }
    }
    enumerate_stationary(&block.coupling, NOISES[1], false, cold);
    enumerate_stationary(&block.coupling, NOISES[2], false, hot);
    for (int a = 0; a < STATES; a++)
        for (int b = 0; b < STATES; b++)
            law[a * STATES + b] = cold[a] * hot[b];
    enumerate_chi_square(law, counts, STATES * STATES, (double)VISITS * LANES);
    ph_block_free(&block);
}
END_TEST

/* Energies of all rungs are those of exp(-H/T) at their noises, swaps are as frequent as the
 * rungs' independent energies say, and copies travel. Bounds of 6 errors over 64 chains. */
START_TEST(rungs_and_swaps)
{
    enum { SITES = 10, STATES = 1 << SITES, SWEEPS = 3000, FIRST = 50 };
    static double law[RUNGS][STATES], energy[STATES];
    const ph_grid_t grid = {.trajectory = true, .rungs = RUNGS};
    const ph_point_t point = make_point(SITES, RUNGS, NOISES[1]);
    double sum[2 * RUNGS - 1] = {0}, square[2 * RUNGS - 1] = {0}, trips = 0.0;
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 3, 1, 0, 0, LANES),
                     PH_OK);
    double means[LANES][2 * RUNGS - 1] = {{0}};
    ph_block_start(&block);
    for (int t = -FIRST; t < SWEEPS; t++) {
        int64_t scratch[16];
        double out[16];
        ph_block_sweep(&block);
        for (uint32_t l = 0; t >= 0 && l < LANES; l++) {
            ph_block_measure(&block, &grid, l, scratch, out);
            for (int k = 0; k < RUNGS - 1; k++)
                means[l][RUNGS + k] += out[PATTERNS + 1 + k] / SWEEPS;
            for (int r = 0; r < RUNGS; r++)
                means[l][r] += out[PATTERNS + 1 + RUNGS + r] / SWEEPS;
            ck_assert_double_eq_tol(out[PATTERNS], out[PATTERNS + 1 + RUNGS + 1], 1e-12);
            trips += t == SWEEPS - 1 ? out[PATTERNS + RUNGS] : 0.0;
        }
    }
    for (int r = 0; r < RUNGS; r++)
        enumerate_stationary(&block.coupling, NOISES[r], false, law[r]);
    for (int s = 0; s < STATES; s++)
        for (int i = 0; i < SITES; i++)
            energy[s] -= 0.5 * enumerate_spin(s, i) * enumerate_field(&block.coupling, s, i);
    double exact[2 * RUNGS - 1] = {0};
    for (int r = 0; r < RUNGS; r++)
        for (int s = 0; s < STATES; s++)
            exact[r] += law[r][s] * energy[s] / SITES;
    /* The second pair is offered after the first has swapped: only the first is independent. */
    for (int a = 0; a < STATES; a++)
        for (int b = 0; b < STATES; b++)
            exact[RUNGS] +=
                law[0][a] * law[1][b] *
                fmin(1.0, exp((1.0 / NOISES[0] - 1.0 / NOISES[1]) * (energy[a] - energy[b])));
    for (int k = 0; k < RUNGS + 1; k++) {
        for (int l = 0; l < LANES; l++) {
            sum[k] += means[l][k] / LANES;
            square[k] += means[l][k] * means[l][k] / LANES;
        }
        const double error = sqrt((square[k] - sum[k] * sum[k]) / (LANES - 1));
        ck_assert_msg(fabs(sum[k] - exact[k]) < 6.0 * error, "%d: %g +- %g, exact %g", k, sum[k],
                      error, exact[k]);
        ck_assert_double_lt(error, 0.02);
    }
    ck_assert_double_gt(trips, (double)LANES * SWEEPS / 100.0);
    ph_block_free(&block);
}
END_TEST

/* A ladder alone, among others, and continued from what was saved: the same bits and records. */
START_TEST(resume_and_company)
{
    enum { NEURONS = 61, SWEEPS = 1200, BYTES = 8 + 2 * 8 + 2 * RUNGS + 8 };
    const ph_point_t point = make_point(NEURONS, RUNGS, NOISES[_i]);
    uint8_t end[BYTES];
    network_company(&point, 16, SWEEPS, sizeof(end), end);
    ck_assert_uint_ne(end[BYTES - 8], 0); /* it went up and down */
}
END_TEST

PH_TEST_PROGRAM("exchange")
{
    TCase *tcase = tcase_create("exchange");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, joint_law, 0, 2);
    tcase_add_test(tcase, rungs_and_swaps);
    tcase_add_loop_test(tcase, resume_and_company, 0, RUNGS);
    return test_run("exchange", tcase);
}
