/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/rows.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static size_t power_of_three(int64_t patterns)
{
    size_t power = 1;
    for (int64_t mu = 0; mu < patterns; mu++)
        power *= 3;
    return power;
}

/* Row number `code` in base 3; returns whether its first non-blank entry is +1 or it is blank. */
static bool decode_row(size_t code, int8_t *row, int64_t patterns, bool *blank)
{
    int first = 0;
    for (int64_t mu = 0; mu < patterns; mu++) {
        row[mu] = (int8_t)((int)(code % 3) - 1);
        code /= 3;
        if (first == 0)
            first = row[mu];
    }
    *blank = first == 0;
    return first >= 0;
}

static double row_probability(const int8_t *row, const ph_point_t *point)
{
    double probability = 1.0;
    for (int64_t mu = 0; mu < point->patterns; mu++)
        probability *= row[mu] == 0 ? point->dilution[mu] : 0.5 * (1.0 - point->dilution[mu]);
    return probability;
}

int ph_rows_population(ph_rows_t *self, const ph_point_t *point, ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    const int64_t patterns = point->patterns;
    if (patterns > PH_ROWS_PATTERNS_MAX)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "the mean field over all 3^K rows covers up to %d patterns, here "
                       "network.patterns is %lld; choose fewer, or leave the theory out",
                       (int)PH_ROWS_PATTERNS_MAX, (long long)patterns);
    const size_t codes = power_of_three(patterns), width = (size_t)patterns;
    self->patterns = patterns;
    self->rows = malloc((codes + 1) / 2 * width);
    self->weights = malloc((codes + 1) / 2 * sizeof(*self->weights));
    if (self->rows == NULL || self->weights == NULL) {
        ph_rows_free(self);
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the %zu rows of %lld patterns", codes,
                       (long long)patterns);
    }
    int8_t row[PH_ROWS_PATTERNS_MAX];
    bool blank;
    for (size_t code = 0; code < codes; code++) {
        if (!decode_row(code, row, patterns, &blank))
            continue;
        double weight = (blank ? 1.0 : 2.0) * row_probability(row, point);
        if (weight <= 0.0)
            continue;
        memcpy(self->rows + self->count * width, row, width);
        self->weights[self->count++] = weight;
    }
    return PH_OK;
}

/* Distinct rows in order of appearance, found through a table of open addresses (0: free). */
typedef struct {
    ph_rows_t *rows;
    size_t capacity, slots;
    size_t *table;
} collector_t;

static size_t find_slot(const collector_t *self, const int8_t *row)
{
    const size_t width = (size_t)self->rows->patterns;
    size_t slot = (size_t)XXH3_64bits(row, width) & (self->slots - 1);
    while (self->table[slot] != 0 &&
           memcmp(self->rows->rows + (self->table[slot] - 1) * width, row, width) != 0)
        slot = (slot + 1) & (self->slots - 1);
    return slot;
}

static int grow(collector_t *self)
{
    const size_t width = (size_t)self->rows->patterns;
    const size_t capacity = self->capacity == 0 ? 64 : 2 * self->capacity;
    int8_t *rows = realloc(self->rows->rows, capacity * width);
    if (rows != NULL)
        self->rows->rows = rows;
    double *weights = realloc(self->rows->weights, capacity * sizeof(*weights));
    if (weights != NULL)
        self->rows->weights = weights;
    size_t *table = calloc(2 * capacity, sizeof(*table));
    if (rows == NULL || weights == NULL || table == NULL) {
        free(table);
        return PH_ERR_MEMORY;
    }
    free(self->table);
    self->table = table;
    self->capacity = capacity;
    self->slots = 2 * capacity;
    for (size_t i = 0; i < self->rows->count; i++)
        table[find_slot(self, rows + i * width)] = i + 1;
    return PH_OK;
}

static int collect(collector_t *self, const int8_t *row)
{
    ph_rows_t *rows = self->rows;
    if (rows->count == self->capacity && grow(self) != PH_OK)
        return PH_ERR_MEMORY;
    const size_t slot = find_slot(self, row), width = (size_t)rows->patterns;
    if (self->table[slot] == 0) {
        memcpy(rows->rows + rows->count * width, row, width);
        rows->weights[rows->count++] = 0.0;
        self->table[slot] = rows->count;
    }
    rows->weights[self->table[slot] - 1] += 1.0;
    return PH_OK;
}

static void reduce_gauge(int8_t *out, const int8_t *row, int64_t patterns)
{
    int64_t first = 0;
    while (first < patterns && row[first] == 0)
        first++;
    const int sign = first < patterns ? row[first] : 1;
    for (int64_t mu = 0; mu < patterns; mu++)
        out[mu] = (int8_t)(sign * row[mu]);
}

int ph_rows_sample(ph_rows_t *self, const ph_patterns_t *patterns, ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    self->patterns = patterns->patterns;
    const size_t width = (size_t)patterns->patterns;
    collector_t collector = {.rows = self};
    int8_t *row = malloc(width);
    int status = row == NULL ? PH_ERR_MEMORY : PH_OK;
    for (int64_t i = 0; i < patterns->neurons && status == PH_OK; i++) {
        reduce_gauge(row, patterns->entries + (size_t)i * width, patterns->patterns);
        status = collect(&collector, row);
    }
    for (size_t i = 0; i < self->count; i++)
        self->weights[i] /= (double)patterns->neurons;
    free(row);
    free(collector.table);
    if (status == PH_OK)
        return PH_OK;
    ph_rows_free(self);
    return ph_fail(report, status, "no memory for the distinct rows of a sample of %lld neurons",
                   (long long)patterns->neurons);
}

void ph_rows_free(ph_rows_t *self)
{
    free(self->rows);
    free(self->weights);
    memset(self, 0, sizeof(*self));
}
