/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samplers/lumped_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The classes' tables, class innermost. */
static void fill_tables(ph_lumped_t *self, const ph_block_t *block)
{
    const size_t features = self->classes.features;
    const double neurons = (double)block->coupling.neurons;
    for (size_t p = 0; p < features; p++) {
        const double weight = block->coupling.weights[p];
        self->scales[p] = weight > 0.0 ? weight / neurons : 0.0;
        self->spreads[p] = weight > 0.0 ? sqrt(weight / neurons) : 0.0;
    }
    for (size_t c = 0; c < self->classes.count; c++) {
        const int16_t *row = ph_row_classes_row(&self->classes, c);
        for (size_t i = 0; i < self->together; i++)
            self->sizes[i * self->padded + c] = (double)self->classes.sizes[c];
        for (size_t p = 0; p < features; p++) {
            const double phi = row[p];
            const double weight = block->decision.integer ? 1.0 : block->coupling.weights[p];
            self->phi[p * self->padded + c] = phi;
            self->squares[c] += weight * (phi * phi);
        }
    }
}

/* How many chains are moved at once: as many as fill what is drawn together; numbers are made for
 * so many, or for as many sweeps. The plain way takes one after the other. */
static void set_together(ph_lumped_t *self, const ph_block_t *block)
{
    enum { ITEMS = 64, NORMALS = 1024 };
    const size_t features = self->classes.features;
    const bool hidden = block->point->sampler != PH_SAMPLER_LUMPED_LITTLE;
    self->padded = ph_draw_padded(self->classes.count);
    self->normals_each = hidden ? ph_draw_padded(features) : 0;
    self->ahead = self->together = 1;
    if (self->draw == &PH_DRAW_PLAIN)
        return;
    while (self->ahead < PH_LUMPED_AHEAD && 2 * self->ahead * self->normals_each <= NORMALS)
        self->ahead *= 2;
    while (self->together < self->ahead && 2 * self->together * self->padded <= ITEMS)
        self->together *= 2;
}

int ph_lumped_init(ph_lumped_t *self, const ph_block_t *block, const ph_draw_lists_t *draw)
{
    memset(self, 0, sizeof(*self));
    int status = ph_row_classes_init(&self->classes, &block->coupling, &block->patterns, NULL);
    if (status != PH_OK)
        return status;
    self->draw = draw;
    set_together(self, block);
    const size_t items = self->together * self->padded;
    self->sizes = calloc(items, sizeof(double));
    self->phi = calloc(self->classes.features * self->padded, sizeof(double));
    self->squares = calloc(self->padded, sizeof(double));
    self->fields = calloc(2 * items, sizeof(double));
    self->trials = calloc(2 * items, sizeof(double));
    self->drawn = calloc(2 * items, sizeof(double));
    self->units = calloc(self->together * self->classes.features, sizeof(double));
    self->scales = calloc(self->classes.features, sizeof(double));
    self->spreads = calloc(self->classes.features, sizeof(double));
    self->left = calloc(2 * self->classes.count, sizeof(*self->left));
    self->normals = calloc(self->ahead * self->normals_each + 1, sizeof(double));
    if (self->sizes == NULL || self->phi == NULL || self->squares == NULL || self->fields == NULL ||
        self->trials == NULL || self->drawn == NULL || self->units == NULL ||
        self->scales == NULL || self->spreads == NULL || self->left == NULL ||
        self->normals == NULL)
        return PH_ERR_MEMORY;
    fill_tables(self, block);
    return PH_OK;
}

void ph_lumped_free(ph_lumped_t *self)
{
    ph_row_classes_free(&self->classes);
    free(self->sizes);
    free(self->phi);
    free(self->squares);
    free(self->fields);
    free(self->trials);
    free(self->drawn);
    free(self->units);
    free(self->scales);
    free(self->spreads);
    free(self->left);
    free(self->normals);
    memset(self, 0, sizeof(*self));
}

void ph_lumped_seed(ph_lumped_t *self, size_t count, const uint64_t *words)
{
    self->draw->seeds(self->draws, count, words);
    self->draw->normals(self->draws, count, self->normals_each, self->classes.features,
                        self->normals);
}

/* Those of `sweeps` sweeps of the block, the next one and so on. */
static void seed_sweeps(ph_lumped_t *self, const ph_block_t *block, size_t sweeps, size_t first,
                        size_t count)
{
    ph_stream_t streams[PH_LUMPED_AHEAD];
    uint64_t words[PH_LUMPED_AHEAD * PH_DRAW_LANES];
    for (size_t t = 0, i = 0; t < sweeps; t++)
        for (size_t l = 0; l < count; l++, i++)
            ph_stream_init_lane(&streams[i], block->key, PH_PURPOSE_MOVES, block->sample,
                                block->block, block->lane_first + (uint32_t)(first + l),
                                block->sweep + t);
    ph_stream_heads(streams, sweeps * count, words); /* of all at once: they overlap */
    ph_lumped_seed(self, sweeps * count, words);
}

size_t ph_lumped_numbers(ph_lumped_t *self, const ph_block_t *block, size_t first, size_t count)
{
    const size_t lanes = block->lanes;
    if (self->ahead < 2 * lanes) {
        seed_sweeps(self, block, 1, first, count);
        return 0;
    }
    if (first == 0 && (self->taken == self->sweeps || block->sweep != self->sweep + self->taken)) {
        self->sweep = block->sweep;
        self->sweeps = self->ahead / lanes;
        self->taken = 0;
        seed_sweeps(self, block, self->sweeps, 0, lanes);
    }
    self->taken += first == 0;
    return (self->taken - 1) * lanes + first;
}

ph_lumped_chain_t ph_lumped_chain(const ph_block_t *block, double noise, double *up,
                                  int32_t *overlaps)
{
    return (ph_lumped_chain_t){.up = up,
                               .overlaps = overlaps,
                               .noise = ph_draw_noise(noise, block->decision.tolerance),
                               .width = noise > 0.0 ? sqrt(noise) : 0.0,
                               .exact = noise <= 0.0 && block->decision.integer};
}

/* What multiplies the features: w x with the hidden unit x ~ Normal(o, T/(N w)), see
 * ph_hidden_field(). At T = 0 ties are exact where weights are equal: the field as an integer. */
static void set_units(const ph_lumped_t *self, const ph_lumped_chain_t *chain, size_t stride,
                      const double *restrict normals, double *restrict units)
{
    for (size_t p = 0; p < self->classes.features; p++) {
        units[p] = chain->exact ? chain->overlaps[p * stride]
                                : self->scales[p] * chain->overlaps[p * stride] +
                                      chain->width * self->spreads[p] * normals[p];
        __asm__ volatile(""); /* no vectors: for a few features their set-up takes longer */
    }
}

/* Whether the chains' counts follow each other in memory. */
static bool is_row(const ph_lumped_t *self, const ph_lumped_chain_t *chains, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (chains[i].up != chains[0].up + i * self->padded)
            return false;
    return true;
}

static void finish(const ph_lumped_t *self, const ph_lumped_chain_t *chains, size_t count,
                   size_t stride)
{
    for (size_t i = 0; i < count; i++)
        ph_lumped_overlaps(self, chains[i].up, chains[i].overlaps, stride);
}

void ph_lumped_gibbs(ph_lumped_t *self, size_t at, const ph_lumped_chain_t *chains, size_t count,
                     size_t stride)
{
    const size_t padded = self->padded, features = self->classes.features;
    const bool in_place = is_row(self, chains, count);
    double *out = in_place ? chains[0].up : self->drawn;
    for (size_t i = 0; i < count; i++) {
        self->noise[i] = chains[i].noise;
        set_units(self, &chains[i], stride, self->normals + (at + i) * self->normals_each,
                  self->units + i * features);
    }
    self->draw->fields(count, padded, features, self->units, self->phi, self->fields);
    self->draw->spins(self->draws + at, count, padded, self->sizes, self->fields, self->noise, out);
    for (size_t i = 0; i < count && !in_place; i++)
        memcpy(chains[i].up, out + i * padded, padded * sizeof(*out));
    finish(self, chains, count, stride);
}

/* Fields without the self term on the up-spins of each class, then on its down-spins; integers
 * where the weights are equal. */
static void little_fields(ph_lumped_t *self, const ph_block_t *block, const int32_t *overlaps,
                          size_t stride, double *restrict fields)
{
    const bool integer = block->decision.integer;
    const double scale = integer ? block->decision.scale : 1.0 / (double)block->coupling.neurons;
    const size_t features = self->classes.features;
    for (size_t p = 0; p < features; p++)
        self->units[p] = integer ? overlaps[p * stride]
                                 : block->coupling.weights[p] * (double)overlaps[p * stride];
    self->draw->fields(1, self->padded, features, self->units, self->phi, fields);
    double *restrict on_down = fields + self->padded;
    const double *restrict squares = self->squares;
    for (size_t c = 0; c < self->padded; c++) {
        on_down[c] = scale * (fields[c] + squares[c]);
        fields[c] = scale * (fields[c] - squares[c]);
    }
}

void ph_lumped_little(ph_lumped_t *self, const ph_block_t *block, size_t at,
                      const ph_lumped_chain_t *chains, size_t count, size_t stride)
{
    const size_t padded = self->padded;
    for (size_t i = 0; i < count; i++) {
        double *restrict trials = self->trials + i * 2 * padded;
        const double *restrict up = chains[i].up;
        self->noise[i] = chains[i].noise;
        little_fields(self, block, chains[i].overlaps, stride, self->fields + i * 2 * padded);
        for (size_t c = 0; c < padded; c++) {
            trials[c] = up[c];
            trials[padded + c] = self->sizes[c] - up[c];
        }
    }
    self->draw->spins(self->draws + at, count, 2 * padded, self->trials, self->fields, self->noise,
                      self->drawn);
    for (size_t i = 0; i < count; i++) {
        const double *restrict drawn = self->drawn + i * 2 * padded;
        double *restrict up = chains[i].up;
        for (size_t c = 0; c < padded; c++)
            up[c] = drawn[c] + drawn[padded + c];
    }
    finish(self, chains, count, stride);
}

void ph_lumped_overlaps(const ph_lumped_t *self, const double *up, int32_t *overlaps, size_t stride)
{
    self->draw->sums(self->padded, self->classes.features, self->phi, up, self->sizes, overlaps,
                     stride);
}

void ph_lumped_patterns(const ph_lumped_t *self, const double *up, int32_t *overlaps, size_t stride)
{
    const ph_row_classes_t *classes = &self->classes;
    for (size_t mu = 0; mu < classes->patterns; mu++)
        overlaps[mu * stride] = 0;
    for (size_t c = 0; c < classes->count; c++) {
        const int64_t sum = 2 * (int64_t)up[c] - classes->sizes[c];
        const int16_t *xi = ph_row_classes_row(classes, c) + classes->features;
        for (size_t mu = 0; mu < classes->patterns; mu++)
            overlaps[mu * stride] += (int32_t)(sum * xi[mu]);
    }
}

void ph_lumped_count(const ph_lumped_t *self, const ph_block_t *block, uint32_t lane, double *up)
{
    memset(up, 0, self->padded * sizeof(*up));
    for (size_t i = 0; i < (size_t)block->coupling.neurons; i++)
        up[self->classes.of[i]] += ph_block_spin(block, i, lane) == self->classes.gauge[i];
}

void ph_lumped_set_lane(void *lane, size_t neuron, bool is_up)
{
    const ph_lumped_lane_t *at = lane;
    at->spins[neuron] = (at->spins[neuron] & ~at->bit) | (is_up ? at->bit : 0);
}

void ph_lumped_arrange(ph_lumped_t *self, int64_t neurons, const double *up, ph_stream_t *stream,
                       void (*set)(void *context, size_t neuron, bool is_up), void *context)
{
    const ph_row_classes_t *classes = &self->classes;
    int64_t *left = self->left, *neurons_left = left + classes->count;
    for (size_t c = 0; c < classes->count; c++)
        left[c] = (int64_t)up[c];
    memcpy(neurons_left, classes->sizes, classes->count * sizeof(*left));
    for (size_t i = 0; i < (size_t)neurons; i++) {
        const size_t class = classes->of[i];
        const bool chosen = ph_stream_below(stream, (uint32_t)neurons_left[class]--) < left[class];
        left[class] -= chosen;
        set(context, i, chosen == (classes->gauge[i] > 0));
    }
}

double ph_lumped_bytes(const ph_load_t *load, double each)
{
    const double tables = load->classes * (80.0 + 8.0 * load->features + each);
    return ph_load_classes_bytes(load) + fmax(ph_load_table_bytes(load), tables);
}

/* By how much a class of so many neurons takes longer than one of a few, 0 to 1: small ones are
 * drawn to the end by inversion, of large ones the first attempt is taken nearly always. */
static double middling(double alike)
{
    const double size = log2(alike);
    return fmin(1.0, fmax(0.0, (size - 1.6) / 4.5)) * fmax(0.0, 1.0 - fmax(0.0, size - 6.0) / 10.5);
}

double ph_lumped_seconds(const ph_load_t *load, double sweeps)
{
    const double features = load->features, classes = load->classes;
    const ph_sampler_id_t sampler = load->point->sampler;
    const double beyond = ph_load_beyond(classes * (40.0 + 8.0 * features));
    double few = 17.0, more = 12.0; /* ns a class */
    if (sampler == PH_SAMPLER_LUMPED_LITTLE)
        few = 39.0, more = 23.0;
    else if (sampler == PH_SAMPLER_REPLICA_EXCHANGE)
        more = 16.0; /* at higher noise */
    const double each = few + more * middling((double)load->point->neurons / fmax(1.0, classes)) +
                        features * (0.2 + 0.9 * beyond);
    return 1e-9 * sweeps * load->lanes * (100.0 + classes * each);
}
