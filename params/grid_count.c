/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/machine.h"
#include "params/grid_private.h"

/* Bytes a value of an axis needs until the grid is read: itself, its place, both sorted, and the
 * list in the canonical text, which grows by doubling. */
enum { VALUE_BYTES = 72 };

/* What says how many values a range has, if it is a number. */
static double steps_of(const ph_node_t *map)
{
    bool negative = false;
    uint64_t steps = 0;
    for (size_t i = 0; i + 1 < map->count; i += 2) {
        const ph_node_t *name = map->children[i], *value = map->children[i + 1];
        if (name->kind == PH_NODE_SCALAR && strcmp(name->text, "steps") == 0 &&
            value->kind == PH_NODE_SCALAR &&
            ph_read_integer(value->text, PH_MAX_POINTS, &negative, &steps) == PH_NUMBER_OK &&
            !negative && steps > 0)
            return (double)steps;
    }
    return 1.0; /* no range, or a wrong one, which is said where its values are read */
}

/* Of { each: [...] } how many values the pattern has whose value is a list or a range. */
static double each_of(const ph_node_t *map)
{
    double length = 1.0;
    for (size_t i = 0; i + 1 < map->count; i += 2) {
        const ph_node_t *name = map->children[i], *list = map->children[i + 1];
        if (name->kind != PH_NODE_SCALAR || strcmp(name->text, "each") != 0 ||
            list->kind != PH_NODE_LIST)
            continue;
        for (size_t mu = 0; mu < list->count; mu++) {
            const ph_node_t *value = list->children[mu];
            length = fmax(length, value->kind == PH_NODE_LIST  ? (double)value->count
                                  : value->kind == PH_NODE_MAP ? steps_of(value)
                                                               : 1.0);
        }
    }
    return length;
}

double ph_entries_length(const ph_entries_t *self, ph_key_t key)
{
    const ph_node_t *node = self->of[key].node;
    const ph_schema_t *row = ph_schema(key);
    if (node == NULL || !row->axis || node->kind == PH_NODE_SCALAR)
        return 1.0;
    if (node->kind == PH_NODE_MAP)
        return fmax(steps_of(node), each_of(node));
    return node->count > 0 ? (double)node->count : 1.0;
}

/* The first key of a group stands for all of them. */
static void bind_group(const ph_node_t *group, double lengths[PH_KEY_COUNT])
{
    ph_key_t first = PH_KEY_COUNT;
    for (size_t i = 0; group->kind == PH_NODE_LIST && i < group->count; i++) {
        const ph_node_t *name = group->children[i];
        const ph_key_t key =
            name->kind == PH_NODE_SCALAR ? ph_schema_find(name->text) : PH_KEY_COUNT;
        if (key == PH_KEY_COUNT || key == first)
            continue;
        if (first == PH_KEY_COUNT)
            first = key;
        else
            lengths[key] = 1.0;
    }
}

static void list_axes(const double lengths[PH_KEY_COUNT], ph_text_t *text)
{
    for (int i = 0; i < PH_KEY_COUNT; i++)
        if (lengths[i] > 1.0)
            ph_text_add(text, "%s%s %.0f", text->length > 0 ? " x " : "",
                        ph_schema((ph_key_t)i)->name, lengths[i]);
}

bool ph_entries_count(const ph_entries_t *self, ph_reader_t *reader)
{
    double lengths[PH_KEY_COUNT], points = 1.0, values = 0.0;
    const size_t before = reader->errors;
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        lengths[i] = ph_entries_length(self, (ph_key_t)i);
        values += lengths[i];
    }
    for (size_t i = 0; self->zip_node != NULL && self->zip_node->kind == PH_NODE_LIST &&
                       i < self->zip_node->count;
         i++)
        bind_group(self->zip_node->children[i], lengths);
    for (int i = 0; i < PH_KEY_COUNT; i++)
        points *= lengths[i];
    ph_text_t axes = {.text = NULL};
    list_axes(lengths, &axes);
    if (points > PH_MAX_POINTS)
        ph_reader_fail(reader, NULL,
                       "the axes make %.0f points (%s), expected at most %d; shorten an axis or "
                       "zip two",
                       points, axes.text != NULL ? axes.text : "", PH_MAX_POINTS);
    else
        ph_reader_check_memory(
            reader, points * (double)sizeof(ph_point_t) + values * (double)VALUE_BYTES, points);
    free(axes.text);
    return reader->errors == before;
}

void ph_reader_check_memory(ph_reader_t *self, double bytes, double points)
{
    enum { SMALL = 64 << 20 }; /* what the machine allows is not looked up for every little grid */
    if (bytes <= SMALL)
        return;
    const ph_limit_t limit = ph_machine_memory();
    if (bytes <= (double)limit.value)
        return;
    self->errors++;
    self->status =
        ph_fail(self->report, PH_ERR_LIMIT,
                "%s: %.0f points need about %.3g GB of memory to be listed and %.3g GB "
                "are allowed (%s), expected fewer points or patterns",
                self->name, points, bytes * 1e-9, (double)limit.value * 1e-9, limit.source);
}
