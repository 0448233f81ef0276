/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/theory/theoryfile.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "params/words.h"

static const struct argp_option OPTIONS[] = {
    {"output", 'o', "FILE", 0, "theory file to write (default: NAME-theory.h5, here)", 0},
    {"threads", 'j', "N", 0, "threads (default: as many as are allowed)", 0},
    {"set", 'S', "KEY=VALUE", 0, "override a key of the grid", 0},
    {0}};

/* A theory that did not converge somewhere is written, but does not pass for done. */
static int solve(const ph_grid_t *grid, bool with_samples, const char *path, int threads,
                 ph_report_t *report)
{
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
static char *list_kinds(int key, const char *text, void *input)
{
    char *list = NULL;
    size_t size = 0;
    (void)input;
    if (key != ARGP_KEY_HELP_POST_DOC)
        return (char *)(uintptr_t)text;
    FILE *out = open_memstream(&list, &size);
    if (out == NULL)
        return NULL;
    fputs("Kinds, by the grid's key theory.kinds:\n", out);
    for (size_t k = 0; k < PH_THEORY_WORDS.count; k++)
        fprintf(out, "  %s: %s\n", ph_theory_kind_name((ph_theory_kind_t)k),
                ph_theory_kind_help((ph_theory_kind_t)k));
    return fclose(out) == 0 ? list : NULL;
}

int ph_cli_theory(int argc, char **argv)
{
    static const char DOC[] =
        "Mean field of the infinite network on a grid's axes, from the grid's start; for a run "
        "file also that of its own samples, with the 1/N correction (NaN where it is no small "
        "correction: correction_reason_sample says why).\v";
    static const ph_solver_t SOLVER = {"theory", DOC, OPTIONS, list_kinds, solve};
    return ph_cli_solver(&SOLVER, argc, argv);
}
