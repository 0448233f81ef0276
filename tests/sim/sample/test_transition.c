/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Glauber and Metropolis in their orders against exact enumeration: the full matrix of one sweep
 * and the stationary law of a small network, by chi-square. All seeds are fixed; the false-alarm
 * rate of each chi-square is 1e-6 (Wilson-Hilferty quantile).
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "sim/sample/block.h"
#include "tests/sim/sample/network.h"
#include "tests/testing.h"

enum { SITES = 4, STATES = 1 << SITES, DRAWS = 20000 };

static const double EQUAL[3] = {0.3, 0.3, 0.3}, UNEQUAL[3] = {0.1, 0.3, 0.6};
static const double FALSE_ALARM = 1e-6;

/* Field on a site from the definition: sum over the other sites of J_ij s_j. */
static double field_of(const ph_patterns_t *xi, const ph_point_t *point, int state, int site)
{
    double field = 0.0;
    for (int j = 0; j < (int)xi->neurons; j++) {
        if (j == site)
            continue;
        for (int64_t mu = 0; mu < xi->patterns; mu++) {
            double g = 1.0 / (1.0 - point->dilution[mu]);
            field += g * xi->entries[site * xi->patterns + mu] *
                     xi->entries[j * xi->patterns + mu] * ((state >> j) & 1 ? 1 : -1) /
                     (double)xi->neurons;
        }
    }
    return fabs(field) < 1e-12 ? 0.0 : field;
}

/* Probability that an attempt at `site` flips it. */
static double flip_probability(const ph_patterns_t *xi, const ph_point_t *point, int state,
                               int site)
{
    int spin = (state >> site) & 1 ? 1 : -1;
    double cost = spin * field_of(xi, point, state, site);
    bool metropolis = point->sampler == PH_SAMPLER_METROPOLIS;
    if (cost == 0.0)
        return metropolis && point->order == PH_ORDER_RANDOM && point->noise > 0.0 ? 1.0 : 0.5;
    if (point->noise <= 0.0)
        return cost < 0.0;
    double x = 2.0 * cost / point->noise;
    return metropolis ? fmin(1.0, exp(-x)) : 1.0 / (1.0 + exp(x));
}

typedef struct {
    double p[STATES][STATES];
} matrix_t;

static void multiply(matrix_t *a, const matrix_t *b)
{
    matrix_t out = {0};
    for (int i = 0; i < STATES; i++)
        for (int k = 0; k < STATES; k++)
            for (int j = 0; j < STATES; j++)
                out.p[i][j] += a->p[i][k] * b->p[k][j];
    *a = out;
}

static void attempt_matrix(matrix_t *m, const ph_patterns_t *xi, const ph_point_t *point, int site,
                           double weight)
{
    for (int state = 0; state < STATES; state++) {
        double flip = flip_probability(xi, point, state, site);
        m->p[state][state ^ (1 << site)] += weight * flip;
        m->p[state][state] += weight * (1.0 - flip);
    }
}

static void sequence_matrix(matrix_t *m, const ph_patterns_t *xi, const ph_point_t *point,
                            const int *sites)
{
    for (int i = 0; i < STATES; i++)
        m->p[i][i] = 1.0;
    for (int k = 0; k < SITES; k++) {
        matrix_t one = {0};
        attempt_matrix(&one, xi, point, sites[k], 1.0);
        multiply(m, &one);
    }
}

/* Matrix of one whole sweep in the point's order. */
static void sweep_matrix(matrix_t *m, const ph_patterns_t *xi, const ph_point_t *point)
{
    memset(m, 0, sizeof(*m));
    if (point->order == PH_ORDER_RANDOM) {
        matrix_t one = {0};
        for (int site = 0; site < SITES; site++)
            attempt_matrix(&one, xi, point, site, 1.0 / SITES);
        *m = one;
        for (int k = 1; k < SITES; k++)
            multiply(m, &one);
    } else if (point->order == PH_ORDER_SEQUENTIAL) {
        sequence_matrix(m, xi, point, (const int[]){0, 1, 2, 3});
    } else {
        for (int code = 0; code < 256; code++) {
            int sites[SITES] = {code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 & 3};
            int seen = 1 << sites[0] | 1 << sites[1] | 1 << sites[2] | 1 << sites[3];
            matrix_t one = {0};
            if (seen != STATES - 1)
                continue;
            sequence_matrix(&one, xi, point, sites);
            for (int i = 0; i < STATES * STATES; i++)
                m->p[i / STATES][i % STATES] += one.p[i / STATES][i % STATES] / 24.0;
        }
    }
}

static void check_chi_square(const double *expected, const double *counts, int states)
{
    double chi2 = 0.0, small_expected = 0.0, small_count = 0.0;
    int cells = 0;
    for (int j = 0; j < states; j++) {
        if (expected[j] < 1e-9) {
            ck_assert_double_eq(counts[j], 0.0);
        } else if (expected[j] < 10.0) {
            small_expected += expected[j];
            small_count += counts[j];
        } else {
            chi2 += (counts[j] - expected[j]) * (counts[j] - expected[j]) / expected[j];
            cells++;
        }
    }
    if (small_expected >= 5.0) {
        chi2 += (small_count - small_expected) * (small_count - small_expected) / small_expected;
        cells++;
    }
    if (cells > 1)
        ck_assert_double_lt(chi2, gsl_cdf_chisq_Qinv(FALSE_ALARM, cells - 1));
}

static int state_of(ph_block_t *block, uint32_t lane)
{
    uint8_t bits[2] = {0, 0};
    ph_block_save(block, lane, bits);
    return bits[0] | bits[1] << 8;
}

static void check_sweep(const ph_point_t *point, uint32_t lanes, uint32_t lane)
{
    ph_block_t block;
    matrix_t exact;
    ck_assert_int_eq(ph_block_init(&block, point, 7, 0, 0, 0, lanes), PH_OK);
    sweep_matrix(&exact, &block.patterns, point);
    for (int from = 0; from < STATES; from++) {
        double counts[STATES] = {0}, expected[STATES];
        uint8_t bits = (uint8_t)from;
        for (int draw = 0; draw < DRAWS; draw++) {
            for (uint32_t l = 0; l < lanes; l++)
                ph_block_load(&block, l, &bits);
            ph_block_recount(&block);
            ph_block_sweep(&block);
            counts[state_of(&block, lane)] += 1.0;
        }
        for (int to = 0; to < STATES; to++)
            expected[to] = DRAWS * exact.p[from][to];
        check_chi_square(expected, counts, STATES);
    }
    ph_block_free(&block);
}

/* One sweep moves every state with the exact probabilities: sampler x order x weights x noise. */
START_TEST(one_sweep_matrix)
{
    const double *dilutions[2] = {EQUAL, UNEQUAL};
    const double noises[2] = {0.0, 0.7};
    ph_point_t point = network_point(SITES, 3, dilutions[_i & 1], noises[_i >> 1 & 1]);
    point.sampler = (ph_sampler_id_t)(_i >> 2 & 1);
    point.order = (ph_order_t)(_i >> 3);
    check_sweep(&point, 1, 0);
}
END_TEST

/* The same holds for a lane in the middle of a block. */
START_TEST(one_sweep_matrix_of_a_lane)
{
    ph_point_t point = network_point(SITES, 3, EQUAL, 0.7);
    check_sweep(&point, 8, 5);
}
END_TEST

enum { SMALL = 8, VISITS = 60000, THIN = 25 };

/* Long chains visit the states of 8 neurons with weights exp(-H/T), whatever sampler and order. */
START_TEST(stationary_law)
{
    static double counts[1 << SMALL], expected[1 << SMALL];
    ph_point_t point = network_point(SMALL, 3, _i & 1 ? UNEQUAL : EQUAL, 1.1);
    point.sampler = (ph_sampler_id_t)(_i >> 1 & 1);
    point.order = (ph_order_t)(_i >> 2);
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, &point, 11, 2, 0, 0, 1), PH_OK);
    ph_block_start(&block);
    for (int visit = -10; visit < VISITS; visit++) {
        for (int sweep = 0; sweep < THIN; sweep++)
            ph_block_sweep(&block);
        if (visit >= 0)
            counts[state_of(&block, 0)] += 1.0;
    }
    double z = 0.0;
    for (int state = 0; state < 1 << SMALL; state++) {
        double energy = 0.0;
        for (int i = 0; i < SMALL; i++)
            energy -=
                0.5 * ((state >> i) & 1 ? 1 : -1) * field_of(&block.patterns, &point, state, i);
        expected[state] = exp(-energy / point.noise);
        z += expected[state];
    }
    for (int state = 0; state < 1 << SMALL; state++)
        expected[state] *= VISITS / z;
    check_chi_square(expected, counts, 1 << SMALL);
    ph_block_free(&block);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("transition");
    TCase *tcase = tcase_create("exact");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, one_sweep_matrix, 0, 24);
    tcase_add_test(tcase, one_sweep_matrix_of_a_lane);
    tcase_add_loop_test(tcase, stationary_law, 0, 12);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int bad = srunner_ntests_failed(runner) > 0 || srunner_ntests_run(runner) == 0;
    srunner_free(runner);
    return bad;
}
