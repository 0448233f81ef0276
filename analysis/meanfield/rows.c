/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"
#include "sim/model/row_classes.h"

static int allocate(ph_meanfield_t *self, size_t count, size_t features, size_t patterns)
{
    self->count = count;
    self->phi = malloc(count * features * sizeof(*self->phi));
    self->xi = calloc(count * patterns, sizeof(*self->xi));
    self->probability = malloc(count * sizeof(*self->probability));
    self->scratch = malloc((2 * count + features + patterns) * sizeof(*self->scratch));
    return self->phi == NULL || self->xi == NULL || self->probability == NULL ||
                   self->scratch == NULL
               ? PH_ERR_MEMORY
               : PH_OK;
}

/* Whether the features are the pattern entries, as in rule storage. */
static bool are_patterns(const ph_coupling_t *coupling, const ph_patterns_t *patterns)
{
    const size_t count = (size_t)(coupling->neurons * coupling->features);
    int off = 0;
    if (coupling->features != patterns->patterns)
        return false;
    for (size_t i = 0; i < count; i++)
        off |= coupling->phi[i] ^ patterns->entries[i];
    return off == 0;
}

/* Mean pattern entries of each class of neurons, in its gauge. */
static void find_entries(ph_meanfield_t *self, const ph_row_classes_t *classes,
                         const ph_coupling_t *coupling, const ph_patterns_t *patterns)
{
    const size_t k = (size_t)patterns->patterns;
    if (are_patterns(coupling, patterns)) {
        memcpy(self->xi, self->phi, self->count * k * sizeof(*self->xi));
        return;
    }
    for (size_t i = 0; i < (size_t)coupling->neurons; i++)
        for (size_t mu = 0; mu < k; mu++)
            self->xi[classes->of[i] * k + mu] += classes->gauge[i] * patterns->entries[i * k + mu];
    for (size_t c = 0; c < self->count; c++)
        for (size_t mu = 0; mu < k; mu++)
            self->xi[c * k + mu] /= (double)classes->sizes[c];
}

int ph_rows_collect(ph_meanfield_t *self, const ph_coupling_t *coupling,
                    const ph_patterns_t *patterns)
{
    const size_t neurons = (size_t)coupling->neurons, features = (size_t)coupling->features;
    const size_t k = (size_t)patterns->patterns;
    ph_row_classes_t classes;
    int status = ph_row_classes_init(&classes, coupling, NULL, NULL);
    if (status == PH_OK)
        status = allocate(self, classes.count, features, k);
    if (status == PH_OK) {
        for (size_t i = 0; i < self->count * features; i++)
            self->phi[i] = classes.rows[i];
        find_entries(self, &classes, coupling, patterns);
        for (size_t c = 0; c < self->count; c++)
            self->probability[c] = (double)classes.sizes[c] / (double)neurons;
    }
    ph_row_classes_free(&classes);
    return status;
}

static void row_fields(const ph_meanfield_t *self, const double *n, double *h, double *scaled)
{
    const size_t features = (size_t)self->features;
    for (size_t p = 0; p < features; p++)
        scaled[p] = self->weights[p] * n[p];
    for (size_t i = 0; i < self->count; i++) {
        const double *phi = self->phi + i * features;
        h[i] = 0.0;
        for (size_t p = 0; p < features; p++)
            h[i] += scaled[p] * phi[p];
    }
}

/* out[width] = sum of factors times rows. */
static void add_rows(const double *rows, const double *probability, const double *factors,
                     size_t count, size_t width, double *out)
{
    memset(out, 0, width * sizeof(*out));
    for (size_t i = 0; i < count; i++) {
        const double factor = probability[i] * factors[i];
        for (size_t p = 0; p < width; p++)
            out[p] += factor * rows[i * width + p];
    }
}

static void add_squares(const ph_meanfield_t *self, const double *slope, double *out)
{
    const size_t features = (size_t)self->features;
    memset(out, 0, features * features * sizeof(*out));
    for (size_t i = 0; i < self->count; i++) {
        const double *phi = self->phi + i * features, factor = self->probability[i] * slope[i];
        for (size_t p = 0; p < features; p++) {
            const double part = factor * phi[p];
            for (size_t q = 0; part != 0.0 && q <= p; q++)
                out[p * features + q] += part * phi[q];
        }
    }
}

void ph_rows_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *out)
{
    double *h = self->scratch, *slope = h + self->count;
    row_fields(self, n, h, slope + self->count);
    if (out->log_two_cosh != NULL) {
        ph_spin_logs(h, self->count, self->noise, slope);
        *out->log_two_cosh = ph_product_dot(self->probability, slope, self->count);
    }
    ph_spin_means(h, out->response != NULL ? slope : NULL, self->count, self->noise,
                  ph_field_tie(self, n));
    if (out->n != NULL)
        add_rows(self->phi, self->probability, h, self->count, (size_t)self->features, out->n);
    if (out->m != NULL)
        add_rows(self->xi, self->probability, h, self->count, (size_t)self->patterns, out->m);
    if (out->response != NULL)
        add_squares(self, slope, out->response);
}
