/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signal and noise where they are known without a sum: limits, symmetries, and where there is none.
 */
#include <math.h>
#include <string.h>

#include "analysis/snr/snr.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { K = 3, MOST = 14 };

static ph_snr_pattern_t patterns[MOST];

/* Alike patterns of M examples, in a hierarchical state. */
static ph_snr_t hierarchy(ph_rule_t rule, size_t count, double d, double r, double m)
{
    for (size_t mu = 0; mu < count; mu++)
        patterns[mu] = (ph_snr_pattern_t){.start = (1.0 - d) * pow(d, (double)mu),
                                          .dilution = d,
                                          .quality = r,
                                          .fidelity = 1.0,
                                          .examples = m};
    return (ph_snr_t){rule, PH_NORM_VARIANCE, INFINITY, count, patterns};
}

/* Stored patterns: the hierarchical state is a fixed point, pattern by pattern; the field on
 * neurons that have the pattern is g m on average and varies by the others' g^2 (1 - d) m^2. */
START_TEST(test_storage)
{
    const double d = 0.3, g = 1.0 / (1.0 - d);
    const ph_snr_t snr = hierarchy(PH_RULE_STORAGE, K, d, 0.0, 0.0);
    for (size_t mu = 0; mu < K; mu++) {
        double kappa_1, kappa_2, rows, exact, others = 0.0;
        for (size_t nu = 0; nu < K; nu++)
            others += nu == mu ? 0.0 : pow(g * patterns[nu].start, 2) * (1.0 - d);
        ph_snr_field(&snr, mu, &kappa_1, &kappa_2);
        ck_assert_double_eq_tol(kappa_1, g * patterns[mu].start, 1e-14);
        ck_assert_double_eq_tol(kappa_2 * kappa_2, others, 1e-14);
        ck_assert_double_eq_tol(ph_snr_gaussian(&snr, mu),
                                (1.0 - d) * erf(kappa_1 / (sqrt(2.0) * kappa_2)), 1e-14);
        ck_assert_int_eq(ph_snr_rows(&snr, mu, &rows), PH_OK);
        ck_assert_int_eq(ph_snr_exact(&snr, mu, &exact, NULL), PH_OK);
        ck_assert_double_eq_tol(rows, patterns[mu].start, 1e-13);
        ck_assert_double_eq_tol(exact, patterns[mu].start, 1e-13);
    }
}
END_TEST

/* Perfect examples are what is stored, however many; so are examples without number. */
START_TEST(test_perfect)
{
    for (int many = 0; many < 2; many++) {
        const ph_snr_t snr =
            hierarchy(PH_RULE_SUPERVISED, K, 0.3, many ? 0.5 : 1.0, many ? 1e9 : 4);
        for (size_t mu = 0; mu < K; mu++) {
            double rows;
            ck_assert_int_eq(ph_snr_rows(&snr, mu, &rows), PH_OK);
            ck_assert_double_eq_tol(rows, patterns[mu].start, 1e-9);
        }
    }
}
END_TEST

/* Patterns in another order have their answers in that order; all signs turned, turned ones. */
START_TEST(test_symmetries)
{
    const size_t order[K] = {2, 0, 1};
    const ph_snr_t snr = hierarchy(PH_RULE_UNSUPERVISED, K, 0.3, 0.6, 5);
    ph_snr_pattern_t turned[K];
    const ph_snr_t other = {PH_RULE_UNSUPERVISED, PH_NORM_VARIANCE, INFINITY, K, turned};
    patterns[1].quality = 0.8;
    patterns[2].dilution = 0.5;
    for (size_t mu = 0; mu < K; mu++) {
        turned[mu] = patterns[order[mu]];
        turned[mu].start = -turned[mu].start;
    }
    for (size_t mu = 0; mu < K; mu++) {
        double here[2], there[2], kappas[4];
        ck_assert_int_eq(ph_snr_rows(&snr, order[mu], &here[0]), PH_OK);
        ck_assert_int_eq(ph_snr_exact(&snr, order[mu], &here[1], NULL), PH_OK);
        ck_assert_int_eq(ph_snr_rows(&other, mu, &there[0]), PH_OK);
        ck_assert_int_eq(ph_snr_exact(&other, mu, &there[1], NULL), PH_OK);
        ck_assert_double_eq_tol(there[0], -here[0], 1e-13);
        ck_assert_double_eq_tol(there[1], -here[1], 1e-13);
        ph_snr_field(&snr, order[mu], &kappas[0], &kappas[1]);
        ph_snr_field(&other, mu, &kappas[2], &kappas[3]);
        ck_assert_double_eq_tol(kappas[2], -kappas[0], 1e-14);
        ck_assert_double_eq_tol(kappas[3], kappas[1], 1e-14);
    }
}
END_TEST

/* Neurons add a variance that falls as 1/N, which a teacher's rule has less of. */
START_TEST(test_neurons)
{
    const ph_rule_t rules[] = {PH_RULE_SUPERVISED, PH_RULE_UNSUPERVISED};
    double added[2];
    for (int taught = 0; taught < 2; taught++) {
        double kappa_1, square[3];
        ph_snr_t snr = hierarchy(rules[taught], K, 0.3, 0.6, 5);
        const double neurons[] = {INFINITY, 1000, 2000};
        for (int k = 0; k < 3; k++) {
            snr.neurons = neurons[k];
            ph_snr_field(&snr, 0, &kappa_1, &square[k]);
            square[k] *= square[k];
        }
        added[taught] = square[1] - square[0];
        ck_assert_double_gt(added[taught], 0.0);
        ck_assert_double_eq_tol(added[taught] / (square[2] - square[0]), 2.0, 1e-9);
    }
    ck_assert_double_lt(added[0], added[1]);
}
END_TEST

/* No answer: too many patterns or terms to sum, a pattern without overlap, stored patterns; never:
 * a signal too weak among the others, (1 - d) S' no less than m^2/(2 Theta^2). */
START_TEST(test_none)
{
    const double theta = sqrt(0.5);
    double m, real, whole;
    ph_snr_t snr = hierarchy(PH_RULE_SUPERVISED, 13, 0.7, 0.5, 3);
    ck_assert_int_eq(ph_snr_rows(&snr, 0, &m), PH_OK);
    ck_assert(isnan(m));
    ck_assert_int_eq(ph_snr_exact(&snr, 0, &m, NULL), PH_OK);
    ck_assert(isnan(m));
    patterns[12].start = 0.0; /* a pattern without overlap makes no row */
    ck_assert_int_eq(ph_snr_rows(&snr, 0, &m), PH_OK);
    ck_assert(isfinite(m));
    ck_assert_int_eq(ph_snr_exact(&snr, 0, &m, NULL), PH_OK);
    ck_assert(isnan(m));
    ck_assert_int_eq(ph_snr_threshold(&snr, PH_SNR_RELATIVE, 12, theta, &real, &whole), PH_OK);
    ck_assert(isnan(real) && isnan(whole));
    snr = hierarchy(PH_RULE_STORAGE, K, 0.3, 0.0, 0.0);
    for (int criterion = 0; criterion < PH_SNR_CRITERIA; criterion++) {
        ck_assert_int_eq(
            ph_snr_threshold(&snr, (ph_snr_criterion_t)criterion, 0, theta, &real, &whole), PH_OK);
        ck_assert(isnan(real) && isnan(whole));
    }
    snr = hierarchy(PH_RULE_SUPERVISED, K, 0.3, 0.5, 1);
    for (size_t mu = 0; mu < K; mu++) {
        double others = 0.0;
        for (size_t nu = 0; nu < K; nu++)
            others += nu == mu ? 0.0 : pow(patterns[nu].start, 2);
        const bool never = pow(patterns[mu].start, 2) / (2 * theta * theta) <= 0.7 * others;
        ck_assert(never == (mu > 0));
        ck_assert_int_eq(ph_snr_threshold(&snr, PH_SNR_ABSOLUTE, mu, theta, &real, &whole), PH_OK);
        ck_assert(isinf(real) == never && isinf(whole) == never);
    }
}
END_TEST

/* From a point: every pattern's numbers, with the overlaps of the start; N infinite. */
START_TEST(test_init)
{
    const double start[] = {0.7, 0.2, 0.1};
    const ph_point_t point = network_learning(PH_RULE_UNSUPERVISED, K, 0.3, 0.6, 7, 0.0);
    const ph_point_t stored = network_uniform(100, K, 0.4, 0.0);
    ph_snr_t snr;
    ck_assert_int_eq(ph_snr_init(&snr, &point, start), PH_OK);
    ck_assert(snr.rule == PH_RULE_UNSUPERVISED && snr.patterns == K && isinf(snr.neurons));
    for (size_t mu = 0; mu < K; mu++) {
        const ph_snr_pattern_t *one = &snr.pattern[mu];
        ck_assert(one->start == start[mu] && one->examples == 7.0 && one->quality == 0.6 &&
                  one->fidelity == 1.0);
    }
    ph_snr_free(&snr);
    ck_assert_ptr_null(snr.pattern);
    ck_assert_int_eq(ph_snr_init(&snr, &stored, start), PH_OK); /* which has no examples */
    ck_assert(snr.rule == PH_RULE_STORAGE && snr.pattern[2].dilution == 0.4);
    ph_snr_free(&snr);
}
END_TEST

/* One pattern without blanks from overlap q: its own fluctuation multiplies S, so that a spin goes
 * with the sign of S but where the overlap has turned; that of single examples is noise beside S.
 */
START_TEST(test_finite_step)
{
    enum { M = 5 };
    const double q = 0.3, r = 0.4, neurons = 50.0;
    static const ph_rule_t RULES[] = {PH_RULE_STORAGE, PH_RULE_SUPERVISED, PH_RULE_UNSUPERVISED};
    for (int rule = 0; rule < 3; rule++) {
        const int examples = rule == 0 ? 1 : M;
        const double quality = rule == 0 ? 1.0 : r, noise = 1.0 - quality * quality;
        ph_snr_pattern_t one = {.start = q, .quality = r, .fidelity = 1.0, .examples = M};
        const ph_snr_t snr = {RULES[rule], PH_NORM_NONE, neurons, 1, &one};
        double wanted = 0.0, found, choose = 1.0; /* `examples` over `right` */
        for (int right = 0; right <= examples; right++) {
            const double p = choose * pow(0.5 * (1.0 + quality), right) *
                             pow(0.5 * (1.0 - quality), examples - right);
            const double eta = (2 * right - examples) / (examples * quality);
            const double summed = rule == 1 ? noise / (M * r * r) : 0.0;
            const double beside = rule == 2 ? noise / (M * pow(r, 4)) : 0.0;
            const double variance = (eta * eta * (1.0 - q * q + summed) + beside) / neurons;
            wanted += p * erf(eta * q / sqrt(2.0 * variance));
            choose *= (double)(examples - right) / (right + 1);
        }
        ck_assert_int_eq(ph_snr_exact(&snr, 0, &found, NULL), PH_OK);
        ck_assert_double_eq_tol(found, wanted, 1e-12);
    }
    ph_snr_pattern_t both[] = {{.start = q}, {.start = 0.2}}; /* stored: fields q +- 0.2 */
    const ph_snr_t snr = {PH_RULE_STORAGE, PH_NORM_NONE, neurons, 2, both};
    const double deviation = sqrt((2.0 - q * q - 0.04) / neurons);
    const double same = erf((q + 0.2) / (sqrt(2.0) * deviation)),
                 other = erf((q - 0.2) / (sqrt(2.0) * deviation));
    double found, scatter;
    ck_assert_int_eq(ph_snr_exact(&snr, 0, &found, &scatter), PH_OK);
    ck_assert_double_eq_tol(found, 0.5 * (same + other), 1e-12);
    ck_assert_double_eq_tol(scatter, 0.5 * (sqrt(1.0 - same * same) + sqrt(1.0 - other * other)),
                            1e-12);
}
END_TEST

PH_TEST_MAIN("snr_limits", test_storage, test_perfect, test_symmetries, test_neurons,
             test_finite_step, test_none, test_init)
