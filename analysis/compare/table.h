/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_TABLE_H
#define PH_COMPARE_TABLE_H

#include "analysis/compare/path.h"

/** Where the theory of a table comes from; files of earlier versions do not say. */
typedef enum { PH_ORIGIN_UNKNOWN, PH_ORIGIN_SOLVED, PH_ORIGIN_FILE } ph_theory_origin_t;

/**
 * All that a comparison has found of a run: what `polyhebb compare` prints and may keep in a file,
 * and what figures draw the theory of the chains' own wells from.
 */
typedef struct ph_comparison_table {
    const ph_grid_t *grid;
    ph_view_t view;
    ph_theory_origin_t origin;
    ph_digest_t theory; /* PH_ORIGIN_FILE: ph_comparison_digest() of it */
    double *sweeps;     /* [points]: done by all chains of a point when it was made */
    ph_comparison_t equilibrium;
    ph_path_comparison_t paths;
    ph_distribution_comparison_t distributions;
    ph_verdict_t verdict; /* of all */
} ph_comparison_table_t;

/**
 * Compares with ph_compare, ph_compare_paths and ph_compare_distributions, and holds the exact sums
 * of `theory` (kind exact) against sums over the same samples made anew, with all threads of the
 * machine: that takes as long as solving them. Errors of any of these. `self` may be freed after
 * them.
 */
int ph_comparison_table_make(ph_comparison_table_t *self, ph_runfile_t *run,
                             const ph_theory_t *theory, ph_view_t view, ph_report_t *report);
void ph_comparison_table_free(ph_comparison_table_t *self);

/**
 * Writes it to a comparison file (docs/format.md), or reads it again: every number is the same, and
 * the verdict follows from them. Only a comparison file is ever overwritten (PH_ERR_INPUT); else
 * errors as ph_gridfile_create / open. `grid` must be the file's own (PH_ERR_MISMATCH with the
 * differences otherwise); PH_ERR_DAMAGED where a word or a count is none.
 */
int ph_comparison_table_write(const ph_comparison_table_t *self, const char *path,
                              ph_report_t *report);
int ph_comparison_table_read(ph_comparison_table_t *self, const ph_grid_t *grid, const char *path,
                             ph_report_t *report);

/** Identity of what a comparison judges of a theory: the XXH3-128 of the XXH3-128 of each array of
 * kind mean_field (0 of one that is not there), then of those of kind exact that are there, in the
 * order of ph_theory_dataset(). */
ph_digest_t ph_comparison_digest(const ph_theory_t *theory);

/**
 * Whether the table, read from `path`, is that of a run as it is now and of this theory (NULL: of
 * one that is solved), in this view: PH_ERR_MISMATCH where chains have gone on since, the view is
 * the other one, or the table judges the theory of another file. A note where that cannot be told,
 * and where the table judges its mean field alone (as those of earlier versions do), not its exact
 * sums.
 */
int ph_comparison_table_check(const ph_comparison_table_t *self, const ph_runfile_t *run,
                              const ph_theory_t *theory, ph_view_t view, const char *path,
                              ph_report_t *report);

#endif
