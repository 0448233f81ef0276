/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "params/grid_private.h"

/* Characters of a text that may be long: patterns. */
static const char PLAIN[] = "+-0 ";

/* Text in double quotes, all but plain characters as escapes of YAML. */
static void add_quoted(ph_text_t *text, const char *raw)
{
    ph_text_add(text, "\"");
    while (*raw != '\0') {
        uint32_t c = 0;
        const size_t plain = strspn(raw, PLAIN);
        ph_text_add(text, "%.*s", (int)plain, raw);
        raw += plain;
        if (*raw == '\0')
            break;
        const size_t length = ph_utf8_next(raw, &c);
        if (length == 0)
            break; /* excluded when the title was read */
        const bool hidden = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
                            c == 0xfeff || (c & 0xfffe) == 0xfffe;
        if (c == '"' || c == '\\')
            ph_text_add(text, "\\%c", (int)c);
        else if (hidden)
            ph_text_add(text, "\\U%08" PRIX32, c);
        else
            ph_text_add(text, "%.*s", (int)length, raw);
        raw += length;
    }
    ph_text_add(text, "\"");
}

const ph_coordinate_t *ph_grid_coordinate(const ph_grid_t *grid, ph_key_t key, size_t *size)
{
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++)
            if (grid->axes[a].coordinates[c].key == key) {
                *size = grid->axes[a].size;
                return &grid->axes[a].coordinates[c];
            }
    return NULL;
}

static void add_list(ph_text_t *text, ph_key_t key, size_t count, const double *values)
{
    char value[PH_NUMBER_SIZE];
    ph_text_add(text, "[");
    for (size_t i = 0; i < count; i++) {
        ph_value_text(key, values[i], value, sizeof(value));
        ph_text_add(text, "%s%s", i > 0 ? ", " : "", value);
    }
    ph_text_add(text, "]");
}

/* One value where all patterns have the same. */
static void add_each(ph_text_t *text, ph_key_t key, size_t patterns, const double *values)
{
    char value[PH_NUMBER_SIZE];
    size_t same = 1;
    while (same < patterns && values[same] == values[0])
        same++;
    if (same < patterns) {
        ph_text_add(text, "{ each: ");
        add_list(text, key, patterns, values);
        ph_text_add(text, " }");
    } else {
        ph_value_text(key, values[0], value, sizeof(value));
        ph_text_add(text, "%s", value);
    }
}

/* One value a pattern, and for one of them the axis. */
static void add_each_axis(ph_text_t *text, const ph_coordinate_t *axis, size_t size,
                          const double *values, size_t patterns)
{
    char value[PH_NUMBER_SIZE];
    for (size_t mu = 0; mu < patterns; mu++) {
        ph_text_add(text, mu == 0 ? "{ each: [" : ", ");
        ph_value_text(axis->key, values[mu], value, sizeof(value));
        if (mu + 1 == axis->pattern)
            add_list(text, axis->key, size, axis->values);
        else
            ph_text_add(text, "%s", value);
    }
    ph_text_add(text, "] }");
}

static void add_set(ph_text_t *text, ph_key_t key, unsigned set)
{
    const ph_words_t *words = ph_schema(key)->words;
    const char *before = "";
    ph_text_add(text, "[");
    for (size_t i = 0; i < words->count; i++)
        if (set >> i & 1U) {
            ph_text_add(text, "%s%s", before, words->words[i]);
            before = ", ";
        }
    ph_text_add(text, "]");
}

static void add_value(ph_text_t *text, const ph_schema_t *row, const void *keeper, size_t patterns)
{
    char value[PH_NUMBER_SIZE];
    switch (row->member) {
    case PH_MEMBER_TEXT:
        add_quoted(text, ph_key_text(row, keeper));
        return;
    case PH_MEMBER_SEED:
        ph_text_add(text, "%" PRIu64, ph_key_seed(row, keeper));
        return;
    case PH_MEMBER_EACH:
        add_each(text, row->key, patterns, ph_key_each(row, keeper));
        return;
    case PH_MEMBER_LIST: {
        const ph_list_t *list = ph_key_list(row, keeper);
        if (list->count == 0)
            ph_text_add(text, "%s", row->fallback);
        else
            add_list(text, row->key, list->count, list->values);
        return;
    }
    default:
        if (row->type == PH_TYPE_SET) {
            add_set(text, row->key, (unsigned)ph_key_value(row, keeper));
            return;
        }
        ph_value_text(row->key, ph_key_value(row, keeper), value, sizeof(value));
        ph_text_add(text, "%s", value);
    }
}

/* Whether qualities were made from it. */
static bool has_entropy(const ph_grid_t *grid)
{
    size_t size;
    return grid->points[0].entropy > 0.0 || ph_grid_coordinate(grid, PH_KEY_ENTROPY, &size) != NULL;
}

void ph_grid_key_text(const ph_grid_t *grid, ph_key_t key, ph_text_t *text)
{
    const ph_schema_t *row = ph_schema(key);
    const ph_point_t *point = &grid->points[0];
    size_t size = 0;
    const ph_coordinate_t *coordinate = ph_grid_coordinate(grid, key, &size);
    if (key == PH_KEY_QUALITY && has_entropy(grid))
        ph_text_add(text, "%s", row->fallback);
    else if (coordinate != NULL && coordinate->pattern > 0)
        add_each_axis(text, coordinate, size, ph_key_each(row, point), (size_t)point->patterns);
    else if (coordinate != NULL)
        add_list(text, key, size, coordinate->values);
    else
        add_value(text, row, row->kept_by == PH_KEPT_BY_GRID ? (const void *)grid : point,
                  (size_t)point->patterns);
}

void ph_grid_key_line(const ph_grid_t *grid, ph_key_t key, const char *indent, ph_text_t *text)
{
    const ph_schema_t *row = ph_schema(key);
    const size_t begin = text->length;
    ph_text_add(text, "%s%s: ", indent, row->name);
    const size_t value = text->length;
    ph_grid_key_text(grid, key, text);
    const char *fallback = row->type == PH_TYPE_TEXT ? "\"\"" : row->fallback;
    if (row->later && !text->failed && strcmp(text->text + value, fallback) == 0)
        text->length = begin;
    else
        ph_text_add(text, "\n");
}

void ph_grid_zip_text(const ph_grid_t *grid, ph_text_t *text)
{
    bool any = false;
    ph_text_add(text, "[");
    for (size_t a = 0; a < grid->axes_count; a++) {
        const ph_axis_t *axis = &grid->axes[a];
        if (axis->coordinates_count < 2)
            continue;
        for (size_t c = 0; c < axis->coordinates_count; c++)
            ph_text_add(text, "%s%s",
                        c > 0 ? ", "
                        : any ? ", ["
                              : "[",
                        ph_schema_path(axis->coordinates[c].key));
        ph_text_add(text, "]");
        any = true;
    }
    ph_text_add(text, "]");
}

/* A section without a line, of keys that all have their default and are later than some files, is
 * none. */
static void close_section(ph_text_t *text, size_t begin, size_t head)
{
    if (text->length == head)
        text->length = begin;
}

const char *ph_grid_counted(const char *text)
{
    static const char FIGURE[] = "figure:\n";
    const char *at = strchr(text, '\n');
    at = at != NULL ? at + 1 : text;
    if (strncmp(at, FIGURE, sizeof(FIGURE) - 1) != 0)
        return at;
    do
        at = strchr(at, '\n') + 1;
    while (*at == ' ' && strchr(at, '\n') != NULL);
    return at;
}

int ph_grid_write_text(ph_grid_t *grid)
{
    ph_text_t text = {.text = NULL};
    const char *section = NULL;
    size_t begin = 0, head = 1;
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        const bool same = row->section != NULL && section != NULL
                              ? strcmp(section, row->section) == 0
                              : row->section == section;
        if (!same) {
            close_section(&text, begin, head);
            begin = text.length;
            if (row->section != NULL)
                ph_text_add(&text, "%s:\n", row->section);
            head = row->section != NULL ? text.length : SIZE_MAX;
        }
        section = row->section;
        ph_grid_key_line(grid, (ph_key_t)i, section != NULL ? "  " : "", &text);
    }
    ph_text_add(&text, "zip: ");
    ph_grid_zip_text(grid, &text);
    ph_text_add(&text, "\n");
    if (text.failed) {
        free(text.text);
        return PH_ERR_MEMORY;
    }
    grid->text = text.text;
    const char *counted = ph_grid_counted(text.text);
    grid->digest = ph_digest_bytes(counted, strlen(counted));
    return PH_OK;
}
