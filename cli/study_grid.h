/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_STUDY_GRID_H
#define PH_CLI_STUDY_GRID_H

#include <stdbool.h>

#include "cli/options.h"
#include "cli/print.h"
#include "params/grid.h"

/** What all grids of a study share. */
typedef struct {
    const char *folder;      /* of the results; NULL: the current one */
    const ph_print_t *print; /* how figures look */
    ph_texts_t overrides;
    uint64_t threads;
    double end; /* on ph_machine_clock(), when runs are to stop; 0: never */
    bool quiet;
} ph_study_options_t;

/** One grid of a study, and what has become of it. */
typedef struct {
    const char *path;
    char *name; /* of the grid's file, without its folder and its .yaml */
    char *run, *theory, *phase, *attractors, *comparison, *prefix; /* of the results */
    ph_grid_t grid;
    bool compared;
    ph_verdict_t verdict;
    size_t decided, undecided; /* points */
    size_t trajectories;       /* comparisons with the flow */
    char *figures;             /* as a shell expands them; NULL: none */
    double seconds;
    int code; /* the exit code of what is worst in it */
} ph_study_t;

/**
 * Reads a grid, and looks whether its results may take their names. Errors as ph_grid_load() and
 * ph_gridfile_replaceable(). To be freed, after failure too.
 */
int ph_study_open(ph_study_t *self, const char *path, const ph_study_options_t *options,
                  ph_report_t *report);
void ph_study_free(ph_study_t *self);

/**
 * Runs, solves, compares and draws what is missing. Says on stderr what it does, after `label`, and
 * what is wrong. PH_ERR_INTERRUPTED where a signal or the end of the time stopped it: all that is
 * done is saved; else PH_OK, and `code` says how it went.
 */
int ph_study_do(ph_study_t *self, const ph_study_options_t *options, const char *label);

/** The worse of two exit codes: 75, 2, 4, 1, 3, 5, 0. */
int ph_study_worse(int a, int b);

#endif
