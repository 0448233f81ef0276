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
        self->sizes[c] = (double)self->classes.sizes[c];
        for (size_t p = 0; p < features; p++) {
            const double phi = row[p];
            const double weight = block->decision.integer ? 1.0 : block->coupling.weights[p];
            self->phi[p * self->padded + c] = phi;
            self->squares[c] += weight * (phi * phi);
        }
    }
}

int ph_lumped_init(ph_lumped_t *self, const ph_block_t *block, const ph_draw_lists_t *draw)
{
    memset(self, 0, sizeof(*self));
    int status = ph_row_classes_init(&self->classes, &block->coupling, &block->patterns, NULL);
    if (status != PH_OK)
        return status;
    self->draw = draw;
    self->padded = (self->classes.count + PH_DRAW_LANES - 1) / PH_DRAW_LANES * PH_DRAW_LANES;
    self->sizes = calloc(self->padded, sizeof(double));
    self->phi = calloc(self->classes.features * self->padded, sizeof(double));
    self->squares = calloc(self->padded, sizeof(double));
    self->fields = calloc(2 * self->padded, sizeof(double));
    self->trials = calloc(2 * self->padded, sizeof(double));
    self->drawn = calloc(2 * self->padded, sizeof(double));
    self->units = calloc(self->classes.features + PH_DRAW_LANES, sizeof(double));
    self->scales = calloc(self->classes.features, sizeof(double));
    self->spreads = calloc(self->classes.features, sizeof(double));
    self->left = calloc(2 * self->classes.count, sizeof(*self->left));
    if (self->sizes == NULL || self->phi == NULL || self->squares == NULL || self->fields == NULL ||
        self->trials == NULL || self->drawn == NULL || self->units == NULL ||
        self->scales == NULL || self->spreads == NULL || self->left == NULL)
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
    memset(self, 0, sizeof(*self));
}

/* What multiplies the features: w x with the hidden unit x ~ Normal(o, T/(N w)), see
 * ph_hidden_field(). At T = 0 ties are exact where weights are equal: the field as an integer. */
static void draw_units(ph_lumped_t *self, const ph_block_t *block, double noise,
                       const int32_t *overlaps, size_t stride, ph_draws_t *draws)
{
    const size_t features = self->classes.features;
    const bool exact = noise <= 0.0 && block->decision.integer;
    const double width = noise > 0.0 ? sqrt(noise) : 0.0;
    double *restrict units = self->units;
    self->draw->normals(draws, (features + PH_DRAW_LANES - 1) / PH_DRAW_LANES * PH_DRAW_LANES,
                        units);
    for (size_t p = 0; p < features; p++)
        units[p] =
            exact ? overlaps[p * stride]
                  : self->scales[p] * overlaps[p * stride] + width * self->spreads[p] * units[p];
}

void ph_lumped_gibbs(ph_lumped_t *self, const ph_block_t *block, double noise,
                     const int32_t *overlaps, size_t stride, ph_stream_t *stream, double *up)
{
    ph_draws_t draws;
    const size_t padded = self->padded;
    ph_draws_init(&draws, stream);
    draw_units(self, block, noise, overlaps, stride, &draws);
    self->draw->fields(padded, self->classes.features, self->units, self->phi, self->fields);
    self->draw->spins(&draws, padded, self->sizes, self->fields,
                      ph_draw_noise(noise, block->decision.tolerance), up);
}

/* Fields without the self term on the up-spins of each class, then on its down-spins; integers
 * where the weights are equal. */
static void little_fields(ph_lumped_t *self, const ph_block_t *block, const int32_t *overlaps,
                          size_t stride)
{
    const bool integer = block->decision.integer;
    const double scale = integer ? block->decision.scale : 1.0 / (double)block->coupling.neurons;
    for (size_t p = 0; p < self->classes.features; p++)
        self->units[p] = integer ? overlaps[p * stride]
                                 : block->coupling.weights[p] * (double)overlaps[p * stride];
    self->draw->fields(self->padded, self->classes.features, self->units, self->phi, self->fields);
    double *restrict on_up = self->fields, *restrict on_down = self->fields + self->padded;
    const double *restrict squares = self->squares;
    for (size_t c = 0; c < self->padded; c++) {
        on_down[c] = scale * (on_up[c] + squares[c]);
        on_up[c] = scale * (on_up[c] - squares[c]);
    }
}

void ph_lumped_little(ph_lumped_t *self, const ph_block_t *block, const int32_t *overlaps,
                      size_t stride, ph_stream_t *stream, double *up)
{
    ph_draws_t draws;
    const size_t padded = self->padded;
    ph_draws_init(&draws, stream);
    little_fields(self, block, overlaps, stride);
    double *restrict trials = self->trials;
    for (size_t c = 0; c < padded; c++) {
        trials[c] = up[c];
        trials[padded + c] = self->sizes[c] - up[c];
    }
    self->draw->spins(&draws, 2 * padded, trials, self->fields,
                      ph_draw_noise(block->point->noise, block->decision.tolerance), self->drawn);
    const double *restrict drawn = self->drawn;
    for (size_t c = 0; c < padded; c++)
        up[c] = drawn[c] + drawn[padded + c];
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
    double few = 21.0, more = 15.0; /* ns a class */
    if (sampler == PH_SAMPLER_LUMPED_LITTLE)
        few = 42.0, more = 25.0;
    else if (sampler == PH_SAMPLER_REPLICA_EXCHANGE)
        more = 22.0; /* at higher noise */
    const double each = few + more * middling((double)load->point->neurons / fmax(1.0, classes)) +
                        features * (0.2 + 0.9 * beyond);
    return 1e-9 * sweeps * load->lanes * (200.0 + classes * each);
}
