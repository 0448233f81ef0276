/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Samples that are lent: drawn once for all points that share them, the same as drawn anew. */
#include "sim/model/samples.h"

#include <string.h>

#include "base/report.h"
#include "tests/params/parse.h"

enum { SAMPLES = 3, ROOM = 1 << 20 };

static const char GRID[] =
    "network: { neurons: 50, patterns: 2, dilution: [0.1, 0.3], normalization: [none, variance] }\n"
    "noise: [0.2, 0.4, 0.6]\n"
    "dynamics: { sweeps: 1, sampler: [glauber, little] }\n";
static const char LEARNED[] =
    "network: { rule: supervised, neurons: 20, patterns: 2, dilution: 0.1, examples: [3, 5],\n"
    "           quality: [0.5, 0.7] }\n"
    "noise: [0.2, 0.4]\ndynamics: { sweeps: 1 }\n";

static bool same(const ph_sample_t *lent, const ph_sample_t *own)
{
    const size_t rows = (size_t)own->coupling.neurons, features = (size_t)own->coupling.features;
    return lent->coupling.neurons == own->coupling.neurons &&
           memcmp(lent->patterns.entries, own->patterns.entries,
                  rows * (size_t)own->patterns.patterns) == 0 &&
           memcmp(lent->coupling.phi, own->coupling.phi,
                  rows * features * sizeof(*own->coupling.phi)) == 0 &&
           memcmp(lent->coupling.weights, own->coupling.weights,
                  features * sizeof(*own->coupling.weights)) == 0;
}

/* All samples of all points, over threads: how many were drawn. */
static size_t take_all(const char *text, size_t bytes, int threads, size_t *points)
{
    ph_grid_t grid;
    ph_samples_t samples;
    int bad = 0;
    parse(&grid, text);
    ck_assert_int_eq(ph_samples_init(&samples, 7, bytes), PH_OK);
#pragma omp parallel for schedule(dynamic) num_threads(threads) reduction(+ : bad)
    for (int p = 0; p < (int)grid.points_count; p++)
        for (uint32_t s = 0; s < SAMPLES; s++) {
            const ph_sample_t *lent;
            ph_sample_t own;
            bad += ph_samples_take(&samples, &grid.points[p], s, &lent) != PH_OK;
            bad += ph_sample_draw(&own, &grid.points[p], 7, s) != PH_OK;
            bad += !same(lent, &own);
            ph_samples_give(&samples, lent);
            ph_sample_free(&own);
        }
    const size_t drawn = samples.drawn;
    *points = grid.points_count;
    ck_assert_int_eq(bad, 0);
    ck_assert_uint_le(samples.bytes, bytes);
    ph_samples_free(&samples);
    ph_grid_free(&grid);
    return drawn;
}

/* Noise and sampler do not count, dilution, normalization, examples and quality do; without room
 * every one is drawn. */
START_TEST(test_once)
{
    size_t points;
    for (int threads = 1; threads <= 3; threads++) {
        ck_assert_uint_eq(take_all(GRID, ROOM, threads, &points), 4 * SAMPLES);
        ck_assert_uint_eq(points, 24);
        ck_assert_uint_eq(take_all(LEARNED, ROOM, threads, &points), 4 * SAMPLES);
        ck_assert_uint_eq(points, 8);
    }
    ck_assert_uint_eq(take_all(GRID, 0, 1, &points), points * SAMPLES);
}
END_TEST

/* What is lent stays whatever comes after it; what was unused longest goes first. */
START_TEST(test_kept)
{
    ph_grid_t grid;
    ph_samples_t samples;
    const ph_sample_t *first, *again, *other;
    parse(&grid, GRID);
    ck_assert_int_eq(ph_samples_init(&samples, 7, ROOM), PH_OK);
    const ph_point_t *point = &grid.points[0];
    ck_assert_int_eq(ph_samples_take(&samples, point, 0, &first), PH_OK);
    for (uint32_t s = 1; s <= PH_SAMPLES_MOST; s++) {
        ck_assert_int_eq(ph_samples_take(&samples, point, s, &other), PH_OK);
        ph_samples_give(&samples, other);
    }
    ck_assert_uint_eq(samples.drawn, PH_SAMPLES_MOST + 1);
    ck_assert_int_eq(ph_samples_take(&samples, point, 0, &again), PH_OK);
    ck_assert_ptr_eq(again, first);
    ck_assert_int_eq(ph_samples_take(&samples, point, 2, &other), PH_OK);
    ck_assert_uint_eq(samples.drawn, PH_SAMPLES_MOST + 1);
    ph_samples_give(&samples, other);
    ck_assert_int_eq(ph_samples_take(&samples, point, 1, &other), PH_OK);
    ck_assert_uint_eq(samples.drawn, PH_SAMPLES_MOST + 2);
    ph_samples_give(&samples, other);
    ph_samples_give(&samples, again);
    ph_samples_give(&samples, first);
    ph_samples_free(&samples);
    ph_grid_free(&grid);
}
END_TEST

/* One that cannot be drawn says why, every time. */
START_TEST(test_fails)
{
    ph_grid_t grid;
    ph_samples_t samples;
    const ph_sample_t *lent;
    parse(&grid, LEARNED);
    ck_assert_int_eq(ph_samples_init(&samples, 7, ROOM), PH_OK);
    ph_point_t point = grid.points[0];
    const double many[] = {4e4, 4e4};
    point.examples = many;
    for (int again = 0; again < 2; again++)
        ck_assert_int_eq(ph_samples_take(&samples, &point, 0, &lent), PH_ERR_LIMIT);
    ck_assert_ptr_null(lent);
    ck_assert_uint_eq(samples.drawn, 2);
    ph_samples_free(&samples);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("samples", test_once, test_kept, test_fails)
