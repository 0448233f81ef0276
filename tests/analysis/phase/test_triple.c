/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A triple point: three unlike patterns at zero noise, of which each may lead the hierarchy. The
 * place where three states have one energy is found again by sums over rows of their own. */
#include <math.h>

#include "analysis/phase/phase.h"
#include "tests/params/parse.h"

enum { SIZE = 3, ORDERS = 6 };

static const char GRID[] =
    "network: { rule: supervised, neurons: 60, patterns: 3, normalization: none,\n"
    "           examples: { each: [50, 50, 40] },\n"
    "           dilution: { each: [ { from: 0.28, to: 0.32, steps: 4 }, 0.3, 0.3015 ] },\n"
    "           quality: { each: [ 0.6, { from: 0.25, to: 0.6, steps: 4 }, 0.3 ] } }\n"
    "noise: 0\ndynamics: { start: hierarchical, sweeps: 20 }\ntheory: { average: gaussian }\n";

/* Dilution and entropy of each pattern, by the dilution of the first and the quality of the second.
 */
typedef struct {
    double d[SIZE], rho[SIZE];
} place_t;

static double entropy(double examples, double quality)
{
    return (1.0 - quality * quality) / (examples * quality * quality);
}

static place_t place_of(double dilution, double quality)
{
    return (place_t){{dilution, 0.3, 0.3015},
                     {entropy(50.0, 0.6), entropy(50.0, quality), entropy(40.0, 0.3)}};
}

/* F(n) and the energy per neuron: E over the rows of erf's. */
static double sums(const place_t *at, const double *n, double *map)
{
    const double pi = acos(-1.0);
    double energy = 0.0;
    for (size_t mu = 0; mu < SIZE; mu++) {
        map[mu] = 0.0;
        energy += 0.5 * n[mu] * n[mu];
    }
    for (int row = 0; row < 27; row++) {
        const int xi[SIZE] = {row % 3 - 1, row / 3 % 3 - 1, row / 9 - 1};
        double p = 1.0, a = 0.0, square = 0.0;
        for (size_t mu = 0; mu < SIZE; mu++) {
            p *= xi[mu] == 0 ? at->d[mu] : 0.5 * (1.0 - at->d[mu]);
            a += xi[mu] * n[mu];
            square += xi[mu] * xi[mu] * at->rho[mu] * n[mu] * n[mu];
        }
        if (!(square > 0.0))
            continue;
        const double b = sqrt(square), mean = erf(a / b / sqrt(2.0));
        const double slope = 2.0 * exp(-0.5 * a * a / square) / (b * sqrt(2.0 * pi));
        energy -= p * (a * mean + square * slope);
        for (size_t mu = 0; mu < SIZE; mu++)
            map[mu] += p * (xi[mu] * mean + n[mu] * at->rho[mu] * xi[mu] * xi[mu] * slope);
    }
    return energy;
}

/* The energy of the hierarchy in an order of the patterns. */
static double order_energy(double dilution, double quality, int order)
{
    static const size_t ORDER[ORDERS][SIZE] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                               {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const place_t at = place_of(dilution, quality);
    double n[SIZE], map[SIZE], strength = 0.7;
    for (size_t k = 0; k < SIZE; k++, strength *= 0.3)
        n[ORDER[order][k]] = strength;
    for (int k = 0; k < 20000; k++) {
        double most = 0.0;
        sums(&at, n, map);
        for (size_t mu = 0; mu < SIZE; mu++) {
            most = fmax(most, fabs(map[mu] - n[mu]));
            n[mu] = map[mu];
        }
        if (most < 1e-16)
            break;
    }
    for (size_t k = 0; k + 1 < SIZE; k++) /* it is that hierarchy still */
        ck_assert_double_gt(n[ORDER[order][k]], n[ORDER[order][k + 1]]);
    return sums(&at, n, map);
}

/* The three lowest at a place, and how far above them the next is. */
static double lowest_three(const double *at, int *three)
{
    double energy[ORDERS];
    int rank[ORDERS];
    for (int k = 0; k < ORDERS; k++) {
        energy[k] = order_energy(at[0], at[1], k);
        int i = k;
        for (; i > 0 && energy[rank[i - 1]] > energy[k]; i--)
            rank[i] = rank[i - 1];
        rank[i] = k;
    }
    for (size_t i = 0; i < 3; i++)
        three[i] = rank[i];
    return energy[rank[3]] - energy[rank[2]];
}

static void differences(const double *at, const int *three, double *out)
{
    const double first = order_energy(at[0], at[1], three[0]);
    for (size_t i = 0; i < 2; i++)
        out[i] = order_energy(at[0], at[1], three[i + 1]) - first;
}

/* Newton's method with central differences, from nearby. */
static void solve(const int *three, double *at)
{
    static const double STEP = 1e-4;
    for (int round = 0; round < 6; round++) {
        double now[2], up[2], down[2], slope[2][2];
        differences(at, three, now);
        for (size_t k = 0; k < 2; k++) {
            double moved[2] = {at[0], at[1]};
            moved[k] += STEP;
            differences(moved, three, up);
            moved[k] -= 2.0 * STEP;
            differences(moved, three, down);
            for (size_t i = 0; i < 2; i++)
                slope[i][k] = (up[i] - down[i]) / (2.0 * STEP);
        }
        const double determinant = slope[0][0] * slope[1][1] - slope[0][1] * slope[1][0];
        at[0] -= (now[0] * slope[1][1] - now[1] * slope[0][1]) / determinant;
        at[1] -= (now[1] * slope[0][0] - now[0] * slope[1][0]) / determinant;
    }
}

START_TEST(three_leaders)
{
    ph_grid_t grid;
    ph_phase_t phase;
    size_t found = 0, ends = 0;
    int triple = -1, three[3];
    parse(&grid, GRID);
    ck_assert_int_eq(ph_phase_solve(&phase, &grid, 2, NULL), PH_OK);
    for (size_t i = 0; i < phase.curves.specials_count; i++)
        if (phase.curves.specials[i].kind == PH_SPECIAL_TRIPLE) {
            triple = (int)i;
            found++;
        }
    ck_assert_uint_eq(found, 1);
    const double *place = phase.curves.specials[triple].place;
    double at[2] = {place[0] + 2e-4, place[1] - 3e-3};
    ck_assert_double_gt(lowest_three(place, three), 1e-6); /* no fourth one */
    solve(three, at);
    ck_assert_double_eq_tol(place[0], at[0], 1e-9);
    ck_assert_double_eq_tol(place[1], at[1], 1e-9);
    for (size_t c = 0; c < phase.curves.count; c++) /* three jumps of the ground state meet */
        for (size_t end = 0; end < 2; end++)
            ends += phase.curves.items[c].ends[end] == triple &&
                    phase.curves.items[c].kind == PH_BOUNDARY_CROSSING &&
                    phase.curves.items[c].ground;
    ck_assert_uint_eq(ends, 3);
    ck_assert_uint_eq(phase.curves.open, 0);
    ph_phase_free(&phase);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("triple", three_leaders)
