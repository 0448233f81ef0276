/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CLI_ATTRACTORS_H
#define PH_CLI_ATTRACTORS_H

#include "analysis/attractors/map.h"

/** Prints what was found: a block a point (not where `brief`), then up to which noise each pattern
 * is stable. `path`: the file that has all. */
void ph_cli_attractors_print(const ph_attractor_map_t *map, const char *path, bool brief);

/** Notes networks that are left out; PH_ERR_NUMERIC where the flow from some start did not come to
 * rest. */
int ph_cli_attractors_told(const ph_attractor_map_t *map, const char *path, ph_report_t *report);

#endif
