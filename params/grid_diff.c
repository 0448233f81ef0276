/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "params/grid_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "params/grid_private.h"

enum { SHOWN_LENGTH = 80, SHOWN_VALUES = 8 };

/* Writes the values of `a` that `b` lacks, at most SHOWN_VALUES; returns how many there are. */
static size_t missing_values(const ph_coordinate_t *a, size_t size_a, const ph_coordinate_t *b,
                             size_t size_b, ph_text_t *text)
{
    size_t missing = 0, j = 0;
    char value[PH_NUMBER_SIZE];
    for (size_t i = 0; i < size_a; i++) { /* both ascend */
        while (j < size_b && b->values[j] < a->values[i])
            j++;
        if (j < size_b && b->values[j] == a->values[i])
            continue;
        if (missing++ < SHOWN_VALUES) {
            ph_value_text(a->key, a->values[i], value, sizeof(value));
            ph_text_add(text, "%s%s", missing > 1 ? ", " : "", value);
        }
    }
    if (missing > SHOWN_VALUES)
        ph_text_add(text, " and %zu more", missing - SHOWN_VALUES);
    return missing;
}

/* The first coordinate of an axis, which is sorted, or NULL. */
static const ph_coordinate_t *leading(const ph_grid_t *grid, ph_key_t key, size_t *size)
{
    for (size_t a = 0; a < grid->axes_count; a++)
        if (grid->axes[a].coordinates[0].key == key) {
            *size = grid->axes[a].size;
            return &grid->axes[a].coordinates[0];
        }
    return NULL;
}

/* Whether axes differ by their values alone: those of one pattern are beside the others' values. */
static bool alike(const ph_grid_t *a, const ph_coordinate_t *axis_a, const ph_grid_t *b,
                  const ph_coordinate_t *axis_b)
{
    const ph_schema_t *row = ph_schema(axis_a->key);
    const int64_t patterns = a->points[0].patterns;
    if (axis_a->pattern == 0 || axis_a->pattern != axis_b->pattern)
        return axis_a->pattern == axis_b->pattern;
    const double *each_a = ph_key_each(row, &a->points[0]);
    const double *each_b = ph_key_each(row, &b->points[0]);
    for (int64_t mu = 0; mu < patterns && patterns == b->points[0].patterns; mu++)
        if (mu + 1 != (int64_t)axis_a->pattern && each_a[mu] != each_b[mu])
            return false;
    return patterns == b->points[0].patterns;
}

static bool note_axis(const ph_coordinate_t *a, size_t size_a, const char *name_a,
                      const ph_coordinate_t *b, size_t size_b, const char *name_b,
                      ph_report_t *report)
{
    ph_text_t more = {.text = NULL}, less = {.text = NULL};
    const size_t only_a = missing_values(a, size_a, b, size_b, &more);
    const size_t only_b = missing_values(b, size_b, a, size_a, &less);
    const char *path = ph_schema_path(a->key);
    const char *text_a = more.text != NULL ? more.text : "";
    const char *text_b = less.text != NULL ? less.text : "";
    if (only_a > 0 && only_b > 0)
        ph_note(report, "%s: %s only in %s, %s only in %s", path, text_a, name_a, text_b, name_b);
    else if (only_a + only_b > 0)
        ph_note(report, "%s: %s only in %s", path, only_a > 0 ? text_a : text_b,
                only_a > 0 ? name_a : name_b);
    free(more.text);
    free(less.text);
    return only_a + only_b > 0;
}

/* Notes two texts if they differ, each cut to what can be read, where they begin to differ. */
static bool note_texts(const char *path, const ph_text_t *a, const char *name_a, const ph_text_t *b,
                       const char *name_b, ph_report_t *report)
{
    const char *text_a = a->text != NULL ? a->text : "", *text_b = b->text != NULL ? b->text : "";
    if (strcmp(text_a, text_b) == 0)
        return false;
    size_t same = 0;
    while (text_a[same] != '\0' && text_a[same] == text_b[same])
        same++;
    const size_t from = same < SHOWN_LENGTH ? 0 : same - SHOWN_LENGTH / 4;
    const char *before = from > 0 ? "..." : "";
    text_a += from;
    text_b += from;
    ph_note(report, "%s: %s%.*s%s in %s, %s%.*s%s in %s", path, before, SHOWN_LENGTH, text_a,
            strlen(text_a) > SHOWN_LENGTH ? "..." : "", name_a, before, SHOWN_LENGTH, text_b,
            strlen(text_b) > SHOWN_LENGTH ? "..." : "", name_b);
    return true;
}

size_t ph_grid_differences(const ph_grid_t *a, const char *name_a, const ph_grid_t *b,
                           const char *name_b, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    size_t differences = 0;
    for (int i = PH_KEY_FIRST; i <= PH_KEY_COUNT; i++) {
        const ph_key_t key = (ph_key_t)i;
        size_t size_a = 0, size_b = 0;
        const ph_coordinate_t *axis_a = leading(a, key, &size_a);
        const ph_coordinate_t *axis_b = leading(b, key, &size_b);
        if (axis_a != NULL && axis_b != NULL && alike(a, axis_a, b, axis_b)) {
            differences += note_axis(axis_a, size_a, name_a, axis_b, size_b, name_b, report);
            continue;
        }
        ph_text_t text_a = {.text = NULL}, text_b = {.text = NULL};
        if (i < PH_KEY_COUNT) {
            ph_grid_key_text(a, key, &text_a);
            ph_grid_key_text(b, key, &text_b);
        } else {
            ph_grid_zip_text(a, &text_a);
            ph_grid_zip_text(b, &text_b);
        }
        differences += note_texts(i < PH_KEY_COUNT ? ph_schema_path(key) : "zip", &text_a, name_a,
                                  &text_b, name_b, report);
        free(text_a.text);
        free(text_b.text);
    }
    return differences;
}

/* Whether a key is of the network, and so of its patterns and couplings. */
static bool of_network(ph_key_t key, const ph_point_t *a, const ph_point_t *b)
{
    const ph_schema_t *row = ph_schema(key);
    const bool learns = ph_rule_learns(a->rule) || ph_rule_learns(b->rule);
    return row->section != NULL && strcmp(row->section, "network") == 0 &&
           row->kept_by == PH_KEPT_BY_POINT && (row->role != PH_ROLE_LEARNING || learns);
}

/* The first pattern for which a key differs; -1: none. */
static int64_t first_difference(ph_key_t key, const ph_point_t *a, const ph_point_t *b)
{
    const ph_schema_t *row = ph_schema(key);
    const double *each_a = ph_key_each(row, a), *each_b = ph_key_each(row, b);
    const int64_t patterns = a->patterns < b->patterns ? a->patterns : b->patterns;
    if (row->member == PH_MEMBER_TEXT)
        return strcmp(ph_key_text(row, a), ph_key_text(row, b)) != 0 ? 0 : -1;
    if (row->member != PH_MEMBER_EACH)
        return ph_key_value(row, a) != ph_key_value(row, b) ? 0 : -1;
    for (int64_t mu = 0; mu < patterns; mu++)
        if (each_a[mu] != each_b[mu])
            return mu;
    return -1;
}

/* A text by its digest, "none" where there is none. */
static void digest_text(const char *raw, char *text)
{
    if (raw[0] == '\0')
        snprintf(text, PH_DIGEST_TEXT_SIZE, "none");
    else
        ph_digest_text(ph_digest_bytes(raw, strlen(raw)), text);
}

size_t ph_point_network_differences(const ph_point_t *there, const ph_point_t *here, char *text,
                                    size_t size)
{
    size_t differences = 0, used = 0;
    text[0] = '\0';
    for (int i = 0; i < PH_KEY_COUNT; i++) {
        const ph_key_t key = (ph_key_t)i;
        const ph_schema_t *row = ph_schema(key);
        char value[2][PH_DIGEST_TEXT_SIZE];
        const int64_t mu = of_network(key, there, here) ? first_difference(key, there, here) : -1;
        if (mu < 0)
            continue;
        for (int k = 0; k < 2; k++) {
            const ph_point_t *point = k == 0 ? there : here;
            if (row->member == PH_MEMBER_TEXT) /* patterns that differ somewhere: which ones */
                digest_text(ph_key_text(row, point), value[k]);
            else
                ph_value_text(key,
                              row->member == PH_MEMBER_EACH ? ph_key_each(row, point)[mu]
                                                            : ph_key_value(row, point),
                              value[k], PH_NUMBER_SIZE);
        }
        if (used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s %s there and %s here",
                                     differences > 0 ? ", " : "", ph_schema_path(key), value[0],
                                     value[1]);
        differences++;
    }
    return differences;
}
