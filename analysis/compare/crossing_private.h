/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_CROSSING_PRIVATE_H
#define PH_COMPARE_CROSSING_PRIVATE_H

#include "analysis/compare/cloud_private.h"

/**
 * From which record on single chains may have left the path that linear noise gives all of them,
 * for a well on the other side of a boundary: `most` draws from `start` are followed by the flow
 * with more noise than the dynamics has, so much more that some of them part where the boundary is
 * `sight` of a chain's standard deviations away. Only on the way to where the flow comes to rest;
 * noise->times where none parts, or where fewer than 16 draws are affordable (`cost`:
 * multiplications). A pure function of its arguments. PH_ERR_MEMORY.
 */
int ph_crossing_first(const ph_point_t *point, const ph_flow_classes_t *net,
                      const ph_classes_t *start, const ph_flow_noise_t *noise, const uint64_t *time,
                      double sight, size_t most, double cost, size_t *first);

#endif
