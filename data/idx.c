/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/idx.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { RANK_MAX = 3, HEAD_SIZE = 4, EXTENT_SIZE = 4, READ_AT_ONCE = 1 << 16 /* numbers */ };

/* A type of numbers, by its byte in the head. */
typedef enum { UNSIGNED, SIGNED, REAL } sort_t;

static const struct {
    unsigned char code;
    sort_t sort;
    size_t size;
} TYPES[] = {{0x08, UNSIGNED, 1}, {0x09, SIGNED, 1}, {0x0b, SIGNED, 2},
             {0x0c, SIGNED, 4},   {0x0d, REAL, 4},   {0x0e, REAL, 8}};

enum { TYPES_COUNT = sizeof(TYPES) / sizeof(TYPES[0]) };

typedef struct {
    int descriptor;
    const char *path;
    size_t type; /* of TYPES */
    size_t rank, extent[RANK_MAX], count;
    uint64_t start; /* of the numbers in the file */
    ph_report_t *report;
} idx_t;

static size_t type_of(unsigned char code)
{
    size_t type = 0;
    while (type < TYPES_COUNT && TYPES[type].code != code)
        type++;
    return type;
}

static uint64_t big_end_first(const unsigned char *bytes, size_t size)
{
    uint64_t word = 0;
    for (size_t k = 0; k < size; k++)
        word = word << 8 | bytes[k];
    return word;
}

static int read_bytes(const idx_t *self, uint64_t at, void *bytes, size_t size)
{
    const int status = ph_file_read_at(self->descriptor, at, bytes, size);
    if (status == PH_ERR_IO)
        return ph_fail(self->report, PH_ERR_IO, "%s: cannot be read: %s", self->path,
                       strerror(errno));
    return status == PH_OK ? PH_OK
                           : ph_fail(self->report, PH_ERR_INPUT, "%s: the file ends within %s",
                                     self->path, at < HEAD_SIZE ? "its head" : "its extents");
}

/* The numbers that the head promises are those that the file has. */
static int check_length(idx_t *self)
{
    struct stat facts;
    if (fstat(self->descriptor, &facts) != 0)
        return ph_fail(self->report, PH_ERR_IO, "%s: cannot be looked at: %s", self->path,
                       strerror(errno));
    const uint64_t size = TYPES[self->type].size, left = (uint64_t)facts.st_size - self->start;
    uint64_t count = 1;
    char text[64] = "";
    for (size_t d = 0; d < self->rank; d++) {
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%zu", d > 0 ? " x " : "",
                 self->extent[d]);
        if (self->extent[d] > 0 && count > UINT64_MAX / 8 / self->extent[d])
            count = UINT64_MAX / 8;
        else
            count *= self->extent[d];
    }
    if (count == 0)
        return ph_fail(self->report, PH_ERR_INPUT, "%s: %s numbers, expected some", self->path,
                       text);
    if (count != left / size || left % size != 0)
        return ph_fail(self->report, PH_ERR_INPUT,
                       "%s: %" PRIu64 " bytes behind its head, expected %s numbers of %" PRIu64
                       " byte%s as it says%s",
                       self->path, left, text, size, size > 1 ? "s" : "",
                       count > left / size ? ": the file is cut short" : "");
    self->count = (size_t)count;
    return PH_OK;
}

static int read_head(idx_t *self)
{
    unsigned char head[HEAD_SIZE], extent[EXTENT_SIZE];
    int status = read_bytes(self, 0, head, HEAD_SIZE);
    if (status != PH_OK)
        return status;
    self->type = type_of(head[2]);
    self->rank = head[3];
    if (self->type == TYPES_COUNT || self->rank == 0 || self->rank > RANK_MAX)
        return ph_fail(self->report, PH_ERR_INPUT,
                       "%s: numbers of type 0x%02x in %zu dimensions, expected 0x08, 0x09, 0x0b to "
                       "0x0e in one (labels), two or three (images)",
                       self->path, head[2], self->rank);
    for (size_t d = 0; d < self->rank && status == PH_OK; d++) {
        status = read_bytes(self, HEAD_SIZE + d * EXTENT_SIZE, extent, EXTENT_SIZE);
        if (status == PH_OK)
            self->extent[d] = (size_t)big_end_first(extent, EXTENT_SIZE);
    }
    self->start = HEAD_SIZE + self->rank * EXTENT_SIZE;
    return status == PH_OK ? check_length(self) : status;
}

static double value_of(const idx_t *self, const unsigned char *bytes)
{
    const size_t size = TYPES[self->type].size;
    const uint64_t word = big_end_first(bytes, size);
    float single;
    double value;
    switch (TYPES[self->type].sort) {
    case UNSIGNED:
        return (double)word;
    case SIGNED:
        return word >> (8 * size - 1) == 0 ? (double)word
                                           : (double)word - ldexp(1.0, (int)(8 * size));
    default:
        if (size == sizeof(single)) {
            const uint32_t half = (uint32_t)word;
            memcpy(&single, &half, sizeof(single));
            return (double)single;
        }
        memcpy(&value, &word, sizeof(value));
        return value;
    }
}

/* All numbers in turn; what they are kept in takes one or the other. */
static int read_numbers(const idx_t *self, float *reals, int64_t *wholes)
{
    const size_t size = TYPES[self->type].size;
    unsigned char *bytes = malloc(READ_AT_ONCE * size);
    int status = bytes != NULL
                     ? PH_OK
                     : ph_fail(self->report, PH_ERR_MEMORY, "no memory to read %s", self->path);
    for (size_t first = 0; first < self->count && status == PH_OK; first += READ_AT_ONCE) {
        const size_t left = self->count - first, count = left < READ_AT_ONCE ? left : READ_AT_ONCE;
        status = read_bytes(self, self->start + first * size, bytes, count * size);
        for (size_t k = 0; k < count && status == PH_OK; k++) {
            const double value = value_of(self, bytes + k * size);
            if (!isfinite((float)value))
                status = ph_fail(self->report, PH_ERR_INPUT,
                                 "%s: number %zu (from 0) is %g, expected a finite one", self->path,
                                 first + k, value);
            else if (reals != NULL)
                reals[first + k] = (float)value;
            else
                wholes[first + k] = (int64_t)value;
        }
    }
    free(bytes);
    return status;
}

static int load_images(ph_images_t *images, const ph_images_source_t *source, int descriptor,
                       ph_report_t *report)
{
    idx_t self = {.descriptor = descriptor, .path = source->path, .report = report};
    float *values;
    int status = read_head(&self);
    if (status == PH_OK && self.rank == 1)
        status = ph_fail(report, PH_ERR_INPUT,
                         "%s: numbers in one dimension, as labels are, expected images in two or "
                         "three",
                         source->path);
    const bool flat = self.rank == 2;
    size_t rows = flat ? 1 : self.extent[1], columns = flat ? self.extent[1] : self.extent[2];
    if (status == PH_OK && flat)
        status = ph_images_shape(source, self.extent[1], &rows, &columns, report);
    if (status == PH_OK)
        status = ph_images_grow(images, source, self.extent[0], rows, columns, &values, report);
    if (status == PH_OK)
        status = read_numbers(&self, values, NULL);
    close(descriptor);
    return status;
}

static int load_labels(ph_numbers_t *labels, const ph_table_source_t *source, int descriptor,
                       ph_report_t *report)
{
    idx_t self = {.descriptor = descriptor, .path = source->path, .report = report};
    int status = read_head(&self);
    if (status == PH_OK && (self.rank != 1 || TYPES[self.type].sort == REAL))
        status =
            ph_fail(report, PH_ERR_INPUT,
                    "%s: %s in %zu dimensions, expected whole numbers in one, as labels are",
                    source->path, TYPES[self.type].sort == REAL ? "reals" : "numbers", self.rank);
    if (status == PH_OK && self.count > source->most)
        status = ph_fail(report, PH_ERR_LIMIT, "%s: %zu labels, expected at most %zu", source->path,
                         self.count, source->most);
    if (status == PH_OK) {
        labels->values = malloc(self.count * sizeof(*labels->values));
        status = labels->values != NULL
                     ? read_numbers(&self, NULL, labels->values)
                     : ph_fail(report, PH_ERR_MEMORY, "%s: no memory for its labels", source->path);
        labels->count = self.count;
    }
    close(descriptor);
    return status;
}

static bool is_idx(const unsigned char *head, size_t size)
{
    return size >= 4 && head[0] == 0 && head[1] == 0 && type_of(head[2]) < TYPES_COUNT &&
           head[3] >= 1 && head[3] <= 4;
}

const ph_format_t PH_FORMAT_IDX = {.word = "a file of IDX",
                                   .way = "polyhebb encode makes patterns of it",
                                   .rows = true,
                                   .is = is_idx,
                                   .read_numbers = load_labels,
                                   .read_images = load_images};
