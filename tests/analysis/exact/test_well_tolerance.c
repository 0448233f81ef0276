/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sums over wells with a tolerance, against those without one. */
#include "base/report.h"
#include "tests/analysis/exact/classes.h"

/* With a tolerance averages are off by no more than that and what is said, whether more than one
 * maximum is expected or not; the well is the same one. */
static void check_tolerance(const network_t *self, int neurons, double tolerance)
{
    ph_exact_well_t all, rough;
    made_t made;
    double n[FEATURES] = {0.0};
    settle(self, n);
    make_rows(self, neurons, true, &made);
    const int status = ph_exact_well_init(&all, &made.rows, n);
    made.rows.tolerance = tolerance;
    for (int rugged = 0; rugged < 2; rugged++) {
        made.rows.rugged = rugged == 1;
        ck_assert_int_eq(ph_exact_well_init(&rough, &made.rows, n), status);
        for (int p = 0; status == PH_OK && p < self->features; p++) {
            const double most = tolerance * all.spread[p] + 2.0 * rough.edge + 1e-7;
            ck_assert_double_le(fabs(rough.m[p] - all.m[p]), fmin(most, rough.error[p] + 1e-7));
            ck_assert_double_le(rough.error[p], most);
            ck_assert_double_ge(rough.error[p], 0.249 * tolerance * rough.spread[p]);
            ck_assert_double_le(fabs(rough.spread[p] - all.spread[p]),
                                10.0 * tolerance * all.spread[p] + 1e-6); /* rounding */
        }
        if (status == PH_OK) {
            const double most = tolerance * all.energy_spread + 2.0 * rough.edge + 1e-7;
            ck_assert_double_le(fabs(rough.energy - all.energy), most);
            if (isfinite(rough.barrier))
                same(rough.barrier, all.barrier, 0.02);
            else
                ck_assert_double_gt(all.barrier, 14.5); /* the well ends before */
            same(rough.inner, all.inner, 0.3);
            ck_assert_double_eq_tol(log(rough.rate / all.rate), 0.0, 0.3);
            ck_assert_double_eq_tol(rough.log_sum, all.log_sum, 0.01);
        }
        ph_exact_well_free(&rough);
    }
    ph_exact_well_free(&all);
}

START_TEST(test_tolerance)
{
    static const double TOLERANCES[] = {3e-4, 1e-5, 1e-6};
    const network_t mixed = THREE_MIXED(0.3, NULL);
    network_t cold = THREE_MIXED(0.0, NULL);
    const network_t unlike = {
        4, 2, {{1, 0}, {0, 1}, {1, 1}, {0, 0}}, {3, 5, 6, 2}, {1.0, 1.0}, {0.6, 0.7}, 0.25, NULL};
    network_t full = THREE_FULL(0.3, NULL);
    for (size_t i = 0; i < 3; i++) {
        check_tolerance(&mixed, 960, TOLERANCES[i]);
        for (cold.noise = 1e-5; cold.noise < 0.02; cold.noise *= 2.0) {
            check_tolerance(&cold, 336, TOLERANCES[i]);
            check_tolerance(&cold, 16, TOLERANCES[i]); /* factors along lines beyond all numbers */
        }
        check_tolerance(&unlike, 960, TOLERANCES[i]);
        for (double noise = 0.55; noise < 1.1; noise += 0.1) {
            const network_t one = curie_weiss(noise, NULL);
            check_tolerance(&one, 1600, TOLERANCES[i]);
        }
        for (full.noise = 0.34; full.noise < 1.15; full.noise += 0.1) {
            full.centre[1] = full.centre[2] = 0.0;
            check_tolerance(&full, 960, TOLERANCES[i]);
            full.centre[1] = full.centre[2] = 0.5;
            check_tolerance(&full, 1920, TOLERANCES[i]);
        }
    }
}
END_TEST

/* With a tolerance a well ends sooner: of places below its end the whole one tells, as it does
 * without. */
START_TEST(test_whole)
{
    const network_t network = curie_weiss(0.6, NULL);
    ph_exact_well_t all, rough, whole;
    made_t made;
    double n[FEATURES];
    size_t below = 0;
    settle(&network, n);
    make_rows(&network, 1600, true, &made);
    ck_assert_int_eq(ph_exact_well_init(&all, &made.rows, n), PH_OK);
    made.rows.tolerance = 3e-4;
    ck_assert_int_eq(ph_exact_well_init(&rough, &made.rows, n), PH_OK);
    made.rows.whole = true;
    ck_assert_int_eq(ph_exact_well_init(&whole, &made.rows, n), PH_OK);
    made.rows.whole = false;
    for (double x = -1.0; x < 1.0; x += 0.01) {
        const double deep = depth(&network, 1600, &all, &x);
        const bool inside = isfinite(ph_exact_well_depth(&rough, &made.rows, &x));
        const bool reached = ph_exact_well_may_reach(&rough, &made.rows, &x);
        ck_assert(isfinite(ph_exact_well_depth(&whole, &made.rows, &x)) == isfinite(deep) ||
                  deep > 28.0);
        ck_assert(!inside || isfinite(deep));
        ck_assert(inside || reached || !(deep < 31.0));
        below += !inside && isfinite(deep);
    }
    ck_assert_uint_ge(below, 3);
    ph_exact_well_free(&whole);
    ph_exact_well_free(&rough);
    ph_exact_well_free(&all);
}
END_TEST

/* Of a well much slower than asked for the rate is what is wanted: it is known to a few percent. */
START_TEST(test_slow)
{
    const network_t network = curie_weiss(0.98, NULL);
    ph_exact_well_t all, slow;
    made_t made;
    double n[FEATURES];
    settle(&network, n);
    make_rows(&network, 1600, true, &made);
    ck_assert_int_eq(ph_exact_well_init(&all, &made.rows, n), PH_OK);
    made.rows.tolerance = 1e-4;
    made.rows.rugged = true;
    ck_assert_int_eq(ph_exact_well_init(&slow, &made.rows, n), PH_OK);
    const double step = fabs(slow.lattice.axis[0][0]);
    ph_exact_well_free(&slow);
    made.rows.least_rate = 3.0 * all.rate;
    ck_assert_int_eq(ph_exact_well_init(&slow, &made.rows, n), PH_OK);
    ck_assert_double_eq_tol(slow.rate / all.rate, 1.0, 0.1);
    ck_assert_double_gt(fabs(slow.lattice.axis[0][0]), step);
    ph_exact_well_free(&slow);
    ph_exact_well_free(&all);
}
END_TEST

/* Wide wells about an onset, whose spins fluctuate by less given x, are summed in steps as long as
 * others are, in units of their width, but where that is not enough. */
START_TEST(test_wide)
{
    static const int NEURONS[] = {240, 2480, 9600};
    const network_t onset = THREE_MIXED(1.3, NULL);
    network_t network = THREE_MIXED(1.3, NULL);
    ph_exact_well_t rough;
    made_t made;
    double square = 0.0;
    memset(network.centre, 0, sizeof(network.centre));
    make_rows(&network, 960, true, &made);
    made.rows.tolerance = 3e-4;
    made.rows.rugged = true;
    ck_assert_int_eq(ph_exact_well_init(&rough, &made.rows, network.centre), PH_OK);
    for (int a = 0; a < FEATURES; a++)
        square += pow(rough.lattice.axis[0][a], 2);
    ck_assert_double_gt(sqrt(square), 0.85 * rough.spread[0]);
    ph_exact_well_free(&rough);
    for (network.noise = 1.31; network.noise < 1.44; network.noise += 0.04)
        check_tolerance(&network, 960, 3e-4);
    for (size_t i = 0; i < 3; i++)
        check_tolerance(&onset, NEURONS[i], 1e-3);
}
END_TEST

PH_TEST_MAIN("exact_well_tolerance", test_tolerance, test_whole, test_slow, test_wide)
