/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_ONESTEP_PRIVATE_H
#define PH_COMPARE_ONESTEP_PRIVATE_H

#include "analysis/compare/path.h"

/**
 * Signal to noise of the infinite network, where some point's first step is to be held against it:
 * *known. That is so of drawn patterns, four samples or more, and starts that know of the
 * archetypes alone. Errors of ph_theory_solve, but for PH_ERR_UNSUPPORTED.
 */
int ph_onestep_theory(ph_theory_t *theory, bool *known, const ph_grid_t *grid, ph_report_t *report);

/**
 * Holds the record after the first sweep of parallel chains without noise against the signs of the
 * fields in every chain's very start, which the grid's seed gives again: rows[patterns] of the
 * point get one comparison more. Its error is that of fields that are 0, whose spins are coins; so
 * where there are none it is exact. With `theory` (else NULL) the mean over the samples is held
 * against that of the infinite network too. Not done beyond some seconds, which is then the reason
 * of rows that have no other comparison. PH_ERR_MEMORY, and what reading gave.
 */
int ph_onestep_point(ph_path_row_t *rows, ph_runfile_t *run, size_t number,
                     const ph_theory_t *theory, ph_report_t *report);

#endif
