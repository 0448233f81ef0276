/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/chain/records.h"

#include <stdlib.h>
#include <string.h>

#include "sim/model/dataset.h"

static int draw_examples(ph_records_t *self, const ph_records_view_t *view)
{
    const int64_t patterns = view->patterns->patterns, examples = self->examples;
    int16_t *row = malloc((size_t)examples * sizeof(*row));
    if (row == NULL)
        return PH_ERR_MEMORY;
    int8_t *out = self->entries;
    for (int64_t i = 0; i < view->patterns->neurons; i++)
        for (int64_t mu = 0; mu < patterns; mu++) {
            ph_dataset_entries(view->point, view->patterns, i, mu, 0, examples, row);
            for (int64_t a = 0; a < examples; a++)
                *out++ = (int8_t)row[a];
        }
    free(row);
    return PH_OK;
}

int ph_records_init(ph_records_t *self, const ph_records_view_t *view, const ph_grid_t *grid)
{
    const size_t neurons = (size_t)view->patterns->neurons, lanes = view->lanes;
    const size_t columns = (size_t)(view->patterns->patterns * grid->example_overlaps);
    const bool learned = grid->example_overlaps > 0 && ph_rule_learns(view->point->rule);
    int status = PH_OK;
    memset(self, 0, sizeof(*self));
    self->examples = grid->example_overlaps;
    if (learned) {
        self->entries = calloc(neurons, columns);
        self->example_overlaps = calloc(columns * lanes, sizeof(*self->example_overlaps));
        if (self->entries == NULL || self->example_overlaps == NULL)
            status = PH_ERR_MEMORY;
    }
    if (grid->replica_overlap) {
        self->replica_overlaps = calloc(lanes, sizeof(*self->replica_overlaps));
        status = self->replica_overlaps == NULL ? PH_ERR_MEMORY : status;
    }
    if (grid->flips) {
        self->before = calloc(neurons, sizeof(*self->before));
        self->flips = calloc(lanes, sizeof(*self->flips));
        status = self->before == NULL || self->flips == NULL ? PH_ERR_MEMORY : status;
    }
    if (grid->acceptance) {
        self->accepted = calloc(lanes, sizeof(*self->accepted));
        status = self->accepted == NULL ? PH_ERR_MEMORY : status;
    }
    if (status == PH_OK && learned)
        status = draw_examples(self, view);
    if (status != PH_OK)
        ph_records_free(self);
    return status;
}

void ph_records_free(ph_records_t *self)
{
    free(self->entries);
    free(self->example_overlaps);
    free(self->replica_overlaps);
    free(self->before);
    free(self->flips);
    free(self->accepted);
    memset(self, 0, sizeof(*self));
}

double ph_records_bytes(const ph_grid_t *grid, const ph_point_t *point, double lanes)
{
    const double columns = (double)point->patterns * (double)grid->example_overlaps;
    const bool learned = ph_rule_learns(point->rule);
    return (learned ? columns * ((double)point->neurons + 4.0 * lanes) : 0.0) +
           (grid->flips ? 8.0 * (double)point->neurons : 0.0);
}

void ph_records_before(ph_records_t *self, const ph_records_view_t *view)
{
    if (self->before != NULL)
        memcpy(self->before, view->spins, (size_t)view->patterns->neurons * sizeof(*self->before));
    if (self->accepted != NULL)
        memset(self->accepted, 0, view->lanes * sizeof(*self->accepted));
}

static void count_examples(ph_records_t *self, const ph_records_view_t *view)
{
    const size_t lanes = view->lanes;
    const size_t columns = (size_t)(view->patterns->patterns * self->examples);
    memset(self->example_overlaps, 0, columns * lanes * sizeof(*self->example_overlaps));
    for (size_t i = 0; i < (size_t)view->patterns->neurons; i++) {
        int32_t spins[PH_MAX_LANES];
        for (uint32_t l = 0; l < lanes; l++)
            spins[l] = (view->spins[i] >> (view->lane_first + l)) & 1 ? 1 : -1;
        for (size_t c = 0; c < columns; c++) {
            const int32_t entry = self->entries[i * columns + c];
            int32_t *overlaps = self->example_overlaps + c * lanes;
            for (size_t l = 0; l < lanes; l++)
                overlaps[l] += entry * spins[l];
        }
    }
}

/* counts[lane] = number of neurons whose bit of the lane is set in `bits(i)`. */
static void count_bits(int32_t *counts, uint32_t lanes, uint64_t bits)
{
    for (uint32_t l = 0; l < lanes; l++)
        counts[l] += (int32_t)((bits >> l) & 1);
}

void ph_records_observe(ph_records_t *self, const ph_records_view_t *view)
{
    /* bits 2k of the block's lanes: where replicas 2k and 2k + 1 differ */
    const uint64_t even = UINT64_C(0x5555555555555555);
    const size_t neurons = (size_t)view->patterns->neurons;
    if (self->example_overlaps != NULL)
        count_examples(self, view);
    if (self->replica_overlaps != NULL) {
        int32_t *differing = self->replica_overlaps;
        memset(differing, 0, view->lanes * sizeof(*differing));
        for (size_t i = 0; i < neurons; i++) {
            const uint64_t unlike = (view->spins[i] ^ view->spins[i] >> 1) & even;
            count_bits(differing, view->lanes, (unlike | unlike << 1) >> view->lane_first);
        }
        for (uint32_t l = 0; l < view->lanes; l++)
            differing[l] = (int32_t)neurons - 2 * differing[l];
    }
    if (self->flips != NULL) {
        memset(self->flips, 0, view->lanes * sizeof(*self->flips));
        for (size_t i = 0; i < neurons && view->sweep > 0; i++)
            count_bits(self->flips, view->lanes,
                       (view->spins[i] ^ self->before[i]) >> view->lane_first);
    }
}

void ph_records_fill(const ph_records_t *self, const ph_records_view_t *view, uint32_t lane,
                     int64_t *scratch, ph_observation_t *state)
{
    const size_t columns = (size_t)(view->patterns->patterns * self->examples);
    /* Replicas are paired by their number in the block, not by their place among these lanes. */
    const uint32_t partner = (view->lane_first + lane) ^ 1U;
    state->examples = self->examples;
    if (self->example_overlaps != NULL) {
        for (size_t c = 0; c < columns; c++)
            scratch[c] = self->example_overlaps[c * view->lanes + lane];
        state->example_overlaps = scratch;
    }
    if (self->replica_overlaps != NULL && partner >= view->lane_first &&
        partner < view->lane_first + view->lanes) {
        scratch[columns] = self->replica_overlaps[lane];
        state->replica_overlap = &scratch[columns];
    }
    if (self->flips != NULL)
        state->flips = self->flips[lane];
    if (self->accepted != NULL)
        state->accepted = self->accepted[lane];
}
