/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/visible.h"
#include "cli/cli.h"
#include "sim/run/merge.h"
#include "sim/run/run.h"

typedef struct {
    const char *output;
    bool take_over;
    ph_texts_t paths;
} arguments_t;

static int act(void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    const size_t count = a->paths.count;
    const int status = ph_run_merge(count, a->paths.texts, a->output, a->take_over, report);
    if (status == PH_OK)
        ph_print(stdout, "%s: complete, from %zu file%s\n", a->output, count,
                 count == 1 ? "" : "s");
    return ph_cli_finish(report, status);
}

static const ph_option_t OPTIONS[] = {
    {"output", 'o', "FILE", "the file to write (required)", .type = PH_OPTION_FILE,
     .offset = offsetof(arguments_t, output), .required = true},
    {"take-over", '\0', NULL,
     "write what a process of another host began to write: only if you know that it has ended",
     .type = PH_OPTION_FLAG, .offset = offsetof(arguments_t, take_over)},
    {.name = NULL}};

const ph_verb_t PH_VERB_MERGE = {
    .name = "merge",
    .help = "put shards together",
    .about = "Puts the shards of one grid together into one run file. Exit 75 where chains are "
             "still missing: the file then holds what there is.",
    .forms = {{{"FILE", PH_FILES_RUN, PH_OPERAND_MANY, offsetof(arguments_t, paths)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .act = act,
};
