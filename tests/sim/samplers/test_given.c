/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks of given patterns: their couplings against plain loops, chains against all states. */
#include <math.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/model/dataset.h"
#include "sim/model/sample.h"
#include "sim/samplers/samplers.h"
#include "tests/params/parse.h"

enum { NEURONS = 10, PATTERNS = 3, STATES = 1 << NEURONS };

/* Correlated, one biased, one of half weight. */
static const char *const GIVEN[PATTERNS] = {"+++++-----", "++++0-++--", "000++0+++0"};
static const char TEXT[] =
    "network: { patterns: { given: \"+++++----- ++++0-++-- 000++0+++0\" }, normalization: none,\n"
    "           examples: 3, quality: 0.6 }\n"
    "noise: 0.8\ndynamics: { sweeps: 1 }\n";

static int entry(int mu, int site)
{
    return GIVEN[mu][site] == '+' ? 1 : GIVEN[mu][site] == '-' ? -1 : 0;
}

/* Four examples of each, of which the first three are learned; blanks where they are. */
#define DATA                                                                                       \
    "++++0----- +++-+----0 -++++--+-- +++++-----/++++0-+0-- ++-+0-++-+ 0+++0+++-- "                \
    "++++0-++--/000++0++-0 00+++0+++0 000-+0+0+0 000++0+++0"
static const char WITH_DATA[] =
    "network: { patterns: { given: \"+++++----- ++++0-++-- 000++0+++0\" }, normalization: none,\n"
    "           rule: supervised, data: { given: \"" DATA "\" }, examples: 3 }\n"
    "noise: 0.8\ndynamics: { sweeps: 1 }\n";

static int data_entry(int mu, int a, int site)
{
    const char letter = DATA[(4 * mu + a) * (NEURONS + 1) + site];
    return letter == '+' ? 1 : letter == '-' ? -1 : 0;
}

static int spin(int state, int site)
{
    return (state >> site) & 1 ? 1 : -1;
}

/* Of stored patterns, or of M examples of quality r, supervised or not. */
static double bonds[NEURONS][NEURONS];

static double bond(int i, int j)
{
    return bonds[i][j];
}

static void store_all(void)
{
    for (int i = 0; i < NEURONS; i++)
        for (int j = 0; j < NEURONS; j++) {
            bonds[i][j] = 0.0;
            for (int mu = 0; mu < PATTERNS && i != j; mu++)
                bonds[i][j] += (double)(entry(mu, i) * entry(mu, j)) / NEURONS;
        }
}

enum { EXAMPLES = 3 };

/* r of a pattern: of drawn examples, or by its definition. */
static double quality_of(const ph_point_t *point, int mu)
{
    double sum = 0.0, filled = 0.0;
    if (!ph_point_has_data(point))
        return 0.6;
    for (int i = 0; i < NEURONS; i++)
        for (int a = 0; a < 4; a++) {
            sum += entry(mu, i) * data_entry(mu, a, i);
            filled += entry(mu, i) != 0;
        }
    return sum / filled;
}

/* By plain loops over the examples of sample 0. */
static void learn_all(const ph_point_t *point, uint64_t seed)
{
    const bool joint = point->rule == PH_RULE_SUPERVISED;
    ph_patterns_t patterns;
    ck_assert_int_eq(ph_patterns_draw(&patterns, point, seed, 0), PH_OK);
    memset(bonds, 0, sizeof(bonds));
    for (int mu = 0; mu < PATTERNS; mu++) {
        int16_t own[NEURONS][EXAMPLES];
        const double quality = quality_of(point, mu),
                     scale = EXAMPLES * quality * quality * NEURONS;
        for (int i = 0; i < NEURONS; i++) {
            ph_dataset_entries(point, &patterns, i, mu, 0, EXAMPLES, own[i]);
            for (int a = 0; a < EXAMPLES; a++)
                if (ph_point_has_data(point))
                    own[i][a] = (int16_t)data_entry(mu, a, i);
                else
                    ck_assert_int_eq(own[i][a] == 0, entry(mu, i) == 0);
        }
        for (int i = 0; i < NEURONS; i++)
            for (int j = 0; j < NEURONS; j++)
                for (int a = 0; a < EXAMPLES && i != j; a++)
                    for (int b = 0; b < EXAMPLES; b++)
                        bonds[i][j] += joint    ? own[i][a] * own[j][b] / (scale * EXAMPLES)
                                       : a == b ? own[i][a] * own[j][b] / scale
                                                : 0.0;
    }
    ph_patterns_free(&patterns);
}

static double energy(int state)
{
    double sum = 0.0;
    for (int i = 0; i < NEURONS; i++)
        for (int j = 0; j < NEURONS; j++)
            sum -= 0.5 * bond(i, j) * spin(state, i) * spin(state, j);
    return sum;
}

static double overlap(int state, int mu)
{
    double sum = 0.0;
    for (int i = 0; i < NEURONS; i++)
        sum += entry(mu, i) * spin(state, i);
    return sum / NEURONS;
}

/* What is averaged: m_1 m_2, m_3^2 and the energy per neuron. */
enum { MEASURED = 3 };

static void values_of(int state, double values[MEASURED])
{
    values[0] = overlap(state, 0) * overlap(state, 1);
    values[1] = overlap(state, 2) * overlap(state, 2);
    values[2] = energy(state) / NEURONS;
}

/* The law of a sampler: exp(-H/T), or Little's, prod_i 2 cosh(h_i/T). */
static double weight(int state, double noise, bool little)
{
    double product = 1.0;
    if (!little)
        return exp(-energy(state) / noise);
    for (int i = 0; i < NEURONS; i++) {
        double field = 0.0;
        for (int j = 0; j < NEURONS; j++)
            field += bond(i, j) * spin(state, j);
        product *= cosh(field / noise);
    }
    return product;
}

/* Every sample has these patterns, whatever the seed; features, weights and diagonal are theirs. */
START_TEST(plain_loops)
{
    ph_grid_t grid;
    parse(&grid, TEXT);
    store_all();
    for (uint32_t s = 0; s < 2; s++) {
        ph_sample_t sample;
        ck_assert_int_eq(ph_sample_draw(&sample, &grid.points[0], 7 + s, s), PH_OK);
        const ph_coupling_t *coupling = &sample.coupling;
        ck_assert_int_eq(coupling->features, PATTERNS);
        for (int i = 0; i < NEURONS; i++)
            for (int j = 0; j < NEURONS; j++) {
                double sum = 0.0;
                for (int p = 0; p < PATTERNS; p++)
                    sum += coupling->weights[p] * coupling->phi[i * PATTERNS + p] *
                           coupling->phi[j * PATTERNS + p];
                ck_assert_double_eq_tol(i == j ? 0.0 : sum / NEURONS, bond(i, j), 1e-15);
                ck_assert_double_eq_tol(i == j ? sum : 0.0, i == j ? coupling->self[i] : 0.0,
                                        1e-14);
            }
        ph_sample_free(&sample);
    }
    ph_grid_free(&grid);
}
END_TEST

/* Patterns that were drawn, put into a grid as they are, are the same network to the last bit. */
START_TEST(drawn_given)
{
    static const char DRAWN[] = "network: { neurons: 50, patterns: 4, dilution: 0.4, "
                                "normalization: none }\nnoise: 0.3\ndynamics: { sweeps: 1 }\n";
    char text[1024] = "network: { normalization: none, patterns: { given: \"";
    ph_grid_t grid, given;
    ph_sample_t drawn, same;
    parse(&grid, DRAWN);
    ck_assert_int_eq(ph_sample_draw(&drawn, &grid.points[0], 3, 1), PH_OK);
    for (int mu = 0; mu < 4; mu++) {
        for (int i = 0; i < 50; i++)
            strcat(text, drawn.patterns.entries[4 * i + mu] > 0   ? "+"
                         : drawn.patterns.entries[4 * i + mu] < 0 ? "-"
                                                                  : "0");
        strcat(text, " ");
    }
    strcat(text, "\" } }\nnoise: 0.3\ndynamics: { sweeps: 1 }\n");
    parse(&given, text);
    ck_assert_int_eq(ph_sample_draw(&same, &given.points[0], 11, 0), PH_OK);
    ck_assert_mem_eq(drawn.patterns.entries, same.patterns.entries, 200);
    ck_assert_mem_eq(drawn.coupling.phi, same.coupling.phi, 200 * sizeof(int16_t));
    ck_assert_mem_eq(drawn.coupling.weights, same.coupling.weights, 4 * sizeof(double));
    ck_assert_mem_eq(drawn.coupling.self, same.coupling.self, 50 * sizeof(double));
    ck_assert_double_eq(drawn.coupling.field_bound, same.coupling.field_bound);
    ph_sample_free(&same);
    ph_sample_free(&drawn);
    ph_grid_free(&given);
    ph_grid_free(&grid);
}
END_TEST

static const ph_sampler_id_t SAMPLERS[] = {PH_SAMPLER_GLAUBER, PH_SAMPLER_METROPOLIS,
                                           PH_SAMPLER_LITTLE, PH_SAMPLER_BLOCK_GIBBS};
enum { SAMPLERS_COUNT = sizeof(SAMPLERS) / sizeof(SAMPLERS[0]) };

/* Averages over one lane's chain. */
static void run_chain(const ph_point_t *point, uint32_t block, int sweeps, double mean[MEASURED])
{
    ph_block_t chain;
    ck_assert_int_eq(ph_block_init(&chain, ph_sampler(point->sampler), point, 5, 0, block, 0, 1),
                     PH_OK);
    ph_block_start(&chain);
    memset(mean, 0, MEASURED * sizeof(*mean));
    for (int t = -100; t < sweeps; t++) {
        double values[MEASURED];
        int state = 0;
        ph_block_sweep(&chain);
        ph_block_bring_spins(&chain);
        for (size_t i = 0; i < NEURONS; i++)
            state |= ph_block_spin(&chain, i, 0) > 0 ? 1 << i : 0;
        values_of(state, values);
        for (int k = 0; k < MEASURED && t >= 0; k++)
            mean[k] += values[k] / sweeps;
    }
    ph_block_free(&chain);
}

/* 16 chains against the sum over all states: 6 errors with 15 degrees of freedom, 2e-5 each. Of
 * stored patterns, of drawn examples of them by both rules, and of given ones. */
START_TEST(all_states)
{
    enum { CHAINS = 16, SWEEPS = PH_TEST_DRAWS(8000) };
    ph_grid_t grid;
    double z = 0.0, exact[MEASURED] = {0}, sum[MEASURED] = {0}, squares[MEASURED] = {0};
    static double table[STATES][MEASURED];
    const int what = _i / SAMPLERS_COUNT; /* a rule, or after three of them one of given examples */
    parse(&grid, what < 3 ? TEXT : WITH_DATA);
    ph_point_t point = grid.points[0];
    point.sampler = SAMPLERS[_i % SAMPLERS_COUNT];
    point.rule = what < 3 ? (ph_rule_t)what : (ph_rule_t)(what - 2);
    if (ph_rule_learns(point.rule))
        learn_all(&point, 5);
    else
        store_all();
    for (int state = 0; state < STATES; state++) {
        const double w = weight(state, point.noise, point.sampler == PH_SAMPLER_LITTLE);
        values_of(state, table[state]);
        z += w;
        for (int k = 0; k < MEASURED; k++)
            exact[k] += w * table[state][k];
    }
    for (uint32_t c = 0; c < CHAINS; c++) {
        double mean[MEASURED];
        run_chain(&point, c, SWEEPS, mean);
        for (int k = 0; k < MEASURED; k++) {
            sum[k] += mean[k] / CHAINS;
            squares[k] += mean[k] * mean[k] / CHAINS;
        }
    }
    for (int k = 0; k < MEASURED; k++) {
        const double error = sqrt((squares[k] - sum[k] * sum[k]) / (CHAINS - 1));
        ck_assert_double_lt(error, 0.02);
        ck_assert_msg(fabs(sum[k] - exact[k] / z) < 6.0 * error, "%d: %.6f +- %.6f, exact %.6f", k,
                      sum[k], error, exact[k] / z);
    }
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("given")
{
    TCase *tcase = tcase_create("given");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, plain_loops);
    tcase_add_test(tcase, drawn_given);
    tcase_add_loop_test(tcase, all_states, 0, 5 * SAMPLERS_COUNT);
    return test_run("given", tcase);
}
