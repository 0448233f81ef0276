/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/row_classes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

/* Rows of features alone, up to so many entries, are told apart by their sums. */
enum { SHORT = 4 };

/* Open addressing by the sum of a class' rows; a place holds a class + 1, 0: empty. */
typedef struct {
    size_t places; /* a power of two */
    uint32_t *classes;
    uint64_t *sums;
} table_t;

static void table_free(table_t *self)
{
    free(self->classes);
    free(self->sums);
}

static int table_init(table_t *self, size_t places)
{
    self->places = places;
    self->classes = calloc(places, sizeof(*self->classes));
    self->sums = calloc(places, sizeof(*self->sums));
    return self->classes == NULL || self->sums == NULL ? PH_ERR_MEMORY : PH_OK;
}

/* The first of four entries is in the highest bits of a sum alone. */
static size_t table_place(const table_t *self, uint64_t sum)
{
    return (size_t)(sum >> 48 ^ sum >> 32) & (self->places - 1);
}

static void table_put(table_t *self, uint64_t sum, uint32_t class)
{
    size_t place = table_place(self, sum);
    while (self->classes[place] != 0)
        place = (place + 1) & (self->places - 1);
    self->classes[place] = class + 1;
    self->sums[place] = sum;
}

static int table_grow(table_t *self)
{
    table_t larger;
    int status = table_init(&larger, 2 * self->places);
    for (size_t i = 0; status == PH_OK && i < self->places; i++)
        if (self->classes[i] != 0)
            table_put(&larger, self->sums[i], self->classes[i] - 1);
    if (status != PH_OK) {
        table_free(&larger);
        return status;
    }
    table_free(self);
    *self = larger;
    return PH_OK;
}

static int first_sign(const int16_t *row, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (row[i] != 0)
            return row[i] > 0 ? 1 : -1;
    return 1;
}

/* Where rows come from. */
typedef struct {
    const ph_coupling_t *coupling;
    const ph_patterns_t *patterns; /* or NULL, as the next */
    const int8_t *more;
} source_t;

/* Row of a neuron in the gauge where the first entry that is not 0 is positive; its sign. */
static int make_row(const ph_row_classes_t *self, const source_t *source, size_t neuron,
                    int16_t *row)
{
    for (size_t p = 0; p < self->features; p++)
        row[p] = source->coupling->phi[neuron * self->features + p];
    for (size_t mu = 0; mu < self->patterns; mu++)
        row[self->features + mu] = source->patterns->entries[neuron * self->patterns + mu];
    if (source->more != NULL)
        row[self->width - 1] = source->more[neuron];
    const int sign = first_sign(row, self->width);
    for (size_t i = 0; i < self->width; i++)
        row[i] = (int16_t)(sign * row[i]);
    return sign;
}

static int reserve(ph_row_classes_t *self, size_t capacity)
{
    int16_t *rows = realloc(self->rows, capacity * self->width * sizeof(*rows));
    if (rows != NULL)
        self->rows = rows;
    int64_t *sizes = realloc(self->sizes, capacity * sizeof(*sizes));
    if (sizes != NULL)
        self->sizes = sizes;
    return rows == NULL || sizes == NULL ? PH_ERR_MEMORY : PH_OK;
}

static int add_class(ph_row_classes_t *self, table_t *table, const int16_t *row, uint64_t sum)
{
    int status = PH_OK;
    if (2 * self->count >= table->places) /* room for as many classes as half the places */
        status = table_grow(table);
    if (status == PH_OK && (self->count & (self->count - 1)) == 0)
        status = reserve(self, self->count == 0 ? 1 : 2 * self->count);
    if (status != PH_OK)
        return status;
    memcpy(self->rows + self->count * self->width, row, self->width * sizeof(*row));
    self->sizes[self->count] = 0;
    table_put(table, sum, (uint32_t)self->count++);
    return PH_OK;
}

/* Entries of a short row in its gauge, times an odd number: no two rows have the same. */
static uint64_t sum_of_short(const int16_t *entries, size_t width, int *sign)
{
    uint64_t plus = 0, minus = 0;
    int first = 0;
    for (size_t i = 0; i < width; i++) {
        plus = plus << 16 | (uint16_t)entries[i];
        minus = minus << 16 | (uint16_t)-entries[i];
        first = first != 0 ? first : entries[i];
    }
    *sign = first < 0 ? -1 : 1;
    return (first < 0 ? minus : plus) * UINT64_C(0x9E3779B97F4A7C15);
}

/* A place whose class, if it has one, is that of the row. */
static size_t find_place(const ph_row_classes_t *self, const table_t *table, const int16_t *row,
                         uint64_t sum)
{
    size_t place = table_place(table, sum);
    while (table->classes[place] != 0 &&
           (table->sums[place] != sum ||
            (row != NULL && memcmp(row, ph_row_classes_row(self, table->classes[place] - 1),
                                   self->width * sizeof(*row)) != 0)))
        place = (place + 1) & (table->places - 1);
    return place;
}

/* `row` has room for one. */
static int place_neuron(ph_row_classes_t *self, table_t *table, const source_t *source,
                        size_t neuron, int16_t *row)
{
    const bool few = source->patterns == NULL && source->more == NULL && self->width <= SHORT;
    size_t class = self->count;
    uint64_t sum;
    int sign;
    if (few) {
        sum = sum_of_short(source->coupling->phi + neuron * self->width, self->width, &sign);
    } else {
        sign = make_row(self, source, neuron, row);
        sum = ph_checksum(row, self->width * sizeof(*row));
    }
    const size_t place = find_place(self, table, few ? NULL : row, sum);
    if (table->classes[place] != 0) {
        class = table->classes[place] - 1;
    } else {
        make_row(self, source, neuron, row);
        if (add_class(self, table, row, sum) != PH_OK)
            return PH_ERR_MEMORY;
    }
    self->gauge[neuron] = (int8_t)sign;
    self->of[neuron] = (uint32_t) class;
    self->sizes[class]++;
    return PH_OK;
}

int ph_row_classes_init(ph_row_classes_t *self, const ph_coupling_t *coupling,
                        const ph_patterns_t *patterns, const int8_t *more)
{
    const size_t neurons = (size_t)coupling->neurons;
    const source_t source = {coupling, patterns, more};
    memset(self, 0, sizeof(*self));
    self->features = (size_t)coupling->features;
    self->patterns = patterns != NULL ? (size_t)patterns->patterns : 0;
    self->width = self->features + self->patterns + (more != NULL);
    table_t table = {0};
    int16_t *row = calloc(self->width, sizeof(*row));
    self->of = calloc(neurons, sizeof(*self->of));
    self->gauge = calloc(neurons, sizeof(*self->gauge));
    int status = row == NULL || self->of == NULL || self->gauge == NULL ? PH_ERR_MEMORY
                                                                        : table_init(&table, 64);
    for (size_t i = 0; status == PH_OK && i < neurons; i++)
        status = place_neuron(self, &table, &source, i, row);
    table_free(&table);
    free(row);
    if (status != PH_OK)
        ph_row_classes_free(self);
    return status;
}

uint32_t *ph_row_classes_order(const ph_row_classes_t *self, size_t neurons)
{
    size_t *next = calloc(2 * self->count + 1, sizeof(*next));
    uint32_t *order = calloc(neurons, sizeof(*order));
    if (next == NULL || order == NULL) {
        free(next);
        free(order);
        return NULL;
    }
    for (size_t i = 0; i < neurons; i++)
        next[2 * self->of[i] + (self->gauge[i] < 0) + 1]++;
    for (size_t k = 1; k <= 2 * self->count; k++)
        next[k] += next[k - 1];
    for (size_t i = 0; i < neurons; i++)
        order[next[2 * self->of[i] + (self->gauge[i] < 0)]++] = (uint32_t)i;
    free(next);
    return order;
}

/* A class on its way into order; qsort has no context. */
typedef struct {
    const int16_t *row;
    size_t bytes;
    uint32_t class;
} ranked_t;

static int compare_rows(const void *a, const void *b)
{
    const ranked_t *left = a, *right = b;
    return memcmp(left->row, right->row, left->bytes);
}

uint32_t *ph_row_classes_ranks(const ph_row_classes_t *self)
{
    ranked_t *ranked = malloc(self->count * sizeof(*ranked));
    uint32_t *ranks = malloc(self->count * sizeof(*ranks));
    if (ranked == NULL || ranks == NULL) {
        free(ranked);
        free(ranks);
        return NULL;
    }
    for (size_t c = 0; c < self->count; c++)
        ranked[c] =
            (ranked_t){ph_row_classes_row(self, c), self->width * sizeof(*self->rows), (uint32_t)c};
    qsort(ranked, self->count, sizeof(*ranked), compare_rows);
    for (size_t k = 0; k < self->count; k++)
        ranks[ranked[k].class] = (uint32_t)k;
    free(ranked);
    return ranks;
}

void ph_row_classes_free(ph_row_classes_t *self)
{
    free(self->rows);
    free(self->sizes);
    free(self->of);
    free(self->gauge);
    memset(self, 0, sizeof(*self));
}
