/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analysis/theory/theoryfile.h"
#include "cli/cli.h"
#include "cli/comparison.h"
#include "cli/scaling.h"
#include "sim/run/look.h"

typedef struct {
    const char *run, *theory, *output, *scaling;
    bool csv, brief;
    ph_view_t view;
} arguments_t;

/* A theory file beside the run that nobody gave is left alone, which is said. */
static void note_theory(const char *run, ph_report_t *report)
{
    static const char SUFFIX[] = "-theory.h5";
    size_t length = strlen(run);
    if (length > 3 && strcmp(run + length - 3, ".h5") == 0)
        length -= 3;
    char *path = malloc(length + sizeof(SUFFIX));
    if (path != NULL) {
        memcpy(path, run, length);
        memcpy(path + length, SUFFIX, sizeof(SUFFIX));
        if (ph_gridfile_is(path, "theory"))
            ph_note(report,
                    "the theory is solved anew, not read from %s: give that file after the "
                    "run to judge its numbers",
                    path);
    }
    free(path);
}

static int compare(const arguments_t *a, ph_verdict_t *verdict, ph_report_t *report)
{
    ph_runfile_t run;
    ph_theory_t theory;
    ph_comparison_table_t table = {0};
    const ph_theory_t *given = NULL;
    int status =
        a->output != NULL ? ph_gridfile_replaceable(a->output, "comparison", report) : PH_OK;
    if (status != PH_OK)
        return status;
    status = ph_look_open(&run, a->run, report);
    if (status == PH_OK && a->theory != NULL) {
        status = ph_theory_read(&theory, run.base.grid, a->theory, report);
        given = status == PH_OK ? &theory : NULL;
    } else if (status == PH_OK)
        note_theory(a->run, report);
    if (status == PH_OK && a->scaling != NULL)
        status = ph_cli_scaling(&run, given, a->csv, a->brief, verdict, report);
    else if (status == PH_OK)
        status = ph_comparison_table_make(&table, &run, given, a->view, report);
    if (status == PH_OK && a->output != NULL)
        status = ph_comparison_table_write(&table, a->output, report);
    if (status == PH_OK && a->scaling == NULL) {
        ph_cli_print_comparison(&table, a->csv, a->brief);
        *verdict = table.verdict;
    }
    ph_comparison_table_free(&table);
    if (given != NULL)
        ph_theory_free(&theory);
    ph_runfile_close(&run);
    return status;
}

/* A comparison that was kept, as it was found. */
static int print_file(const arguments_t *a, ph_verdict_t *verdict, ph_report_t *report)
{
    ph_gridfile_t file;
    ph_comparison_table_t table = {0};
    if (a->theory != NULL || a->output != NULL || a->view != PH_VIEW_PATTERNS || a->scaling != NULL)
        return ph_fail(report, PH_ERR_INPUT,
                       "%s is a comparison already: it is printed as it is, without THEORY, -o, "
                       "--ordered and --scaling, which go with its run",
                       a->run);
    int status = ph_gridfile_open(&file, a->run, "comparison", report);
    if (status == PH_OK)
        status = ph_comparison_table_read(&table, file.grid, a->run, report);
    if (status == PH_OK) {
        ph_cli_print_comparison(&table, a->csv, a->brief);
        *verdict = table.verdict;
    }
    ph_comparison_table_free(&table);
    ph_gridfile_close(&file);
    return status;
}

static int check_scaling(const arguments_t *a, ph_report_t *report)
{
    if (a->scaling == NULL)
        return PH_OK;
    if (strcmp(a->scaling, "neurons") != 0)
        return ph_fail(report, PH_ERR_INPUT, "--scaling %s: only `neurons` is known", a->scaling);
    return a->output == NULL && a->view == PH_VIEW_PATTERNS
               ? PH_OK
               : ph_fail(report, PH_ERR_INPUT,
                         "--scaling is of patterns and kept in no file: it goes without -o and "
                         "--ordered");
}

static int act(void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    ph_verdict_t verdict = PH_VERDICT_UNDECIDED;
    const int asked = check_scaling(a, report);
    if (asked != PH_OK)
        return ph_cli_finish(report, asked);
    const int status = ph_gridfile_is(a->run, "comparison") ? print_file(a, &verdict, report)
                                                            : compare(a, &verdict, report);
    const int code = ph_cli_finish(report, status);
    if (code != 0 || verdict == PH_VERDICT_AGREE)
        return code;
    return verdict == PH_VERDICT_DISAGREE ? PH_EXIT_DISAGREE : PH_EXIT_UNDECIDED;
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {
    {"brief", 'b', NULL, "the verdict and what does not agree only", .type = PH_OPTION_FLAG,
     AT(brief)},
    {"csv", 'c', NULL, "comma-separated table", .type = PH_OPTION_FLAG, AT(csv)},
    {"ordered", '\0', NULL,
     "rows by rank: the patterns of each sample in descending order, as far as the start leaves a "
     "symmetry",
     .type = PH_OPTION_CHOICE, AT(view), .code = PH_VIEW_RANKS},
    {"output", 'o', "FILE", "comparison file to write too, for 'polyhebb plot --comparison'",
     .type = PH_OPTION_FILE, AT(output)},
    {"scaling", '\0', "AXIS",
     "instead how averages come to the infinite network along AXIS, `neurons`: exponents",
     .type = PH_OPTION_TEXT, AT(scaling)},
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"compare run.h5",
     "table and verdict; exit 3 where they disagree, 5 where that cannot be told"},
    {"compare run.h5 run-theory.h5 -b", "against a theory file, the verdict alone"},
    {.words = NULL}};

const ph_verb_t PH_VERB_COMPARE = {
    .name = "compare",
    .help = "simulation and theory: estimates, z-scores, a verdict",
    .about =
        "Magnetizations of a run beside the mean field of its own samples and of the infinite "
        "network; exit 0 if they agree, 3 if they disagree, 5 if that cannot be told. With "
        "THEORY that file is put to the test. A "
        "row's pattern is the archetype of that number, its sign as recorded, and the theory "
        "that of the wells its chains are in; --ordered ranks the patterns instead. With -o "
        "the table is kept in a file, which 'polyhebb plot --comparison' draws and 'polyhebb "
        "compare FILE' prints. --scaling neurons fits how the averages of three or more sizes come "
        "to the infinite network, 1/N, and how samples scatter, 1/sqrt N, with the same exit "
        "codes.",
    .forms = {{{"RUN", PH_FILES_RUN, PH_OPERAND_ONE, offsetof(arguments_t, run)},
               {"THEORY", PH_FILES_THEORY, PH_OPERAND_OPTIONAL, offsetof(arguments_t, theory)}},
              {{"COMPARISON", PH_FILES_COMPARISON, PH_OPERAND_ONE, offsetof(arguments_t, run)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .examples = EXAMPLES,
    .act = act,
};
