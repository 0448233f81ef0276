/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One state followed along a way between two points, against equations solved here. */
#include <math.h>
#include <string.h>

#include "analysis/phase/boundary_private.h"
#include "tests/analysis/network.h"
#include "tests/testing.h"

static double near[NETWORK_PATTERNS_MAX], far[NETWORK_PATTERNS_MAX];
static ph_point_t from, to;
static ph_path_t path;

static ph_point_t place(double *kept, int64_t patterns, const double *dilution, double noise)
{
    ph_point_t point = network_point(1, patterns, dilution, noise);
    memcpy(kept, dilution, (size_t)patterns * sizeof(*kept));
    point.dilution = kept;
    return point;
}

static void lay(int64_t patterns, const double *d_from, double noise_from, const double *d_to,
                double noise_to)
{
    from = place(near, patterns, d_from, noise_from);
    to = place(far, patterns, d_to, noise_to);
    ck_assert_int_eq(ph_path_init(&path, &from, &to, PH_AVERAGE_AUTO), PH_OK);
}

/* One pattern without blanks: m = tanh(m/T), 0 from T = 1 on. */
static double curie_weiss(double noise)
{
    double low = 1e-9, high = 1.0;
    for (int i = 0; i < 100; i++) {
        const double m = 0.5 * (low + high);
        *(tanh(m / noise) > m ? &low : &high) = m;
    }
    return noise < 1.0 ? low : 0.0;
}

/* The way of one pattern from T = 0.5 to 1.2. */
static double lay_curie_weiss(void)
{
    const double none = 0.0;
    lay(1, &none, 0.5, &none, 1.2);
    return curie_weiss(0.5);
}

/* Points that differ in more than numbers have no way between them. */
START_TEST(test_path_refused)
{
    ph_point_t other;
    const double one[NETWORK_PATTERNS_MAX + 1] = {0};
    lay_curie_weiss();
    other = to;
    other.patterns = 2;
    ck_assert_int_eq(ph_path_init(&path, &from, &other, PH_AVERAGE_AUTO), PH_ERR_UNSUPPORTED);
    other = to;
    other.normalization = PH_NORM_VARIANCE;
    ck_assert_int_eq(ph_path_init(&path, &from, &other, PH_AVERAGE_AUTO), PH_ERR_UNSUPPORTED);
    other = to;
    other.rule = PH_RULE_SUPERVISED;
    ck_assert_int_eq(ph_path_init(&path, &from, &other, PH_AVERAGE_AUTO), PH_ERR_UNSUPPORTED);
    other = to;
    other.quality = one;
    ck_assert_int_eq(ph_path_init(&path, &from, &other, PH_AVERAGE_AUTO), PH_ERR_UNSUPPORTED);
    ck_assert_int_eq(ph_path_init(&path, &other, &to, PH_AVERAGE_AUTO), PH_ERR_UNSUPPORTED);
    from.patterns = to.patterns = 13;
    from.dilution = to.dilution = one;
    ck_assert_int_eq(ph_path_init(&path, &from, &to, PH_AVERAGE_AUTO), PH_ERR_UNSUPPORTED);
}
END_TEST

/* In between every number of every pattern is as far on its way as the noise is. */
START_TEST(test_path_between)
{
    static double kept[2][3][2] = {{{4, 8}, {0.3, 0.5}, {1.0, 0.8}},
                                   {{6, 4}, {0.7, 0.5}, {0.5, 0.9}}};
    const double d_from[] = {0.1, 0.5}, d_to[] = {0.3, 0.2};
    from = place(near, 2, d_from, 0.2);
    to = place(far, 2, d_to, 0.6);
    from.examples = kept[0][0], from.quality = kept[0][1], from.blank_fidelity = kept[0][2];
    to.examples = kept[1][0], to.quality = kept[1][1], to.blank_fidelity = kept[1][2];
    from.rule = to.rule = PH_RULE_UNSUPERVISED;
    ck_assert_int_eq(ph_path_init(&path, &from, &to, PH_AVERAGE_AUTO), PH_OK);
    for (int i = 0; i <= 4; i++) {
        const double share = 0.25 * i;
        const ph_point_t *point = ph_path_point(&path, share);
        ck_assert_double_eq_tol(point->noise, 0.2 + 0.4 * share, 1e-15);
        ck_assert_int_eq(point->rule, PH_RULE_UNSUPERVISED);
        for (int mu = 0; mu < 2; mu++) {
            const double *numbers[] = {point->examples, point->quality, point->blank_fidelity};
            ck_assert_double_eq_tol(point->dilution[mu],
                                    (1 - share) * d_from[mu] + share * d_to[mu], 1e-15);
            for (int k = 0; k < 3; k++)
                ck_assert_double_eq_tol(
                    numbers[k][mu], (1 - share) * kept[0][k][mu] + share * kept[1][k][mu], 1e-14);
        }
    }
}
END_TEST

/* The same place and state: of one pattern, what is beyond it is not set. */
static void check_same(const ph_branch_t *a, const ph_branch_t *b)
{
    ck_assert_double_eq(a->share, b->share);
    ck_assert_double_eq(a->largest[0], b->largest[0]);
    ck_assert_int_eq(a->smooth, b->smooth);
    ck_assert_double_eq(a->state.overlap[0], b->state.overlap[0]);
    ck_assert_double_eq(a->state.magnetization[0], b->state.magnetization[0]);
    ck_assert_double_eq(a->state.spectrum[0], b->state.spectrum[0]);
    ck_assert_double_eq(a->state.free_energy, b->state.free_energy);
}

/* Step by step a branch keeps to m = tanh(m/T); beyond its end, and in a step that is too long for
 * what it changes by, it stays where it was. */
START_TEST(test_move)
{
    const double m = lay_curie_weiss();
    ph_branch_t branch, kept;
    bool there;
    ck_assert_int_eq(ph_branch_begin(&path, 0.0, &m, &branch), PH_OK);
    ck_assert_double_eq(branch.largest[0], 1.0);
    ck_assert(branch.smooth && branch.share == 0.0);
    kept = branch;
    ck_assert_int_eq(ph_branch_move(&path, 0.7, &branch, &there), PH_OK); /* m falls by 0.78 */
    ck_assert(!there);
    check_same(&branch, &kept);
    for (int i = 1; i <= 13; i++) {
        const double share = 0.05 * i, noise = 0.5 + 0.7 * share, wanted = curie_weiss(noise);
        ck_assert_int_eq(ph_branch_move(&path, share, &branch, &there), PH_OK);
        ck_assert(there);
        ck_assert_double_eq(branch.share, share);
        ck_assert_double_eq_tol(branch.state.overlap[0], wanted, 1e-9);
        ck_assert_double_eq_tol(branch.state.free_energy,
                                0.5 * wanted * wanted - noise * log(2 * cosh(wanted / noise)),
                                1e-12);
    }
    kept = branch;
    ck_assert_int_eq(ph_branch_move(&path, 0.75, &branch, &there), PH_OK);
    ck_assert(!there);
    check_same(&branch, &kept);
}
END_TEST

/* A branch begins at a stable state only. */
START_TEST(test_begin)
{
    const double nothing = 0.0;
    ph_branch_t branch;
    lay_curie_weiss();
    ck_assert_int_eq(ph_branch_begin(&path, 0.0, &nothing, &branch), PH_ERR_NUMERIC);
    ck_assert_int_eq(ph_branch_begin(&path, 1.0, &nothing, &branch), PH_OK);
    ck_assert_int_eq(branch.state.label.id, PH_CLASS_PARAMAGNETIC);
    ck_assert_double_eq_tol(branch.state.spectrum[0], 1.0 - 1.0 / 1.2, 1e-14);
}
END_TEST

/* It ends at T = 1, from both sides; on a way that does not go so far it does not. */
START_TEST(test_end)
{
    const double m = lay_curie_weiss(), nothing = 0.0;
    ph_branch_t branch;
    ph_boundary_t end;
    bool ends;
    ck_assert_int_eq(ph_branch_begin(&path, 0.0, &m, &branch), PH_OK);
    ck_assert_int_eq(ph_branch_end(&path, 0.4, &branch, &end, &ends), PH_OK);
    ck_assert(!ends);
    ck_assert_double_eq_tol(branch.state.overlap[0], curie_weiss(0.78), 1e-9);
    ck_assert_int_eq(ph_branch_end(&path, 1.0, &branch, &end, &ends), PH_OK);
    ck_assert(ends);
    ck_assert_double_eq_tol(end.share, 0.5 / 0.7, 1e-11);
    ck_assert_int_eq(end.kind, PH_BOUNDARY_CONTINUOUS);
    ck_assert_int_eq(end.label.id, PH_CLASS_PURE);
    ck_assert_int_eq(end.other.id, PH_CLASS_PARAMAGNETIC);
    ck_assert_int_eq(ph_branch_begin(&path, 1.0, &nothing, &branch), PH_OK);
    ck_assert_int_eq(ph_branch_end(&path, 0.0, &branch, &end, &ends), PH_OK);
    ck_assert(ends && end.label.id == PH_CLASS_PARAMAGNETIC && end.other.id == PH_CLASS_PURE);
    ck_assert_double_eq_tol(end.share, 0.5 / 0.7, 1e-11);
}
END_TEST

/*
 * Without noise a hierarchy of two unlike patterns, (1 - d1, d1 (1 - d2)), ends in a jump where the
 * second signal has grown to the first, where a millionth counts as equal: at d1 = 1/(2 - d2),
 * never with the gains of equal variance.
 */
START_TEST(test_cold_end)
{
    for (int variance = 0; variance < 2; variance++) {
        const double d_from[] = {0.4, 0.3}, d_to[] = {0.8, 0.3}, m[] = {0.6, 0.4 * 0.7};
        ph_branch_t branch;
        ph_boundary_t end;
        bool ends;
        lay(2, d_from, 0.0, d_to, 0.0);
        from.normalization = to.normalization = variance ? PH_NORM_VARIANCE : PH_NORM_NONE;
        ck_assert_int_eq(ph_path_init(&path, &from, &to, PH_AVERAGE_AUTO), PH_OK);
        ck_assert_int_eq(ph_branch_begin(&path, 0.0, m, &branch), PH_OK);
        ck_assert(!branch.smooth);
        ck_assert_int_eq(ph_branch_end(&path, 1.0, &branch, &end, &ends), PH_OK);
        ck_assert(ends == !variance);
        if (variance) {
            ck_assert_double_eq_tol(branch.state.overlap[1], 0.8 * 0.7, 1e-14);
            continue;
        }
        ck_assert_double_eq_tol(0.4 + 0.4 * end.share, 1.0 / 1.7, 1e-6);
        ck_assert_int_eq(end.kind, PH_BOUNDARY_SPINODAL);
        ck_assert_int_eq(end.label.id, PH_CLASS_HIERARCHICAL);
    }
}
END_TEST

/* n <- F(n) of three alike patterns until nothing moves. */
static void iterate(double d, double noise, double *n)
{
    for (int step = 0; step < 4000; step++) {
        double map[3] = {0};
        for (int code = 0; code < 27; code++) {
            const int row[] = {code % 3 - 1, code / 3 % 3 - 1, code / 9 - 1};
            double weight = 1.0, h = 0.0;
            for (int mu = 0; mu < 3; mu++) {
                weight *= row[mu] == 0 ? d : 0.5 * (1.0 - d);
                h += row[mu] * n[mu];
            }
            for (int mu = 0; mu < 3; mu++)
                map[mu] += weight * row[mu] * tanh(h / noise);
        }
        memcpy(n, map, sizeof(map));
    }
}

/* With noise enough the hierarchy becomes the majority's state without any transition: only the
 * name changes, where the first signal is the sum of the others. */
START_TEST(test_crossover)
{
    const double d_from[] = {0.5, 0.5, 0.5}, d_to[] = {0.6, 0.6, 0.6};
    double n[] = {0.5, 0.25, 0.12};
    ph_branch_t branch;
    ph_boundary_t end;
    bool ends;
    lay(3, d_from, 0.1, d_to, 0.1);
    iterate(0.5, 0.1, n);
    ck_assert_double_gt(n[0], n[1] + n[2]);
    ck_assert_int_eq(ph_branch_begin(&path, 0.0, n, &branch), PH_OK);
    ck_assert_int_eq(ph_branch_end(&path, 1.0, &branch, &end, &ends), PH_OK);
    ck_assert(ends);
    ck_assert_int_eq(end.kind, PH_BOUNDARY_CROSSOVER);
    ck_assert_int_eq(end.label.id, PH_CLASS_HIERARCHICAL);
    ck_assert_int_eq(end.other.id, PH_CLASS_TIE_BROKEN);
    iterate(0.5 + 0.1 * end.share, 0.1, n);
    ck_assert_double_eq_tol(n[0] - n[1] - n[2], 0.0, 1e-9);
}
END_TEST

/* Where two of three signals become one the less symmetric state ends: the least curvature of the
 * more symmetric one vanishes, by differences of F against exchanging the two. */
START_TEST(test_merging)
{
    const double d_from[] = {0.6, 0.6, 0.6}, d_to[] = {0.75, 0.75, 0.75}, noise = 0.08;
    double n[] = {0.36, 0.22, 0.14}, both[3], step[3];
    ph_branch_t branch;
    ph_boundary_t end;
    bool ends;
    lay(3, d_from, noise, d_to, noise);
    iterate(0.6, noise, n);
    ck_assert_int_eq(ph_branch_begin(&path, 0.0, n, &branch), PH_OK);
    ck_assert_int_eq(branch.state.label.id, PH_CLASS_TIE_BROKEN);
    ck_assert_int_eq(ph_branch_end(&path, 1.0, &branch, &end, &ends), PH_OK);
    ck_assert(ends && end.kind == PH_BOUNDARY_CONTINUOUS);
    ck_assert_int_eq(end.other.id, PH_CLASS_MIXED);
    const size_t second = branch.state.overlap[0] - branch.state.overlap[1] <
                                  branch.state.overlap[1] - branch.state.overlap[2]
                              ? 0
                              : 1; /* the pair that meets */
    memcpy(both, branch.state.overlap, sizeof(both));
    both[second] = both[second + 1] = 0.5 * (both[second] + both[second + 1]);
    const double d = 0.6 + 0.15 * end.share;
    iterate(d, noise, both);
    /* A push that tells the two apart neither grows nor fades. */
    memcpy(step, both, sizeof(step));
    step[second] += 1e-4;
    step[second + 1] -= 1e-4;
    double map[3] = {0};
    for (int code = 0; code < 27; code++) {
        const int row[] = {code % 3 - 1, code / 3 % 3 - 1, code / 9 - 1};
        double weight = 1.0, h = 0.0;
        for (int mu = 0; mu < 3; mu++) {
            weight *= row[mu] == 0 ? d : 0.5 * (1.0 - d);
            h += row[mu] * step[mu];
        }
        for (int mu = 0; mu < 3; mu++)
            map[mu] += weight * row[mu] * tanh(h / noise);
    }
    ck_assert_double_eq_tol((map[second] - map[second + 1]) / 2e-4, 1.0, 1e-4);
}
END_TEST

/* States are compared in units of what each pattern's overlap can be at its own place. */
START_TEST(test_difference)
{
    const ph_fixed_point_t a = {.overlap = {0.4, 0.2, 0.9}}, b = {.overlap = {0.2, 0.3, 0.1}};
    const double largest_a[] = {0.8, 0.5, 1.0}, largest_b[] = {0.4, 0.5, 1.0};
    ck_assert_double_eq_tol(ph_branch_difference(&a, largest_a, &b, largest_b, 2), 0.2, 1e-15);
    ck_assert_double_eq_tol(ph_branch_difference(&b, largest_b, &a, largest_a, 3), 0.8, 1e-15);
    ck_assert_double_eq(ph_branch_difference(&a, largest_a, &b, largest_b, 1), 0.0);
}
END_TEST

/* The branch of a ground state is the one named, wherever it is. */
START_TEST(test_ground)
{
    ph_fixed_point_t kept[] = {{.free_energy = -3, .overlap = {0.1}},
                               {.free_energy = -2, .overlap = {0.2}},
                               {.free_energy = -1, .overlap = {0.3}}};
    const ph_states_t states = {
        .patterns = 1, .count = 3, .states = kept, .largest = {0.7}, .ground = 1};
    const ph_branch_t branch = ph_branch_ground(&states, 0.25);
    ck_assert_double_eq(branch.state.free_energy, -2);
    ck_assert_double_eq(branch.state.overlap[0], 0.2);
    ck_assert_double_eq(branch.largest[0], 0.7);
    ck_assert_double_eq(branch.share, 0.25);
}
END_TEST

/* Boundaries stand in the order of their way, those of one place as they came; what there is no
 * room for is counted. */
START_TEST(test_add)
{
    static const double SHARES[] = {0.5, 0.1, 0.9, 0.5, 0.0, 1.0, 0.3, 0.5, 0.7,
                                    0.2, 0.6, 0.4, 0.8, 0.1, 0.9, 0.5, 0.3, 0.2};
    enum { GIVEN = sizeof(SHARES) / sizeof(SHARES[0]) };
    ph_boundaries_t all = {0};
    for (size_t i = 0; i < GIVEN; i++) {
        const ph_boundary_t one = {.share = SHARES[i], .label = {PH_CLASS_MIXED, i}};
        ph_boundaries_add(&all, &one);
        ck_assert_uint_eq(all.count + all.left_out, i + 1);
    }
    ck_assert_uint_eq(all.count, PH_BOUNDARIES_MAX);
    ck_assert_uint_eq(all.left_out, GIVEN - PH_BOUNDARIES_MAX);
    for (size_t i = 0; i < all.count; i++) {
        ck_assert_double_eq(all.items[i].share, SHARES[all.items[i].label.count]);
        ck_assert(i == 0 || all.items[i - 1].share < all.items[i].share ||
                  (all.items[i - 1].share == all.items[i].share &&
                   all.items[i - 1].label.count < all.items[i].label.count));
    }
}
END_TEST

PH_TEST_MAIN("branch", test_path_refused, test_path_between, test_move, test_begin, test_end,
             test_cold_end, test_crossover, test_merging, test_difference, test_ground, test_add)
