/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Identities that exact moments obey, whichever way they are summed; limits; what is refused. */
#include <math.h>
#include <string.h>

#include "analysis/exact/exact.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { N = 9, P = 3 };

typedef int (*route_t)(ph_exact_t *, const ph_coupling_t *, double, ph_report_t *);
static const route_t ROUTES[] = {ph_exact_enumerate, ph_exact_integral};

static const double UNEVEN[] = {0.2, 0.5, 0.35};

static void draw(ph_coupling_t *coupling, const ph_point_t *point, uint64_t seed)
{
    ph_patterns_t patterns;
    ck_assert_int_eq(ph_patterns_draw(&patterns, point, seed, 0), PH_OK);
    ck_assert_int_eq(ph_coupling_init(coupling, point, &patterns), PH_OK);
    ph_patterns_free(&patterns);
}

static void solve(ph_exact_t *exact, route_t route, const ph_coupling_t *coupling, double noise)
{
    ck_assert_int_eq(ph_exact_init(exact, coupling->features), PH_OK);
    ck_assert_int_eq(route(exact, coupling, noise, NULL), PH_OK);
}

static double free_energy(route_t route, const ph_coupling_t *coupling, double noise)
{
    ph_exact_t exact;
    solve(&exact, route, coupling, noise);
    const double f = exact.free_energy;
    ph_exact_free(&exact);
    return f;
}

/* Also far from enumeration, where the variance is a small difference: d<H/N>/dT = N Var(H/N)/T^2.
 */
START_TEST(test_fluctuations)
{
    static const double NOISES[] = {0.05, 0.3, 0.65, 1.4};
    static const double STEP = 1e-4;
    for (int64_t k = 1; k <= 2; k++)
        for (size_t t = 0; t < 4; t++) {
            double energy[3], variance = 0.0;
            const ph_point_t point = network_point(2000, k, UNEVEN, NOISES[t]);
            ph_coupling_t coupling;
            draw(&coupling, &point, 7);
            for (size_t side = 0; side < 3; side++) {
                ph_exact_t exact;
                solve(&exact, ph_exact_integral, &coupling,
                      NOISES[t] * (1.0 + STEP * ((double)side - 1.0)));
                energy[side] = exact.energy;
                if (side == 1)
                    variance = exact.energy_variance;
                ph_exact_free(&exact);
            }
            const double slope = (energy[2] - energy[0]) / (2.0 * STEP * NOISES[t]);
            const double heat = 2000.0 * variance / (NOISES[t] * NOISES[t]);
            ck_assert_double_eq_tol(heat, slope, 1e-4 * slope + 1e-7);
            ph_coupling_free(&coupling);
        }
}
END_TEST

/* <H>/N = f - T df/dT, and df/dw_p = -<o_p^2>/2 + (1/2N^2) sum_i phi_ip^2, by central differences.
 */
START_TEST(test_derivatives)
{
    const double noise = 0.45, step = 1e-4;
    ph_point_t point = network_point(N, P, UNEVEN, noise);
    point.normalization = PH_NORM_VARIANCE;
    ph_coupling_t coupling;
    draw(&coupling, &point, 4);
    for (size_t r = 0; r < 2; r++) {
        ph_exact_t exact;
        solve(&exact, ROUTES[r], &coupling, noise);
        const double slope = (free_energy(ROUTES[r], &coupling, noise + step) -
                              free_energy(ROUTES[r], &coupling, noise - step)) /
                             (2.0 * step);
        ck_assert_double_eq_tol(exact.energy, exact.free_energy - noise * slope, 1e-6);
        for (size_t p = 0; p < P; p++) {
            double f[2], squares = 0.0;
            for (int side = 0; side < 2; side++) {
                const double change = side == 0 ? -step : 2.0 * step;
                coupling.weights[p] += change;
                for (size_t i = 0; i < N; i++)
                    coupling.self[i] += change * coupling.phi[i * P + p] * coupling.phi[i * P + p];
                f[side] = free_energy(ROUTES[r], &coupling, noise);
            }
            coupling.weights[p] -= step;
            for (size_t i = 0; i < N; i++) {
                const double square = coupling.phi[i * P + p] * coupling.phi[i * P + p];
                coupling.self[i] -= step * square;
                squares += square;
            }
            ck_assert_double_eq_tol((f[1] - f[0]) / (2.0 * step),
                                    -0.5 * exact.second[p * (P + 1)] + squares / (2.0 * N * N),
                                    1e-6);
        }
        ph_exact_free(&exact);
    }
    ph_coupling_free(&coupling);
}
END_TEST

/* A neuron and its opposite are one (s_i -> -s_i, phi_i -> -phi_i); patterns in another order have
 * their moments in that order. */
START_TEST(test_symmetries)
{
    const size_t order[P] = {2, 0, 1};
    const ph_point_t point = network_point(N, P, UNEVEN, 0.3);
    ph_coupling_t coupling, turned;
    draw(&coupling, &point, 5);
    draw(&turned, &point, 5);
    for (size_t i = 0; i < N; i++)
        for (size_t p = 0; p < P; p++) {
            const int16_t entry = coupling.phi[i * P + order[p]];
            turned.phi[i * P + p] = (int16_t)(i % 2 == 0 ? -entry : entry);
        }
    for (size_t p = 0; p < P; p++)
        turned.weights[p] = coupling.weights[order[p]];
    for (size_t r = 0; r < 2; r++) {
        ph_exact_t exact, other;
        solve(&exact, ROUTES[r], &coupling, 0.3);
        solve(&other, ROUTES[r], &turned, 0.3);
        ck_assert_double_eq_tol(exact.free_energy, other.free_energy, 1e-12);
        ck_assert_double_eq_tol(exact.energy, other.energy, 1e-12);
        for (size_t p = 0; p < P; p++) {
            ck_assert_double_eq_tol(other.fourth[p], exact.fourth[order[p]], 1e-11);
            for (size_t q = 0; q < P; q++) {
                const double wanted = exact.second[order[p] * P + order[q]];
                ck_assert_double_eq_tol(other.second[p * P + q], wanted, 1e-11);
                ck_assert_double_eq_tol(other.second[q * P + p], wanted, 1e-11);
            }
        }
        ph_exact_free(&exact);
        ph_exact_free(&other);
    }
    ph_coupling_free(&coupling);
    ph_coupling_free(&turned);
}
END_TEST

/* Noise without end: independent spins, <o_p o_q> = sum phi_p phi_q/N^2, <o^4> = (3 (sum phi^2)^2 -
 * 2 sum phi^4)/N^4. */
START_TEST(test_hot)
{
    const ph_point_t point = network_point(N, P, UNEVEN, 1e8);
    ph_coupling_t coupling;
    ph_exact_t exact;
    draw(&coupling, &point, 6);
    solve(&exact, ph_exact_enumerate, &coupling, 1e8);
    ck_assert_double_eq_tol(exact.free_energy / 1e8, -log(2.0), 1e-14);
    ck_assert_double_eq_tol(exact.energy, 0.0, 1e-8);
    for (size_t p = 0; p < P; p++) {
        double fourth = 0.0, squares = 0.0;
        for (size_t q = 0; q < P; q++) {
            double sum = 0.0;
            for (size_t i = 0; i < N; i++)
                sum += coupling.phi[i * P + p] * coupling.phi[i * P + q];
            ck_assert_double_eq_tol(exact.second[p * P + q], sum / (N * N), 1e-8);
            squares = p == q ? sum : squares;
        }
        fourth = 3.0 * squares * squares - 2.0 * squares; /* entries are 0, 1 or -1 */
        ck_assert_double_eq_tol(exact.fourth[p], fourth / pow(N, 4), 1e-8);
    }
    ph_exact_free(&exact);
    ph_coupling_free(&coupling);
}
END_TEST

/* Hardly any noise: the lowest of all states and how many there are of it. */
START_TEST(test_cold)
{
    const double noise = 2e-3;
    const ph_point_t point = network_point(N, P, UNEVEN, noise);
    ph_coupling_t coupling;
    ph_exact_t exact;
    double lowest = INFINITY, degenerate = 0.0, square = 0.0;
    draw(&coupling, &point, 7);
    for (int code = 0; code < 1 << N; code++) {
        int8_t spins[N];
        double o = 0.0;
        for (int i = 0; i < N; i++) {
            spins[i] = (code >> i & 1) != 0 ? 1 : -1;
            o += coupling.phi[i * P] * spins[i] / (double)N;
        }
        const double energy = ph_exact_energy(&coupling, spins);
        if (energy < lowest - 1e-9)
            degenerate = square = 0.0;
        if (energy > lowest + 1e-9)
            continue;
        lowest = energy;
        degenerate += 1.0;
        square += o * o;
    }
    solve(&exact, ph_exact_enumerate, &coupling, noise);
    ck_assert_double_eq_tol(exact.energy, lowest, 1e-12);
    ck_assert_double_eq_tol(exact.free_energy, lowest - noise / N * log(degenerate), 1e-12);
    ck_assert_double_eq_tol(exact.second[0], square / degenerate, 1e-12);
    ph_exact_free(&exact);
    ph_coupling_free(&coupling);
}
END_TEST

/* Features of learned patterns are sums of examples, or the examples: both routes, and H from its
 * definition in the overlaps. */
START_TEST(test_learning)
{
    for (int taught = 0; taught < 2; taught++) {
        const ph_rule_t rule = taught ? PH_RULE_SUPERVISED : PH_RULE_UNSUPERVISED;
        ph_point_t point = network_learning(rule, taught ? 2 : 1, 0.2, 0.6, taught ? 5 : 3, 0.6);
        ph_coupling_t coupling;
        ph_exact_t states, integral;
        point.neurons = N;
        draw(&coupling, &point, 8);
        const size_t features = (size_t)coupling.features;
        ck_assert_uint_eq(features, taught ? 2 : 3);
        solve(&states, ph_exact_enumerate, &coupling, 0.6);
        solve(&integral, ph_exact_integral, &coupling, 0.6);
        ck_assert_double_eq_tol(states.free_energy, integral.free_energy, 1e-10);
        for (size_t i = 0; i < features * features; i++)
            ck_assert_double_eq_tol(states.second[i], integral.second[i], 1e-9);
        const int8_t spins[N] = {1, -1, 1, 1, -1, -1, 1, -1, 1};
        double energy = 0.0;
        for (size_t p = 0; p < features; p++) {
            double o = 0.0, diagonal = 0.0;
            for (size_t i = 0; i < N; i++) {
                const double phi = coupling.phi[i * features + p];
                o += phi * spins[i] / N;
                diagonal += phi * phi / (N * N);
            }
            energy += 0.5 * coupling.weights[p] * (diagonal - o * o);
        }
        ck_assert_double_eq_tol(ph_exact_energy(&coupling, spins), energy, 1e-13);
        ph_exact_free(&states);
        ph_exact_free(&integral);
        ph_coupling_free(&coupling);
    }
}
END_TEST

static double work_of(const ph_coupling_t *coupling, double noise)
{
    double work = NAN;
    ck_assert_int_eq(ph_exact_integral_work(coupling, noise, &work), PH_OK);
    return work;
}

/* What an integral costs grows with neurons and cold, and is without bound where it is refused. */
START_TEST(test_work)
{
    const ph_point_t small = network_point(200, 3, UNEVEN, 0.5);
    ph_coupling_t coupling, large;
    draw(&coupling, &small, 9);
    const ph_point_t point = network_point(20000, 3, UNEVEN, 0.5);
    draw(&large, &point, 9);
    const double work = work_of(&coupling, 0.5);
    ck_assert(work > 1e3 && work < 2e5);
    ck_assert_double_gt(work_of(&coupling, 0.05), 5.0 * work);
    ck_assert_double_gt(work_of(&large, 0.5), 100.0 * work);
    ck_assert(isinf(work_of(&coupling, 0.0)));
    coupling.weights[1] = 0.0;
    ck_assert(isinf(work_of(&coupling, 0.5)));
    ph_coupling_free(&coupling);
    ph_coupling_free(&large);
}
END_TEST

/* Refused: a cause each, with its number. */
START_TEST(test_refused)
{
    ph_report_t report;
    ph_exact_t exact;
    ph_coupling_t coupling;
    ph_point_t point = network_uniform(20000, P, 0.3, 0.3);
    ph_report_init(&report);
    draw(&coupling, &point, 9);
    ck_assert_int_eq(ph_exact_init(&exact, P), PH_OK);
    ck_assert_int_eq(ph_exact_integral(&exact, &coupling, 1e-3, &report), PH_ERR_LIMIT);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "noise 0.001"));
    ck_assert_int_eq(ph_exact_integral(&exact, &coupling, -0.5, &report), PH_ERR_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(report.messages[1].text, "not -0.5"));
    ck_assert_int_eq(ph_exact_integral(&exact, &coupling, NAN, &report), PH_ERR_UNSUPPORTED);
    coupling.weights[1] = 0.0;
    ck_assert_int_eq(ph_exact_integral(&exact, &coupling, 0.3, &report), PH_ERR_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(report.messages[3].text, "feature 2 has weight 0"));
    ck_assert_int_eq(ph_exact_enumerate(&exact, &coupling, 0.3, &report), PH_ERR_LIMIT);
    ck_assert_ptr_nonnull(strstr(report.messages[4].text, "20000 neurons, at most 24"));
    ck_assert_uint_eq(report.count, 5);
    ph_exact_free(&exact);
    ph_coupling_free(&coupling);
    ph_report_free(&report);
}
END_TEST

PH_TEST_MAIN("exact_identities", test_fluctuations, test_derivatives, test_symmetries, test_hot,
             test_cold, test_learning, test_work, test_refused)
