/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sample/block.h"

#include <stdlib.h>
#include <string.h>

#include "sim/model/starts.h"

static void count_rows(ph_block_t *self)
{
    size_t columns = (size_t)self->coupling.features;
    double self_sum = 0.0;
    for (size_t i = 0; i < (size_t)self->coupling.neurons; i++) {
        self_sum += self->coupling.self[i];
        for (size_t p = 0; p < columns; p++) {
            int32_t entry = self->coupling.phi[i * columns + p];
            self->squares[i] += entry * entry;
        }
        for (size_t mu = 0; mu < (size_t)self->patterns.patterns; mu++)
            self->pattern_norms[mu] +=
                self->patterns.entries[i * (size_t)self->patterns.patterns + mu] != 0;
    }
    self->self_mean = self_sum / (double)self->coupling.neurons;
}

int ph_block_init(ph_block_t *self, const ph_point_t *point, uint64_t seed, uint32_t sample,
                  uint32_t block, uint32_t lane_first, uint32_t lanes)
{
    memset(self, 0, sizeof(*self));
    self->point = point;
    self->sample = sample;
    self->block = block;
    self->lane_first = lane_first;
    self->lanes = lanes;
    self->key = ph_stream_key(seed, point->identity);
    if (point->neurons * point->patterns > INT32_MAX)
        return PH_ERR_LIMIT;
    size_t neurons = (size_t)point->neurons;
    int status = ph_patterns_draw(&self->patterns, point, seed, sample);
    if (status == PH_OK)
        status = ph_coupling_init(&self->coupling, point, &self->patterns);
    if (status == PH_OK)
        status = ph_decision_init(&self->decision, point, &self->coupling);
    if (status != PH_OK)
        goto out;
    self->pattern_norms = calloc((size_t)point->patterns, sizeof(*self->pattern_norms));
    self->squares = calloc(neurons, sizeof(*self->squares));
    self->spins = malloc(neurons * lanes);
    self->overlaps = calloc((size_t)self->coupling.features * lanes, sizeof(*self->overlaps));
    self->sites = calloc(neurons, sizeof(*self->sites));
    if (self->pattern_norms == NULL || self->squares == NULL || self->spins == NULL ||
        self->overlaps == NULL || self->sites == NULL) {
        status = PH_ERR_MEMORY;
        goto out;
    }
    memset(self->spins, 1, neurons * lanes);
    count_rows(self);
    ph_block_recount(self);
out:
    if (status != PH_OK)
        ph_block_free(self);
    return status;
}

void ph_block_free(ph_block_t *self)
{
    ph_patterns_free(&self->patterns);
    ph_coupling_free(&self->coupling);
    ph_decision_free(&self->decision);
    free(self->pattern_norms);
    free(self->squares);
    free(self->spins);
    free(self->overlaps);
    free(self->sites);
    memset(self, 0, sizeof(*self));
}

void ph_block_start(ph_block_t *self)
{
    ph_stream_t coins;
    ph_stream_init(&coins, self->key, PH_PURPOSE_START, self->sample, self->block, 0);
    const ph_start_t *start = ph_start(self->point->start);
    size_t columns = (size_t)self->patterns.patterns;
    for (size_t i = 0; i < (size_t)self->patterns.neurons; i++) {
        /* One word a neuron, one bit a lane: a lane's start does not depend on the others. */
        uint64_t word = ph_stream_word(&coins);
        int spin = start->spin(self->patterns.entries + i * columns, self->patterns.patterns);
        for (uint32_t l = 0; l < self->lanes; l++) {
            int coin = (word >> (self->lane_first + l)) & 1 ? 1 : -1;
            self->spins[i * self->lanes + l] = (int8_t)(spin != 0 ? spin : coin);
        }
    }
    self->sweep = 0;
    ph_block_recount(self);
}

void ph_block_load(ph_block_t *self, uint32_t lane, const uint8_t *bits)
{
    for (size_t i = 0; i < (size_t)self->patterns.neurons; i++)
        self->spins[i * self->lanes + lane] = (bits[i / 8] >> (i % 8)) & 1 ? 1 : -1;
}

void ph_block_save(const ph_block_t *self, uint32_t lane, uint8_t *bits)
{
    memset(bits, 0, ((size_t)self->patterns.neurons + 7) / 8);
    for (size_t i = 0; i < (size_t)self->patterns.neurons; i++)
        if (self->spins[i * self->lanes + lane] > 0)
            bits[i / 8] = (uint8_t)(bits[i / 8] | (1u << (i % 8)));
}

static void recount_into(const ph_block_t *self, int32_t *overlaps)
{
    size_t features = (size_t)self->coupling.features, lanes = self->lanes;
    memset(overlaps, 0, features * lanes * sizeof(*overlaps));
    for (size_t i = 0; i < (size_t)self->coupling.neurons; i++)
        for (size_t p = 0; p < features; p++) {
            int32_t entry = self->coupling.phi[i * features + p];
            for (size_t l = 0; l < lanes; l++)
                overlaps[p * lanes + l] += entry * self->spins[i * lanes + l];
        }
}

void ph_block_recount(ph_block_t *self)
{
    recount_into(self, self->overlaps);
}

int ph_block_check(const ph_block_t *self)
{
    size_t size = (size_t)self->coupling.features * self->lanes * sizeof(*self->overlaps);
    int32_t *recount = malloc(size);
    if (recount == NULL)
        return PH_ERR_MEMORY;
    recount_into(self, recount);
    int status = memcmp(recount, self->overlaps, size) == 0 ? PH_OK : PH_ERR_NUMERIC;
    free(recount);
    return status;
}

void ph_block_measure(const ph_block_t *self, const ph_grid_t *grid, uint32_t lane,
                      int64_t *scratch, double *out)
{
    size_t features = (size_t)self->coupling.features;
    /* In storage the features are the patterns. */
    for (size_t p = 0; p < features; p++)
        scratch[p] = self->overlaps[p * self->lanes + lane];
    ph_observation_t state = {.neurons = self->patterns.neurons,
                              .patterns = self->patterns.patterns,
                              .features = self->coupling.features,
                              .pattern_overlaps = scratch,
                              .feature_overlaps = scratch,
                              .pattern_norms = self->pattern_norms,
                              .weights = self->coupling.weights,
                              .self_mean = self->self_mean};
    for (int id = 0; id < PH_OBS_COUNT; id++) {
        ph_observable_id_t observable = (ph_observable_id_t)id;
        if (!ph_observable_recorded(observable, grid))
            continue;
        ph_observable(observable)->measure(&state, out);
        out += ph_observable_components(observable, self->patterns.patterns);
    }
}
