/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What holds for the chains of every sampler that moves all neurons at once: paths that are known,
 * resume and company that change nothing, overlaps and patterns recounted; and equilibrium against
 * the finite-N integral from N = 60 to 10^6.
 */
#include <math.h>
#include <string.h>

#include "analysis/exact/exact.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { NEURONS = 500, PATTERNS = 3, LANES = 16, SWEEPS = 20, SAMPLERS = 4 };

static const double DILUTIONS[2][PATTERNS] = {{0.4, 0.4, 0.4}, {0.2, 0.4, 0.7}};
static const double EXAMPLES[PATTERNS] = {4, 5, 6}, QUALITY[PATTERNS] = {0.8, 0.6, 0.7};
static const double FIDELITY[PATTERNS] = {0.7, 1.0, 0.9};
static const ph_sampler_id_t IDS[SAMPLERS] = {PH_SAMPLER_LITTLE, PH_SAMPLER_BLOCK_GIBBS,
                                              PH_SAMPLER_LUMPED_LITTLE,
                                              PH_SAMPLER_LUMPED_BLOCK_GIBBS};

static ph_point_t make_point(int sampler, int weights, ph_rule_t rule, double noise)
{
    ph_point_t point = network_point(NEURONS, PATTERNS, DILUTIONS[weights], noise);
    point.sampler = IDS[sampler];
    point.rule = rule;
    point.examples = EXAMPLES;
    point.quality = QUALITY;
    point.blank_fidelity = FIDELITY;
    point.start = PH_START_ARCHETYPE;
    return point;
}

/* A lane's path is the same bits alone, among others, and continued from saved spins. */
START_TEST(lane_does_not_see_company)
{
    const ph_point_t point =
        make_point(_i & 3, 0, _i >> 2 ? PH_RULE_SUPERVISED : PH_RULE_STORAGE, 0.3);
    uint8_t end[63] = {0};
    network_company(&point, LANES, SWEEPS, sizeof(end), end);
}
END_TEST

/* Overlaps with features and patterns are those of the spins handed out, also at T = 0. */
START_TEST(overlaps_recount)
{
    static const ph_rule_t rules[] = {PH_RULE_STORAGE, PH_RULE_SUPERVISED, PH_RULE_UNSUPERVISED};
    const ph_point_t point = make_point(_i & 3, 1, rules[_i >> 3], _i & 4 ? 0.4 : 0.0);
    const ph_grid_t grid = {.trajectory = true};
    ph_block_t block;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 1, 0, 0, 0, LANES),
                     PH_OK);
    ph_block_start(&block);
    for (int t = 0; t < 5; t++) {
        int64_t scratch[64];
        double out[8];
        ph_block_sweep(&block);
        ph_block_measure(&block, &grid, 9, scratch, out);
        ck_assert_int_eq(ph_block_check(&block), PH_OK);
        for (int mu = 0; mu < PATTERNS; mu++) {
            double sum = 0.0;
            for (size_t i = 0; i < NEURONS; i++)
                sum +=
                    block.patterns.entries[i * PATTERNS + (size_t)mu] * ph_block_spin(&block, i, 9);
            ck_assert_double_eq_tol(out[mu], sum / NEURONS, 1e-12);
        }
    }
    block.overlaps[1]++;
    ck_assert_int_eq(ph_block_check(&block), PH_ERR_NUMERIC);
    ph_block_free(&block);
}
END_TEST

/* The paths themselves, in every compiler, instruction set and sanitizer: sampler x weights. */
START_TEST(path_is_known)
{
    static const uint64_t KNOWN[8] = {
        UINT64_C(10520969975677125352), UINT64_C(3553638452385016056),
        UINT64_C(5208349206059372934),  UINT64_C(2089626683339338274),
        UINT64_C(16385398345324236650), UINT64_C(361232491325250129),
        UINT64_C(2946335769850598857),  UINT64_C(8798648087607625854)};
    const ph_point_t point = make_point(_i & 3, _i >> 2, PH_RULE_STORAGE, 0.3);
    ph_block_t block;
    ph_digest_t path[SWEEPS];
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 9, 3, 1, 0, LANES),
                     PH_OK);
    ph_block_start(&block);
    for (int t = 0; t < SWEEPS; t++) {
        uint8_t bits[63];
        ph_block_sweep(&block);
        ph_block_save(&block, 0, bits);
        path[t] = network_spins(&block);
    }
    ck_assert_uint_eq(ph_digest_bytes(path, sizeof(path)).low, KNOWN[_i]);
    ph_block_free(&block);
}
END_TEST

typedef struct {
    ph_sampler_id_t sampler;
    int64_t neurons, patterns;
    double noise, dilution;
    int sweeps;
} case_t;

static const case_t CASES[] = {
    {PH_SAMPLER_BLOCK_GIBBS, 60, 3, 0.9, 0.3, 6000},
    {PH_SAMPLER_BLOCK_GIBBS, 400, 2, 1.0, 0.4, 3000},
    {PH_SAMPLER_BLOCK_GIBBS, 10000, 2, 1.5, 0.3, 200},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 60, 1, 0.9, 0.2, 12000},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 60, 3, 0.9, 0.3, 6000},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 2000, 3, 1.3, 0.5, 6000},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 10000, 1, 0.5, 0.3, 20000},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 1000000, 2, 1.2, 0.3, 5000},
};
enum { CASES_COUNT = sizeof(CASES) / sizeof(CASES[0]), MEASURED = 3 };

/* Means of <o_1^2>, <o_1^4> and the energy of each lane after a quarter of burn-in: chains of
 * these samplers share nothing, so that lanes are independent. */
static void measure(const case_t *c, ph_block_t *block, double mean[LANES][MEASURED])
{
    const ph_grid_t grid = {.trajectory = true};
    int64_t scratch[16];
    double out[8];
    memset(mean, 0, LANES * sizeof(*mean));
    ph_block_start(block);
    for (int t = -c->sweeps / 4; t < c->sweeps; t++) {
        ph_block_sweep(block);
        for (uint32_t l = 0; t >= 0 && l < LANES; l++) {
            ph_block_measure(block, &grid, l, scratch, out);
            mean[l][0] += out[0] * out[0] / c->sweeps;
            mean[l][1] += pow(out[0], 4) / c->sweeps;
            mean[l][2] += out[c->patterns] / c->sweeps;
        }
    }
}

/* Moments and energy of the very sample. A bound of 6 errors with 15 degrees of freedom: false
 * alarm 3e-5 a comparison. */
START_TEST(finite_size_integral)
{
    const case_t *c = &CASES[_i];
    const double dilution[3] = {c->dilution, c->dilution, c->dilution};
    ph_point_t point = network_point(c->neurons, c->patterns, dilution, c->noise);
    double means[LANES][MEASURED];
    point.sampler = c->sampler;
    point.start = PH_START_ARCHETYPE;
    ph_block_t block;
    ph_exact_t exact;
    ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 5, 1, 0, 0, LANES),
                     PH_OK);
    ck_assert_int_eq(ph_exact_init(&exact, c->patterns), PH_OK);
    ck_assert_int_eq(ph_exact_integral(&exact, &block.coupling, c->noise, NULL), PH_OK);
    const double values[MEASURED] = {exact.second[0], exact.fourth[0], exact.energy};
    measure(c, &block, means);
    for (int k = 0; k < MEASURED; k++) {
        double mean = 0.0, square = 0.0;
        for (int l = 0; l < LANES; l++) {
            mean += means[l][k] / LANES;
            square += means[l][k] * means[l][k] / LANES;
        }
        const double error = sqrt(fmax(0.0, square - mean * mean) / (LANES - 1));
        ck_assert_msg(fabs(mean - values[k]) < 6.0 * error, "moment %d: %.8g +- %.2g, exact %.8g",
                      k, mean, error, values[k]);
        ck_assert_double_lt(error, 0.1 * fabs(values[k]));
    }
    ph_exact_free(&exact);
    ph_block_free(&block);
}
END_TEST

PH_TEST_PROGRAM("chain")
{
    TCase *tcase = tcase_create("chain");
    tcase_set_timeout(tcase, 200);
    tcase_add_loop_test(tcase, lane_does_not_see_company, 0, 2 * SAMPLERS);
    tcase_add_loop_test(tcase, overlaps_recount, 0, 24);
    tcase_add_loop_test(tcase, path_is_known, 0, 8);
    tcase_add_loop_test(tcase, finite_size_integral, 0, CASES_COUNT);
    return test_run("chain", tcase);
}
