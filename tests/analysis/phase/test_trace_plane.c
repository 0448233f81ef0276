/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The plane of a diagram: its places, against the grid's own points and straight lines. */
#include <math.h>
#include <string.h>

#include "analysis/phase/trace_plane.h"
#include "tests/params/parse.h"

static ph_grid_t grid;
static ph_plane_t plane;

/* Two unlike patterns whose quality goes with the dilution; uneven steps along both axes. */
static const char LEARNED[] =
    "network: { rule: supervised, neurons: 60, patterns: 2, examples: { each: [4, 8] },\n"
    "           dilution: [0.1, 0.2, 0.5], quality: [0.9, 0.3, 0.4] }\n"
    "noise: [0.2, 0.3, 0.7, 0.8]\nzip: [[dilution, quality]]\ndynamics: { sweeps: 20 }\n";

enum { ROWS = 3, COLUMNS = 4 };
static const double DILUTIONS[] = {0.1, 0.2, 0.5}, QUALITIES[] = {0.9, 0.3, 0.4};
static const double NOISES[] = {0.2, 0.3, 0.7, 0.8};

static bool is_plane(const char *text, size_t x, size_t y)
{
    parse(&grid, text);
    const bool is = ph_plane_init(&plane, &grid, x, y);
    ph_grid_free(&grid);
    return is;
}

/* A plane is two different axes that no third one multiplies, of as many patterns as states are
 * sought for. */
START_TEST(test_what_is_one)
{
    char text[300];
    for (int patterns = 12; patterns <= 13; patterns++) {
        snprintf(text, sizeof(text),
                 "network: { neurons: 60, patterns: %d, dilution: [0.1, 0.5] }\n"
                 "noise: [0.2, 0.3]\ndynamics: { sweeps: 20 }\n",
                 patterns);
        ck_assert(is_plane(text, 0, 1) == (patterns == 12));
        ck_assert(is_plane(text, 1, 0) == (patterns == 12));
        ck_assert(!is_plane(text, 1, 1));
    }
    static const char THREE[] = "network: { neurons: 60, patterns: [1, 2], dilution: [0.1, 0.5] }\n"
                                "noise: [0.2, 0.3]\ndynamics: { sweeps: 20 }\n";
    for (size_t x = 0; x < 3; x++)
        for (size_t y = 0; y < 3; y++)
            ck_assert(!is_plane(THREE, x, y));
}
END_TEST

/* Shares and values are each other's inverse, from the first value of an axis to its last; the
 * index is that of the grid's interval, the last one of the end. */
START_TEST(test_values)
{
    parse(&grid, LEARNED);
    ck_assert(ph_plane_init(&plane, &grid, 0, 1));
    for (size_t k = 0; k < 2; k++) {
        const double *values = k == 0 ? DILUTIONS : NOISES;
        const size_t count = k == 0 ? ROWS : COLUMNS;
        for (int i = 0; i <= 50; i++) {
            const double share = 0.02 * i;
            const double value = values[0] + share * (values[count - 1] - values[0]);
            ck_assert_double_eq_tol(ph_plane_value(&plane, k, share), value, 1e-15);
            ck_assert_double_eq_tol(ph_plane_share(&plane, k, value), share, 1e-15);
            const size_t index = ph_plane_index(&plane, k, share);
            ck_assert_uint_le(index + 2, count);
            ck_assert(values[index] <= value + 1e-12 && value <= values[index + 1] + 1e-12);
        }
        for (size_t i = 0; i < count; i++) {
            const double share = ph_plane_share(&plane, k, values[i]);
            ck_assert_uint_eq(ph_plane_index(&plane, k, share + 1e-9),
                              i + 1 < count ? i : count - 2);
        }
    }
    ph_grid_free(&grid);
}
END_TEST

/* A share of the way from one of an axis' values to the next, of the values that go with them. */
static double between(const double *values, size_t i, double share)
{
    return values[i] + share * (values[i + 1] - values[i]);
}

static void check_point(const ph_point_t *point, double dilution, double quality, double noise)
{
    ck_assert_double_eq_tol(point->noise, noise, 1e-14);
    ck_assert_int_eq(point->patterns, 2);
    ck_assert_int_eq(point->rule, PH_RULE_SUPERVISED);
    for (size_t mu = 0; mu < 2; mu++) {
        ck_assert_double_eq_tol(point->dilution[mu], dilution, 1e-14);
        ck_assert_double_eq_tol(point->quality[mu], quality, 1e-14);
        ck_assert_double_eq(point->examples[mu], mu == 0 ? 4.0 : 8.0);
    }
}

/* Whichever axis comes first: at the grid's places its own points, from one to the next numbers of
 * each pattern go straight, and what is zipped with an axis goes with it. */
START_TEST(test_points)
{
    parse(&grid, LEARNED);
    ck_assert_uint_eq(grid.axes_count, 2);
    for (size_t x = 0; x < 2; x++) {
        ck_assert(ph_plane_init(&plane, &grid, x, 1 - x));
        for (size_t i = 0; i + 1 < ROWS; i++)
            for (size_t j = 0; j + 1 < COLUMNS; j++)
                for (int step = 0; step < 9; step++) {
                    const double d = 0.5 * (step % 3), t = 0.5 * (step / 3);
                    double place[2];
                    place[x] = ph_plane_share(&plane, x, between(DILUTIONS, i, d));
                    place[1 - x] = ph_plane_share(&plane, 1 - x, between(NOISES, j, t));
                    check_point(ph_plane_point(&plane, place), between(DILUTIONS, i, d),
                                between(QUALITIES, i, d), between(NOISES, j, t));
                }
    }
    ph_grid_free(&grid);
}
END_TEST

/* Of points by hand without examples the plane's points have none either. */
START_TEST(test_stored)
{
    parse(&grid, "network: { neurons: 60, patterns: 2, dilution: [0.1, 0.5] }\n"
                 "noise: [0.2, 0.3]\ndynamics: { sweeps: 20 }\n");
    for (size_t p = 0; p < grid.points_count; p++)
        grid.points[p].examples = grid.points[p].quality = grid.points[p].blank_fidelity = NULL;
    ck_assert(ph_plane_init(&plane, &grid, 0, 1));
    const double place[] = {0.25, 0.5};
    const ph_point_t *point = ph_plane_point(&plane, place);
    ck_assert_double_eq_tol(point->dilution[1], 0.2, 1e-15);
    ck_assert_double_eq_tol(point->noise, 0.25, 1e-15);
    ck_assert(point->examples == NULL && point->quality == NULL && point->blank_fidelity == NULL);
    ph_grid_free(&grid);
}
END_TEST

/* Along an entropy the quality is that of the entropy at the place, not one of a straight line; so
 * between two points of a way. */
START_TEST(test_entropy)
{
    parse(&grid, "network: { rule: supervised, neurons: 60, patterns: 2, dilution: [0.1, 0.5],\n"
                 "           examples: { each: [4, 8] }, entropy: [0, 0.5, 2] }\n"
                 "noise: 0\ndynamics: { sweeps: 20 }\n");
    ck_assert(ph_plane_init(&plane, &grid, 0, 1));
    for (int step = 0; step <= 20; step++) {
        const double place[] = {0.3, 0.05 * step}, rho = 2.0 * place[1];
        const ph_point_t *point = ph_plane_point(&plane, place);
        ck_assert_double_eq_tol(point->entropy, rho, 1e-15);
        ck_assert_double_eq_tol(point->quality[0], 1.0 / sqrt(1.0 + 4.0 * rho), 1e-14);
        ck_assert_double_eq_tol(point->quality[1], 1.0 / sqrt(1.0 + 8.0 * rho), 1e-14);
    }
    ph_path_t path;
    ck_assert_int_eq(ph_path_init(&path, &grid.points[0], &grid.points[2], PH_AVERAGE_AUTO), PH_OK);
    for (int step = 0; step <= 10; step++) {
        const ph_point_t *point = ph_path_point(&path, 0.1 * step);
        ck_assert_double_eq_tol(point->entropy, 0.2 * step, 1e-15);
        ck_assert_double_eq_tol(point->quality[1], 1.0 / sqrt(1.0 + 8.0 * 0.2 * step), 1e-14);
    }
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("trace_plane", test_what_is_one, test_values, test_points, test_stored, test_entropy)
