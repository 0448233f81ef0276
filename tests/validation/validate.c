/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The statistical tests once more, with many times their statistics and a seed of one's own: every
 * sampler and rule against the exact law of small networks, and against the finite-N integral.
 * Usage: validate SEED DRAWS [SAMPLER...]. Prints the table of docs/validation.md; exit 1 where a
 * p-value is below 10^-4 / (number of rows), 2 for a sampler that there is not.
 */
#include <gsl/gsl_cdf.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/samplers/enumerate.h"
#include "tests/sim/samplers/integral.h"

enum { SITES = 8, STATES = 1 << SITES, PATTERNS = 2, LANES = 64, THIN = 10, BLOCKS = 32 };
enum { LAWS = PH_SAMPLER_COUNT * PH_RULE_COUNT * 2 };

static const double DILUTIONS[2][3] = {{0.3, 0.3, 0.3}, {0.2, 0.6, 0.4}};
static const double EXAMPLES[3] = {2, 3, 2}, QUALITY[3] = {0.8, 0.6, 0.7};
static const double FIDELITY[3] = {0.7, 1.0, 0.8}, LADDER[2] = {1.1, 2.0};

typedef struct {
    char what[80], sampler[32], rule[16];
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
    const uint32_t lanes = ph_sampler_has(sampler, PH_TRAIT_ORDERED) ? 1 : LANES;
    point.sampler = sampler;
    point.rule = (ph_rule_t)rule;
    if (sampler == PH_SAMPLER_REPLICA_EXCHANGE)
        point.ladder = (ph_list_t){2, LADDER};
    ph_block_t block;
    if (ph_block_init(&block, ph_sampler(point.sampler), &point, seed, (uint32_t)k, 0, 0, lanes) !=
        PH_OK)
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
    enumerate_stationary(&block.coupling, 1.1, ph_sampler_facts(sampler)->law == PH_LAW_LITTLE,
                         law);
    snprintf(row->what, sizeof(row->what), "law of 8 neurons, %s weights",
             block.coupling.equal_weights ? "equal" : "unequal");
    snprintf(row->sampler, sizeof(row->sampler), "%s", PH_SAMPLER_WORDS.words[sampler]);
    snprintf(row->rule, sizeof(row->rule), "%s", PH_RULE_WORDS.words[rule]);
    row->draws = (double)visits * lanes;
    row->p = chi_square_p(law, counts, row->draws);
    ph_block_free(&block);
    return 0;
}

/* One more case, for the samplers that do not mind: a million neurons. */
static const integral_case_t MILLION = {1000000, 2, PH_RULE_STORAGE, 0, 1.2, {1.19, 1.2, 1.21}};
enum { CASES = INTEGRAL_CASES_COUNT + 1, ROWS = LAWS + INTEGRAL_SAMPLERS_COUNT * CASES };

/* <n_1^2>, the energy and <n_1^4> over independent blocks, against the integral: the least p of
 * Student's t, times their number. */
static int check_integral(int k, uint64_t seed, double draws, row_t *row)
{
    const integral_case_t *c =
        k % CASES < INTEGRAL_CASES_COUNT ? &INTEGRAL_CASES[k % CASES] : &MILLION;
    const ph_point_t point = integral_point(c, INTEGRAL_SAMPLERS[k / CASES]);
    if (c == &MILLION && !ph_sampler_has(point.sampler, PH_TRAIT_LUMPED))
        return 0;
    /* Large networks average by themselves. */
    const double fewer = c->neurons < 1000 ? 1.0 : c->neurons < 10000 ? 4.0 : 16.0;
    const int visits = (int)fmax(1.0, draws / fewer / BLOCKS / LANES);
    integral_t result;
    if (integral_measure(&result, &point, seed, BLOCKS, LANES, visits, 1) != PH_OK)
        return 1;
    snprintf(row->what, sizeof(row->what), "integral, N = %lld, %lld %s, T = %g: %.5g +- %.1g",
             (long long)c->neurons, (long long)c->patterns,
             c->patterns == 1 ? "pattern" : "patterns", c->noise, result.mean[0], result.error[0]);
    snprintf(row->sampler, sizeof(row->sampler), "%s", PH_SAMPLER_WORDS.words[point.sampler]);
    snprintf(row->rule, sizeof(row->rule), "%s", PH_RULE_WORDS.words[c->rule]);
    row->draws = (double)visits * BLOCKS * LANES;
    row->p = 1.0;
    for (size_t m = 0; m < result.count; m++) {
        const double t = fabs(result.mean[m] - result.exact[m]) / result.error[m];
        row->p = fmin(row->p, 2.0 * (double)result.count * gsl_cdf_tdist_Q(t, BLOCKS - 1));
    }
    return 0;
}

static ph_sampler_id_t sampler_of(int row)
{
    return row < LAWS ? (ph_sampler_id_t)(row / 2 % PH_SAMPLER_COUNT)
                      : INTEGRAL_SAMPLERS[(row - LAWS) / CASES];
}

/* The samplers named, as bits; none named: all that have a stationary law. 0: a wrong name. */
static unsigned choose_samplers(int count, char **names)
{
    unsigned chosen = 0;
    for (int i = 0; i < count; i++) {
        int word = 0;
        while (word < PH_SAMPLER_COUNT && strcmp(names[i], PH_SAMPLER_WORDS.words[word]) != 0)
            word++;
        if (word == PH_SAMPLER_COUNT || word == PH_SAMPLER_DESCENT)
            return 0;
        chosen |= 1U << word;
    }
    return count > 0 ? chosen : ~(1U << PH_SAMPLER_DESCENT);
}

static void print_row(FILE *to, const row_t *row)
{
    fprintf(to, "| %s | %s | %s | %.3g | %.3g |\n", row->what, row->sampler, row->rule, row->draws,
            row->p);
}

int main(int argc, char **argv)
{
    static row_t rows[ROWS];
    const uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    const double draws = argc > 2 ? strtod(argv[2], NULL) : 1e6;
    const unsigned chosen = choose_samplers(argc - 3, argv + 3);
    int failed = 0, low = 0, shown = 0;
    double least = 1.0;
    if (chosen == 0) {
        fprintf(stderr, "validate: expected names of samplers that have a stationary law\n");
        return 2;
    }
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : failed)
    for (int k = 0; k < ROWS; k++)
        if (chosen >> sampler_of(k) & 1U) {
            failed += k < LAWS ? check_law(k, seed, draws, &rows[k])
                               : check_integral(k - LAWS, seed, draws, &rows[k]);
            if (rows[k].draws > 0.0) /* what a run that is cut short has found */
                print_row(stderr, &rows[k]);
        }
    printf("| check | sampler | rule | draws | p |\n|---|---|---|---|---|\n");
    for (int k = 0; k < ROWS; k++) {
        if (rows[k].draws <= 0.0)
            continue;
        shown++;
        least = rows[k].p < least ? rows[k].p : least;
        low += rows[k].p < 0.05;
        print_row(stdout, &rows[k]);
    }
    printf("\n%d rows, %d with p < 0.05 (%.1f expected by chance), least p %.2g; seed %llu.\n",
           shown, low, 0.05 * shown, least, (unsigned long long)seed);
    return failed > 0 || least < 1e-4 / shown;
}
