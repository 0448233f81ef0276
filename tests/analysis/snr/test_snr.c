/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/snr/snr.h"

#include <math.h>

#include "sim/model/stream.h"
#include "tests/testing.h"

enum { K_MAX = 6 };

static ph_snr_pattern_t kept[K_MAX];

/* Patterns alike, with the overlaps of a hierarchical start; one network lives at a time. */
static ph_snr_t network(size_t k, double d, double r, double examples, double s)
{
    for (size_t mu = 0; mu < k; mu++)
        kept[mu] = (ph_snr_pattern_t){(1.0 - d) * pow(d, (double)mu), d, r, s, examples};
    return (ph_snr_t){PH_RULE_SUPERVISED, PH_NORM_VARIANCE, INFINITY, k, kept};
}

static double exact(const ph_snr_t *snr, size_t mu)
{
    double m;
    ck_assert_int_eq(ph_snr_exact(snr, mu, &m, NULL), PH_OK);
    return m;
}

static double rows(const ph_snr_t *snr, size_t mu)
{
    double m;
    ck_assert_int_eq(ph_snr_rows(snr, mu, &m), PH_OK);
    return m;
}

/* K = 1, d = 0, r = 0.3, M = 20: 0.840401 Gaussian, 0.825053 exact; even M equals M - 1. */
START_TEST(test_one_pattern)
{
    ph_snr_t snr = network(1, 0.0, 0.3, 20, 1.0);
    ck_assert_double_eq_tol(ph_snr_gaussian(&snr, 0), 0.840401, 5e-7);
    ck_assert_double_eq_tol(rows(&snr, 0), 0.840401, 5e-7);
    ck_assert_double_eq_tol(exact(&snr, 0), 0.825053, 5e-7);
    for (double examples = 2; examples < 60; examples += 2) {
        kept[0].examples = examples;
        const double even = exact(&snr, 0);
        kept[0].examples = examples - 1;
        ck_assert_double_eq_tol(even, exact(&snr, 0), 1e-13);
    }
}
END_TEST

/* The mean sign of the field over every outcome of the examples, one by one. */
static double by_outcomes(const ph_snr_t *snr, size_t mu)
{
    const size_t k = snr->patterns, m = (size_t)kept[0].examples;
    double sum = 0.0, gain[K_MAX];
    for (size_t nu = 0; nu < k; nu++) {
        const double r2 = kept[nu].quality * kept[nu].quality, d = kept[nu].dilution;
        const double mr2 = (double)m * r2;
        gain[nu] = 1.0 / ((1 - d) * (1 + (1 - r2) / mr2) + d * (1 - kept[nu].fidelity) / mr2);
    }
    size_t outcomes = 1, digits = k * (m + 1);
    for (size_t i = 0; i < digits; i++)
        outcomes *= 3;
    for (size_t outcome = 0; outcome < outcomes; outcome++) {
        size_t code = outcome;
        double weight = 1.0, h = 0.0;
        int own = 0;
        for (size_t nu = 0; nu < k; nu++) {
            const double d = kept[nu].dilution, r = kept[nu].quality, s = kept[nu].fidelity;
            const int xi = (int)(code % 3) - 1;
            code /= 3;
            weight *= xi == 0 ? d : 0.5 * (1 - d);
            own = nu == mu ? xi : own;
            for (size_t a = 0; a < m; a++, code /= 3) {
                const int eta = (int)(code % 3) - 1;
                weight *= xi == 0 ? (eta == 0 ? s : 0.5 * (1 - s)) : 0.5 * (1 + r * xi * eta);
                weight *= xi != 0 && eta == 0 ? 0.0 : 1.0;
                h += gain[nu] * kept[nu].start * eta / ((double)m * r);
            }
        }
        if (weight > 0.0 && fabs(h) > 1e-9)
            sum += weight * own * copysign(1.0, h);
    }
    return sum;
}

/* The exact average is the sum over all outcomes, ties and noisy blanks included; in storage it is
 * that of the rows. */
START_TEST(test_outcomes)
{
    for (int noisy = 0; noisy < 2; noisy++)
        for (size_t k = 1; k <= 2; k++)
            for (int m = 1; m <= 4; m++) {
                ph_snr_t snr = network(k, 0.3, 0.6, m, noisy ? 0.7 : 1.0);
                kept[0].dilution += 0.05;
                for (size_t mu = 0; mu < k; mu++)
                    ck_assert_double_eq_tol(exact(&snr, mu), by_outcomes(&snr, mu), 1e-12);
            }
    ph_snr_t snr = network(3, 0.3, 1.0, 1, 1.0);
    snr.rule = PH_RULE_STORAGE;
    for (size_t mu = 0; mu < 3; mu++) {
        ck_assert_double_eq_tol(exact(&snr, mu), 0.7 * pow(0.3, (double)mu), 1e-14);
        ck_assert_double_eq_tol(rows(&snr, mu), 0.7 * pow(0.3, (double)mu), 1e-14);
    }
}
END_TEST

/* As M grows at fixed M r^2 the exact average tends to the Gaussian one. */
START_TEST(test_many_examples)
{
    double gaps[2];
    for (int i = 0; i < 2; i++) {
        const double m = i == 0 ? 25 : 2501;
        ph_snr_t snr = network(2, 0.3, sqrt(2.0 / m), m, 0.8);
        gaps[i] = fmax(fabs(exact(&snr, 0) - rows(&snr, 0)), fabs(exact(&snr, 1) - rows(&snr, 1)));
    }
    ck_assert_double_lt(gaps[1], 2e-4);
    ck_assert_double_gt(gaps[0], 20.0 * gaps[1]);
}
END_TEST

/* kappa_1 and kappa_2 are mean and deviation of the field over the rows. */
START_TEST(test_field)
{
    ph_snr_t snr = network(3, 0.4, 0.5, 7, 0.9);
    double kappa_1, kappa_2, second = 0.0, first = 0.0, g = 0.0;
    ph_snr_field(&snr, 1, &kappa_1, &kappa_2);
    const double rho = 0.75 / (7 * 0.25), blank = 0.1 / (7 * 0.25);
    g = 1.0 / (0.6 * (1 + rho) + 0.4 * blank);
    for (int row = 0; row < 9; row++) {
        const int xi[] = {row % 3 - 1, 1, row / 3 - 1};
        double weight = 1.0, a = 0.0, b2 = 0.0;
        for (int nu = 0; nu < 3; nu++) {
            if (nu != 1)
                weight *= xi[nu] == 0 ? 0.4 : 0.3;
            a += g * kept[nu].start * xi[nu];
            b2 += pow(g * kept[nu].start, 2) * (xi[nu] == 0 ? blank : rho);
        }
        first += weight * a;
        second += weight * (a * a + b2);
    }
    ck_assert_double_eq_tol(kappa_1, first, 1e-14);
    ck_assert_double_eq_tol(kappa_2, sqrt(second - first * first), 1e-14);
    ck_assert_double_eq_tol(ph_snr_gaussian(&snr, 1), 0.6 * erf(kappa_1 / sqrt(2) / kappa_2),
                            1e-14);
}
END_TEST

enum { SIZE = 40, EXAMPLES = 5 };

/* Draws archetypes and examples; the start is pattern 1, random where it is blank. */
static void draw(ph_stream_t *stream, double d, double r, double s, int xi[2][SIZE],
                 int eta[2][EXAMPLES][SIZE], int *spins)
{
    for (int nu = 0; nu < 2; nu++)
        for (int i = 0; i < SIZE; i++) {
            const int sign = ph_stream_below(stream, 2) != 0 ? 1 : -1;
            xi[nu][i] = ph_stream_unit(stream) < d ? 0 : sign;
            for (int a = 0; a < EXAMPLES; a++) {
                const int coin = ph_stream_below(stream, 2) != 0 ? 1 : -1;
                const double u = ph_stream_unit(stream);
                eta[nu][a][i] = xi[nu][i] != 0 ? (u < 0.5 * (1 + r) ? xi[nu][i] : -xi[nu][i])
                                               : (u < s ? 0 : coin);
            }
        }
    for (int i = 0; i < SIZE; i++)
        spins[i] = xi[0][i] != 0 ? xi[0][i] : ph_stream_below(stream, 2) != 0 ? 1 : -1;
}

/* Adds xi_i h_i and its square over the non-blank neurons of one sample, self-coupling left out. */
static void add_fields(int supervised, double scale, int xi[2][SIZE], int eta[2][EXAMPLES][SIZE],
                       const int *spins, double *sums)
{
    for (int i = 0; i < SIZE; i++) {
        double h = 0.0;
        for (int nu = 0; nu < 2; nu++) {
            int overlap[EXAMPLES] = {0}, total = 0, entries = 0;
            for (int a = 0; a < EXAMPLES; a++) {
                for (int j = 0; j < SIZE; j++)
                    overlap[a] += j != i ? eta[nu][a][j] * spins[j] : 0;
                total += overlap[a];
                entries += eta[nu][a][i];
                h += supervised ? 0.0 : scale * EXAMPLES * overlap[a] * eta[nu][a][i] / SIZE;
            }
            h += supervised ? scale * entries * total / SIZE : 0.0;
        }
        if (xi[0][i] == 0)
            continue;
        sums[0] += 1.0;
        sums[1] += xi[0][i] * h;
        sums[2] += h * h;
    }
}

/*
 * Fields of real networks of 40 neurons, both learning rules, one pattern in the start and one
 * outside: mean and variance over 20000 samples are kappa_1 and kappa_2^2 with the terms of order
 * 1/N, which are 16 and 70 % of the infinite network's here. The start's overlap scatters too, by
 * d (1 - d)/N, which multiplies E[eta^2 | xi != 0].
 */
START_TEST(test_finite_size)
{
    const double d = 0.2, r = 0.3, s = 0.6;
    for (int supervised = 0; supervised < 2; supervised++) {
        double sums[3] = {0.0};
        ph_stream_t stream;
        ph_stream_init(&stream, ph_stream_key(7, ph_digest_bytes("snr", 3)), PH_PURPOSE_TEST, 0, 0,
                       (uint64_t)supervised);
        for (int sample = 0; sample < 20000; sample++) {
            int xi[2][SIZE], eta[2][EXAMPLES][SIZE], spins[SIZE];
            draw(&stream, d, r, s, xi, eta, spins);
            add_fields(supervised, 1.0 / pow(EXAMPLES * r, 2), xi, eta, spins, sums);
        }
        ph_snr_t snr = network(2, d, r, EXAMPLES, s);
        double kappa_1, kappa_2, infinite;
        snr.normalization = PH_NORM_NONE;
        snr.rule = supervised ? PH_RULE_SUPERVISED : PH_RULE_UNSUPERVISED;
        kept[1].start = 0.0;
        ph_snr_field(&snr, 0, &kappa_1, &infinite);
        snr.neurons = SIZE;
        ph_snr_field(&snr, 0, &kappa_1, &kappa_2);
        const double mean = sums[1] / sums[0], variance = sums[2] / sums[0] - mean * mean;
        const double rest = (SIZE - 1.0) / SIZE;
        const double wanted =
            infinite * infinite * rest * rest + (kappa_2 * kappa_2 - infinite * infinite) * rest;
        ck_assert_double_eq_tol(mean, kappa_1 * rest, 0.01);
        ck_assert_double_gt(kappa_2 * kappa_2, (supervised ? 1.15 : 1.6) * infinite * infinite);
        ck_assert_double_eq_tol(variance, wanted, 0.02 * wanted);
    }
}
END_TEST

static double threshold(const ph_snr_t *snr, ph_snr_criterion_t criterion, size_t mu, double theta,
                        double *whole)
{
    double real;
    ck_assert_int_eq(ph_snr_threshold(snr, criterion, mu, theta, &real, whole), PH_OK);
    return real;
}

/* K = 1, d = 0: M > 2 Theta^2 (1 - r^2)/r^2 by either criterion; the whole number is above it. */
START_TEST(test_threshold_one)
{
    for (int criterion = 0; criterion < PH_SNR_CRITERIA; criterion++)
        for (double theta = 0.3; theta < 2.0; theta += 0.37)
            for (double r = 0.05; r < 1.0; r += 0.13) {
                double whole;
                ph_snr_t snr = network(1, 0.0, r, 1, 1.0);
                const double wanted = 2 * theta * theta * (1 - r * r) / (r * r);
                const double real =
                    threshold(&snr, (ph_snr_criterion_t)criterion, 0, theta, &whole);
                ck_assert_double_eq_tol(real, wanted, 1e-9 * wanted);
                ck_assert(whole >= 1.0 && whole > wanted && whole - 1.0 <= fmax(wanted, 0.0));
            }
    double whole;
    ph_snr_t snr = network(1, 0.0, 1.0 / sqrt(20.0), 1, 1.0); /* 19 is not more than 19 */
    ck_assert_double_eq_tol(threshold(&snr, PH_SNR_ABSOLUTE, 0, sqrt(0.5), &whole), 19.0, 1e-9);
    ck_assert_double_eq(whole, 20.0);
}
END_TEST

/* The closed form rho < [m^2/(2 Theta^2) - (1-d) S']/[m^2 + (1-d) S'] along a hierarchical state,
 * and "never" where it has no solution; both learning rules have the same. */
START_TEST(test_threshold_absolute)
{
    const double theta = sqrt(0.5), r = 0.4;
    size_t never = 0;
    for (double d = 0.05; d < 0.7; d += 0.1)
        for (size_t mu = 0; mu < 4; mu++) {
            double whole, others = 0.0;
            ph_snr_t snr = network(4, d, r, 1, 1.0);
            for (size_t nu = 0; nu < 4; nu++)
                others += nu == mu ? 0.0 : kept[nu].start * kept[nu].start;
            const double m2 = kept[mu].start * kept[mu].start;
            const double most =
                (m2 / (2 * theta * theta) - (1 - d) * others) / (m2 + (1 - d) * others);
            const double real = threshold(&snr, PH_SNR_ABSOLUTE, mu, theta, &whole);
            snr.rule = PH_RULE_UNSUPERVISED;
            ck_assert(threshold(&snr, PH_SNR_ABSOLUTE, mu, theta, &whole) == real);
            if (most <= 0.0) {
                ck_assert(isinf(real) && isinf(whole));
                never++;
                continue;
            }
            const double wanted = (1 - r * r) / (r * r * most);
            ck_assert_double_eq_tol(real, wanted, 1e-9 * wanted);
            ck_assert(whole > wanted * (1 - 1e-9) && whole <= wanted + 1.0);
        }
    ck_assert(never > 5 && never < 28);
}
END_TEST

/* At the relative threshold the step keeps the fraction erf(Theta); a whole number less fails; it
 * is there even where the absolute criterion is never met. */
START_TEST(test_threshold_relative)
{
    ph_snr_t snr = network(3, 0.3, 0.4, 1, 0.95);
    const double part = erf(0.5);
    for (size_t mu = 0; mu < 3; mu++) {
        double whole;
        const double real = threshold(&snr, PH_SNR_RELATIVE, mu, 0.5, &whole);
        ck_assert(isfinite(real) && isfinite(whole));
        for (size_t nu = 0; nu < 3; nu++)
            kept[nu].examples = real;
        ck_assert_double_eq_tol(rows(&snr, mu), part * kept[mu].start, 1e-9);
        for (size_t nu = 0; nu < 3; nu++)
            kept[nu].examples = whole;
        ck_assert_double_gt(rows(&snr, mu), part * kept[mu].start);
    }
    double whole;
    ck_assert(isinf(threshold(&snr, PH_SNR_ABSOLUTE, 2, 0.5, &whole)));
    snr.rule = PH_RULE_STORAGE;
    ck_assert(isnan(threshold(&snr, PH_SNR_RELATIVE, 0, 0.5, &whole)) && isnan(whole));
}
END_TEST

PH_TEST_MAIN("snr", test_one_pattern, test_outcomes, test_many_examples, test_field,
             test_finite_size, test_threshold_one, test_threshold_absolute, test_threshold_relative)
