/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/states.h"

#include <math.h>
#include <string.h>

#include "tests/analysis/network.h"
#include "tests/testing.h"

static ph_states_t states;

static void find(int64_t patterns, double dilution, double noise)
{
    const ph_point_t point = network_uniform(1, patterns, dilution, noise);
    ck_assert_int_eq(ph_states_find(&states, &point, PH_AVERAGE_AUTO, NULL), PH_OK);
}

/* The one state with this label. */
static const ph_fixed_point_t *state_named(const char *label)
{
    const ph_fixed_point_t *found = NULL;
    char text[64];
    for (size_t i = 0; i < states.count; i++) {
        ph_label_text(states.states[i].label, text, sizeof(text));
        if (strcmp(text, label) != 0)
            continue;
        ck_assert_msg(found == NULL, "two states are %s", label);
        found = &states.states[i];
    }
    ck_assert_msg(found != NULL, "no state is %s", label);
    return found;
}

static void check(const char *label, ph_stability_t kind, double energy, double tolerance,
                  const double *m)
{
    const ph_fixed_point_t *state = state_named(label);
    ck_assert_int_eq(state->kind, kind);
    ck_assert_double_eq_tol(state->free_energy, energy, tolerance);
    ck_assert_double_le(state->residual, 1e-12);
    for (size_t mu = 0; mu < states.patterns; mu++)
        ck_assert_double_eq_tol(state->magnetization[mu], m[mu], 6e-6);
}

/* Two patterns: every state, stable or not, with energies and curvatures known from elsewhere. */
START_TEST(test_two_patterns)
{
    find(2, 0.3, 0.1);
    ck_assert_uint_eq(states.count, 4);
    check("hierarchical-2", PH_STABILITY_STABLE, -0.273624, 6e-7, (double[]){0.69998, 0.20289});
    check("symmetric-2", PH_STABILITY_UNSTABLE, -0.230250, 6e-7, (double[]){0.45495, 0.45495});
    check("paramagnetic", PH_STABILITY_UNSTABLE, -0.1 * log(2), 1e-15, (double[]){0.0, 0.0});
    ck_assert_double_eq_tol(state_named("hierarchical-2")->spectrum[0], 0.8592, 6e-5);
    ck_assert_double_eq_tol(state_named("symmetric-2")->spectrum[0], -3.9009, 6e-5);
    ck_assert_double_eq_tol(state_named("paramagnetic")->spectrum[0], 1 - 0.7 / 0.1, 1e-12);
    ck_assert_double_eq(states.degree, 1.0);
    ck_assert_uint_eq(states.ground, 0);
    ck_assert_int_eq(states.reached, 0);
    ph_states_free(&states);
}
END_TEST

/* Strong dilution and noise: the symmetric state is the stable one, and reached. */
START_TEST(test_symmetric)
{
    find(3, 0.8, 0.1);
    check("symmetric-3", PH_STABILITY_STABLE, -0.080778, 6e-7,
          (double[]){0.15198, 0.15198, 0.15198});
    ck_assert_double_eq(states.degree, 1.0);
    ck_assert_int_eq(states.reached, (int)states.ground);
    ph_states_free(&states);
}
END_TEST

/* No noise, below the limit of the hierarchy and above: what ties do there. */
START_TEST(test_zero_noise)
{
    find(3, 0.3, 0.0);
    check("hierarchical-3", PH_STABILITY_STABLE, -0.2690345, 1e-12, (double[]){0.7, 0.21, 0.063});
    check("symmetric-3", PH_STABILITY_UNSTABLE, -0.218313, 6e-7,
          (double[]){0.3815, 0.3815, 0.3815});
    ph_states_free(&states);
    find(3, 0.7, 0.0);
    check("tie-broken-3", PH_STABILITY_STABLE, -0.078897, 6e-7, (double[]){0.2865, 0.2235, 0.1605});
    check("symmetric-3", PH_STABILITY_UNSTABLE, -0.074928375, 1e-9,
          (double[]){0.2235, 0.2235, 0.2235});
    ck_assert(isnan(states.degree));
    ph_states_free(&states);
    find(4, 0.7, 0.0);
    ck_assert_int_ge(states.reached, 0);
    const double reached[] = {0.26962, 0.22148, 0.17738, 0.13328};
    for (int mu = 0; mu < 4; mu++)
        ck_assert_double_eq_tol(states.states[states.reached].magnetization[mu], reached[mu], 6e-6);
    ck_assert_double_eq_tol(states.states[states.reached].free_energy, -0.085486, 6e-7);
    ph_states_free(&states);
}
END_TEST

/* A tie-broken state at zero noise is the limit of the one at small noise; a hierarchical one too.
 */
START_TEST(test_limit)
{
    double cold[2];
    find(3, 0.58, 0.0);
    cold[0] = state_named("hierarchical-3")->free_energy;
    cold[1] = state_named("tie-broken-3")->free_energy;
    ck_assert_double_lt(cold[1], cold[0]);
    ph_states_free(&states);
    find(3, 0.58, 1e-4);
    const double blank =
        0.58 * 0.58 * 0.58 * 1e-4 * log(2); /* entropy of neurons without pattern */
    for (size_t i = 0, met = 0; i < states.count; i++)
        if (states.states[i].kind != PH_STABILITY_UNSTABLE) {
            const bool hierarchical = states.states[i].label.id == PH_CLASS_HIERARCHICAL;
            ck_assert_double_eq_tol(states.states[i].free_energy + blank, cold[!hierarchical],
                                    1e-8);
            ck_assert_uint_lt(met++, 2);
        }
    ph_states_free(&states);
}
END_TEST

/* All 3^13 ways to give a sign, or none, to the rows of three patterns: those that their own fields
 * confirm, up to signs and order. */
static size_t enumerate(double d, double found[][3])
{
    int8_t rows[13][3];
    double weight[13], m[3];
    size_t count = 0, kept = 0;
    for (int code = 14; code < 27; code++, count++) {
        weight[count] = 2.0;
        for (int mu = 0, rest = code; mu < 3; mu++, rest /= 3) {
            rows[count][mu] = (int8_t)(rest % 3 - 1);
            weight[count] *= rows[count][mu] == 0 ? d : 0.5 * (1 - d);
        }
    }
    for (long way = 0; way < 1594323; way++) {
        long rest = way;
        int8_t spin[13];
        memset(m, 0, sizeof(m));
        for (size_t i = 0; i < 13; i++, rest /= 3) {
            spin[i] = (int8_t)(rest % 3 - 1);
            for (int mu = 0; mu < 3; mu++)
                m[mu] += weight[i] * spin[i] * rows[i][mu];
        }
        bool own = m[0] > m[1] - 1e-12 && m[1] > m[2] - 1e-12 && m[2] > -1e-12;
        for (size_t i = 0; i < 13 && own; i++) {
            const double h = m[0] * rows[i][0] + m[1] * rows[i][1] + m[2] * rows[i][2];
            own = spin[i] == (h > 1e-12) - (h < -1e-12);
        }
        for (size_t k = 0; k < kept && own; k++)
            own = fabs(found[k][0] - m[0]) + fabs(found[k][1] - m[1]) + fabs(found[k][2] - m[2]) >
                  1e-9;
        if (own)
            memcpy(found[kept++], m, sizeof(m));
    }
    return kept;
}

/* At zero noise no state of three patterns is missing and none is made up. */
START_TEST(test_enumeration)
{
    const double dilutions[] = {0.2, 0.45, 0.58, 0.75};
    for (int i = 0; i < 4; i++) {
        double wanted[64][3];
        const size_t count = enumerate(dilutions[i], wanted);
        find(3, dilutions[i], 0.0);
        ck_assert_uint_eq(states.count, count);
        for (size_t k = 0; k < count; k++) {
            bool met = false;
            for (size_t s = 0; s < states.count; s++) {
                const double *m = states.states[s].overlap;
                met = met || fabs(m[0] - wanted[k][0]) + fabs(m[1] - wanted[k][1]) +
                                     fabs(m[2] - wanted[k][2]) <
                                 1e-9;
            }
            ck_assert_msg(met, "d = %g: (%g, %g, %g) is missing", dilutions[i], wanted[k][0],
                          wanted[k][1], wanted[k][2]);
        }
        ph_states_free(&states);
    }
}
END_TEST

/* F of three patterns at noise T, worked out row by row. */
static void map3(const double *d, double noise, const double *m, double *out)
{
    memset(out, 0, 3 * sizeof(*out));
    for (int code = 0; code < 27; code++) {
        int row[3];
        double weight = 1.0, h = 0.0;
        for (int mu = 0, rest = code; mu < 3; mu++, rest /= 3) {
            row[mu] = rest % 3 - 1;
            weight *= row[mu] == 0 ? d[mu] : 0.5 * (1 - d[mu]);
            h += row[mu] * m[mu];
        }
        for (int mu = 0; mu < 3; mu++)
            out[mu] += weight * row[mu] * tanh(h / noise);
    }
}

static int descending(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left < right) - (left > right);
}

/* Whatever plain iteration reaches from many random starts is among the stable states, and all of
 * them are reached; each is a fixed point of an F written apart. */
START_TEST(test_brute_force)
{
    const double places[][2] = {{0.3, 0.05}, {0.56, 0.03}, {0.62, 0.2}, {0.2, 0.3}, {0.8, 0.05}};
    for (int i = 0; i < 5; i++) {
        const double d[] = {places[i][0], places[i][0], places[i][0]}, noise = places[i][1];
        bool met[64] = {false};
        uint64_t random = 12345;
        find(3, d[0], noise);
        for (size_t s = 0; s < states.count; s++) {
            double mapped[3];
            map3(d, noise, states.states[s].overlap, mapped);
            for (int mu = 0; mu < 3; mu++)
                ck_assert_double_eq_tol(mapped[mu], states.states[s].overlap[mu], 1e-12);
        }
        for (int start = 0; start < 120; start++) {
            double m[3], next[3];
            for (int mu = 0; mu < 3; mu++) {
                random = random * 6364136223846793005u + 1442695040888963407u;
                m[mu] = (double)(random >> 11) / 9007199254740992.0 - 0.5;
            }
            for (int k = 0; k < 2000; k++) {
                map3(d, noise, m, next);
                memcpy(m, next, sizeof(m));
            }
            for (int mu = 0; mu < 3; mu++)
                m[mu] = fabs(m[mu]);
            qsort(m, 3, sizeof(*m), descending);
            bool known = false;
            for (size_t s = 0; s < states.count; s++) {
                const double *n = states.states[s].overlap;
                if (states.states[s].kind == PH_STABILITY_UNSTABLE ||
                    fabs(n[0] - m[0]) + fabs(n[1] - m[1]) + fabs(n[2] - m[2]) > 1e-6)
                    continue;
                known = met[s] = true;
            }
            ck_assert_msg(known, "d = %g, T = %g: (%g, %g, %g) is missing", d[0], noise, m[0], m[1],
                          m[2]);
        }
        for (size_t s = 0; s < states.count; s++)
            ck_assert(met[s] == (states.states[s].kind != PH_STABILITY_UNSTABLE));
        ck_assert_double_eq(states.degree, 1.0);
        ph_states_free(&states);
    }
}
END_TEST

/*
 * At low noise Newton's method from random points misses saddles; what lies between the states
 * found, by symmetry or over a ridge, completes the sum over all states to 1. Each is a fixed point
 * all the same.
 */
START_TEST(test_low_noise_complete)
{
    const double at[][3] = {{3, 0.51, 0.01}, {3, 0.11, 0.02}, {3, 0.55, 0.06}, {4, 0.29, 0.04}};
    for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
        const ph_point_t point = network_uniform(1, (int64_t)at[i][0], at[i][1], at[i][2]);
        ck_assert_int_eq(ph_states_find(&states, &point, PH_AVERAGE_AUTO, NULL), PH_OK);
        ck_assert_double_eq(states.degree, 1.0);
        for (size_t s = 0; s < states.count; s++)
            ck_assert_double_le(states.states[s].residual, 1e-12);
        ph_states_free(&states);
    }
}
END_TEST

/*
 * States of opposite sign may be missing together, which leaves the degree at 1. All that 20 000
 * random starts of Newton's method without symmetry, with two patterns alike or one zero reach at
 * these points: 54 and 24 states, among them these.
 */
START_TEST(test_degree_not_sufficient)
{
    static const struct {
        double dilution, noise;
        size_t count;
        double overlap[4][4];
    } AT[] = {
        {0.5174,
         0.027,
         54,
         {{0.429369, 0.290065, 0.144279, 0.144279},
          {0.377442, 0.301561, 0.234352, 0.153548},
          {0.429369, 0.302865, 0.131479, 0.131479},
          {0.375838, 0.299873, 0.235958, 0.158527}}},
        {0.0713,
         0.0236,
         24,
         {{0.501505, 0.466711, 0.431916, 0.049402},
          {0.485367, 0.485367, 0.429398, 0.052542},
          {0.504023, 0.448054, 0.448054, 0.052542}}},
    };
    for (size_t i = 0; i < 2; i++) {
        ph_point_t point = network_uniform(1, 4, AT[i].dilution, AT[i].noise);
        point.normalization = PH_NORM_VARIANCE;
        ck_assert_int_eq(ph_states_find(&states, &point, PH_AVERAGE_AUTO, NULL), PH_OK);
        ck_assert_double_eq(states.degree, 1.0);
        ck_assert_uint_eq(states.count, AT[i].count);
        for (size_t k = 0; k < 4 && AT[i].overlap[k][0] > 0.0; k++) {
            size_t met = 0;
            for (size_t s = 0; s < states.count; s++) {
                double most = 0.0;
                for (size_t mu = 0; mu < 4; mu++)
                    most = fmax(most, fabs(states.states[s].overlap[mu] - AT[i].overlap[k][mu]));
                met += most < 1e-6;
            }
            ck_assert_uint_eq(met, 1);
        }
        ph_states_free(&states);
    }
}
END_TEST

/* More states than are kept: the one that the start leads to is, though many are lower. */
START_TEST(test_reached_kept)
{
    ph_point_t point = network_uniform(1, 6, 0.6, 0.0);
    point.normalization = PH_NORM_NONE;
    ck_assert_int_eq(ph_states_find(&states, &point, PH_AVERAGE_AUTO, NULL), PH_OK);
    ck_assert_uint_eq(states.count, PH_STATES_MAX);
    ck_assert_uint_gt(states.left_out, 0);
    ck_assert_int_eq(states.reached, PH_STATES_MAX - 1);
    ck_assert_double_ge(states.states[PH_STATES_MAX - 1].free_energy,
                        states.states[PH_STATES_MAX - 2].free_energy);
    ck_assert_double_le(states.states[PH_STATES_MAX - 1].residual, 1e-12);
    ph_states_free(&states);
}
END_TEST

/* Unlike patterns in another order have the same states in that order; alike ones are one state
 * however often they are counted. */
START_TEST(test_order)
{
    const double there[] = {0.2, 0.5, 0.5}, back[] = {0.5, 0.2, 0.5};
    ph_states_t other;
    ph_point_t point = network_point(1, 3, there, 0.12);
    ck_assert_int_eq(ph_states_find(&states, &point, PH_AVERAGE_AUTO, NULL), PH_OK);
    point = network_point(1, 3, back, 0.12);
    ck_assert_int_eq(ph_states_find(&other, &point, PH_AVERAGE_AUTO, NULL), PH_OK);
    ck_assert_uint_eq(states.count, other.count);
    ck_assert_double_eq(states.degree, 1.0);
    for (size_t i = 0; i < states.count; i++) {
        const ph_fixed_point_t *a = &states.states[i], *b = &other.states[i];
        ck_assert_double_eq_tol(a->free_energy, b->free_energy, 1e-13);
        ck_assert_double_eq(a->copies, b->copies);
        ck_assert_double_eq_tol(a->overlap[0], b->overlap[1], 1e-9);
        ck_assert_double_eq_tol(a->overlap[1], b->overlap[0], 1e-9);
        ck_assert_double_eq_tol(a->overlap[2], b->overlap[2], 1e-9);
        ck_assert_double_ge(a->overlap[1], a->overlap[2]);
        for (size_t k = 0; k < 3; k++)
            ck_assert_double_eq_tol(a->spectrum[k], b->spectrum[k], 1e-8);
    }
    ph_states_free(&states);
    ph_states_free(&other);
}
END_TEST

/* Labels are numbered one by one, there and back. */
START_TEST(test_labels)
{
    char text[64];
    for (size_t patterns = 1; patterns <= 12; patterns++)
        for (int code = 0; code < (int)ph_label_codes(patterns); code++) {
            const ph_label_t label = ph_label_of(code, patterns);
            ck_assert_uint_le(label.count, patterns);
            ck_assert_int_eq(ph_label_code(label, patterns), code);
        }
    ck_assert_uint_eq(ph_label_codes(1), 2);
    ck_assert_uint_eq(ph_label_codes(3), 8);
    ph_label_text(ph_label_of(3, 3), text, sizeof(text));
    ck_assert_str_eq(text, "hierarchical-3");
}
END_TEST

/* Without noise and with few blanks signals fall by a factor d/2 and less each: the hierarchy of
 * four stands for its 2^4 signs and 4! orders all the same. */
START_TEST(test_faint)
{
    static const double DILUTIONS[] = {5e-4, 1e-3};
    for (int k = 0; k < 2; k++) {
        find(4, DILUTIONS[k], 0.0);
        ck_assert_double_eq(state_named("hierarchical-4")->copies, 384.0);
        ph_states_free(&states);
    }
}
END_TEST

/* Two patterns of perfect examples and one of bad ones, in their Gaussian limit: the stable states
 * without noise are those with next to none, and none is missing of either. */
START_TEST(test_perfect_examples)
{
    static const double DILUTIONS[] = {0.3, 0.5, 0.7}, QUALITY[] = {1.0, 1.0, 0.6};
    for (size_t k = 0; k < 3; k++) {
        ph_states_t cold;
        ph_point_t point = network_learning(PH_RULE_SUPERVISED, 3, DILUTIONS[k], 0.6, 20, 0.0);
        point.quality = QUALITY;
        ck_assert_int_eq(ph_states_find(&cold, &point, PH_AVERAGE_GAUSSIAN, NULL), PH_OK);
        point.noise = 1e-3;
        ck_assert_int_eq(ph_states_find(&states, &point, PH_AVERAGE_GAUSSIAN, NULL), PH_OK);
        ck_assert_double_eq(cold.degree, 1.0);
        ck_assert_double_eq(states.degree, 1.0);
        for (size_t i = 0, j = 0; i < cold.count || j < states.count; i++, j++) {
            while (i < cold.count && cold.states[i].kind == PH_STABILITY_UNSTABLE)
                i++;
            while (j < states.count && states.states[j].kind == PH_STABILITY_UNSTABLE)
                j++;
            ck_assert((i < cold.count) == (j < states.count));
            for (size_t mu = 0; i < cold.count && mu < 3; mu++)
                ck_assert_double_eq_tol(cold.states[i].overlap[mu], states.states[j].overlap[mu],
                                        1e-3);
        }
        ph_states_free(&cold);
        ph_states_free(&states);
    }
}
END_TEST

PH_TEST_MAIN("states", test_two_patterns, test_faint, test_symmetric, test_zero_noise, test_limit,
             test_enumeration, test_brute_force, test_low_noise_complete,
             test_degree_not_sufficient, test_reached_kept, test_order, test_labels,
             test_perfect_examples)
