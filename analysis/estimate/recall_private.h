/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_RECALL_PRIVATE_H
#define PH_ESTIMATE_RECALL_PRIVATE_H

#include <stdbool.h>

#include "analysis/estimate/jackknife.h"
#include "analysis/estimate/quantity.h"
#include "sim/model/recall.h"
#include "sim/model/segment.h"

/* A number for every chain: 1 or 0 for each outcome, its overlap, the sweeps that it took. */
enum { PH_RECALL_VALUES = PH_QUANTITY_RECALL_SWEEPS - PH_QUANTITY_RECALLED + 1 };

/** What the chains of a sample recall in their last states. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t chains;
    double *values; /* [PH_RECALL_VALUES][chains], NaN where nothing is known */
    uint64_t seen;  /* chains since init, of all samples */
} ph_recalls_t;

/** Nothing where the grid does not record it. PH_ERR_MEMORY; free is safe after it. */
int ph_recalls_init(ph_recalls_t *self, const ph_grid_t *grid, const ph_point_t *point);
void ph_recalls_free(ph_recalls_t *self);
void ph_recalls_clear(ph_recalls_t *self);

/** Adds the chains of a segment: their last states and, where there are series from the first
 * record on, when they recalled first. PH_ERR_MEMORY, or what the last states gave. */
int ph_recalls_add(ph_recalls_t *self, const ph_segment_t *segment);

/** Mean of a quantity over the chains of the sample that have it, as ph_jackknife_mean(). */
double ph_recalls_estimate(const ph_recalls_t *self, ph_quantity_made_t made, size_t together,
                           double *work, double *value, double *variance);

/** Whether a quantity is a share of chains. */
bool ph_recalls_share(ph_quantity_made_t made);

/** Error of a share over all samples: chains and samples may all agree by chance, so no less than
 * ph_share_variance_least() of all chains seen. */
double ph_recalls_error(const ph_recalls_t *self, const ph_averaged_t *share);

#endif
