/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FLOW_SITES_H
#define PH_FLOW_SITES_H

#include "analysis/flow/noise.h"

/**
 * The sequential order site by site: mean spins s_i <- tanh(h_i(o)/T) of the neurons in the order
 * in which they are updated, classes->site[sites], the self term left in the field as in the flow.
 * Where the flow of section 9 of the project's docs/theory.md knows only how many neurons of a
 * class there are, this knows which stand next to each other: chains of the sample are about it to
 * O(1/N), not O(1/sqrt N). Writes overlaps after time[k] sweeps (ascending) into
 * path[times][size]; after 10^5 sweeps or 10^9 updates it stops with complete = false, NaN from
 * there on. PH_ERR_MEMORY.
 */
int ph_flow_sites(const ph_classes_t *classes, double noise, size_t times, const uint64_t *time,
                  double *path, ph_flow_end_t *end);

#endif
