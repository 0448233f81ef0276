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
};

START_TEST(laws)
{
    network_t net;
    ph_step_pattern_t wanted[8], here[8];
    make(&net, COINS[_i]);
    by_states(&net, wanted);
    found(&net, _i == 0 ? 2e5 : 1.2e6, PH_STEP_EXACT, here);
    for (size_t mu = 0; mu < net.patterns; mu++)
        ck_assert_double_eq_tol(here[mu].after, wanted[mu].after, 1e-12);
    found(&net, 700.0, PH_STEP_GAUSSIAN, here);
    for (size_t mu = 0; mu < net.patterns; mu++) {
        ck_assert_double_eq_tol(here[mu].signal, wanted[mu].signal, 1e-12);
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
        ck_assert_int_eq(ph_snr_exact(&snr, mu, &exact), PH_OK);
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

PH_TEST_PROGRAM("step")
{
    TCase *tcase = tcase_create("step");
    tcase_add_loop_test(tcase, tiny, 0, sizeof(GIVEN) / sizeof(GIVEN[0]));
    tcase_add_loop_test(tcase, laws, 0, sizeof(COINS) / sizeof(COINS[0]));
    tcase_add_test(tcase, limits);
    tcase_add_loop_test(tcase, population, 0, sizeof(DRAWN) / sizeof(DRAWN[0]));
    return test_run("step", tcase);
}
