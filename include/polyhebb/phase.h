/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_PHASE_H
#define POLYHEBB_PHASE_H

/** @file
 * Phase diagrams: all states of the infinite network at every point of a grid, and the boundaries
 * between points.
 */
#include <stddef.h>
#include <stdint.h>

#include <polyhebb/grid.h>

/** The phase diagram of a grid. */
typedef struct ph_phase ph_phase_t;

/** A state: one of those that permutations of alike patterns and signs make of each other. */
typedef struct {
    const char *stability; /**< "stable" (the ground state), "metastable", "unstable" */
    double free_energy;    /**< per neuron; the energy at noise 0 */
    double copies;         /**< number of states it stands for, itself included */
    char label[32];        /**< "hierarchical-3", "parallel-2", "paramagnetic", ... */
} ph_phase_state_t;

/** A place between a point and the next along an axis where something changes. */
typedef struct {
    double place;     /**< value of the axis' key */
    const char *kind; /**< "continuous", "spinodal", "crossing", "crossover", "examples",
                           "example-state" */
    char label[32];   /**< of the state that ends, or of the ground state before */
    char other[32];   /**< of the state that follows */
} ph_phase_boundary_t;

PH_BEGIN_C

/**
 * Finds the states of every point and the boundaries along every axis of dilution, noise, quality
 * or fidelity. `threads`: 0 for as many as the machine allows; the numbers do not depend on them.
 * The grid must outlive the diagram. PH_ERR_UNSUPPORTED: every point has more than 12 patterns.
 * PH_ERR_MEMORY. On failure *phase is NULL.
 */
PH_API int ph_phase_new(ph_phase_t **phase, const ph_grid_t *grid, uint32_t threads,
                        ph_report_t *report);

/** Reads a phase file, which must be of this very grid (PH_ERR_MISMATCH). PH_ERR_IO,
 * PH_ERR_FORMAT, PH_ERR_DAMAGED, PH_ERR_MEMORY; on failure *phase is NULL. */
PH_API int ph_phase_new_from_file(ph_phase_t **phase, const ph_grid_t *grid, const char *path,
                                  ph_report_t *report);

/** Frees a diagram; NULL does nothing. */
PH_API void ph_phase_delete(ph_phase_t *phase);

/** Writes a phase file; only a phase file is ever overwritten (PH_ERR_INPUT). PH_ERR_IO,
 * PH_ERR_MEMORY. */
PH_API int ph_phase_save(const ph_phase_t *phase, const char *path, ph_report_t *report);

/** Number of states of a point, by ascending free energy; 0 where it has more than 12 patterns or
 * there is no such point. */
PH_API size_t ph_phase_states(const ph_phase_t *phase, size_t point);

/** State i of a point, and its magnetizations m[patterns] (may be NULL). PH_ERR_INPUT where there
 * is none. */
PH_API int ph_phase_state(const ph_phase_t *phase, size_t point, size_t i, ph_phase_state_t *state,
                          double *m);

/** Number of the state that the flow from the grid's start reaches; -1 where it does not converge
 * or there is none. */
PH_API int ph_phase_reached(const ph_phase_t *phase, size_t point);

/** Number of boundaries between a point and the next along an axis, those of the ground state and
 * those where a state ends; 0 where there is no way. */
PH_API size_t ph_phase_boundaries(const ph_phase_t *phase, size_t axis, size_t point);

/** Boundary i of these. PH_ERR_INPUT where there is none. */
PH_API int ph_phase_boundary(const ph_phase_t *phase, size_t axis, size_t point, size_t i,
                             ph_phase_boundary_t *boundary);

PH_END_C

#endif
