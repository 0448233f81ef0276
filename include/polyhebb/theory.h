/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_THEORY_H
#define POLYHEBB_THEORY_H

/** @file
 * The theories of a grid (docs/theory.md), in memory or in a theory file.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <polyhebb/grid.h>

/** Datasets of the theory of all points of a grid; docs/format.md names and shapes them. */
typedef struct ph_theory ph_theory_t;

PH_BEGIN_C

/**
 * Solves every point from the grid's start. `kinds`: names of theories as in theory.kinds of grid
 * files ("mean_field", "signal_to_noise", "flow", "exact", "basin"), divided by blanks; NULL: those
 * of the grid. `samples`: also for each of the grid's own samples. `threads`: 0 for as many as the
 * machine allows; the numbers do not depend on them. The grid must outlive the theory.
 *
 * PH_ERR_INPUT: no such kind. PH_ERR_UNSUPPORTED: a kind that covers no point. PH_ERR_MEMORY.
 * Points that are not covered, or do not converge, are NaN, noted, and counted by
 * ph_theory_missing(). On failure *theory is NULL.
 */
PH_API int ph_theory_new(ph_theory_t **theory, const ph_grid_t *grid, const char *kinds,
                         bool samples, uint32_t threads, ph_report_t *report);

/** Reads a theory file, which must be of this very grid (PH_ERR_MISMATCH). PH_ERR_IO,
 * PH_ERR_FORMAT, PH_ERR_DAMAGED, PH_ERR_MEMORY; on failure *theory is NULL. */
PH_API int ph_theory_new_from_file(ph_theory_t **theory, const ph_grid_t *grid, const char *path,
                                   ph_report_t *report);

/** Frees a theory; NULL does nothing. */
PH_API void ph_theory_delete(ph_theory_t *theory);

/** Writes a theory file; only a theory file is ever overwritten (PH_ERR_INPUT). PH_ERR_IO,
 * PH_ERR_MEMORY. */
PH_API int ph_theory_save(const ph_theory_t *theory, const char *path, ph_report_t *report);

/** Points of which something is missing; of a theory from a file: where the mean field did not
 * converge. */
PH_API size_t ph_theory_missing(const ph_theory_t *theory);

/** Name of dataset i = 0, 1, ... that the theory has, NULL after the last; static storage. */
PH_API const char *ph_theory_name(const ph_theory_t *theory, size_t i);

/** Numbers that a dataset has at one point (largest K, or samples times that, ...); 0 where there
 * is no such dataset. */
PH_API size_t ph_theory_size(const ph_theory_t *theory, const char *dataset);

/**
 * A dataset's block at a point, values[ph_theory_size()], row-major, NaN where there is no answer
 * ("magnetization": the K overlaps of the state reached from the start). PH_ERR_INPUT
 * where there is no such dataset or point.
 */
PH_API int ph_theory_get(const ph_theory_t *theory, const char *dataset, size_t point,
                         double *values, ph_report_t *report);

PH_END_C

#endif
