/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_VERBS_H
#define PH_CLI_VERBS_H

#include "cli/options.h"

extern const ph_verb_t PH_VERB_STUDY, PH_VERB_RUN, PH_VERB_THEORY, PH_VERB_PHASE, PH_VERB_COMPARE,
    PH_VERB_CHECK, PH_VERB_STATUS, PH_VERB_MERGE, PH_VERB_EXPORT, PH_VERB_PLOT, PH_VERB_GRID,
    PH_VERB_SLURM, PH_VERB_TASKS, PH_VERB_NEW, PH_VERB_ENCODE, PH_VERB_BENCH, PH_VERB_INFO;

/** The verbs, in the order of the program's help; NULL after the last. */
extern const ph_verb_t *const PH_VERBS[];

/** The program: words[0] is the verb, or --help, --version. Returns the exit code. */
int ph_cli_program(size_t count, const char *const *words);

#endif
