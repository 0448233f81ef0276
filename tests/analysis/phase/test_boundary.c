/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/boundary.h"

#include <math.h>
#include <string.h>

#include "tests/analysis/network.h"
#include "tests/testing.h"

static double near[NETWORK_PATTERNS_MAX], far[NETWORK_PATTERNS_MAX];
static ph_point_t from, to;
static ph_path_t path;
static ph_states_t states_from, states_to;
static ph_boundaries_t ends, changes;

static ph_point_t place(double *kept, int64_t patterns, double dilution, double noise)
{
    ph_point_t point = network_uniform(1, patterns, dilution, noise);
    memcpy(kept, point.dilution, (size_t)patterns * sizeof(*kept));
    point.dilution = kept;
    return point;
}

static void lay(int64_t patterns, double d_from, double noise_from, double d_to, double noise_to)
{
    from = place(near, patterns, d_from, noise_from);
    to = place(far, patterns, d_to, noise_to);
    ck_assert_int_eq(ph_path_init(&path, &from, &to, PH_AVERAGE_AUTO), PH_OK);
}

static void find(void)
{
    ends = changes = (ph_boundaries_t){0};
    ck_assert_int_eq(ph_states_find(&states_from, &from, PH_AVERAGE_AUTO, NULL), PH_OK);
    ck_assert_int_eq(ph_states_find(&states_to, &to, PH_AVERAGE_AUTO, NULL), PH_OK);
    ck_assert_int_eq(ph_boundary_find(&path, &states_from, &states_to, &ends, &changes), PH_OK);
    ph_states_free(&states_from);
    ph_states_free(&states_to);
}

/* The boundary of this kind between states of these labels. */
static double boundary(const ph_boundaries_t *found, ph_boundary_kind_t kind, const char *label,
                       const char *other)
{
    char texts[2][64];
    for (size_t i = 0; i < found->count; i++) {
        ph_label_text(found->items[i].label, texts[0], sizeof(texts[0]));
        ph_label_text(found->items[i].other, texts[1], sizeof(texts[1]));
        if (found->items[i].kind == kind && strcmp(texts[0], label) == 0 &&
            strcmp(texts[1], other) == 0)
            return found->items[i].share;
    }
    ck_abort_msg("no %s boundary of %s to %s", ph_boundary_text(kind), label, other);
    return NAN;
}

/* sum_{k=1}^{K-1} d^k = 1 by bisection. */
static double limit(int64_t patterns)
{
    double low = 0.5, high = 1.0;
    for (int i = 0; i < 60; i++) {
        const double d = 0.5 * (low + high);
        double sum = 0.0;
        for (int64_t k = 1; k < patterns; k++)
            sum += pow(d, (double)k);
        *(sum < 1.0 ? &low : &high) = d;
    }
    return low;
}

/* No noise: the hierarchy of K patterns ends at its spinodal, to nine digits. */
START_TEST(test_hierarchy)
{
    for (int64_t patterns = 3; patterns <= 10; patterns++) {
        double m[NETWORK_PATTERNS_MAX];
        ph_boundary_t end;
        bool found;
        lay(patterns, 0.45, 0.0, 0.65, 0.0);
        for (int64_t mu = 0; mu < patterns; mu++)
            m[mu] = 0.55 * pow(0.45, (double)mu);
        ck_assert_int_eq(ph_boundary_end(&path, false, m, &end, &found), PH_OK);
        ck_assert(found);
        ck_assert_double_eq_tol(0.45 + 0.2 * end.share, limit(patterns), 1e-9);
        ck_assert_int_eq(end.kind, PH_BOUNDARY_SPINODAL);
        ck_assert_int_eq(end.label.id, PH_CLASS_HIERARCHICAL);
        ck_assert_uint_eq(end.label.count, (size_t)patterns);
    }
}
END_TEST

/* K = 3: where the tie-broken state takes over, and where the hierarchy ends, by noise. At no
 * noise energies are polynomials of d that cross at 0.5469181606780271. */
START_TEST(test_crossing)
{
    lay(3, 0.52, 0.0, 0.66, 0.0);
    find();
    ck_assert_double_eq_tol(
        0.52 + 0.14 * boundary(&changes, PH_BOUNDARY_CROSSING, "hierarchical-3", "tie-broken-3"),
        0.5469181606780271, 1e-9);
    ck_assert_double_eq_tol(
        0.52 + 0.14 * boundary(&ends, PH_BOUNDARY_SPINODAL, "hierarchical-3", "tie-broken-3"),
        limit(3), 1e-9);
    const double noises[] = {0.005, 0.02}, ends_at[] = {0.605, 0.583};
    for (int i = 0; i < 2; i++) {
        lay(3, 0.57, noises[i], 0.63, noises[i]);
        find();
        ck_assert_double_eq_tol(
            0.57 + 0.06 * boundary(&ends, PH_BOUNDARY_SPINODAL, "hierarchical-3", "tie-broken-3"),
            ends_at[i], 1e-3);
    }
}
END_TEST

/* With noise: the third component melts near g (1 - d) d^2, the second near g (1 - d) d, all of
 * them at g (1 - d); each without a jump. */
START_TEST(test_melting)
{
    lay(3, 0.3, 0.05, 0.3, 0.08);
    find();
    const double third = 0.05 + 0.03 * boundary(&changes, PH_BOUNDARY_CONTINUOUS, "hierarchical-3",
                                                "hierarchical-2");
    ck_assert_double_eq_tol(third, 0.7 * 0.09, 2e-3);
    ck_assert_double_eq_tol(
        0.05 + 0.03 * boundary(&ends, PH_BOUNDARY_CONTINUOUS, "hierarchical-3", "hierarchical-2"),
        third, 1e-6);
    lay(3, 0.3, 0.19, 0.3, 0.23);
    find();
    ck_assert_double_eq_tol(
        0.19 + 0.04 * boundary(&changes, PH_BOUNDARY_CONTINUOUS, "hierarchical-2", "pure"),
        0.7 * 0.3, 4e-3);
    lay(3, 0.3, 0.66, 0.3, 0.71);
    find();
    ck_assert_double_eq_tol(
        0.66 + 0.05 * boundary(&changes, PH_BOUNDARY_CONTINUOUS, "pure", "paramagnetic"), 0.7,
        1e-9);
    ck_assert_double_eq_tol(
        0.66 + 0.05 * boundary(&ends, PH_BOUNDARY_CONTINUOUS, "paramagnetic", "pure"), 0.7, 1e-9);
}
END_TEST

/* K = 2: equal signals become stable where E[xi xi' (1 - t^2)] balances: the least eigenvalue of
 * the symmetric state, worked out by hand, vanishes at the boundary. */
START_TEST(test_symmetric)
{
    const double d = 0.8;
    lay(2, d, 0.02, d, 0.19);
    find();
    const double noise =
        0.02 + 0.17 * boundary(&changes, PH_BOUNDARY_CONTINUOUS, "hierarchical-2", "symmetric-2");
    double m = 0.3;
    for (int i = 0; i < 20000; i++)
        m = d * (1 - d) * tanh(m / noise) + 0.5 * (1 - d) * (1 - d) * tanh(2 * m / noise);
    const double single = 1 - pow(tanh(m / noise), 2), both = 1 - pow(tanh(2 * m / noise), 2);
    const double diagonal = d * (1 - d) * single + 0.5 * (1 - d) * (1 - d) * (both + 1);
    const double mixed = 0.5 * (1 - d) * (1 - d) * (both - 1);
    ck_assert_double_eq_tol(1 - (diagonal - mixed) / noise, 0.0, 1e-7);
}
END_TEST

/*
 * Continuous transitions are placed to 10^-11 of the way from either side, however short that is:
 * the onset at T = 1 - d is known, and the melting of hierarchical states is one place whether it
 * is looked for from where they are or from where they are not.
 */
START_TEST(test_sharp)
{
    static const double WIDTH[] = {0.1, 0.01, 0.001};
    ph_boundary_t end;
    bool found;
    for (int w = 0; w < 3; w++)
        for (int backwards = 0; backwards < 2; backwards++) {
            lay(3, 0.5, 0.5 - 0.3 * WIDTH[w], 0.5, 0.5 + 0.7 * WIDTH[w]);
            const ph_point_t *begin = backwards ? &to : &from;
            ck_assert_int_eq(ph_states_find(&states_from, begin, PH_AVERAGE_AUTO, NULL), PH_OK);
            const double *n = states_from.states[states_from.ground].overlap;
            ck_assert_int_eq(ph_boundary_end(&path, backwards, n, &end, &found), PH_OK);
            ck_assert(found && end.kind == PH_BOUNDARY_CONTINUOUS);
            ck_assert_double_eq_tol(end.share, 0.3, 1e-11);
            ph_states_free(&states_from);
        }
    lay(3, 0.3, 0.05, 0.3, 0.08);
    find();
    const double there =
        boundary(&ends, PH_BOUNDARY_CONTINUOUS, "hierarchical-3", "hierarchical-2");
    ck_assert_double_eq_tol(
        boundary(&ends, PH_BOUNDARY_CONTINUOUS, "hierarchical-2", "hierarchical-3"), there, 1e-11);
    ck_assert_double_eq_tol(
        boundary(&changes, PH_BOUNDARY_CONTINUOUS, "hierarchical-3", "hierarchical-2"), there,
        1e-11);
}
END_TEST

/*
 * However far apart the two points are: order ends at T = 1 - d without a jump, as seen from either
 * side, and no state is said to end where it goes on.
 */
START_TEST(test_long_way)
{
    static const double WAYS[][4] = {{1, 0.0, 0.5, 1.2},
                                     {1, 0.0, 0.2, 2.0},
                                     {2, 0.3, 0.05, 0.9},
                                     {1, 0.0, 0.3, 6.0},
                                     {3, 0.5, 0.2, 0.7}};
    for (size_t w = 0; w < sizeof(WAYS) / sizeof(WAYS[0]); w++) {
        const double noise = WAYS[w][2], length = WAYS[w][3] - noise;
        lay((int64_t)WAYS[w][0], WAYS[w][1], noise, WAYS[w][1], WAYS[w][3]);
        find();
        ck_assert_double_eq_tol(
            noise + length * boundary(&changes, PH_BOUNDARY_CONTINUOUS, "pure", "paramagnetic"),
            1.0 - WAYS[w][1], 1e-9);
        ck_assert_double_eq_tol(
            noise + length * boundary(&ends, PH_BOUNDARY_CONTINUOUS, "paramagnetic", "pure"),
            1.0 - WAYS[w][1], 1e-9);
        for (size_t i = 0; i < ends.count; i++)
            ck_assert(!ph_label_equal(ends.items[i].label, ends.items[i].other));
        for (size_t i = 0; i < changes.count; i++)
            ck_assert_int_eq(changes.items[i].kind, PH_BOUNDARY_CONTINUOUS);
    }
}
END_TEST

/* Backwards along a path is the same boundary; a state that goes on has none. */
START_TEST(test_backwards)
{
    const double m[] = {0.4, 0.24, 0.144};
    ph_boundary_t end;
    bool found;
    lay(3, 0.7, 0.0, 0.6, 0.0);
    ck_assert_int_eq(ph_boundary_end(&path, true, m, &end, &found), PH_OK);
    ck_assert(found);
    ck_assert_double_eq_tol(0.7 - 0.1 * end.share, limit(3), 1e-9);
    lay(3, 0.6, 0.0, 0.5, 0.0);
    ck_assert_int_eq(ph_boundary_end(&path, false, m, &end, &found), PH_OK);
    ck_assert(!found);
    const double nothing[] = {0.0, 0.0, 0.0};
    ck_assert_int_eq(ph_boundary_end(&path, false, nothing, &end, &found), PH_ERR_NUMERIC);
}
END_TEST

PH_TEST_MAIN("boundary", test_hierarchy, test_crossing, test_melting, test_symmetric, test_sharp,
             test_long_way, test_backwards)
