/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One line and one file make a kind of theory: its word is read in a grid, it is solved beside
 * another, what it does not cover is said, and a theory file has its arrays.
 */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/theory/kinds.h"
#include "analysis/theory/theory.h"
#include "analysis/theory/theoryfile.h"
#include "params/words.h"
#include "tests/testing.h"

static const char GRID[] = "network: { neurons: 100, patterns: [1, 2, 3] }\nnoise: 0.2\n"
                           "dynamics: { start: archetype, sweeps: 1 }\n"
                           "theory: { kinds: [loading, mean_field] }\n";

static ph_grid_t grid;
static ph_report_t report;

static void check_values(const ph_theory_t *theory)
{
    for (size_t p = 0; p < 2; p++) {
        ck_assert_double_eq(ph_theory_values(theory, "loading", p)[0], (double)(p + 1) / 100.0);
        ck_assert_double_eq(ph_theory_values(theory, "loading_share", p)[0], 1.0 / (double)(p + 1));
    }
    ck_assert(isnan(ph_theory_values(theory, "loading", 2)[0]));
    ck_assert(isnan(ph_theory_values(theory, "loading_share", 0)[1]));
    ck_assert(ph_theory_converged(theory, 2));
}

START_TEST(test_kind)
{
    char path[] = "/tmp/polyhebb-added-XXXXXX";
    ph_theory_t solved, read;
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    ph_report_init(&report);
    ph_grid_init(&grid);
    ck_assert_int_eq(ph_grid_parse(&grid, GRID, "test", 0, NULL, &report), PH_OK);
    ck_assert_uint_eq(grid.kinds, 1u << PH_THEORY_LOADING | 1u << PH_THEORY_MEAN_FIELD);
    ck_assert_str_eq(ph_theory_kind_name(PH_THEORY_LOADING), "loading");
    ck_assert_str_eq(ph_theory_kind_help(PH_THEORY_LOADING),
                     "how many patterns a neuron has to hold");
    ck_assert_int_eq(ph_theory_solve(&solved, &grid, grid.kinds, false, 1, &report), PH_OK);
    ck_assert_uint_eq(report.count, 1);
    ck_assert_str_eq(report.messages[0].text,
                     "theory loading covers up to two patterns; 1 of 3 points are left out");
    check_values(&solved);
    ck_assert_int_eq(ph_theory_write(&solved, path, &report), PH_OK);
    ck_assert_int_eq(ph_theory_read(&read, &grid, path, &report), PH_OK);
    ck_assert_uint_eq(read.kinds, grid.kinds);
    check_values(&read);
    ph_theory_free(&read);
    ph_theory_free(&solved);
    unlink(path);
    ph_grid_free(&grid);
    ph_report_free(&report);
}
END_TEST

PH_TEST_MAIN("added_theory", test_kind)
