/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "analysis/compare/occupation.h"
#include "analysis/compare/retrieved.h"
#include "analysis/export/export.h"
#include "analysis/export/quantities.h"
#include "analysis/export/retrieved.h"
#include "analysis/export/reweight.h"
#include "analysis/export/states.h"
#include "analysis/theory/theoryfile.h"
#include "base/machine.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "sim/run/look.h"

typedef enum {
    EXPORT_ESTIMATES,
    EXPORT_PATTERNS,
    EXPORT_EXAMPLES,
    EXPORT_TRAJECTORY,
    EXPORT_QUANTITIES,
    EXPORT_STATES,
    EXPORT_RETRIEVED
} what_t;

typedef struct {
    const char *path, *theory, *output;
    ph_retrieval_t rule;
    ph_texts_t points; /* texts of --point */
    what_t what;
    ph_view_t view;
    ph_text_format_t format;
    uint64_t sample, replica;
    const char *reweight; /* text of the option, or NULL */
} arguments_t;

static int check(const void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    const bool chain = a->what == EXPORT_TRAJECTORY || a->what == EXPORT_STATES;
    const bool averages =
        a->what == EXPORT_ESTIMATES || a->what == EXPORT_QUANTITIES || a->what == EXPORT_RETRIEVED;
    if (a->what != EXPORT_RETRIEVED && a->theory != NULL)
        return ph_fail(report, PH_ERR_INPUT,
                       "one file, not also '%s': a second one is a theory, which goes with "
                       "--retrieved",
                       a->theory);
    if (a->what != EXPORT_RETRIEVED && (a->rule.share > 0.0 || a->rule.absolute > 0.0))
        return ph_fail(report, PH_ERR_INPUT, "--threshold and --absolute go with --retrieved");
    if (a->rule.share > 0.0 && a->rule.absolute > 0.0)
        return ph_fail(
            report, PH_ERR_INPUT,
            "--threshold is a share of what is left, --absolute is none: expected one of "
            "them");
    if ((a->sample > 0 && averages) || (a->replica > 0 && !chain))
        return ph_fail(report, PH_ERR_INPUT,
                       "--sample goes with --patterns, --examples, --trajectory or --states, "
                       "--replica with --trajectory or --states");
    if (a->view == PH_VIEW_RANKS && (a->what != EXPORT_ESTIMATES || a->reweight != NULL))
        return ph_fail(report, PH_ERR_INPUT,
                       "--ordered goes with estimates, not with --patterns, --examples, "
                       "--trajectory, --states, --quantities, --reweight or --retrieved");
    ph_noises_t noises;
    if (a->reweight != NULL && a->what != EXPORT_ESTIMATES)
        return ph_fail(report, PH_ERR_INPUT,
                       "--reweight gives a table of its own, without --patterns, --examples, "
                       "--trajectory, --states, --quantities or --retrieved");
    return a->reweight != NULL ? ph_noises_parse(&noises, a->reweight, report) : PH_OK;
}

/* The rule of the command line, and what the theory that is given says by it. */
static int export_retrieved(FILE *out, const arguments_t *a, ph_runfile_t *run,
                            const ph_selection_t *selection, ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    ph_retrieval_t rule = a->rule;
    ph_theory_t theory = {0};
    rule.share = rule.share > 0.0 ? rule.share : PH_RETRIEVAL_USUAL.share;
    if (a->theory == NULL)
        return ph_export_retrieved(out, run, selection, &rule, NULL, a->format, report);
    double *numbers = calloc(2 * grid->points_count, sizeof(*numbers));
    int status = numbers != NULL
                     ? ph_theory_read(&theory, grid, a->theory, report)
                     : ph_fail(report, PH_ERR_MEMORY, "no memory to read %s", a->theory);
    if (status == PH_OK)
        status =
            ph_retrieved_of_theory(&theory, &rule, numbers, numbers + grid->points_count, report);
    const ph_retrieved_theory_t known = {numbers, numbers + grid->points_count};
    if (status == PH_OK)
        status = ph_export_retrieved(out, run, selection, &rule, &known, a->format, report);
    ph_theory_free(&theory);
    free(numbers);
    return status;
}

static int export_to(FILE *out, const arguments_t *a, ph_runfile_t *run, ph_report_t *report)
{
    const long long sample = a->sample > 0 ? (long long)a->sample : 1;
    const long long replica = a->replica > 0 ? (long long)a->replica : 1;
    ph_selection_t selection;
    ph_selection_init(&selection, run->base.grid);
    int status = ph_selection_add_all(&selection, (const char *const *)a->points.texts,
                                      a->points.count, report);
    if (status != PH_OK)
        return status;
    if (a->reweight != NULL) {
        ph_noises_t noises;
        status = ph_noises_parse(&noises, a->reweight, report);
        return status != PH_OK
                   ? status
                   : ph_export_reweighted(out, run, &selection, &noises,
                                          (int)ph_machine_threads(0).value, a->format, report);
    }
    switch (a->what) {
    case EXPORT_PATTERNS:
        return ph_export_patterns(out, &selection, sample, a->format, report);
    case EXPORT_EXAMPLES:
        return ph_export_examples(out, &selection, sample, a->format, report);
    case EXPORT_TRAJECTORY:
        return ph_export_trajectory(out, run, &selection, sample, replica, a->format, report);
    case EXPORT_STATES:
        return ph_export_states(out, run, &selection, sample, replica, a->format, report);
    case EXPORT_RETRIEVED:
        return export_retrieved(out, a, run, &selection, report);
    case EXPORT_QUANTITIES:
        return ph_export_quantities(out, run, &selection, &PH_COMPARE_WELLS,
                                    (int)ph_machine_threads(0).value, a->format, report);
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
    int status = ph_look_open(&run, a->path, report);
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

static int act(void *arguments, ph_report_t *report)
{
    return ph_cli_finish(report, export_run(arguments, report));
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {
    {"absolute", '\0', "M", "with --retrieved: what counts, as |m| itself", .type = PH_OPTION_REAL,
     AT(rule.absolute), .maximum = 1},
    {"csv", '\0', NULL, "comma-separated instead of columns", .type = PH_OPTION_CHOICE, AT(format),
     .code = PH_TEXT_CSV},
    {"examples", 'e', NULL, "the examples that a sample's network learned, of one point",
     .type = PH_OPTION_CHOICE, AT(what), .code = EXPORT_EXAMPLES},
    {"json", '\0', NULL, "JSON instead of columns", .type = PH_OPTION_CHOICE, AT(format),
     .code = PH_TEXT_JSON},
    {"ordered", '\0', NULL,
     "estimates by rank: the patterns of each sample in descending order, as far as the start "
     "leaves a symmetry",
     .type = PH_OPTION_CHOICE, AT(view), .code = PH_VIEW_RANKS},
    {"output", 'o', "FILE", "write to a file instead of the terminal", .type = PH_OPTION_FILE,
     AT(output)},
    {"point", 'p', "KEY=VALUE,...", "only points with these values on their axes",
     .type = PH_OPTION_TEXTS, AT(points)},
    {"patterns", 'P', NULL, "the patterns of a sample, drawn again from the seed",
     .type = PH_OPTION_CHOICE, AT(what), .code = EXPORT_PATTERNS},
    {"quantities", '\0', NULL,
     "the quantities listed below, with thermal and disorder error apart, exact sums and theory "
     "beside them",
     .type = PH_OPTION_CHOICE, AT(what), .code = EXPORT_QUANTITIES},
    {"replica", 'r', "R", "which chain on it: 1, 2, ... (default 1)", .type = PH_OPTION_NUMBER,
     AT(replica), .minimum = 1, .maximum = UINT32_MAX},
    {"retrieved", '\0', NULL, "how many patterns are retrieved at each point",
     .type = PH_OPTION_CHOICE, AT(what), .code = EXPORT_RETRIEVED},
    {"reweight", '\0', "T1:T2:n",
     "quantities at n noises from T1 to T2, by the records of all noises together",
     .type = PH_OPTION_TEXT, AT(reweight)},
    {"sample", 's', "I", "which sample: 1, 2, ... (default 1)", .type = PH_OPTION_NUMBER,
     AT(sample), .minimum = 1, .maximum = UINT32_MAX},
    {"states", '\0', NULL, "the recorded states of one chain: a neuron a row, a time a column",
     .type = PH_OPTION_CHOICE, AT(what), .code = EXPORT_STATES},
    {"threshold", '\0', "SHARE",
     "with --retrieved: what counts, as a share of what better retrieved patterns leave (default "
     "0.5)",
     .type = PH_OPTION_REAL, AT(rule.share), .maximum = 1},
    {"trajectory", 't', NULL, "the records of one chain", .type = PH_OPTION_CHOICE, AT(what),
     .code = EXPORT_TRAJECTORY},
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"export run.h5 --csv -o run.csv", "estimates with errors, a row a point and pattern"},
    {"export run.h5 -t -s 1 -r 2 -p noise=0.1", "the records of one chain"},
    {.words = NULL}};

const ph_verb_t PH_VERB_EXPORT = {
    .name = "export",
    .help = "a run as text: estimates, quantities, patterns, trajectories, states",
    .about =
        "A run as text: by default the estimates of every point (mean, error, autocorrelation "
        "time), one row a point and pattern; or quantities as papers print them (susceptibility, "
        "specific heat, Binder cumulant, ...); or how many patterns are "
        "retrieved, beside what THEORY has of it; or the patterns or examples of a sample; or a "
        "trajectory, or the states that record.states has kept. A row's pattern is the archetype "
        "of that number, its sign as recorded; "
        "--ordered ranks "
        "them instead. At noise 0 the estimates are those of the chains' last states. An "
        "error that cannot be known is nan, with the remark short where chains are below 50 "
        "tau.",
    .forms = {{{"RUN", PH_FILES_RUN, PH_OPERAND_ONE, offsetof(arguments_t, path)},
               {"THEORY", PH_FILES_THEORY, PH_OPERAND_OPTIONAL, offsetof(arguments_t, theory)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .check = check,
    .list = ph_export_list_quantities,
    .examples = EXAMPLES,
    .act = act,
};
