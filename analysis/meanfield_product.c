/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield_private.h"

/*
 * A product law in time of order one tanh a row: fields are built component by component, and
 * averages taken by summing the last component out, then the one before, and so on. The first
 * component runs fastest in memory, so that every loop is over contiguous rows.
 */

static int local_init(ph_local_t *self, size_t capacity)
{
    self->count = 0;
    self->phi = malloc(capacity * sizeof(double));
    self->xi = malloc(capacity * sizeof(double));
    self->probability = malloc(capacity * sizeof(double));
    return self->phi == NULL || self->xi == NULL || self->probability == NULL ? PH_ERR_MEMORY
                                                                              : PH_OK;
}

static void local_add(ph_local_t *self, double phi, double xi, double probability)
{
    if (probability <= 0.0)
        return;
    self->phi[self->count] = phi;
    self->xi[self->count] = xi;
    self->probability[self->count++] = probability;
}

static int local_storage(ph_local_t *self, double dilution)
{
    int status = local_init(self, 3);
    if (status != PH_OK)
        return status;
    local_add(self, -1.0, -1.0, 0.5 * (1.0 - dilution));
    local_add(self, 0.0, 0.0, dilution);
    local_add(self, 1.0, 1.0, 0.5 * (1.0 - dilution));
    return PH_OK;
}

/* Of each pair of opposite values the positive one stays, with the probability of both. */
static void reduce_gauge(ph_local_t *self)
{
    const size_t count = self->count;
    self->count = 0;
    for (size_t j = 0; j < count; j++)
        if (self->phi[j] >= 0.0)
            local_add(self, self->phi[j], self->xi[j],
                      (self->phi[j] > 0.0 ? 2.0 : 1.0) * self->probability[j]);
}

static int make_prefix(ph_meanfield_t *self)
{
    const size_t features = (size_t)self->features;
    size_t total = 0, size = 1;
    for (size_t p = 0; p < features; p++) {
        total += size;
        size *= self->local[p].count;
    }
    self->count = size;
    self->prefix = malloc(total * sizeof(double));
    self->scratch = malloc((3 * size + 2 * features) * sizeof(double));
    if (self->prefix == NULL || self->scratch == NULL)
        return PH_ERR_MEMORY;
    double *before = self->prefix;
    before[0] = 1.0;
    size = 1;
    for (size_t p = 0; p + 1 < features; p++) {
        const ph_local_t *local = &self->local[p];
        double *after = before + size;
        for (size_t j = 0; j < local->count; j++)
            for (size_t i = 0; i < size; i++)
                after[j * size + i] = before[i] * local->probability[j];
        before = after;
        size *= local->count;
    }
    return PH_OK;
}

int ph_product_init(ph_meanfield_t *self, const ph_point_t *point)
{
    const size_t features = (size_t)self->features;
    self->local = calloc(features, sizeof(*self->local));
    if (self->local == NULL)
        return PH_ERR_MEMORY;
    for (size_t p = 0; p < features; p++) {
        int status = local_storage(&self->local[p], point->dilution[p]);
        if (status != PH_OK)
            return status;
    }
    reduce_gauge(&self->local[0]);
    return make_prefix(self);
}

static void build_fields(const ph_meanfield_t *self, const double *n, double *h)
{
    size_t size = 1;
    h[0] = 0.0;
    for (size_t p = 0; p < (size_t)self->features; p++) {
        const ph_local_t *local = &self->local[p];
        const double scale = self->weights[p] * n[p];
        for (size_t j = local->count; j-- > 0;) {
            const double part = scale * local->phi[j];
            for (size_t i = 0; i < size; i++)
                h[j * size + i] = h[i] + part;
        }
        size *= local->count;
    }
}

static double dot(const double *a, const double *b, size_t size)
{
    double even = 0.0, odd = 0.0;
    size_t i = 0;
    for (; i + 1 < size; i += 2) {
        even += a[i] * b[i];
        odd += a[i + 1] * b[i + 1];
    }
    return even + odd + (i < size ? a[i] * b[i] : 0.0);
}

/* Sums a component out of values[count][size] with the given factors, into out[size], which may be
 * `values`. */
static void contract(const double *factors, const double *others, size_t count, size_t size,
                     const double *values, double *out)
{
    for (size_t j = 0; j < count; j++) {
        const double factor = others != NULL ? factors[j] * others[j] : factors[j];
        const double *from = values + j * size;
        for (size_t i = 0; i < size; i++)
            out[i] = j == 0 ? factor * from[i] : out[i] + factor * from[i];
    }
}

/* Where the probabilities of the rows of the components before p begin, from those of p + 1. */
static double *prefix_last(const ph_meanfield_t *self, size_t *size)
{
    double *prefix = self->prefix;
    *size = 1;
    for (size_t p = 0; p + 1 < (size_t)self->features; p++) {
        prefix += *size;
        *size *= self->local[p].count;
    }
    return prefix;
}

/* E[phi_p values] into n, E[xi_p values] into m; destroys values. */
static void sum_means(const ph_meanfield_t *self, double *values, double *n, double *m)
{
    size_t size;
    const double *prefix = prefix_last(self, &size);
    for (size_t p = (size_t)self->features; p-- > 0;) {
        const ph_local_t *local = &self->local[p];
        double phi = 0.0, xi = 0.0;
        for (size_t j = 0; j < local->count; j++) {
            const double part = local->probability[j] * dot(prefix, values + j * size, size);
            phi += part * local->phi[j];
            xi += part * local->xi[j];
        }
        if (n != NULL)
            n[p] = phi;
        if (m != NULL)
            m[p] = xi;
        if (p == 0)
            break;
        contract(local->probability, NULL, local->count, size, values, values);
        size /= self->local[p - 1].count;
        prefix -= size;
    }
}

/* E[phi_p phi_q values], lower triangle; destroys values; one[] has room for all rows. */
static void sum_pairs(const ph_meanfield_t *self, double *values, double *one, double *out)
{
    const size_t features = (size_t)self->features;
    size_t size;
    const double *prefix = prefix_last(self, &size);
    for (size_t p = features; p-- > 0;) {
        const ph_local_t *local = &self->local[p];
        double square = 0.0;
        for (size_t j = 0; j < local->count; j++)
            square += local->probability[j] * local->phi[j] * local->phi[j] *
                      dot(prefix, values + j * size, size);
        out[p * features + p] = square;
        if (p == 0)
            break;
        contract(local->probability, local->phi, local->count, size, values, one);
        contract(local->probability, NULL, local->count, size, values, values);
        size /= self->local[p - 1].count;
        prefix -= size;
        size_t below = size;
        const double *weights = prefix;
        for (size_t q = p; q-- > 0;) {
            const ph_local_t *other = &self->local[q];
            double sum = 0.0;
            for (size_t j = 0; j < other->count; j++)
                sum += other->probability[j] * other->phi[j] * dot(weights, one + j * below, below);
            out[p * features + q] = sum;
            if (q == 0)
                break;
            contract(other->probability, NULL, other->count, below, one, one);
            below /= self->local[q - 1].count;
            weights -= below;
        }
    }
}

static double sum_all(const ph_meanfield_t *self, double *values)
{
    size_t size;
    prefix_last(self, &size);
    for (size_t p = (size_t)self->features; p-- > 0;) {
        const ph_local_t *local = &self->local[p];
        contract(local->probability, NULL, local->count, size, values, values);
        if (p > 0)
            size /= self->local[p - 1].count;
    }
    return values[0];
}

void ph_product_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *out)
{
    double *h = self->scratch, *slope = h + self->count, *other = slope + self->count;
    build_fields(self, n, h);
    if (out->log_two_cosh != NULL) {
        for (size_t i = 0; i < self->count; i++)
            other[i] = ph_log_two_cosh(h[i], self->noise);
        *out->log_two_cosh = sum_all(self, other);
    }
    if (out->n == NULL && out->m == NULL && out->response == NULL)
        return;
    ph_spin_means(h, out->response != NULL ? slope : NULL, self->count, self->noise,
                  ph_field_tie(self, n));
    if (out->n != NULL || out->m != NULL)
        sum_means(self, h, out->n, out->m);
    if (out->response != NULL)
        sum_pairs(self, slope, other, out->response);
}
