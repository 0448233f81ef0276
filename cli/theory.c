/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analysis/theoryfile.h"
#include "base/machine.h"
#include "cli/cli.h"
#include "sim/store/gridfile.h"

static const struct argp_option OPTIONS[] = {
    {"output", 'o', "FILE", 0, "theory file to write (default: NAME-theory.h5, here)", 0},
    {"threads", 'j', "N", 0, "threads (default: as many as are allowed)", 0},
    {"set", 'S', "KEY=VALUE", 0, "override a key of the grid", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    return ph_cli_argument(state->input, key, text, state);
}

/* A theory that did not converge somewhere is written, but does not pass for done. */
static int solve(const ph_grid_t *grid, bool with_samples, const char *path, int threads,
                 ph_report_t *report)
{
    ph_theory_t theory = {0};
    int status = ph_gridfile_replaceable(path, "theory", report);
    if (status == PH_OK)
        status = ph_theory_solve(&theory, grid, grid->kinds, with_samples, threads, report);
    if (status == PH_OK)
        status = ph_theory_write(&theory, path, report);
    if (status == PH_OK) {
        printf("%s:", path);
        for (int k = 0; k < PH_THEORY_COUNT; k++)
            if ((grid->kinds >> k & 1u) != 0)
                printf(" %s", ph_theory_kind_name((ph_theory_kind_t)k));
        printf(" of %zu points%s\n", grid->points_count,
               with_samples ? ", also for each sample of the run" : "");
        if (theory.unconverged > 0)
            status = ph_fail(report, PH_ERR_NUMERIC,
                             "%zu of %zu points are left out or did not converge; in %s they are "
                             "nan, or marked by 'converged'",
                             theory.unconverged, grid->points_count, path);
    }
    ph_theory_free(&theory);
    return status;
}

int ph_cli_theory(int argc, char **argv)
{
    static const char DOC[] =
        "Mean field of the infinite network on a grid's axes, from the grid's start; for a run "
        "file (.h5) also that of its own samples, with the 1/N correction.";
    const struct argp argp = {OPTIONS, parse, "GRID|RUN", DOC, NULL, NULL, NULL};
    ph_arguments_t a = {0};
    ph_report_t report;
    ph_grid_t grid;
    argp_err_exit_status = PH_EXIT_USAGE;
    if (argp_parse(&argp, argc, argv, 0, NULL, &a) != 0)
        return PH_EXIT_USAGE;
    ph_report_init(&report);
    const bool is_run = ph_cli_is_hdf5(a.path);
    char *path = a.output != NULL ? strdup(a.output) : ph_cli_output_name(a.path, "-theory.h5");
    int status = ph_cli_load_grid(&grid, a.path, &a.overrides, &report);
    if (status == PH_OK && path == NULL)
        status = PH_ERR_MEMORY;
    if (status == PH_OK)
        status = solve(&grid, is_run, path, (int)ph_machine_threads(a.threads).value, &report);
    ph_grid_free(&grid);
    free(path);
    free(a.overrides.texts);
    return ph_cli_finish(&report, status);
}
