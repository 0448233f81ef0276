/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_STATES_H
#define PH_MODEL_STATES_H

#include <stddef.h>
#include <stdint.h>

#include "params/grid.h"

/*
 * The times at which a grid has the spins of every chain recorded (record.states): a list, or every
 * so many sweeps from the end of burn-in on. They are the same at all points, as far as a point
 * goes.
 */

/** How many times there are at the longest point; 0: no states are recorded. */
size_t ph_grid_states(const ph_grid_t *grid);

/** Time number k < ph_grid_states(), from 0, in sweeps after burn-in. */
uint64_t ph_grid_state_time(const ph_grid_t *grid, size_t k);

/** Number of a point's times up to a sweep (burn-in included): 0 while sweep < burn_in. */
uint64_t ph_states_until(const ph_grid_t *grid, const ph_point_t *point, uint64_t sweep);

/** Bytes of one recorded state: ceil(N / 8). */
size_t ph_point_spin_bytes(const ph_point_t *point);

/** Bytes of one recorded state at the point of most neurons. */
size_t ph_grid_spin_bytes(const ph_grid_t *grid);

/** Bytes of all recorded states of one chain from its start to its end. */
double ph_states_bytes(const ph_grid_t *grid, const ph_point_t *point);

#endif
