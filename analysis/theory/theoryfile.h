/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_THEORY_THEORYFILE_H
#define PH_THEORY_THEORYFILE_H

#include "analysis/theory/theory.h"

/**
 * Writes or reads a theory file. Errors as ph_gridfile_create / open; `grid` must be the file's own
 * (PH_ERR_MISMATCH with the differences otherwise). Only a theory file is ever overwritten
 * (PH_ERR_INPUT).
 */
int ph_theory_write(const ph_theory_t *self, const char *path, ph_report_t *report);
int ph_theory_read(ph_theory_t *self, const ph_grid_t *grid, const char *path, ph_report_t *report);

#endif
