/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One parallel step of a sample's own network, against sums over its couplings in plain loops. */
#include "analysis/snr/step.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/snr/snr.h"
#include "tests/params/parse.h"

enum { NEURONS_MAX = 24 };

/* A network of given patterns, its couplings by their definition, and the law of its start. */
typedef struct {
    ph_grid_t grid;
    ph_sample_t sample;
    size_t neurons, patterns;
    double bond[NEURONS_MAX][NEURONS_MAX], spins[NEURONS_MAX];
} network_t;

static const char *const GIVEN[] = {
    /* equal weights, coins where the first is blank */
    "network: { patterns: { given: \"+++++0--+--+ ++++0+--++++\" }, normalization: none }\n"
    "dynamics: { sweeps: 1, start: { kind: archetype, pattern: 1 } }\n",
    /* unequal weights */
    "network: { patterns: { given: \"++0++0--+-0+ ++++-+--++++ 00-+0+--+0-+\" } }\n"
    "dynamics: { sweeps: 1, start: { kind: archetype, pattern: 3 } }\n",
    /* loaded coins */
    "network: { patterns: { given: \"++0++0--+-0 ++++-+--+++\" }, normalization: none }\n"
    "dynamics: { sweeps: 1, start: { kind: corrupted, pattern: 1, overlap: 0.4 } }\n",
    /* no field at neurons 3 and 6, ties of fields at others */
    "network: { patterns: { given: \"+-0+-0+ +-0-+0+\" }, normalization: none }\n"
    "dynamics: { sweeps: 1, start: { kind: hierarchical, patterns: [1, 2] } }\n",
    /* examples learned, and archetypes that noise is put on */
    "network: { rule: supervised, examples: 2, patterns: { given: \"++-+0-++-+ -+-+--+0+-\" },\n"
    "  data: { given: \"++-+--++-+ ++-+-+++-+ +0-+--++-+/-+-+--+0+- -+-+--+-+-\" } }\n"
    "dynamics: { sweeps: 1, start: { kind: archetype, pattern: 2 } }\n",
    "network: { rule: unsupervised, examples: 3, quality: 0.7, blank_fidelity: 0.5,\n"
    "  patterns: { given: \"+00+-++0- +++--+-0-\" } }\n"
    "dynamics: { sweeps: 1, start: { kind: parallel, patterns: [1, 2] } }\n",
};

static void make(network_t *self, const char *text)
{
    memset(self, 0, sizeof(*self));
    parse_with(&self->grid, text, "noise=0");
    const ph_point_t *point = &self->grid.points[0];
    ck_assert_int_eq(ph_sample_draw(&self->sample, point, self->grid.seed, 0), PH_OK);
    const ph_coupling_t *coupling = &self->sample.coupling;
    self->neurons = (size_t)coupling->neurons;
    self->patterns = (size_t)coupling->patterns;
    const size_t features = (size_t)coupling->features;
    ck_assert_uint_le(self->neurons, NEURONS_MAX);
    ph_step_start(point, &self->sample.patterns, self->spins);
    for (size_t i = 0; i < self->neurons; i++)
        for (size_t j = 0; j < self->neurons; j++)
            for (size_t p = 0; p < features && i != j; p++)
                self->bond[i][j] += coupling->weights[p] * coupling->phi[i * features + p] *
                                    coupling->phi[j * features + p] / (double)self->neurons;
}

static void unmake(network_t *self)
{
    ph_sample_free(&self->sample);
    ph_grid_free(&self->grid);
}

/* What a step does to every pattern, over all starting states. */
static void by_states(const network_t *self, ph_step_pattern_t *out)
{
    double shown[8] = {0}, first[8] = {0}, second[8] = {0}, after[8] = {0};
    for (size_t state = 0; state < (size_t)1 << self->neurons; state++) {
        double weight = 1.0;
        for (size_t j = 0; j < self->neurons; j++)
            weight *= 0.5 * (1.0 + ((state >> j) & 1 ? 1.0 : -1.0) * self->spins[j]);
        for (size_t i = 0; i < self->neurons && weight > 0.0; i++) {
            double h = 0.0;
            for (size_t j = 0; j < self->neurons; j++)
                h += self->bond[i][j] * ((state >> j) & 1 ? 1.0 : -1.0);
            for (size_t mu = 0; mu < self->patterns; mu++) {
                const double xi = self->sample.patterns.entries[i * self->patterns + mu];
                shown[mu] += weight * fabs(xi);
                first[mu] += weight * xi * h;
                second[mu] += weight * xi * xi * h * h;
                after[mu] += fabs(h) > 1e-9 ? weight * xi * copysign(1.0, h) : 0.0;
            }
        }
    }
    for (size_t mu = 0; mu < self->patterns; mu++) {
        const double mean = first[mu] / shown[mu],
                     deviation = sqrt(fmax(second[mu] / shown[mu] - mean * mean, 0.0));
        out[mu].signal = mean;
        out[mu].deviation = deviation;
        out[mu].gaussian = shown[mu] / (double)self->neurons * erf(mean / (sqrt(2.0) * deviation));
        out[mu].after = after[mu] / (double)self->neurons;
    }
}

static void found(const network_t *self, double work, ph_step_law_t law, ph_step_pattern_t *out)
{
    ph_step_t step;
    ck_assert_int_eq(ph_step_init(&step, &self->sample.coupling, self->spins, work), PH_OK);
    ck_assert_int_eq(step.law, law);
    for (size_t mu = 0; mu < self->patterns; mu++)
        ph_step_pattern(&step, &self->sample.patterns, mu, &out[mu]);
    ph_step_free(&step);
}

/* Mean, deviation and both magnetizations of every kind of given network. */
START_TEST(tiny)
{
    network_t net;
    ph_step_pattern_t wanted[8], here[8];
    make(&net, GIVEN[_i]);
    by_states(&net, wanted);
    found(&net, PH_STEP_WORK, PH_STEP_EXACT, here);
    for (size_t mu = 0; mu < net.patterns; mu++) {
        ck_assert_double_eq_tol(here[mu].signal, wanted[mu].signal, 1e-12);
        ck_assert_double_eq_tol(here[mu].deviation, wanted[mu].deviation, 1e-12);
        ck_assert_double_eq_tol(here[mu].gaussian, wanted[mu].gaussian, 1e-12);
        ck_assert_double_eq_tol(here[mu].after, wanted[mu].after, 1e-12);
        ck_assert_double_eq(here[mu].allowance, 0.0);
    }
    unmake(&net);
}
END_TEST

/* Coins at nine of 18 neurons, and loaded ones at all but one of 13: the law of the sum where all
 * their draws are too much work; and normal fields where either is, within what they say. */
static const char *const COINS[] = {
    "network: { patterns: { given: \"0+0-+0-00+0+00-+0- ++-+-+--+-+-++-+-+\" },\n"
    "  normalization: none }\ndynamics: { sweeps: 1, start: archetype }\n",
    "network: { patterns: { given: \"0+0-+0-00+0+0 ++-+-+--+-+-+ -++0-++--0+-+\" },\n"
    "  normalization: none }\n"
    "dynamics: { sweeps: 1, start: { kind: mixture, patterns: [1, 2, 3], overlap: 0.6 } }\n",
    /* unequal weights: no law of a sum of whole numbers */
    "network: { patterns: { given: \"0+0-+0-00+0+0 ++-+-0--+-+-+\" } }\n"
    "dynamics: { sweeps: 1, start: { kind: corrupted, pattern: 1, overlap: 0.2 } }\n",
};

START_TEST(laws)
{
    network_t net;
    ph_step_pattern_t wanted[8], here[8];
    make(&net, COINS[_i]);
    by_states(&net, wanted);
    if (_i < 2)
        found(&net, _i == 0 ? 2e5 : 1.2e6, PH_STEP_EXACT, here);
    for (size_t mu = 0; mu < net.patterns && _i < 2; mu++)
        ck_assert_double_eq_tol(here[mu].after, wanted[mu].after, 1e-12);
    found(&net, 700.0, PH_STEP_GAUSSIAN, here);
    for (size_t mu = 0; mu < net.patterns; mu++) {
        ck_assert_double_eq_tol(here[mu].signal, wanted[mu].signal, 1e-12);
        ck_assert_double_eq_tol(here[mu].deviation, wanted[mu].deviation, 1e-12);
        ck_assert_double_eq_tol(here[mu].after, wanted[mu].after, here[mu].allowance);
        ck_assert(here[mu].after != wanted[mu].after && here[mu].allowance < 0.5);
    }
    ph_step_t step;
    ck_assert_int_eq(ph_step_init(&step, &net.sample.coupling, net.spins, 50.0), PH_ERR_LIMIT);
    ph_step_free(&step);
    unmake(&net);
}
END_TEST

/* One pattern and no noise: kappa_2 is 0, and all are right; nothing to say of a blank pattern. */
START_TEST(limits)
{
    network_t net;
    ph_step_pattern_t here[8];
    make(&net, "network: { patterns: { given: \"+-+0+++--\" } }\ndynamics: { sweeps: 1, start: "
               "archetype }\n");
    found(&net, PH_STEP_WORK, PH_STEP_EXACT, here);
    ck_assert_double_eq_tol(here[0].signal, 9.0 / 8.0 * 7.0 / 9.0, 1e-12);
    ck_assert_double_eq(here[0].deviation, 0.0);
    ck_assert_double_eq_tol(here[0].gaussian, 8.0 / 9.0, 1e-15);
    ck_assert_double_eq_tol(here[0].after, 8.0 / 9.0, 1e-15);
    memset(net.sample.patterns.entries, 0, net.neurons);
    found(&net, PH_STEP_WORK, PH_STEP_EXACT, here);
    ck_assert(isnan(here[0].signal) && isnan(here[0].deviation) && isnan(here[0].gaussian));
    ck_assert_double_eq(here[0].after, 0.0);
    unmake(&net);
}
END_TEST

/* Drawn patterns of many neurons have the infinite network's means, to 1/sqrt N, and their own
 * deviations are its with the terms of order 1/N. */
static const char *const DRAWN[] = {
    "network: { neurons: 4000, patterns: 3, dilution: 0.3 }\n"
    "dynamics: { sweeps: 1, start: { kind: hierarchical } }\n",
    "network: { neurons: 4000, patterns: 3, dilution: 0.3, rule: supervised, examples: 20,\n"
    "  quality: 0.5, blank_fidelity: 0.8 }\ndynamics: { sweeps: 1, start: archetype }\n",
    "network: { neurons: 4000, patterns: 3, dilution: 0.3, rule: unsupervised, examples: 20,\n"
    "  quality: 0.5, blank_fidelity: 0.8 }\ndynamics: { sweeps: 1, start: archetype }\n",
};

START_TEST(population)
{
    ph_grid_t grid;
    ph_sample_t sample;
    ph_step_t step;
    ph_snr_t snr;
    double spins[4000];
    parse_with(&grid, DRAWN[_i], "noise=0");
    const ph_point_t *point = &grid.points[0];
    const double hierarchy[] = {0.7, 0.21, 0.063}, one[] = {0.7, 0.0, 0.0};
    ck_assert_int_eq(ph_sample_draw(&sample, point, grid.seed, 0), PH_OK);
    ph_step_start(point, &sample.patterns, spins);
    ck_assert_int_eq(ph_step_init(&step, &sample.coupling, spins, 1e8), PH_OK);
    ck_assert_int_eq(ph_snr_init(&snr, point, _i == 0 ? hierarchy : one), PH_OK);
    snr.neurons = 4000.0;
    for (size_t mu = 0; mu < 3; mu++) {
        ph_step_pattern_t here;
        double kappa_1, kappa_2, exact;
        ph_step_pattern(&step, &sample.patterns, mu, &here);
        ph_snr_field(&snr, mu, &kappa_1, &kappa_2);
        ck_assert_int_eq(ph_snr_exact(&snr, mu, &exact, NULL), PH_OK);
        ck_assert_double_eq_tol(here.signal, kappa_1, 5.0 / sqrt(4000.0));
        ck_assert_double_eq_tol(here.deviation, kappa_2, 3.0 / sqrt(4000.0));
        ck_assert_double_eq_tol(here.gaussian, ph_snr_gaussian(&snr, mu), 5.0 / sqrt(4000.0));
        ck_assert_double_eq_tol(here.after, exact, 4.0 / sqrt(4000.0));
    }
    ck_assert_double_gt(step.mean[0] * step.mean[0] + step.mean[1] * step.mean[1], 0.0);
    ph_snr_free(&snr);
    ph_step_free(&step);
    ph_sample_free(&sample);
    ph_grid_free(&grid);
}
END_TEST

static const char *const LEARNED[] = {
    "network: { rule: supervised, examples: 2, quality: 0.4, blank_fidelity: 0.7,\n"
    "  patterns: { given: \"+00+-++0-+- +++--+-0--0\" } }\n"
    "dynamics: { sweeps: 1, start: { kind: archetype, pattern: 2 } }\n",
    "network: { rule: unsupervised, examples: 9, quality: 0.3, normalization: none,\n"
    "  patterns: { given: \"++-+-++--+- +-+--++0--0 ++0---++++-\" } }\n"
    "dynamics: { sweeps: 1, start: { kind: corrupted, pattern: 1, overlap: 0.9 } }\n",
};

/* By how much the criterion is exceeded with so many examples, in plain words: each neuron's field
 * has the mean and the variance that the examples give it. */
static double exceeded(const network_t *net, size_t mu, double examples, double theta,
                       ph_snr_criterion_t criterion)
{
    const ph_point_t *point = &net->grid.points[0];
    const int8_t *xi = net->sample.patterns.entries;
    const size_t n = net->neurons, k = net->patterns;
    const double r2 = pow(point->quality[0], 2), s = point->blank_fidelity[0];
    const double rho = (1.0 - r2) / (examples * r2), blank = (1.0 - s) / (examples * r2);
    double before = 0.0, shown = 0.0, first = 0.0, second = 0.0, after = 0.0;
    for (size_t i = 0; i < n; i++) {
        double mean = 0.0, variance = 0.0;
        for (size_t nu = 0; nu < k; nu++) {
            const double d = point->dilution[nu], e2 = (1.0 - d) * (1.0 + rho) + d * blank;
            double overlap = 0.0;
            for (size_t j = 0; j < n; j++)
                overlap += j != i ? xi[j * k + nu] * net->spins[j] / (double)n : 0.0;
            overlap /= point->normalization == PH_NORM_NONE ? 1.0 : e2;
            mean += overlap * xi[i * k + nu];
            variance += overlap * overlap * (xi[i * k + nu] != 0 ? rho : blank);
        }
        before += xi[i * k + mu] * net->spins[i] / (double)n;
        if (xi[i * k + mu] == 0)
            continue;
        shown += 1.0;
        first += xi[i * k + mu] * mean;
        second += mean * mean + variance;
        after += xi[i * k + mu] * erf(mean / sqrt(2.0 * variance)) / (double)n;
    }
    const double signal = first / shown, noise = sqrt(second / shown - signal * signal);
    return criterion == PH_SNR_ABSOLUTE ? signal / (sqrt(2.0) * noise) - theta
                                        : after - erf(theta) * before;
}

/* Thresholds of given archetypes: roots of the criterion, and the next whole number. */
START_TEST(thresholds)
{
    static const double THETA[] = {0.5, 0.8};
    network_t net;
    size_t there = 0;
    make(&net, LEARNED[_i]);
    const size_t mu = _i == 0 ? 1 : 0;
    for (int c = 0; c < PH_SNR_CRITERIA; c++)
        for (size_t t = 0; t < 2; t++) {
            const ph_snr_criterion_t criterion = (ph_snr_criterion_t)c;
            double real, whole;
            ck_assert_int_eq(ph_step_threshold(&net.grid.points[0], &net.sample.patterns, net.spins,
                                               criterion, mu, THETA[t], &real, &whole),
                             PH_OK);
            if (isinf(real)) {
                ck_assert(exceeded(&net, mu, 1e9, THETA[t], criterion) < 0.0);
                continue;
            }
            there++;
            ck_assert(real > 1.0 && whole == ceil(real));
            ck_assert_double_eq_tol(exceeded(&net, mu, real, THETA[t], criterion), 0.0, 1e-9);
            ck_assert_double_gt(exceeded(&net, mu, whole, THETA[t], criterion), 0.0);
            ck_assert_double_lt(exceeded(&net, mu, 0.9 * real, THETA[t], criterion), 0.0);
        }
    ck_assert_uint_ge(there, 3);
    unmake(&net);
}
END_TEST

/* Drawn archetypes of many neurons have the infinite network's; storage and given examples none. */
START_TEST(thresholds_elsewhere)
{
    static const size_t STORED = 1, DATA = 4; /* of GIVEN */
    double real, whole, wanted, spins[4000];
    network_t net;
    ph_grid_t grid;
    ph_sample_t sample;
    ph_snr_t snr;
    for (int i = 0; i < 2; i++) {
        make(&net, GIVEN[i == 0 ? STORED : DATA]);
        ck_assert_int_eq(ph_step_threshold(&net.grid.points[0], &net.sample.patterns, net.spins,
                                           PH_SNR_ABSOLUTE, 1, 0.7, &real, &whole),
                         PH_OK);
        ck_assert(isnan(real) && isnan(whole));
        unmake(&net);
    }
    parse_with(&grid, DRAWN[1], "noise=0");
    const ph_point_t *point = &grid.points[0];
    const double start[] = {0.7, 0.0, 0.0};
    ck_assert_int_eq(ph_sample_draw(&sample, point, grid.seed, 0), PH_OK);
    ck_assert_int_eq(ph_snr_init(&snr, point, start), PH_OK);
    ph_step_start(point, &sample.patterns, spins);
    for (int c = 0; c < PH_SNR_CRITERIA; c++) {
        ck_assert_int_eq(ph_snr_threshold(&snr, (ph_snr_criterion_t)c, 0, 1.0, &wanted, &whole),
                         PH_OK);
        ck_assert_int_eq(ph_step_threshold(point, &sample.patterns, spins, (ph_snr_criterion_t)c, 0,
                                           1.0, &real, &whole),
                         PH_OK);
        ck_assert_double_eq_tol(real, wanted, 0.02 * wanted);
    }
    ph_snr_free(&snr);
    ph_sample_free(&sample);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("step")
{
    TCase *tcase = tcase_create("step");
    tcase_add_loop_test(tcase, tiny, 0, sizeof(GIVEN) / sizeof(GIVEN[0]));
    tcase_add_loop_test(tcase, laws, 0, sizeof(COINS) / sizeof(COINS[0]));
    tcase_add_test(tcase, limits);
    tcase_add_loop_test(tcase, population, 0, sizeof(DRAWN) / sizeof(DRAWN[0]));
    tcase_add_loop_test(tcase, thresholds, 0, sizeof(LEARNED) / sizeof(LEARNED[0]));
    tcase_add_test(tcase, thresholds_elsewhere);
    return test_run("step", tcase);
}
