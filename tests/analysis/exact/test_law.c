/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Laws of overlaps by all states: against sums by definition, moments of another enumeration and
 * the binomial law of a Curie-Weiss network. */
#include <math.h>

#include "analysis/exact/exact.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

/* H/N and the magnetizations of a state by definition. */
static double state_of(const ph_sample_t *sample, size_t bits, int8_t *spins, int *m)
{
    const size_t patterns = (size_t)sample->patterns.patterns;
    for (size_t mu = 0; mu < patterns; mu++)
        m[mu] = 0;
    for (size_t i = 0; i < (size_t)sample->patterns.neurons; i++) {
        spins[i] = (bits >> i & 1) != 0 ? 1 : -1;
        for (size_t mu = 0; mu < patterns; mu++)
            m[mu] += spins[i] * sample->patterns.entries[i * patterns + mu];
    }
    return ph_exact_energy(&sample->coupling, spins);
}

/* Both laws of 7 neurons, every state and every pair of states by itself; stored and learned. */
START_TEST(test_definition)
{
    enum { N = 7, K = 2, STATES = 1 << N };
    const double dilution[] = {0.2, 0.5}, noises[] = {0.05, 0.4, 3.0};
    const double examples[] = {3, 3}, quality[] = {0.6, 0.6}, fidelity[] = {1, 1};
    for (int rule = 0; rule < 2; rule++)
        for (size_t t = 0; t < 3; t++) {
            double p[STATES], total = 0.0, m[K][2 * N + 1] = {{0.0}}, q[2 * N + 1] = {0.0};
            int8_t spins[N];
            int overlap[K];
            ph_point_t point = network_point(N, K, dilution, noises[t]);
            point.rule = rule == 0 ? PH_RULE_STORAGE : PH_RULE_UNSUPERVISED;
            point.examples = examples;
            point.quality = quality;
            point.blank_fidelity = fidelity;
            ph_sample_t sample;
            ph_exact_law_t law;
            ck_assert_int_eq(ph_sample_draw(&sample, &point, 5, (uint32_t)t), PH_OK);
            ck_assert_int_eq(ph_exact_law(&law, &sample, noises[t]), PH_OK);
            for (size_t s = 0; s < STATES; s++) {
                p[s] = exp(-N * state_of(&sample, s, spins, overlap) / noises[t]);
                total += p[s];
            }
            for (size_t s = 0; s < STATES; s++) {
                (void)state_of(&sample, s, spins, overlap);
                for (size_t mu = 0; mu < K; mu++)
                    m[mu][N + overlap[mu]] += p[s] / total;
                for (size_t other = 0; other < STATES; other++) {
                    int same = 0;
                    for (size_t i = 0; i < N; i++)
                        same += (s >> i & 1) == (other >> i & 1);
                    q[2 * same] += p[s] / total * p[other] / total;
                }
            }
            ck_assert(law.levels == 2 * N + 1 && law.neurons == N && law.patterns == K);
            for (size_t l = 0; l < law.levels; l++) {
                ck_assert_double_eq_tol(law.q[l], q[l], 1e-13);
                for (size_t mu = 0; mu < K; mu++)
                    ck_assert_double_eq_tol(law.m[mu * law.levels + l], m[mu][l], 1e-13);
            }
            ph_exact_law_free(&law);
            ph_sample_free(&sample);
        }
}
END_TEST

/* The largest network: moments by the other enumeration; the overlap's variance is the mean square
 * of the correlations, which of one pattern without blanks are those of m. */
START_TEST(test_largest)
{
    enum { N = PH_EXACT_LAW_NEURONS };
    ph_point_t point = network_uniform(N, 1, 0.0, 0.8);
    ph_sample_t sample;
    ph_exact_law_t law;
    ph_exact_t moments;
    double sum = 0.0, second = 0.0, fourth = 0.0, q = 0.0;
    ck_assert_int_eq(ph_sample_draw(&sample, &point, 3, 0), PH_OK);
    ck_assert_int_eq(ph_exact_law(&law, &sample, 0.8), PH_OK);
    ck_assert_int_eq(ph_exact_init(&moments, 1), PH_OK);
    ck_assert_int_eq(ph_exact_enumerate(&moments, &sample.coupling, 0.8, NULL), PH_OK);
    for (size_t l = 0; l < law.levels; l++) {
        const double x = (double)l / N - 1.0;
        sum += law.m[l];
        second += law.m[l] * x * x;
        fourth += law.m[l] * x * x * x * x;
        q += law.q[l] * x * x;
    }
    const double correlation = (N * second - 1.0) / (N - 1.0); /* of two spins */
    ck_assert_double_eq_tol(sum, 1.0, 1e-12);
    ck_assert_double_eq_tol(second, moments.second[0], 1e-12);
    ck_assert_double_eq_tol(fourth, moments.fourth[0], 1e-12);
    ck_assert_double_eq_tol(q, (1.0 + (N - 1.0) * correlation * correlation) / N, 1e-12);
    ph_exact_free(&moments);
    ph_exact_law_free(&law);
    ph_sample_free(&sample);
    point = network_uniform(N + 1, 1, 0.0, 0.8);
    ck_assert_int_eq(ph_sample_draw(&sample, &point, 3, 0), PH_OK);
    ck_assert_int_eq(ph_exact_law(&law, &sample, 0.8), PH_ERR_LIMIT);
    ck_assert_int_eq(ph_exact_law(&law, &sample, 0.0), PH_ERR_LIMIT);
    ph_sample_free(&sample);
    point = network_uniform(N, 1, 0.0, 0.0);
    ck_assert_int_eq(ph_sample_draw(&sample, &point, 3, 0), PH_OK);
    ck_assert_int_eq(ph_exact_law(&law, &sample, 0.0), PH_ERR_UNSUPPORTED);
    ph_sample_free(&sample);
}
END_TEST

PH_TEST_MAIN("exact_law", test_definition, test_largest)
