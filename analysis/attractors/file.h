/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ATTRACTORS_FILE_H
#define PH_ATTRACTORS_FILE_H

#include "analysis/attractors/map.h"

/**
 * Writes or reads a file of attractors; its arrays are in docs/format.md. Read gives all but the
 * configurations and order parameters themselves. Errors as ph_gridfile_create / open;
 * PH_ERR_DAMAGED also where the arrays contradict each other. `grid` must be the file's own
 * (PH_ERR_MISMATCH).
 */
int ph_attractors_write(const ph_attractor_map_t *self, const char *path, ph_report_t *report);
int ph_attractors_read(ph_attractor_map_t *self, const ph_grid_t *grid, const char *path,
                       ph_report_t *report);

#endif
