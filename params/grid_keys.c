/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "params/grid_private.h"
#include "params/other_names.h"

/* The sections of a grid file; the first, unnamed, is the file itself. */
enum { SECTION_COUNT = 7, LIST_SIZE = 512 };
static const char RANGE_PART[] = "from"; /* of a range, too */
static const char *const SECTIONS[SECTION_COUNT] = {NULL,       "figure", "network", "dynamics",
                                                    "ensemble", "record", "theory"};

/* The keys that may stand in a section, the names of sections and zip among them at top level. */
static size_t names_in(const char *section, const char **names)
{
    size_t count = 0;
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        if (section == NULL ? row->section == NULL
                            : row->section != NULL && strcmp(section, row->section) == 0)
            names[count++] = row->name;
    }
    if (section == NULL) {
        for (size_t i = 1; i < SECTION_COUNT; i++)
            names[count++] = SECTIONS[i];
        names[count++] = "zip";
        names[count++] = PH_PAPER;
    }
    return count;
}

static void list_names(size_t count, const char *const *names, char *list)
{
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < count && used < LIST_SIZE; i++)
        used +=
            (size_t)snprintf(list + used, LIST_SIZE - used, "%s%s", i > 0 ? ", " : "", names[i]);
}

/* " (1/beta)": of another name that is another quantity. */
static void which_is(const char *is, char text[static LIST_SIZE])
{
    snprintf(text, LIST_SIZE, "%s%s%s", is != NULL ? " (" : "", is != NULL ? is : "",
             is != NULL ? ")" : "");
}

static void report_unknown(ph_reader_t *reader, const char *section, const ph_node_t *key)
{
    const char *names[PH_KEY_COUNT + SECTION_COUNT + 1], *is = NULL;
    char quote[PH_QUOTE_SIZE], list[LIST_SIZE];
    const size_t count = names_in(section, names);
    const char *where = section != NULL ? section : "the grid";
    const char *nearest = ph_nearest(key->text, count, names);
    ph_key_t meant = ph_schema_find(key->text);
    if (meant == PH_KEY_COUNT)
        meant = ph_key_meant(key->text, &is);
    const char *home = meant != PH_KEY_COUNT ? ph_schema(meant)->section : NULL;
    ph_node_quote(key, quote);
    which_is(is, list);
    if (home != NULL && section != NULL && strcmp(home, section) == 0)
        ph_reader_fail(reader, key, "unknown key \"%s\" in %s, expected \"%s\"%s", quote, where,
                       ph_schema(meant)->name, list);
    else if (home != NULL)
        ph_reader_fail(reader, key, "unknown key \"%s\" in %s, expected %s%s inside \"%s:\"", quote,
                       where, ph_schema(meant)->name, list, home);
    else if (meant != PH_KEY_COUNT)
        ph_reader_fail(reader, key, "unknown key \"%s\" in %s, expected %s%s at the top level",
                       quote, where, ph_schema(meant)->name, list);
    else if (nearest != NULL)
        ph_reader_fail(reader, key, "unknown key \"%s\" in %s, expected \"%s\"?", quote, where,
                       nearest);
    else {
        list_names(count, names, list);
        ph_reader_fail(reader, key, "unknown key \"%s\" in %s, expected one of %s", quote, where,
                       list);
    }
}

static ph_key_t find_key(const char *section, const char *name)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        const bool here = section == NULL
                              ? row->section == NULL
                              : row->section != NULL && strcmp(section, row->section) == 0;
        if (here && strcmp(name, row->name) == 0)
            return (ph_key_t)i;
    }
    return PH_KEY_COUNT;
}

/* The key that is a part `name` (NULL: any) of a map of a section (NULL: any); PH_KEY_COUNT if
 * none.
 */
static ph_key_t find_part(const char *section, const char *map, const char *name)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        if (row->map != NULL && strcmp(row->map, map) == 0 &&
            (section == NULL || strcmp(row->section, section) == 0) &&
            (name == NULL || strcmp(row->part, name) == 0))
            return (ph_key_t)i;
    }
    return PH_KEY_COUNT;
}

/* Says what is wrong with a map, at a node of it, and which parts it has. */
static void report_map(ph_reader_t *reader, const char *map, const ph_node_t *node,
                       const char *what)
{
    const char *parts[PH_KEY_COUNT];
    char list[LIST_SIZE];
    size_t count = 0;
    for (int i = 0; i < PH_KEY_COUNT; i++)
        if (ph_schema((ph_key_t)i)->map != NULL && strcmp(ph_schema((ph_key_t)i)->map, map) == 0)
            parts[count++] = ph_schema((ph_key_t)i)->part;
    list_names(count - 1, parts, list);
    ph_reader_fail(reader, node, "%s.%s: %s, expected %s%s%s",
                   ph_schema(find_part(NULL, map, NULL))->section, map, what, list,
                   count > 1 ? " or " : "", parts[count - 1]);
}

static void report_part(ph_reader_t *reader, const char *map, const ph_node_t *name)
{
    char quote[PH_QUOTE_SIZE] = "a list or map", what[PH_QUOTE_SIZE + 32];
    if (name->kind == PH_NODE_SCALAR)
        ph_node_quote(name, quote);
    snprintf(what, sizeof(what), "unknown key \"%s\"", quote);
    report_map(reader, map, name, what);
}

/* Whether a value can only be meant for a key of words: it is no number, a list or a map. */
static bool is_word(const ph_node_t *value, ph_key_t key)
{
    double number;
    return key != PH_KEY_COUNT && ph_schema(key)->words != NULL && value->kind == PH_NODE_SCALAR &&
           ph_read_real(value->text, &number) != PH_NUMBER_OK;
}

/* Whether a value is a map that names a part of a key which is a map too: its own, or, where that
 * key may be a list or a number, any (words have no other reading, nor has `from` before one). */
static bool names_part(const ph_node_t *value, const ph_schema_t *key, const char *section)
{
    for (size_t i = 0; value->kind == PH_NODE_MAP && i + 1 < value->count; i += 2) {
        const ph_node_t *name = value->children[i];
        if (name->kind != PH_NODE_SCALAR)
            continue;
        if (strcmp(name->text, key->part) == 0)
            return true;
        const ph_key_t part = find_part(section, key->map, name->text);
        if (strcmp(name->text, RANGE_PART) == 0 && !is_word(value->children[i + 1], part))
            continue; /* patterns: { from: 2, to: 5, steps: 4 } */
        if ((key->member == PH_MEMBER_LIST || key->member == PH_MEMBER_INTEGER) &&
            part != PH_KEY_COUNT)
            return true;
    }
    return false;
}

/*
 * Takes `map: { part: value, ... }` as the keys that its parts are. False if `map` is none, or is a
 * key itself whose parts the value lacks: then it is the value of that key.
 */
static bool take_map(ph_entries_t *self, const char *section, const char *map,
                     const ph_node_t *place, const ph_node_t *value, ph_reader_t *reader)
{
    const ph_key_t first = find_part(section, map, NULL);
    if (first == PH_KEY_COUNT)
        return false;
    const bool itself = strcmp(ph_schema(first)->name, map) == 0;
    if (itself && !names_part(value, ph_schema(first), section))
        return false;
    if (value->kind != PH_NODE_MAP)
        report_map(reader, map, value, "is no map");
    for (size_t i = 0; value->kind == PH_NODE_MAP && i + 1 < value->count; i += 2) {
        const ph_node_t *name = value->children[i];
        const ph_key_t key =
            name->kind == PH_NODE_SCALAR ? find_part(section, map, name->text) : PH_KEY_COUNT;
        if (key == PH_KEY_COUNT)
            report_part(reader, map, name);
        else
            ph_entries_take(self, key, itself && key == first ? place : name,
                            value->children[i + 1], reader);
    }
    return true;
}

/* What a key is called in the messages; false (and an error) if it is a list or a map. */
static bool is_name(ph_reader_t *reader, const ph_node_t *key)
{
    if (key->kind == PH_NODE_SCALAR)
        return true;
    ph_reader_fail(reader, key, "a list or map where a key belongs, expected a name");
    return false;
}

/* Notes for the keys of a section where they would stand. */
static void place_section(ph_entries_t *self, const char *section, const ph_node_t *key)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const char *own = ph_schema((ph_key_t)i)->section;
        if (own != NULL && strcmp(own, section) == 0)
            self->places[i] = key;
    }
}

static void gather_section(ph_entries_t *self, const char *section, const ph_node_t *map,
                           ph_reader_t *reader)
{
    char quote[PH_QUOTE_SIZE];
    if (map->kind == PH_NODE_SCALAR && !map->quoted && map->length == 0)
        return; /* all its keys are commented out */
    if (map->kind != PH_NODE_MAP) {
        ph_reader_fail(reader, map, "%s is %s%s, expected keys below it, such as \"%s: { ... }\"",
                       section, map->kind == PH_NODE_LIST ? "a list" : "the value ",
                       map->kind == PH_NODE_LIST ? "" : ph_node_quote(map, quote), section);
        return;
    }
    for (size_t i = 0; i + 1 < map->count; i += 2) {
        const ph_node_t *key = map->children[i];
        if (!is_name(reader, key))
            continue;
        const ph_key_t which = find_key(section, key->text);
        if (take_map(self, section, key->text, key, map->children[i + 1], reader))
            continue;
        if (which != PH_KEY_COUNT)
            ph_entries_take(self, which, key, map->children[i + 1], reader);
        else
            report_unknown(reader, section, key);
    }
}

static size_t find_section(const char *name)
{
    for (size_t i = 1; i < SECTION_COUNT; i++)
        if (strcmp(name, SECTIONS[i]) == 0)
            return i;
    return 0;
}

void ph_entries_gather(ph_entries_t *self, const ph_node_t *root, ph_reader_t *reader)
{
    const ph_node_t *seen[SECTION_COUNT] = {NULL}, *paper = NULL;
    if (root->kind != PH_NODE_MAP) {
        ph_reader_fail(reader, root,
                       "is no grid, expected \"key: value\" lines; `polyhebb new` "
                       "prints a grid to start from");
        return;
    }
    for (size_t i = 0; i + 1 < root->count; i += 2) {
        const ph_node_t *key = root->children[i], *value = root->children[i + 1];
        if (!is_name(reader, key))
            continue;
        const size_t section = find_section(key->text);
        const bool zip = strcmp(key->text, "zip") == 0, size = strcmp(key->text, PH_PAPER) == 0;
        const ph_key_t which = find_key(NULL, key->text);
        const ph_node_t **first = zip ? &self->zip_key : size ? &paper : &seen[section];
        if (zip || size || section > 0) {
            if (*first != NULL) {
                ph_reader_fail_repeated(reader, key, *first);
                continue;
            }
            *first = key;
        }
        if (zip)
            self->zip_node = value;
        else if (size)
            self->paper_node = value;
        else if (section > 0) {
            place_section(self, SECTIONS[section], key);
            gather_section(self, SECTIONS[section], value, reader);
        } else if (which != PH_KEY_COUNT)
            ph_entries_take(self, which, key, value, reader);
        else
            report_unknown(reader, NULL, key);
    }
}

/* The map that a key set by its plain or dotted name is, or NULL. */
static const char *map_of(const char *key)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        const size_t length = row->map != NULL ? strlen(row->section) : 0;
        if (row->map != NULL && (strcmp(key, row->map) == 0 ||
                                 (strncmp(key, row->section, length) == 0 && key[length] == '.' &&
                                  strcmp(key + length + 1, row->map) == 0)))
            return row->map;
    }
    return NULL;
}

/* A map is set as a whole: its parts in the file are those of the one replaced. */
static void clear_map(ph_entries_t *self, const char *map, const bool *named)
{
    for (int i = 0; i < PH_KEY_COUNT; i++)
        if (ph_schema((ph_key_t)i)->map != NULL && strcmp(ph_schema((ph_key_t)i)->map, map) == 0 &&
            !named[i])
            self->of[i] = (ph_entry_t){.node = NULL};
}

/* Whether a value set for a key is that of a part alone: how many patterns, of those that are given
 * too. */
static bool is_part(const ph_node_t *value, const ph_schema_t *key)
{
    return key->member == PH_MEMBER_INTEGER && !names_part(value, key, key->section);
}

static void report_unknown_set(ph_reader_t *reader, const char *key, const ph_node_t *value)
{
    const char *paths[PH_KEY_COUNT + 1], *leaves[PH_KEY_COUNT], *is;
    char other[LIST_SIZE];
    const ph_key_t meant = ph_key_meant(key, &is);
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        paths[i] = ph_schema_path((ph_key_t)i);
        leaves[i] = ph_schema((ph_key_t)i)->name;
    }
    paths[PH_KEY_COUNT] = "zip";
    const char *nearest = ph_nearest(key, PH_KEY_COUNT, leaves);
    if (nearest != NULL)
        nearest = ph_schema_path(ph_schema_find(nearest));
    else
        nearest = ph_nearest(key, PH_KEY_COUNT + 1, paths);
    which_is(is, other);
    if (meant != PH_KEY_COUNT)
        ph_reader_fail(reader, value, "unknown key, expected \"%s\"%s", ph_schema_path(meant),
                       other);
    else if (nearest != NULL)
        ph_reader_fail(reader, value, "unknown key, expected \"%s\"?", nearest);
    else
        ph_reader_fail(reader, value,
                       "unknown key, expected a dotted name such as "
                       "network.dilution; `polyhebb new --reference` lists all");
}

void ph_entries_override(ph_entries_t *self, const char *key, const ph_node_t *value,
                         bool named[PH_KEY_COUNT + 1], ph_reader_t *reader)
{
    const bool zip = strcmp(key, "zip") == 0;
    const char *map = map_of(key);
    if (ph_schema_find(key) == PH_KEY_COUNT && map != NULL) {
        clear_map(self, map, named);
        take_map(self, NULL, map, value, value, reader);
        return;
    }
    const ph_key_t which = zip ? PH_KEY_COUNT : ph_schema_find(key);
    if (!zip && which == PH_KEY_COUNT) {
        report_unknown_set(reader, key, value);
        return;
    }
    if (named[which]) {
        ph_reader_fail(reader, value, "the key is set twice, expected one --set a key");
        return;
    }
    named[which] = true;
    if (zip) {
        self->zip_key = self->zip_node = value;
        return;
    }
    if (map != NULL && !is_part(value, ph_schema(which)))
        clear_map(self, map, named);
    self->of[which] = (ph_entry_t){.node = NULL};
    if (map == NULL || !take_map(self, NULL, map, value, value, reader))
        self->of[which].key = self->of[which].node = value;
}
