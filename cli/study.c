/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/compare/compare.h"
#include "base/duration.h"
#include "base/interrupt.h"
#include "base/machine.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "cli/print.h"
#include "cli/study_grid.h"
#include "sim/run/plan.h"

typedef struct {
    ph_print_t print; /* first */
    ph_texts_t grids, overrides;
    const char *folder;
    uint64_t threads;
    double time_limit;
    bool quiet, paper;
} arguments_t;

/* Results are called after their grid: two of one name would take each other's. */
static int check_names(const ph_study_t *studies, size_t count, ph_report_t *report)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(studies[i].name, studies[k].name) == 0)
                return ph_fail(report, PH_ERR_INPUT,
                               "%s and %s would have results of one name, %s; study them in two "
                               "folders (-o)",
                               studies[k].path, studies[i].path, studies[i].run);
    return PH_OK;
}

/* The overrides, with the other size of the grids before them where that is asked for; NULL without
 * memory. */
static const char **with_size(const arguments_t *a, ph_texts_t *overrides)
{
    const size_t first = a->paper ? 1 : 0;
    const char **texts = malloc((a->overrides.count + 1) * sizeof(*texts));
    if (texts == NULL)
        return NULL;
    texts[0] = "paper=true";
    for (size_t i = 0; i < a->overrides.count; i++)
        texts[first + i] = a->overrides.texts[i];
    *overrides = (ph_texts_t){first + a->overrides.count, texts};
    return texts;
}

/* Reads all grids, and says of all what is wrong. */
static int open_all(ph_study_t *studies, const arguments_t *a, const ph_study_options_t *options,
                    ph_report_t *report)
{
    int worst = PH_OK;
    for (size_t i = 0; i < a->grids.count; i++) {
        const int status = ph_study_open(&studies[i], a->grids.texts[i], options, report);
        if (ph_study_worse(ph_status_exit_code(status), ph_status_exit_code(worst)) !=
            ph_status_exit_code(worst))
            worst = status;
    }
    return worst == PH_OK ? check_names(studies, a->grids.count, report) : worst;
}

/* The folder and those it is in, where they are not there yet. */
static int make_folder(const char *folder, ph_report_t *report)
{
    char *path = strdup(folder);
    int error = path == NULL ? ENOMEM : 0;
    for (size_t i = 1; error == 0 && i <= strlen(folder); i++) {
        if (folder[i] != '/' && folder[i] != '\0')
            continue;
        path[i] = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            error = errno;
        path[i] = folder[i];
    }
    free(path);
    if (error == 0)
        return PH_OK;
    return ph_fail(report, PH_ERR_IO, "%s: cannot be made a folder: %s", folder, strerror(error));
}

static const char *verdict_text(const ph_study_t *study)
{
    return study->compared ? ph_verdict_text(study->verdict) : "none";
}

static void print_table(const ph_study_t *studies, size_t count, FILE *out)
{
    int width = 4;
    for (size_t i = 0; i < count; i++)
        width = (int)strlen(studies[i].name) > width ? (int)strlen(studies[i].name) : width;
    fprintf(out, "%-*s  %-9s  %8s  %9s  %12s  %8s  %s\n", width, "grid", "verdict", "decided",
            "undecided", "trajectories", "time", "figures");
    for (size_t i = 0; i < count; i++) {
        const ph_study_t *study = &studies[i];
        char time[32];
        ph_duration_text(study->seconds, time, sizeof(time));
        ph_print(out, "%-*s  %-9s  %8zu  %9zu  %12zu  %8s  %s\n", width, study->name,
                 verdict_text(study), study->decided, study->undecided, study->trajectories, time,
                 study->figures != NULL ? study->figures : "none");
    }
    for (size_t i = 0; i < count; i++)
        if (studies[i].compared && studies[i].verdict != PH_VERDICT_AGREE)
            ph_print(out, "why: polyhebb compare -b %s\n", studies[i].comparison);
}

/* "[3/18, about 4 min left] NAME: ": as long as the grids before have taken, by what their runs
 * were expected to cost; figures and theory, which nothing estimates, as a second each. */
static void make_label(const ph_study_t *studies, const arguments_t *a, size_t done, char *label,
                       size_t size)
{
    double taken = 0.0, past = 0.0, ahead = 0.0;
    char left[64] = "", time[32];
    const uint64_t threads = ph_machine_threads(a->threads).value;
    for (size_t i = 0; i < a->grids.count; i++) {
        const double cost = 1.0 + ph_plan_cost(&studies[i].grid, threads).seconds;
        taken += i < done ? studies[i].seconds : 0.0;
        *(i < done ? &past : &ahead) += cost;
    }
    if (done > 0) {
        ph_duration_text(taken / past * ahead, time, sizeof(time));
        snprintf(left, sizeof(left), ", about %s left", time);
    }
    snprintf(label, size, "[%zu/%zu%s] %.100s: ", done + 1, a->grids.count, left,
             studies[done].name);
}

static int do_all(ph_study_t *studies, const arguments_t *a, const ph_study_options_t *options)
{
    int code = 0, status = PH_OK;
    size_t done = 0;
    for (; done < a->grids.count && status == PH_OK; done++) {
        char label[192];
        make_label(studies, a, done, label, sizeof(label));
        status = ph_study_do(&studies[done], options, label);
        code = ph_study_worse(code, studies[done].code);
    }
    if (status == PH_ERR_INTERRUPTED) {
        if (!a->quiet)
            printf("stopped before the end, in grid %zu of %zu; everything is saved. The same "
                   "command goes on from here.\n",
                   done, a->grids.count);
        return ph_status_exit_code(status);
    }
    print_table(studies, a->grids.count, stdout);
    return code;
}

static int check(const void *arguments, ph_report_t *report)
{
    return ph_print_check(&((const arguments_t *)arguments)->print, report);
}

static int act(void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    ph_study_options_t options = {.folder = a->folder,
                                  .print = &a->print,
                                  .threads = a->threads,
                                  .end = a->time_limit > 0.0 ? ph_machine_clock() + a->time_limit
                                                             : 0.0,
                                  .quiet = a->quiet};
    ph_cli_catch_signals();
    ph_interrupt_by(ph_cli_stop_flag());
    ph_study_t *studies = calloc(a->grids.count, sizeof(*studies));
    const char **texts = with_size(a, &options.overrides);
    if (studies == NULL || texts == NULL) {
        free(studies);
        free(texts);
        return ph_cli_finish(report, ph_fail(report, PH_ERR_MEMORY, "no memory for a study"));
    }
    int status = open_all(studies, a, &options, report);
    if (status == PH_OK && a->folder != NULL)
        status = make_folder(a->folder, report);
    int code = ph_cli_finish(report, status);
    if (status == PH_OK)
        code = do_all(studies, a, &options);
    for (size_t i = 0; i < a->grids.count; i++)
        ph_study_free(&studies[i]);
    free(studies);
    free(texts);
    return code;
}

#define AT(member) .offset = offsetof(arguments_t, member)

static const ph_option_t OPTIONS[] = {
    PH_PRINT_ROW_FORMAT,
    PH_PRINT_ROW_FONT,
    PH_OPTION_ROW_THREADS(arguments_t, threads),
    PH_PRINT_ROW_MONOCHROME,
    {"output", 'o', "DIR", "folder of the results, made where it is missing (default: this one)",
     .type = PH_OPTION_FILE, AT(folder)},
    PH_PRINT_ROW_OWN_SCALE,
    {"paper", '\0', NULL, "the other size of the grids, as their paper: { ... } says",
     .type = PH_OPTION_FLAG, AT(paper)},
    {"quiet", 'q', NULL, "no word of what it is at", .type = PH_OPTION_FLAG, AT(quiet)},
    {"set", 'S', "KEY=VALUE", "override a key of every grid", .type = PH_OPTION_TEXTS,
     AT(overrides)},
    PH_PRINT_ROW_TEX,
    {"time-limit", 't', "D", "stop runs in time, resumable: 90, 30m, 2h, [D-]HH:MM:SS",
     .type = PH_OPTION_TIME, AT(time_limit)},
    PH_PRINT_ROW_WIDTH,
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {
    {"study grid.yaml -o out",
     "run, theory, comparison and figures of a grid, into the folder out"},
    {"study params/atlas/*.yaml -o out/atlas -t 1h",
     "many grids, what is missing of them, for an hour at most"},
    {"study grid.yaml -o out --tex --monochrome", "the figures for a paper, from the run in out"},
    {.words = NULL}};

const ph_verb_t PH_VERB_STUDY = {
    .name = "study",
    .help = "from grids to figures and verdicts: run, theory, compare, plot",
    .about =
        "Of each grid, in turn: simulates what is missing, solves its theory, compares the two "
        "and draws the figures, into NAME.h5, NAME-theory.h5, NAME-comparison.h5 and NAME-*. "
        "All grids are read before the first is run. What is there already and belongs to the "
        "run is not made again, so a study that was stopped goes on, and one that is done "
        "says its table again: points decided and undecided by the averages, and comparisons "
        "of trajectories with the flow. The exit code is the worst of the parts, in the order "
        "75 not finished, 2 bad grid, 4 damaged, 1 failed, 3 disagree, 5 cannot be told, 0 "
        "agree; where one grid fails the others are still studied.",
    .forms = {{{"GRID", PH_FILES_GRID, PH_OPERAND_MANY, offsetof(arguments_t, grids)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .check = check,
    .examples = EXAMPLES,
    .act = act,
};
