/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <stdio.h>
#include <string.h>

#include "base/machine.h"
#include "cli/cli.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "params/words.h"
#include "polyhebb_build.h"
#include "sim/model/observables.h"
#include "sim/model/starts.h"
#include "sim/samplers/load.h"
#include "sim/samplers/samplers.h"

static void print_wrapped(const char *label, const char *text)
{
    const int column = printf("  %-10s", label);
    ph_cli_wrap(stdout, (size_t)column, (size_t)column, text);
}

static void print_sampler(const ph_sampler_t *row)
{
    static const double DILUTION[3] = {0.3, 0.3, 0.3};
    const ph_point_t low = {
        .neurons = 10000, .patterns = 3, .dilution = DILUTION, .noise = 0.4, .sampler = row->id};
    ph_load_t load = {.lanes = 32.0, .anywhere = true};
    char text[160] = "none: all neurons at once";
    size_t used = 0;
    printf("%s\n", ph_sampler_facts(row->id)->word);
    print_wrapped("moves", row->help);
    print_wrapped("law", ph_law_text(ph_sampler_facts(row->id)->law));
    for (size_t o = 0; ph_sampler_has(row->id, PH_TRAIT_ORDERED) && o < PH_ORDER_WORDS.count; o++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", used > 0 ? ", " : "",
                                 PH_ORDER_WORDS.words[o]);
    print_wrapped("orders", text);
    ph_load_point(&load, row, &low);
    snprintf(text, sizeof(text), "about %.2g ns an update (K = 3, N = 10000, 32 chains, AVX2)",
             1e9 * row->seconds(&load, 1.0) / (load.lanes * (double)low.neurons));
    print_wrapped("cost", text);
    if (row->caution != NULL)
        print_wrapped("caution", row->caution);
}

static void print_samplers(void)
{
    char text[320];
    for (size_t s = 0; s < PH_SAMPLER_COUNT; s++)
        print_sampler(ph_sampler((ph_sampler_id_t)s));
    printf("auto\n");
    snprintf(text, sizeof(text), "%s. polyhebb check GRID says which and why", PH_AUTO_HELP);
    print_wrapped("picks", text);
}

static void print_machine(void)
{
    ph_limit_t threads = ph_machine_threads(0), memory = ph_machine_memory();
    printf("polyhebb    %s (revision %s)\n", PH_VERSION, PH_REVISION);
    printf("compiler    %s, %s\n", PH_COMPILER, PH_FLAGS);
    printf("libraries   HDF5 %d.%d.%d, GSL %s\n", H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE,
           GSL_VERSION);
    printf("threads     %llu (%s)\n", (unsigned long long)threads.value, threads.source);
    printf("memory      %.3g GB (%s)\n", (double)memory.value * 1e-9, memory.source);
    printf("%-11s", "samplers");
    for (size_t k = 0; k < PH_SAMPLER_WORDS.count; k++)
        printf("%s %s", k > 0 ? "," : "", PH_SAMPLER_WORDS.words[k]);
    printf("\n%-11s (polyhebb info samplers tells of each)\n", "");
    for (int k = 0; k < ph_observables_count(); k++)
        printf("%-11s %s: %s\n", k == 0 ? "observables" : "",
               ph_observable_name((ph_observable_id_t)k),
               ph_observable((ph_observable_id_t)k)->long_name);
    for (size_t s = 0; s < PH_START_WORDS.count; s++)
        printf("%-11s %s: %s\n", s == 0 ? "starts" : "", PH_START_WORDS.words[s],
               ph_start((ph_start_id_t)s)->help);
    printf("cite        CITATION.cff; the model: Agliari, Alessandrelli, Barra, Ricci-Tersenghi,\n"
           "            Parallel Learning by Multitasking Neural Networks, J. Stat. Mech. 2023\n");
}

typedef struct {
    const char *samplers, *shell, *verb;
} arguments_t;

static int act(void *arguments, ph_report_t *report)
{
    const arguments_t *a = arguments;
    if (a->shell != NULL)
        return ph_cli_finish(report, ph_completion_write(a->shell, stdout, report));
    if (a->verb != NULL)
        return ph_cli_finish(report, ph_manual_write(a->verb, stdout, report));
    (a->samplers != NULL ? print_samplers : print_machine)();
    return ph_cli_finish(report, PH_OK);
}

static const ph_option_t OPTIONS[] = {
    {"completion", '\0', "SHELL", "what completes command lines in bash, zsh or fish, instead",
     .type = PH_OPTION_TEXT, .offset = offsetof(arguments_t, shell)},
    {"manual", '\0', "VERB", "the manual's page of a verb, for man, instead",
     .type = PH_OPTION_TEXT, .offset = offsetof(arguments_t, verb)},
    {.name = NULL}};

static const ph_example_t EXAMPLES[] = {{"info samplers", "which sampler does what"},
                                        {.words = NULL}};

const ph_verb_t PH_VERB_INFO = {
    .name = "info",
    .help = "build, libraries, samplers, citation",
    .about = "Build, libraries, what this machine allows, observables, starts, citation; or, of "
             "every sampler, "
             "what it does, the law it samples, its cost and what it may not be compared with.",
    .forms = {{{"samplers", 0, PH_OPERAND_OPTIONAL, offsetof(arguments_t, samplers)}}},
    .options = OPTIONS,
    .size = sizeof(arguments_t),
    .examples = EXAMPLES,
    .act = act,
};
