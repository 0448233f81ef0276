/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sample/lumped.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sample/hidden.h"

/* The classes' tables, class innermost. */
static void fill_tables(ph_lumped_t *self, const ph_block_t *block)
{
    const size_t features = self->lumps.features;
    for (size_t c = 0; c < self->lumps.count; c++) {
        self->sizes[c] = (double)self->lumps.sizes[c];
        for (size_t p = 0; p < features; p++) {
            const double phi = self->lumps.phi[c * features + p];
            const double weight = block->decision.integer ? 1.0 : block->coupling.weights[p];
            self->phi[p * self->padded + c] = phi;
            self->squares[c] += weight * (phi * phi);
        }
    }
}

int ph_lumped_init(ph_lumped_t *self, const ph_block_t *block, ph_draw_binomials_t *draw)
{
    memset(self, 0, sizeof(*self));
    int status = ph_lumps_init(&self->lumps, &block->coupling, &block->patterns);
    if (status != PH_OK)
        return status;
    self->draw = draw;
    self->padded = (self->lumps.count + PH_DRAW_LANES - 1) / PH_DRAW_LANES * PH_DRAW_LANES;
    self->sizes = calloc(self->padded, sizeof(double));
    self->phi = calloc(self->lumps.features * self->padded, sizeof(double));
    self->squares = calloc(self->padded, sizeof(double));
    self->fields = calloc(2 * self->padded, sizeof(double));
    self->trials = calloc(2 * self->padded, sizeof(double));
    self->strengths = calloc(2 * self->padded, sizeof(double));
    self->against = calloc(2 * self->padded, sizeof(double));
    self->units = calloc(self->lumps.features, sizeof(double));
    self->left = calloc(2 * self->lumps.count, sizeof(*self->left));
    if (self->sizes == NULL || self->phi == NULL || self->squares == NULL || self->fields == NULL ||
        self->trials == NULL || self->strengths == NULL || self->against == NULL ||
        self->units == NULL || self->left == NULL)
        return PH_ERR_MEMORY;
    fill_tables(self, block);
    return PH_OK;
}

void ph_lumped_free(ph_lumped_t *self)
{
    ph_lumps_free(&self->lumps);
    free(self->sizes);
    free(self->phi);
    free(self->squares);
    free(self->fields);
    free(self->trials);
    free(self->strengths);
    free(self->against);
    free(self->units);
    free(self->left);
    memset(self, 0, sizeof(*self));
}

/* fields[c] = sum_p units[p] phi_p. */
static void sum_fields(ph_lumped_t *self)
{
    const size_t padded = self->padded;
    double *restrict fields = self->fields;
    memset(fields, 0, padded * sizeof(*fields));
    for (size_t p = 0; p < self->lumps.features; p++) {
        const double unit = self->units[p], *restrict phi = self->phi + p * padded;
        for (size_t c = 0; c < padded; c++)
            fields[c] += unit * phi[c];
    }
}

/* Neurons against their field: e^-x of them to one along it. |field| <= tolerance is a tie. */
static void set_strengths(ph_lumped_t *self, size_t count, double noise, double tolerance)
{
    const double *restrict fields = self->fields;
    double *restrict strengths = self->strengths;
    const double factor = noise > 0.0 ? 2.0 / noise : (double)INFINITY;
    for (size_t d = 0; d < count; d++) {
        const double strength = fabs(fields[d]);
        strengths[d] = strength > tolerance ? strength * factor : 0.0;
    }
}

/* Block Gibbs at T = 0 has exact ties where weights are equal: the field as an integer. */
void ph_lumped_gibbs(ph_lumped_t *self, const ph_block_t *block, double noise,
                     const int32_t *overlaps, size_t stride, ph_stream_t *stream, double *up)
{
    ph_draws_t draws;
    const bool exact = noise <= 0.0 && block->decision.integer;
    ph_draws_init(&draws, stream);
    for (size_t p = 0; p < self->lumps.features; p++)
        self->units[p] =
            exact ? overlaps[p * stride]
                  : ph_hidden_given(ph_draws_normal(&draws), noise, (double)block->coupling.neurons,
                                    block->coupling.weights[p], overlaps[p * stride]);
    sum_fields(self);
    set_strengths(self, self->padded, noise, block->decision.tolerance);
    self->draw(&draws, self->padded, self->sizes, self->strengths, self->against);
    const double *restrict fields = self->fields, *restrict against = self->against;
    for (size_t c = 0; c < self->padded; c++)
        up[c] = fields[c] > 0.0 ? self->sizes[c] - against[c] : against[c];
}

/* Fields without the self term on the up-spins of each class, then on its down-spins; integers
 * where the weights are equal. */
static void little_fields(ph_lumped_t *self, const ph_block_t *block, const int32_t *overlaps,
                          size_t stride)
{
    const bool integer = block->decision.integer;
    const double scale = integer ? block->decision.scale : 1.0 / (double)block->coupling.neurons;
    for (size_t p = 0; p < self->lumps.features; p++)
        self->units[p] = integer ? overlaps[p * stride]
                                 : block->coupling.weights[p] * (double)overlaps[p * stride];
    sum_fields(self);
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
    set_strengths(self, 2 * padded, block->point->noise, block->decision.tolerance);
    for (size_t c = 0; c < padded; c++) {
        self->trials[c] = up[c];
        self->trials[padded + c] = self->sizes[c] - up[c];
    }
    self->draw(&draws, 2 * padded, self->trials, self->strengths, self->against);
    const double *restrict fields = self->fields, *restrict against = self->against;
    for (size_t c = 0; c < padded; c++) {
        const size_t d = padded + c;
        const double stay = fields[c] > 0.0 ? self->trials[c] - against[c] : against[c];
        const double turn = fields[d] > 0.0 ? self->trials[d] - against[d] : against[d];
        up[c] = stay + turn;
    }
}

/* All sums are integers below 2^31: exact in any order. */
void ph_lumped_overlaps(const ph_lumped_t *self, const double *up, int32_t *overlaps, size_t stride)
{
    for (size_t p = 0; p < self->lumps.features; p++) {
        const double *phi = self->phi + p * self->padded;
        double sum[PH_DRAW_LANES] = {0.0};
        for (size_t c = 0; c < self->padded; c += PH_DRAW_LANES)
            for (size_t k = 0; k < PH_DRAW_LANES; k++)
                sum[k] += (2.0 * up[c + k] - self->sizes[c + k]) * phi[c + k];
        overlaps[p * stride] = (int32_t)(sum[0] + sum[1] + sum[2] + sum[3]);
    }
}

void ph_lumped_patterns(const ph_lumped_t *self, const double *up, int32_t *overlaps, size_t stride)
{
    const ph_lumps_t *lumps = &self->lumps;
    for (size_t mu = 0; mu < lumps->patterns; mu++)
        overlaps[mu * stride] = 0;
    for (size_t c = 0; c < lumps->count; c++) {
        const int64_t sum = 2 * (int64_t)up[c] - lumps->sizes[c];
        for (size_t mu = 0; mu < lumps->patterns; mu++)
            overlaps[mu * stride] += (int32_t)(sum * lumps->xi[c * lumps->patterns + mu]);
    }
}

void ph_lumped_count(const ph_lumped_t *self, const ph_block_t *block, uint32_t lane, double *up)
{
    memset(up, 0, self->padded * sizeof(*up));
    for (size_t i = 0; i < (size_t)block->coupling.neurons; i++)
        up[self->lumps.of[i]] += ph_block_spin(block, i, lane) == self->lumps.gauge[i];
}

void ph_lumped_arrange(ph_lumped_t *self, int64_t neurons, const double *up, ph_stream_t *stream,
                       void (*set)(void *context, size_t neuron, bool is_up), void *context)
{
    const ph_lumps_t *lumps = &self->lumps;
    int64_t *left = self->left, *neurons_left = left + lumps->count;
    for (size_t c = 0; c < lumps->count; c++)
        left[c] = (int64_t)up[c];
    memcpy(neurons_left, lumps->sizes, lumps->count * sizeof(*left));
    for (size_t i = 0; i < (size_t)neurons; i++) {
        const size_t class = lumps->of[i];
        const bool chosen = ph_stream_below(stream, (uint32_t)neurons_left[class]--) < left[class];
        left[class] -= chosen;
        set(context, i, chosen == (lumps->gauge[i] > 0));
    }
}
