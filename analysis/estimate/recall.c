/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/estimate/laststate.h"
#include "analysis/estimate/recall_private.h"

enum {
    OVERLAP = PH_QUANTITY_RECALL_OVERLAP - PH_QUANTITY_RECALLED,
    SWEEPS = PH_QUANTITY_RECALL_SWEEPS - PH_QUANTITY_RECALLED
};
_Static_assert((int)PH_OUTCOMES == OVERLAP, "outcomes stand before the overlap");

int ph_recalls_init(ph_recalls_t *self, const ph_grid_t *grid, const ph_point_t *point)
{
    *self = (ph_recalls_t){.grid = grid, .point = point, .chains = (size_t)grid->replicas};
    if (grid->recall_threshold == 0.0)
        return PH_OK;
    self->values = malloc(PH_RECALL_VALUES * self->chains * sizeof(*self->values));
    if (self->values == NULL)
        return PH_ERR_MEMORY;
    ph_recalls_clear(self);
    return PH_OK;
}

void ph_recalls_free(ph_recalls_t *self)
{
    free(self->values);
    self->values = NULL;
}

void ph_recalls_clear(ph_recalls_t *self)
{
    for (size_t i = 0; self->values != NULL && i < PH_RECALL_VALUES * self->chains; i++)
        self->values[i] = (double)NAN;
}

/* Sweeps from the start to the first record at which chain r of the segment recalls; NaN: none. */
static double first_time(const ph_recalls_t *self, const ph_segment_t *segment, size_t r)
{
    const size_t width = (size_t)segment->components, n = (size_t)segment->records;
    const size_t at = ph_observable_offset(PH_OBS_RECALL, self->grid, self->point->patterns) +
                      (size_t)PH_OUTCOME_TARGET;
    for (size_t k = 0; segment->series != NULL && segment->record_first == 0 && k < n; k++)
        if (segment->series[(r * n + k) * width + at] > 0.5)
            return (double)self->point->burn_in + (double)k * (double)self->point->record_every;
    return (double)NAN;
}

int ph_recalls_add(ph_recalls_t *self, const ph_segment_t *segment)
{
    const size_t width = (size_t)segment->components;
    if (self->values == NULL || segment->replicas == 0)
        return PH_OK;
    double *last = calloc(segment->replicas * width, sizeof(*last));
    int status = last == NULL ? PH_ERR_MEMORY : PH_OK;
    if (status == PH_OK)
        status = ph_last_states(self->grid, self->point, segment, last);
    const int64_t patterns = self->point->patterns;
    const size_t outcome = ph_observable_offset(PH_OBS_RECALL, self->grid, patterns);
    const size_t overlap = ph_observable_offset(PH_OBS_RECALL_OVERLAP, self->grid, patterns);
    for (size_t r = 0; r < segment->replicas && status == PH_OK; r++) {
        double *to = self->values + segment->replica_first + r;
        for (size_t k = 0; k < (size_t)PH_OUTCOMES; k++)
            to[k * self->chains] = last[r * width + outcome + k];
        to[OVERLAP * self->chains] = last[r * width + overlap];
        to[SWEEPS * self->chains] = first_time(self, segment, r);
        self->seen++;
    }
    free(last);
    return status;
}

double ph_recalls_estimate(const ph_recalls_t *self, ph_quantity_made_t made, size_t together,
                           double *work, double *value, double *variance)
{
    const size_t which = (size_t)made - (size_t)PH_QUANTITY_RECALLED;
    return ph_jackknife_mean(self->values + which * self->chains, self->chains, together, work,
                             value, variance);
}

bool ph_recalls_share(ph_quantity_made_t made)
{
    return made >= PH_QUANTITY_RECALLED && made < PH_QUANTITY_RECALL_OVERLAP;
}

double ph_recalls_error(const ph_recalls_t *self, const ph_averaged_t *share)
{
    if (isnan(share->error))
        return share->error;
    return fmax(share->error, sqrt(ph_share_variance_least(share->value, (double)self->seen)));
}
