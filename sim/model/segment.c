/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/segment.h"

#include <stdlib.h>
#include <string.h>

#include "sim/model/moments.h"
#include "sim/model/observables.h"
#include "sim/model/states.h"

uint64_t ph_point_total(const ph_point_t *point)
{
    return (uint64_t)point->burn_in + (uint64_t)ph_point_sweeps(point);
}

uint32_t ph_grid_block_chains(const ph_grid_t *grid)
{
    return (uint32_t)(grid->replicas < grid->lanes ? grid->replicas : grid->lanes);
}

size_t ph_grid_chain(const ph_grid_t *grid, size_t point, uint32_t sample, uint32_t replica)
{
    return (point * (size_t)grid->samples + sample) * (size_t)grid->replicas + replica;
}

size_t ph_segment_spin_bytes(uint64_t bits)
{
    return (size_t)((bits + 7) / 8);
}

uint64_t ph_point_extra_bytes(const ph_point_t *point)
{
    const uint64_t rungs = point->ladder.count;
    const uint64_t kept = ph_sampler_facts(point->sampler)->kept_bytes;
    if (!ph_sampler_has(point->sampler, PH_TRAIT_LADDER))
        return kept;
    if (rungs == 0)
        return 0;
    return (rungs - 1) * ph_segment_spin_bytes((uint64_t)point->neurons) + 2 * rungs + kept;
}

uint64_t ph_point_state_bits(const ph_point_t *point)
{
    const uint64_t extra = ph_point_extra_bytes(point), neurons = (uint64_t)point->neurons;
    return extra == 0 ? neurons : 8 * (ph_segment_spin_bytes(neurons) + extra);
}

uint64_t ph_records_until(const ph_point_t *point, uint64_t sweep)
{
    uint64_t burn_in = (uint64_t)point->burn_in;
    if (sweep < burn_in)
        return 0;
    return (sweep - burn_in) / (uint64_t)point->record_every + 1;
}

int ph_segment_init(ph_segment_t *self, const ph_grid_t *grid, const ph_point_t *point,
                    uint32_t sample, uint32_t replica_first, uint32_t replicas, uint64_t sweep_from,
                    uint64_t sweep_to)
{
    memset(self, 0, sizeof(*self));
    self->chain = point->chain;
    self->sample = sample;
    self->replica_first = replica_first;
    self->replicas = replicas;
    self->sweep_from = sweep_from;
    self->sweep_to = sweep_to;
    /* Record 0 of a chain without burn-in is its start: it belongs to the first segment. */
    self->record_first = sweep_from == 0 ? 0 : ph_records_until(point, sweep_from);
    self->records = sweep_to == 0 ? 0 : ph_records_until(point, sweep_to) - self->record_first;
    self->components = ph_observables_total(grid, point->patterns);
    self->state_bits = ph_point_state_bits(point);

    size_t chains = replicas, components = (size_t)self->components;
    self->spins = calloc(chains, ph_segment_spin_bytes(self->state_bits));
    if (grid->trajectory)
        self->series = calloc(chains * (size_t)self->records * components + 1, sizeof(double));
    if (grid->moments)
        self->sums = calloc(chains * components * PH_MOMENT_WORDS, sizeof(double));
    if (self->spins == NULL || (grid->trajectory && self->series == NULL) ||
        (grid->moments && self->sums == NULL)) {
        ph_segment_free(self);
        return PH_ERR_MEMORY;
    }
    return PH_OK;
}

uint64_t ph_states_first(const ph_grid_t *grid, const ph_point_t *point, uint64_t sweep_from)
{
    return sweep_from == 0 ? 0 : ph_states_until(grid, point, sweep_from);
}

int ph_segment_add_states(ph_segment_t *self, const ph_grid_t *grid, const ph_point_t *point)
{
    const size_t bytes = ph_point_spin_bytes(point);
    const uint64_t until = self->sweep_to == 0 ? 0 : ph_states_until(grid, point, self->sweep_to);
    self->states_first = ph_states_first(grid, point, self->sweep_from);
    self->states_count = until > self->states_first ? until - self->states_first : 0;
    self->states_bytes = bytes;
    if (self->states_count == 0)
        return PH_OK;
    self->states = calloc(self->replicas * (size_t)self->states_count, bytes);
    return self->states == NULL ? PH_ERR_MEMORY : PH_OK;
}

void ph_segment_free(ph_segment_t *self)
{
    free(self->series);
    free(self->sums);
    free(self->spins);
    free(self->states);
    self->series = NULL;
    self->sums = NULL;
    self->spins = NULL;
    self->states = NULL;
}
