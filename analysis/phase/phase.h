/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PHASE_PHASE_H
#define PH_PHASE_PHASE_H

#include "analysis/phase/boundary.h"
#include "analysis/phase/trace.h"
#include "base/report.h"
#include "params/grid.h"

/** Boundaries on the way from every point to its neighbour along one axis. */
typedef struct {
    size_t axis;
    ph_boundaries_t *ends, *changes; /* [points]; none at the axis' last value */
} ph_direction_t;

/** The phase diagram of a grid: all states of every point, and the boundaries between points. */
typedef struct ph_phase {
    const ph_grid_t *grid;
    ph_states_t *points;          /* [points], without states where there are too many patterns */
    ph_example_state_t *examples; /* [points] lowest state with an example apart (unsupervised) */
    size_t directions_count;
    ph_direction_t *directions; /* axes along which real numbers of the network or noise grow */
    ph_curves_t curves;         /* the boundaries between points, traced */
    size_t left_out;            /* points with too many patterns */
    size_t unreached;           /* points where the flow from the start did not converge */
    size_t incomplete;          /* points where the count of states says that some are missing */
    size_t doubtful;            /* points where the Gaussian limit of examples may be wrong */
    size_t truncated;           /* points with more states than are kept */
} ph_phase_t;

/**
 * Finds the states of every point and the boundaries along every axis of dilution, noise, quality
 * or fidelity, over `threads` threads; the numbers do not depend on them. PH_ERR_UNSUPPORTED where
 * every point has too many patterns.
 */
int ph_phase_solve(ph_phase_t *self, const ph_grid_t *grid, int threads, ph_report_t *report);
void ph_phase_free(ph_phase_t *self);

/** Next point along an axis; false at its last value. */
bool ph_phase_next(const ph_grid_t *grid, size_t point, size_t axis, size_t *next);

/** Value of the axis' coordinate at a share of the way from a point to the next, and back; NaN at
 * the axis' last value, from where there is no way. */
double ph_phase_place(const ph_grid_t *grid, size_t axis, size_t point, double share);
double ph_phase_share(const ph_grid_t *grid, size_t axis, size_t point, double place);

/** The direction along an axis, or NULL. */
const ph_direction_t *ph_phase_direction(const ph_phase_t *self, size_t axis);

/**
 * Writes or reads a phase file; its arrays are in docs/format.md. Read gives all but what the
 * file does not hold: `largest` of the states, and how many were left out. Errors as
 * ph_gridfile_create / open; PH_ERR_DAMAGED also where the arrays contradict each other or the grid
 * (docs/format.md says what they promise). `grid` must be the file's own (PH_ERR_MISMATCH
 * otherwise).
 */
int ph_phase_write(const ph_phase_t *self, const char *path, ph_report_t *report);
int ph_phase_read(ph_phase_t *self, const ph_grid_t *grid, const char *path, ph_report_t *report);

#endif
