/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "params/grid_private.h"

/*
 * Identities are digests of the lines "name: value" of some keys, as in the canonical text of a
 * grid without axes. From one point to the next only few values change, so a line is made anew only
 * where its value did, and the digest of the lines before it is kept.
 */

/* The line of a key for the value that it was last made for. */
typedef struct {
    ph_text_t text;
    double value;       /* of a key with one value a point */
    const double *each; /* of a key with a value a pattern; points share them, but of the first
                           patterns have as many as they have patterns: that is the value then */
    bool made, fallback;
} line_t;

enum { ROLES_COUNT = PH_ROLE_THEORY + 1 };

/* The keys of one role, in the order of the schema. */
typedef struct {
    size_t count;
    ph_key_t keys[PH_KEY_COUNT];
} role_t;

/* Digests of the beginnings that points share: the disorder, and with the learning behind it. */
typedef struct {
    const ph_grid_t *grid;
    role_t roles[ROLES_COUNT];
    role_t options; /* and keys of the start */
    line_t lines[PH_KEY_COUNT];
    ph_digester_t *network, *point;
    ph_digest_t disorder;
    ph_rule_t rule;
    bool begun, failed;
} writer_t;

static void make_line(const ph_grid_t *grid, const ph_point_t *point, ph_key_t key, ph_text_t *text)
{
    ph_grid_t one = *grid;
    one.axes_count = 0;
    one.points_count = 1;
    ph_point_t here = *point;
    one.points = &here;
    text->length = 0;
    ph_grid_key_line(&one, key, "", text);
}

/* Whether a key of role PH_ROLE_OPTION or PH_ROLE_START is what it is by default. */
static bool is_fallback(const ph_point_t *point, ph_key_t key)
{
    const ph_schema_t *row = ph_schema(key);
    const ph_list_t *list = ph_key_list(row, point);
    char value[PH_NUMBER_SIZE];
    if (list != NULL)
        return list->count == 0;
    if (row->type == PH_TYPE_TEXT)
        return false;
    ph_value_text(key, ph_key_value(row, point), value, sizeof(value));
    return strcmp(value, row->fallback) == 0;
}

/* Brings a line up to a point; true if it has changed. */
static bool update_line(writer_t *self, const ph_point_t *point, ph_key_t key)
{
    line_t *line = &self->lines[key];
    const ph_schema_t *row = ph_schema(key);
    const ph_role_t role = row->role;
    const double *each = ph_key_each(row, point);
    const double value = each != NULL                       ? (double)point->patterns
                         : row->kept_by != PH_KEPT_BY_POINT ? 0.0
                                                            : ph_key_value(row, point);
    if (line->made && line->each == each && line->value == value)
        return false;
    make_line(self->grid, point, key, &line->text);
    self->failed = self->failed || line->text.failed;
    if (role == PH_ROLE_OPTION || role == PH_ROLE_START)
        line->fallback = is_fallback(point, key);
    line->value = value;
    line->each = each;
    line->made = true;
    return true;
}

static bool update_role(writer_t *self, const ph_point_t *point, ph_role_t role)
{
    bool changed = false;
    for (size_t i = 0; i < self->roles[role].count; i++)
        changed = update_line(self, point, self->roles[role].keys[i]) || changed;
    return changed;
}

static void add_line(writer_t *self, ph_digester_t *digester, ph_key_t key)
{
    const ph_text_t *text = &self->lines[key].text;
    if (!text->failed)
        ph_digester_add(digester, text->text, text->length);
}

static void add_role(writer_t *self, ph_digester_t *digester, ph_role_t role)
{
    for (size_t i = 0; i < self->roles[role].count; i++)
        add_line(self, digester, self->roles[role].keys[i]);
}

/* Options, and keys of the start: only those it uses, and only where they are not what they are by
 * default, so that a key added here leaves the identities of older grids as they were. */
static void add_options(writer_t *self, const ph_point_t *point)
{
    for (size_t i = 0; i < self->options.count; i++) {
        const ph_key_t key = self->options.keys[i];
        if (ph_schema(key)->role == PH_ROLE_START && !ph_start_uses(point->start, key))
            continue;
        update_line(self, point, key);
        if (!self->lines[key].fallback)
            add_line(self, self->point, key);
    }
}

/* What shapes patterns and examples comes first in every text. */
static void begin_point(writer_t *self, const ph_point_t *point)
{
    const bool learns = ph_rule_learns(point->rule);
    bool changed = !self->begun || self->rule != point->rule;
    changed = update_role(self, point, PH_ROLE_DISORDER) || changed;
    changed = (learns && update_role(self, point, PH_ROLE_LEARNING)) || changed;
    if (!changed)
        return;
    ph_digester_reset(self->network);
    add_role(self, self->network, PH_ROLE_DISORDER);
    self->disorder = ph_digester_result(self->network);
    if (learns)
        add_role(self, self->network, PH_ROLE_LEARNING);
    self->rule = point->rule;
    self->begun = true;
}

/* The three texts are each the beginning of the next. */
static void identify_point(writer_t *self, ph_point_t *point)
{
    ph_point_t known = *point; /* auto is what it stands for */
    known.sampler_asked = point->sampler;
    known.entropy = 0.0; /* the quality that was made of it is there */
    begin_point(self, &known);
    point->disorder = self->disorder;
    ph_digester_copy(self->point, self->network);
    update_role(self, &known, PH_ROLE_LAW);
    add_role(self, self->point, PH_ROLE_LAW);
    add_options(self, &known);
    point->identity = ph_digester_result(self->point);
    update_role(self, &known, PH_ROLE_SEED);
    add_role(self, self->point, PH_ROLE_SEED);
    update_role(self, &known, PH_ROLE_RECORD);
    add_role(self, self->point, PH_ROLE_RECORD);
    point->chain = ph_digester_result(self->point);
}

static void sort_keys(writer_t *self)
{
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_role_t role = ph_schema((ph_key_t)i)->role;
        role_t *own = &self->roles[role];
        own->keys[own->count++] = (ph_key_t)i;
        if (role == PH_ROLE_OPTION || role == PH_ROLE_START)
            self->options.keys[self->options.count++] = (ph_key_t)i;
    }
}

int ph_grid_identify(ph_grid_t *grid)
{
    writer_t writer = {.grid = grid};
    sort_keys(&writer);
    writer.network = ph_digester_new();
    writer.point = ph_digester_new();
    writer.failed = writer.network == NULL || writer.point == NULL;
    for (size_t p = 0; p < grid->points_count && !writer.failed; p++)
        identify_point(&writer, &grid->points[p]);
    ph_grid_identify_followers(grid);
    for (int i = 0; i < PH_KEY_COUNT; i++)
        free(writer.lines[i].text.text);
    ph_digester_free(writer.network);
    ph_digester_free(writer.point);
    return writer.failed ? PH_ERR_MEMORY : PH_OK;
}
