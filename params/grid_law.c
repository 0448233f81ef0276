/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "params/grid_private.h"

/* The parts of { law: log, base: ..., factor: ... }. */
enum { PART_LAW, PART_BASE, PART_FACTOR, PART_COUNT };
static const char *const PARTS[PART_COUNT] = {"law", "base", "factor"};

static size_t find_part(const ph_node_t *name)
{
    size_t part = 0;
    while (part < PART_COUNT &&
           (name->kind != PH_NODE_SCALAR || strcmp(name->text, PARTS[part]) != 0))
        part++;
    return part;
}

bool ph_node_is_law(const ph_node_t *node)
{
    for (size_t i = 0; node != NULL && node->kind == PH_NODE_MAP && i + 1 < node->count; i += 2)
        if (find_part(node->children[i]) == PART_LAW)
            return true;
    return false;
}

/* One value of a part: a number above `least` and at most 10^6. */
static bool read_part(ph_reader_t *reader, const ph_node_t *node, const char *name, double least,
                      double *value)
{
    char quote[PH_QUOTE_SIZE] = "a list or map";
    if (node->kind == PH_NODE_SCALAR && !node->quoted &&
        ph_read_real(node->text, value) == PH_NUMBER_OK && *value > least && *value <= 1e6)
        return true;
    if (node->kind == PH_NODE_SCALAR)
        ph_node_quote(node, quote);
    ph_reader_fail(reader, node,
                   "network.patterns: %s is %s, expected a number above %.0f, at "
                   "most 1000000",
                   name, quote[0] != '\0' ? quote : "empty", least);
    return false;
}

static bool read_law(ph_reader_t *reader, const ph_node_t *map, double *base, double *factor)
{
    const ph_node_t *parts[PART_COUNT] = {NULL};
    char quote[PH_QUOTE_SIZE];
    bool good = true;
    for (size_t i = 0; i + 1 < map->count; i += 2) {
        const ph_node_t *name = map->children[i];
        const size_t part = find_part(name);
        if (part == PART_COUNT || parts[part] != NULL) {
            ph_reader_fail(reader, name,
                           "network.patterns: unknown or repeated key in a law, expected "
                           "{ law: log, base: 2, factor: 1 }");
            good = false;
        } else {
            parts[part] = map->children[i + 1];
        }
    }
    const ph_node_t *law = parts[PART_LAW];
    if (law->kind != PH_NODE_SCALAR || strcmp(law->text, "log") != 0) {
        ph_reader_fail(reader, law, "network.patterns: law is %s, expected log",
                       law->kind != PH_NODE_SCALAR ? "a list or map" : ph_node_quote(law, quote));
        good = false;
    }
    if (parts[PART_BASE] == NULL) {
        ph_reader_fail(reader, map,
                       "network.patterns: the law has no base, expected "
                       "{ law: log, base: 2, factor: 1 }");
        return false;
    }
    good = read_part(reader, parts[PART_BASE], "base", 1, base) && good;
    *factor = 1.0;
    if (parts[PART_FACTOR] != NULL)
        good = read_part(reader, parts[PART_FACTOR], "factor", 0, factor) && good;
    return good;
}

void ph_entries_apply_law(ph_entries_t *self, ph_reader_t *reader)
{
    const ph_entry_t *neurons = &self->of[PH_KEY_NEURONS];
    ph_entry_t *patterns = &self->of[PH_KEY_PATTERNS];
    double base, factor;
    if (!self->law)
        return;
    patterns->bad = !read_law(reader, patterns->node, &base, &factor) || neurons->bad;
    if (patterns->bad)
        return;
    if (!ph_entry_make_room(reader, patterns, neurons->count)) {
        patterns->bad = true;
        return;
    }
    patterns->axis = neurons->axis;
    for (size_t i = 0; i < neurons->count; i++) {
        /* Twelve digits first, so that no last bit decides. */
        const double exact = ph_round12(factor * log(neurons->values[i]) / log(base));
        const double rounded = floor(exact + 0.5);
        patterns->values[i] = rounded < 1.0 ? 1.0 : rounded;
        if (rounded > PH_MAX_PATTERNS && !patterns->bad) {
            ph_reader_fail(reader, patterns->node,
                           "network.patterns: the law gives %.0f patterns for %.0f neurons, "
                           "expected at most %d",
                           rounded, neurons->values[i], PH_MAX_PATTERNS);
            patterns->bad = true;
        }
    }
}
