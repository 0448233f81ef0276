/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sample/lumped.h"

#include <string.h>

#include "sim/sample/draw.h"
#include "sim/sample/hidden.h"

int64_t ph_lumped_draw(ph_stream_t *stream, int64_t n, double field, double noise, double tolerance)
{
    const double strength = field < 0.0 ? -field : field;
    double odds = 1.0;
    if (strength > tolerance)
        odds = noise > 0.0 ? ph_exp_negative(2.0 * strength / noise) : 0.0;
    const int64_t against = ph_draw_binomial(stream, n, odds);
    return field > 0.0 ? n - against : against;
}

int64_t ph_lumped_field(const ph_lumps_t *lumps, size_t class, const int32_t *overlaps,
                        size_t stride)
{
    int64_t field = 0;
    for (size_t p = 0; p < lumps->features; p++)
        field += (int64_t)lumps->phi[class * lumps->features + p] * overlaps[p * stride];
    return field;
}

void ph_lumped_gibbs(const ph_lumps_t *lumps, const ph_block_t *block, double noise,
                     const int32_t *overlaps, size_t stride, ph_stream_t *stream, double *fields,
                     int64_t *up)
{
    const bool exact = noise <= 0.0 && block->decision.integer;
    for (size_t p = 0; p < lumps->features; p++)
        fields[p] = ph_hidden_field(stream, noise, (double)block->coupling.neurons,
                                    block->coupling.weights[p], overlaps[p * stride]);
    for (size_t c = 0; c < lumps->count; c++) {
        const int16_t *phi = lumps->phi + c * lumps->features;
        double field = exact ? (double)ph_lumped_field(lumps, c, overlaps, stride) : 0.0;
        for (size_t p = 0; !exact && p < lumps->features; p++)
            field += fields[p] * phi[p];
        up[c] = ph_lumped_draw(stream, lumps->sizes[c], field, noise, block->decision.tolerance);
    }
}

void ph_lumped_overlaps(const ph_lumps_t *lumps, const int64_t *up, int32_t *overlaps,
                        size_t stride)
{
    for (size_t p = 0; p < lumps->features; p++)
        overlaps[p * stride] = 0;
    for (size_t c = 0; c < lumps->count; c++) {
        const int64_t sum = 2 * up[c] - lumps->sizes[c];
        for (size_t p = 0; p < lumps->features; p++)
            overlaps[p * stride] += (int32_t)(sum * lumps->phi[c * lumps->features + p]);
    }
}

void ph_lumped_patterns(const ph_lumps_t *lumps, const int64_t *up, int32_t *overlaps,
                        size_t stride)
{
    for (size_t mu = 0; mu < lumps->patterns; mu++)
        overlaps[mu * stride] = 0;
    for (size_t c = 0; c < lumps->count; c++) {
        const int64_t sum = 2 * up[c] - lumps->sizes[c];
        for (size_t mu = 0; mu < lumps->patterns; mu++)
            overlaps[mu * stride] += (int32_t)(sum * lumps->xi[c * lumps->patterns + mu]);
    }
}

void ph_lumped_arrange(const ph_lumps_t *lumps, int64_t neurons, const int64_t *up,
                       ph_stream_t *stream, int64_t *left,
                       void (*set)(void *context, size_t neuron, bool is_up), void *context)
{
    int64_t *neurons_left = left + lumps->count;
    memcpy(left, up, lumps->count * sizeof(*left));
    memcpy(neurons_left, lumps->sizes, lumps->count * sizeof(*left));
    for (size_t i = 0; i < (size_t)neurons; i++) {
        const size_t class = lumps->of[i];
        const bool chosen = ph_stream_below(stream, (uint32_t)neurons_left[class]--) < left[class];
        left[class] -= chosen;
        set(context, i, chosen == (lumps->gauge[i] > 0));
    }
}
