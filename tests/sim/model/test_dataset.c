/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Examples and the couplings learned from them, against their definitions. Fixed seeds; bounds of
 * 5 standard errors (false-alarm rate 6e-7 each).
 */
#include <math.h>
#include <string.h>

#include "sim/model/coupling.h"
#include "sim/model/dataset.h"
#include "sim/model/observables.h"
#include "tests/sim/samplers/network.h"
#include "tests/testing.h"

enum { NEURONS = 4000, SMALL = 10, PATTERNS = 3, MOST = 24 };

static const double DILUTION[PATTERNS] = {0.1, 0.4, 0.7}, EXAMPLES[PATTERNS] = {7, 1, 24};
static const double QUALITY[PATTERNS] = {0.5, 0.9, 0.2}, FIDELITY[PATTERNS] = {0.6, 1.0, 0.8};

static ph_point_t learning_point(int64_t neurons, ph_rule_t rule)
{
    ph_point_t point = network_point(neurons, PATTERNS, DILUTION, 0.5);
    point.rule = rule;
    point.examples = EXAMPLES;
    point.quality = QUALITY;
    point.blank_fidelity = FIDELITY;
    return point;
}

static void draw(const ph_point_t *point, ph_patterns_t *patterns, ph_coupling_t *coupling)
{
    ck_assert_int_eq(ph_patterns_draw(patterns, point, 17, 3), PH_OK);
    ck_assert_int_eq(ph_coupling_init(coupling, point, patterns), PH_OK);
}

/* A stream goes on after any skip as if the words had been drawn. */
START_TEST(skipping_is_drawing)
{
    const ph_stream_key_t key = ph_stream_key(2, (ph_digest_t){5, 6});
    for (uint64_t before = 0; before < 6; before++)
        for (uint64_t skip = 0; skip < 12; skip++) {
            ph_stream_t drawn, skipped;
            ph_stream_init(&drawn, key, PH_PURPOSE_TEST, 1, 2, 3);
            ph_stream_init(&skipped, key, PH_PURPOSE_TEST, 1, 2, 3);
            for (uint64_t k = 0; k < before; k++)
                ck_assert_uint_eq(ph_stream_word(&drawn), ph_stream_word(&skipped));
            for (uint64_t k = 0; k < skip; k++)
                (void)ph_stream_word(&drawn);
            ph_stream_skip(&skipped, skip);
            for (int k = 0; k < 9; k++)
                ck_assert_uint_eq(ph_stream_word(&drawn), ph_stream_word(&skipped));
        }
}
END_TEST

/* Sum of all examples of a pattern at a neuron; those of three at a time, which add up to it. */
static int64_t sum_of(const ph_point_t *point, const ph_patterns_t *patterns, int64_t i, int64_t mu)
{
    int16_t all, thirds[MOST];
    const int64_t examples = (int64_t)point->examples[mu];
    int64_t sum = 0;
    ph_dataset_sums(point, patterns, i, mu, examples, 1, &all);
    ph_dataset_sums(point, patterns, i, mu, 3, examples / 3, thirds);
    for (int64_t p = 0; p < examples / 3; p++)
        sum += thirds[p];
    for (int64_t a = examples - examples % 3; a < examples; a++) {
        int16_t entry;
        ph_dataset_entries(point, patterns, i, mu, a, 1, &entry);
        sum += entry;
    }
    ck_assert_int_eq(sum, all);
    return all;
}

/* The examples of M = 24 begin with those of M = 7; sums and single examples are of them. */
START_TEST(examples_are_nested)
{
    const ph_point_t point = learning_point(200, PH_RULE_UNSUPERVISED);
    const double fewer[PATTERNS] = {3, 1, 7};
    ph_point_t less = point;
    less.examples = fewer;
    ph_patterns_t patterns;
    ck_assert_int_eq(ph_patterns_draw(&patterns, &point, 17, 3), PH_OK);
    for (int64_t mu = 0; mu < PATTERNS; mu++) {
        int8_t fifth[200];
        ph_dataset_example(&point, &patterns, mu, 5, fifth);
        for (int64_t i = 0; i < 200; i++) {
            int16_t all[MOST], part[MOST];
            int64_t sum = 0, sum_less = 0;
            ph_dataset_entries(&point, &patterns, i, mu, 0, MOST, all);
            ph_dataset_entries(&less, &patterns, i, mu, 6, 11, part);
            ck_assert_int_eq(memcmp(all + 6, part, 11 * sizeof(*part)), 0);
            ck_assert_int_eq(fifth[i], all[5]);
            for (int64_t a = 0; a < (int64_t)point.examples[mu]; a++) {
                sum += all[a];
                sum_less += a < (int64_t)fewer[mu] ? all[a] : 0;
            }
            ck_assert_int_eq(sum_of(&point, &patterns, i, mu), sum);
            ck_assert_int_eq(sum_of(&less, &patterns, i, mu), sum_less);
        }
    }
    ph_patterns_free(&patterns);
}
END_TEST

/* An entry right at one quality is right at a higher one, a blank kept likewise: coupled draws. */
START_TEST(quality_and_fidelity_are_coupled)
{
    const ph_point_t low = learning_point(NEURONS, PH_RULE_UNSUPERVISED);
    const double better[PATTERNS] = {0.55, 0.95, 0.6}, cleaner[PATTERNS] = {0.7, 1.0, 1.0};
    ph_point_t high = low;
    high.quality = better;
    high.blank_fidelity = cleaner;
    ph_patterns_t patterns;
    ck_assert_int_eq(ph_patterns_draw(&patterns, &low, 17, 3), PH_OK);
    int changed = 0;
    for (int64_t i = 0; i < NEURONS; i++)
        for (int64_t mu = 0; mu < PATTERNS; mu++) {
            int16_t a[4], b[4];
            ph_dataset_entries(&low, &patterns, i, mu, 0, 4, a);
            ph_dataset_entries(&high, &patterns, i, mu, 0, 4, b);
            for (int k = 0; k < 4; k++) {
                changed += a[k] != b[k];
                ck_assert(a[k] == b[k] || b[k] == patterns.entries[i * PATTERNS + mu]);
            }
        }
    ck_assert_int_gt(changed, 100);
    ph_patterns_free(&patterns);
}
END_TEST

static void check_share(double hits, double trials, double probability)
{
    const double error = sqrt(trials * probability * (1.0 - probability)) + 1e-9;
    ck_assert_msg(fabs(hits - trials * probability) <= 5.0 * error, "%g of %g, expected %g", hits,
                  trials, trials * probability);
}

/* Entries have the law of the definition, and two examples err independently of each other. */
START_TEST(entries_have_their_law)
{
    const ph_point_t point = learning_point(NEURONS, PH_RULE_UNSUPERVISED);
    ph_patterns_t patterns;
    ck_assert_int_eq(ph_patterns_draw(&patterns, &point, 17, 3), PH_OK);
    for (int64_t mu = 0; mu < PATTERNS; mu++) {
        double full = 0, right = 0, both = 0, blank = 0, kept = 0, up = 0;
        for (int64_t i = 0; i < NEURONS; i++) {
            const int xi = patterns.entries[i * PATTERNS + mu];
            int16_t entry[MOST];
            ph_dataset_entries(&point, &patterns, i, mu, 0, MOST, entry);
            for (int a = 0; a < MOST; a += 2) {
                full += xi != 0;
                right += xi != 0 && entry[a] == xi;
                both += xi != 0 && entry[a] == xi && entry[a + 1] == xi;
                blank += xi == 0;
                kept += xi == 0 && entry[a] == 0;
                up += xi == 0 && entry[a] == 1;
                ck_assert(xi == 0 || entry[a] != 0);
            }
        }
        const double p = 0.5 * (1.0 + QUALITY[mu]);
        check_share(right, full, p);
        check_share(both, full, p * p);
        check_share(kept, blank, FIDELITY[mu]);
        check_share(up, blank, 0.5 * (1.0 - FIDELITY[mu]));
    }
    ph_patterns_free(&patterns);
}
END_TEST

/* Errors of neighbouring neurons, and of two patterns at one neuron, are independent. */
START_TEST(errors_are_independent)
{
    const double full[PATTERNS] = {0}, r[PATTERNS] = {0.2, 0.2, 0.2};
    ph_point_t point = learning_point(NEURONS, PH_RULE_UNSUPERVISED);
    point.dilution = full;
    point.quality = r;
    ph_patterns_t patterns;
    ck_assert_int_eq(ph_patterns_draw(&patterns, &point, 17, 3), PH_OK);
    double trials = 0, next_neuron = 0, next_pattern = 0;
    for (int64_t i = 0; i + 1 < NEURONS; i++) {
        bool right[2][2][MOST];
        for (int k = 0; k < 4; k++) {
            int16_t entry[MOST];
            const int64_t neuron = i + (k & 1), mu = k >> 1;
            ph_dataset_entries(&point, &patterns, neuron, mu, 0, MOST, entry);
            for (int a = 0; a < MOST; a++)
                right[k & 1][k >> 1][a] = entry[a] == patterns.entries[neuron * PATTERNS + mu];
        }
        for (int a = 0; a < MOST; a++) {
            trials += 1;
            next_neuron += right[0][0][a] && right[1][0][a];
            next_pattern += right[0][0][a] && right[0][1][a];
        }
    }
    check_share(next_neuron, trials, 0.36);
    check_share(next_pattern, trials, 0.36);
    ph_patterns_free(&patterns);
}
END_TEST

/* H/N over pairs from the definition of each rule, with J summed example by example. */
static double energy_by_definition(const ph_point_t *point, const ph_patterns_t *patterns,
                                   const int8_t *spins)
{
    double g[PATTERNS], energy = 0.0;
    ph_coupling_gains(point, g);
    for (int64_t i = 0; i < SMALL; i++)
        for (int64_t j = 0; j < i; j++)
            for (int64_t mu = 0; mu < PATTERNS; mu++) {
                int16_t x[MOST], y[MOST];
                double pairs = 0.0, sum_x = 0.0, sum_y = 0.0;
                const double m = EXAMPLES[mu], r = QUALITY[mu];
                ph_dataset_entries(point, patterns, i, mu, 0, (int64_t)m, x);
                ph_dataset_entries(point, patterns, j, mu, 0, (int64_t)m, y);
                for (int64_t a = 0; a < (int64_t)m; a++) {
                    pairs += x[a] * y[a];
                    sum_x += x[a];
                    sum_y += y[a];
                }
                const double bond = point->rule == PH_RULE_SUPERVISED
                                        ? sum_x / (m * r) * sum_y / (m * r)
                                        : pairs / (m * r * r);
                energy -= g[mu] * bond * spins[i] * spins[j] / SMALL;
            }
    return energy / SMALL;
}

static double energy_of(const ph_coupling_t *coupling, const int8_t *spins)
{
    int64_t overlaps[PATTERNS * MOST] = {0};
    double self_mean = 0.0, energy;
    for (int64_t i = 0; i < coupling->neurons; i++) {
        self_mean += coupling->self[i] / (double)coupling->neurons;
        for (int64_t p = 0; p < coupling->features; p++)
            overlaps[p] += coupling->phi[i * coupling->features + p] * spins[i];
    }
    const ph_observation_t state = {.neurons = coupling->neurons,
                                    .features = coupling->features,
                                    .feature_overlaps = overlaps,
                                    .weights = coupling->weights,
                                    .self_mean = self_mean};
    ph_observable(PH_OBS_ENERGY)->measure(&state, &energy);
    return energy;
}

/* The energy of both rules is that of their definition; different M, r, s, d in each pattern. */
START_TEST(energy_by_pairs)
{
    ph_point_t point = learning_point(SMALL, _i & 1 ? PH_RULE_UNSUPERVISED : PH_RULE_SUPERVISED);
    point.normalization = _i & 2 ? PH_NORM_NONE : PH_NORM_VARIANCE;
    ph_patterns_t patterns;
    ph_coupling_t coupling;
    draw(&point, &patterns, &coupling);
    for (int state = 0; state < 1 << SMALL; state += test_step(31)) {
        int8_t spins[SMALL];
        for (int i = 0; i < SMALL; i++)
            spins[i] = (state >> i) & 1 ? 1 : -1;
        ck_assert_double_eq_tol(energy_of(&coupling, spins),
                                energy_by_definition(&point, &patterns, spins), 1e-13);
    }
    ph_coupling_free(&coupling);
    ph_patterns_free(&patterns);
}
END_TEST

/* One perfect example a pattern: both learning rules are storage, bit for bit. */
START_TEST(one_perfect_example_is_storage)
{
    const double one[PATTERNS] = {1, 1, 1};
    for (int normalization = 0; normalization < PH_NORM_COUNT; normalization++)
        for (int rule = PH_RULE_SUPERVISED; rule <= PH_RULE_UNSUPERVISED; rule++) {
            ph_point_t stored = learning_point(SMALL, PH_RULE_STORAGE);
            stored.normalization = (ph_normalization_t)normalization;
            ph_point_t learned = stored;
            learned.rule = (ph_rule_t)rule;
            learned.examples = learned.quality = learned.blank_fidelity = one;
            ph_patterns_t xi, same;
            ph_coupling_t a, b;
            draw(&stored, &xi, &a);
            draw(&learned, &same, &b);
            ck_assert_int_eq(a.features, b.features);
            for (int state = 0; state < 1 << SMALL; state++) {
                int8_t spins[SMALL];
                for (int i = 0; i < SMALL; i++)
                    spins[i] = (state >> i) & 1 ? 1 : -1;
                const double stored_energy = energy_of(&a, spins), energy = energy_of(&b, spins);
                ck_assert_int_eq(memcmp(&stored_energy, &energy, sizeof(energy)), 0);
            }
            ph_coupling_free(&a);
            ph_coupling_free(&b);
            ph_patterns_free(&xi);
            ph_patterns_free(&same);
        }
}
END_TEST

/*
 * Normalization "variance" puts the onset of order at noise 1: each pattern's block of the
 * matrix w <phi_p phi_q> has its largest eigenvalue there. By symmetry that of the unsupervised
 * block belongs to equal examples, (w/M) <S^2>; so both rules have g <eta^^2> = 1.
 */
START_TEST(onset_at_one)
{
    const ph_point_t point =
        learning_point(NEURONS, _i ? PH_RULE_UNSUPERVISED : PH_RULE_SUPERVISED);
    ph_patterns_t patterns;
    ph_coupling_t coupling;
    draw(&point, &patterns, &coupling);
    for (int64_t mu = 0; mu < PATTERNS; mu++) {
        const int64_t first = coupling.first[mu], count = coupling.first[mu + 1] - first;
        double sum = 0.0, squares = 0.0;
        for (int64_t i = 0; i < NEURONS; i++) {
            double s = 0.0;
            for (int64_t p = first; p < first + count; p++)
                s += coupling.phi[i * coupling.features + p];
            const double x = coupling.weights[first] * s * s / (double)count;
            sum += x;
            squares += x * x;
        }
        const double mean = sum / NEURONS;
        const double error = sqrt((squares / NEURONS - mean * mean) / NEURONS);
        ck_assert_msg(fabs(mean - 1.0) < 5.0 * error, "%g +- %g", mean, error);
        ck_assert_double_lt(error, 0.05);
    }
    ph_coupling_free(&coupling);
    ph_patterns_free(&patterns);
}
END_TEST

enum { WIDE = 300, DRAWS = 400, LEARNED = 12 };

/*
 * A pattern outside the state puts noise on every field, whose variance at finite N is that of
 * one row twice: (N - 1)/N^2 times (g E2)^2 in the supervised rule and lambda_1^2 + (M - 1)
 * lambda_2^2 in the unsupervised one, lambda_1 = g E2, lambda_2 = g ((1 - d) rho + d rho_0).
 */
START_TEST(rules_differ_at_finite_size)
{
    const double d[1] = {0.3}, m[1] = {LEARNED}, r[1] = {0.4}, s[1] = {0.8};
    const double scale = m[0] * r[0] * r[0], rho = (1.0 - r[0] * r[0]) / scale;
    const double second = (1.0 - d[0]) * rho + d[0] * (1.0 - s[0]) / scale;
    ph_point_t point = network_point(WIDE, 1, d, 0.5);
    point.rule = _i ? PH_RULE_UNSUPERVISED : PH_RULE_SUPERVISED;
    point.examples = m;
    point.quality = r;
    point.blank_fidelity = s;
    const double g = 1.0 / (1.0 - d[0] + second), lambda = g * second;
    const double expected = (_i ? 1.0 + (LEARNED - 1) * lambda * lambda : 1.0) * (WIDE - 1);
    double sum = 0.0, squares = 0.0;
    for (uint32_t sample = 0; sample < DRAWS; sample++) {
        ph_patterns_t patterns;
        ph_coupling_t c;
        double overlaps[LEARNED] = {0}, mean = 0.0;
        ck_assert_int_eq(ph_patterns_draw(&patterns, &point, 23, sample), PH_OK);
        ck_assert_int_eq(ph_coupling_init(&c, &point, &patterns), PH_OK);
        for (int64_t i = 0; i < WIDE; i++) /* all up: by symmetry any fixed state */
            for (int64_t p = 0; p < c.features; p++)
                overlaps[p] += c.phi[i * c.features + p];
        for (int64_t i = 0; i < WIDE; i++) {
            double h = 0.0;
            for (int64_t p = 0; p < c.features; p++) {
                const double phi = c.phi[i * c.features + p];
                h += c.weights[p] * phi * (overlaps[p] - phi);
            }
            mean += h * h / WIDE;
        }
        sum += mean;
        squares += mean * mean;
        ph_coupling_free(&c);
        ph_patterns_free(&patterns);
    }
    const double mean = sum / DRAWS, error = sqrt((squares / DRAWS - mean * mean) / DRAWS);
    ck_assert_msg(fabs(mean - expected) < 5.0 * error, "%g +- %g, expected %g", mean, error,
                  expected);
    ck_assert_double_lt(error, 0.1 * WIDE);
}
END_TEST

/* The bounds hold in every state, that of overlaps is reached. */
START_TEST(bounds_hold)
{
    const ph_point_t point = learning_point(SMALL, _i ? PH_RULE_UNSUPERVISED : PH_RULE_SUPERVISED);
    ph_patterns_t patterns;
    ph_coupling_t c;
    draw(&point, &patterns, &c);
    double largest = 0.0, integer = 0.0, field = 0.0;
    for (int state = 0; state < 1 << SMALL; state++) {
        double overlaps[PATTERNS * MOST] = {0};
        for (int64_t i = 0; i < SMALL; i++)
            for (int64_t p = 0; p < c.features; p++)
                overlaps[p] += c.phi[i * c.features + p] * ((state >> i) & 1 ? 1 : -1);
        for (int64_t p = 0; p < c.features; p++)
            largest = fmax(largest, fabs(overlaps[p]));
        for (int64_t i = 0; i < SMALL; i++) {
            double k = 0.0, h = 0.0;
            for (int64_t p = 0; p < c.features; p++) {
                k += c.phi[i * c.features + p] * overlaps[p];
                h += c.weights[p] * c.phi[i * c.features + p] * overlaps[p] / SMALL;
            }
            integer = fmax(integer, fabs(k));
            field = fmax(field, fabs(h));
        }
    }
    ck_assert_double_eq(largest, c.overlap_bound);
    ck_assert_double_le(integer, c.integer_bound);
    ck_assert_double_le(field, c.field_bound);
    ck_assert_double_gt(3.0 * field, c.field_bound);
    ph_coupling_free(&c);
    ph_patterns_free(&patterns);
}
END_TEST

/* Sums of 32767 examples are kept exactly; one more is refused. */
START_TEST(most_examples)
{
    const double full[1] = {0.0}, right[1] = {1.0};
    double examples[1] = {PH_MAX_SUMMED_EXAMPLES};
    ph_point_t point = network_point(2, 1, full, 0.5);
    point.rule = PH_RULE_SUPERVISED;
    point.examples = examples;
    point.quality = point.blank_fidelity = right;
    ph_patterns_t patterns;
    ph_coupling_t coupling;
    draw(&point, &patterns, &coupling);
    ck_assert_int_eq(coupling.phi[0], PH_MAX_SUMMED_EXAMPLES * patterns.entries[0]);
    ph_coupling_free(&coupling);
    examples[0] += 1.0;
    ck_assert_int_eq(ph_coupling_init(&coupling, &point, &patterns), PH_ERR_LIMIT);
    ph_patterns_free(&patterns);
}
END_TEST

PH_TEST_PROGRAM("dataset")
{
    TCase *tcase = tcase_create("dataset");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, skipping_is_drawing);
    tcase_add_test(tcase, examples_are_nested);
    tcase_add_test(tcase, quality_and_fidelity_are_coupled);
    tcase_add_test(tcase, entries_have_their_law);
    tcase_add_test(tcase, errors_are_independent);
    tcase_add_loop_test(tcase, energy_by_pairs, 0, 4);
    tcase_add_test(tcase, one_perfect_example_is_storage);
    tcase_add_loop_test(tcase, onset_at_one, 0, 2);
    tcase_add_loop_test(tcase, rules_differ_at_finite_size, 0, 2);
    tcase_add_loop_test(tcase, bounds_hold, 0, 2);
    tcase_add_test(tcase, most_examples);
    return test_run("dataset", tcase);
}
