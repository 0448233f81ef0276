/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A start is one line of a list and one row: with those of opposite.h and opposite.c, the two lists
 * of the tree compiled anew and all else as it is in the library, grid files know it, chains begin
 * at it and the mean field does.
 */
#include <string.h>

#include "analysis/meanfield/meanfield.h"
#include "sim/model/starts.h"
#include "tests/testing.h"

#define NETWORK "network: { patterns: 3, neurons: 400, dilution: 0.25 }\nnoise: 0.5\n"
#define START(text) NETWORK "dynamics: { sweeps: 4, start: " text " }\n"

static int parse(ph_grid_t *grid, const char *text, ph_report_t *report)
{
    ph_grid_init(grid);
    return ph_grid_parse(grid, text, "g", 0, NULL, report);
}

/* Its word is one of grid files, beside the others; its key counts for its identity alone. */
START_TEST(grids_know_it)
{
    ph_grid_t grid, other;
    ck_assert_int_eq(parse(&grid, START("{ kind: opposite, pattern: 2 }"), NULL), PH_OK);
    ck_assert_int_eq(parse(&other, START("{ kind: opposite, pattern: 3 }"), NULL), PH_OK);
    ck_assert_int_eq(grid.points[0].start, PH_START_OPPOSITE);
    ck_assert_int_eq(grid.points[0].start_pattern, 2);
    ck_assert_ptr_nonnull(strstr(grid.text, "start: opposite\n"));
    ck_assert(!ph_digest_equal(grid.points[0].identity, other.points[0].identity));
    ck_assert(ph_digest_equal(grid.points[0].disorder, other.points[0].disorder));
    ck_assert_int_eq(PH_START_FILE, 6);
    ph_grid_free(&grid);
    ph_grid_free(&other);
}
END_TEST

/* What it needs and what it does not use is said in its words. */
START_TEST(messages_are_its_own)
{
    static const char *const CASES[][2] = {
        {START("opposite"), "g:3:31: dynamics.start: opposite needs a pattern, expected { kind: "
                            "opposite, pattern: 1 }"},
        {START("{ kind: random, pattern: 2 }"),
         "g:3:47: dynamics.start_pattern: not used by this start, expected it with start archetype "
         "or example or corrupted or masked or opposite only"},
    };
    for (size_t i = 0; i < 2; i++) {
        ph_grid_t grid;
        ph_report_t report;
        ph_report_init(&report);
        ck_assert_int_eq(parse(&grid, CASES[i][0], &report), PH_ERR_INPUT);
        ck_assert_str_eq(report.messages[0].text, CASES[i][1]);
        ph_report_free(&report);
        ph_grid_free(&grid);
    }
}
END_TEST

/* Spins are the pattern turned round; the mean field begins at minus its overlap. */
START_TEST(chains_and_theory_begin_there)
{
    enum { NEURONS = 400, PATTERNS = 3, MU = 1 };
    ph_grid_t grid;
    uint64_t spins[NEURONS];
    double overlaps[PATTERNS];
    ph_patterns_t patterns;
    ph_meanfield_t meanfield;
    ck_assert_int_eq(parse(&grid, START("{ kind: opposite, pattern: 2 }"), NULL), PH_OK);
    const ph_point_t *point = &grid.points[0];
    const ph_stream_key_t key = ph_stream_key(1, point->disorder);
    ck_assert_int_eq(ph_patterns_draw(&patterns, point, 1, 0), PH_OK);
    ph_start_fill(point, &patterns, key, 0, 0, 3, spins);
    for (size_t i = 0; i < NEURONS; i++) {
        const int entry = patterns.entries[i * PATTERNS + MU];
        ck_assert(entry == 0 || spins[i] == (entry < 0 ? 3U : 0U));
    }
    ck_assert_int_eq(ph_start_symmetry(point, MU), PH_SYMMETRY_FIXED);
    ck_assert_int_eq(ph_start_symmetry(point, 0), PH_SYMMETRY_FREE);
    ck_assert_int_eq(ph_meanfield_init_start(&meanfield, point, PH_AVERAGE_AUTO, NULL), PH_OK);
    ph_meanfield_start(&meanfield, point, overlaps);
    ck_assert_double_eq_tol(overlaps[MU], -0.75, 1e-12);
    ck_assert_double_eq(overlaps[0], 0.0);
    ph_meanfield_free(&meanfield);
    ph_patterns_free(&patterns);
    ph_grid_free(&grid);
}
END_TEST

PH_TEST_MAIN("an added start", grids_know_it, messages_are_its_own, chains_and_theory_begin_there)
