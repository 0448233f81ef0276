/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "params/grid_private.h"
#include "params/inset.h"

enum { LIST_SIZE = 512 };

/* ", dilution, noise": the axes of the grid as it is given. */
static void list_axes(const ph_entries_t *self, char list[LIST_SIZE])
{
    size_t used = 0;
    list[0] = '\0';
    for (int i = 0; i < PH_KEY_COUNT && used < LIST_SIZE; i++)
        if (self->of[i].axis)
            used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s, ",
                                     ph_schema((ph_key_t)i)->name);
}

/* A name of something to draw along, or to draw lines by: of a key that may be an axis (also of one
 * that is none here: overrides come and go), or "pattern". */
static void check_name(ph_entries_t *self, ph_key_t key, ph_reader_t *reader)
{
    const char *names[PH_KEY_COUNT + 1], *text = self->of[key].text;
    char list[LIST_SIZE], quote[PH_QUOTE_SIZE], hint[64] = "";
    size_t count = 0;
    const ph_key_t found = text != NULL ? ph_schema_find(text) : PH_KEY_COUNT;
    if (self->of[key].bad || text == NULL || text[0] == '\0' || strcmp(text, "pattern") == 0 ||
        (found != PH_KEY_COUNT && ph_schema(found)->axis))
        return;
    for (int i = 0; i < PH_KEY_COUNT; i++)
        if (ph_schema((ph_key_t)i)->axis)
            names[count++] = ph_schema((ph_key_t)i)->name;
    names[count++] = "pattern";
    const char *nearest = ph_nearest(text, count, names);
    if (nearest != NULL)
        snprintf(hint, sizeof(hint), " (did you mean %s?)", nearest);
    list_axes(self, list);
    ph_reader_fail(reader, self->of[key].node,
                   "%s: %s is no axis%s, expected one of this grid's axes (%spattern)",
                   ph_schema_path(key), ph_node_quote(self->of[key].node, quote), hint, list);
    self->of[key].bad = true;
}

void ph_entries_take_shape(ph_entries_t *self, const ph_table_t *table, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[PH_KEY_FIGURE_SHAPE];
    if (entry->node != NULL || table->shape[0] == 0 || !ph_entry_make_room(reader, entry, 2))
        return;
    for (size_t k = 0; k < 2; k++)
        entry->values[k] = (double)table->shape[k];
}

/* Two numbers, which make the neurons of some point. */
static void check_shape(ph_entries_t *self, ph_reader_t *reader)
{
    const ph_entry_t *neurons = &self->of[PH_KEY_NEURONS];
    ph_entry_t *shape = &self->of[PH_KEY_FIGURE_SHAPE];
    const double *sides = shape->values;
    if (shape->bad || shape->node == NULL || shape->count == 0 || neurons->bad)
        return;
    bool found = false;
    for (size_t i = 0; i < neurons->count && shape->count == 2; i++)
        found = found || neurons->values[i] == sides[0] * sides[1];
    if (!found)
        ph_reader_fail(reader, shape->node,
                       "figure.shape: expected rows and columns that make the %.0f neurons of a "
                       "point, such as shape: [20, 20] for 400",
                       neurons->values[0]);
    shape->bad = !found;
}

static void check_inset(ph_entries_t *self, ph_reader_t *reader)
{
    ph_entry_t *entry = &self->of[PH_KEY_FIGURE_INSET];
    ph_inset_part_t part;
    char quote[PH_QUOTE_SIZE];
    if (entry->bad || entry->text == NULL || entry->text[0] == '\0')
        return;
    const char *expected = ph_inset_read(&part, entry->text);
    if (expected != NULL)
        ph_reader_fail(reader, entry->node, "figure.inset: %s: %s",
                       ph_node_quote(entry->node, quote), expected);
    entry->bad = expected != NULL;
}

void ph_grid_tell_figure(const ph_grid_t *grid, ph_reader_t *reader)
{
    const ph_figure_rule_t *rule = &grid->figure;
    const bool quantity = (rule->draw >> PH_FIGURE_QUANTITY & 1U) != 0 || rule->x[0] != '\0' ||
                          rule->y[0] != '\0' || rule->by[0] != '\0';
    if (!reader->inside && !quantity && (rule->fit || rule->compare != 0))
        ph_note(reader->report,
                "%s: figure.%s has no effect: it is of the figure of a quantity, for which x, y or "
                "by asks, such as figure: { y: magnetization, %s }",
                reader->name, rule->fit ? "fit" : "compare",
                rule->fit ? "fit: true" : "compare: mean_field");
    if (!reader->inside && !quantity && rule->draw == 0 && rule->inset[0] != '\0')
        ph_note(reader->report,
                "%s: figure.inset has no effect: it is of a figure that draw, x, y or by asks for, "
                "such as figure: { draw: diagram, inset: \"%s\" }",
                reader->name, rule->inset);
}

void ph_entries_check_figure(ph_entries_t *self, ph_reader_t *reader)
{
    check_name(self, PH_KEY_FIGURE_X, reader);
    check_name(self, PH_KEY_FIGURE_BY, reader);
    check_shape(self, reader);
    check_inset(self, reader);
}
