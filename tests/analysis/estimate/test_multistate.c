/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Free energies of several noises from the records of all. */
#include "analysis/estimate/multistate.h"

#include <math.h>

#include "base/status.h"
#include "sim/model/stream.h"
#include "tests/testing.h"

/* Levels k of N free spins: C(N, k), energy k. Z at slope b: (1 + exp(-b))^N. */
enum { SPINS = 40, STATES = 5 };
static const double SLOPES[STATES] = {0.2, 0.5, 0.9, 1.4, 2.0};
static const double RECORDS[STATES] = {1000.0, 50.0, 3000.0, 700.0, 2000.0};

static double energy[SPINS + 1], count[SPINS + 1];

static double log_z(double slope)
{
    return SPINS * log1p(exp(-slope));
}

static double law(double slope, int k)
{
    return exp(lgamma(SPINS + 1.0) - lgamma(k + 1.0) - lgamma(SPINS - k + 1.0) - slope * k -
               log_z(slope));
}

/* As many records of each energy as there are on average. */
static ph_multistate_t exact_counts(const double *records)
{
    for (int k = 0; k <= SPINS; k++) {
        energy[k] = k;
        count[k] = 0.0;
        for (size_t s = 0; s < STATES; s++)
            count[k] += records[s] * law(SLOPES[s], k);
    }
    return (ph_multistate_t){STATES, SLOPES, records, SPINS + 1, energy, count};
}

/* Counts that are exactly those of the laws give exactly their free energies, from any guess;
 * states without records take no part. */
START_TEST(test_exact)
{
    for (int c = 0; c < 3; c++) {
        double records[STATES], f[STATES] = {0.0}, mean[STATES];
        for (size_t s = 0; s < STATES; s++) {
            records[s] = c == 2 && (s == 0 || s == 3) ? 0.0 : RECORDS[s];
            mean[s] = SPINS / (1.0 + exp(SLOPES[s]));
        }
        const ph_multistate_t all = exact_counts(records);
        if (c == 1) {
            ph_multistate_guess(&all, mean, f);
            for (size_t s = 1; s < STATES; s++) /* a trapezoidal rule */
                ck_assert_double_eq_tol(f[s], log_z(SLOPES[0]) - log_z(SLOPES[s]), 0.2);
        }
        ck_assert_int_eq(ph_multistate_solve(&all, f), PH_OK);
        const size_t first = c == 2 ? 1 : 0;
        double shared = 0.0; /* of states 1 and 2, whose records are unequal */
        for (int k = 0; k <= SPINS; k++)
            shared += RECORDS[1] * law(SLOPES[1], k) * RECORDS[2] * law(SLOPES[2], k) / count[k];
        ck_assert_double_eq_tol(ph_multistate_overlap(&all, f, 1, 2), shared / RECORDS[1], 1e-9);
        for (size_t s = 0; s < STATES; s++)
            if (records[s] > 0.0)
                ck_assert_double_eq_tol(f[s] - f[first], log_z(SLOPES[first]) - log_z(SLOPES[s]),
                                        1e-9);
    }
}
END_TEST

/* The solution is that of the equations: one more step of them changes it by no more than is said,
 * with records drawn by chance. */
START_TEST(test_equations)
{
    ph_stream_t stream;
    ph_multistate_t all = exact_counts(RECORDS);
    double f[STATES] = {0.0};
    ph_stream_init(&stream, ph_stream_key(3, ph_digest_bytes("multistate", 10)), PH_PURPOSE_TEST, 0,
                   0, 0);
    for (int k = 0; k <= SPINS; k++)
        count[k] = 0.0;
    for (size_t s = 0; s < STATES; s++)
        for (int i = 0; i < (int)RECORDS[s]; i++) {
            double u = ph_stream_unit(&stream);
            int k = 0;
            while (k < SPINS && (u -= law(SLOPES[s], k)) > 0.0)
                k++;
            count[k] += 1.0;
        }
    ck_assert_int_eq(ph_multistate_solve(&all, f), PH_OK);
    for (size_t s = 0; s < STATES; s++) {
        double sum = 0.0;
        for (int k = 0; k <= SPINS; k++)
            sum += count[k] * exp(-SLOPES[s] * k - ph_multistate_mixture(&all, f, k));
        ck_assert_double_eq_tol(-log(sum), f[s], 1.0001 * PH_MULTISTATE_TOLERANCE);
        ck_assert_double_eq_tol(f[s] - f[0], log_z(SLOPES[0]) - log_z(SLOPES[s]), 0.3);
    }
}
END_TEST

/* A guess far off, where the function is flat, leads to the same solution: of a cold state and one
 * that meets its only energy now and then. */
START_TEST(test_far)
{
    static const double SLOPE[2] = {2000.0, 100.0}, MANY[2] = {3200.0, 3200.0};
    static const double PLACE[3] = {-0.5, -0.45, -0.4}, MET[3] = {3260.0, 1640.0, 1500.0};
    const ph_multistate_t all = {2, SLOPE, MANY, 3, PLACE, MET};
    static const double GUESSES[] = {300.0, 1500.0, -950.0, 946.0};
    for (size_t i = 0; i < 4; i++) {
        double f[2] = {0.0, GUESSES[i]};
        ck_assert_int_eq(ph_multistate_solve(&all, f), PH_OK);
        /* 60 of the 3260 records of the lowest energy are of the second state */
        ck_assert_double_eq_tol(f[1], 950.0 + log(60.0 / 3200.0), 1e-6);
    }
}
END_TEST

/* What states share: half of all for two alike, nothing for two apart, which have no solution. */
START_TEST(test_overlap)
{
    static const double TWICE[2] = {1.0, 1.0}, AS_MANY[2] = {500.0, 500.0};
    static const double FAR[2] = {1.0, -1.0}, PLACES[2] = {1000.0, -1000.0};
    static const double ONE[1] = {1000.0}, EACH[2] = {500.0, 500.0}, ZERO[1] = {0.0};
    const ph_multistate_t same = {2, TWICE, AS_MANY, 1, ZERO, ONE};
    const ph_multistate_t apart = {2, FAR, AS_MANY, 2, PLACES, EACH};
    double f[2] = {0.0, 0.0};
    ck_assert_int_eq(ph_multistate_solve(&same, f), PH_OK);
    ck_assert_double_eq_tol(f[1], 0.0, 1e-9);
    ck_assert_double_eq_tol(ph_multistate_overlap(&same, f, 0, 1), 0.5, 1e-9);
    ck_assert_double_lt(ph_multistate_overlap(&apart, f, 0, 1), 1e-300);
    f[1] = 3.0; /* any f solves them */
    ck_assert_int_eq(ph_multistate_solve(&apart, f), PH_OK);
    static const double UNLIKE[2] = {300.0, 500.0};
    const ph_multistate_t missing = {2, FAR, UNLIKE, 2, PLACES, EACH};
    ck_assert_int_eq(ph_multistate_solve(&missing, f), PH_ERR_NUMERIC);
}
END_TEST

PH_TEST_MAIN("multistate", test_exact, test_equations, test_far, test_overlap)
