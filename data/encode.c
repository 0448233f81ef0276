/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/encode.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ph_images_range(const ph_images_t *self, double *least, double *greatest)
{
    const size_t all = self->count * self->rows * self->columns;
    *least = INFINITY;
    *greatest = -INFINITY;
    for (size_t p = 0; p < all; p++) {
        const double value = (double)self->values[p];
        *least = value < *least ? value : *least;
        *greatest = value > *greatest ? value : *greatest;
    }
}

double *ph_images_means(const ph_images_t *self)
{
    const size_t pixels = self->rows * self->columns;
    double *means = calloc(pixels, sizeof(*means));
    if (means == NULL)
        return NULL;
    for (size_t k = 0; k < self->count; k++)
        for (size_t p = 0; p < pixels; p++)
            means[p] += (double)self->values[k * pixels + p];
    for (size_t p = 0; p < pixels; p++)
        means[p] /= (double)self->count;
    return means;
}

static int8_t entry_of(const ph_encoding_t *self, double above, double zone)
{
    if (self->invert)
        above = -above;
    if ((self->means != NULL || zone > 0.0) && fabs(above) <= zone)
        return 0;
    return above >= 0.0 ? 1 : -1;
}

int ph_images_encode(const ph_images_t *self, const ph_encoding_t *encoding, ph_table_t *table,
                     ph_report_t *report)
{
    const size_t pixels = self->rows * self->columns;
    memset(table, 0, sizeof(*table));
    const double range = encoding->greatest - encoding->least;
    if (range <= 0.0)
        return ph_fail(report, PH_ERR_INPUT, "all pixels have the value %g, expected images",
                       encoding->least);
    int8_t *entries = malloc(self->count * pixels);
    if (entries == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the entries of %zu images",
                       self->count);
    const double level = encoding->least + encoding->threshold * range;
    const double zone = encoding->dead_zone * range;
    for (size_t k = 0; k < self->count; k++)
        for (size_t p = 0; p < pixels; p++) {
            const double value = (double)self->values[k * pixels + p];
            entries[k * pixels + p] = entry_of(
                encoding, value - (encoding->means != NULL ? encoding->means[p] : level), zone);
        }
    *table = (ph_table_t){.lists = self->count,
                          .length = pixels,
                          .step_list = pixels,
                          .step_entry = 1,
                          .entries = entries};
    return PH_OK;
}

/* What part of each old line a new one covers, in units of the old: weights[line - first]. */
typedef struct {
    size_t first, count;
} cover_t;

static cover_t cover(size_t line, size_t lines, size_t old, double *weights)
{
    /* In units of 1 / lines of an old line, so that all of it is exact. */
    const size_t begin = line * old, end = (line + 1) * old;
    const cover_t self = {begin / lines, (end - 1) / lines - begin / lines + 1};
    for (size_t k = 0; k < self.count; k++) {
        const size_t low = (self.first + k) * lines, high = low + lines;
        weights[k] =
            (double)((high < end ? high : end) - (low > begin ? low : begin)) / (double)old;
    }
    return self;
}

/* One image; down and across have room for the lines of an old one. */
static void resample(const ph_images_t *self, const float *from, size_t rows, size_t columns,
                     double *down, double *across, float *into)
{
    for (size_t y = 0; y < rows; y++) {
        const cover_t vertical = cover(y, rows, self->rows, down);
        for (size_t x = 0; x < columns; x++) {
            const cover_t horizontal = cover(x, columns, self->columns, across);
            double sum = 0.0;
            for (size_t j = 0; j < vertical.count; j++)
                for (size_t i = 0; i < horizontal.count; i++)
                    sum +=
                        down[j] * across[i] *
                        (double)from[(vertical.first + j) * self->columns + horizontal.first + i];
            into[y * columns + x] = (float)sum;
        }
    }
}

int ph_images_resample(ph_images_t *self, size_t rows, size_t columns, ph_report_t *report)
{
    if (rows == self->rows && columns == self->columns)
        return PH_OK;
    if (rows > PH_IMAGES_MAX / columns || self->count > PH_IMAGES_MAX / (rows * columns))
        return ph_fail(
            report, PH_ERR_LIMIT,
            "%zu images of %zu x %zu are more than %d pixels, expected at most that many",
            self->count, rows, columns, PH_IMAGES_MAX);
    const size_t old = self->rows * self->columns, pixels = rows * columns;
    float *values = malloc(self->count * pixels * sizeof(*values));
    double *down = malloc((self->rows + 1) * sizeof(*down));
    double *across = malloc((self->columns + 1) * sizeof(*across));
    const bool memory = values != NULL && down != NULL && across != NULL;
    for (size_t k = 0; k < self->count && memory; k++)
        resample(self, self->values + k * old, rows, columns, down, across, values + k * pixels);
    free(down);
    free(across);
    if (!memory) {
        free(values);
        return ph_fail(report, PH_ERR_MEMORY, "no memory to resample %zu images", self->count);
    }
    free(self->values);
    self->values = values;
    self->rows = rows;
    self->columns = columns;
    self->capacity = self->count;
    return PH_OK;
}
