/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A second size of a grid: paper: { network.neurons: 100000, ... }, keys that are set where it is
 * asked for by --set paper=true. It is no part of the grid that follows. */
#include <string.h>

#include "params/grid_private.h"

void ph_entries_ask_paper(ph_entries_t *self, const ph_node_t *value, ph_reader_t *reader)
{
    char quote[PH_QUOTE_SIZE];
    const char *text = value->kind == PH_NODE_SCALAR ? value->text : "";
    self->paper = strcmp(text, "true") == 0;
    if (self->paper_set != NULL)
        ph_reader_fail(reader, value,
                       "paper is set twice, expected it once (study's --paper is --set "
                       "paper=true)");
    else if (!self->paper && strcmp(text, "false") != 0)
        ph_reader_fail(reader, value,
                       "paper: %s, expected true for the size that the grid's paper: { ... } "
                       "says, or false",
                       value->kind == PH_NODE_SCALAR ? ph_node_quote(value, quote)
                                                     : "a list or map");
    self->paper_set = value;
}

/* The keys of the other size in place of the grid's. */
static void take_all(ph_entries_t *self, const ph_node_t *size, ph_reader_t *reader)
{
    bool named[PH_KEY_COUNT + 1] = {false};
    for (size_t i = 0; i + 1 < size->count; i += 2) {
        const ph_node_t *key = size->children[i];
        if (key->kind == PH_NODE_SCALAR && strcmp(key->text, PH_PAPER) != 0)
            ph_entries_override(self, key->text, size->children[i + 1], named, reader);
        else
            ph_reader_fail(reader, key,
                           "paper: no name of a key, expected such as network.neurons");
    }
}

/* A size that is not asked for: its keys, and each of their values for itself. Longer lists and
 * ranges take time and memory that the grid at hand has no use for. */
static void look_at_all(const ph_node_t *size, ph_reader_t *reader)
{
    enum { LENGTH_MAX = 100000 };
    ph_entries_t unused;
    memset(&unused, 0, sizeof(unused));
    take_all(&unused, size, reader);
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_key_t key = (ph_key_t)i;
        ph_entry_t *entry = &unused.of[i];
        if (entry->node != NULL && !(key == PH_KEY_PATTERNS && ph_node_is_law(entry->node)) &&
            ph_entries_length(&unused, key) <= LENGTH_MAX)
            ph_entry_read(reader, key, entry);
    }
    ph_entries_free(&unused);
}

void ph_entries_take_paper(ph_entries_t *self, ph_reader_t *reader)
{
    const ph_node_t *size = self->paper_node;
    if (size == NULL && self->paper) {
        ph_reader_fail(reader, NULL,
                       "the grid has no other size, expected paper: { network.neurons: 100000 } "
                       "or such in it, or no paper=true");
    } else if (size != NULL && size->kind != PH_NODE_MAP) {
        ph_reader_fail(reader, size,
                       "paper: is no map, expected keys by their full or last name and what they "
                       "are for a paper, such as { network.neurons: 100000, samples: 16 }");
    } else if (size != NULL && self->paper) {
        take_all(self, size, reader);
    } else if (size != NULL) {
        look_at_all(size, reader);
    }
}
