/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "analysis/meanfield/meanfield_private.h"

/* Distinct rows in order of appearance, found through a table of open addresses (0: free). */
typedef struct {
    ph_meanfield_t *owner;
    size_t features, patterns, capacity, slots;
    int16_t *rows; /* [capacity][features] */
    size_t *table; /* [slots] */
} collector_t;

static size_t find_slot(const collector_t *self, const int16_t *row)
{
    const size_t bytes = self->features * sizeof(*row);
    size_t slot = (size_t)XXH3_64bits(row, bytes) & (self->slots - 1);
    while (self->table[slot] != 0 &&
           memcmp(self->rows + (self->table[slot] - 1) * self->features, row, bytes) != 0)
        slot = (slot + 1) & (self->slots - 1);
    return slot;
}

static int grow(collector_t *self)
{
    const size_t capacity = self->capacity == 0 ? 64 : 2 * self->capacity;
    int16_t *rows = realloc(self->rows, capacity * self->features * sizeof(*rows));
    if (rows != NULL)
        self->rows = rows;
    double *xi = realloc(self->owner->xi, capacity * self->patterns * sizeof(*xi));
    if (xi != NULL)
        self->owner->xi = xi;
    double *probability = realloc(self->owner->probability, capacity * sizeof(*probability));
    if (probability != NULL)
        self->owner->probability = probability;
    size_t *table = calloc(2 * capacity, sizeof(*table));
    if (rows == NULL || xi == NULL || probability == NULL || table == NULL) {
        free(table);
        return PH_ERR_MEMORY;
    }
    free(self->table);
    self->table = table;
    self->capacity = capacity;
    self->slots = 2 * capacity;
    for (size_t i = 0; i < self->owner->count; i++)
        table[find_slot(self, rows + i * self->features)] = i + 1;
    return PH_OK;
}

/* Counts a row; its pattern entries are added up with its sign. */
static int collect(collector_t *self, const int16_t *row, int sign, const int8_t *entries)
{
    ph_meanfield_t *owner = self->owner;
    if (owner->count == self->capacity && grow(self) != PH_OK)
        return PH_ERR_MEMORY;
    const size_t slot = find_slot(self, row);
    if (self->table[slot] == 0) {
        memcpy(self->rows + owner->count * self->features, row, self->features * sizeof(*row));
        memset(owner->xi + owner->count * self->patterns, 0, self->patterns * sizeof(double));
        owner->probability[owner->count++] = 0.0;
        self->table[slot] = owner->count;
    }
    const size_t i = self->table[slot] - 1;
    owner->probability[i] += 1.0;
    for (size_t mu = 0; mu < self->patterns; mu++)
        owner->xi[i * self->patterns + mu] += sign * entries[mu];
    return PH_OK;
}

static int reduce_gauge(int16_t *out, const int16_t *row, size_t features)
{
    size_t first = 0;
    while (first < features && row[first] == 0)
        first++;
    const int sign = first < features && row[first] < 0 ? -1 : 1;
    for (size_t p = 0; p < features; p++)
        out[p] = (int16_t)(sign * row[p]);
    return sign;
}

static int finish(collector_t *self, int64_t neurons)
{
    ph_meanfield_t *owner = self->owner;
    const size_t values = owner->count * self->features;
    owner->phi = malloc(values * sizeof(*owner->phi));
    owner->scratch =
        malloc((2 * owner->count + self->features + self->patterns) * sizeof(*owner->scratch));
    if (owner->phi == NULL || owner->scratch == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < values; i++)
        owner->phi[i] = self->rows[i];
    for (size_t i = 0; i < owner->count; i++) {
        for (size_t mu = 0; mu < self->patterns; mu++)
            owner->xi[i * self->patterns + mu] /= owner->probability[i];
        owner->probability[i] /= (double)neurons;
    }
    return PH_OK;
}

int ph_rows_collect(ph_meanfield_t *self, const ph_coupling_t *coupling,
                    const ph_patterns_t *patterns)
{
    collector_t collector = {.owner = self,
                             .features = (size_t)coupling->features,
                             .patterns = (size_t)patterns->patterns};
    int16_t *row = malloc(collector.features * sizeof(*row));
    int status = row == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t i = 0; i < (size_t)coupling->neurons && status == PH_OK; i++) {
        const int sign =
            reduce_gauge(row, coupling->phi + i * collector.features, collector.features);
        status = collect(&collector, row, sign, patterns->entries + i * collector.patterns);
    }
    if (status == PH_OK)
        status = finish(&collector, coupling->neurons);
    free(row);
    free(collector.rows);
    free(collector.table);
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
        *out->log_two_cosh = 0.0;
        for (size_t i = 0; i < self->count; i++)
            *out->log_two_cosh += self->probability[i] * ph_log_two_cosh(h[i], self->noise);
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
