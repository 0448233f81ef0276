/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A learning rule is one line of a list: with that of pairs.h, the list compiled anew and all else
 * as it is in the library, grid files know it, and its couplings, its classes of neurons and its
 * theories are those of features that sum two examples each. Fixed seeds.
 */
#include <math.h>
#include <string.h>

#include "analysis/meanfield/meanfield.h"
#include "analysis/snr/snr.h"
#include "sim/model/dataset.h"
#include "sim/model/row_classes.h"
#include "sim/model/sample.h"
#include "tests/testing.h"

enum { EXAMPLES = 4, FEATURES = EXAMPLES / 2, PATTERNS = 2 };

#define GRID(learnt)                                                                               \
    "network: { rule: pairs, patterns: 2, neurons: 300, dilution: 0.3, quality: 0.6, "             \
    "blank_fidelity: 0.7, examples: " learnt " }\nnoise: 0.2\ndynamics: { sweeps: 4 }\n"

static int parse(ph_grid_t *grid, const char *text, ph_report_t *report)
{
    ph_grid_init(grid);
    return ph_grid_parse(grid, text, "g", 0, NULL, report);
}

/* Its word is one of grid files, beside the others; a pair that is not full is refused. */
START_TEST(grids_know_it)
{
    static const char *const CASES[][2] = {
        {GRID("5"), "g:1:112: network.examples: 5 in rule pairs, whose features sum 2 each, "
                    "expected a multiple of 2, or at most that many"},
        {"network: { patterns: 2, neurons: 9, quality: [0.2, 0.3] }\nnoise: 0.2\n"
         "dynamics: { sweeps: 4 }\n",
         "g:1:46: network.quality: an axis that rule storage does not see, expected network.rule "
         "supervised, unsupervised or pairs, or one value"},
    };
    ph_grid_t grid;
    ck_assert_int_eq(parse(&grid, GRID("1"), NULL), PH_OK);
    ph_grid_free(&grid);
    ck_assert_int_eq(parse(&grid, GRID("4"), NULL), PH_OK);
    ck_assert_int_eq(grid.points[0].rule, PH_RULE_PAIRS);
    ck_assert_int_eq(PH_RULE_PAIRS, 3);
    ck_assert_ptr_nonnull(strstr(grid.text, "rule: pairs\n"));
    ph_grid_free(&grid);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        ph_report_t report;
        ph_report_init(&report);
        ck_assert_int_eq(parse(&grid, CASES[i][0], &report), PH_ERR_INPUT);
        ck_assert_str_eq(report.messages[0].text, CASES[i][1]);
        ph_report_free(&report);
        ph_grid_free(&grid);
    }
}
END_TEST

/* J_ij = (1/N) sum_mu g_mu / (2 M r^2) sum_f S_if S_jf, S_f the sum of examples 2 f and 2 f + 1. */
START_TEST(couplings_are_its_own)
{
    enum { SOME = 20 };
    ph_grid_t grid;
    ph_sample_t sample;
    double gains[PATTERNS];
    ck_assert_int_eq(parse(&grid, GRID("4"), NULL), PH_OK);
    const ph_point_t *point = &grid.points[0];
    ck_assert_int_eq(ph_coupling_features(point), PATTERNS * FEATURES);
    ck_assert_int_eq(ph_sample_draw(&sample, point, 1, 0), PH_OK);
    ph_coupling_gains(point, gains);
    for (int64_t i = 0; i < SOME; i++)
        for (int64_t j = 0; j < i; j++) {
            double wanted = 0.0, found = 0.0;
            for (int64_t mu = 0; mu < PATTERNS; mu++) {
                int16_t a[EXAMPLES], b[EXAMPLES];
                ph_dataset_entries(point, &sample.patterns, i, mu, 0, EXAMPLES, a);
                ph_dataset_entries(point, &sample.patterns, j, mu, 0, EXAMPLES, b);
                for (int f = 0; f < FEATURES; f++)
                    wanted += gains[mu] / (2 * EXAMPLES * 0.36) * (a[2 * f] + a[2 * f + 1]) *
                              (b[2 * f] + b[2 * f + 1]);
            }
            const ph_coupling_t *coupling = &sample.coupling;
            for (int64_t p = 0; p < coupling->features; p++)
                found += coupling->weights[p] * coupling->phi[i * coupling->features + p] *
                         coupling->phi[j * coupling->features + p];
            ck_assert_double_eq_tol(found, wanted, 1e-12);
        }
    ph_sample_free(&sample);
    ph_grid_free(&grid);
}
END_TEST

/* Rows of a pattern: 2 x 3^2 where it is not blank, 5^2 where it is; and those of 20 samples,
 * within 4 times their largest scatter. */
START_TEST(classes_are_counted)
{
    enum { SAMPLES = 20, ROWS = 2 * 9 + 25 };
    ph_grid_t grid;
    double mean = 0.0;
    ck_assert_int_eq(parse(&grid, GRID("4"), NULL), PH_OK);
    ph_point_t point = grid.points[0];
    for (uint32_t s = 0; s < SAMPLES; s++) {
        ph_sample_t sample;
        ph_row_classes_t rows;
        ck_assert_int_eq(ph_sample_draw(&sample, &point, 1, s), PH_OK);
        ck_assert_int_eq(ph_row_classes_init(&rows, &sample.coupling, &sample.patterns, NULL),
                         PH_OK);
        mean += (double)rows.count / SAMPLES;
        ph_row_classes_free(&rows);
        ph_sample_free(&sample);
    }
    const double expected = ph_point_classes_expected(&point);
    ck_assert_double_eq_tol(mean, expected, 0.01 * expected + 4.0 * sqrt(expected / SAMPLES));
    point.neurons = 1 << 30;
    ck_assert_double_eq(ph_point_classes(&point), (ROWS * ROWS + 1) / 2);
    ck_assert_double_eq_tol(ph_point_classes_expected(&point), ph_point_classes(&point), 9.0);
    ph_grid_free(&grid);
}
END_TEST

/* E[S_f S_g | xi] of a pattern's features, example by example; `means`: E[S_f | xi]. */
static void moments(int xi, double r, double s, double second[FEATURES][FEATURES],
                    double means[FEATURES])
{
    memset(second, 0, FEATURES * sizeof(*second));
    memset(means, 0, FEATURES * sizeof(*means));
    for (int outcome = 0; outcome < 81; outcome++) {
        double probability = 1.0;
        int sum[FEATURES] = {0};
        for (int a = 0, code = outcome; a < EXAMPLES; a++, code /= 3) {
            const int entry = code % 3 - 1;
            sum[a / 2] += entry;
            if (xi == 0)
                probability *= entry == 0 ? s : 0.5 * (1.0 - s);
            else
                probability *= entry == 0 ? 0.0 : 0.5 * (1.0 + r * entry * xi);
        }
        for (int f = 0; f < FEATURES; f++) {
            means[f] += probability * sum[f];
            for (int g = 0; g < FEATURES; g++)
                second[f][g] += probability * sum[f] * sum[g];
        }
    }
}

/* The variance of order 1/N: w^2 sum_fg <S_f S_g> C_fg / N, C over the examples where the pattern
 * is in the start (given not blank), over all where it is not. */
START_TEST(noise_is_its_own)
{
    const double d = 0.3, r = 0.6, s = 0.7, neurons = 300.0;
    ph_snr_pattern_t kept[PATTERNS] = {{0.7, d, r, s, EXAMPLES}, {0.0, d, r, s, EXAMPLES}};
    ph_snr_t snr = {PH_RULE_PAIRS, PH_NORM_NONE, INFINITY, PATTERNS, kept};
    double kappa, infinite, finite, wanted = 0.0;
    double shown[FEATURES][FEATURES], blank[FEATURES][FEATURES], means[FEATURES], none[FEATURES];
    const double weight = 1.0 / (2 * EXAMPLES * r * r);
    moments(1, r, s, shown, means);
    moments(0, r, s, blank, none);
    for (int f = 0; f < FEATURES; f++)
        for (int g = 0; g < FEATURES; g++) {
            const double any = (1.0 - d) * shown[f][g] + d * blank[f][g];
            const double alone = any - (1.0 - d) * means[f] * means[g];
            wanted += weight * weight * (shown[f][g] * alone + any * any) / neurons;
        }
    ph_snr_field(&snr, 0, &kappa, &infinite);
    snr.neurons = neurons;
    ph_snr_field(&snr, 0, &kappa, &finite);
    ck_assert_double_eq_tol(finite * finite - infinite * infinite, wanted, 1e-12 * wanted);
}
END_TEST

/* The mean fields of one large sample and of the infinite network are the same state, within 5
 * standard errors of the sample's disorder; where pairs of a pattern would come apart, the sample's
 * matrix has the eigenvalue that is said of the infinite network. */
START_TEST(theories_take_it)
{
    ph_grid_t grid;
    ph_sample_t sample;
    ph_meanfield_t population, network;
    ph_state_t infinite, finite;
    ck_assert_int_eq(parse(&grid, GRID("4"), NULL), PH_OK);
    ph_point_t point = grid.points[0];
    point.neurons = 40000;
    point.noise = 0.6;
    ck_assert_int_eq(ph_sample_draw(&sample, &point, 1, 0), PH_OK);
    ck_assert_int_eq(ph_meanfield_init_population(&population, &point, PH_AVERAGE_EXACT, NULL),
                     PH_OK);
    ck_assert_int_eq(
        ph_meanfield_init_sample(&network, &point, &sample.coupling, &sample.patterns, NULL),
        PH_OK);
    ck_assert_int_eq(network.features, PATTERNS * FEATURES);
    ck_assert_int_eq(ph_state_init(&infinite, population.features, population.patterns), PH_OK);
    ck_assert_int_eq(ph_state_init(&finite, network.features, network.patterns), PH_OK);
    const double start[PATTERNS] = {0.7, 0.0};
    memcpy(infinite.n, start, sizeof(start));
    ph_meanfield_spread(&network, start, finite.n);
    ck_assert_int_eq(ph_meanfield_solve(&infinite, &population, NULL), PH_OK);
    ck_assert_int_eq(ph_meanfield_solve(&finite, &network, NULL), PH_OK);
    ck_assert_double_gt(infinite.m[0], 0.4);
    double lambda[PATTERNS], spectrum[PATTERNS * FEATURES];
    double matrix[PATTERNS * FEATURES * PATTERNS * FEATURES];
    ck_assert_int_eq(ph_meanfield_example_stability(&population, infinite.n, lambda), PH_OK);
    ph_meanfield_matrix(&network, finite.n, matrix);
    ck_assert_int_eq(ph_meanfield_spectrum(matrix, PATTERNS * FEATURES, spectrum), PH_OK);
    ck_assert_double_eq_tol(spectrum[1], lambda[0], 0.01);
    ck_assert_double_eq_tol(spectrum[3], lambda[1], 0.01);
    for (size_t mu = 0; mu < PATTERNS; mu++)
        ck_assert_double_eq_tol(fabs(finite.m[mu]), fabs(infinite.m[mu]), 0.025);
    ph_state_free(&infinite);
    ph_state_free(&finite);
    ph_meanfield_free(&population);
    ph_meanfield_free(&network);
    ph_sample_free(&sample);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("an added rule", grids_know_it, couplings_are_its_own, classes_are_counted,
             noise_is_its_own, theories_take_it)
