/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "analysis/phase/boundary.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

enum { M = 4 };

/* Sums over every (xi, eta_1, ..., eta_M) of two patterns: n_{mu,1}, n_{mu,a > 1}, m and f. */
typedef struct {
    double single[2], rest[2], m[2], f, lambda[2];
} sums_t;

static double entry(int xi, int eta, double r, double s)
{
    if (xi == 0)
        return eta == 0 ? s : (1 - s) / 2;
    return eta == 0 ? 0.0 : (1 + xi * eta * r) / 2;
}

static void brute_force(const ph_point_t *point, const double *single, const double *rest,
                        sums_t *out)
{
    double g[2];
    *out = (sums_t){.lambda = {1, 1}};
    ph_coupling_gains(point, g);
    const int m[2] = {(int)point->examples[0], (int)point->examples[1]};
    const int codes[2] = {3 * (int)lround(pow(3, m[0])), 3 * (int)lround(pow(3, m[1]))};
    for (int mu = 0; mu < 2; mu++) {
        const double w = g[mu] / (m[mu] * point->quality[mu] * point->quality[mu]);
        out->f += w * (single[mu] * single[mu] + (m[mu] - 1) * rest[mu] * rest[mu]) / 2;
    }
    for (int a = 0; a < codes[0]; a++)
        for (int b = 0; b < codes[1]; b++) {
            double p = 1, h = 0, pair[2] = {0}, w[2];
            int xi[2], eta[2][M], code[2] = {a, b};
            for (int mu = 0; mu < 2; mu++) {
                const double r = point->quality[mu], s = point->blank_fidelity[mu];
                w[mu] = g[mu] / (m[mu] * r * r);
                xi[mu] = code[mu] % 3 - 1;
                p *= xi[mu] == 0 ? point->dilution[mu] : (1 - point->dilution[mu]) / 2;
                for (int i = 0, k = code[mu] / 3; i < m[mu]; i++, k /= 3) {
                    eta[mu][i] = k % 3 - 1;
                    p *= entry(xi[mu], eta[mu][i], r, s);
                    h += w[mu] * eta[mu][i] * (i == 0 ? single[mu] : rest[mu]);
                    for (int j = 1; j < i; j++)
                        pair[mu] += pow(eta[mu][i] - eta[mu][j], 2) / 2;
                }
            }
            const double t = tanh(h / point->noise);
            out->f -= p * point->noise * log(2 * cosh(h / point->noise));
            for (int mu = 0; mu < 2; mu++) {
                out->single[mu] += p * eta[mu][0] * t;
                out->m[mu] += p * xi[mu] * t;
                for (int i = 1; i < m[mu]; i++)
                    out->rest[mu] += p * eta[mu][i] * t / (m[mu] - 1);
                out->lambda[mu] -= p * w[mu] / point->noise * (1 - t * t) * pair[mu] /
                                   ((m[mu] - 1) * (m[mu] - 2) / 2.0);
            }
        }
}

static ph_point_t uneven(double noise)
{
    static const double examples[] = {4, 3}, quality[] = {0.3, 0.5}, fidelity[] = {0.7, 1.0};
    ph_point_t point = network_point(100, 2, (const double[]){0.35, 0.5}, noise);
    point.rule = PH_RULE_UNSUPERVISED;
    point.normalization = PH_NORM_VARIANCE;
    point.examples = examples;
    point.quality = quality;
    point.blank_fidelity = fidelity;
    return point;
}

/* Order parameters, free energy, magnetizations and stability against a sum over every example of
 * two unequal patterns with noisy blanks, away from any solution. */
START_TEST(test_brute_force)
{
    const ph_point_t point = uneven(0.25);
    const double single[] = {0.4, -0.3}, rest[] = {0.1, 0.2};
    double n[4], mapped[4], m[4], f;
    ph_example_field_t apart;
    sums_t wanted;
    brute_force(&point, single, rest, &wanted);
    ck_assert_int_eq(ph_example_field_init(&apart, &point), PH_OK);
    for (int mu = 0; mu < 2; mu++) {
        n[2 * mu] = single[mu];
        n[2 * mu + 1] = rest[mu] / point.quality[mu];
    }
    ph_evaluation_t out = {.n = mapped, .m = m, .free_energy = &f};
    ph_meanfield_evaluate(&apart.problem, n, &out);
    ck_assert_double_eq_tol(f, wanted.f, 1e-13);
    for (int mu = 0; mu < 2; mu++) {
        ck_assert_double_eq_tol(mapped[2 * mu], wanted.single[mu], 1e-13);
        ck_assert_double_eq_tol(mapped[2 * mu + 1] * point.quality[mu], wanted.rest[mu], 1e-13);
        ck_assert_double_eq_tol(m[2 * mu], wanted.m[mu], 1e-13);
    }
    ck_assert_double_eq_tol(ph_example_field_transverse(&apart, n),
                            fmin(wanted.lambda[0], wanted.lambda[1]), 1e-12);
    ph_example_field_free(&apart);
}
END_TEST

/* The state found solves the equations over all examples, one of a pattern before the others. */
START_TEST(test_state)
{
    const ph_point_t point = uneven(0.25);
    ph_example_state_t state;
    sums_t sums;
    ck_assert_int_eq(ph_example_state_find(&state, &point), PH_OK);
    ck_assert(state.found && state.residual <= 1e-12 && state.stability > 0.0);
    brute_force(&point, state.single, state.rest, &sums);
    ck_assert_double_eq_tol(state.free_energy, sums.f, 1e-12);
    for (int mu = 0; mu < 2; mu++) {
        ck_assert_double_eq_tol(state.single[mu], sums.single[mu], 1e-12);
        ck_assert_double_eq_tol(state.rest[mu], sums.rest[mu], 1e-12);
        ck_assert_double_eq_tol(state.magnetization[mu], sums.m[mu], 1e-12);
    }
    ck_assert_double_gt(fmax(state.single[0] - state.rest[0], state.single[1] - state.rest[1]),
                        0.2);
}
END_TEST

/* With equal overlaps the problem is the example-symmetric one: f, F and m. */
START_TEST(test_symmetric)
{
    const ph_point_t point = network_learning(PH_RULE_UNSUPERVISED, 3, 0.4, 0.6, 7, 0.2);
    const double n[] = {0.5, 0.3, -0.1};
    double split[6], mapped[3], m[3], f, mapped_split[6], m_split[6], f_split;
    ph_meanfield_t problem;
    ph_example_field_t apart;
    network_population(&problem, &point);
    ck_assert_int_eq(ph_example_field_init(&apart, &point), PH_OK);
    for (int mu = 0; mu < 3; mu++) {
        split[2 * mu] = 0.6 * n[mu];
        split[2 * mu + 1] = n[mu];
    }
    ph_evaluation_t out = {.n = mapped, .m = m, .free_energy = &f};
    ph_meanfield_evaluate(&problem, n, &out);
    out = (ph_evaluation_t){.n = mapped_split, .m = m_split, .free_energy = &f_split};
    ph_meanfield_evaluate(&apart.problem, split, &out);
    ck_assert_double_eq_tol(f_split, f, 1e-13);
    for (int mu = 0; mu < 3; mu++) {
        ck_assert_double_eq_tol(mapped_split[2 * mu], 0.6 * mapped[mu], 1e-13);
        ck_assert_double_eq_tol(mapped_split[2 * mu + 1], mapped[mu], 1e-13);
        ck_assert_double_eq_tol(m_split[2 * mu], m[mu], 1e-13);
    }
    ph_example_field_free(&apart);
    ph_meanfield_free(&problem);
}
END_TEST

/* M r^2 where the example state of one pattern becomes the lower one, at T = 0. */
static double crossing(int examples, double dilution, double noise)
{
    double low = sqrt(0.4 / examples), high = sqrt(0.7 / examples), m = examples;
    const double fidelity = 1.0;
    ph_states_t states[2];
    ph_example_state_t found[2];
    ph_boundaries_t ends = {0};
    ph_path_t path;
    ph_point_t from = network_learning(PH_RULE_UNSUPERVISED, 1, dilution, low, m, noise), to = from;
    from.examples = to.examples = &m;
    from.blank_fidelity = to.blank_fidelity = &fidelity;
    from.quality = &low;
    to.quality = &high;
    ck_assert_int_eq(ph_states_find(&states[0], &from, PH_AVERAGE_EXACT, NULL), PH_OK);
    ck_assert_int_eq(ph_states_find(&states[1], &to, PH_AVERAGE_EXACT, NULL), PH_OK);
    ck_assert_int_eq(ph_example_state_find(&found[0], &from), PH_OK);
    ck_assert_int_eq(ph_example_state_find(&found[1], &to), PH_OK);
    ck_assert_int_eq(ph_path_init(&path, &from, &to, PH_AVERAGE_EXACT), PH_OK);
    ck_assert_int_eq(
        ph_boundary_example_state(&path, &states[0], &states[1], &found[0], &found[1], &ends),
        PH_OK);
    ck_assert_uint_eq(ends.count, 1);
    ck_assert_int_eq(ends.items[0].kind, PH_BOUNDARY_EXAMPLE_STATE);
    const double r = low + ends.items[0].share * (high - low);
    ph_states_free(&states[0]);
    ph_states_free(&states[1]);
    return m * r * r;
}

/* As r -> 0 at fixed x = M r^2, one pattern, T = 0: an example state has the energy
 * -g (1 - d)^2/(2 x), all examples together -(g/2) (1 - d)^2 (E|1 + Z/sqrt x|)^2: equal at
 * E|sqrt x + Z| = 1, x = 0.52875, whatever the dilution. */
START_TEST(test_few_examples)
{
    double low = 0, high = 1, last = INFINITY;
    for (int k = 0; k < 60; k++) {
        const double y = 0.5 * (low + high);
        const double mean = y * erf(y / sqrt(2)) + sqrt(2 / M_PI) * exp(-y * y / 2);
        *(mean < 1 ? &low : &high) = y;
    }
    const double limit = low * low;
    ck_assert_double_eq_tol(limit, 0.53, 5e-3);
    for (int m = 101; m <= 1617; m = 4 * m - 3) {
        const double distance = fabs(crossing(m, 0.0, 0.0) - limit);
        ck_assert_double_lt(distance, 0.6 * last);
        last = distance;
    }
    ck_assert_double_lt(last, 2e-4);
    ck_assert_double_eq_tol(crossing(401, 0.5, 0.0), crossing(401, 0.0, 0.0), 1e-8);
}
END_TEST

/* Where examples of a pattern part by themselves (Lambda < 0), a state of single examples is lower
 * than the ground state of alike ones: the line of example states never lies below Lambda = 0. */
START_TEST(test_parting)
{
    int parted = 0;
    for (int k = 0; k < 12; k += test_step(2)) {
        const double dilution = 0.3 + 0.15 * (k % 4), quality = 0.21 + 0.02 * (k / 4);
        const ph_point_t point =
            network_learning(PH_RULE_UNSUPERVISED, 2, dilution, quality, 10, 0.1);
        ph_states_t states;
        ph_example_state_t example;
        ck_assert_int_eq(ph_states_find(&states, &point, PH_AVERAGE_EXACT, NULL), PH_OK);
        ck_assert_int_eq(ph_example_state_find(&example, &point), PH_OK);
        const ph_fixed_point_t *ground = &states.states[states.ground];
        if (ground->example_stability < 0.0) {
            parted++;
            ck_assert_msg(example.found && example.free_energy < ground->free_energy - 1e-12,
                          "d = %g, r = %g", dilution, quality);
        }
        ph_states_free(&states);
    }
    ck_assert_int_gt(parted, 4 / test_step(2));
}
END_TEST

/* Where there is nothing to sum: a teacher, one example, too many patterns or rows. */
START_TEST(test_nothing)
{
    ph_example_field_t field;
    ph_example_state_t state;
    const ph_point_t none[] = {network_learning(PH_RULE_SUPERVISED, 2, 0.3, 0.4, 4, 0.2),
                               network_learning(PH_RULE_UNSUPERVISED, 2, 0.3, 0.4, 1, 0.2),
                               network_learning(PH_RULE_UNSUPERVISED, 6, 0.3, 0.4, 20, 0.2),
                               {.rule = PH_RULE_UNSUPERVISED, .patterns = 13},
                               network_learning(PH_RULE_UNSUPERVISED, 1, 0.3, 0.4, 500000, 0.2)};
    /* The numbers of a point made by hand are those of the last one made. */
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        double examples[12];
        ph_point_t point = none[i];
        static const double EXAMPLES[] = {4, 1, 20, 1, 500000};
        for (size_t mu = 0; mu < 12; mu++)
            examples[mu] = EXAMPLES[i];
        point.examples = examples;
        ck_assert_int_eq(ph_example_field_init(&field, &point), PH_ERR_UNSUPPORTED);
        ck_assert_ptr_null(field.pair);
        ph_example_field_free(&field);
        ck_assert_int_eq(ph_example_state_find(&state, &point), PH_OK);
        ck_assert(!state.found);
    }
}
END_TEST

/* A state is followed to a point nearby as if it were sought there, there and back; from nothing,
 * or to where noise has made an end of it, there is none. */
START_TEST(test_follow)
{
    ph_point_t point = network_learning(PH_RULE_UNSUPERVISED, 2, 0.3, 0.3, 4, 0.2);
    ph_example_state_t state, sought, first, none;
    ck_assert_int_eq(ph_example_state_find(&first, &point), PH_OK);
    ck_assert(first.found);
    state = first;
    point.noise = 0.23;
    ck_assert_int_eq(ph_example_state_follow(&state, &point), PH_OK);
    ck_assert_int_eq(ph_example_state_find(&sought, &point), PH_OK);
    ck_assert(state.found && sought.found && state.residual <= 1e-12);
    ck_assert_double_eq_tol(state.free_energy, sought.free_energy, 1e-12);
    ck_assert(fabs(state.free_energy - first.free_energy) > 1e-4);
    for (int mu = 0; mu < 2; mu++)
        ck_assert_double_eq_tol(state.single[mu] * state.single[mu],
                                sought.single[mu] * sought.single[mu], 1e-10);
    point.noise = 0.2;
    ck_assert_int_eq(ph_example_state_follow(&state, &point), PH_OK);
    ck_assert_double_eq_tol(state.single[0], first.single[0], 1e-10);
    ck_assert_double_eq_tol(state.rest[1], first.rest[1], 1e-10);
    ck_assert_double_eq_tol(state.stability, first.stability, 1e-9);
    none = first;
    none.found = false;
    ck_assert_int_eq(ph_example_state_follow(&none, &point), PH_OK);
    ck_assert(!none.found);
    point.noise = 50.0;
    ck_assert_int_eq(ph_example_state_follow(&state, &point), PH_OK);
    ck_assert(!state.found);
}
END_TEST

/* Without noise: rows of no field that two of the rest tell apart make the state unstable beyond
 * all bounds; of one other example there is nobody to tell apart. */
START_TEST(test_cold_transverse)
{
    const double nothing[2] = {0}, follows[] = {0.0, 0.5};
    ph_example_field_t field;
    ph_point_t point = network_learning(PH_RULE_UNSUPERVISED, 1, 0.0, 0.4, 4, 0.0);
    ck_assert_int_eq(ph_example_field_init(&field, &point), PH_OK);
    ck_assert(isinf(ph_example_field_transverse(&field, nothing)));
    ck_assert_double_lt(ph_example_field_transverse(&field, nothing), 0.0);
    /* Three of the rest are never even, so that each row has its field. */
    ck_assert_double_eq(ph_example_field_transverse(&field, follows), 1.0);
    ph_example_field_free(&field);
    const double two = 2.0, noise[] = {0.0, 0.3};
    point.examples = &two;
    for (int i = 0; i < 2; i++) {
        point.noise = noise[i];
        ck_assert_int_eq(ph_example_field_init(&field, &point), PH_OK);
        const double transverse = ph_example_field_transverse(&field, nothing);
        ck_assert(noise[i] > 0.0 ? isinf(transverse) && transverse > 0.0 : transverse == 1.0);
        ph_example_field_free(&field);
    }
}
END_TEST

PH_TEST_MAIN("example_field", test_brute_force, test_state, test_symmetric, test_few_examples,
             test_parting, test_nothing, test_follow, test_cold_transverse)
