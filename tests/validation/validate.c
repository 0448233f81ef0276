/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The statistical tests once more, with many times their statistics and a seed of one's own: every
 * sampler and rule against the exact law of small networks, and against the finite-N integral.
 * Usage: validate SEED DRAWS. Prints the table of docs/validation.md; exit 1 where a p-value is
 * below 10^-4 / (number of rows).
 */
#include <gsl/gsl_cdf.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/exact.h"
#include "sim/sample/lumps.h"
#include "tests/sim/sample/enumerate.h"
#include "tests/sim/sample/network.h"

enum { SITES = 8, STATES = 1 << SITES, PATTERNS = 2, LANES = 64, THIN = 10, CHAINS = 32 };
enum { LAWS = PH_SAMPLER_COUNT * PH_RULE_COUNT * 2 };

static const double DILUTIONS[2][3] = {{0.3, 0.3, 0.3}, {0.2, 0.6, 0.4}};
static const double EXAMPLES[3] = {2, 3, 2}, QUALITY[3] = {0.8, 0.6, 0.7};
static const double FIDELITY[3] = {0.7, 1.0, 0.8}, LADDER[2] = {1.1, 2.0};

typedef struct {
    char what[64], sampler[32], rule[16];
    double draws, p;
} row_t;

static ph_point_t make_point(int64_t neurons, int64_t patterns, double noise, int weights)
{
    ph_point_t point = network_point(neurons, patterns, DILUTIONS[weights], noise);
    point.examples = EXAMPLES;
    point.quality = QUALITY;
    point.blank_fidelity = FIDELITY;
    point.start = PH_START_ARCHETYPE;
    return point;
}

static double chi_square_p(const double *law, const double *counts, double draws)
{
    double chi2 = 0.0, rest = 0.0, rest_count = 0.0;
    int cells = -1;
    for (int s = 0; s < STATES; s++) {
        const double expected = law[s] * draws;
        if (expected < 10.0) {
            rest += expected;
            rest_count += counts[s];
            continue;
        }
        chi2 += (counts[s] - expected) * (counts[s] - expected) / expected;
        cells++;
    }
    if (rest >= 5.0) {
        chi2 += (rest_count - rest) * (rest_count - rest) / rest;
        cells++;
    }
    return gsl_cdf_chisq_Q(chi2, cells > 0 ? cells : 1);
}

/* Stationary law of 8 neurons: sampler x rule x equal or unequal weights. */
static int check_law(int k, uint64_t seed, double draws, row_t *row)
{
    const ph_sampler_id_t sampler = (ph_sampler_id_t)(k / 2 % PH_SAMPLER_COUNT);
    const int weights = k % 2, rule = k / 2 / PH_SAMPLER_COUNT;
    ph_point_t point = make_point(SITES, PATTERNS, 1.1, weights);
    double law[STATES], counts[STATES] = {0};
    /* Lanes that share the order of the sites are not independent draws: one where there is one. */
    const uint32_t lanes = ph_sampler_orders(sampler) != 1U << PH_ORDER_RANDOM ? 1 : LANES;
    point.sampler = sampler;
    point.rule = (ph_rule_t)rule;
    if (sampler == PH_SAMPLER_REPLICA_EXCHANGE)
        point.ladder = (ph_list_t){2, LADDER};
    ph_block_t block;
    if (ph_block_init(&block, &point, seed, (uint32_t)k, 0, 0, lanes) != PH_OK)
        return 1;
    ph_block_start(&block);
    const int visits = (int)(draws / lanes);
    for (int visit = -20; visit < visits; visit++) {
        for (int t = 0; t < THIN; t++)
            ph_block_sweep(&block);
        for (uint32_t l = 0; visit >= 0 && l < lanes; l++) {
            uint8_t bytes[64];
            ph_block_save(&block, l, bytes);
            counts[bytes[0]] += 1.0;
        }
    }
    enumerate_stationary(&block.coupling, 1.1, ph_sampler_law(sampler) == PH_LAW_LITTLE, law);
    snprintf(row->what, sizeof(row->what), "law of 8 neurons, %s weights",
             block.coupling.equal_weights ? "equal" : "unequal");
    snprintf(row->sampler, sizeof(row->sampler), "%s", PH_SAMPLER_WORDS.words[sampler]);
    snprintf(row->rule, sizeof(row->rule), "%s", PH_RULE_WORDS.words[rule]);
    row->draws = (double)visits * lanes;
    row->p = chi_square_p(law, counts, row->draws);
    ph_block_free(&block);
    return 0;
}

typedef struct {
    ph_sampler_id_t sampler;
    int64_t neurons, patterns;
    double noise;
} integral_t;

static const integral_t INTEGRALS[] = {
    {PH_SAMPLER_GLAUBER, 60, 3, 0.9},
    {PH_SAMPLER_GLAUBER, 400, 2, 1.0},
    {PH_SAMPLER_METROPOLIS, 400, 2, 1.0},
    {PH_SAMPLER_BLOCK_GIBBS, 60, 3, 0.9},
    {PH_SAMPLER_BLOCK_GIBBS, 400, 2, 1.0},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 60, 3, 0.9},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 2000, 3, 1.3},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 10000, 1, 0.5},
    {PH_SAMPLER_LUMPED_BLOCK_GIBBS, 1000000, 2, 1.2},
};
enum { INTEGRALS_COUNT = sizeof(INTEGRALS) / sizeof(INTEGRALS[0]), ROWS = LAWS + INTEGRALS_COUNT };

/* <o_1^2> over independent blocks of one chain, against the integral: Student's t. */
static int check_integral(int k, uint64_t seed, double draws, row_t *row)
{
    const integral_t *c = &INTEGRALS[k];
    const ph_grid_t grid = {.trajectory = true};
    ph_point_t point = make_point(c->neurons, c->patterns, c->noise, 0);
    const int sweeps = (int)(draws / CHAINS / (ph_sampler_lumped(c->sampler) ? 4 : 16));
    double sum = 0.0, squares = 0.0, exact = 0.0;
    point.sampler = c->sampler;
    for (uint32_t b = 0; b < CHAINS; b++) {
        ph_block_t block;
        int64_t scratch[16];
        double out[8], mean = 0.0;
        if (ph_block_init(&block, &point, seed, 1, b, 0, 1) != PH_OK)
            return 1;
        ph_exact_t integral;
        if (b == 0 && (ph_exact_init(&integral, c->patterns) != PH_OK ||
                       ph_exact_integral(&integral, &block.coupling, c->noise, NULL) != PH_OK))
            return 1;
        if (b == 0) {
            exact = integral.second[0];
            ph_exact_free(&integral);
        }
        ph_block_start(&block);
        for (int t = -sweeps / 4; t < sweeps; t++) {
            ph_block_sweep(&block);
            ph_block_measure(&block, &grid, 0, scratch, out);
            mean += t >= 0 ? out[0] * out[0] / sweeps : 0.0;
        }
        sum += mean / CHAINS;
        squares += mean * mean / CHAINS;
        ph_block_free(&block);
    }
    const double error = sqrt((squares - sum * sum) / (CHAINS - 1));
    snprintf(row->what, sizeof(row->what), "integral, N = %lld, K = %lld, T = %g: %.5g +- %.1g",
             (long long)c->neurons, (long long)c->patterns, c->noise, sum, error);
    snprintf(row->sampler, sizeof(row->sampler), "%s", PH_SAMPLER_WORDS.words[c->sampler]);
    snprintf(row->rule, sizeof(row->rule), "storage");
    row->draws = (double)sweeps * CHAINS;
    row->p = 2.0 * gsl_cdf_tdist_Q(fabs(sum - exact) / error, CHAINS - 1);
    return 0;
}

int main(int argc, char **argv)
{
    static row_t rows[ROWS];
    const uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    const double draws = argc > 2 ? strtod(argv[2], NULL) : 1e6;
    int failed = 0, low = 0;
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : failed)
    for (int k = 0; k < ROWS; k++)
        if (k >= LAWS)
            failed += check_integral(k - LAWS, seed, draws, &rows[k]);
        else if (k / 2 % PH_SAMPLER_COUNT != PH_SAMPLER_DESCENT)
            failed += check_law(k, seed, draws, &rows[k]);
    printf("| check | sampler | rule | draws | p |\n|---|---|---|---|---|\n");
    double least = 1.0;
    int shown = 0;
    for (int k = 0; k < ROWS; k++) {
        if (rows[k].draws <= 0.0)
            continue;
        shown++;
        least = rows[k].p < least ? rows[k].p : least;
        low += rows[k].p < 0.05;
        printf("| %s | %s | %s | %.3g | %.3g |\n", rows[k].what, rows[k].sampler, rows[k].rule,
               rows[k].draws, rows[k].p);
    }
    printf("\n%d rows, %d with p < 0.05 (%.1f expected by chance), least p %.2g; seed %llu.\n",
           shown, low, 0.05 * shown, least, (unsigned long long)seed);
    return failed > 0 || least < 1e-4 / shown;
}
