/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "base/visible.h"
#include "data/save.h"

enum { FILE_SIZE_MAX = 64 << 20 };

/* What the words of a row are. */
typedef enum {
    ENTRIES, /* -1, 0 and +1 */
    REALS,
    LABELS /* all of them: there are no others */
} words_t;

/* The rows that were read so far. */
typedef struct {
    words_t words;
    size_t rows, columns, count, capacity, most;
    int8_t *entries;
    float *reals;
    ph_numbers_t *labels; /* NULL, or of one word of each row: */
    bool last;            /* the last instead of the first */
    size_t labels_capacity;
    size_t shape[2]; /* that the first line says */
    const char *path;
    ph_report_t *report;
    int status;
} rows_t;

/* One line of the text, without its end. */
typedef struct {
    const char *text, *end;
    int number; /* from 1 */
} line_t;

static bool fail(rows_t *self, const line_t *line, const char *at, const char *what,
                 const char *expected)
{
    self->status = ph_fail(self->report, PH_ERR_INPUT, "%s:%d:%d: %s, expected %s", self->path,
                           line->number, (int)(at - line->text) + 1, what, expected);
    return false;
}

static const char *word_end(const line_t *line, const char *at)
{
    while (at < line->end && !isspace((unsigned char)*at) && *at != ',')
        at++;
    return at;
}

/* The next word of a line from `at` on, NULL for none. A comma needs a word on both sides. */
static const char *next_word(rows_t *self, const line_t *line, const char **at, bool first)
{
    size_t commas = 0;
    const char *comma = NULL;
    for (; *at < line->end && (isspace((unsigned char)**at) || **at == ','); (*at)++)
        if (**at == ',') {
            commas++;
            comma = *at;
        }
    const bool none = *at == line->end;
    if (commas > 1 || (commas == 1 && (first || none))) {
        fail(self, line, comma, "a comma without a value before or behind it", "-1, 0 or +1");
        return NULL;
    }
    return none ? NULL : *at;
}

/* A whole number of at most `limit`, however it is written (+1, 1.0, 1e0). */
static bool read_whole(rows_t *self, const line_t *line, const char *word, const char *end,
                       uint64_t limit, int64_t *whole)
{
    char text[64], quote[PH_QUOTE_SIZE], what[PH_QUOTE_SIZE + 8];
    bool negative = false;
    uint64_t value = 0;
    const size_t length = (size_t)(end - word), plus = length > 1 && *word == '+';
    if (length < sizeof(text)) {
        memcpy(text, word + plus, length - plus);
        text[length - plus] = '\0';
        if (strlen(text) == length - plus && !(plus && (text[0] == '-' || text[0] == '+')) &&
            ph_read_integer(text, limit, &negative, &value) == PH_NUMBER_OK) {
            *whole = negative ? -(int64_t)value : (int64_t)value;
            return true;
        }
    }
    snprintf(what, sizeof(what), "\"%s\"", ph_quote(word, length, quote));
    return fail(self, line, word, what, limit == 1 ? "-1, 0 or +1" : "a label, a whole number");
}

static bool fail_memory(rows_t *self)
{
    self->status =
        ph_fail(self->report, PH_ERR_MEMORY, "%s: no memory for its entries", self->path);
    return false;
}

/* Room for one more entry or real. */
static bool make_room(rows_t *self, const line_t *line)
{
    if (self->count == self->most) {
        char what[48];
        snprintf(what, sizeof(what), "more than %zu entries", self->most);
        return fail(self, line, line->text, what, "at most that many in a file");
    }
    if (self->count < self->capacity)
        return true;
    self->capacity = self->capacity == 0 ? 4096 : 2 * self->capacity;
    void *grown = self->words == REALS ? realloc(self->reals, self->capacity * sizeof(*self->reals))
                                       : realloc(self->entries, self->capacity);
    if (grown == NULL)
        return fail_memory(self);
    if (self->words == REALS)
        self->reals = grown;
    else
        self->entries = grown;
    return true;
}

static bool add_real(rows_t *self, const line_t *line, const char *word, const char *end)
{
    char text[64], quote[PH_QUOTE_SIZE], what[PH_QUOTE_SIZE + 8];
    double value;
    const size_t length = (size_t)(end - word);
    if (length < sizeof(text)) {
        memcpy(text, word, length);
        text[length] = '\0';
        if (strlen(text) == length && ph_read_real(text, &value) == PH_NUMBER_OK &&
            isfinite((float)value)) {
            if (!make_room(self, line))
                return false;
            self->reals[self->count++] = (float)value;
            return true;
        }
    }
    snprintf(what, sizeof(what), "\"%s\"", ph_quote(word, length, quote));
    return fail(self, line, word, what, "the number of a pixel");
}

static bool add_label(rows_t *self, int64_t label)
{
    ph_numbers_t *labels = self->labels;
    if (labels->count == self->labels_capacity) {
        self->labels_capacity = self->labels_capacity == 0 ? 64 : 2 * self->labels_capacity;
        int64_t *grown = realloc(labels->values, self->labels_capacity * sizeof(*grown));
        if (grown == NULL)
            return fail_memory(self);
        labels->values = grown;
    }
    labels->values[labels->count++] = label;
    return true;
}

/* A word of a row: an entry, a real, or the label beside them. */
static bool take_word(rows_t *self, const line_t *line, const char *word, const char *end,
                      bool label)
{
    int64_t whole = 0;
    if (self->words == REALS && !label)
        return add_real(self, line, word, end);
    if (!read_whole(self, line, word, end, label ? INT64_MAX : 1, &whole))
        return false;
    if (label)
        return self->words == LABELS && self->labels->count == self->most
                   ? fail(self, line, word, "one label too many", "at most as many as images")
                   : add_label(self, whole);
    if (!make_room(self, line))
        return false;
    self->entries[self->count++] = (int8_t)whole;
    return true;
}

static void check_row(rows_t *self, const line_t *line, size_t columns)
{
    if (self->labels != NULL && columns == 1)
        fail(self, line, line->text, "a label without an example",
             self->words == REALS ? "pixels beside it" : "-1, 0 and +1 behind it");
    if (self->status == PH_OK && self->columns != 0 && columns != self->columns) {
        char what[64], expected[64];
        snprintf(what, sizeof(what), "%zu values in this row", columns);
        snprintf(expected, sizeof(expected), "%zu as in the row before", self->columns);
        fail(self, line, line->text, what, expected);
    }
}

/* The entries of a row, or (names) only how many words there are. */
static void read_row(rows_t *self, const line_t *line, bool names)
{
    const char *at = line->text, *word = next_word(self, line, &at, true);
    size_t columns = 0;
    while (word != NULL) {
        const char *end = at = word_end(line, word);
        const char *next = next_word(self, line, &at, false);
        const bool label = self->words == LABELS ||
                           (self->labels != NULL && (self->last ? next == NULL : columns == 0));
        if (self->status != PH_OK || (!names && !take_word(self, line, word, end, label)))
            return;
        columns++;
        word = next;
    }
    if (self->status == PH_OK && self->words != LABELS)
        check_row(self, line, columns);
    self->columns = columns;
    self->rows += !names;
}

static void read_text(rows_t *self, const char *text, size_t length, bool header)
{
    static const char MARK[] = "\xef\xbb\xbf";
    const char *end = text + length;
    line_t line = {0};
    if (length >= 3 && memcmp(text, MARK, 3) == 0)
        text += 3;
    while (self->status == PH_OK && text < end) {
        line.text = text;
        line.number++;
        while (text < end && *text != '\n' && *text != '\r')
            text++;
        line.end = text;
        text += text < end && *text == '\r' && text + 1 < end && text[1] == '\n';
        text += text < end;
        const char *first = line.text;
        while (first < line.end && isspace((unsigned char)*first))
            first++;
        if (first == line.end || *first == '#')
            continue;
        read_row(self, &line,
                 header && self->columns == 0 && (isalpha((unsigned char)*first) || *first == '"'));
    }
    line.text = text;
    line.number += line.number == 0;
    if (self->status == PH_OK && self->rows == 0)
        fail(self, &line, text, "no row of entries",
             self->words == ENTRIES ? "rows of -1, 0 and +1" : "rows of numbers");
}

/* Larger files have to be of another format. */
static bool is_too_large(rows_t *self, int descriptor)
{
    struct stat facts;
    if (fstat(descriptor, &facts) != 0 || facts.st_size <= FILE_SIZE_MAX)
        return false;
    self->status = ph_fail(self->report, PH_ERR_FORMAT,
                           "%s: has %lld bytes, expected at most %d of text; as %s it may be "
                           "larger",
                           self->path, (long long)facts.st_size, FILE_SIZE_MAX,
                           self->words == ENTRIES ? "HDF5" : "IDX or HDF5");
    return true;
}

/* Reads the whole file into rows; its descriptor is closed. */
static void read_file(rows_t *self, int descriptor, bool header)
{
    char *text = NULL;
    size_t length;
    if (is_too_large(self, descriptor)) {
        close(descriptor);
        return;
    }
    self->status =
        ph_file_load_open(descriptor, self->path, FILE_SIZE_MAX, &text, &length, self->report);
    if (self->status == PH_OK) {
        ph_saved_shape(text, length, self->shape);
        read_text(self, text, length, header);
    }
    free(text);
}

static int load(ph_table_t *self, const ph_table_source_t *source, int descriptor,
                ph_report_t *report)
{
    const bool in_rows = source->lists == PH_LISTS_IN_ROWS;
    rows_t rows = {
        .path = source->path, .most = source->most, .labels = source->labels, .report = report};
    read_file(&rows, descriptor, !in_rows || rows.labels != NULL);
    rows.columns -= rows.labels != NULL && rows.columns > 0;
    self->lists = in_rows ? rows.rows : rows.columns;
    self->length = in_rows ? rows.columns : rows.rows;
    self->step_list = in_rows ? rows.columns : 1;
    self->step_entry = in_rows ? 1 : rows.columns;
    self->entries = rows.entries;
    memcpy(self->shape, rows.shape, sizeof(self->shape));
    return rows.status;
}

static int load_numbers(ph_numbers_t *self, const ph_table_source_t *source, int descriptor,
                        ph_report_t *report)
{
    rows_t rows = {.path = source->path,
                   .words = LABELS,
                   .most = source->most,
                   .labels = self,
                   .report = report};
    read_file(&rows, descriptor, true);
    return rows.status;
}

/* A row is an image. */
static int load_images(ph_images_t *self, const ph_images_source_t *source, int descriptor,
                       ph_report_t *report)
{
    size_t shape[2];
    float *values;
    ph_numbers_t labels = {0, NULL};
    const bool first = source->labels != NULL && strcmp(source->labels, "first") == 0;
    const bool last = source->labels != NULL && strcmp(source->labels, "last") == 0;
    rows_t rows = {.path = source->path,
                   .words = REALS,
                   .most = source->most,
                   .labels = first || last ? &labels : NULL,
                   .last = last,
                   .report = report};
    read_file(&rows, descriptor, true);
    int status = rows.status;
    if (status == PH_OK)
        status = ph_images_shape(source, rows.columns - (rows.labels != NULL), &shape[0], &shape[1],
                                 report);
    if (status == PH_OK)
        status = ph_images_grow(self, source, rows.rows, shape[0], shape[1], &values, report);
    if (status == PH_OK)
        memcpy(values, rows.reals, rows.count * sizeof(*values));
    if (status == PH_OK && rows.labels != NULL)
        status = ph_images_add_labels(self, source, &labels, report);
    ph_numbers_free(&labels);
    free(rows.reals);
    return status;
}

static bool is_any(const unsigned char *head, size_t size)
{
    (void)head;
    (void)size;
    return true;
}

const ph_format_t PH_FORMAT_TEXT = {.word = "text",
                                    .rows = false,
                                    .is = is_any,
                                    .read = load,
                                    .read_numbers = load_numbers,
                                    .read_images = load_images};
