/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_CHAIN_RECORDS_H
#define PH_CHAIN_RECORDS_H

#include <stdint.h>

#include "params/grid.h"
#include "sim/model/observables.h"
#include "sim/model/patterns.h"

/** What the records see of a block of chains; nothing is owned. */
typedef struct {
    const ph_point_t *point;
    const ph_patterns_t *patterns;
    const uint64_t *spins; /* [neurons]: bit lane_first + l set: lane l is +1 */
    uint32_t lane_first, lanes;
    uint64_t sweep; /* sweeps done */
} ph_records_view_t;

/**
 * What a grid records of a block beyond what its dynamics keeps anyway. A member is NULL where the
 * grid does not ask for it; then it costs nothing.
 */
typedef struct {
    int64_t examples;          /* of each pattern */
    int8_t *entries;           /* [neurons][patterns][examples] */
    int32_t *example_overlaps; /* [patterns * examples][lanes] */
    int32_t *replica_overlaps; /* [lanes]; of a lane and its partner, which it is beside */
    uint64_t *before;          /* [neurons] spins before the last sweep */
    int32_t *flips;            /* [lanes] neurons that differ from then */
    int32_t *accepted; /* [lanes] updates of the last sweep that flipped; the kernel counts */
} ph_records_t;

/** Draws and allocates what the grid asks for. PH_ERR_MEMORY; free is safe after that. */
int ph_records_init(ph_records_t *self, const ph_records_view_t *view, const ph_grid_t *grid);
void ph_records_free(ph_records_t *self);

/** Bytes that init takes for `lanes` lanes of a point, but for at most 12 a lane. */
double ph_records_bytes(const ph_grid_t *grid, const ph_point_t *point, double lanes);

/** Before a sweep: view->spins must be up to date. */
void ph_records_before(ph_records_t *self, const ph_records_view_t *view);

/** Brings all up to date with view->spins, which must be so themselves. */
void ph_records_observe(ph_records_t *self, const ph_records_view_t *view);

/**
 * Fills in what belongs to one lane; scratch: [patterns * examples + 1] integers that `state`
 * points into.
 */
void ph_records_fill(const ph_records_t *self, const ph_records_view_t *view, uint32_t lane,
                     int64_t *scratch, ph_observation_t *state);

#endif
