/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_PHASE_PRIVATE_H
#define PH_PHASE_PHASE_PRIVATE_H

#include "analysis/phase/phase.h"

/** Room for the points and directions of a grid. PH_ERR_MEMORY; free after either. */
int ph_phase_init(ph_phase_t *self, const ph_grid_t *grid);

/** Counts what is left out, unreached, incomplete, truncated. */
void ph_phase_count(ph_phase_t *self);

/**
 * Holds what was read of a file against what docs/format.md promises of it: numbers of states
 * within those the point has, one ground state, free energies that ascend, magnetizations no larger
 * than 1, boundaries in order and between two values of their axis. PH_ERR_DAMAGED names the point.
 */
int ph_phase_check(ph_phase_t *self, const char *path, ph_report_t *report);

#endif
