/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_STUDY_FIGURES_H
#define PH_CLI_STUDY_FIGURES_H

#include "params/grid.h"

/** That the figures a grid, of this file, is for can be drawn, as far as can be told without its
 * results. PH_ERR_INPUT. */
int ph_study_check_figures(const ph_grid_t *grid, const char *path, ph_report_t *report);

#endif
