/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/theory/kinds.h"
#include "analysis/theory/theoryfile.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "params/words.h"

/* A theory that did not converge somewhere is written, but does not pass for done. */
static int solve(const ph_grid_t *grid, const ph_arguments_t *a, const char *path, int threads,
                 ph_report_t *report)
{
    const bool with_samples = ph_cli_is_hdf5(a->path);
    ph_theory_t theory = {0};
    int status = ph_theory_solve(&theory, grid, grid->kinds, with_samples, threads, report);
    if (status == PH_OK)
        status = ph_theory_write(&theory, path, report);
    if (status == PH_OK) {
        ph_print(stdout, "%s:", path);
        for (int k = 0; k < (int)PH_THEORY_WORDS.count; k++)
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

/* Below the options the kinds of theory, from the rows of their list. */
static void list_kinds(FILE *out)
{
    char text[512];
    fputs("Kinds, by the grid's key theory.kinds:\n", out);
    for (size_t k = 0; k < PH_THEORY_WORDS.count; k++) {
        snprintf(text, sizeof(text), "%s: %s", ph_theory_kind_name((ph_theory_kind_t)k),
                 ph_theory_kind_help((ph_theory_kind_t)k));
        fputs("  ", out);
        ph_cli_wrap(out, 2, 4, text);
    }
}

static int act(void *arguments, ph_report_t *report)
{
    static const ph_solver_t SOLVER = {"theory", solve, NULL};
    return ph_cli_solver(&SOLVER, arguments, report);
}

static const ph_option_t OPTIONS[] = {
    PH_OPTION_ROW_THREADS(ph_arguments_t, threads),
    {"output", 'o', "FILE", "theory file to write (default: NAME-theory.h5, here)",
     .type = PH_OPTION_FILE, .offset = offsetof(ph_arguments_t, output)},
    PH_OPTION_ROW_SET(ph_arguments_t, overrides),
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"theory run.h5", "of a run's grid and of each of its samples, into run-theory.h5"},
    {"theory grid.yaml -o theory.h5", "of a grid, before anything is simulated"},
    {.words = NULL}};

const ph_verb_t PH_VERB_THEORY = {
    .name = "theory",
    .help = "mean field on the same axes",
    .about = "Mean field of the infinite network on a grid's axes, from the grid's start; for a "
             "run file also that of its own samples, with the 1/N correction (NaN where it is no "
             "small correction: correction_reason_sample says why).",
    .forms = {{{"GRID|RUN", PH_FILES_GRID | PH_FILES_RUN, PH_OPERAND_ONE,
                offsetof(ph_arguments_t, path)}}},
    .options = OPTIONS,
    .size = sizeof(ph_arguments_t),
    .list = list_kinds,
    .examples = EXAMPLES,
    .act = act,
};
