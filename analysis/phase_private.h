/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ANALYSIS_PHASE_PRIVATE_H
#define PH_ANALYSIS_PHASE_PRIVATE_H

#include "analysis/phase.h"

/** Room for the points and directions of a grid. PH_ERR_MEMORY; free after either. */
int ph_phase_init(ph_phase_t *self, const ph_grid_t *grid);

/** Counts what is left out, unreached, incomplete, truncated. */
void ph_phase_count(ph_phase_t *self);

#endif
