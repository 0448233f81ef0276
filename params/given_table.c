/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/given_table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "params/given.h"
#include "params/number_private.h"

/* One line of the text, without its end. */
typedef struct {
    const char *text, *end, *path;
    int number; /* from 1 */
    ph_reader_t *reader;
} line_t;

static void fail(const line_t *line, const char *at, const char *what, const char *expected)
{
    const ph_node_t place = {
        .source = line->path, .line = line->number, .column = (int)(at - line->text) + 1};
    ph_reader_fail(line->reader, &place, "%s, expected %s", what, expected);
}

static const char *word_end(const line_t *line, const char *at)
{
    while (at < line->end && !isspace((unsigned char)*at) && *at != ',')
        at++;
    return at;
}

/* The next word of a line from `at` on, NULL for none. A comma needs a word on both sides. */
static const char *next_word(const line_t *line, const char **at, bool first, bool *good)
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
        fail(line, comma, "a comma without a value before or behind it", "-1, 0 or +1");
        *good = false;
        return NULL;
    }
    return none ? NULL : *at;
}

/* -1, 0 or +1, however it is written (+1, 1.0, 1e0). */
static bool read_entry(const line_t *line, const char *word, const char *end, int8_t *entry)
{
    char text[64], quote[PH_QUOTE_SIZE], what[PH_QUOTE_SIZE + 8];
    bool negative = false;
    uint64_t value = 2;
    const size_t length = (size_t)(end - word), plus = length > 1 && *word == '+';
    if (length < sizeof(text)) {
        memcpy(text, word + plus, length - plus);
        text[length - plus] = '\0';
        if (strlen(text) == length - plus && !(plus && (text[0] == '-' || text[0] == '+')) &&
            ph_read_integer(text, 1, &negative, &value) == PH_NUMBER_OK) {
            *entry = (int8_t)(negative ? -(int)value : (int)value);
            return true;
        }
    }
    const ph_node_t node = {.text = (char *)(uintptr_t)word, .length = length};
    snprintf(what, sizeof(what), "\"%s\"", ph_node_quote(&node, quote));
    fail(line, word, what, "-1, 0 or +1");
    return false;
}

static bool add(ph_given_table_t *self, const line_t *line, int8_t entry)
{
    if (self->count == PH_GIVEN_MAX) {
        char what[48];
        snprintf(what, sizeof(what), "more than %d entries", PH_GIVEN_MAX);
        fail(line, line->text, what, "at most that many in a file");
        return false;
    }
    if (self->count == self->capacity) {
        self->capacity = self->capacity == 0 ? 4096 : 2 * self->capacity;
        int8_t *grown = realloc(self->entries, self->capacity);
        if (grown == NULL) {
            ph_reader_fail_memory(line->reader);
            return false;
        }
        self->entries = grown;
    }
    self->entries[self->count++] = entry;
    return true;
}

/* The entries of a row, or (names) only how many words there are. */
static bool read_row(ph_given_table_t *self, const line_t *line, bool names)
{
    const char *at = line->text, *word;
    size_t columns = 0;
    bool good = true;
    while ((word = next_word(line, &at, columns == 0, &good)) != NULL) {
        int8_t entry = 0;
        at = word_end(line, word);
        if (!names && (!read_entry(line, word, at, &entry) || !add(self, line, entry)))
            return false;
        columns++;
    }
    if (good && self->columns != 0 && columns != self->columns) {
        char what[64], expected[64];
        snprintf(what, sizeof(what), "%zu values in this row", columns);
        snprintf(expected, sizeof(expected), "%zu as in the row before", self->columns);
        fail(line, line->text, what, expected);
        return false;
    }
    self->columns = columns;
    self->rows += !names;
    return good;
}

void ph_given_table_read(ph_given_table_t *self, const char *text, size_t length, const char *path,
                         bool header, ph_reader_t *reader)
{
    static const char MARK[] = "\xef\xbb\xbf";
    const char *end = text + length;
    line_t line = {.path = path, .reader = reader};
    bool good = true;
    memset(self, 0, sizeof(*self));
    if (length >= 3 && memcmp(text, MARK, 3) == 0)
        text += 3;
    while (good && text < end) {
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
        const bool names =
            header && self->columns == 0 && (isalpha((unsigned char)*first) || *first == '"');
        good = read_row(self, &line, names);
    }
    line.text = text;
    line.number += line.number == 0;
    if (good && self->rows == 0)
        fail(&line, text, "no row of entries", "rows of -1, 0 and +1");
}

void ph_given_table_free(ph_given_table_t *self)
{
    free(self->entries);
    memset(self, 0, sizeof(*self));
}
