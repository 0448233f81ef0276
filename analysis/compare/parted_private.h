/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_PARTED_PRIVATE_H
#define PH_COMPARE_PARTED_PRIVATE_H

#include "params/grid.h"
#include "sim/store/runfile.h"

/** Sums over chains, each beside the flow from its own record 0; [records][patterns]. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t records, patterns;
    const uint64_t *time;         /* [records] */
    double *mc, *flow, *variance; /* of chains towards the sign of their flow */
    double *allowance;            /* [records], of the same chains */
    size_t *count;                /* [records]: chains that linear noise describes */
} ph_parted_t;

/** Whether chains of a point can be followed one by one: stored patterns, of which record 0 holds
 * all overlaps, and a dynamics whose flow asks for nothing else. */
bool ph_parted_known(const ph_grid_t *grid, const ph_point_t *point);

/** PH_ERR_MEMORY; free is safe after it. */
int ph_parted_init(ph_parted_t *self, const ph_grid_t *grid, const ph_point_t *point,
                   size_t records, const uint64_t *time);
void ph_parted_free(ph_parted_t *self);

/**
 * Adds the chains of a sample, or as many of each as are affordable. What a chain's record 0 says
 * alone decides whether, and up to which record, it counts. PH_ERR_MEMORY, or what the noise gave.
 */
int ph_parted_add(ph_parted_t *self, const ph_segment_t *segment, uint32_t sample);

#endif
