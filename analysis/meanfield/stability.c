/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"
#include "base/floating.h"

void ph_meanfield_matrix(const ph_meanfield_t *self, const double *n, double *matrix)
{
    PH_FLOATING_GUARD();
    const size_t features = (size_t)self->features;
    const double *w = self->weights;
    const ph_sums_t sums = {NULL, NULL, matrix, NULL};
    ph_meanfield_sums(self, n, &sums);
    for (size_t p = 0; p < features; p++)
        for (size_t q = 0; q <= p; q++) {
            const double value =
                (p == q ? 1.0 : 0.0) - sqrt(w[p] * w[q]) * matrix[p * features + q];
            matrix[p * features + q] = matrix[q * features + p] = value;
        }
}

bool ph_meanfield_smooth(const ph_meanfield_t *self)
{
    bool noisy = self->noise > 0.0;
    for (size_t p = 0; self->law == PH_NEURON_GAUSSIAN && p < (size_t)self->features; p++)
        for (size_t j = 0; j < self->local[p].count; j++)
            noisy = noisy || (self->weights[p] > 0.0 && self->local[p].variance[j] > 0.0);
    return noisy;
}

/* Whether the channel is not zero in some row of component p at zero
 * field; rows of no feature at all count for no channel. */
static bool channel_at_zero(const ph_meanfield_t *self, const double *n, ph_channel_t channel,
                            size_t p)
{
    const double tie = ph_field_tie(self, n);
    for (size_t i = 0; i < self->count; i++) {
        double h = 0.0, value = 0.0;
        size_t rest = i;
        for (size_t q = 0; q < (size_t)self->features; q++) {
            const ph_local_t *local = &self->local[q];
            const size_t j = rest % local->count;
            rest /= local->count;
            h += self->weights[q] * n[q] * local->phi[j];
            if (q == p)
                value = ph_local_channel(local, channel)[j];
        }
        if (fabs(h) <= tie && value != 0.0 && self->weights[p] > 0.0)
            return true;
    }
    return false;
}

bool ph_meanfield_row_tie(const ph_meanfield_t *self, const double *n, size_t i, double tie,
                          double *phi, double *variance)
{
    double h = 0.0, square = 0.0;
    bool coupled = false;
    for (size_t p = 0; p < (size_t)self->features; p++) {
        const double w = self->weights[p], field = w * n[p];
        double value, noisy = 0.0;
        if (self->law == PH_NEURON_ROWS) {
            value = self->phi[i * (size_t)self->features + p];
        } else {
            const ph_local_t *local = &self->local[p];
            const size_t j = i % local->count;
            i /= local->count;
            value = local->phi[j];
            noisy = local->variance[j];
            square += field * field * noisy;
            coupled = coupled || ((local->pair[j] > 0.0 || noisy > 0.0) && w > 0.0);
        }
        h += field * value;
        coupled = coupled || (value != 0.0 && w > 0.0);
        if (phi != NULL) {
            phi[p] = value;
            variance[p] = noisy;
        }
    }
    return coupled && fabs(h) <= tie && sqrt(square) <= tie;
}

bool ph_meanfield_ties(const ph_meanfield_t *self, const double *n)
{
    const double tie = ph_field_tie(self, n);
    for (size_t i = 0; i < self->count; i++)
        if (ph_meanfield_row_tie(self, n, i, tie, NULL, NULL))
            return true;
    return false;
}

/* 1 - g E[channel (1/T)(1 - t^2)] of an exact law. */
static void against_channel(const ph_meanfield_t *self, const double *n, ph_channel_t channel,
                            double *out)
{
    double *h = self->scratch, *slope = h + self->count;
    if (self->noise > 0.0) {
        ph_product_fields(self, n, false, h);
        ph_spin_means(h, slope, self->count, self->noise, 0.0);
        ph_product_means(self, slope, 1, &channel, &out);
    }
    for (size_t p = 0; p < (size_t)self->features; p++) {
        const double g = self->weights[p] / (double)self->local[p].members;
        if (self->noise > 0.0)
            out[p] = 1.0 - g * out[p];
        else
            out[p] = channel_at_zero(self, n, channel, p) ? -(double)INFINITY : 1.0;
    }
}

void ph_meanfield_transverse(const ph_meanfield_t *self, const double *n, double *transverse)
{
    PH_FLOATING_GUARD();
    const size_t features = (size_t)self->features;
    if (self->law == PH_NEURON_EXACT)
        against_channel(self, n, PH_CHANNEL_PAIR, transverse);
    else if (self->law == PH_NEURON_GAUSSIAN)
        ph_gaussian_transverse(self, n, transverse, NULL);
    for (size_t p = 0; p < features; p++)
        if (self->law == PH_NEURON_ROWS || self->local[p].members < 2)
            transverse[p] = INFINITY;
}

int ph_meanfield_example_stability(const ph_meanfield_t *self, const double *n, double *lambda)
{
    PH_FLOATING_GUARD();
    if (self->law == PH_NEURON_ROWS || !self->learning)
        return PH_ERR_UNSUPPORTED;
    if (self->law == PH_NEURON_EXACT)
        against_channel(self, n, PH_CHANNEL_EXAMPLE, lambda);
    else
        ph_gaussian_transverse(self, n, NULL, lambda);
    for (size_t p = 0; p < (size_t)self->features; p++)
        if (self->local[p].examples < 2.0)
            lambda[p] = INFINITY;
    return PH_OK;
}

/* Of all rows at n. */
static void weigh_rows(const ph_meanfield_t *self, const double *n, ph_row_weight_t *weight,
                       const void *context, double *values)
{
    ph_product_fields(self, n, false, values);
    for (size_t i = 0; i < self->count; i++)
        values[i] = weight(values[i], context);
}

int ph_meanfield_weigh(const ph_meanfield_t *self, const double *n, ph_row_weight_t *weight,
                       const void *context, double *matrix, double *examples)
{
    PH_FLOATING_GUARD();
    const size_t features = (size_t)self->features;
    const ph_channel_t channel = PH_CHANNEL_EXAMPLE;
    double *values = self->scratch;
    if (self->law != PH_NEURON_EXACT)
        return PH_ERR_UNSUPPORTED;
    weigh_rows(self, n, weight, context, values);
    ph_product_pairs(self, values, values + self->count, matrix);
    for (size_t p = 0; p < features; p++)
        for (size_t q = 0; q <= p; q++)
            matrix[p * features + q] = matrix[q * features + p] =
                sqrt(self->weights[p] * self->weights[q]) * matrix[p * features + q];
    if (examples == NULL)
        return PH_OK;
    weigh_rows(self, n, weight, context, values);
    ph_product_means(self, values, 1, &channel, &examples);
    for (size_t p = 0; p < features; p++)
        examples[p] *=
            self->local[p].examples < 2.0 ? 0.0 : self->weights[p] / (double)self->local[p].members;
    return PH_OK;
}
