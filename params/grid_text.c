/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "params/grid_private.h"

/* Text in double quotes, all but plain characters as escapes of YAML. */
static void add_quoted(ph_text_t *text, const char *raw)
{
    ph_text_add(text, "\"");
    while (*raw != '\0') {
        uint32_t c = 0;
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

/* Whether the patterns of a point have different values of a key of PH_EACH_KEYS. */
static bool patterns_differ(const ph_point_t *point, size_t each)
{
    const double *values = ph_point_each(point, each);
    for (int64_t i = 1; i < point->patterns; i++)
        if (values[i] != values[0])
            return true;
    return false;
}

static void add_set(ph_text_t *text, ph_key_t key, unsigned set)
{
    const ph_words_t *words = ph_schema(key)->words;
    const char *before = "[";
    for (size_t i = 0; i < words->count; i++)
        if (set >> i & 1U) {
            ph_text_add(text, "%s%s", before, words->words[i]);
            before = ", ";
        }
    ph_text_add(text, "]");
}

static double grid_value(const ph_grid_t *grid, ph_key_t key)
{
    switch (key) {
    case PH_KEY_SAMPLES:
        return (double)grid->samples;
    case PH_KEY_REPLICAS:
        return (double)grid->replicas;
    case PH_KEY_LANES:
        return (double)grid->lanes;
    case PH_KEY_TRAJECTORY:
        return grid->trajectory;
    case PH_KEY_MOMENTS:
        return grid->moments;
    case PH_KEY_LOSS:
        return grid->loss;
    case PH_KEY_EXAMPLE_MAGNETIZATION:
        return grid->example_magnetization;
    case PH_KEY_EXAMPLE_OVERLAPS:
        return (double)grid->example_overlaps;
    case PH_KEY_REPLICA_OVERLAP:
        return grid->replica_overlap;
    case PH_KEY_FLIPS:
        return grid->flips;
    case PH_KEY_ACCEPTANCE:
        return grid->acceptance;
    case PH_KEY_AVERAGE:
        return grid->average;
    case PH_KEY_CONFIDENCE:
        return grid->confidence;
    default:
        return ph_point_value(&grid->points[0], key);
    }
}

void ph_grid_key_text(const ph_grid_t *grid, ph_key_t key, ph_text_t *text)
{
    size_t size = 0;
    char value[PH_NUMBER_SIZE];
    const ph_coordinate_t *coordinate = ph_grid_coordinate(grid, key, &size);
    const size_t each = ph_each_index(key);
    if (coordinate != NULL) {
        add_list(text, key, size, coordinate->values);
    } else if (ph_point_list(&grid->points[0], key) != NULL) {
        const ph_list_t *list = ph_point_list(&grid->points[0], key);
        if (list->count == 0)
            ph_text_add(text, "%s", ph_schema(key)->fallback);
        else
            add_list(text, key, list->count, list->values);
    } else if (ph_point_text(&grid->points[0], key) != NULL) {
        add_quoted(text, ph_point_text(&grid->points[0], key));
    } else if (key == PH_KEY_TITLE) {
        add_quoted(text, grid->title);
    } else if (key == PH_KEY_SEED) {
        ph_text_add(text, "%" PRIu64, grid->seed);
    } else if (ph_schema(key)->type == PH_TYPE_SET) {
        add_set(text, key, grid->kinds);
    } else if (each < PH_EACH_COUNT && patterns_differ(&grid->points[0], each)) {
        ph_text_add(text, "{ each: ");
        add_list(text, key, (size_t)grid->points[0].patterns,
                 ph_point_each(&grid->points[0], each));
        ph_text_add(text, " }");
    } else {
        ph_value_text(key, grid_value(grid, key), value, sizeof(value));
        ph_text_add(text, "%s", value);
    }
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

int ph_grid_write_text(ph_grid_t *grid)
{
    ph_text_t text = {.text = NULL};
    const char *section = NULL;
    size_t title_end = 0;
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        if (row->section != NULL && (section == NULL || strcmp(section, row->section) != 0))
            ph_text_add(&text, "%s:\n", row->section);
        section = row->section;
        ph_text_add(&text, "%s%s: ", section != NULL ? "  " : "", row->name);
        ph_grid_key_text(grid, (ph_key_t)i, &text);
        ph_text_add(&text, "\n");
        if (i == PH_KEY_TITLE)
            title_end = text.length;
    }
    ph_text_add(&text, "zip: ");
    ph_grid_zip_text(grid, &text);
    ph_text_add(&text, "\n");
    if (text.failed) {
        free(text.text);
        return PH_ERR_MEMORY;
    }
    grid->text = text.text;
    grid->digest = ph_digest_bytes(text.text + title_end, text.length - title_end);
    return PH_OK;
}
