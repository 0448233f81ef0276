/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a block records, against the definitions on its own spins and against exact averages. */
#include <math.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/model/dataset.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { NEURONS = 200, PATTERNS = 2, LANES = 6, FIRST = 2, EXAMPLES = 5, OUT = 64 };

static const double DILUTION[PATTERNS] = {0.2, 0.5}, LEARNED[PATTERNS] = {3, 8};
static const double QUALITY[PATTERNS] = {0.6, 0.3}, FIDELITY[PATTERNS] = {1.0, 0.7};

static const ph_grid_t GRID = {.loss = true,
                               .example_magnetization = true,
                               .example_overlaps = EXAMPLES,
                               .replica_overlap = true,
                               .flips = true,
                               .acceptance = true};

static ph_point_t point_of(ph_rule_t rule)
{
    ph_point_t point = network_point(NEURONS, PATTERNS, DILUTION, 0.4);
    point.rule = rule;
    point.examples = LEARNED;
    point.quality = QUALITY;
    point.blank_fidelity = FIDELITY;
    return point;
}

static void begin(ph_block_t *block, const ph_point_t *point, uint32_t first, uint32_t lanes)
{
    ck_assert_int_eq(ph_block_init(block, ph_sampler(point->sampler), point, 5, 1, 3, first, lanes),
                     PH_OK);
    ck_assert_int_eq(ph_block_watch(block, &GRID), PH_OK);
    ph_block_start(block);
}

static double value(const double *out, ph_observable_id_t id, size_t k)
{
    return out[ph_observable_offset(id, &GRID, PATTERNS) + k];
}

/* Overlap of a lane's spins with sum_{a < count} of a pattern's examples, by definition. */
static double overlap_with(const ph_block_t *block, uint32_t lane, int64_t mu, int64_t first,
                           int64_t count)
{
    double sum = 0.0;
    for (int64_t i = 0; i < NEURONS; i++) {
        int16_t entries[16];
        ph_dataset_entries(block->point, &block->patterns, i, mu, first, count, entries);
        for (int64_t a = 0; a < count; a++)
            sum += entries[a] * ph_block_spin(block, (size_t)i, lane);
    }
    return sum / NEURONS;
}

static void check_lane(ph_block_t *block, const uint64_t *before, uint32_t lane, const double *out)
{
    const bool stored = block->point->rule == PH_RULE_STORAGE;
    double q = 0.0, flips = 0.0;
    for (size_t i = 0; i < NEURONS; i++) {
        const int spin = ph_block_spin(block, i, lane);
        q += spin * ph_block_spin(block, i, lane ^ 1U);
        flips += (before[i] >> (FIRST + lane) & 1) != (spin > 0);
    }
    ck_assert_double_eq_tol(value(out, PH_OBS_REPLICA_OVERLAP, 0), q / NEURONS, 1e-14);
    ck_assert_double_eq_tol(value(out, PH_OBS_FLIPS, 0), flips / NEURONS, 1e-14);
    for (int64_t mu = 0; mu < PATTERNS; mu++) {
        const double n = value(out, PH_OBS_EXAMPLE_MAGNETIZATION, (size_t)mu);
        if (stored)
            ck_assert_double_eq(n, value(out, PH_OBS_MAGNETIZATION, (size_t)mu));
        else
            ck_assert_double_eq_tol(n,
                                    overlap_with(block, lane, mu, 0, (int64_t)LEARNED[mu]) /
                                        (LEARNED[mu] * QUALITY[mu]),
                                    1e-13);
        for (int64_t a = 0; a < EXAMPLES; a++) {
            const double single = value(out, PH_OBS_EXAMPLE_OVERLAP, (size_t)(mu * EXAMPLES + a));
            ck_assert(stored ? isnan(single) != 0
                             : fabs(single - overlap_with(block, lane, mu, a, 1)) < 1e-14);
        }
    }
}

/* Every observable of every lane is what its definition makes of the spins, for every rule. */
START_TEST(observables_by_definition)
{
    const ph_point_t point = point_of((ph_rule_t)_i);
    ph_block_t block;
    begin(&block, &point, FIRST, LANES);
    int64_t *scratch = calloc(ph_block_scratch(&block), sizeof(*scratch));
    for (int t = 0; t < 4; t++) {
        uint64_t before[NEURONS];
        memcpy(before, block.spins, sizeof(before));
        if (t > 0)
            ph_block_sweep(&block);
        for (uint32_t l = 0; l < LANES; l++) {
            double out[OUT];
            ph_block_measure(&block, &GRID, l, scratch, out);
            check_lane(&block, before, l, out);
        }
    }
    free(scratch);
    ph_block_free(&block);
}
END_TEST

/*
 * Where a sweep attempts each neuron once, the accepted updates are the neurons that changed; in
 * random order Metropolis accepts all at infinite noise, and 1 - e^-2 over 2 of the neurons differ.
 */
START_TEST(acceptance_counts_updates)
{
    ph_point_t point = point_of(PH_RULE_SUPERVISED);
    point.sampler = PH_SAMPLER_METROPOLIS;
    point.order = (ph_order_t)_i;
    point.noise = _i == PH_ORDER_RANDOM ? 1e12 : 0.7;
    ph_block_t block;
    begin(&block, &point, 0, LANES);
    int64_t *scratch = calloc(ph_block_scratch(&block), sizeof(*scratch));
    double flips = 0.0, accepted = 0.0, out[OUT];
    for (int t = 0; t < 100; t++) {
        ph_block_sweep(&block);
        for (uint32_t l = 0; l < LANES; l++) {
            ph_block_measure(&block, &GRID, l, scratch, out);
            if (_i != PH_ORDER_RANDOM)
                ck_assert_double_eq(value(out, PH_OBS_ACCEPTANCE, 0), value(out, PH_OBS_FLIPS, 0));
            flips += value(out, PH_OBS_FLIPS, 0) / (100 * LANES);
            accepted += value(out, PH_OBS_ACCEPTANCE, 0) / (100 * LANES);
        }
    }
    if (_i == PH_ORDER_RANDOM) {
        ck_assert_double_eq_tol(accepted, 1.0, 1e-12);
        /* lanes share their sites: 5 errors of 100 sweeps of 200 neurons */
        ck_assert_double_eq_tol(flips, 0.5 * (1.0 - exp(-2.0)), 5.0 * 0.5 / sqrt(100.0 * NEURONS));
    } else {
        ck_assert_double_gt(accepted, 0.1);
        ck_assert_double_lt(accepted, 0.9);
    }
    free(scratch);
    ph_block_free(&block);
}
END_TEST

/* A pair of replicas records the same numbers alone as among others. */
START_TEST(pairs_do_not_see_company)
{
    const ph_point_t point = point_of(PH_RULE_UNSUPERVISED);
    ph_block_t all, pair;
    begin(&all, &point, 0, LANES);
    begin(&pair, &point, FIRST, 2);
    int64_t *scratch = calloc(ph_block_scratch(&all), sizeof(*scratch));
    for (int t = 0; t < 5; t++) {
        double together[OUT] = {0}, apart[OUT] = {0};
        ph_block_sweep(&all);
        ph_block_sweep(&pair);
        ph_block_measure(&all, &GRID, FIRST + 1, scratch, together);
        ph_block_measure(&pair, &GRID, 1, scratch, apart);
        ck_assert_mem_eq(together, apart, sizeof(apart));
    }
    free(scratch);
    ph_block_free(&all);
    ph_block_free(&pair);
}
END_TEST

/* Replicas are paired by number, so two neighbours of different pairs have no overlap. */
START_TEST(neighbours_are_no_pair)
{
    const ph_point_t point = point_of(PH_RULE_STORAGE);
    ph_block_t block;
    begin(&block, &point, 1, 2);
    int64_t *scratch = calloc(ph_block_scratch(&block), sizeof(*scratch));
    for (uint32_t l = 0; l < 2; l++) {
        double out[OUT];
        ph_block_measure(&block, &GRID, l, scratch, out);
        ck_assert(isnan(value(out, PH_OBS_REPLICA_OVERLAP, 0)));
    }
    free(scratch);
    ph_block_free(&block);
}
END_TEST

enum { SMALL = 8, CHAINS = 400, SWEEPS = 60 };

/* <s_i s_j> of exp(-H/T) over all states, from overlaps; out: sum_ij <s_i s_j>^2 / N^2. */
static double exact_square_overlap(const ph_coupling_t *coupling, double noise)
{
    double pair[SMALL][SMALL] = {{0}}, z = 0.0, out = 0.0;
    for (int state = 0; state < 1 << SMALL; state++) {
        double energy = 0.0;
        for (int64_t p = 0; p < coupling->features; p++) {
            double overlap = 0.0;
            for (int i = 0; i < SMALL; i++)
                overlap += coupling->phi[i * coupling->features + p] * ((state >> i) & 1 ? 1 : -1);
            energy -= 0.5 * coupling->weights[p] * overlap * overlap / SMALL;
        }
        const double weight = exp(-energy / noise);
        z += weight;
        for (int i = 0; i < SMALL; i++)
            for (int j = 0; j < SMALL; j++)
                pair[i][j] += weight * ((state >> i ^ state >> j) & 1 ? -1 : 1);
    }
    for (int i = 0; i < SMALL; i++)
        for (int j = 0; j < SMALL; j++)
            out += pair[i][j] * pair[i][j] / (z * z * SMALL * SMALL);
    return out;
}

/*
 * In equilibrium <q^2> of two replicas is the square of the correlations, though they share the
 * order of the sites. 400 independent blocks of one pair; bound of 5 errors.
 */
START_TEST(replica_overlap_in_equilibrium)
{
    ph_point_t point = point_of(PH_RULE_SUPERVISED);
    point.neurons = SMALL;
    point.noise = 0.9;
    double sum = 0.0, squares = 0.0, exact = 0.0;
    for (uint32_t b = 0; b < CHAINS; b++) {
        ph_block_t block;
        double out[OUT], mean = 0.0;
        int64_t scratch[OUT];
        ck_assert_int_eq(ph_block_init(&block, ph_sampler(point.sampler), &point, 5, 1, b, 0, 2),
                         PH_OK);
        ck_assert_int_eq(ph_block_watch(&block, &GRID), PH_OK);
        ph_block_start(&block);
        exact = exact_square_overlap(&block.coupling, point.noise);
        for (int t = -50; t < SWEEPS; t++) {
            ph_block_sweep(&block);
            ph_block_measure(&block, &GRID, 0, scratch, out);
            const double q = value(out, PH_OBS_REPLICA_OVERLAP, 0);
            mean += t < 0 ? 0.0 : q * q / SWEEPS;
        }
        sum += mean;
        squares += mean * mean;
        ph_block_free(&block);
    }
    const double mean = sum / CHAINS;
    const double error = sqrt((squares / CHAINS - mean * mean) / (CHAINS - 1));
    ck_assert_msg(fabs(mean - exact) < 5.0 * error, "%g +- %g, exact %g", mean, error, exact);
    ck_assert_double_lt(error, 0.03 * exact);
}
END_TEST

PH_TEST_PROGRAM("records")
{
    TCase *tcase = tcase_create("records");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, observables_by_definition, 0, PH_RULE_COUNT);
    tcase_add_loop_test(tcase, acceptance_counts_updates, 0, PH_ORDER_COUNT);
    tcase_add_test(tcase, pairs_do_not_see_company);
    tcase_add_test(tcase, neighbours_are_no_pair);
    tcase_add_test(tcase, replica_overlap_in_equilibrium);
    return test_run("records", tcase);
}
