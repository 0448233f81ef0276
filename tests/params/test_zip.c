/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Axes and zips: which points a grid has, against counting by hand; and how it is written. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "params/grid_private.h"
#include "tests/params/parse.h"

enum { SIZE = 5, KEYS = 4 };

static const char *const PLACES[KEYS] = {"noise", "dynamics.sweeps", "dynamics.burn_in",
                                         "dynamics.record_every"};
static const ph_key_t NAMES[KEYS] = {PH_KEY_NOISE, PH_KEY_SWEEPS, PH_KEY_BURN_IN,
                                     PH_KEY_RECORD_EVERY};

/* The i-th value of key k: distinct in each key, in no order, in no order alike. */
static int value_of(int k, int i)
{
    static const int VALUES[KEYS][SIZE] = {
        {3, 1, 5, 2, 4}, {40, 10, 30, 50, 20}, {7, 9, 8, 6, 5}, {2, 4, 1, 3, 5}};
    return VALUES[k][i];
}

static double point_value(const ph_point_t *point, int k)
{
    const double values[KEYS] = {point->noise, (double)point->sweeps, (double)point->burn_in,
                                 (double)point->record_every};
    return values[k];
}

/* A grid whose keys have the lists above, with these zips. */
static void make(ph_grid_t *grid, const char *zip)
{
    char text[600], lists[KEYS][64];
    for (int k = 0; k < KEYS; k++) {
        size_t used = 0;
        for (int i = 0; i < SIZE; i++)
            used += (size_t)snprintf(lists[k] + used, sizeof(lists[k]) - used, "%s%d",
                                     i > 0 ? ", " : "", value_of(k, i));
    }
    snprintf(text, sizeof(text),
             "network: { neurons: 9, patterns: 1 }\nnoise: [%s]\n"
             "dynamics: { sweeps: [%s], burn_in: [%s], record_every: [%s] }\nzip: %s\n",
             lists[0], lists[1], lists[2], lists[3], zip);
    parse(grid, text);
}

/* How many points have the i-th values of the keys, i one index a key. */
static int count_points(const ph_grid_t *grid, const int index[KEYS])
{
    int found = 0;
    for (size_t p = 0; p < grid->points_count; p++) {
        bool same = true;
        for (int k = 0; k < KEYS; k++)
            same = same && point_value(&grid->points[p], k) == value_of(k, index[k]);
        found += same;
    }
    return found;
}

static const struct {
    const char *zip;
    int group[KEYS]; /* keys of one group share an index */
    size_t axes;
    const char *canonical;
} ZIPS[] = {
    {"[]", {0, 1, 2, 3}, 4, "[]"},
    {"[[noise, sweeps]]", {0, 0, 1, 2}, 3, "[[noise, dynamics.sweeps]]"},
    {"[[sweeps, noise]]", {0, 0, 1, 2}, 3, "[[dynamics.sweeps, noise]]"},
    {"[[record_every, burn_in, noise]]",
     {0, 1, 0, 0},
     2,
     "[[dynamics.record_every, noise, dynamics.burn_in]]"},
    {"[[burn_in, record_every], [sweeps, noise]]",
     {0, 0, 1, 1},
     2,
     "[[dynamics.sweeps, noise], [dynamics.burn_in, dynamics.record_every]]"},
    {"[[record_every, sweeps, noise, burn_in]]",
     {0, 0, 0, 0},
     1,
     "[[dynamics.record_every, noise, dynamics.sweeps, dynamics.burn_in]]"},
};

/* A grid has each combination of values once: those of one zip go together, all else is free. */
START_TEST(points_are_the_product)
{
    ph_grid_t grid;
    int index[KEYS], expected = 0;
    make(&grid, ZIPS[_i].zip);
    ck_assert_uint_eq(grid.axes_count, ZIPS[_i].axes);
    for (int which = 0; which < SIZE * SIZE * SIZE * SIZE; which++) {
        bool allowed = true;
        for (int k = 0, rest = which; k < KEYS; k++, rest /= SIZE) {
            index[k] = rest % SIZE;
            for (int j = 0; j < k; j++)
                allowed =
                    allowed && (ZIPS[_i].group[j] != ZIPS[_i].group[k] || index[j] == index[k]);
        }
        ck_assert_int_eq(count_points(&grid, index), allowed);
        expected += allowed;
    }
    ck_assert_uint_eq(grid.points_count, (size_t)expected);
    ph_grid_free(&grid);
}
END_TEST

/* The first key of a zip sorts its axis; points are numbered by all axes, the last fastest. */
START_TEST(points_in_order)
{
    ph_grid_t grid;
    size_t index[PH_MAX_AXES];
    make(&grid, ZIPS[_i].zip);
    for (size_t a = 0; a < grid.axes_count; a++)
        for (size_t i = 1; i < grid.axes[a].size; i++)
            ck_assert(grid.axes[a].coordinates[0].values[i - 1] <
                      grid.axes[a].coordinates[0].values[i]);
    for (size_t p = 0; p < grid.points_count; p++) {
        size_t number = 0;
        ph_grid_unravel(&grid, p, index);
        for (size_t a = 0; a < grid.axes_count; a++) {
            number = number * grid.axes[a].size + index[a];
            for (size_t c = 0; c < grid.axes[a].coordinates_count; c++) {
                const ph_coordinate_t *own = &grid.axes[a].coordinates[c];
                int k = 0;
                while (k < KEYS && NAMES[k] != own->key)
                    k++;
                ck_assert_int_lt(k, KEYS);
                ck_assert(point_value(&grid.points[p], k) == own->values[index[a]]);
            }
        }
        ck_assert_uint_eq(number, p);
    }
    ph_grid_free(&grid);
}
END_TEST

/* The canonical text names each group as its axis, the leader first and the rest by the schema;
 * every key is found as the coordinate it is. */
START_TEST(zips_as_text)
{
    ph_grid_t grid;
    ph_text_t text = {.text = NULL};
    make(&grid, ZIPS[_i].zip);
    ph_grid_zip_text(&grid, &text);
    ck_assert_str_eq(text.text, ZIPS[_i].canonical);
    free(text.text);
    for (int k = 0; k < KEYS; k++) {
        size_t size = 0;
        const ph_coordinate_t *found = ph_grid_coordinate(&grid, NAMES[k], &size);
        ck_assert_ptr_nonnull(found);
        ck_assert_uint_eq(size, SIZE);
        ck_assert_int_eq(found->key, NAMES[k]);
        ck_assert_str_eq(ph_schema_path(found->key), PLACES[k]);
    }
    size_t size = 0;
    ck_assert_ptr_null(ph_grid_coordinate(&grid, PH_KEY_SAMPLER, &size));
    ph_grid_free(&grid);
}
END_TEST

/* Followers of a zip may repeat values, and any key may follow: one value a pattern, words. */
START_TEST(followers_repeat)
{
    ph_grid_t grid;
    parse(&grid, "network: { neurons: 9, patterns: [2, 1, 3], dilution: [0.5, 0.5, 0] }\n"
                 "noise: [3, 2, 1]\ndynamics: { sweeps: 1, sampler: [little, glauber, little] }\n"
                 "zip: [[noise, sampler, dilution, patterns]]\n");
    static const struct {
        double noise, dilution;
        int64_t patterns;
        ph_sampler_id_t sampler;
    } RIGHT[] = {{1, 0, 3, PH_SAMPLER_LITTLE},
                 {2, 0.5, 1, PH_SAMPLER_GLAUBER},
                 {3, 0.5, 2, PH_SAMPLER_LITTLE}};
    ck_assert_uint_eq(grid.points_count, 3);
    for (size_t p = 0; p < 3; p++) {
        const ph_point_t *point = &grid.points[p];
        ck_assert(point->noise == RIGHT[p].noise && point->patterns == RIGHT[p].patterns &&
                  point->sampler == RIGHT[p].sampler);
        for (int64_t mu = 0; mu < point->patterns; mu++)
            ck_assert(point->dilution[mu] == RIGHT[p].dilution);
    }
    ck_assert_int_eq(grid.patterns_max, 3);
    ph_grid_free(&grid);
}
END_TEST

static const struct {
    const char *base, *factor; /* of the law */
    double b, f;
} LAWS[] = {{"2", "1", 2, 1}, {"10", "2.5", 10, 2.5}, {"1.5", "0.2", 1.5, 0.2}};

/* Patterns by a law are factor log(N)/log(base) to the nearest whole number, at least one: exactly
 * at powers of the base. */
START_TEST(law)
{
    ph_grid_t grid;
    char text[400];
    snprintf(text, sizeof(text),
             "network: { neurons: [1, 2, 4, 8, 100, 1000, 1024, 1e4, 1e9], patterns: { law: log, "
             "base: %s, factor: %s } }\nnoise: 1\ndynamics: { sweeps: 1 }\n",
             LAWS[_i].base, LAWS[_i].factor);
    parse(&grid, text);
    ck_assert_uint_eq(grid.points_count, 9);
    for (size_t p = 0; p < 9; p++) {
        const long double exact = (long double)LAWS[_i].f *
                                  logl((long double)grid.points[p].neurons) /
                                  logl((long double)LAWS[_i].b);
        const long double right = floorl(exact + 0.5L + 1e-10L);
        ck_assert_int_eq(grid.points[p].patterns, right < 1 ? 1 : (int64_t)right);
    }
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_PROGRAM("zip")
{
    const int zips = sizeof(ZIPS) / sizeof(ZIPS[0]);
    TCase *tcase = tcase_create("zip");
    tcase_add_loop_test(tcase, points_are_the_product, 0, zips);
    tcase_add_loop_test(tcase, points_in_order, 0, zips);
    tcase_add_loop_test(tcase, zips_as_text, 0, zips);
    tcase_add_test(tcase, followers_repeat);
    tcase_add_loop_test(tcase, law, 0, sizeof(LAWS) / sizeof(LAWS[0]));
    return test_run("zip", tcase);
}
