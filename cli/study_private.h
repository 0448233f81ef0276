/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_STUDY_PRIVATE_H
#define PH_CLI_STUDY_PRIVATE_H

#include <sys/stat.h>

#include "analysis/attractors/map.h"
#include "analysis/compare/table.h"
#include "analysis/phase/phase.h"
#include "analysis/theory/theory.h"
#include "cli/study_grid.h"
#include "sim/store/runfile.h"

/** The work on one grid. */
typedef struct {
    ph_study_t *study;
    const ph_study_options_t *options;
    const char *label;
    int threads;
    struct stat facts; /* of the run file */
    ph_runfile_t run;
    ph_theory_t theory;
    ph_phase_t phase;
    ph_attractor_map_t attractors;
    ph_comparison_table_t table;
    bool has_theory, has_phase, has_attractors;
} ph_study_work_t;

/** Draws what is not there yet, and sets the study's `figures`. */
int ph_study_draw(ph_study_work_t *self, ph_report_t *report);

/** Whether a signal has asked for an end. */
bool ph_study_stopped(void);

/** Says what it is at, unless it is to be quiet. */
void ph_study_say(const ph_study_work_t *self, const char *what);

#endif
