/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/visible.h"
#include "cli/cli.h"
#include "polyhebb_build.h"

const ph_verb_t *const PH_VERBS[] = {
    &PH_VERB_STUDY,   &PH_VERB_RUN,   &PH_VERB_THEORY, &PH_VERB_PHASE,
    &PH_VERB_COMPARE, &PH_VERB_CHECK, &PH_VERB_STATUS, &PH_VERB_MERGE,
    &PH_VERB_EXPORT,  &PH_VERB_PLOT,  &PH_VERB_GRID,   &PH_VERB_SLURM,
    &PH_VERB_TASKS,   &PH_VERB_NEW,   &PH_VERB_ENCODE, &PH_VERB_BENCH,
    &PH_VERB_INFO,    NULL,
};
enum { VERBS_COUNT = sizeof(PH_VERBS) / sizeof(PH_VERBS[0]) - 1 };

static void print_help(FILE *out)
{
    fprintf(out,
            "Usage: polyhebb VERB [OPTION...] ...\n"
            "Monte Carlo and theory of multitasking Hebbian networks over parameter grids.\n\n");
    for (size_t v = 0; v < VERBS_COUNT; v++)
        fprintf(out, "  %-10s %s\n", PH_VERBS[v]->name, PH_VERBS[v]->help);
    fprintf(out,
            "\n'polyhebb VERB --help' tells more. A first grid: polyhebb new > grid.yaml\n"
            "Exit codes: 0 done, 1 failed, 2 usage or bad grid, 3 theory and simulation\n"
            "disagree, 4 damaged file, 5 too many points undecided, 75 not finished: run again.\n");
}

static void print_version(void)
{
    printf("polyhebb %s (%s)\n", PH_VERSION, PH_REVISION);
}

/* NULL where there is none of that name, which has been said. */
static const ph_verb_t *find(const char *name)
{
    const char *names[VERBS_COUNT];
    for (size_t v = 0; v < VERBS_COUNT; v++) {
        names[v] = PH_VERBS[v]->name;
        if (strcmp(name, names[v]) == 0)
            return PH_VERBS[v];
    }
    const char *nearest = ph_nearest(name, VERBS_COUNT, names);
    ph_print(stderr, "polyhebb: error: unknown verb '%s'%s%s; 'polyhebb --help' lists them\n", name,
             nearest != NULL ? ", perhaps " : "", nearest != NULL ? nearest : "");
    return NULL;
}

static int act(const ph_verb_t *verb, size_t count, const char *const *words)
{
    ph_report_t report;
    ph_asked_t asked;
    ph_report_init(&report);
    void *arguments = calloc(1, verb->size);
    if (arguments == NULL)
        return ph_cli_finish(&report, PH_ERR_MEMORY);
    if (verb->defaults != NULL)
        memcpy(arguments, verb->defaults, verb->size);
    int code = 0;
    const int status = ph_options_read(verb, count, words, arguments, &asked, &report);
    if (status != PH_OK) {
        code = ph_cli_finish(&report, status);
        fprintf(stderr, "Try 'polyhebb %s --help' for more information.\n", verb->name);
    } else if (asked == PH_ASKED_NOTHING) {
        code = verb->act(arguments, &report);
    } else if (asked == PH_ASKED_VERSION) {
        print_version();
    } else {
        (asked == PH_ASKED_HELP ? ph_verb_help : ph_verb_usage)(verb, stdout);
    }
    ph_report_free(&report);
    ph_options_free(verb, arguments);
    free(arguments);
    return code;
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

int ph_cli_program(size_t count, const char *const *words)
{
    if (count == 0) {
        print_help(stderr);
        return PH_EXIT_USAGE;
    }
    if (strcmp(words[0], "-V") == 0 || strcmp(words[0], "--version") == 0) {
        print_version();
        return 0;
    }
    const bool help = is_one_of(words[0], "-h", "--help", "help");
    if (help && (count == 1 || is_one_of(words[1], "-h", "--help", "help"))) {
        print_help(stdout);
        return 0;
    }
    const ph_verb_t *verb = find(words[help]);
    if (verb == NULL)
        return PH_EXIT_USAGE;
    if (!help)
        return act(verb, count - 1, words + 1);
    ph_verb_help(verb, stdout);
    return 0;
}
