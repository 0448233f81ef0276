/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is said of one state: order, copies, curvature. */
#include <math.h>
#include <string.h>

#include "analysis/phase/states_private.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { K = 3 };

static ph_point_t point;
static ph_landscape_t landscape;

static void begin(const double *dilution, double noise, ph_normalization_t normalization)
{
    point = network_point(1, K, dilution, noise);
    point.normalization = normalization;
    ck_assert_int_eq(ph_landscape_init(&landscape, &point, PH_AVERAGE_AUTO, NULL), PH_OK);
}

/* All signed permutations of n that exchange alike patterns only, without repetition. */
static size_t orbit(const double *n, double found[48][K])
{
    static const int ORDERS[6][K] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    size_t count = 0;
    for (int o = 0; o < 6; o++) {
        bool allowed = true;
        for (int mu = 0; mu < K; mu++)
            allowed = allowed && point.dilution[ORDERS[o][mu]] == point.dilution[mu];
        for (int signs = 0; allowed && signs < 8; signs++) {
            double turned[K];
            bool known = false;
            for (int mu = 0; mu < K; mu++)
                turned[mu] = 0.0 + (signs >> mu & 1 ? -n[ORDERS[o][mu]] : n[ORDERS[o][mu]]);
            for (size_t k = 0; k < count && !known; k++)
                known = found[k][0] == turned[0] && found[k][1] == turned[1] &&
                        found[k][2] == turned[2];
            if (!known)
                memcpy(found[count++], turned, sizeof(turned));
        }
    }
    return count;
}

/* A state is one in all its copies: the same numbers from each, as many of them as are counted, and
 * overlaps in the standard order. */
START_TEST(test_copies)
{
    static const double DILUTIONS[][K] = {{0.3, 0.3, 0.3}, {0.3, 0.5, 0.3}, {0.2, 0.3, 0.4}};
    static const double STATES[][K] = {
        {0.7, 0.2, 0.06}, {0.4, 0.4, 0.1}, {0.4, 0.4, 0.4}, {0.7, 0.0, 0.0}, {0.0, 0.0, 0.0}};
    size_t most = 0;
    for (size_t d = 0; d < 3; d++) {
        begin(DILUTIONS[d], 0.1, PH_NORM_NONE);
        for (size_t s = 0; s < sizeof(STATES) / sizeof(STATES[0]); s++) {
            double all[48][K];
            ph_fixed_point_t first, state;
            const size_t count = orbit(STATES[s], all);
            ck_assert_int_eq(ph_landscape_describe(&landscape, STATES[s], &first, NULL), PH_OK);
            ck_assert_double_eq(first.copies, (double)count);
            most = count > most ? count : most;
            for (size_t k = 0; k < count; k++) {
                ck_assert_int_eq(ph_landscape_describe(&landscape, all[k], &state, NULL), PH_OK);
                ck_assert_double_eq(state.copies, first.copies);
                ck_assert(ph_label_equal(state.label, first.label));
                ck_assert_double_eq_tol(state.free_energy, first.free_energy, 1e-14);
                for (int mu = 0; mu < K; mu++) {
                    ck_assert_double_eq(state.overlap[mu], first.overlap[mu]);
                    ck_assert_double_ge(state.overlap[mu], 0.0);
                    ck_assert_double_eq_tol(state.magnetization[mu], first.magnetization[mu],
                                            1e-14);
                    ck_assert_double_eq_tol(state.spectrum[mu], first.spectrum[mu], 1e-13);
                    for (int nu = 0; nu < mu; nu++)
                        ck_assert(point.dilution[mu] != point.dilution[nu] ||
                                  state.overlap[nu] >= state.overlap[mu]);
                }
            }
        }
        ph_landscape_free(&landscape);
    }
    ck_assert_uint_eq(most, 48);
}
END_TEST

static double free_energy(const double *n)
{
    double f, map[K];
    ph_evaluation_t out = {.n = map, .free_energy = &f};
    ph_meanfield_evaluate(&landscape.problem, n, &out);
    return f;
}

/* d^2 f/dn_a dn_b by central differences of step h. */
static double curvature(const double *n, int a, int b, double h)
{
    double sum = 0.0, at[K];
    for (int i = -1; i <= 1; i += 2)
        for (int j = -1; j <= 1; j += 2) {
            memcpy(at, n, sizeof(at));
            at[a] += i * h;
            at[b] += j * h;
            sum += i * j * free_energy(at);
        }
    return sum / (4.0 * h * h);
}

/*
 * The spectrum is that of the free energy's second derivatives over sqrt(g) n, by differences: sum
 * and sum of squares of the eigenvalues. The soft direction has the least of them: along it the
 * free energy bends by that much.
 */
START_TEST(test_curvature)
{
    static const double PLACES[][K] = {{0.7, 0.2, 0.06}, {0.4, 0.4, 0.1}, {0.3, 0.3, 0.3}};
    const double uneven[] = {0.3, 0.45, 0.6}, step = 2e-4;
    begin(uneven, 0.25, PH_NORM_VARIANCE);
    for (size_t s = 0; s < 3; s++) {
        ph_fixed_point_t state;
        double trace = 0.0, squares = 0.0, soft[K], up[K], down[K], sums[2] = {0};
        ck_assert_int_eq(ph_landscape_describe(&landscape, PLACES[s], &state, soft), PH_OK);
        for (int a = 0; a < K; a++)
            for (int b = 0; b < K; b++) {
                const double g = sqrt((1 - uneven[a]) * (1 - uneven[b]));
                const double second = g * curvature(PLACES[s], a, b, step);
                trace += a == b ? second : 0.0;
                squares += second * second;
            }
        for (int a = 0; a < K; a++) {
            sums[0] += state.spectrum[a];
            sums[1] += state.spectrum[a] * state.spectrum[a];
            ck_assert(a == 0 || state.spectrum[a] >= state.spectrum[a - 1]);
            up[a] = PLACES[s][a] + step * soft[a];
            down[a] = PLACES[s][a] - step * soft[a];
        }
        ck_assert_double_eq_tol(sums[0], trace, 1e-5);
        ck_assert_double_eq_tol(sums[1], squares, 1e-5);
        const double bend = free_energy(up) + free_energy(down) - 2.0 * free_energy(PLACES[s]);
        ck_assert_double_eq_tol(bend / (step * step), state.spectrum[0], 1e-5);
    }
    ph_landscape_free(&landscape);
}
END_TEST

/* Without noise: 1 where every row has a field, not a number where one has none, as the rows (1,
 * -1, 0) of equal signals. */
START_TEST(test_cold)
{
    const double even[] = {0.3, 0.3, 0.3}, hierarchy[] = {0.7, 0.21, 0.063},
                 equal[] = {0.3815, 0.3815, 0.3815};
    ph_fixed_point_t state;
    begin(even, 0.0, PH_NORM_NONE);
    ck_assert_int_eq(ph_landscape_describe(&landscape, hierarchy, &state, NULL), PH_OK);
    ck_assert_double_eq_tol(state.free_energy, -0.2690345, 1e-12);
    ck_assert(ph_fixed_point_stable(&state, K));
    for (int mu = 0; mu < K; mu++)
        ck_assert_double_eq(state.spectrum[mu], 1.0);
    ck_assert_int_eq(ph_landscape_describe(&landscape, equal, &state, NULL), PH_OK);
    ck_assert_double_eq_tol(state.free_energy, -0.218313, 6e-7);
    ck_assert(isnan(state.spectrum[0]) && !ph_fixed_point_stable(&state, K));
    ph_landscape_free(&landscape);
}
END_TEST

/* Stable: no eigenvalue below zero but for rounding, and each of them known. Of no pattern: no. */
START_TEST(test_stable)
{
    ph_fixed_point_t state = {.spectrum = {1e-3, 0.5, 1.0}};
    ck_assert(ph_fixed_point_stable(&state, K));
    state.spectrum[0] = -1e-10;
    ck_assert(ph_fixed_point_stable(&state, K));
    state.spectrum[0] = -1e-8;
    ck_assert(!ph_fixed_point_stable(&state, K));
    state.spectrum[0] = 0.5;
    state.spectrum[2] = NAN;
    ck_assert(!ph_fixed_point_stable(&state, K));
    ck_assert(ph_fixed_point_stable(&state, 2));
    ck_assert(!ph_fixed_point_stable(&state, 0));
}
END_TEST

/* Two states are one where their overlaps differ by rounding; near a transition, where overlaps are
 * soft, by more; without noise, where they are sums of rows, by less. */
START_TEST(test_same)
{
    static const double LEAST[] = {0.5, 1e-6},
                        APART[][3] = {{5e-8, 1e-6, 1e-2}, {1e-4, 2e-3, 1e-2}};
    const double even[] = {0.3, 0.3, 0.3};
    begin(even, 0.1, PH_NORM_NONE);
    for (int soft = 0; soft < 2; soft++)
        for (int i = 0; i < 3; i++) {
            ph_fixed_point_t a = {.overlap = {0.7, 0.2, 0.06}, .spectrum = {LEAST[soft], 1, 1}};
            ph_fixed_point_t b = a;
            b.overlap[2] += 0.7 * APART[soft][i];
            ck_assert(ph_fixed_point_same(&landscape, &a, &b) == (soft == 1 ? i < 2 : i < 1));
            ck_assert(ph_fixed_point_same(&landscape, &b, &a) == (soft == 1 ? i < 2 : i < 1));
            ck_assert(ph_fixed_point_same(&landscape, &a, &a));
        }
    ph_landscape_free(&landscape);
    begin(even, 0.0, PH_NORM_NONE);
    ph_fixed_point_t a = {.overlap = {0.7, 0.2, 0.06}, .spectrum = {1, 1, 1}}, b = a;
    b.overlap[0] += 1e-9;
    ck_assert(!ph_fixed_point_same(&landscape, &a, &b));
    b.overlap[0] = 0.7 + 1e-13;
    ck_assert(ph_fixed_point_same(&landscape, &a, &b));
    ph_landscape_free(&landscape);
}
END_TEST

/* Of the unsupervised rule the least Lambda of its patterns, in the Gaussian limit m/n; of a
 * teacher there is none. */
START_TEST(test_examples)
{
    const double n[] = {0.2, 0.5};
    ph_fixed_point_t state;
    for (int taught = 0; taught < 2; taught++) {
        const ph_point_t given = network_learning(
            taught ? PH_RULE_SUPERVISED : PH_RULE_UNSUPERVISED, 2, 0.3, 0.5, 20, 0.3);
        ph_subspace_t whole;
        double solved[2];
        ck_assert_int_eq(ph_landscape_init(&landscape, &given, PH_AVERAGE_GAUSSIAN, NULL), PH_OK);
        ck_assert_int_eq(ph_subspace_init(&whole, &landscape, ph_symmetry_none(&landscape)), PH_OK);
        memcpy(solved, n, sizeof(n));
        ck_assert_int_eq(ph_subspace_descend(&whole, solved), PH_OK);
        ck_assert_int_eq(ph_landscape_describe(&landscape, solved, &state, NULL), PH_OK);
        const double ratio = fmin(state.magnetization[0] / state.overlap[0],
                                  state.magnetization[1] / state.overlap[1]);
        if (taught)
            ck_assert(isinf(state.example_stability) && state.example_stability > 0.0);
        else
            ck_assert_double_eq_tol(state.example_stability, ratio, 1e-9);
        ph_subspace_free(&whole);
        ph_landscape_free(&landscape);
    }
}
END_TEST

/* Two patterns learned from perfect examples and one from bad ones, in their Gaussian limit. */
static void begin_perfect(double noise)
{
    static const double quality[] = {1.0, 1.0, 0.6};
    point = network_learning(PH_RULE_SUPERVISED, K, 0.3, 0.6, 20, noise);
    point.quality = quality;
    ck_assert_int_eq(ph_landscape_init(&landscape, &point, PH_AVERAGE_GAUSSIAN, NULL), PH_OK);
}

/* Its state of two equal signals, the third pattern retrieved too. */
static void describe_equal(double noise, double *n, ph_fixed_point_t *state, double *soft)
{
    const ph_symmetry_t equal = {.block = {0, 0, 2}};
    ph_subspace_t subspace;
    begin_perfect(noise);
    ck_assert_int_eq(ph_subspace_init(&subspace, &landscape, equal), PH_OK);
    n[0] = n[1] = 0.4;
    n[2] = 0.3;
    ck_assert_int_eq(ph_subspace_descend(&subspace, n), PH_OK);
    ck_assert_int_eq(ph_landscape_describe(&landscape, n, state, soft), PH_OK);
    ph_subspace_free(&subspace);
}

/*
 * Without noise two signals of perfect examples cancel where they are opposite and the third
 * pattern is blank, with probability p = d (1 - d)^2/2: along (1, -1, 0) the energy falls at once,
 * by p g |h|, and with noise the eigenvalue there is 1 - 2 p g/T - ..., beyond all bounds as T ->
 * 0. The others come out as with next to no noise.
 */
START_TEST(test_cancelling)
{
    static const double NOISES[] = {4e-3, 2e-3, 1e-3};
    const double p = 0.3 * 0.7 * 0.7 / 2.0, g = 1.0 / 0.7, step = 1e-6;
    double n[K], soft[K], at[K], last = INFINITY;
    ph_fixed_point_t cold, state;
    describe_equal(0.0, n, &cold, soft);
    ck_assert(n[0] == n[1] && n[2] > 0.01);
    ck_assert(isinf(cold.spectrum[0]) && cold.spectrum[0] < 0.0 && isfinite(cold.spectrum[1]));
    ck_assert(!ph_fixed_point_stable(&cold, K));
    ck_assert_double_eq_tol(soft[0], -soft[1], 1e-12);
    ck_assert_double_eq_tol(g * soft[0] * soft[0], 0.5, 1e-12);
    ck_assert_double_eq(soft[2], 0.0);
    for (int side = -1; side <= 1; side += 2) {
        memcpy(at, n, sizeof(at));
        at[0] += side * step;
        at[1] -= side * step;
        ck_assert_double_eq_tol((free_energy(at) - free_energy(n)) / step, -2.0 * p * g, 1e-4);
    }
    ph_landscape_free(&landscape);
    for (int i = 0; i < 3; i++) {
        describe_equal(NOISES[i], n, &state, NULL);
        const double away = fabs(NOISES[i] * state.spectrum[0] + 2.0 * p * g);
        ck_assert_double_lt(away, 0.6 * last);
        for (int k = 1; k < K; k++)
            ck_assert_double_eq_tol(state.spectrum[k], cold.spectrum[k], 5.0 * NOISES[i]);
        last = away;
        ph_landscape_free(&landscape);
    }
    ck_assert_double_lt(last, 5e-3);
}
END_TEST

PH_TEST_MAIN("describe", test_copies, test_curvature, test_cold, test_stable, test_same,
             test_examples, test_cancelling)
