/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/slurm_script.h"
#include "sim/store/shard.h"

typedef struct {
    const char *path;
    ph_texts_t overrides;
    uint64_t shards, threads;
} arguments_t;

/* One command a part, which a shell takes as it is and from whatever folder: GNU parallel,
 * HyperQueue, disBatch, and arrays of PBS, LSF and SGE that take line after line. */
static void put_tasks(const arguments_t *a, const char *folder, const char *grid, const char *name,
                      const char *program)
{
    for (uint64_t part = 0; part < a->shards; part++) {
        fputs("cd ", stdout);
        ph_put_word(stdout, folder);
        fputs(" && ", stdout);
        ph_put_word(stdout, program);
        fputs(" run ", stdout);
        ph_put_word(stdout, grid);
        for (size_t k = 0; k < a->overrides.count; k++) {
            fputs(" --set ", stdout);
            ph_put_word(stdout, a->overrides.texts[k]);
        }
        if (a->threads > 0)
            printf(" -j %" PRIu64, a->threads);
        fputs(" -q -o ", stdout);
        ph_put_word(stdout, name);
        printf(" -s %" PRIu64 "/%" PRIu64 "\n", part, a->shards);
    }
}

static int act(void *arguments, ph_report_t *report)
{
    enum { PATH_SIZE = 4096 };
    const arguments_t *a = arguments;
    char program[PATH_SIZE] = "";
    ph_grid_t grid;
    ph_grid_init(&grid);
    char *name = ph_cli_output_name(a->path, ".h5");
    int status = ph_grid_load(&grid, a->path, a->overrides.count, a->overrides.texts, report);
    if (readlink("/proc/self/exe", program, sizeof(program) - 1) <= 0)
        strcpy(program, "polyhebb");
    char *file = status == PH_OK ? realpath(a->path, NULL) : NULL;
    char *folder = status == PH_OK ? realpath(".", NULL) : NULL;
    if (status == PH_OK && (name == NULL || file == NULL || folder == NULL))
        status = ph_fail(report, PH_ERR_IO, "cannot find the folder of %s", a->path);
    if (status == PH_OK)
        put_tasks(a, folder, file, name, program);
    ph_grid_free(&grid);
    free(folder);
    free(file);
    free(name);
    return ph_cli_finish(report, status);
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {PH_OPTION_ROW_THREADS(arguments_t, threads),
                                      PH_OPTION_ROW_SET(arguments_t, overrides),
                                      {"shards", 'n', "N", "parts, one line each (required)",
                                       .type = PH_OPTION_NUMBER, AT(shards), .minimum = 1,
                                       .maximum = PH_SHARDS_MAX, .required = true},
                                      {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"tasks grid.yaml -n 64", "the commands of 64 parts, a line each, for any scheduler"},
    {.words = NULL}};

const ph_verb_t PH_VERB_TASKS = {
    .name = "tasks",
    .help = "a grid in parts, one command a line, for any scheduler",
    .about =
        "Prints the commands that run a grid in parts, one a line, as GNU parallel, HyperQueue "
        "and disBatch take them, and arrays of PBS, LSF and SGE line by line. They may be "
        "given again until all parts are done; then: polyhebb merge.",
    .forms = {{{"GRID", PH_FILES_GRID, PH_OPERAND_ONE, offsetof(arguments_t, path)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .examples = EXAMPLES,
    .act = act,
};
