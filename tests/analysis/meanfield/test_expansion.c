/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/meanfield/expansion.h"

#include <math.h>

#include "tests/analysis/network.h"
#include "tests/testing.h"

/* Exact sums over one well of a network whose neurons fall in a few classes of equal rows. */

enum { CLASSES = 4, FEATURES = 3 };

typedef struct {
    int classes, features;
    int phi[CLASSES][FEATURES];
    int counts[CLASSES]; /* neurons, of 16 */
    double weights[FEATURES], start[FEATURES], noise;
    bool (*inside)(const double *o); /* of the well */
} network_t;

static bool positive(const double *o)
{
    return o[0] > 0.0;
}

static bool second_leads(const double *o)
{
    return o[0] > 0.0 && o[1] > o[0];
}

static bool third_positive(const double *o)
{
    return o[0] > 0.0 && o[1] > 0.0 && o[2] > 0.0;
}

static const network_t NETWORKS[] = {
    {1, 1, {{1}}, {16}, {1.0}, {1.0}, 0.6, positive},
    {2, 1, {{1}, {2}}, {8, 8}, {0.7}, {1.5}, 0.8, positive},
    {3, 2, {{1, 0}, {0, 1}, {1, 1}}, {3, 5, 8}, {1.0, 1.0}, {0.6, 0.7}, 0.25, second_leads},
    {4, 2, {{1, 0}, {0, 1}, {1, 1}, {2, 1}}, {4, 4, 5, 2}, {1.0, 0.6}, {0.7, 0.6}, 0.3, positive},
    {3,
     3,
     {{1, 1, 0}, {1, 0, 1}, {0, 1, 1}},
     {6, 5, 5},
     {1.0, 1.0, 0.9},
     {0.6, 0.6, 0.6},
     0.3,
     third_positive},
    /* the second feature acts on nothing */
    {3, 2, {{1, 1}, {2, 0}, {1, -1}}, {7, 5, 4}, {0.8, 0.0}, {1.0, 0.1}, 0.7, positive},
};

/* Means over the well: overlaps, energy with self terms, and variances of both. */
typedef struct {
    double mean[FEATURES + 1], square[FEATURES + 1];
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
            value[p] += (double)self->phi[c][p] * (2 * up[c] - count) / neurons;
    }
    for (int p = 0; p < self->features; p++)
        energy -= 0.5 * self->weights[p] * value[p] * value[p];
    value[FEATURES] = energy;
    return log_weight - energy * neurons / self->noise;
}

static void sum_well(const network_t *self, int neurons, double largest, sums_t *out)
{
    int up[CLASSES] = {0};
    double z = 0.0, value[FEATURES + 1];
    memset(out, 0, sizeof(*out));
    for (;;) {
        const double weight = exp(weigh(self, neurons, up, value) - largest);
        if (self->inside(value)) {
            z += weight;
            for (int v = 0; v <= FEATURES; v++) {
                out->mean[v] += weight * value[v];
                out->square[v] += weight * value[v] * value[v];
            }
        }
        int c = 0;
        while (c < self->classes && up[c] == self->counts[c] * neurons / 16)
            up[c++] = 0;
        if (c == self->classes)
            break;
        up[c]++;
    }
    for (int v = 0; v <= FEATURES; v++) {
        out->mean[v] /= z;
        out->square[v] /= z;
    }
}

static void solve(const network_t *self, ph_meanfield_t *rows, ph_state_t *state)
{
    double cells[CLASSES * FEATURES], fractions[CLASSES];
    for (int c = 0; c < self->classes; c++) {
        fractions[c] = self->counts[c] / 16.0;
        for (int p = 0; p < self->features; p++)
            cells[c * self->features + p] = self->phi[c][p];
    }
    ck_assert_int_eq(ph_meanfield_init_rows(rows, (size_t)self->classes, self->features, cells,
                                            fractions, self->weights, self->noise),
                     PH_OK);
    ck_assert_int_eq(ph_state_init(state, self->features, self->features), PH_OK);
    memcpy(state->n, self->start, (size_t)self->features * sizeof(double));
    ck_assert_int_eq(ph_meanfield_solve(state, rows, NULL), PH_OK);
    ck_assert(state->converged && state->stability > 0.0);
}

/* One value at N neurons: what the expansion leaves. */
static double remainder_of(const ph_expansion_term_t *term, const sums_t *exact, int at)
{
    const double left = exact->mean[at] - ph_expansion_sum(term);
    const double variance = exact->square[at] - exact->mean[at] * exact->mean[at];
    ck_assert_double_le(fabs(left), 0.35 * fabs(term->second));
    ck_assert_double_eq_tol(term->variance / variance, 1.0, 0.25);
    if (term->first_size > 0.0) { /* rows of one sign add up, others cancel */
        ck_assert_double_ge(term->first_size * (1.0 + 1e-12), fabs(term->first));
        ck_assert_double_ge(term->second_size * (1.0 + 1e-12), fabs(term->second));
    }
    return left;
}

/* Here the patterns are the features: two routes to one value. */
static void same_terms(const ph_expansion_term_t *a, const ph_expansion_term_t *b)
{
    ck_assert_double_eq_tol(a->limit, b->limit, 1e-12);
    ck_assert_double_eq_tol(a->first, b->first, 1e-13);
    ck_assert_double_eq_tol(a->second, b->second, 1e-13);
    ck_assert_double_eq_tol(a->variance, b->variance, 1e-13);
}

/* What is left after the second order falls as 1/N^3 and is small against it, of magnetizations,
 * overlaps and energy; and variances are right to order 1/N. */
static void check(const network_t *self, int neurons)
{
    double left[2][FEATURES + 1];
    const int energy = self->features;
    ph_meanfield_t rows;
    ph_state_t state;
    solve(self, &rows, &state);
    for (int i = 0; i < 2; i++) {
        const int n = neurons << i;
        sums_t exact;
        ph_expansion_t found;
        ck_assert_int_eq(ph_expansion_init(&found, &state, &rows, n, PH_EXPANSION_SECOND), PH_OK);
        ck_assert(found.second);
        sum_well(self, n, -n * state.free_energy / self->noise - n * log(2.0), &exact);
        for (int v = 0; v < energy; v++) {
            left[i][v] = remainder_of(&found.magnetization[v], &exact, v);
            if (self->weights[v] > 0.0)
                same_terms(&found.overlap[v], &found.magnetization[v]);
            else
                ck_assert(found.overlap[v].first == 0.0 && isnan(found.overlap[v].variance));
        }
        left[i][energy] = remainder_of(&found.energy, &exact, FEATURES);
        ph_expansion_free(&found);
    }
    for (int v = 0; v <= energy; v++) {
        const double ratio = left[1][v] / left[0][v];
        ck_assert_msg(ratio > 0.06 && ratio < 0.19, "value %d: remainder %g, then %g", v,
                      left[0][v], left[1][v]);
    }
    ph_meanfield_free(&rows);
    ph_state_free(&state);
}

START_TEST(test_wells)
{
    static const int NEURONS[] = {400, 256, 160, 64, 160, 208};
    for (size_t i = 0; i < sizeof(NETWORKS) / sizeof(NETWORKS[0]); i++)
        check(&NETWORKS[i], NEURONS[i]);
}
END_TEST

/* Curie-Weiss at N = 800: N^2 times what the first order leaves of <m>, from the binomial sum by
 * another program, and the second order's coefficient by derivatives of the free energy. */
START_TEST(test_curie_weiss)
{
    static const double KNOWN[][3] = {
        {0.3, -0.0651, -0.0653}, {0.5, -1.025, -1.034}, {0.7, -14.5, -14.9}};
    for (size_t i = 0; i < 3; i++) {
        network_t network = NETWORKS[0];
        ph_meanfield_t rows;
        ph_state_t state;
        ph_expansion_t found;
        sums_t exact;
        network.noise = KNOWN[i][0];
        solve(&network, &rows, &state);
        ck_assert_int_eq(ph_expansion_init(&found, &state, &rows, 800, PH_EXPANSION_SECOND), PH_OK);
        sum_well(&network, 800, -800 * state.free_energy / network.noise - 800 * log(2.0), &exact);
        const ph_expansion_term_t *m = &found.magnetization[0];
        ck_assert_double_eq_tol(m->second * 640000.0 / KNOWN[i][1], 1.0, 5e-3);
        ck_assert_double_eq_tol(m->first_size, fabs(m->first), 1e-15); /* all rows are one */
        ck_assert_double_eq_tol(m->second_size, fabs(m->second), 1e-15);
        ck_assert(found.overlap[0].first_size == 0.0 && found.energy.second_size == 0.0);
        ck_assert_double_eq_tol((exact.mean[0] - m->limit - m->first) * 640000.0 / KNOWN[i][2], 1.0,
                                5e-3);
        ph_expansion_free(&found);
        ph_meanfield_free(&rows);
        ph_state_free(&state);
    }
}
END_TEST

/* Of a sample, single neurons have the entries that its rows have on average only: the same where a
 * row is one neuron's pattern, more of a variance where examples are learned. */
START_TEST(test_sample)
{
    ph_point_t point = network_uniform(500, 3, 0.3, 0.2);
    for (int learned = 0; learned < 2; learned++) {
        network_sample_t sample;
        ph_state_t state;
        ph_expansion_t found, rows;
        if (learned == 1)
            point = network_learning(PH_RULE_SUPERVISED, 2, 0.2, 0.6, 4, 0.2);
        network_draw(&sample, &point, 5, 0);
        network_state(&state, &sample.problem, PH_START_HIERARCHICAL);
        ck_assert_int_eq(
            ph_expansion_init(&found, &state, &sample.problem, 500, PH_EXPANSION_SECOND), PH_OK);
        const ph_coupling_t *coupling = sample.problem.coupling;
        sample.problem.coupling = NULL;
        ck_assert_int_eq(
            ph_expansion_init(&rows, &state, &sample.problem, 500, PH_EXPANSION_SECOND), PH_OK);
        sample.problem.coupling = coupling;
        for (size_t mu = 0; mu < (size_t)point.patterns; mu++) {
            const double own = found.magnetization[mu].variance,
                         mean = rows.magnetization[mu].variance;
            if (learned == 0)
                ck_assert_double_eq_tol(own, mean, 1e-15);
            else
                ck_assert_msg(own > 1.01 * mean && own < 2.0 * mean, "%g, %g", own, mean);
        }
        ph_expansion_free(&found);
        ph_expansion_free(&rows);
        ph_state_free(&state);
        network_drop(&sample);
    }
}
END_TEST

/* What rows have in the second order on their own is most of it, from half to a quarter more than
 * all, of stored and of learned patterns; the first order is the same, and nothing is said of the
 * second. */
START_TEST(test_rows)
{
    for (uint32_t s = 0; s < 12; s++) {
        ph_point_t point = network_uniform(500, 3, 0.3, s < 3 ? 0.2 : 0.5);
        network_sample_t sample;
        ph_state_t state;
        ph_expansion_t found, rows;
        if (s >= 6)
            point = network_learning(PH_RULE_UNSUPERVISED, 2, 0.5, 0.5, 10, s < 9 ? 0.3 : 0.1);
        network_draw(&sample, &point, 5, s);
        network_state(&state, &sample.problem, PH_START_HIERARCHICAL);
        ck_assert_int_eq(
            ph_expansion_init(&found, &state, &sample.problem, 500, PH_EXPANSION_SECOND), PH_OK);
        ck_assert_int_eq(ph_expansion_init(&rows, &state, &sample.problem, 500, PH_EXPANSION_ROWS),
                         PH_OK);
        ck_assert(found.second && found.rows && rows.rows && !rows.second);
        ck_assert(rows.energy.second == 0.0 && rows.energy.first == found.energy.first);
        double all = 0.0, own = 0.0;
        for (size_t mu = 0; mu < (size_t)point.patterns; mu++) {
            const ph_expansion_term_t *a = &found.magnetization[mu], *b = &rows.magnetization[mu];
            ck_assert(b->first == a->first && b->first_size == a->first_size && b->second == 0.0);
            ck_assert(rows.overlap[mu].second == 0.0 && b->variance == a->variance);
            all = fmax(all, a->second_size);
            own = fmax(own, b->second_size);
        }
        ck_assert_msg(own > 0.5 * all && own < 1.3 * all, "sample %u: %g of %g", s, own, all);
        ph_expansion_free(&found);
        ph_expansion_free(&rows);
        ph_state_free(&state);
        network_drop(&sample);
    }
}
END_TEST

/* At zero noise nothing is off and nothing moves; an unstable state and a population have none. */
START_TEST(test_edges)
{
    network_t network = NETWORKS[3];
    ph_meanfield_t rows;
    ph_state_t state;
    ph_expansion_t found;
    network.noise = 0.0;
    solve(&network, &rows, &state);
    ck_assert_int_eq(ph_expansion_init(&found, &state, &rows, 100, PH_EXPANSION_SECOND), PH_OK);
    ck_assert(found.second && found.energy.first == 0.0 && found.energy.variance == 0.0);
    ck_assert_double_eq_tol(found.energy.limit, state.free_energy, 1e-15);
    for (int p = 0; p < 2; p++) {
        ck_assert_double_eq(ph_expansion_sum(&found.magnetization[p]), state.m[p]);
        ck_assert_double_eq(ph_expansion_sum(&found.overlap[p]), state.n[p]);
        ck_assert(found.magnetization[p].variance == 0.0 && found.overlap[p].variance == 0.0);
    }
    ph_expansion_free(&found);
    ph_meanfield_free(&rows);
    ph_state_free(&state);
    const double one[] = {1.0};
    ck_assert_int_eq(ph_meanfield_init_rows(&rows, 1, 1, one, one, one, 0.5), PH_OK);
    ck_assert_int_eq(ph_state_init(&state, 1, 1), PH_OK);
    ck_assert_int_eq(ph_expansion_init(&found, &state, &rows, 100, PH_EXPANSION_FIRST),
                     PH_ERR_NUMERIC);
    ph_meanfield_free(&rows);
    const ph_point_t point = network_uniform(100, 1, 0.3, 0.5);
    network_population(&rows, &point);
    ck_assert_int_eq(ph_expansion_init(&found, &state, &rows, 100, PH_EXPANSION_FIRST),
                     PH_ERR_UNSUPPORTED);
    ph_meanfield_free(&rows);
    ph_state_free(&state);
}
END_TEST

PH_TEST_MAIN("expansion", test_wells, test_curie_weiss, test_sample, test_rows, test_edges)
