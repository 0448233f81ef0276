/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library without memory enough: every function that makes something says so and makes nothing,
 * or it is right; and what there is can be used and freed. */
#include <math.h>
#include <polyhebb/polyhebb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/starve.h"
#include "tests/testing.h"

static const char GRID[] =
    "network: { neurons: 60, patterns: 2, dilution: 0.2 }\n"
    "noise: [0.3, 0.5]\ndynamics: { sweeps: 8, burn_in: 2, start: archetype }\n"
    "ensemble: { samples: 2, replicas: 4 }\n";

enum { NEURONS = 60, PATTERNS = 2, REPLICAS = 3 };

static char folder[32], run_path[64], theory_path[64], table_path[64];
static ph_grid_t *grid, *made_grid;
static ph_runfile_t *run, *made_run;
static ph_theory_t *theory, *made_theory;
static ph_comparison_table_t *table, *made_table;
static ph_chain_t *made_chain;
static int8_t entries[NEURONS * PATTERNS], expected_spins[REPLICAS * NEURONS];

/* A status that no want of memory may have. */
static int checked(int status, const void *made)
{
    return (status == PH_OK) == (made != NULL) ? status : PH_ERR_DAMAGED;
}

/* What is made is where something else was: NULL after a failure, not that. */
#define MAKE(made, call)                                                                           \
    do {                                                                                           \
        (made) = (void *)entries;                                                                  \
        const int status = call;                                                                   \
        return checked(status, made);                                                              \
    } while (0)

static int make_grid(void)
{
    MAKE(made_grid, ph_grid_new(&made_grid, GRID, 0, NULL, NULL));
}

static bool right_grid(void)
{
    return strcmp(ph_grid_text(made_grid), ph_grid_text(grid)) == 0;
}

static void drop_grid(void)
{
    ph_grid_delete(made_grid);
}

static int open_run(void)
{
    MAKE(made_run, ph_runfile_new(&made_run, run_path, NULL));
}

static bool right_run(void)
{
    return ph_runfile_records(made_run, 1, 1, 3) == 9;
}

static void drop_run(void)
{
    ph_runfile_delete(made_run);
}

static int make_theory(void)
{
    MAKE(made_theory, ph_theory_new(&made_theory, grid, "mean_field", true, 1, NULL));
}

static int open_theory(void)
{
    MAKE(made_theory, ph_theory_new_from_file(&made_theory, grid, theory_path, NULL));
}

static bool right_theory(void)
{
    double m[2][PATTERNS];
    ck_assert_int_eq(ph_theory_get(theory, "magnetization", 1, m[0], NULL), PH_OK);
    ck_assert_int_eq(ph_theory_get(made_theory, "magnetization", 1, m[1], NULL), PH_OK);
    return m[0][0] == m[1][0] && m[0][1] == m[1][1];
}

static void drop_theory(void)
{
    ph_theory_delete(made_theory);
}

static int open_table(void)
{
    MAKE(made_table, ph_comparison_table_new_from_file(&made_table, grid, table_path, NULL));
}

static bool right_table(void)
{
    ph_comparison_table_row_t a, b;
    ck_assert_int_eq(ph_comparison_table_row(table, 3, &a), PH_OK);
    ck_assert_int_eq(ph_comparison_table_row(made_table, 3, &b), PH_OK);
    return a.simulated == b.simulated && a.theory == b.theory && a.verdict == b.verdict;
}

static void drop_table(void)
{
    ph_comparison_table_delete(made_table);
}

/* Chains of the caller's patterns, swept: the spins of all replicas. */
static int make_chain(void)
{
    static const char *const SETTINGS[] = {"noise=0.4"};
    MAKE(made_chain, ph_chain_new_with_patterns(&made_chain, NEURONS, PATTERNS, entries, NULL, 1,
                                                SETTINGS, REPLICAS, NULL));
}

/* Started again where it failed, a chain goes the same way. */
static int sweep(void)
{
    int status = make_chain();
    if (status == PH_OK)
        status = ph_chain_start(made_chain, NULL);
    return status == PH_OK ? ph_chain_sweep(made_chain, 5, NULL) : status;
}

static bool right_chain(void)
{
    int8_t spins[REPLICAS * NEURONS];
    ck_assert_uint_eq(ph_chain_time(made_chain), 5);
    ph_chain_spins(made_chain, spins);
    return memcmp(spins, expected_spins, sizeof(spins)) == 0;
}

static void drop_chain(void)
{
    ph_chain_delete(made_chain);
}

static void begin(void)
{
    strcpy(folder, "/tmp/polyhebb-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(run_path, sizeof(run_path), "%s/run.h5", folder);
    snprintf(theory_path, sizeof(theory_path), "%s/theory.h5", folder);
    snprintf(table_path, sizeof(table_path), "%s/table.h5", folder);
    const ph_simulation_t how = {.threads = 1};
    ck_assert_int_eq(ph_grid_new(&grid, GRID, 0, NULL, NULL), PH_OK);
    ck_assert_int_eq(ph_simulate(grid, run_path, &how, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_new(&run, run_path, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_new(&theory, grid, "mean_field", true, 1, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_save(theory, theory_path, NULL), PH_OK);
    ck_assert_int_eq(ph_comparison_table_new(&table, run, NULL, false, NULL), PH_OK);
    ck_assert_int_eq(ph_comparison_table_save(table, table_path, NULL), PH_OK);
    for (int i = 0; i < NEURONS * PATTERNS; i++)
        entries[i] = (int8_t)(i * i % 7 % 3 - 1);
    ck_assert_int_eq(sweep(), PH_OK);
    ph_chain_spins(made_chain, expected_spins);
    drop_chain();
}

static void end(void)
{
    char command[64];
    ph_comparison_table_delete(table);
    ph_theory_delete(theory);
    ph_runfile_delete(run);
    ph_grid_delete(grid);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(each)
{
    static const starve_work_t WORKS[] = {
        {"grid", make_grid, right_grid, drop_grid, 3},
        {"run", open_run, right_run, drop_run, 1},
        {"theory", make_theory, right_theory, drop_theory, 1},
        {"theory's file", open_theory, right_theory, drop_theory, 1},
        {"table's file", open_table, right_table, drop_table, 1},
        {"chain", make_chain, NULL, drop_chain, 5},
        {"sweeps", sweep, right_chain, drop_chain, 5}};
    for (size_t w = 0; w < sizeof(WORKS) / sizeof(WORKS[0]); w++)
        ck_assert_int_ge(starve_each(&WORKS[w]), 5);
}
END_TEST

/* What is kept of a comparison is read again to every number; not of another grid, nor of another
 * file, and nothing else is written over. */
START_TEST(kept_table)
{
    static const char OTHER[] = "network: { neurons: 60, patterns: 2 }\nnoise: [0.3, 0.5]\n"
                                "dynamics: { sweeps: 8 }\n";
    ph_report_t *report = ph_report_new();
    ph_grid_t *other;
    ck_assert_int_eq(open_table(), PH_OK);
    ck_assert_uint_eq(ph_comparison_table_rows(made_table), 4);
    ck_assert_int_eq(ph_comparison_table_verdict(made_table), ph_comparison_table_verdict(table));
    for (size_t i = 0; i < 4; i++) {
        ph_comparison_table_row_t a, b;
        ck_assert_int_eq(ph_comparison_table_row(table, i, &a), PH_OK);
        ck_assert_int_eq(ph_comparison_table_row(made_table, i, &b), PH_OK);
        ck_assert(a.point == b.point && a.pattern == b.pattern && a.verdict == b.verdict);
        const double x[] = {a.simulated, a.theory, a.deviation, a.error, a.population};
        const double y[] = {b.simulated, b.theory, b.deviation, b.error, b.population};
        ck_assert_int_eq(memcmp(x, y, sizeof(x)), 0);
        ck_assert_str_eq(a.reason, b.reason);
    }
    ck_assert_int_eq(ph_comparison_table_row(made_table, 4, NULL), PH_ERR_INPUT);
    drop_table();
    ck_assert_int_eq(ph_comparison_table_save(table, run_path, report), PH_ERR_INPUT);
    ck_assert(strstr(ph_report_text(report, 0), run_path) != NULL);
    ck_assert_int_eq(ph_runfile_check(run, NULL), PH_OK);
    made_table = table;
    ck_assert_int_eq(ph_comparison_table_new_from_file(&made_table, grid, run_path, NULL),
                     PH_ERR_FORMAT);
    ck_assert_ptr_null(made_table);
    ck_assert_int_eq(ph_comparison_table_new_from_file(&made_table, grid, "none.h5", NULL),
                     PH_ERR_IO);
    ck_assert_int_eq(ph_grid_new(&other, OTHER, 0, NULL, NULL), PH_OK);
    made_table = table;
    ck_assert_int_eq(ph_comparison_table_new_from_file(&made_table, other, table_path, NULL),
                     PH_ERR_MISMATCH);
    ck_assert_ptr_null(made_table);
    ph_grid_delete(other);
    ph_report_delete(report);
}
END_TEST

PH_TEST_PROGRAM("api_starved")
{
    TCase *tcase = tcase_create("api_starved");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, each);
    tcase_add_test(tcase, kept_table);
    return test_run("api_starved", tcase);
}
