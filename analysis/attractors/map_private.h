/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ATTRACTORS_MAP_PRIVATE_H
#define PH_ATTRACTORS_MAP_PRIVATE_H

#include "analysis/attractors/map.h"

/** How many samples of a grid differ: 1 where all points are of one given network each. */
size_t ph_attractor_samples(const ph_grid_t *grid);

/** Networks without states. PH_ERR_MEMORY. */
int ph_attractor_map_init(ph_attractor_map_t *self, const ph_grid_t *grid, ph_report_t *report);

/** Counts what is left out or did not converge. */
void ph_attractor_map_count(ph_attractor_map_t *self);

#endif
