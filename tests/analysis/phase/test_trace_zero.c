/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Phase diagrams without noise, over dilution and entropy of the data: the noise of the examples
 * alone, whose averages are error functions. By sums over rows of their own, and of two patterns in
 * closed form. */
#include <math.h>

#include "analysis/phase/phase.h"
#include "tests/params/parse.h"

enum { SIZE = 3 };

static ph_grid_t grid;
static ph_phase_t phase;

static void begin(int patterns, int steps, double low, double high)
{
    char text[512];
    snprintf(text, sizeof(text),
             "network: { rule: supervised, neurons: 60, patterns: %d, examples: 1000,\n"
             "           dilution: { from: %g, to: %g, steps: %d },\n"
             "           entropy: { from: 0.05, to: 1, steps: %d } }\n"
             "noise: 0\ndynamics: { start: hierarchical, sweeps: 20 }\n"
             "theory: { average: gaussian }\n",
             patterns, low, high, steps, steps);
    parse(&grid, text);
    ck_assert_int_eq(ph_phase_solve(&phase, &grid, 2, NULL), PH_OK);
}

static void end(void)
{
    ph_phase_free(&phase);
    ph_grid_free(&grid);
}

/* Two equal signals n end where df/dn against their difference is 1. F does not change where both
 * are made larger by one factor, so that this is a line d(rho). */
static double two_equal(double rho)
{
    const double pi = acos(-1.0);
    const double odds = (1.0 / sqrt(pi * rho) - 0.5 * erf(1.0 / sqrt(rho))) /
                        (erf(1.0 / sqrt(2.0 * rho)) + sqrt(2.0 * rho / pi) * exp(-0.5 / rho));
    return odds / (1.0 + odds);
}

START_TEST(two_patterns)
{
    size_t points = 0;
    begin(2, 4, 0.05, 0.95);
    for (size_t c = 0; c < phase.curves.count; c++) {
        const ph_curve_t *curve = &phase.curves.items[c];
        for (size_t i = 0; curve->kind == PH_BOUNDARY_CONTINUOUS && i < curve->count; i++) {
            const double *place = curve->places[i];
            ck_assert_double_eq_tol(place[0], two_equal(place[1]), 1e-9);
            points++;
        }
    }
    ck_assert_uint_eq(phase.curves.count, 1);
    ck_assert_uint_gt(points, 20);
    ck_assert_uint_eq(phase.curves.open, 0);
    ck_assert_uint_eq(phase.curves.specials_count, 2); /* both ends at an edge */
    end();
}
END_TEST

/* F(n), energy per neuron and dF_1/dn_1 - dF_1/dn_2 of three patterns: sums over 27 rows. */
typedef struct {
    double map[SIZE], energy, apart;
} sums_t;

static void add_row(const int *xi, double p, double g, double rho, const double *n, sums_t *out)
{
    const double pi = acos(-1.0);
    double a = 0.0, square = 0.0;
    for (size_t mu = 0; mu < SIZE; mu++) {
        a += g * xi[mu] * n[mu];
        square += rho * xi[mu] * xi[mu] * g * g * n[mu] * n[mu];
    }
    if (!(square > 0.0))
        return;
    const double b = sqrt(square), z = a / b, mean = erf(z / sqrt(2.0));
    const double slope = 2.0 * exp(-0.5 * z * z) / (b * sqrt(2.0 * pi));
    out->energy -= p * (a * mean + square * slope);
    for (size_t mu = 0; mu < SIZE; mu++)
        out->map[mu] += p * (xi[mu] * mean + g * n[mu] * rho * xi[mu] * xi[mu] * slope);
    for (size_t nu = 0; nu < 2; nu++) {
        const double da = g * xi[nu], db = rho * xi[nu] * xi[nu] * g * g * n[nu] / b;
        const double turn = -z / b * slope * da + (z * z - 1.0) / b * slope * db;
        const double one = xi[0] * slope * (da - z * db) +
                           g * rho * xi[0] * xi[0] * (n[0] * turn + (nu == 0 ? slope : 0.0));
        out->apart += nu == 0 ? p * one : -p * one;
    }
}

static sums_t sums(double d, double rho, const double *n)
{
    const double g = 1.0 / ((1.0 - d) * (1.0 + rho));
    sums_t out = {{0}, 0.0, 0.0};
    for (int row = 0; row < 27; row++) {
        const int xi[SIZE] = {row % 3 - 1, row / 3 % 3 - 1, row / 9 - 1};
        double p = 1.0;
        for (size_t mu = 0; mu < SIZE; mu++)
            p *= xi[mu] == 0 ? d : 0.5 * (1.0 - d);
        add_row(xi, p, g, rho, n, &out);
    }
    for (size_t mu = 0; mu < SIZE; mu++)
        out.energy += 0.5 * g * n[mu] * n[mu];
    return out;
}

/* The eigenvalue of three equal signals against a difference. */
static double three_equal(double d, double rho)
{
    double n[SIZE] = {1.0, 1.0, 1.0};
    for (int k = 0; k < 3; k++) { /* F is of no degree in n: exact after the first */
        const sums_t at = sums(d, rho, n);
        n[0] = n[1] = n[2] = at.map[0];
    }
    return 1.0 - sums(d, rho, n).apart;
}

/* The state that n <- F(n) leads to, and its energy. */
static double settle(double d, double rho, double *n)
{
    for (int k = 0; k < 200000; k++) {
        const sums_t at = sums(d, rho, n);
        double most = 0.0;
        for (size_t mu = 0; mu < SIZE; mu++) {
            most = fmax(most, fabs(at.map[mu] - n[mu]));
            n[mu] = at.map[mu];
        }
        if (most < 1e-15)
            break;
    }
    return sums(d, rho, n).energy;
}

/* How far the lowest state of unequal signals is below that of equal ones. */
static double gap(double d, double rho, const double *seed)
{
    double equal[SIZE] = {1.0, 1.0, 1.0}, other[SIZE] = {seed[0], seed[1], seed[2]};
    const double energy = settle(d, rho, equal), lower = settle(d, rho, other);
    ck_assert_double_gt(other[0] - other[2], 1e-3); /* it has not become the equal one */
    return lower - energy;
}

/* Of each kind all points of all curves: 1e-8 in the dilution. */
static size_t check_spinodals(void)
{
    size_t points = 0;
    for (size_t c = 0; c < phase.curves.count; c++) {
        const ph_curve_t *curve = &phase.curves.items[c];
        for (size_t i = 0; curve->kind == PH_BOUNDARY_SPINODAL && i < curve->count; i++, points++) {
            const double d = curve->places[i][0], rho = curve->places[i][1];
            const double rise = (three_equal(d + 1e-5, rho) - three_equal(d - 1e-5, rho)) / 2e-5;
            ck_assert_double_lt(fabs(three_equal(d, rho)), 1e-8 * fmax(1.0, fabs(rise)));
        }
    }
    return points;
}

static size_t check_crossings(void)
{
    size_t points = 0;
    for (size_t c = 0; c < phase.curves.count; c++) {
        const ph_curve_t *curve = &phase.curves.items[c];
        const size_t step = curve->count / 4;
        for (size_t i = step; curve->kind == PH_BOUNDARY_CROSSING && i + step < curve->count;
             i += step, points++) {
            static const double SEED[] = {1.0, 1.0, 0.3}; /* two strong signals, one weak */
            const double d = curve->places[i][0], rho = curve->places[i][1];
            const double low = gap(d - 1e-6, rho, SEED), high = gap(d + 1e-6, rho, SEED);
            ck_assert(low < 0.0 && high > 0.0);
            ck_assert_double_lt(fabs(1.0 + 2.0 * low / (high - low)) * 1e-6, 1e-8);
        }
    }
    return points;
}

START_TEST(three_patterns)
{
    begin(3, 5, 0.1, 0.9);
    ck_assert_uint_gt(check_spinodals(), 20);
    ck_assert_uint_ge(check_crossings(), 2);
    ck_assert_uint_eq(phase.curves.open, 0);
    for (size_t p = 0; p < grid.points_count; p++)
        ck_assert(phase.points[p].degree == 1.0); /* no state is missing */
    end();
}
END_TEST

PH_TEST_MAIN("trace_zero", two_patterns, three_patterns)
