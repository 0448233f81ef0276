/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"

/*
 * A product law in time of order one tanh a row: fields are built component by component, and
 * averages taken by summing the last component out, then the one before, and so on. The first
 * component runs fastest in memory, so that every loop is over contiguous rows.
 */

void ph_product_fields(const ph_meanfield_t *self, const double *n, bool variance, double *h)
{
    size_t size = 1;
    h[0] = 0.0;
    for (size_t p = 0; p < (size_t)self->features; p++) {
        const ph_local_t *local = &self->local[p];
        const double *values = variance ? local->variance : local->phi;
        const double field = self->weights[p] * n[p], scale = variance ? field * field : field;
        for (size_t j = local->count; j-- > 0;) {
            const double part = scale * values[j];
            for (size_t i = 0; i < size; i++)
                h[j * size + i] = h[i] + part;
        }
        size *= local->count;
    }
}

double ph_product_dot(const double *a, const double *b, size_t size)
{
    double even = 0.0, odd = 0.0;
    size_t i = 0;
    for (; i + 1 < size; i += 2) {
        even += a[i] * b[i];
        odd += a[i + 1] * b[i + 1];
    }
    return even + odd + (i < size ? a[i] * b[i] : 0.0);
}

void ph_product_contract(const double *factors, const double *others, size_t count, size_t size,
                         const double *values, double *out)
{
    for (size_t j = 0; j < count; j++) {
        const double factor = others != NULL ? factors[j] * others[j] : factors[j];
        const double *from = values + j * size;
        for (size_t i = 0; i < size; i++)
            out[i] = j == 0 ? factor * from[i] : out[i] + factor * from[i];
    }
}

const double *ph_product_prefix(const ph_meanfield_t *self, size_t *size)
{
    const double *prefix = self->prefix;
    *size = 1;
    for (size_t p = 0; p + 1 < (size_t)self->features; p++) {
        prefix += *size;
        *size *= self->local[p].count;
    }
    return prefix;
}

const double *ph_local_channel(const ph_local_t *self, ph_channel_t channel)
{
    switch (channel) {
    case PH_CHANNEL_PHI:
        return self->phi;
    case PH_CHANNEL_XI:
        return self->xi;
    case PH_CHANNEL_VARIANCE:
        return self->variance;
    case PH_CHANNEL_PAIR:
        return self->pair;
    case PH_CHANNEL_PAIR_MIXED:
        return self->pair_mixed;
    case PH_CHANNEL_PAIR_SQUARE:
        return self->pair_square;
    default:
        return self->example;
    }
}

void ph_product_means(const ph_meanfield_t *self, double *values, size_t channels,
                      const ph_channel_t *channel, double *const *out)
{
    size_t size;
    const double *prefix = ph_product_prefix(self, &size);
    for (size_t p = (size_t)self->features; p-- > 0;) {
        const ph_local_t *local = &self->local[p];
        for (size_t c = 0; c < channels; c++)
            out[c][p] = 0.0;
        for (size_t j = 0; j < local->count; j++) {
            const double part =
                local->probability[j] * ph_product_dot(prefix, values + j * size, size);
            for (size_t c = 0; c < channels; c++)
                out[c][p] += part * ph_local_channel(local, channel[c])[j];
        }
        if (p == 0)
            break;
        ph_product_contract(local->probability, NULL, local->count, size, values, values);
        size /= self->local[p - 1].count;
        prefix -= size;
    }
}

void ph_product_pairs(const ph_meanfield_t *self, double *values, double *one, double *out)
{
    const size_t features = (size_t)self->features;
    size_t size;
    const double *prefix = ph_product_prefix(self, &size);
    for (size_t p = features; p-- > 0;) {
        const ph_local_t *local = &self->local[p];
        double square = 0.0;
        for (size_t j = 0; j < local->count; j++)
            square += local->probability[j] * local->phi[j] * local->phi[j] *
                      ph_product_dot(prefix, values + j * size, size);
        out[p * features + p] = square;
        if (p == 0)
            break;
        ph_product_contract(local->probability, local->phi, local->count, size, values, one);
        ph_product_contract(local->probability, NULL, local->count, size, values, values);
        size /= self->local[p - 1].count;
        prefix -= size;
        size_t below = size;
        const double *weights = prefix;
        for (size_t q = p; q-- > 0;) {
            const ph_local_t *other = &self->local[q];
            double sum = 0.0;
            for (size_t j = 0; j < other->count; j++)
                sum += other->probability[j] * other->phi[j] *
                       ph_product_dot(weights, one + j * below, below);
            out[p * features + q] = sum;
            if (q == 0)
                break;
            ph_product_contract(other->probability, NULL, other->count, below, one, one);
            below /= self->local[q - 1].count;
            weights -= below;
        }
    }
}

double ph_product_mean(const ph_meanfield_t *self, double *values)
{
    size_t size;
    ph_product_prefix(self, &size);
    for (size_t p = (size_t)self->features; p-- > 0;) {
        const ph_local_t *local = &self->local[p];
        ph_product_contract(local->probability, NULL, local->count, size, values, values);
        if (p > 0)
            size /= self->local[p - 1].count;
    }
    return values[0];
}

void ph_product_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *out)
{
    double *h = self->scratch, *slope = h + self->count, *other = slope + self->count;
    ph_product_fields(self, n, false, h);
    if (out->log_two_cosh != NULL) {
        ph_spin_logs(h, self->count, self->noise, other);
        *out->log_two_cosh = ph_product_mean(self, other);
    }
    if (out->n == NULL && out->m == NULL && out->response == NULL)
        return;
    ph_spin_means(h, out->response != NULL ? slope : NULL, self->count, self->noise,
                  ph_field_tie(self, n));
    ph_channel_t channels[2];
    double *means[2];
    size_t count = 0;
    if (out->n != NULL) {
        channels[count] = PH_CHANNEL_PHI;
        means[count++] = out->n;
    }
    if (out->m != NULL) {
        channels[count] = PH_CHANNEL_XI;
        means[count++] = out->m;
    }
    if (count > 0)
        ph_product_means(self, h, count, channels, means);
    if (out->response != NULL)
        ph_product_pairs(self, slope, other, out->response);
}
