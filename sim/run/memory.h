/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_MEMORY_H
#define PH_RUN_MEMORY_H

#include <stdint.h>

#include "params/grid.h"

/**
 * Bytes that a run of a grid with this many threads takes at its peak: the program, a block of
 * chains with its sample a thread, the segments on their way to the journal, and the chunks of the
 * file in memory while it is put together, with the small points that are gathered for it. No array
 * is quadratic in the neurons. Within 10% or 32 MiB of the peak that the system reports; an
 * extension also holds its old file's grid, and reads that file through as many chunks again and
 * 256 kB more of each array.
 */
double ph_memory_bytes(const ph_grid_t *grid, uint64_t threads);

/** The same where no block is cut into pieces, though there are fewer than threads
 * (ph_split_init): what it cannot do without. */
double ph_memory_least(const ph_grid_t *grid, uint64_t threads);

/** The same of putting together the parts of a run of the grid. */
double ph_memory_merge(const ph_grid_t *grid);

#endif
