/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/cli.h"
#include "params/starter.h"

static const struct argp_option OPTIONS[] = {
    {"reference", 'r', NULL, 0, "every key with unit, range and default instead", 0}, {0}};

static error_t parse(int key, char *text, struct argp_state *state)
{
    bool *reference = state->input;
    switch (key) {
    case 'r':
        *reference = true;
        break;
    case ARGP_KEY_ARG:
        ph_cli_usage(state, "no argument expected, got '%s'", text);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int ph_cli_new(int argc, char **argv)
{
    static const char DOC[] = "Prints a commented grid file to start from.";
    const struct argp argp = {OPTIONS, parse, "", DOC, NULL, NULL, NULL};
    bool reference = false;
    ph_report_t report;
    if (!ph_cli_parse(&argp, argc, argv, &reference))
        return PH_EXIT_USAGE;
    ph_report_init(&report);
    int status =
        reference ? ph_reference_write(stdout, &report) : ph_starter_write(stdout, &report);
    return ph_cli_finish(&report, status);
}
