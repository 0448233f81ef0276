/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "params/grid_private.h"

/* "name: value" of a key at a point, as in the canonical text of a grid without axes. */
static void add_line(const ph_grid_t *grid, const ph_point_t *point, ph_key_t key, ph_text_t *text)
{
    ph_grid_t one = *grid;
    one.axes_count = 0;
    one.points_count = 1;
    ph_point_t known = *point; /* auto is what it stands for */
    known.sampler_asked = point->sampler;
    one.points = &known;
    ph_text_add(text, "%s: ", ph_schema(key)->name);
    ph_grid_key_text(&one, key, text);
    ph_text_add(text, "\n");
}

static void add_role(const ph_grid_t *grid, const ph_point_t *point, ph_role_t role,
                     ph_text_t *text)
{
    for (int i = 0; i < PH_KEY_COUNT; i++)
        if (ph_schema((ph_key_t)i)->role == role)
            add_line(grid, point, (ph_key_t)i, text);
}

/* Options, and keys of the start: only those it uses, and only where they are not what they are by
 * default, so that a key added here leaves the identities of older grids as they were. */
static void add_options(const ph_grid_t *grid, const ph_point_t *point, ph_text_t *text)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_schema_t *row = ph_schema((ph_key_t)i);
        char value[PH_NUMBER_SIZE];
        if (row->role != PH_ROLE_OPTION &&
            (row->role != PH_ROLE_START || !ph_start_uses(point->start, row->key)))
            continue;
        const ph_list_t *list = ph_point_list(point, row->key);
        ph_value_text(row->key, ph_point_value(point, row->key), value, sizeof(value));
        if (list != NULL ? list->count > 0
                         : row->type == PH_TYPE_TEXT || strcmp(value, row->fallback) != 0)
            add_line(grid, point, row->key, text);
    }
}

/* The three texts are each the beginning of the next. */
static void identify_point(const ph_grid_t *grid, ph_point_t *point, ph_text_t *text)
{
    text->length = 0;
    add_role(grid, point, PH_ROLE_DISORDER, text);
    if (!text->failed)
        point->disorder = ph_digest_bytes(text->text, text->length);
    if (point->rule != PH_RULE_STORAGE)
        add_role(grid, point, PH_ROLE_LEARNING, text);
    add_role(grid, point, PH_ROLE_LAW, text);
    add_options(grid, point, text);
    if (!text->failed)
        point->identity = ph_digest_bytes(text->text, text->length);
    add_role(grid, point, PH_ROLE_SEED, text);
    add_role(grid, point, PH_ROLE_RECORD, text);
    if (!text->failed)
        point->chain = ph_digest_bytes(text->text, text->length);
}

int ph_grid_identify(ph_grid_t *grid)
{
    ph_text_t text = {.text = NULL};
    for (size_t p = 0; p < grid->points_count && !text.failed; p++)
        identify_point(grid, &grid->points[p], &text);
    free(text.text);
    return text.failed ? PH_ERR_MEMORY : PH_OK;
}
