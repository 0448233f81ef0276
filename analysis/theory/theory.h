/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_THEORY_THEORY_H
#define PH_THEORY_THEORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/report.h"
#include "params/grid.h"

/**
 * The theory of a whole grid: for every kind that was solved its datasets (listed in docs/format.md
 * and by ph_theory_dataset), each [points][its own dimensions], NaN where there is no answer. What
 * concerns single samples ends in "_sample" and has `sample` as its first own dimension.
 */
typedef struct ph_theory {
    const ph_grid_t *grid;
    unsigned kinds;     /* bits 1 << ph_theory_kind_t */
    bool samples;       /* also for each of the grid's own samples */
    double **values;    /* by dataset of the list; NULL where it is not there */
    size_t unconverged; /* points where a solver did not reach its answer, or that are left out */
} ph_theory_t;

/** A dataset of the theory: name, description, the names of its own dimensions, outermost first. */
typedef struct {
    const char *name, *long_name, *unit;
    size_t dims_count;
    const char *dims[4]; /* "sample", "record", "pattern", "sign" */
    bool flag;           /* 0 or 1, or a code: int8 in files */
    const char *codes;   /* words of the codes 0, 1, ..., separated by blanks; NULL: 0 or 1 */
    int nothing;         /* of a flag where there is no answer */
    bool later;          /* files of earlier versions do not have it */
    bool loss;           /* only where the grid asks for the loss */
    bool learning;       /* only in grids with a learning rule */
} ph_theory_dataset_t;

/** Dataset i of a kind; NULL after the last. */
const ph_theory_dataset_t *ph_theory_dataset(ph_theory_kind_t kind, size_t i);

/**
 * Solves every point from the grid's start, over `threads` threads; with_samples also for each of
 * the grid's own samples (drawn again from the seed; kind exact always has them, and grids of given
 * patterns, whose population is NaN). Points a kind
 * does not cover are left out with a note; PH_ERR_UNSUPPORTED where it covers none. `kinds`: bits
 * 1 << ph_theory_kind_t, at least one.
 */
int ph_theory_solve(ph_theory_t *self, const ph_grid_t *grid, unsigned kinds, bool with_samples,
                    int threads, ph_report_t *report);
void ph_theory_free(ph_theory_t *self);

/** The block of a dataset at a point; NULL where the theory has no such dataset. */
double *ph_theory_values(const ph_theory_t *self, const char *dataset, size_t point);

/** Numbers in a dataset's block of one point. */
size_t ph_theory_block(const ph_grid_t *grid, const ph_theory_dataset_t *dataset);

/** Whether the mean field of a point is solved: of its population or, with given patterns, of all
 * its samples. */
bool ph_theory_solved(const ph_theory_t *self, size_t point);

/** Whether the mean field of a point's infinite network is there and converged. */
bool ph_theory_converged(const ph_theory_t *self, size_t point);

#endif
