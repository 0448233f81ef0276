/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "params/grid_private.h"

bool ph_observable_recorded(ph_observable_id_t id, const ph_grid_t *grid)
{
    const int key = ph_observable_key(id);
    switch (key) {
    case PH_KEY_COUNT:
        return true;
    case PH_KEY_OBSERVABLES:
        return (grid->observables >> id & 1U) != 0;
    case PH_KEY_SAMPLER:
        return grid->relaxation;
    case PH_KEY_LADDER:
        return grid->rungs > 0;
    case PH_KEY_START_TARGETS:
        return grid->aims;
    default:
        return ph_key_value(ph_schema((ph_key_t)key), grid) != 0.0;
    }
}

/* Whether some chains are to recall the pattern nearest to their cue. */
static bool asked_to_aim(const ph_entries_t *self)
{
    const ph_entry_t *start = &self->of[PH_KEY_START];
    for (size_t i = 0; i < start->count; i++)
        if (ph_start_uses((ph_start_id_t)start->values[i], PH_KEY_START_TARGETS))
            return self->of[PH_KEY_RECALL_THRESHOLD].values[0] > 0.0 &&
                   self->of[PH_KEY_START_TARGETS].count == 0;
    return false;
}

/* Whether the key that an observable belongs to has it recorded. */
static bool asked_by_key(const ph_entries_t *self, ph_key_t key)
{
    const ph_entry_t *entry = &self->of[key];
    if (key == PH_KEY_START_TARGETS)
        return asked_to_aim(self);
    if (key == PH_KEY_LADDER)
        return entry->count > 0;
    for (size_t i = 0; key == PH_KEY_SAMPLER && i < entry->count; i++) {
        const ph_sampler_id_t sampler = (ph_sampler_id_t)entry->values[i];
        if (!ph_sampler_is_auto(sampler) && ph_sampler_has(sampler, PH_TRAIT_FREEZES))
            return true;
    }
    return key != PH_KEY_SAMPLER && entry->values[0] != 0.0;
}

/* A word of record.observables is the same request as the key that its observable belongs to. */
static void give_to_key(ph_entries_t *self, ph_key_t key, const ph_node_t *word,
                        ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[key];
    if (entry->bad)
        return;
    if (ph_schema(key)->type == PH_TYPE_FLAG) {
        if (entry->values[0] == 0.0)
            entry->node = word; /* what messages point to */
        entry->values[0] = 1.0;
    } else if (!asked_by_key(self, key)) {
        ph_reader_fail(reader, word,
                       "%s: %s, of which %s leaves nothing to record, expected it with %s",
                       ph_schema_path(PH_KEY_OBSERVABLES), word->text, ph_schema_path(key),
                       key == PH_KEY_SAMPLER         ? "a sampler that freezes, such as descent"
                       : key == PH_KEY_LADDER        ? "a ladder"
                       : key == PH_KEY_START_TARGETS ? "start file without targets, and recall"
                                                     : "a number above 0");
    }
}

/* The word of the set that stands for an observable; NULL if none does. */
static const ph_node_t *word_of(const ph_node_t *set, const char *name)
{
    const size_t count = set->kind == PH_NODE_LIST ? set->count : 1;
    for (size_t i = 0; i < count; i++) {
        const ph_node_t *word = set->kind == PH_NODE_LIST ? set->children[i] : set;
        if (strcmp(word->text, name) == 0)
            return word;
    }
    return NULL;
}

void ph_entries_share_observables(ph_entries_t *self, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[PH_KEY_OBSERVABLES];
    unsigned own = 0;
    for (int id = 0; id < ph_observables_count() && !entry->bad && entry->node != NULL; id++) {
        const ph_observable_id_t observable = (ph_observable_id_t)id;
        const ph_node_t *word = word_of(entry->node, ph_observable_name(observable));
        const int key = ph_observable_key(observable);
        if (word != NULL && key == PH_KEY_OBSERVABLES)
            own |= 1U << id;
        else if (word != NULL && key != PH_KEY_COUNT)
            give_to_key(self, (ph_key_t)key, word, reader);
    }
    if (!entry->bad)
        entry->values[0] = own;
}
