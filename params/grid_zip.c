/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "params/grid_private.h"

typedef struct {
    double value;
    size_t place;
} ranked_t;

static int compare_ranked(const void *a, const void *b)
{
    const ranked_t *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

static void report_twice(ph_reader_t *reader, ph_key_t key, const ph_entry_t *entry, size_t place,
                         bool leader)
{
    char text[PH_NUMBER_SIZE];
    const ph_schema_t *row = ph_schema(key);
    const bool listed = entry->node->kind == PH_NODE_LIST;
    const char *why = row->type == PH_TYPE_REAL                 ? " (numbers count to 12 digits)"
                      : row->type == PH_TYPE_INTEGER && !listed ? " (values are rounded)"
                                                                : "";
    ph_value_text(key, entry->values[place], text, sizeof(text));
    ph_reader_fail(reader, listed ? entry->node->children[place] : entry->node,
                   "%s: %s is repeated%s, expected distinct values%s", ph_schema_path(key), text,
                   why, leader ? " in the first key of a zip; put another key first" : "");
}

/* Finds the order that sorts an axis, into `places`; reports values that stand twice. */
static bool rank_axis(ph_reader_t *reader, ph_key_t key, ph_entry_t *entry, bool leader)
{
    ranked_t *ranked = malloc(entry->count * sizeof(*ranked));
    bool good = true;
    if (ranked == NULL) {
        ph_reader_fail_memory(reader);
        return false;
    }
    for (size_t i = 0; i < entry->count; i++)
        ranked[i] = (ranked_t){.value = entry->values[i], .place = i};
    qsort(ranked, entry->count, sizeof(*ranked), compare_ranked);
    for (size_t i = 0; i < entry->count; i++) {
        entry->places[i] = ranked[i].place;
        const bool told = !good && entry->node->kind == PH_NODE_MAP; /* once a range */
        if (i > 0 && ranked[i].value == ranked[i - 1].value && !told) {
            report_twice(reader, key, entry, ranked[i].place, leader);
            good = false;
        }
    }
    free(ranked);
    return good;
}

/* Puts the values in the order given, which is that of the axis' first key. */
static bool arrange(ph_reader_t *reader, ph_entry_t *entry, const size_t *places)
{
    double *values = malloc(entry->count * sizeof(*values));
    if (values == NULL) {
        ph_reader_fail_memory(reader);
        return false;
    }
    for (size_t i = 0; i < entry->count; i++)
        values[i] = entry->values[places[i]];
    free(entry->values);
    entry->values = values;
    return true;
}

static ph_key_t zip_name(ph_reader_t *reader, const ph_node_t *node)
{
    char quote[PH_QUOTE_SIZE] = "a list or map";
    const char *paths[PH_KEY_COUNT];
    size_t count = 0;
    if (node->kind == PH_NODE_SCALAR) {
        const ph_key_t key = ph_schema_find(node->text);
        if (key != PH_KEY_COUNT)
            return key;
        ph_node_quote(node, quote);
        for (int i = 0; i < PH_KEY_COUNT; i++)
            if (ph_schema((ph_key_t)i)->axis)
                paths[count++] = strchr(node->text, '.') != NULL ? ph_schema_path((ph_key_t)i)
                                                                 : ph_schema((ph_key_t)i)->name;
        const char *nearest = ph_nearest(node->text, count, paths);
        if (nearest != NULL) {
            ph_reader_fail(reader, node, "zip: unknown key \"%s\", expected \"%s\"?", quote,
                           nearest);
            return PH_KEY_COUNT;
        }
    }
    ph_reader_fail(reader, node, "zip: unknown key \"%s\", expected the name of an axis", quote);
    return PH_KEY_COUNT;
}

/* Adds a key to a group; false and an error if it cannot be bound there. */
static bool bind_key(ph_entries_t *self, ph_reader_t *reader, ph_zip_t *zip, bool *bound,
                     const ph_node_t *node)
{
    const ph_key_t key = zip_name(reader, node);
    if (key == PH_KEY_COUNT)
        return false;
    const ph_entry_t *entry = &self->of[key];
    const char *path = ph_schema_path(key);
    if (bound[key]) {
        ph_reader_fail(reader, node, "zip: %s is repeated, expected every key once", path);
        return false;
    }
    bound[key] = true;
    if (entry->bad)
        return false;
    if (!entry->axis) {
        ph_reader_fail(reader, node, "zip: %s is no axis, expected a key with a list or range",
                       path);
        return false;
    }
    const ph_key_t first = zip->keys[0];
    if (zip->count > 0 && entry->count != self->of[first].count) {
        ph_reader_fail(reader, node, "zip: %s has %zu values and %s has %zu, expected as many",
                       path, entry->count, ph_schema_path(first), self->of[first].count);
        return false;
    }
    zip->keys[zip->count++] = key;
    return true;
}

/* The rest of a group in the schema's order, so that equal groups read the same. */
static void sort_followers(ph_zip_t *zip)
{
    for (size_t i = 2; i < zip->count; i++)
        for (size_t j = i; j > 1 && zip->keys[j] < zip->keys[j - 1]; j--) {
            const ph_key_t key = zip->keys[j];
            zip->keys[j] = zip->keys[j - 1];
            zip->keys[j - 1] = key;
        }
}

static void read_group(ph_entries_t *self, ph_reader_t *reader, bool *bound, const ph_node_t *node)
{
    bool good = true;
    if (node->kind != PH_NODE_LIST || node->count < 2) {
        ph_reader_fail(reader, node,
                       "zip: a group without two keys, expected lists of at least "
                       "two, such as [[noise, dynamics.start]]");
        return;
    }
    if (self->zips_count == PH_KEY_COUNT)
        return; /* some key must have been bound twice, which is said there */
    ph_zip_t *zip = &self->zips[self->zips_count];
    zip->node = node;
    for (size_t i = 0; i < node->count; i++)
        good = bind_key(self, reader, zip, bound, node->children[i]) && good;
    sort_followers(zip);
    self->zips_count += good;
    if (!good)
        memset(zip, 0, sizeof(*zip));
}

static void read_groups(ph_entries_t *self, ph_reader_t *reader, bool *bound)
{
    const ph_node_t *node = self->zip_node;
    if (node == NULL || (node->kind == PH_NODE_LIST && node->count == 0))
        return;
    if (node->kind != PH_NODE_LIST) {
        ph_reader_fail(reader, node,
                       "zip: no list, expected lists of keys in a list, such as "
                       "[[noise, dynamics.start]]");
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        read_group(self, reader, bound, node->children[i]);
}

/* Puts patterns that follow neurons by a law onto their axis. */
static void bind_law(ph_entries_t *self, bool *bound, ph_reader_t *reader)
{
    const ph_entry_t *patterns = &self->of[PH_KEY_PATTERNS];
    if (!self->law || patterns->bad)
        return;
    if (bound[PH_KEY_PATTERNS]) {
        ph_reader_fail(reader, self->zip_node,
                       "zip: network.patterns follows network.neurons by its law, expected it in "
                       "no zip");
        return;
    }
    if (!patterns->axis)
        return;
    ph_zip_t *zip = NULL;
    for (size_t z = 0; z < self->zips_count; z++)
        for (size_t i = 0; i < self->zips[z].count; i++)
            if (self->zips[z].keys[i] == PH_KEY_NEURONS)
                zip = &self->zips[z];
    if (zip == NULL) {
        zip = &self->zips[self->zips_count++];
        zip->keys[zip->count++] = PH_KEY_NEURONS;
        bound[PH_KEY_NEURONS] = true;
    }
    zip->keys[zip->count++] = PH_KEY_PATTERNS;
    bound[PH_KEY_PATTERNS] = true;
    sort_followers(zip);
}

void ph_entries_zip(ph_entries_t *self, ph_reader_t *reader)
{
    bool bound[PH_KEY_COUNT] = {false};
    read_groups(self, reader, bound);
    bind_law(self, bound, reader);
    for (size_t z = 0; z < self->zips_count; z++) {
        const ph_zip_t *zip = &self->zips[z];
        ph_entry_t *first = &self->of[zip->keys[0]];
        if (!rank_axis(reader, zip->keys[0], first, true))
            continue;
        for (size_t i = 0; i < zip->count; i++)
            if (!arrange(reader, &self->of[zip->keys[i]], first->places))
                return;
    }
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        ph_entry_t *entry = &self->of[i];
        if (entry->axis && !entry->bad && !bound[i] &&
            rank_axis(reader, (ph_key_t)i, entry, false) && !arrange(reader, entry, entry->places))
            return;
    }
}
