/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/visible.h"
#include "cli/cli.h"
#include "sim/run/run.h"

typedef struct {
    const char *output;
    bool take_over;
    int count;
    char **paths;
} arguments_t;

static const struct argp_option OPTIONS[] = {
    {"output", 'o', "FILE", 0, "the file to write (required)", 0},
    {"take-over", PH_KEY_TAKE_OVER, NULL, 0,
     "write what a process of another host began to write: only if you know that it has ended", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments_t *a = state->input;
    switch (key) {
    case 'o':
        if (text[0] == '\0')
            argp_error(state, "--output needs a file's name");
        a->output = text;
        break;
    case PH_KEY_TAKE_OVER:
        a->take_over = true;
        break;
    case ARGP_KEY_ARGS:
        a->paths = state->argv + state->next;
        a->count = state->argc - state->next;
        break;
    case ARGP_KEY_END:
        if (a->count == 0)
            argp_error(state, "which files?");
        if (a->output == NULL)
            argp_error(state, "where to? Give -o FILE");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int ph_cli_merge(int argc, char **argv)
{
    static const char DOC[] = "Puts the shards of one grid together into one run file. Exit 75 "
                              "where chains are still missing: the file then holds what there is.";
    const struct argp argp = {OPTIONS, parse, "FILE... -o FILE", DOC, NULL, NULL, NULL};
    arguments_t a = {0};
    ph_report_t report;
    if (!ph_cli_parse(&argp, argc, argv, &a))
        return PH_EXIT_USAGE;
    ph_report_init(&report);
    int status =
        ph_run_merge((size_t)a.count, (const char *const *)a.paths, a.output, a.take_over, &report);
    if (status == PH_OK)
        ph_print(stdout, "%s: complete, from %d file%s\n", a.output, a.count,
                 a.count == 1 ? "" : "s");
    return ph_cli_finish(&report, status);
}
