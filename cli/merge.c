/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/visible.h"
#include "cli/cli.h"
#include "cli/slurm_script.h"
#include "sim/run/merge.h"
#include "sim/run/run.h"

typedef struct {
    const char *output;
    bool take_over, resubmit;
    ph_texts_t paths;
} arguments_t;

enum { PATH_SIZE = 4096 };

/* "0,3-7,12" of the tasks whose parts have something left. */
static void put_tasks(FILE *out, const ph_slurm_shape_t *shape, const ph_parts_left_t *left)
{
    bool unfinished[PH_ARRAY_MAX] = {false};
    const char *comma = "";
    for (uint32_t part = 0; part < left->count; part++)
        unfinished[ph_slurm_task(shape, part)] |= left->unfinished[part];
    for (uint32_t task = 0, end; task < shape->tasks; task = end + 1) {
        for (end = task; end < shape->tasks && unfinished[end]; end++)
            continue;
        if (end > task)
            fprintf(out, end > task + 1 ? "%s%u-%u" : "%s%u", comma, task, end - 1);
        comma = end > task ? "," : comma;
    }
}

/* The line that submits what is left, where its scripts stand beside the parts: names that need no
 * quotes, as `polyhebb slurm` takes no others. To be freed; NULL: no such scripts. */
static char *submission(const char *first, const ph_parts_left_t *left)
{
    size_t prefix, size;
    ph_shard_t shard;
    char *line = NULL;
    if (left->count == 0 || !ph_shard_of_name(first, &prefix, &shard) || prefix >= PATH_SIZE)
        return NULL;
    char name[PATH_SIZE + 16];
    snprintf(name, sizeof(name), "%.*s-array.sh", (int)prefix - 1, first);
    FILE *out = access(name, R_OK) == 0 ? open_memstream(&line, &size) : NULL;
    if (out != NULL) {
        fputs("job=$(sbatch --parsable --array=", out);
        const ph_slurm_shape_t shape = ph_slurm_read_shape(name, left->count);
        put_tasks(out, &shape, left);
        if (shape.throttle > 0)
            fprintf(out, "%%%" PRIu64, shape.throttle);
        fprintf(out, " '%.*s-array.sh') && sbatch --dependency=afterany:${job%%;*} '%.*s-merge.sh'",
                (int)prefix - 1, first, (int)prefix - 1, first);
        fclose(out);
    }
    if (line != NULL && (!ph_is_visible(first) || memchr(first, '\'', prefix) != NULL)) {
        free(line);
        line = NULL;
    }
    return line;
}

/* Says how to submit what is left, and does so where it is asked for. */
static int submit_left(const arguments_t *a, const ph_parts_left_t *left, ph_report_t *report)
{
    char *line = submission(a->paths.texts[0], left);
    int status = PH_OK;
    if (line != NULL)
        printf("to submit what is left, and the merge after it:\n%s\n", line);
    fflush(stdout);
    if (a->resubmit && line == NULL)
        status = ph_fail(report, PH_ERR_INPUT,
                         "--resubmit: expected the parts' job scripts, as polyhebb slurm writes "
                         "them, beside %s",
                         a->paths.texts[0]);
    else if (a->resubmit && system(line) != 0)
        status = ph_fail(report, PH_ERR_IO, "sbatch did not take the jobs");
    free(line);
    return status;
}

static int act(void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    const size_t count = a->paths.count;
    ph_parts_left_t left = {0, NULL};
    int status = ph_run_merge(count, a->paths.texts, a->output, a->take_over, &left, report);
    if (status == PH_OK)
        ph_print(stdout, "%s: complete, from %zu file%s\n", a->output, count,
                 count == 1 ? "" : "s");
    if (status == PH_ERR_INTERRUPTED) {
        const int submitted = submit_left(a, &left, report);
        status = submitted != PH_OK ? submitted : status;
    }
    ph_parts_left_free(&left);
    return ph_cli_finish(report, status);
}

static const ph_option_t OPTIONS[] = {
    {"output", 'o', "FILE", "the file to write (required)", .type = PH_OPTION_FILE,
     .offset = offsetof(arguments_t, output), .required = true},
    {"resubmit", 'r', NULL, "submit what is not finished to Slurm, and the merge after it",
     .type = PH_OPTION_FLAG, .offset = offsetof(arguments_t, resubmit)},
    {"take-over", '\0', NULL,
     "write what a process of another host began to write: only if you know that it has ended",
     .type = PH_OPTION_FLAG, .offset = offsetof(arguments_t, take_over)},
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"merge grid.*-of-8.h5 -o grid.h5", "the parts of a cluster's array"}, {.words = NULL}};

const ph_verb_t PH_VERB_MERGE = {
    .name = "merge",
    .help = "put shards together",
    .about = "Puts the shards of one grid together into one run file. Exit 75 where chains are "
             "still missing: the file then holds what there is; where the job scripts stand beside "
             "the shards, the line is printed that submits those.",
    .forms = {{{"FILE", PH_FILES_RUN, PH_OPERAND_MANY, offsetof(arguments_t, paths)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .examples = EXAMPLES,
    .act = act,
};
