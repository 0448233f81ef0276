/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <stdio.h>
#include <string.h>

#include "base/machine.h"
#include "cli/cli.h"
#include "params/words.h"
#include "polyhebb_build.h"
#include "sim/model/starts.h"
#include "sim/samplers/samplers.h"

/* The words, so that lines stay within 80 columns. */
static void print_wrapped(const char *label, const char *text)
{
    size_t column = (size_t)printf("  %-9s", label);
    const char *word = text;
    while (*word != '\0') {
        const size_t length = strcspn(word, " ");
        if (column + 1 + length > 80)
            column = (size_t)printf("\n  %-9s", "") - 1;
        column += (size_t)printf(" %.*s", (int)length, word);
        word += length + (word[length] == ' ');
    }
    printf("\n");
}

static void print_sampler(const ph_sampler_t *row)
{
    const ph_point_t low = {.neurons = 10000, .patterns = 3};
    char text[160] = "none: all neurons at once";
    size_t used = 0;
    printf("%s\n", ph_sampler_facts(row->id)->word);
    print_wrapped("moves", row->help);
    print_wrapped("law", ph_law_text(ph_sampler_facts(row->id)->law));
    for (size_t o = 0; ph_sampler_has(row->id, PH_TRAIT_ORDERED) && o < PH_ORDER_WORDS.count; o++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", used > 0 ? ", " : "",
                                 PH_ORDER_WORDS.words[o]);
    print_wrapped("orders", text);
    snprintf(text, sizeof(text), "%.2g units an update (K = 3, N = 10000; glauber has 2.5)",
             row->cost(&low));
    print_wrapped("cost", text);
    if (row->caution != NULL)
        print_wrapped("caution", row->caution);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    bool *samplers = state->input;
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    if (strcmp(text, "samplers") != 0)
        ph_cli_usage(state, "'%s' is unknown, expected samplers or nothing", text);
    *samplers = true;
    return 0;
}

int ph_cli_info(int argc, char **argv)
{
    static const char DOC[] =
        "Build, libraries, what this machine allows, starts, citation; or, of every sampler, what "
        "it "
        "does, the law it samples, its cost and what it may not be compared with.";
    const struct argp argp = {NULL, parse, "[samplers]", DOC, NULL, NULL, NULL};
    bool samplers = false;
    char text[320];
    if (!ph_cli_parse(&argp, argc, argv, &samplers))
        return PH_EXIT_USAGE;
    for (size_t s = 0; samplers && s < PH_SAMPLER_COUNT; s++)
        print_sampler(ph_sampler((ph_sampler_id_t)s));
    if (samplers) {
        printf("auto\n");
        snprintf(text, sizeof(text), "%s. polyhebb check GRID says which and why", PH_AUTO_HELP);
        print_wrapped("picks", text);
        return 0;
    }
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
    for (size_t s = 0; s < PH_START_WORDS.count; s++)
        printf("%-11s %s: %s\n", s == 0 ? "starts" : "", PH_START_WORDS.words[s],
               ph_start((ph_start_id_t)s)->help);
    printf("cite        CITATION.cff; the model: Agliari, Alessandrelli, Barra, Ricci-Tersenghi,\n"
           "            Parallel Learning by Multitasking Neural Networks, J. Stat. Mech. 2023\n");
    return 0;
}
