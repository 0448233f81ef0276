/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "tests/analysis/network.h"
#include "tests/testing.h"

/* The three laws of a population with K equal patterns. */
enum { STORAGE, EXACT, GAUSSIAN, COLD, LAWS };

static ph_point_t make_point(int law, int64_t patterns)
{
    static const double fidelity[] = {0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9};
    ph_point_t point =
        network_learning(law == STORAGE ? PH_RULE_STORAGE : PH_RULE_UNSUPERVISED, patterns, 0.4,
                         0.8, law == EXACT ? 2 : 20, law == COLD ? 0.0 : 0.25);
    point.blank_fidelity = fidelity;
    return point;
}

static ph_average_t average_of(int law)
{
    return law == GAUSSIAN || law == COLD ? PH_AVERAGE_GAUSSIAN : PH_AVERAGE_EXACT;
}

/* Full rows and groups {0}, {1}, {the rest} at n = (a, b, c, ..., c). */
typedef struct {
    ph_meanfield_t full, reduced;
    size_t patterns;
    double n[8], small[3];
} twins_t;

static void make_twins(twins_t *self, int law, size_t patterns)
{
    const int64_t group[] = {0, 1, 2, 2, 2, 2, 2, 2};
    const double n[] = {0.31, -0.12, 0.17};
    const ph_point_t point = make_point(law, (int64_t)patterns);
    self->patterns = patterns;
    ck_assert_int_eq(ph_meanfield_init_population(&self->full, &point, average_of(law), NULL),
                     PH_OK);
    ck_assert_int_eq(ph_meanfield_init_groups(&self->reduced, &point, group, average_of(law), NULL),
                     PH_OK);
    for (size_t mu = 0; mu < 3; mu++)
        self->small[mu] = n[mu];
    ph_meanfield_expand(&self->reduced, self->small, self->n);
}

static void free_twins(twins_t *self)
{
    ph_meanfield_free(&self->full);
    ph_meanfield_free(&self->reduced);
}

/* F, m and f of the reduced problem are those of full rows, K = 3 to 8. */
START_TEST(test_values)
{
    for (int law = 0; law < LAWS; law++)
        for (size_t k = 3; k <= (law == EXACT ? 6 : 8); k++) {
            twins_t twins;
            double n[8], m[8], f, small_n[3], small_m[3], small_f, wide[8];
            make_twins(&twins, law, k);
            ck_assert_uint_le(twins.reduced.count, twins.full.count);
            ph_evaluation_t full = {.n = n, .m = m, .free_energy = &f};
            ph_evaluation_t reduced = {.n = small_n, .m = small_m, .free_energy = &small_f};
            ph_meanfield_evaluate(&twins.full, twins.n, &full);
            ph_meanfield_evaluate(&twins.reduced, twins.small, &reduced);
            ck_assert_double_eq_tol(f, small_f, 1e-12);
            ph_meanfield_expand(&twins.reduced, small_n, wide);
            for (size_t mu = 0; mu < k; mu++)
                ck_assert_double_eq_tol(n[mu], wide[mu], 1e-12);
            ph_meanfield_expand(&twins.reduced, small_m, wide);
            for (size_t mu = 0; mu < k; mu++)
                ck_assert_double_eq_tol(m[mu], wide[mu], 1e-12);
            free_twins(&twins);
        }
}
END_TEST

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The spectrum of full rows is the reduced one and the transverse eigenvalue K - 3 times; example
 * symmetry is the same. */
START_TEST(test_spectrum)
{
    for (int law = 0; law < LAWS; law++)
        for (size_t k = 3; k <= (law == EXACT ? 6 : 8); k++) {
            twins_t twins;
            double matrix[64], values[8], small[8], transverse[3], lambda[8], wide[8];
            make_twins(&twins, law, k);
            ph_meanfield_matrix(&twins.full, twins.n, matrix);
            ck_assert_int_eq(ph_meanfield_spectrum(matrix, k, values), PH_OK);
            ph_meanfield_matrix(&twins.reduced, twins.small, matrix);
            ck_assert_int_eq(ph_meanfield_spectrum(matrix, 3, small), PH_OK);
            ph_meanfield_transverse(&twins.reduced, twins.small, transverse);
            ck_assert(isinf(transverse[0]) && isinf(transverse[1]));
            ck_assert(isinf(transverse[2]) == (k == 3));
            for (size_t i = 3; i < k; i++)
                small[i] = transverse[2];
            qsort(small, k, sizeof(double), ascending);
            for (size_t i = 0; i < k; i++)
                ck_assert_double_eq_tol(values[i], small[i], 1e-10);
            if (law != STORAGE) {
                ck_assert_int_eq(ph_meanfield_example_stability(&twins.full, twins.n, lambda),
                                 PH_OK);
                ck_assert_int_eq(ph_meanfield_example_stability(&twins.reduced, twins.small, small),
                                 PH_OK);
                ph_meanfield_expand(&twins.reduced, small, wide);
                for (size_t mu = 0; mu < k; mu++)
                    ck_assert_double_eq_tol(lambda[mu], wide[mu], 1e-10);
            }
            free_twins(&twins);
        }
}
END_TEST

/* Symmetric states from the parallel start: one group finds what full rows find, and that it is
 * not stable; groups at T = 0 see the ties of their members. */
START_TEST(test_symmetric)
{
    const int64_t group[8] = {0};
    for (int law = 0; law < LAWS; law++)
        for (int64_t k = 3; k <= (law == EXACT ? 5 : 7); k += 2)
            for (int cold = 0; cold < 2; cold++) {
                ph_meanfield_t problem;
                ph_state_t full, reduced;
                ph_point_t point = make_point(law, k);
                point.start = PH_START_PARALLEL;
                if (cold == 1)
                    point.noise = 0.0;
                ck_assert_int_eq(
                    ph_meanfield_init_population(&problem, &point, average_of(law), NULL), PH_OK);
                network_state(&full, &problem, PH_START_PARALLEL);
                ph_meanfield_free(&problem);
                ck_assert_int_eq(
                    ph_meanfield_init_groups(&problem, &point, group, average_of(law), NULL),
                    PH_OK);
                ck_assert_int_eq(ph_state_init(&reduced, 1, 1), PH_OK);
                ph_meanfield_start(&problem, &point, reduced.n);
                ck_assert_int_eq(ph_meanfield_solve(&reduced, &problem, NULL), PH_OK);
                ck_assert(full.converged && reduced.converged);
                ck_assert_double_eq_tol(reduced.m[0], full.m[k - 1], 1e-11);
                ck_assert_double_eq_tol(reduced.free_energy, full.free_energy, 1e-11);
                if (isfinite(full.stability))
                    ck_assert_double_eq_tol(reduced.stability, full.stability, 1e-9);
                else
                    ck_assert(!(reduced.stability > 0.0));
                ph_meanfield_free(&problem);
                ph_state_free(&full);
                ph_state_free(&reduced);
            }
}
END_TEST

/* The start that sums over more patterns than rows allow: at T = 0 the sign of the sum is what F
 * does to any symmetric state, so it is a fixed point. */
START_TEST(test_start)
{
    for (int64_t k = 11; k <= 31; k += 5) {
        ph_meanfield_t problem;
        double start, next;
        ph_point_t point = network_uniform(100, 1, 0.4, 0.0);
        double dilution[31];
        for (size_t mu = 0; mu < 31; mu++)
            dilution[mu] = 0.4;
        point.dilution = dilution;
        point.patterns = k;
        point.start = PH_START_PARALLEL;
        const int64_t group[31] = {0};
        ck_assert_int_eq(
            k < 13 ? ph_meanfield_init_groups(&problem, &point, group, PH_AVERAGE_AUTO, NULL)
                   : ph_meanfield_init_start(&problem, &point, PH_AVERAGE_AUTO, NULL),
            PH_OK);
        ck_assert_int_eq(problem.features, 1);
        ph_meanfield_start(&problem, &point, &start);
        ph_evaluation_t out = {.n = &next};
        ph_meanfield_evaluate(&problem, &start, &out);
        ck_assert_double_gt(start, 0.1);
        ck_assert_double_eq_tol(start, next, 1e-12);
        ph_meanfield_free(&problem);
    }
}
END_TEST

/* Patterns that differ cannot share a group; no number of a group may be missing. */
START_TEST(test_refusal)
{
    const int64_t group[] = {0, 1, 1}, gap[] = {0, 2, 2};
    const double dilution[] = {0.3, 0.3, 0.4};
    ph_meanfield_t problem;
    ph_report_t report;
    ph_report_init(&report);
    ph_point_t point = network_point(100, 3, dilution, 0.1);
    ck_assert_int_eq(ph_meanfield_init_groups(&problem, &point, group, PH_AVERAGE_AUTO, &report),
                     PH_ERR_INPUT);
    point = network_uniform(100, 3, 0.3, 0.1);
    ck_assert_int_eq(ph_meanfield_init_groups(&problem, &point, gap, PH_AVERAGE_AUTO, &report),
                     PH_ERR_INPUT);
    ck_assert_uint_eq(report.count, 2);
    ph_report_free(&report);
}
END_TEST

PH_TEST_MAIN("groups", test_values, test_spectrum, test_symmetric, test_start, test_refusal)
