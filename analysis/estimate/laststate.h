/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_LASTSTATE_H
#define PH_ESTIMATE_LASTSTATE_H

#include "base/report.h"
#include "sim/store/runfile.h"

/** Whether the records of a point's chains are a path to a fixed point (noise 0), so that their
 * time average says nothing of where it ends. */
bool ph_point_settles(const ph_point_t *point);

/**
 * Whether a component counts from the start of the chain (relaxation, round_trips): what is said of
 * it is its last value, not an average.
 */
bool ph_observable_counts(ph_observable_id_t id);

/** Its last value, as the sampler keeps it with the state of the segment's chain r. */
double ph_last_count(const ph_point_t *point, const ph_segment_t *segment, size_t r);

/** Whether chain r, of sampler descent, has not reached its fixed point yet. */
bool ph_last_moving(const ph_point_t *point, const ph_segment_t *segment, size_t r);

/**
 * The pattern (from 0) that the segment's chain r is to recall: of its start, or else as recorded;
 * -1: any. False where neither records nor sums are there to tell, or tell of no pattern.
 */
bool ph_last_target(const ph_grid_t *grid, const ph_point_t *point, const ph_segment_t *segment,
                    size_t r, int64_t *target);

/**
 * Every recorded component in the last states of a segment's chains, out[replicas][components],
 * from the spins. Flips and acceptance belong to a sweep: of the last record, NaN where there are
 * no trajectories. PH_ERR_MEMORY, PH_ERR_LIMIT as ph_coupling_init.
 */
int ph_last_states(const ph_grid_t *grid, const ph_point_t *point, const ph_segment_t *segment,
                   double *out);

#endif
