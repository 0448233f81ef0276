/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/noise.h"

#include "analysis/flow/sites.h"
#include "tests/analysis/classes.h"
#include "tests/testing.h"

/*
 * Orders that visit every site once a sweep, against exact laws of one pattern without blanks
 * (J_ii = 0), from independent spins of mean q. N Var and N (<m> - flow) at three N whose
 * ratios are 2 give both up to O(1/N^3).
 */
enum { TIMES = 5, STATES = 1 << 20, UP = 201 };

static const uint64_t EVERY[TIMES] = {0, 1, 2, 3, 5};

typedef struct {
    double mean[TIMES], variance[TIMES]; /* N Var */
} moments_t;

static double by_parts(double coarse, double middle, double fine)
{
    return (8.0 * fine - 6.0 * middle + coarse) / 3.0;
}

/* P(up) of a spin that sees `up` of the other neurons - 1 spins up. */
static double rise(int neurons, int up, double noise)
{
    const double h = (2.0 * up - (neurons - 1)) / neurons;
    return 0.5 * (1.0 + tanh(h / noise));
}

/* Sequential: the distribution over all states, updated bit by bit. */
static moments_t sequential(int neurons, double noise, double q)
{
    static double p[STATES];
    moments_t found = {0};
    const uint32_t states = 1u << neurons;
    double up[32];
    uint64_t sweep = 0;
    for (int n = 0; n < neurons; n++)
        up[n] = rise(neurons, n, noise);
    for (uint32_t s = 0; s < states; s++) {
        const int ups = __builtin_popcount(s);
        p[s] = pow(0.5 * (1.0 + q), ups) * pow(0.5 * (1.0 - q), neurons - ups);
    }
    for (size_t k = 0; k < TIMES; k++) {
        for (; sweep < EVERY[k]; sweep++)
            for (int i = 0; i < neurons; i++)
                for (uint32_t s = 0, bit = 1u << i; s < states; s++)
                    if ((s & bit) == 0) {
                        const double both = p[s] + p[s | bit];
                        p[s | bit] = both * up[__builtin_popcount(s)];
                        p[s] = both - p[s | bit];
                    }
        double first = 0.0, second = 0.0;
        for (uint32_t s = 0; s < states; s++) {
            const double m = 2.0 * __builtin_popcount(s) / neurons - 1.0;
            first += p[s] * m;
            second += p[s] * m * m;
        }
        found.mean[k] = first;
        found.variance[k] = neurons * (second - first * first);
    }
    return found;
}

/* Permuted: the distribution over up-spins among those still to come in the sweep, and among all.
 */
static moments_t permuted(int neurons, double noise, double q)
{
    static double p[UP], now[UP][UP], next[UP][UP];
    moments_t found = {0};
    uint64_t sweep = 0;
    for (int n = 0; n <= neurons; n++)
        p[n] = exp(lgamma(neurons + 1.0) - lgamma(n + 1.0) - lgamma(neurons - n + 1.0)) *
               pow(0.5 * (1.0 + q), n) * pow(0.5 * (1.0 - q), neurons - n);
    for (size_t k = 0; k < TIMES; k++) {
        for (; sweep < EVERY[k]; sweep++) {
            memset(now, 0, sizeof(now));
            for (int n = 0; n <= neurons; n++)
                now[n][n] = p[n];
            for (int left = neurons; left > 0; left--) {
                memset(next, 0, sizeof(next));
                for (int a = 0; a <= left; a++)
                    for (int n = 0; n <= neurons; n++)
                        for (int was = 0; was < 2 && now[a][n] != 0.0; was++) {
                            const double here = now[a][n] * (was ? a : left - a) / (double)left;
                            if (here == 0.0)
                                continue;
                            const double up = rise(neurons, n - was, noise);
                            next[a - was][n - was + 1] += here * up;
                            next[a - was][n - was] += here * (1.0 - up);
                        }
                memcpy(now, next, sizeof(now));
            }
            memcpy(p, now[0], sizeof(p));
        }
        double first = 0.0, second = 0.0;
        for (int n = 0; n <= neurons; n++) {
            const double m = 2.0 * n / neurons - 1.0;
            first += p[n] * m;
            second += p[n] * m * m;
        }
        found.mean[k] = first;
        found.variance[k] = neurons * (second - first * first);
    }
    return found;
}

static ph_flow_noise_t solve(ph_flow_law_t law, int neurons, double noise, const double *q)
{
    static const double one = 1.0;
    static const uint32_t site[UP];
    const ph_classes_t classes = {.count = 1,
                                  .size = 1,
                                  .features = 1,
                                  .phi = &one,
                                  .share = &one,
                                  .start = q,
                                  .weights = &one,
                                  .sites = (size_t)neurons,
                                  .site = site};
    ph_flow_noise_t found;
    ck_assert_int_eq(ph_flow_noise_solve(&found, &classes, law, noise, TIMES, EVERY, NULL), PH_OK);
    ck_assert(found.complete);
    return found;
}

typedef moments_t law_t(int neurons, double noise, double q);

static void check_law(ph_flow_law_t law, law_t *exact, int neurons, double noise, double q,
                      double tolerance)
{
    ph_flow_noise_t found[3];
    moments_t moments[3];
    double largest = 0.0;
    for (int j = 0; j < 3; j++) {
        found[j] = solve(law, neurons << j, noise, &q);
        moments[j] = exact(neurons << j, noise, q);
    }
    for (size_t k = 0; k < TIMES; k++) {
        double bias[3];
        for (int j = 0; j < 3; j++)
            bias[j] = (neurons << j) * (moments[j].mean[k] - found[j].mean[k]);
        const double expected = by_parts(bias[0], bias[1], bias[2]);
        const double variance =
            by_parts(moments[0].variance[k], moments[1].variance[k], moments[2].variance[k]);
        ck_assert_double_eq_tol(found[2].chain[k], variance, tolerance);
        ck_assert_double_eq_tol(found[2].bias[k], expected, tolerance);
        largest = fmax(largest, fabs(expected));
    }
    ck_assert_double_gt(largest, 0.07);
    for (int j = 0; j < 3; j++)
        ph_flow_noise_free(&found[j]);
}

/* Permuted: variance and bias are those of the exact law, below and above the transition. */
START_TEST(test_permuted)
{
    check_law(PH_FLOW_PERMUTED, permuted, 50, 0.4, 1.0, 2e-4);
    check_law(PH_FLOW_PERMUTED, permuted, 50, 2.0, 1.0, 2e-4);
    check_law(PH_FLOW_PERMUTED, permuted, 50, 2.0, 0.4, 2e-4);
    check_law(PH_FLOW_PERMUTED, permuted, 50, 2.0, -0.7, 2e-4);
}
END_TEST

/* Sequential: the same by enumeration, at a noise where 20 neurons are many. */
START_TEST(test_sequential)
{
    check_law(PH_FLOW_SEQUENTIAL, sequential, 5, 3.0, 1.0, 3e-3);
    check_law(PH_FLOW_SEQUENTIAL, sequential, 5, 3.0, 0.4, 3e-3);
    check_law(PH_FLOW_SEQUENTIAL, sequential, 5, 4.0, -0.7, 3e-3);
}
END_TEST

/* Blanks only take turns: half the neurons blank at T are half as many without blanks at 2T. */
START_TEST(test_blanks)
{
    static const double one = 1.0, q[] = {0.3, 0.6}, phi[] = {0.0, 1.0}, share[] = {0.5, 0.5};
    static const uint32_t site[] = {0, 1, 1, 0, 1, 0, 0, 1};
    const ph_flow_law_t laws[] = {PH_FLOW_PERMUTED, PH_FLOW_SEQUENTIAL};
    const ph_classes_t classes = {.count = 2,
                                  .size = 1,
                                  .features = 1,
                                  .phi = phi,
                                  .share = share,
                                  .start = q,
                                  .weights = &one,
                                  .sites = 8,
                                  .site = site};
    for (int i = 0; i < 2; i++) {
        ph_flow_noise_t half = solve(laws[i], 4, 0.8, &q[1]), found;
        ck_assert_int_eq(ph_flow_noise_solve(&found, &classes, laws[i], 0.4, TIMES, EVERY, NULL),
                         PH_OK);
        for (size_t k = 0; k < TIMES; k++) {
            ck_assert_double_eq_tol(found.mean[k], 0.5 * half.mean[k], 1e-9);
            ck_assert_double_eq_tol(found.chain[k], 0.5 * half.chain[k], 1e-7);
            ck_assert_double_eq_tol(found.bias[k], half.bias[k], 1e-7);
        }
        ck_assert_double_gt(fabs(half.bias[2]), 0.5);
        ph_flow_noise_free(&half);
        ph_flow_noise_free(&found);
    }
}
END_TEST

/*
 * One pattern without blanks or noise, from the overlap m: after a share tau of a permuted sweep it
 * is m + (1 - m) tau, with N Var = tau (1 - tau)(1 - m^2), that of draws without replacement. So
 * the fluctuations of the field over its size are largest at tau = m/(1 + m), where their ratio is
 * sqrt((1 - m^2)/(4 m)): within the sweep, and soon if m is small.
 */
START_TEST(test_looks)
{
    const uint64_t time[] = {0, 1};
    const double one = 1.0;
    for (double m = 1e-4; m < 0.1; m *= sqrt(2.0)) {
        const ph_classes_t classes = {.count = 1,
                                      .size = 1,
                                      .features = 1,
                                      .phi = &one,
                                      .share = &one,
                                      .start = &m,
                                      .weights = &one,
                                      .settled = true};
        const double most = PH_FLOW_BEND_FIELD * sqrt((1.0 - m * m) / (4.0 * m));
        ph_flow_noise_t found;
        ck_assert_int_eq(
            ph_flow_noise_solve(&found, &classes, PH_FLOW_PERMUTED, 0.0, 2, time, NULL), PH_OK);
        ck_assert(found.complete);
        ck_assert_msg(found.bend[1] <= most * (1.0 + 1e-6) && found.bend[1] > 0.9975 * most,
                      "m %g: %g of %g", m, found.bend[1], most);
        ph_flow_noise_free(&found);
    }
}
END_TEST

PH_TEST_MAIN("flow_orders", test_looks, test_permuted, test_sequential, test_blanks)
