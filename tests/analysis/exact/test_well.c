/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/exact/well.h"

#include <math.h>
#include <string.h>

#include "base/report.h"
#include "tests/analysis/exact/classes.h"
#include "tests/testing.h"

static bool positive(const double *o)
{
    return o[0] > 0.0;
}

static bool second_leads(const double *o)
{
    return o[0] > 0.0 && o[1] > o[0];
}

static bool first_leads(const double *o)
{
    return o[0] > fabs(o[1]);
}

static bool third_positive(const double *o)
{
    return o[0] > 0.0 && o[1] > 0.0 && o[2] > 0.0;
}

static bool anywhere(const double *o)
{
    (void)o;
    return true;
}

/* Means, squares, fourth powers and sizes over the well: overlaps, the energy with self terms. */
typedef struct {
    double mean[FEATURES + 1], square[FEATURES + 1], fourth[FEATURES + 1], absolute[FEATURES + 1];
    double log_sum; /* of weights of states, each 2^-N */
} sums_t;

static double log_choose(int n, int k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

static double weigh(const network_t *self, int neurons, const int *up, double *value)
{
    double log_weight = 0.0, energy = 0.0;
    memset(value, 0, (FEATURES + 1) * sizeof(*value));
    for (int c = 0; c < self->classes; c++) {
        const int count = self->counts[c] * neurons / 16;
        log_weight += log_choose(count, up[c]) - count * log(2.0);
        for (int p = 0; p < self->features; p++)
            value[p] += self->phi[c][p] * (2 * up[c] - count) / neurons;
    }
    for (int p = 0; p < self->features; p++)
        energy -= 0.5 * self->weights[p] * value[p] * value[p];
    value[FEATURES] = energy;
    return log_weight - energy * neurons / self->noise;
}

/* The largest log weight, then sums of weights beside it. */
static double walk(const network_t *self, int neurons, double largest, sums_t *out)
{
    int up[CLASSES] = {0};
    double total = 0.0, value[FEATURES + 1], most = -INFINITY;
    for (;;) {
        const double log_weight = weigh(self, neurons, up, value);
        if (self->inside(value)) {
            const double weight = exp(log_weight - largest);
            most = fmax(most, log_weight);
            total += weight;
            for (int v = 0; out != NULL && v <= FEATURES; v++) {
                out->mean[v] += weight * value[v];
                out->square[v] += weight * value[v] * value[v];
                out->fourth[v] += weight * pow(value[v], 4);
                out->absolute[v] += weight * fabs(value[v]);
            }
        }
        int c = 0;
        while (c < self->classes && up[c] == self->counts[c] * neurons / 16)
            up[c++] = 0;
        if (c == self->classes)
            break;
        up[c]++;
    }
    if (out != NULL)
        out->log_sum = largest + log(total);
    for (int v = 0; out != NULL && v <= FEATURES; v++) {
        out->mean[v] /= total;
        out->square[v] /= total;
        out->fourth[v] /= total;
        out->absolute[v] /= total;
    }
    return most;
}

static sums_t sum_well(const network_t *self, int neurons)
{
    sums_t sums;
    const double largest = walk(self, neurons, 0.0, NULL);
    memset(&sums, 0, sizeof(sums));
    walk(self, neurons, largest, &sums);
    return sums;
}

static int solve_for(const network_t *self, int neurons, bool first_two, ph_exact_well_t *well)
{
    made_t made;
    double n[FEATURES];
    make_rows(self, neurons, first_two, &made);
    settle(self, n);
    return ph_exact_well_init(well, &made.rows, n);
}

static int solve(const network_t *self, int neurons, ph_exact_well_t *well)
{
    return solve_for(self, neurons, false, well);
}

/* Where only averages and their squares are wanted, sums are done by lines: they say what those by
 * sites say, of places of the well too. */
static void check_lines(const network_t *self, int neurons, bool fast)
{
    ph_exact_well_t lines, sites;
    double n[FEATURES] = {0.0}, at[FEATURES];
    const int status = solve_for(self, neurons, false, &sites);
    ck_assert_int_eq(solve_for(self, neurons, true, &lines), status);
    ck_assert_int_eq(lines.lattice.lines != NULL, status == PH_OK);
    for (int p = 0; status == PH_OK && p < self->features; p++) {
        same(lines.m[p], sites.m[p], 1e-10);
        same(pow(lines.spread[p], 2), pow(sites.spread[p], 2), 1e-12);
        ck_assert_double_eq_tol(lines.error[p], sites.error[p], fast ? 1e-9 : 1e-11);
        ck_assert(isnan(lines.fourth[p]) && isnan(lines.absolute[p]));
    }
    if (status == PH_OK) {
        same(lines.energy, sites.energy, 1e-10);
        same(pow(lines.energy_spread, 2), pow(sites.energy_spread, 2), 1e-12);
        same(lines.barrier, sites.barrier, 1e-9);
        same(lines.inner, sites.inner, 1e-9);
        same(lines.rate, sites.rate, 1e-9);
        same(lines.edge, sites.edge, 1e-9);
        same(lines.log_sum, sites.log_sum, 1e-9);
        settle(self, n);
    }
    for (int k = 0; status == PH_OK && k < 125; k++) {
        for (int p = 0, rest = k; p < FEATURES; p++, rest /= 5)
            at[p] = (1.0 - 0.4 * (rest % 5)) * n[p];
        same(depth(self, neurons, &lines, at), depth(self, neurons, &sites, at), 1e-8);
    }
    ph_exact_well_free(&lines);
    ph_exact_well_free(&sites);
}

/* Averages and moments are those of the states of the well, with an error that holds and is small.
 * Returns how many |m| are known no better than to a thousandth of its spread. */
static size_t check(const network_t *self, int neurons, double error)
{
    size_t blurred = 0;
    ph_exact_well_t well;
    const sums_t exact = sum_well(self, neurons);
    ck_assert_int_eq(solve(self, neurons, &well), PH_OK);
    for (int p = 0; p < self->features; p++) {
        const double variance = exact.square[p] - exact.mean[p] * exact.mean[p];
        ck_assert_double_le(fabs(well.m[p] - exact.mean[p]), well.error[p] + 1e-10);
        ck_assert_double_le(well.error[p], error);
        ck_assert_double_eq_tol(well.spread[p] * well.spread[p] / variance, 1.0, 1e-6);
        ck_assert_double_eq_tol(well.fourth[p] / exact.fourth[p], 1.0, 1e-6);
        ck_assert_double_le(fabs(well.absolute[p] - exact.absolute[p]),
                            well.absolute_error[p] + 1e-5 * exact.absolute[p]);
        blurred += well.absolute_error[p] >
                   1e-3 * sqrt(exact.square[p] - exact.absolute[p] * exact.absolute[p]);
    }
    const double mean = exact.mean[FEATURES];
    ck_assert_double_le(fabs(well.energy - mean), well.energy_error + 1e-10);
    ck_assert_double_le(well.energy_error, error);
    ck_assert_double_eq_tol(well.energy_spread / sqrt(exact.square[FEATURES] - mean * mean), 1.0,
                            1e-6);
    ck_assert(well.rate > 0.0 && well.rate <= 1.0 && well.edge <= error);
    double spins = 0.0;
    for (int c = 0; c < self->classes; c++)
        spins += self->counts[c] * neurons / 16;
    ck_assert_double_eq_tol(well.log_sum - spins * log(2.0), exact.log_sum,
                            1e-6 + 10.0 * well.edge);
    ph_exact_well_free(&well);
    return blurred;
}

/* The well of the states -s is had from that of s. */
static void check_mirror(const network_t *self, int neurons, bool first_two)
{
    ph_exact_well_t well, mirror, other;
    network_t turned = *self;
    double n[FEATURES] = {0.0}, at[FEATURES];
    for (int p = 0; p < self->features; p++)
        turned.centre[p] = -self->centre[p];
    ck_assert_int_eq(solve_for(self, neurons, first_two, &well), PH_OK);
    ck_assert_int_eq(solve_for(&turned, neurons, first_two, &other), PH_OK);
    ck_assert_int_eq(ph_exact_well_mirror(&mirror, &well, (size_t)self->features), PH_OK);
    ph_exact_well_free(&well);
    for (int p = 0; p < self->features; p++) {
        same(mirror.m[p], other.m[p], 1e-12);
        same(mirror.spread[p], other.spread[p], 1e-12);
        same(mirror.error[p], other.error[p], 1e-12);
    }
    same(mirror.energy, other.energy, 1e-12);
    same(mirror.rate, other.rate, 1e-12);
    same(mirror.log_sum, other.log_sum, 1e-12);
    settle(&turned, n);
    for (int k = 0; k < 125; k++) {
        for (int p = 0, rest = k; p < FEATURES; p++, rest /= 5)
            at[p] = p < self->features ? n[p] + 1.5 * (rest % 5 - 2) * mirror.spread[p] : 0.0;
        same(depth(self, neurons, &mirror, at), depth(self, neurons, &other, at), 1e-8);
    }
    ph_exact_well_free(&mirror);
    ph_exact_well_free(&other);
}

START_TEST(test_mirror)
{
    const network_t one = curie_weiss(0.6, NULL), mixed = THREE_MIXED(0.3, NULL);
    check_mirror(&one, 480, false);
    check_mirror(&one, 480, true);
    check_mirror(&mixed, 480, true);
    check_mirror(&mixed, 96, false);
}
END_TEST

/* One pattern: to rounding, at every noise and size where half of the states is a well. */
START_TEST(test_curie_weiss)
{
    static const double noises[] = {0.3, 0.5, 0.7};
    for (size_t i = 0; i < 3; i++)
        for (int neurons = i < 2 ? 96 : 304; neurons <= 10000; neurons *= 5) {
            const network_t network = curie_weiss(noises[i], positive);
            ck_assert_uint_eq(check(&network, neurons, 1e-9), 0);
        }
}
END_TEST

/* Two features and three, also of other values than signs, and one that acts on nothing. */
START_TEST(test_features)
{
    static const network_t NETWORKS[] = {
        {2, 1, {{1}, {2}}, {8, 8}, {0.7}, {1.5}, 0.8, positive},
        {3, 2, {{1, 0}, {0, 1}, {1, 1}}, {3, 5, 8}, {1.0, 1.0}, {0.6, 0.7}, 0.25, second_leads},
        {4,
         2,
         {{1, 0}, {0, 1}, {1, 1}, {2, 1}},
         {4, 4, 5, 2},
         {1.0, 0.6},
         {0.7, 0.6},
         0.3,
         positive},
        THREE_MIXED(0.3, third_positive),
        {3, 2, {{1, 1}, {2, 0}, {1, -1}}, {7, 5, 4}, {0.8, 0.0}, {1.0, 0.1}, 0.7, positive},
    };
    for (size_t i = 0; i < sizeof(NETWORKS) / sizeof(NETWORKS[0]); i++)
        ck_assert_uint_eq(check(&NETWORKS[i], 96, 1e-9), 0);
}
END_TEST

/*
 * Near a transition no expansion holds: above it and below, where both signs are one well, all
 * states count; where the way between them is too long for that and too short for two wells, and at
 * noise 0.9 when it is long enough, at N (f(0) - f(m)).
 */
START_TEST(test_transition)
{
    ph_exact_well_t well;
    network_t network = curie_weiss(1.02, anywhere);
    ck_assert_uint_eq(check(&network, 96, 1e-7), 0);
    ck_assert_uint_eq(check(&network, 1600, 1e-7), 1);
    network.noise = 0.98;
    ck_assert_uint_eq(check(&network, 1600, 1e-7), 0);
    network.noise = 0.85; /* a way between them, at N (f(0) - f(m)) = 1.5, is no boundary */
    ck_assert_uint_eq(check(&network, 80, 1e-7), 0);
    ck_assert_int_eq(solve(&network, 80, &well), PH_OK);
    ck_assert_double_eq_tol(well.inner, 1.5, 0.5);
    ck_assert(isinf(well.barrier) && well.rate < 0.05);
    ph_exact_well_free(&well);
    network = curie_weiss(0.9, positive);
    ck_assert_int_eq(solve(&network, 640, &well), PH_ERR_NUMERIC);
    ph_exact_well_free(&well);
    ck_assert_uint_eq(check(&network, 2400, 1e-5), 0);
    double m[FEATURES];
    settle(&network, m);
    ck_assert_int_eq(solve(&network, 3200, &well), PH_OK);
    const double height = 3200.0 * (log(2.0 * cosh(m[0] / 0.9)) - m[0] * m[0] / 1.8 - log(2.0));
    ck_assert_double_eq_tol(well.barrier, height, 1.0);
    ck_assert_double_eq(well.inner, 0.0);
    ck_assert(well.edge > 0.0 && well.edge < 1e-9);
    ck_assert_double_lt(depth(&network, 3200, &well, m), 0.3);
    const double lower[] = {0.8 * m[0]}, other[] = {-m[0]}, far[] = {1e9};
    ck_assert_double_gt(depth(&network, 3200, &well, lower), 0.5);
    for (double share = 0.3; share < 0.7; share += 0.1) { /* far down to rounding */
        const double x[] = {share * m[0]};
        const double wanted = height - 3200.0 * (log(cosh(x[0] / 0.9)) - x[0] * x[0] / 1.8);
        ck_assert_double_gt(wanted, 6.5);
        ck_assert_double_eq_tol(depth(&network, 3200, &well, x), wanted, 1e-8);
    }
    ck_assert(isinf(depth(&network, 3200, &well, other)));
    ck_assert(isinf(depth(&network, 3200, &well, far)));
    ph_exact_well_free(&well);
}
END_TEST

/* Three patterns without blanks: one retrieved is a well, the mixture of all is none where its way
 * out is short, nor the shallow end of a joint one, since chains do not come back to it. */
START_TEST(test_leak)
{
    ph_exact_well_t well;
    network_t network = THREE_FULL(0.3, positive);
    ck_assert_int_eq(solve(&network, 960, &well), PH_OK);
    ck_assert_double_eq_tol(well.m[1], 0.0, 1e-9);
    ph_exact_well_free(&well);
    for (int p = 0; p < FEATURES; p++)
        network.centre[p] = 0.5;
    ck_assert_int_eq(solve(&network, 1920, &well), PH_OK); /* its way out is long */
    ck_assert(well.barrier > PH_EXACT_WELL_SEPARATE && well.barrier < 25.0);
    ck_assert(well.m[0] > 0.4 && fabs(well.m[2] - well.m[0]) < 1e-5);
    ph_exact_well_free(&well);
    for (network.noise = 0.36; network.noise < 0.45; network.noise += 0.04) {
        ck_assert_int_eq(solve(&network, 480, &well), PH_ERR_NUMERIC);
        ph_exact_well_free(&well);
    }
}
END_TEST

/*
 * One maximum or several, joint and apart, wide and narrow, of one feature, two and three, of as
 * many as patterns and fewer; no noise to speak of, and so much that nothing is left.
 */
START_TEST(test_lines)
{
    static const network_t NETWORKS[] = {
        {1, 1, {{1}}, {16}, {1.0}, {1.0}, 0.5, NULL},
        {3, 2, {{1, 0}, {0, 1}, {1, 1}}, {3, 5, 8}, {1.0, 1.0}, {0.6, 0.7}, 0.25, NULL},
        {3, 2, {{1, 1}, {2, 0}, {1, -1}}, {7, 5, 4}, {0.8, 0.0}, {1.0, 0.1}, 0.7, NULL},
        {4, 2, {{1, 0}, {0, 1}, {1, 1}, {2, 1}}, {4, 4, 5, 2}, {1.0, 0.6}, {0.7, 0.6}, 0.3, NULL},
        {4, 2, {{1, 0}, {0, 1}, {0, 0}, {1, 1}}, {3, 5, 2, 6}, {1.0, 1.0}, {0.6, 0.7}, 0.25, NULL},
        THREE_MIXED(0.3, NULL),
        THREE_MIXED(0.02, NULL),
        THREE_MIXED(2.5, NULL),
        {4,
         3,
         {{1, 0.5, 0}, {1, -0.3, 1}, {0, 1, 0.7}, {1, 1, 1}},
         {3, 4, 5, 4},
         {1.0, 0.8, 0.9},
         {0.6, 0.6, 0.6},
         0.6,
         NULL},
    };
    static const double NOISES[] = {0.85, 0.9, 0.98, 1.02};
    network_t network = curie_weiss(0.9, NULL);
    for (size_t i = 0; i < sizeof(NETWORKS) / sizeof(NETWORKS[0]); i++)
        check_lines(&NETWORKS[i], 96, true);
    for (size_t i = 0; i < sizeof(NOISES) / sizeof(NOISES[0]); i++)
        for (int neurons = 80; neurons <= 3200; neurons *= 2) {
            network.noise = NOISES[i];
            check_lines(&network, neurons, false);
        }
}
END_TEST

/* The same of wells of three features that pour into others, by ways of all lengths. */
START_TEST(test_lines_pour)
{
    network_t network = THREE_FULL(0.3, NULL);
    check_lines(&network, 960, true);
    network.noise = 0.8;
    check_lines(&network, 480, false);
    for (int p = 0; p < FEATURES; p++)
        network.centre[p] = 0.5;
    network.noise = 0.3;
    check_lines(&network, 1920, false);
    check_lines(&network, 480, false);
}
END_TEST

/* What is not covered says so, and can be freed. */
START_TEST(test_limits)
{
    static const double phi[4 * 4] = {1, 1, 1, 1, 1, -1, 1, 1, 1, 1, -1, 1, 1, 1, 1, -1};
    static const double share[4] = {0.25, 0.25, 0.25, 0.25}, n[4] = {0.5, 0.5, 0.5, 0.5};
    double weights[4] = {1.0, 1.0, 1.0, 1.0};
    ph_exact_rows_t rows = {.count = 4,
                            .features = 4,
                            .patterns = 4,
                            .phi = phi,
                            .xi = phi,
                            .share = share,
                            .weights = weights,
                            .noise = 0.3,
                            .neurons = 1000.0};
    ph_exact_well_t well;
    ck_assert_int_eq(ph_exact_well_init(&well, &rows, n), PH_ERR_LIMIT);
    ph_exact_well_free(&well);
    memset(weights, 0, sizeof(weights));
    ck_assert_int_eq(ph_exact_well_init(&well, &rows, n), PH_ERR_LIMIT);
    ph_exact_well_free(&well);
    weights[0] = 1.0;
    rows.noise = 0.0;
    ck_assert_int_eq(ph_exact_well_init(&well, &rows, n), PH_ERR_LIMIT);
    ph_exact_well_free(&well);
}
END_TEST

/* Two patterns without blanks, as orthogonal as can be: in the well of the first the spins that
 * make up
 * <|m_2|> freeze about 0, where no series has it. What it is off by is told, and by itself it is no
 * less than 0 and no more than its square allows. */
START_TEST(test_frozen)
{
    static const double noises[] = {0.5, 0.4, 0.3, 0.26, 0.22, 0.15};
    for (size_t i = 0; i < 6; i++)
        for (int neurons = 208; neurons <= 1008; neurons += 800) {
            const network_t network = {2,          2,          {{1, 1}, {1, -1}}, {8, 8},
                                       {1.0, 1.0}, {0.9, 0.0}, noises[i],         first_leads};
            const size_t blurred = check(&network, neurons, 1e-3);
            ck_assert_uint_eq(blurred, neurons == 208 || noises[i] < 0.35);
        }
}
END_TEST

/* Wells that do not fluctuate have no spread, whatever averages and their squares are rounded to.
 */
START_TEST(test_rest)
{
    network_t network = THREE_MIXED(0.0, NULL);
    for (int k = 0; k < 24; k++) {
        ph_exact_well_t well;
        network.noise = 0.01 + 0.0005 * k;
        ck_assert_int_eq(solve_for(&network, 60, k % 2 == 0, &well), PH_OK);
        for (int p = 0; p < 3; p++)
            ck_assert_msg(well.spread[p] == 0.0, "T = %g: %g", network.noise, well.spread[p]);
        ph_exact_well_free(&well);
    }
}
END_TEST

PH_TEST_MAIN("exact_well", test_curie_weiss, test_features, test_transition, test_leak, test_lines,
             test_mirror, test_lines_pour, test_limits, test_frozen, test_rest)
