/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_EFFECTIVE_H
#define PH_CLI_EFFECTIVE_H

#include "base/report.h"
#include "params/grid.h"

/**
 * Prints how many independent samples of the slowest mode the samplers of exp(-H/T) make a second
 * at each point, by theory and by what sweeps cost, which makes most, and what of it cannot be
 * said. The points' samplers are changed meanwhile. PH_ERR_MEMORY, PH_ERR_INTERRUPTED.
 */
int ph_cli_effective(ph_grid_t *grid, ph_report_t *report);

#endif
