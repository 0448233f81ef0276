/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/pnm.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum {
    FILE_SIZE_MAX = 64 << 20,
    SIDE_MAX = 1 << 24, /* pixels */
    GREATEST = (1 << 16) - 1
};

/* A file, and how far it is read. */
typedef struct {
    const unsigned char *bytes;
    size_t size, at;
    size_t image; /* from 1 */
    const ph_images_source_t *source;
    ph_report_t *report;
} reader_t;

/* The head of an image. */
typedef struct {
    bool bits, plain;
    size_t rows, columns;
    uint32_t greatest;
} head_t;

static int fail(const reader_t *self, size_t at, const char *what, const char *expected)
{
    return ph_fail(self->report, PH_ERR_INPUT, "%s: image %zu, byte %zu (from 0): %s, expected %s",
                   self->source->path, self->image, at, what, expected);
}

/* White space, and comments from # to the end of their line. */
static void skip(reader_t *self)
{
    for (; self->at < self->size; self->at++) {
        const unsigned char c = self->bytes[self->at];
        if (c == '#')
            while (self->at + 1 < self->size && self->bytes[self->at] != '\n' &&
                   self->bytes[self->at] != '\r')
                self->at++;
        else if (isspace(c) == 0)
            break;
    }
}

static int read_number(reader_t *self, const char *name, uint32_t least, uint32_t most,
                       uint32_t *number)
{
    char what[64], expected[64];
    uint64_t value = 0;
    skip(self);
    const size_t first = self->at;
    for (; self->at < self->size && isdigit(self->bytes[self->at]) != 0 && value <= most;
         self->at++)
        value = 10 * value + (uint64_t)(self->bytes[self->at] - '0');
    *number = (uint32_t)value;
    if (self->at > first && value >= least && value <= most)
        return PH_OK;
    snprintf(expected, sizeof(expected), "%s, %u to %u", name, least, most);
    if (self->at > first)
        snprintf(what, sizeof(what), value > most ? "a number of more than %u" : "%u",
                 value > most ? most : *number);
    else
        snprintf(what, sizeof(what), "%s", first == self->size ? "the file ends" : "no number");
    return fail(self, first, what, expected);
}

static int read_head(reader_t *self, head_t *head)
{
    uint32_t columns, rows;
    const size_t first = self->at;
    if (self->size - first < 2 || self->bytes[first] != 'P')
        return fail(self, first, "no head of an image", "P1, P2, P4 or P5, or the end of the file");
    const unsigned char kind = self->bytes[first + 1];
    if (kind == '3' || kind == '6')
        return fail(self, first, "an image in colour (PPM)", "grey: ppmtopgm makes it so");
    if (kind != '1' && kind != '2' && kind != '4' && kind != '5')
        return fail(self, first, "an image of another kind", "P1 or P4 (PBM), P2 or P5 (PGM)");
    *head = (head_t){.bits = kind == '1' || kind == '4', .plain = kind <= '2', .greatest = 1};
    self->at += 2;
    int status = read_number(self, "a width", 1, SIDE_MAX, &columns);
    if (status == PH_OK)
        status = read_number(self, "a height", 1, SIDE_MAX, &rows);
    if (status == PH_OK && !head->bits)
        status = read_number(self, "the greatest value", 1, GREATEST, &head->greatest);
    if (status != PH_OK)
        return status;
    head->rows = rows;
    head->columns = columns;
    if (!head->plain && (self->at == self->size || isspace(self->bytes[self->at]) == 0))
        return fail(self, self->at, "no white space", "one before the pixels");
    self->at += !head->plain;
    return PH_OK;
}

/* Before there is room for them: a pixel takes at least so many bytes of the file. */
static int check_length(const reader_t *self, const head_t *head)
{
    char what[80];
    const size_t bytes = head->greatest > 255 ? 2 : 1, left = self->size - self->at;
    const size_t row = head->bits && !head->plain ? (head->columns + 7) / 8
                       : head->plain              ? head->columns
                                                  : bytes * head->columns;
    if (head->rows <= left / row)
        return PH_OK;
    snprintf(what, sizeof(what), "%zu bytes for %zu x %zu pixels", left, head->rows, head->columns);
    return fail(self, self->at, what, "more: the file is cut short");
}

static int read_plain(reader_t *self, const head_t *head, float *values)
{
    uint32_t number = 0;
    for (size_t p = 0; p < head->rows * head->columns; p++) {
        skip(self);
        if (head->bits && self->at < self->size &&
            (self->bytes[self->at] == '0' || self->bytes[self->at] == '1'))
            number = self->bytes[self->at++] == '1'; /* digits may stand side by side */
        else {
            const int status = read_number(self, "a pixel", 0, head->greatest, &number);
            if (status != PH_OK)
                return status;
        }
        values[p] = head->bits ? (float)(1 - number) : (float)number / (float)head->greatest;
    }
    return PH_OK;
}

static int read_raw(reader_t *self, const head_t *head, float *values)
{
    const size_t bytes = head->greatest > 255 ? 2 : 1;
    for (size_t p = 0; p < head->rows * head->columns; p++, self->at += bytes) {
        const unsigned char *at = self->bytes + self->at;
        const uint32_t number = bytes == 2 ? (uint32_t)at[0] << 8 | at[1] : at[0];
        if (number > head->greatest) {
            char what[32], expected[48];
            snprintf(what, sizeof(what), "%u", number);
            snprintf(expected, sizeof(expected), "at most %u, as its head says", head->greatest);
            return fail(self, self->at, what, expected);
        }
        values[p] = (float)number / (float)head->greatest;
    }
    return PH_OK;
}

/* Rows of bits, 1 for black, each from a byte on. */
static void read_bits(reader_t *self, const head_t *head, float *values)
{
    const size_t row = (head->columns + 7) / 8;
    for (size_t y = 0; y < head->rows; y++, self->at += row)
        for (size_t x = 0; x < head->columns; x++) {
            const int black = self->bytes[self->at + x / 8] >> (7 - x % 8) & 1;
            values[y * head->columns + x] = (float)(1 - black);
        }
}

static int read_image(reader_t *self, ph_images_t *images, head_t *head)
{
    float *values;
    int status = read_head(self, head);
    if (status == PH_OK)
        status = check_length(self, head);
    if (status == PH_OK)
        status = ph_images_grow(images, self->source, 1, head->rows, head->columns, &values,
                                self->report);
    if (status != PH_OK)
        return status;
    if (head->bits && !head->plain)
        read_bits(self, head, values);
    else
        status = head->plain ? read_plain(self, head, values) : read_raw(self, head, values);
    return status;
}

/* Behind the last image there may be white space; a plain one is alone. */
static int read_images(reader_t *self, ph_images_t *images)
{
    head_t head = {.plain = false};
    int status = PH_OK;
    for (self->image = 1; status == PH_OK; self->image++) {
        status = read_image(self, images, &head);
        while (self->at < self->size && isspace(self->bytes[self->at]) != 0)
            self->at++;
        if (status != PH_OK || self->at == self->size)
            break;
        if (head.plain)
            status = fail(self, self->at, "more behind its pixels", "the end of the file");
    }
    return status;
}

static int load(ph_images_t *self, const ph_images_source_t *source, int descriptor,
                ph_report_t *report)
{
    char *bytes;
    reader_t reader = {.source = source, .report = report};
    int status =
        ph_file_load_open(descriptor, source->path, FILE_SIZE_MAX, &bytes, &reader.size, report);
    reader.bytes = (const unsigned char *)bytes;
    if (status == PH_OK)
        status = read_images(&reader, self);
    free(bytes);
    return status;
}

static bool is_pnm(const unsigned char *head, size_t size)
{
    return size >= 3 && head[0] == 'P' && head[1] >= '1' && head[1] <= '7' &&
           (isspace(head[2]) != 0 || head[2] == '#');
}

const ph_format_t PH_FORMAT_PNM = {.word = "an image (PBM, PGM)",
                                   .way = "polyhebb encode makes patterns of it",
                                   .pictures = true,
                                   .is = is_pnm,
                                   .read_images = load};
