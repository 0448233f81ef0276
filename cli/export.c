/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/export/export.h"
#include "cli/cli.h"
#include "cli/output.h"

typedef enum { EXPORT_ESTIMATES, EXPORT_PATTERNS, EXPORT_TRAJECTORY } what_t;

typedef struct {
    const char *path, *output;
    ph_overrides_t points; /* texts of --point */
    what_t what;
    ph_view_t view;
    ph_text_format_t format;
    long long sample, replica;
} arguments_t;

enum { KEY_CSV = 256 };

static const struct argp_option OPTIONS[] = {
    {"patterns", 'P', NULL, 0, "the patterns of a sample, drawn again from the seed", 0},
    {"trajectory", 't', NULL, 0, "the records of one chain", 0},
    {"point", 'p', "KEY=VALUE,...", 0, "only points with these values on their axes", 0},
    {"sample", 's', "I", 0, "which sample: 1, 2, ... (default 1)", 0},
    {"replica", 'r', "R", 0, "which chain on it: 1, 2, ... (default 1)", 0},
    {"ordered", PH_KEY_ORDERED, NULL, 0,
     "estimates by rank: the patterns of each sample in descending order, as far as the start "
     "leaves a symmetry",
     0},
    {"csv", KEY_CSV, NULL, 0, "comma-separated instead of columns", 0},
    {"output", 'o', "FILE", 0, "write to a file instead of the terminal", 0},
    {0}};

static long long parse_number(struct argp_state *state, const char *option, const char *text)
{
    char *end;
    errno = 0;
    const long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || value < 1)
        ph_cli_usage(state, "--%s takes a number 1, 2, ..., not '%s'", option, text);
    return value;
}

static void choose(arguments_t *a, what_t what, struct argp_state *state)
{
    if (a->what != EXPORT_ESTIMATES && a->what != what)
        argp_error(state, "either --patterns or --trajectory");
    a->what = what;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    arguments_t *a = state->input;
    switch (key) {
    case 'P':
        choose(a, EXPORT_PATTERNS, state);
        break;
    case 't':
        choose(a, EXPORT_TRAJECTORY, state);
        break;
    case 'p':
        ph_cli_override(&a->points, text, state);
        break;
    case 's':
        a->sample = parse_number(state, "sample", text);
        break;
    case 'r':
        a->replica = parse_number(state, "replica", text);
        break;
    case PH_KEY_ORDERED:
        a->view = PH_VIEW_RANKS;
        break;
    case KEY_CSV:
        a->format = PH_TEXT_CSV;
        break;
    case 'o':
        if (text[0] == '\0')
            argp_error(state, "--output needs a file's name");
        a->output = text;
        break;
    case ARGP_KEY_ARG:
        if (a->path != NULL)
            ph_cli_usage(state, "one run file, not also '%s'", text);
        a->path = text;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which run file?");
        break;
    case ARGP_KEY_END:
        if ((a->sample > 0 && a->what == EXPORT_ESTIMATES) ||
            (a->replica > 0 && a->what != EXPORT_TRAJECTORY))
            argp_error(state, "--sample goes with --patterns or --trajectory, --replica with "
                              "--trajectory");
        if (a->view == PH_VIEW_RANKS && a->what != EXPORT_ESTIMATES)
            argp_error(state, "--ordered goes with estimates, not with --patterns or --trajectory");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int export_to(FILE *out, const arguments_t *a, ph_runfile_t *run, ph_report_t *report)
{
    const long long sample = a->sample > 0 ? a->sample : 1;
    const long long replica = a->replica > 0 ? a->replica : 1;
    ph_selection_t selection;
    int status = PH_OK;
    ph_selection_init(&selection, run->base.grid);
    for (size_t i = 0; i < a->points.count && status == PH_OK; i++)
        status = ph_selection_add(&selection, a->points.texts[i], report);
    if (status != PH_OK)
        return status;
    switch (a->what) {
    case EXPORT_PATTERNS:
        return ph_export_patterns(out, &selection, sample, a->format, report);
    case EXPORT_TRAJECTORY:
        return ph_export_trajectory(out, run, &selection, sample, replica, a->format, report);
    default:
        return ph_export_estimates(out, run, &selection, a->view, a->format, report);
    }
}

static int export_file(const arguments_t *a, ph_runfile_t *run, ph_report_t *report)
{
    static const ph_output_kind_t TABLE = {"a table of polyhebb export",
                                           "give another output with -o, or remove it",
                                           ph_export_is_table};
    ph_output_t output;
    int status = ph_output_open(&output, a->output, &TABLE, report);
    if (status == PH_OK)
        status = export_to(output.stream, a, run, report);
    if (status == PH_OK)
        return ph_output_commit(&output, 0, report);
    if (status == PH_ERR_IO)
        ph_note(report, "%s is not written", a->output);
    ph_output_close(&output);
    return status;
}

static int export_run(const arguments_t *a, ph_report_t *report)
{
    ph_runfile_t run;
    int status = ph_runfile_open(&run, a->path, report);
    if (status == PH_OK && a->output != NULL)
        status = export_file(a, &run, report);
    else if (status == PH_OK) {
        status = export_to(stdout, a, &run, report);
        if (status == PH_ERR_IO)
            ph_note(report, "the table on standard output is not whole");
    }
    ph_runfile_close(&run);
    return status;
}

int ph_cli_export(int argc, char **argv)
{
    static const char DOC[] =
        "A run as text: by default the estimates of every point (mean, error, autocorrelation "
        "time), one row a point and pattern; or the patterns of a sample; or a trajectory. A row's "
        "pattern is the archetype of that number, its sign as recorded; --ordered ranks them "
        "instead. At noise 0 the estimates are those of the chains' last states. An error that "
        "cannot be known is nan, with the remark short where chains are below 50 tau.";
    const struct argp argp = {OPTIONS, parse, "RUN", DOC, NULL, NULL, NULL};
    arguments_t a = {0};
    ph_report_t report;
    if (!ph_cli_parse(&argp, argc, argv, &a))
        return PH_EXIT_USAGE;
    ph_report_init(&report);
    int status = export_run(&a, &report);
    free(a.points.texts);
    return ph_cli_finish(&report, status);
}
