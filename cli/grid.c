/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/output.h"
#include "sim/run/look.h"
#include "sim/store/gridfile.h"

/* What the text begins with, by which it is known again. */
static const char HEAD[] = "# Every key of a grid, written by 'polyhebb grid'\n";

static bool is_ours(FILE *file)
{
    char head[sizeof(HEAD)];
    return fgets(head, sizeof(head), file) != NULL && strcmp(head, HEAD) == 0;
}

/* The grid of a file of one of these kinds; what is no such file is taken for a run. */
static int load(ph_grid_t *grid, const char *path, ph_report_t *report)
{
    static const char *const KINDS[] = {"theory", "phase", "comparison", "attractors"};
    const size_t kinds = sizeof(KINDS) / sizeof(KINDS[0]);
    size_t k = 0;
    ph_gridfile_t file;
    while (k < kinds && !ph_gridfile_is(path, KINDS[k]))
        k++;
    if (k == kinds)
        return ph_look_grid(path, grid, report);
    ph_grid_init(grid);
    int status = ph_gridfile_open(&file, path, KINDS[k], report);
    if (status == PH_OK)
        status = ph_grid_parse(grid, file.grid->text, path, 0, NULL, report);
    ph_gridfile_close(&file);
    return status;
}

static int print(const ph_grid_t *grid, const char *path, ph_report_t *report)
{
    static const ph_output_kind_t GRID = {"a grid that 'polyhebb grid' wrote",
                                          "give another output with -o, or remove it", is_ours};
    ph_output_t output;
    if (path == NULL) {
        if (printf("%s%s", HEAD, grid->text) < 0 || fflush(stdout) != 0)
            return ph_fail(report, PH_ERR_IO, "the grid on standard output is not whole");
        return PH_OK;
    }
    const int status = ph_output_open(&output, path, &GRID, report);
    if (status == PH_OK) {
        fprintf(output.stream, "%s%s", HEAD, grid->text);
        return ph_output_commit(&output, 0, report);
    }
    ph_output_close(&output);
    return status;
}

static int act(void *arguments, ph_report_t *report)
{
    const ph_arguments_t *a = arguments;
    ph_grid_t grid;
    int status = load(&grid, a->path, report);
    if (status == PH_OK)
        status = print(&grid, a->output, report);
    ph_grid_free(&grid);
    return ph_cli_finish(report, status);
}

static const ph_option_t OPTIONS[] = {
    {"output", 'o', "FILE", "write to a file instead of the terminal", .type = PH_OPTION_FILE,
     .offset = offsetof(ph_arguments_t, output)},
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"grid run.h5 -o again.yaml", "the grid file that makes a run again"}, {.words = NULL}};

const ph_verb_t PH_VERB_GRID = {
    .name = "grid",
    .help = "the grid file that makes a run again",
    .about = "The grid of a run, theory, phase, comparison or attractors file as a grid file with "
             "every key "
             "written out: run, it gives the same numbers. Of a run that is at work or was killed "
             "too, also where only its journal is there.",
    .forms = {{{"FILE",
                PH_FILES_RUN | PH_FILES_THEORY | PH_FILES_PHASE | PH_FILES_COMPARISON |
                    PH_FILES_ATTRACTORS,
                PH_OPERAND_ONE, offsetof(ph_arguments_t, path)}}},
    .options = OPTIONS,
    .size = sizeof(ph_arguments_t),
    .examples = EXAMPLES,
    .act = act,
};
