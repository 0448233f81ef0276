/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How many patterns chains retrieve, against their wells. A number has no error to be held against:
 * it is right or wrong, where no magnetization is as near to what counts as it fluctuates. Who is
 * near is said by theory alone, so that leaving these out takes no side.
 */
#include <math.h>

#include "analysis/compare/sample_private.h"
#include "analysis/estimate/retrieved.h"

/* Standard deviations of one record, of which a chain's mean is no more than one wide. */
static const double CLEAR = 6.0;

/* What the theory under test says of a well, and whether it can be told of a chain. */
static int count_well(const ph_compared_t *self, const ph_well_t *well, uint64_t *count,
                      bool *clear)
{
    double m[PH_MEANFIELD_PATTERNS_MAX], room[PH_MEANFIELD_PATTERNS_MAX];
    for (size_t j = 0; j < self->chains.patterns; j++) {
        const size_t mu = well->alignment.order[j];
        m[mu] = ph_compared_prediction(self, well, j);
        room[mu] = CLEAR * well->spread[mu] + well->allowance[mu];
    }
    const int status =
        ph_retrieval_count_within(&PH_RETRIEVAL_USUAL, self->to->point, m, room, count, clear);
    *clear = *clear && well->reason == PH_REASON_NONE && !well->within;
    return status;
}

int ph_compared_retrieved(ph_compared_t *self)
{
    const ph_chains_t *chains = &self->chains;
    ph_retrieved_row_t *row = &self->to->retrieved;
    int status = PH_OK;
    for (size_t w = 0; w < self->wells.count && status == PH_OK; w++) {
        uint64_t theory, count;
        bool clear;
        status = count_well(self, &self->wells.wells[w], &theory, &clear);
        for (size_t c = 0; c < chains->chains && status == PH_OK; c++) {
            if (self->wells.of[c] != w || self->wells.moved[c])
                continue;
            if (!clear) {
                row->near++;
                continue;
            }
            status = ph_retrieval_count(&PH_RETRIEVAL_USUAL, self->to->point,
                                        chains->mean + c * chains->patterns, &count);
            row->mc += (double)count;
            row->theory += (double)theory;
            row->chains++;
            row->off += count != theory;
        }
    }
    return status;
}

void ph_retrieved_conclude(ph_retrieved_row_t *row, const ph_accumulator_t *accumulator)
{
    const size_t all = accumulator->samples * (size_t)accumulator->grid->replicas;
    row->mc /= (double)row->chains;
    row->theory /= (double)row->chains;
    row->verdict = row->off > 0 ? PH_VERDICT_DISAGREE : PH_VERDICT_AGREE;
    if (accumulator->reason != PH_REASON_NONE || 2 * row->chains < all)
        row->verdict = PH_VERDICT_UNDECIDED;
}
