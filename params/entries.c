/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/entries_private.h"

#include <stdlib.h>
#include <string.h>

void ph_entries_take(ph_entries_t *self, ph_key_t which, const ph_node_t *key,
                     const ph_node_t *value, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[which];
    if (entry->key != NULL) {
        ph_reader_fail_repeated(reader, key, entry->key);
        entry->bad = true;
        return;
    }
    entry->key = key;
    entry->node = value;
}

bool ph_entry_make_room(ph_reader_t *reader, ph_entry_t *entry, size_t count)
{
    free(entry->values);
    free(entry->places);
    entry->values = calloc(count, sizeof(*entry->values));
    entry->places = calloc(count, sizeof(*entry->places));
    if (entry->values == NULL || entry->places == NULL) {
        ph_reader_fail_memory(reader);
        return false;
    }
    entry->count = count;
    for (size_t i = 0; i < count; i++)
        entry->places[i] = i;
    return true;
}

size_t ph_entry_patterns(const ph_entry_t *entry)
{
    return entry->pattern > 0 ? entry->others_count : entry->count;
}

double ph_entry_value(const ph_entry_t *entry, size_t i, size_t pattern)
{
    if (entry->pattern == 0)
        return entry->values[entry->each ? pattern : i];
    return pattern + 1 == entry->pattern ? entry->values[i] : entry->others[pattern];
}

void ph_entries_free(ph_entries_t *self)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        free(self->of[i].values);
        free(self->of[i].places);
        free(self->of[i].others);
    }
    ph_given_free(&self->given);
    ph_labelled_free(&self->data);
    memset(self, 0, sizeof(*self));
}
