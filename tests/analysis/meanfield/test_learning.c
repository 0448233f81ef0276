/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "tests/analysis/network.h"
#include "tests/testing.h"

static void solve(ph_state_t *state, const ph_point_t *point, ph_average_t average)
{
    ph_meanfield_t problem;
    ck_assert_int_eq(ph_meanfield_init_population(&problem, point, average, NULL), PH_OK);
    network_state(state, &problem, point->start);
    ck_assert(state->converged && state->residual <= 1e-12);
    ck_assert_int_eq(state->doubtful, problem.doubtful);
    ph_meanfield_free(&problem);
}

/* Two patterns of ten and of five examples: exact in M and Gaussian, which has the wrong phase at
 * five and says so. */
START_TEST(test_check_values)
{
    const struct {
        double quality, examples, noise, exact[2], gaussian[2], tolerance;
    } cases[] = {
        {0.6, 10, 0.2, {0.63251, 0.22646}, {0.63964, 0.22606}, 6e-6},
        {0.5, 5, 0.0, {0.499, 0.273}, {0.397, 0.397}, 6e-4},
    };
    for (size_t i = 0; i < 2; i++)
        for (int rule = PH_RULE_SUPERVISED; rule <= PH_RULE_UNSUPERVISED; rule++) {
            ph_state_t exact, gaussian;
            const ph_point_t point = network_learning((ph_rule_t)rule, 2, 0.3, cases[i].quality,
                                                      cases[i].examples, cases[i].noise);
            solve(&exact, &point, PH_AVERAGE_AUTO);
            solve(&gaussian, &point, PH_AVERAGE_GAUSSIAN);
            ck_assert(!exact.doubtful && gaussian.doubtful);
            for (int mu = 0; mu < 2; mu++) {
                ck_assert_double_eq_tol(exact.m[mu], cases[i].exact[mu], cases[i].tolerance);
                ck_assert_double_eq_tol(gaussian.m[mu], cases[i].gaussian[mu], cases[i].tolerance);
            }
            ph_state_free(&exact);
            ph_state_free(&gaussian);
        }
}
END_TEST

enum { EXAMPLES = 4, STATES = 512 };

/* Every (xi, eta_1, ..., eta_M) of one pattern. */
typedef struct {
    int count;
    double probability[STATES], xi[STATES], mean[STATES], pair[STATES];
} bare_t;

static void enumerate(bare_t *self, const ph_point_t *point, int mu)
{
    const int m = (int)point->examples[mu];
    const double r = point->quality[mu], s = point->blank_fidelity[mu], d = point->dilution[mu];
    self->count = 0;
    for (int xi = -1; xi <= 1; xi++)
        for (int code = 0; code < lround(pow(3, m)); code++) {
            double probability = xi == 0 ? d : (1 - d) / 2, sum = 0, differences = 0;
            int eta[EXAMPLES];
            for (int a = 0, rest = code; a < m; a++, rest /= 3) {
                eta[a] = rest % 3 - 1;
                sum += eta[a];
                if (xi == 0)
                    probability *= eta[a] == 0 ? s : (1 - s) / 2;
                else
                    probability *= eta[a] == xi ? (1 + r) / 2 : eta[a] == -xi ? (1 - r) / 2 : 0;
                for (int b = 0; b < a; b++)
                    differences += (eta[a] - eta[b]) * (eta[a] - eta[b]) / 2.0;
            }
            const int i = self->count++;
            self->probability[i] = probability;
            self->xi[i] = xi;
            self->mean[i] = sum / (m * r);
            self->pair[i] = m > 1 ? differences / (m * (m - 1) / 2.0) : 0;
        }
}

static ph_point_t uneven(ph_rule_t rule, double noise)
{
    static const double examples[] = {4, 3}, quality[] = {0.6, 0.8}, fidelity[] = {0.7, 1.0};
    ph_point_t point = network_point(100, 2, (const double[]){0.35, 0.5}, noise);
    point.rule = rule;
    point.normalization = PH_NORM_VARIANCE;
    point.examples = examples;
    point.quality = quality;
    point.blank_fidelity = fidelity;
    return point;
}

/* F, m, f, Jacobian and example symmetry at finite M against a sum over every example of every
 * pattern, with unequal patterns and noisy blanks. */
START_TEST(test_brute_force)
{
    static bare_t bare[2];
    const double n[] = {0.4, -0.3}, noise = 0.2;
    const ph_point_t point = uneven(PH_RULE_UNSUPERVISED, noise);
    double g[2], wanted_n[2] = {0}, wanted_m[2] = {0}, wanted_j[4] = {0}, lambda[2] = {1, 1};
    double found_n[2], found_m[2], found_j[4], found_lambda[2], f, wanted_f = 0;
    ph_coupling_gains(&point, g);
    for (int mu = 0; mu < 2; mu++) {
        enumerate(&bare[mu], &point, mu);
        wanted_f += g[mu] * n[mu] * n[mu] / 2;
    }
    for (int i = 0; i < bare[0].count; i++)
        for (int j = 0; j < bare[1].count; j++) {
            const double p = bare[0].probability[i] * bare[1].probability[j];
            const double eta[] = {bare[0].mean[i], bare[1].mean[j]};
            const double xi[] = {bare[0].xi[i], bare[1].xi[j]};
            const double pair[] = {bare[0].pair[i], bare[1].pair[j]};
            const double h = (g[0] * n[0] * eta[0] + g[1] * n[1] * eta[1]) / noise, t = tanh(h);
            wanted_f -= p * noise * log(2 * cosh(h));
            for (int mu = 0; mu < 2; mu++) {
                const double r = point.quality[mu], scale = point.examples[mu] * r * r;
                wanted_n[mu] += p * eta[mu] * t;
                wanted_m[mu] += p * xi[mu] * t;
                lambda[mu] -= p * g[mu] / (scale * noise) * pair[mu] * (1 - t * t);
                for (int nu = 0; nu < 2; nu++)
                    wanted_j[2 * mu + nu] += p * g[nu] / noise * eta[mu] * eta[nu] * (1 - t * t);
            }
        }
    ph_meanfield_t problem;
    network_population(&problem, &point);
    ph_evaluation_t out = {found_n, found_m, found_j, &f};
    ph_meanfield_evaluate(&problem, n, &out);
    ck_assert_int_eq(ph_meanfield_example_stability(&problem, n, found_lambda), PH_OK);
    ck_assert_double_eq_tol(f, wanted_f, 1e-13);
    for (int mu = 0; mu < 2; mu++) {
        ck_assert_double_eq_tol(found_n[mu], wanted_n[mu], 1e-13);
        ck_assert_double_eq_tol(found_m[mu], wanted_m[mu], 1e-13);
        ck_assert_double_eq_tol(found_lambda[mu], lambda[mu], 1e-12);
        for (int nu = 0; nu < 2; nu++)
            ck_assert_double_eq_tol(found_j[2 * mu + nu], wanted_j[2 * mu + nu], 1e-12);
    }
    ph_meanfield_free(&problem);
}
END_TEST

/* One perfect example is the archetype: the states of storage, by both rules and averages. */
START_TEST(test_perfect_example)
{
    for (int rule = PH_RULE_SUPERVISED; rule <= PH_RULE_UNSUPERVISED; rule++)
        for (int i = 0; i < 4; i++) {
            const double noise = i < 2 ? 0.0 : 0.15;
            ph_state_t learned, stored;
            const ph_point_t point = network_learning((ph_rule_t)rule, 3, 0.4, 1.0, 1.0, noise);
            solve(&learned, &point, i % 2 == 0 ? PH_AVERAGE_EXACT : PH_AVERAGE_GAUSSIAN);
            ph_meanfield_t problem;
            double lambda[3];
            network_population(&problem, &point);
            ck_assert_int_eq(ph_meanfield_example_stability(&problem, learned.n, lambda), PH_OK);
            ck_assert(isinf(lambda[0]) && lambda[0] > 0.0); /* one example has no other */
            ph_meanfield_free(&problem);
            ph_point_t storage = point;
            storage.rule = PH_RULE_STORAGE;
            solve(&stored, &storage, PH_AVERAGE_AUTO);
            ck_assert(!learned.doubtful);
            for (int mu = 0; mu < 3; mu++) {
                ck_assert_double_eq_tol(learned.m[mu], stored.m[mu], 1e-12);
                ck_assert_double_eq_tol(learned.n[mu], stored.n[mu], 1e-12);
            }
            ck_assert_double_eq_tol(learned.free_energy, stored.free_energy, 1e-12);
            ck_assert_double_eq_tol(learned.stability, stored.stability, 1e-9);
            ph_state_free(&learned);
            ph_state_free(&stored);
        }
}
END_TEST

/* Exact in M approaches the Gaussian limit as 1/M, at fixed dataset entropy. */
START_TEST(test_many_examples)
{
    double last = INFINITY;
    for (int m = 40; m <= 640; m *= 2) {
        ph_state_t exact, gaussian;
        const double r = 1 / sqrt(1 + 0.2 * m); /* (1 - r^2)/(M r^2) = 0.2 */
        const ph_point_t point = network_learning(PH_RULE_SUPERVISED, 2, 0.3, r, m, 0.3);
        solve(&exact, &point, PH_AVERAGE_EXACT);
        solve(&gaussian, &point, PH_AVERAGE_GAUSSIAN);
        const double difference = fabs(exact.m[0] - gaussian.m[0]);
        ck_assert_double_lt(difference, 0.6 * last);
        last = difference;
        ph_state_free(&exact);
        ph_state_free(&gaussian);
    }
    ck_assert_double_lt(last, 1e-4);
}
END_TEST

/* The Gaussian limit at T = 0 is the limit T -> 0, which it approaches as T^2. */
START_TEST(test_cold)
{
    double last = INFINITY;
    ph_state_t cold, warm;
    ph_point_t point = network_learning(PH_RULE_SUPERVISED, 3, 0.3, 0.3, 100, 0.0);
    solve(&cold, &point, PH_AVERAGE_GAUSSIAN);
    ck_assert_double_gt(cold.stability, 0.0);
    for (int i = 0; i < 3; i++) {
        point.noise = 0.004 / (1 << i);
        solve(&warm, &point, PH_AVERAGE_GAUSSIAN);
        double largest = fabs(warm.stability - cold.stability);
        for (int mu = 0; mu < 3; mu++)
            largest =
                fmax(largest, fmax(fabs(warm.m[mu] - cold.m[mu]), fabs(warm.n[mu] - cold.n[mu])));
        ck_assert_double_lt(largest, 0.27 * last);
        last = largest;
        ph_state_free(&warm);
    }
    ck_assert_double_lt(last, 1e-4);
    ph_state_free(&cold);
}
END_TEST

/* Order sets in at T = 1 for every M and rule, n^2 = 3 (1 - T)/(g^3 E[eta^4]) just below. */
START_TEST(test_onset)
{
    for (int m = 1; m <= 4; m++) {
        static bare_t bare;
        double fourth = 0, g;
        ph_state_t state;
        ph_point_t point = network_learning(PH_RULE_SUPERVISED, 1, 0.4, 0.5, m, 0.9995);
        solve(&state, &point, PH_AVERAGE_EXACT);
        ph_coupling_gains(&point, &g);
        enumerate(&bare, &point, 0);
        for (int i = 0; i < bare.count; i++)
            fourth += bare.probability[i] * pow(bare.mean[i], 4);
        ck_assert_double_eq_tol(state.n[0] * state.n[0] * pow(g, 3) * fourth / (3 * 0.0005), 1.0,
                                2e-3);
        ph_state_free(&state);
        point.noise = 1.001;
        solve(&state, &point, PH_AVERAGE_EXACT);
        ck_assert_double_lt(state.n[0], 1e-9);
        ck_assert_double_gt(state.stability, 0.0);
        ph_state_free(&state);
    }
}
END_TEST

/* Auto is exact up to 400000 rows and Gaussian beyond; exact is refused beyond four million. */
START_TEST(test_choice)
{
    ph_meanfield_t problem;
    ph_report_t report;
    ph_report_init(&report);
    ph_point_t point = network_learning(PH_RULE_SUPERVISED, 3, 0.3, 0.5, 89, 0.1);
    network_population(&problem, &point);
    ck_assert(problem.law == PH_NEURON_EXACT && problem.count <= PH_MEANFIELD_ROWS_AUTO);
    ph_meanfield_free(&problem);
    point = network_learning(PH_RULE_SUPERVISED, 3, 0.3, 0.5, 101, 0.1);
    network_population(&problem, &point);
    ck_assert(problem.law == PH_NEURON_GAUSSIAN && !problem.doubtful);
    ph_meanfield_free(&problem);
    ck_assert_int_eq(ph_meanfield_init_population(&problem, &point, PH_AVERAGE_EXACT, &report),
                     PH_OK);
    ck_assert(problem.law == PH_NEURON_EXACT && problem.count > PH_MEANFIELD_ROWS_AUTO);
    ph_meanfield_free(&problem);
    point = network_learning(PH_RULE_SUPERVISED, 3, 0.3, 0.5, 1000, 0.1);
    ck_assert_int_eq(ph_meanfield_init_population(&problem, &point, PH_AVERAGE_EXACT, &report),
                     PH_ERR_UNSUPPORTED);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_ptr_nonnull(strstr(report.messages[0].text, "theory.average"));
    ph_report_free(&report);
}
END_TEST

/* The Gaussian limit warns at low noise with few effective examples, and then only. */
START_TEST(test_doubt)
{
    const struct {
        double quality, examples, noise, fidelity;
        bool doubtful;
    } cases[] = {{0.5, 100, 0.1, 1.0, false}, {0.5, 39, 0.1, 1.0, true},
                 {0.5, 39, 0.6, 1.0, false},  {0.95, 100, 0.1, 1.0, true},
                 {1.0, 1, 0.1, 1.0, false},   {0.5, 100, 0.1, 0.95, true},
                 {1.0, 100, 0.1, 0.5, false}, {1.0, 100, 0.1, 0.95, true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ph_meanfield_t problem;
        ph_point_t point = network_learning(PH_RULE_SUPERVISED, 2, 0.3, cases[i].quality,
                                            cases[i].examples, cases[i].noise);
        const double fidelity[] = {1.0, cases[i].fidelity};
        point.blank_fidelity = fidelity;
        ck_assert_int_eq(ph_meanfield_init_population(&problem, &point, PH_AVERAGE_GAUSSIAN, NULL),
                         PH_OK);
        ck_assert_int_eq(problem.doubtful, cases[i].doubtful);
        ph_meanfield_free(&problem);
    }
}
END_TEST

/* Supervised: the population's start is the mean over neurons of a large sample, for an archetype
 * and for one of its own examples. */
START_TEST(test_start)
{
    for (int i = 0; i < 2; i++) {
        network_sample_t sample;
        ph_meanfield_t problem;
        double n[2], found[2];
        ph_point_t point = uneven(PH_RULE_SUPERVISED, 0.2);
        point.neurons = 40000;
        point.start = i == 0 ? PH_START_HIERARCHICAL : PH_START_EXAMPLE;
        point.start_pattern = 1;
        point.start_example = 2;
        network_population(&problem, &point);
        network_draw(&sample, &point, 5, 0);
        ph_meanfield_start(&problem, &point, n);
        ph_meanfield_start(&sample.problem, &point, found);
        for (int mu = 0; mu < 2; mu++)
            ck_assert_double_eq_tol(found[mu], n[mu], 5 * 1.2 / sqrt(40000.0));
        ck_assert_double_gt(n[0], i == 0 ? 0.64 : 0.5);
        ph_meanfield_free(&problem);
        network_drop(&sample);
    }
}
END_TEST

/* Every neuron of a sample, one by one: F of both rules, and m of a state of each; the two rules
 * agree up to what a sample scatters. */
START_TEST(test_samples)
{
    ph_state_t states[2];
    double means[2][2];
    for (int i = 0; i < 2; i++) {
        network_sample_t sample;
        ph_point_t point = uneven(i == 0 ? PH_RULE_SUPERVISED : PH_RULE_UNSUPERVISED, 0.3);
        point.neurons = 20000;
        network_draw(&sample, &point, 5, 0);
        network_state(&states[i], &sample.problem, PH_START_HIERARCHICAL);
        const ph_state_t *state = &states[i];
        const ph_coupling_t *coupling = &sample.coupling;
        const size_t p_count = (size_t)coupling->features;
        ck_assert(state->converged && state->stability > 0.0);
        double overlap[7] = {0}, m[2] = {0};
        for (size_t j = 0; j < 20000; j++) {
            double h = 0;
            for (size_t p = 0; p < p_count; p++) /* supervised: n = sum S t / (M r N) */
                h += coupling->weights[p] * coupling->phi[j * p_count + p] * state->n[p] /
                     (i == 0 ? coupling->mean_scales[p] : 1.0);
            const double t = tanh(h / 0.3) / 20000;
            for (size_t p = 0; p < p_count; p++)
                overlap[p] +=
                    t * coupling->phi[j * p_count + p] * (i == 0 ? coupling->mean_scales[p] : 1.0);
            for (size_t mu = 0; mu < 2; mu++)
                m[mu] += t * sample.patterns.entries[j * 2 + mu];
        }
        for (size_t p = 0; p < p_count; p++)
            ck_assert_double_eq_tol(state->n[p], overlap[p], 1e-11);
        ph_meanfield_examples(&sample.problem, state->n, means[i]);
        for (size_t mu = 0; mu < 2; mu++)
            ck_assert_double_eq_tol(state->m[mu], m[mu], 1e-11);
        network_drop(&sample);
    }
    for (size_t mu = 0; mu < 2; mu++) {
        ck_assert_double_eq_tol(states[0].m[mu], states[1].m[mu], 5 / sqrt(20000.0));
        ck_assert_double_eq_tol(means[0][mu], means[1][mu], 5 * 1.2 / sqrt(20000.0));
        ck_assert_double_eq_tol(means[0][mu], states[0].n[mu], 1e-15);
    }
    ph_state_free(&states[0]);
    ph_state_free(&states[1]);
}
END_TEST

/* Example symmetry: m/n at Gaussian solutions, approached by the exact one; lost for even M at low
 * noise, where sums tie, kept for odd M. An unsupervised state knows it, a supervised does not. */
START_TEST(test_example_symmetry)
{
    ph_meanfield_t problem;
    ph_state_t state;
    double lambda[2], exact[2];
    ph_point_t point = network_learning(PH_RULE_UNSUPERVISED, 2, 0.3, 0.25, 200, 0.3);
    solve(&state, &point, PH_AVERAGE_GAUSSIAN);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(
            ph_meanfield_init_population(&problem, &point,
                                         i == 0 ? PH_AVERAGE_GAUSSIAN : PH_AVERAGE_EXACT, NULL),
            PH_OK);
        ck_assert_int_eq(ph_meanfield_example_stability(&problem, state.n, i == 0 ? lambda : exact),
                         PH_OK);
        ph_meanfield_free(&problem);
    }
    for (int mu = 0; mu < 2; mu++) {
        ck_assert_double_eq_tol(lambda[mu], state.m[mu] / state.n[mu], 1e-11);
        ck_assert_double_eq_tol(lambda[mu], exact[mu], 0.01);
    }
    ph_state_free(&state);
    for (int m = 4; m <= 5; m++)
        for (int i = 0; i < 2; i++) {
            const double noise = 0.02 * i;
            point = network_learning(PH_RULE_UNSUPERVISED, 1, 0.3, 0.7, m, noise);
            solve(&state, &point, PH_AVERAGE_EXACT);
            ck_assert((state.stability > 0.0) == (m == 5));
            ph_state_free(&state);
            point.rule = PH_RULE_SUPERVISED;
            solve(&state, &point, PH_AVERAGE_EXACT);
            ck_assert_double_gt(state.stability, 0.0);
            ph_state_free(&state);
        }
}
END_TEST

PH_TEST_MAIN("learning", test_check_values, test_brute_force, test_perfect_example,
             test_many_examples, test_cold, test_onset, test_choice, test_doubt, test_start,
             test_samples, test_example_symmetry)
