/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Phase diagrams without memory enough: that is said, and nothing else comes out. */
#include <string.h>
#include <unistd.h>

#include "analysis/phase/phase.h"
#include "tests/params/parse.h"
#include "tests/starve.h"

static ph_grid_t grid;
static ph_phase_t phase, expected;
static ph_states_t states;
static char path[64];

/* Two stored patterns; one learned one; one by single examples. */
static const char STORED[] = "network: { neurons: 60, patterns: 2, normalization: none,\n"
                             "           dilution: [0.5, 0.55] }\n"
                             "noise: [0.4, 0.55]\ndynamics: { sweeps: 20 }\n";
static const char LEARNED[] =
    "network: { rule: unsupervised, neurons: 60, patterns: 1, examples: 3,\n"
    "           dilution: 0.2, quality: [0.3, 0.8] }\n"
    "noise: [0.9, 1.1]\ndynamics: { sweeps: 20 }\n";

static const char SINGLE[] =
    "network: { rule: unsupervised, neurons: 60, patterns: 1, examples: 5,\n"
    "           dilution: [0.2, 0.3], quality: 0.25 }\n"
    "noise: [0.5, 0.55]\ndynamics: { sweeps: 20 }\n";

static int find_states(void)
{
    return ph_states_find(&states, &grid.points[0], grid.average, NULL);
}

static bool same_states(const ph_states_t *a, const ph_states_t *b)
{
    bool same = a->count == b->count && a->ground == b->ground && a->reached == b->reached;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->states[i].free_energy == b->states[i].free_energy &&
               a->states[i].kind == b->states[i].kind &&
               ph_label_equal(a->states[i].label, b->states[i].label);
    return same;
}

static bool right_states(void)
{
    return same_states(&states, &expected.points[0]);
}

static void drop_states(void)
{
    ph_states_free(&states);
}

static bool same_boundaries(const ph_boundaries_t *a, const ph_boundaries_t *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->items[i].share == b->items[i].share && a->items[i].kind == b->items[i].kind;
    return same;
}

static bool same_curves(const ph_curves_t *a, const ph_curves_t *b)
{
    bool same = a->count == b->count && a->specials_count == b->specials_count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->items[i].count == b->items[i].count && a->items[i].kind == b->items[i].kind &&
               ph_label_equal(a->items[i].left, b->items[i].left) &&
               ph_label_equal(a->items[i].right, b->items[i].right) &&
               memcmp(a->items[i].places, b->items[i].places,
                      a->items[i].count * sizeof(*a->items[i].places)) == 0;
    return same;
}

static int solve(void)
{
    return ph_phase_solve(&phase, &grid, 1, NULL);
}

static bool right_phase(void)
{
    bool same = phase.directions_count == expected.directions_count;
    for (size_t p = 0; same && p < grid.points_count; p++) {
        same = same_states(&phase.points[p], &expected.points[p]) &&
               phase.examples[p].found == expected.examples[p].found;
        for (size_t k = 0; same && k < phase.directions_count; k++)
            same = same_boundaries(&phase.directions[k].ends[p], &expected.directions[k].ends[p]) &&
                   same_boundaries(&phase.directions[k].changes[p],
                                   &expected.directions[k].changes[p]);
    }
    return same && same_curves(&phase.curves, &expected.curves);
}

static void drop_phase(void)
{
    ph_phase_free(&phase);
}

static int write_file(void)
{
    return ph_phase_write(&expected, path, NULL);
}

/* Whether the file has the curves. */
static bool right_file(void)
{
    const bool read = ph_phase_read(&phase, &grid, path, NULL) == PH_OK;
    const bool right = read && phase.curves.count == expected.curves.count;
    if (read)
        ph_phase_free(&phase);
    return right;
}

static int read_file(void)
{
    return ph_phase_read(&phase, &grid, path, NULL);
}

static void drop_nothing(void)
{
}

/* The states of a point, the diagram with its curves, its file written and read. */
START_TEST(test_each)
{
    static const starve_work_t WORKS[] = {{"states", find_states, right_states, drop_states, 15},
                                          {"diagram", solve, right_phase, drop_phase, 4},
                                          {"writing", write_file, right_file, drop_nothing, 4},
                                          {"reading", read_file, right_phase, drop_phase, 8}};
    static const char *const GRIDS[] = {STORED, LEARNED, SINGLE};
    for (size_t g = 0; g < 3; g++) {
        strcpy(path, "/tmp/polyhebb-starved-XXXXXX");
        const int descriptor = mkstemp(path);
        ck_assert_int_ge(descriptor, 0);
        close(descriptor);
        parse(&grid, GRIDS[g]);
        ck_assert_int_eq(ph_phase_solve(&expected, &grid, 1, NULL), PH_OK);
        ck_assert_uint_ge(expected.curves.count, 1);
        ck_assert_int_eq(write_file(), PH_OK);
        for (size_t w = 0; w < (g == 0 ? 4 : 2); w++) {
            if (WORKS[w].act == read_file) { /* shares have been places, and are again: rounded */
                ph_phase_free(&expected);
                ck_assert_int_eq(ph_phase_read(&expected, &grid, path, NULL), PH_OK);
            }
            ck_assert_int_ge(starve_each(&WORKS[w]), 30);
        }
        unlink(path);
        ph_phase_free(&expected);
        ph_grid_free(&grid);
    }
}
END_TEST

/* What tracing begins with, where something changes without noise and nothing else is to be traced:
 * its room, and the states just above that row. */
START_TEST(test_above)
{
    enum { FIRST = 80 };
    ph_curves_t curves, whole;
    size_t refused = 0;
    parse(&grid, "network: { neurons: 60, patterns: 3, normalization: none,\n"
                 "           dilution: [0.6, 0.63] }\n"
                 "noise: [0, 0.02]\ndynamics: { sweeps: 20 }\n");
    ck_assert_int_eq(ph_phase_solve(&expected, &grid, 1, NULL), PH_OK);
    for (size_t k = 0; k < expected.directions_count; k++)
        for (size_t p = 0; p < grid.points_count; p++) {
            ph_direction_t *along = &expected.directions[k];
            if (along->axis == 0 && grid.points[p].noise == 0.0) {
                ck_assert(p > 0 || along->ends[p].count > 0);
                continue;
            }
            along->ends[p].count = along->changes[p].count = 0;
        }
    ck_assert_int_eq(ph_curves_trace(&whole, &expected, 1), PH_OK);
    ck_assert_uint_gt(whole.count, 0);
    for (long at = 0; at < FIRST; at++) {
        starve(at, false);
        const int status = ph_curves_trace(&curves, &expected, 1);
        ck_assert(starve_end());
        ck_assert(status == PH_ERR_MEMORY || (status == PH_OK && same_curves(&curves, &whole)));
        refused += status == PH_ERR_MEMORY;
        ph_curves_free(&curves);
    }
    ck_assert_uint_gt(refused, FIRST / 2);
    ph_curves_free(&whole);
    ph_phase_free(&expected);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("phase_starved", test_each, test_above)
