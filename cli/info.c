/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <stdio.h>

#include "base/machine.h"
#include "cli/cli.h"
#include "params/words.h"
#include "polyhebb_build.h"
#include "sim/model/starts.h"

int ph_cli_info(int argc, char **argv)
{
    static const char DOC[] = "Build, libraries, what this machine allows, samplers, citation.";
    const struct argp argp = {NULL, NULL, "", DOC, NULL, NULL, NULL};
    argp_err_exit_status = PH_EXIT_USAGE;
    if (argp_parse(&argp, argc, argv, 0, NULL, NULL) != 0)
        return PH_EXIT_USAGE;
    ph_limit_t threads = ph_machine_threads(0), memory = ph_machine_memory();
    printf("polyhebb    %s (revision %s)\n", PH_VERSION, PH_REVISION);
    printf("compiler    %s, %s\n", PH_COMPILER, PH_FLAGS);
    printf("libraries   HDF5 %d.%d.%d, GSL %s\n", H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE,
           GSL_VERSION);
    printf("threads     %llu (%s)\n", (unsigned long long)threads.value, threads.source);
    printf("memory      %.3g GB (%s)\n", (double)memory.value * 1e-9, memory.source);
    printf("samplers    glauber: heat bath; metropolis: min(1, exp(-dH/T)). Both sample\n"
           "            exp(-H/T), in random, permuted or sequential site order\n");
    for (size_t s = 0; s < PH_START_WORDS.count; s++)
        printf("%-11s %s: %s\n", s == 0 ? "starts" : "", PH_START_WORDS.words[s],
               ph_start((ph_start_id_t)s)->help);
    printf("cite        CITATION.cff; the model: Agliari, Alessandrelli, Barra, Ricci-Tersenghi,\n"
           "            Parallel Learning by Multitasking Neural Networks, J. Stat. Mech. 2023\n");
    return 0;
}
