/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/cli.h"
#include "params/starter.h"

typedef struct {
    bool reference;
} arguments_t;

static int act(void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    return ph_cli_finish(report, a->reference ? ph_reference_write(stdout, report)
                                              : ph_starter_write(stdout, report));
}

static const ph_option_t OPTIONS[] = {
    {"reference", 'r', NULL, "every key with unit, range and default instead",
     .type = PH_OPTION_FLAG, .offset = offsetof(arguments_t, reference)},
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"new", "a small grid with comments, to be saved as a file"}, {.words = NULL}};

const ph_verb_t PH_VERB_NEW = {
    .name = "new",
    .help = "print a commented grid to start from",
    .about = "Prints a commented grid file to start from.",
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .examples = EXAMPLES,
    .act = act,
};
