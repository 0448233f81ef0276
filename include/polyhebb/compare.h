/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_COMPARE_H
#define POLYHEBB_COMPARE_H

/** @file
 * A run against the mean field of its own samples, as `polyhebb compare` does it; docs/theory.md
 * says what it promises.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <polyhebb/runfile.h>
#include <polyhebb/theory.h>

/** What a comparison has found of a run, row by row. */
typedef struct ph_comparison_table ph_comparison_table_t;

/** One pattern of one point. */
typedef struct {
    size_t point;         /**< number of the point */
    int64_t pattern;      /**< 0, 1, ... */
    double simulated;     /**< magnetization, mean over chains */
    double theory;        /**< mean field of the samples to order 1/N^2, mean over chains */
    double deviation;     /**< simulated - theory towards the sign of each chain's own well */
    double error;         /**< of the deviation; NaN: the chains cannot tell */
    double population;    /**< mean field of the infinite network */
    ph_verdict_t verdict; /**< of this row */
    const char *reason;   /**< why it is undecided, a sentence fragment; "" else. Static storage */
} ph_comparison_table_row_t;

PH_BEGIN_C

/**
 * Compares the magnetizations of a run, and its trajectories where they were recorded from the
 * start, with the theory. With `theory`, of the same grid, that one is put to the test; NULL: the
 * solver's own. `ordered`: patterns of every sample by rank. The run must outlive the table.
 *
 * PH_ERR_MISMATCH: a theory of another grid. PH_ERR_MEMORY, or what reading the run gave. On
 * failure *table is NULL.
 */
PH_API int ph_comparison_table_new(ph_comparison_table_t **table, ph_runfile_t *run,
                                   const ph_theory_t *theory, bool ordered, ph_report_t *report);

/** Reads a comparison file, which must be of this very grid (PH_ERR_MISMATCH), which must outlive
 * the table. PH_ERR_IO, PH_ERR_FORMAT, PH_ERR_DAMAGED, PH_ERR_MEMORY; on failure *table is NULL. */
PH_API int ph_comparison_table_new_from_file(ph_comparison_table_t **table, const ph_grid_t *grid,
                                             const char *path, ph_report_t *report);

/** Writes a comparison file; only a comparison file is ever overwritten (PH_ERR_INPUT). PH_ERR_IO,
 * PH_ERR_MEMORY. */
PH_API int ph_comparison_table_save(const ph_comparison_table_t *table, const char *path,
                                    ph_report_t *report);

/** Frees a comparison; NULL does nothing. */
PH_API void ph_comparison_table_delete(ph_comparison_table_t *table);

/** The verdict of the whole, trajectories included. */
PH_API ph_verdict_t ph_comparison_table_verdict(const ph_comparison_table_t *table);

/** Number of rows: point by point, pattern by pattern. */
PH_API size_t ph_comparison_table_rows(const ph_comparison_table_t *table);

/** Row i = 0, 1, ... PH_ERR_INPUT where there is none. */
PH_API int ph_comparison_table_row(const ph_comparison_table_t *table, size_t i,
                                   ph_comparison_table_row_t *values);

PH_END_C

#endif
