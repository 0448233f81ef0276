/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs, theories, comparisons and phase diagrams through the public headers alone, held against
 * numbers known from elsewhere. */
#include <math.h>
#include <polyhebb/polyhebb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/testing.h"

/* One pattern without blanks: the Curie-Weiss magnet. */
static const char MAGNET[] = "network: { neurons: 4000, patterns: 1 }\nnoise: [0.5, 0.8]\n"
                             "dynamics: { sweeps: 400, burn_in: 100, start: archetype }\n"
                             "ensemble: { replicas: 8 }\n";

static char folder[32];

static const char *name(const char *last)
{
    static char paths[4][64];
    static int next;
    next = (next + 1) % 4;
    snprintf(paths[next], sizeof(paths[0]), "%s/%s", folder, last);
    return paths[next];
}

static ph_grid_t *grid_of(const char *text)
{
    ph_grid_t *grid;
    ph_report_t *report = ph_report_new();
    if (ph_grid_new(&grid, text, 0, NULL, report) != PH_OK)
        ck_abort_msg("%s", ph_report_text(report, 0));
    ph_report_delete(report);
    return grid;
}

/* m = tanh(m/T) */
static double curie_weiss(double noise)
{
    double m = 1.0;
    for (int k = 0; k < 2000; k++)
        m = tanh(m / noise);
    return m;
}

static void check_run(const char *path, const ph_grid_t *grid)
{
    char text[64];
    int64_t pattern;
    ph_runfile_t *run;
    ck_assert_int_eq(ph_runfile_new(&run, path, NULL), PH_OK);
    ck_assert_str_eq(ph_grid_text(ph_runfile_grid(run)), ph_grid_text(grid));
    ck_assert_uint_eq(ph_runfile_components(run, 0), 2);
    ck_assert_uint_eq(ph_runfile_components(run, 2), 0);
    ck_assert_int_eq(ph_runfile_component(run, 0, 0, text, sizeof(text), &pattern), PH_OK);
    ck_assert(strcmp(text, "magnetization") == 0 && pattern == 0);
    ck_assert_int_eq(ph_runfile_component(run, 0, 1, text, sizeof(text), &pattern), PH_OK);
    ck_assert(strcmp(text, "energy") == 0 && pattern == -1);
    ck_assert_int_eq(ph_runfile_component(run, 0, 2, text, sizeof(text), &pattern), PH_ERR_INPUT);
    for (size_t p = 0; p < 2; p++) {
        double mean[2], error[2], tau[2];
        const double m = curie_weiss(ph_grid_noise(grid, p));
        ck_assert_int_eq(ph_runfile_status(run, p), PH_POINT_COMPLETE);
        ck_assert_int_eq(ph_runfile_sweeps(run, p, 0, 7), 500);
        ck_assert_int_eq(ph_runfile_sweeps(run, p, 0, 8), 0);
        ck_assert_uint_eq(ph_runfile_records(run, p, 0, 0), 401);
        ck_assert_int_eq(ph_runfile_estimates(run, p, mean, error, tau, NULL), PH_OK);
        ck_assert_msg(fabs(mean[0] - m) < 5.0 * error[0] + 2.0 / 4000 && error[0] < 2e-3,
                      "%g +- %g, expected %g", mean[0], error[0], m);
        ck_assert(tau[0] > 0.5 && error[1] > 0.0);
        ck_assert(fabs(mean[1] + 0.5 * m * m) < 5.0 * error[1] + 2.0 / 4000);
    }
    ck_assert_int_eq(ph_runfile_estimates(run, 2, NULL, NULL, NULL, NULL), PH_ERR_INPUT);
    ck_assert_int_eq(ph_runfile_trajectory(run, 0, 1, 0, NULL, NULL), PH_ERR_INPUT);
    ck_assert_int_eq(ph_runfile_spins(run, 0, 0, 8, NULL, NULL), PH_ERR_INPUT);
    ck_assert_int_eq(ph_runfile_check(run, NULL), PH_OK);
    ph_runfile_delete(run);
}

/* Two shards and their merge are the run; a set flag stops it, and another call ends it. */
START_TEST(simulate_and_read)
{
    const volatile sig_atomic_t stop = 1;
    ph_grid_t *grid = grid_of(MAGNET), *copy;
    const char *const parts[] = {name("a.h5"), name("b.h5")};
    const char *whole = name("whole.h5");
    ph_simulation_t how = {.threads = 1, .stop = &stop};
    ck_assert_int_eq(ph_simulate(grid, whole, &how, NULL), PH_ERR_INTERRUPTED);
    ck_assert_int_eq(ph_simulate(grid, whole, NULL, NULL), PH_OK);
    check_run(whole, grid);
    ck_assert_int_eq(ph_grid_new_from_file(&copy, whole, 0, NULL, NULL), PH_OK);
    ck_assert_str_eq(ph_grid_text(copy), ph_grid_text(grid));
    ph_grid_delete(copy);
    how = (ph_simulation_t){.shards = 2};
    for (; how.shard < 2; how.shard++)
        ck_assert_int_eq(ph_simulate(grid, parts[how.shard], &how, NULL), PH_OK);
    ck_assert_int_eq(ph_simulate(grid, parts[0], &how, NULL), PH_ERR_INPUT);
    unlink(whole);
    ck_assert_int_eq(ph_merge(2, parts, whole, NULL), PH_OK);
    check_run(whole, grid);
    ph_grid_delete(grid);
}
END_TEST

/* Theory in memory and from its file, and the verdict on a run. */
START_TEST(theory_and_verdict)
{
    const char *path = name("theory.h5"), *run_path = name("run.h5");
    ph_grid_t *grid = grid_of(MAGNET);
    ph_theory_t *theories[2];
    ph_runfile_t *run;
    ph_comparison_table_t *table;
    ph_comparison_table_row_t row;
    ck_assert_int_eq(ph_theory_new(&theories[0], grid, "mean_field", false, 1, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_save(theories[0], path, NULL), PH_OK);
    ck_assert_int_eq(ph_theory_new_from_file(&theories[1], grid, path, NULL), PH_OK);
    for (int t = 0; t < 2; t++) {
        size_t names = 0;
        bool listed = false;
        for (const char *n; (n = ph_theory_name(theories[t], names)) != NULL; names++)
            listed = listed || strcmp(n, "magnetization") == 0;
        ck_assert(listed && names > 3);
        ck_assert_uint_eq(ph_theory_missing(theories[t]), 0);
        ck_assert_uint_eq(ph_theory_size(theories[t], "magnetization"), 1);
        ck_assert_uint_eq(ph_theory_size(theories[t], "magnetization_flow"), 0);
        for (size_t p = 0; p < 2; p++) {
            double m;
            ck_assert_int_eq(ph_theory_get(theories[t], "magnetization", p, &m, NULL), PH_OK);
            ck_assert_double_eq_tol(m, curie_weiss(ph_grid_noise(grid, p)), 1e-10);
        }
        ck_assert_int_eq(ph_theory_get(theories[t], "magnetization", 2, NULL, NULL), PH_ERR_INPUT);
        ck_assert_int_eq(ph_theory_get(theories[t], "none", 0, NULL, NULL), PH_ERR_INPUT);
    }
    ck_assert_int_eq(ph_simulate(grid, run_path, NULL, NULL), PH_OK);
    ck_assert_int_eq(ph_runfile_new(&run, run_path, NULL), PH_OK);
    ck_assert_int_eq(ph_comparison_table_new(&table, run, theories[1], false, NULL), PH_OK);
    ck_assert_int_eq(ph_comparison_table_verdict(table), PH_VERDICT_AGREE);
    ck_assert_uint_eq(ph_comparison_table_rows(table), 2);
    ck_assert_int_eq(ph_comparison_table_row(table, 1, &row), PH_OK);
    ck_assert(row.point == 1 && row.pattern == 0 && row.verdict == PH_VERDICT_AGREE);
    ck_assert_str_eq(row.reason, "");
    ck_assert_double_eq_tol(row.population, curie_weiss(0.8), 1e-10);
    ck_assert_int_eq(ph_comparison_table_row(table, 2, &row), PH_ERR_INPUT);
    ph_comparison_table_delete(table);
    ph_runfile_delete(run);
    for (int t = 0; t < 2; t++)
        ph_theory_delete(theories[t]);
    ph_theory_t *none;
    ck_assert_int_eq(ph_theory_new(&none, grid, "mean_field no_such", false, 1, NULL),
                     PH_ERR_INPUT);
    ck_assert_ptr_null(none);
    ck_assert_int_eq(ph_theory_new(&none, grid, " ", false, 1, NULL), PH_ERR_INPUT);
    ph_grid_delete(grid);
}
END_TEST

/* Two states below the critical noise of 1, which lies between the points; file as memory. */
START_TEST(phase_diagram)
{
    ph_grid_t *grid = grid_of("network: { neurons: 100, patterns: 1 }\nnoise: [0.5, 1.5]\n"
                              "dynamics: { sweeps: 1, start: archetype }\n");
    ph_phase_t *phases[2];
    ck_assert_int_eq(ph_phase_new(&phases[0], grid, 1, NULL), PH_OK);
    ck_assert_int_eq(ph_phase_save(phases[0], name("phase.h5"), NULL), PH_OK);
    ck_assert_int_eq(ph_phase_new_from_file(&phases[1], grid, name("phase.h5"), NULL), PH_OK);
    for (int k = 0; k < 2; k++) {
        ph_phase_state_t state;
        ph_phase_boundary_t boundary;
        double m;
        bool found = false;
        ck_assert_uint_eq(ph_phase_states(phases[k], 0), 2);
        ck_assert_uint_eq(ph_phase_states(phases[k], 1), 1);
        ck_assert_uint_eq(ph_phase_states(phases[k], 2), 0);
        ck_assert_int_eq(ph_phase_state(phases[k], 0, 0, &state, &m), PH_OK);
        ck_assert_str_eq(state.stability, "stable");
        ck_assert_double_eq_tol(m, curie_weiss(0.5), 1e-10);
        ck_assert_double_eq(state.copies, 2.0);
        ck_assert_int_eq(ph_phase_state(phases[k], 0, 1, &state, NULL), PH_OK);
        ck_assert_str_eq(state.stability, "unstable");
        ck_assert_str_eq(state.label, "paramagnetic");
        ck_assert_int_eq(ph_phase_state(phases[k], 0, 2, &state, NULL), PH_ERR_INPUT);
        ck_assert_int_eq(ph_phase_reached(phases[k], 0), 0);
        ck_assert_int_eq(ph_phase_reached(phases[k], 5), -1);
        ck_assert_uint_ge(ph_phase_boundaries(phases[k], 0, 0), 1);
        ck_assert_uint_eq(ph_phase_boundaries(phases[k], 0, 1), 0);
        ck_assert_uint_eq(ph_phase_boundaries(phases[k], 1, 0), 0);
        for (size_t i = 0; i < ph_phase_boundaries(phases[k], 0, 0); i++) {
            ck_assert_int_eq(ph_phase_boundary(phases[k], 0, 0, i, &boundary), PH_OK);
            found = found ||
                    (strcmp(boundary.kind, "continuous") == 0 && fabs(boundary.place - 1.0) < 1e-8);
        }
        ck_assert(found);
        ck_assert_int_eq(ph_phase_boundary(phases[k], 0, 0, 99, &boundary), PH_ERR_INPUT);
        ph_phase_delete(phases[k]);
    }
    ph_grid_delete(grid);
}
END_TEST

/* Grids from text, settings and files; what is wrong is said all at once. */
START_TEST(grids)
{
    const char *const settings[] = {"neurons=30", "network.patterns=2", "noise=[0.2, 0.1, 0.3]",
                                    "dilution=[0, 0.5]", "dynamics.sweeps=4"};
    char text[32];
    size_t index[2];
    ph_grid_t *grid;
    ph_report_t *report = ph_report_new();
    ck_assert_int_eq(ph_grid_new(&grid, NULL, 5, settings, report), PH_OK);
    ck_assert(ph_grid_points(grid) == 6 && ph_grid_axes(grid) == 2);
    ck_assert_str_eq(ph_grid_axis_name(grid, 0), "dilution");
    ck_assert_ptr_null(ph_grid_axis_name(grid, 2));
    ck_assert(ph_grid_axis_size(grid, 1) == 3 && ph_grid_axis_size(grid, 2) == 0);
    ck_assert_int_eq(ph_grid_axis_text(grid, 1, 1, text, sizeof(text)), PH_OK);
    ck_assert_str_eq(text, "0.2");
    ck_assert_int_eq(ph_grid_axis_text(grid, 1, 3, text, sizeof(text)), PH_ERR_INPUT);
    ck_assert_int_eq(ph_grid_place(grid, 5, index), PH_OK);
    ck_assert(index[0] == 1 && index[1] == 2);
    ck_assert_int_eq(ph_grid_place(grid, 6, index), PH_ERR_INPUT);
    ck_assert(ph_grid_neurons(grid, 5) == 30 && ph_grid_patterns(grid, 0) == 2);
    ck_assert(ph_grid_neurons(grid, 6) == 0 && ph_grid_patterns(grid, 6) == 0);
    ck_assert(ph_grid_noise(grid, 2) == 0.3 && isnan(ph_grid_noise(grid, 6)));
    ck_assert(ph_grid_records(grid, 0) == 5 && ph_grid_records(grid, 6) == 0);
    ck_assert(ph_grid_samples(grid) == 1 && ph_grid_replicas(grid) >= 1);
    FILE *file = fopen(name("grid.yaml"), "w");
    ck_assert_ptr_nonnull(file);
    fputs(ph_grid_text(grid), file);
    fclose(file);
    ph_grid_delete(grid);
    ck_assert_int_eq(ph_grid_new_from_file(&grid, name("grid.yaml"), 1, &settings[0], report),
                     PH_OK);
    ck_assert_uint_eq(ph_grid_points(grid), 6);
    ph_grid_delete(grid);
    ck_assert_uint_eq(ph_report_count(report), 0);
    ck_assert_int_eq(
        ph_grid_new(&grid, "network: { neurons: -1, patterns: x }\nnoize: 1\n", 0, NULL, report),
        PH_ERR_INPUT);
    ck_assert_ptr_null(grid);
    ck_assert_uint_ge(ph_report_count(report), 3);
    ck_assert_int_eq(ph_report_status(report, 0), PH_ERR_INPUT);
    ck_assert_str_eq(ph_report_text(report, 1000), "");
    ph_report_clear(report);
    ck_assert_int_eq(ph_grid_new_from_file(&grid, name("absent.yaml"), 0, NULL, report), PH_ERR_IO);
    ck_assert_ptr_null(grid);
    ph_report_delete(report);
}
END_TEST

PH_TEST_PROGRAM("api_files")
{
    char command[64];
    TCase *tcase = tcase_create("api_files");
    tcase_set_timeout(tcase, 120);
    snprintf(folder, sizeof(folder), "/tmp/polyhebb-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    tcase_add_test(tcase, simulate_and_read);
    tcase_add_test(tcase, theory_and_verdict);
    tcase_add_test(tcase, phase_diagram);
    tcase_add_test(tcase, grids);
    const int bad = test_run("api_files", tcase);
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command) != 0 || bad;
}
