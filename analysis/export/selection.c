/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/export/selection.h"
#include "base/floating.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_SIZE = 64, LIST_SIZE = 512 };

void ph_selection_init(ph_selection_t *self, const ph_grid_t *grid)
{
    self->grid = grid;
    memset(self->given, 0, sizeof(self->given));
    for (size_t a = 0; a < PH_MAX_AXES; a++)
        self->index[a] = a < grid->axes_count && grid->axes[a].size == 1 ? 0 : PH_SELECTION_ALL;
}

/* Adds ", item" to a list that ends in "..." where it is full. */
static void list_add(char *list, const char *item)
{
    const size_t length = strlen(list);
    if (length + strlen(item) + 8 < LIST_SIZE)
        snprintf(list + length, LIST_SIZE - length, "%s%s", length > 0 ? ", " : "", item);
    else if (length < 4 || strcmp(list + length - 3, "...") != 0)
        snprintf(list + length, LIST_SIZE - length, ", ...");
}

static const ph_coordinate_t *find_coordinate(const ph_grid_t *grid, ph_key_t key, size_t *axis)
{
    for (*axis = 0; *axis < grid->axes_count; (*axis)++)
        for (size_t c = 0; c < grid->axes[*axis].coordinates_count; c++)
            if (grid->axes[*axis].coordinates[c].key == key)
                return &grid->axes[*axis].coordinates[c];
    return NULL;
}

static int no_axis(const ph_grid_t *grid, const char *name, ph_report_t *report)
{
    char axes[LIST_SIZE] = "";
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++)
            list_add(axes, ph_schema(grid->axes[a].coordinates[c].key)->name);
    return ph_fail(report, PH_ERR_INPUT, "--point: '%s' is no axis of this grid; its axes: %s",
                   name, axes[0] != '\0' ? axes : "none");
}

static bool same_value(const ph_coordinate_t *coordinate, size_t i, const char *value)
{
    char text[VALUE_SIZE], *end;
    ph_coordinate_text(coordinate, i, text, sizeof(text));
    if (strcmp(text, value) == 0)
        return true;
    const double number = strtod(value, &end), here = coordinate->values[i];
    return ph_schema(coordinate->key)->type != PH_TYPE_WORD && end != value && *end == '\0' &&
           fabs(number - here) <= 1e-9 * fmax(fabs(number), fabs(here));
}

/* Whether place i of an axis has what was named before of the keys that vary together along it, but
 * of this one. */
static bool fits(const ph_selection_t *self, size_t axis, size_t i, ph_key_t but)
{
    const ph_axis_t *own = &self->grid->axes[axis];
    for (size_t c = 0; self->index[axis] != PH_SELECTION_ALL && c < own->coordinates_count; c++) {
        const ph_coordinate_t *coordinate = &own->coordinates[c];
        if (coordinate->key != but && self->given[coordinate->key] &&
            coordinate->values[i] != coordinate->values[self->index[axis]])
            return false;
    }
    return true;
}

/* Adds "(noise=0.1 neurons=200)", what place i of an axis has of each of its keys. */
static void list_place(const ph_axis_t *axis, size_t i, char *list)
{
    char text[VALUE_SIZE], place[LIST_SIZE] = "";
    size_t used = 0;
    for (size_t c = 0; c < axis->coordinates_count && used < sizeof(place); c++) {
        ph_coordinate_text(&axis->coordinates[c], i, text, sizeof(text));
        used += (size_t)snprintf(place + used, sizeof(place) - used, "%s%s=%s", c == 0 ? "(" : " ",
                                 ph_schema(axis->coordinates[c].key)->name, text);
    }
    if (used + 1 < sizeof(place))
        strcat(place, ")");
    list_add(list, place);
}

static int choose(ph_selection_t *self, const char *name, const char *value, ph_report_t *report)
{
    char values[LIST_SIZE] = "", places[LIST_SIZE] = "", text[VALUE_SIZE];
    const ph_key_t key = ph_schema_find(name);
    size_t axis = 0, same = 0, found = 0, at = 0;
    const ph_coordinate_t *coordinate =
        key < PH_KEY_COUNT ? find_coordinate(self->grid, key, &axis) : NULL;
    if (coordinate == NULL)
        return no_axis(self->grid, name, report);
    for (size_t i = 0; i < self->grid->axes[axis].size; i++) {
        ph_coordinate_text(coordinate, i, text, sizeof(text));
        list_add(values, text);
        if (!same_value(coordinate, i, value))
            continue;
        same++;
        list_place(&self->grid->axes[axis], i, places);
        if (fits(self, axis, i, key) && found++ == 0)
            at = i;
    }
    if (same == 0)
        return ph_fail(report, PH_ERR_INPUT, "--point: %s has no value '%s'; its values: %s", name,
                       value, values);
    if (self->given[key] && !same_value(coordinate, (size_t)self->index[axis], value))
        return ph_fail(report, PH_ERR_INPUT, "--point: %s=%s, but another value was named before",
                       name, value);
    if (found == 0)
        return ph_fail(report, PH_ERR_INPUT,
                       "--point: %s=%s is in this grid only at %s, none of which has what else was "
                       "chosen",
                       name, value, places);
    self->index[axis] = (int64_t)at;
    self->given[key] = true;
    return PH_OK;
}

/* That what was named of keys that vary together is had at one place. */
static int check_places(const ph_selection_t *self, ph_report_t *report)
{
    for (size_t a = 0; a < self->grid->axes_count; a++) {
        char places[LIST_SIZE] = "";
        size_t found = 0;
        for (size_t i = 0; i < self->grid->axes[a].size; i++)
            if (self->index[a] != PH_SELECTION_ALL && fits(self, a, i, PH_KEY_COUNT)) {
                list_place(&self->grid->axes[a], i, places);
                found++;
            }
        if (found > 1 && self->grid->axes[a].coordinates_count > 1)
            return ph_fail(report, PH_ERR_INPUT,
                           "--point: what was chosen is at each of %s in this grid: choose one of "
                           "them",
                           places);
    }
    return PH_OK;
}

static int add(ph_selection_t *self, const char *text, ph_report_t *report)
{
    int status = PH_OK;
    char *copy = strdup(text), *rest = copy;
    if (copy == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for --point");
    while (rest != NULL && status == PH_OK) {
        char *name = rest + strspn(rest, " ");
        rest = strchr(rest, ',');
        if (rest != NULL)
            *rest++ = '\0';
        char *value = strchr(name, '=');
        if (value == NULL) {
            status =
                ph_fail(report, PH_ERR_INPUT, "--point: '%s' is not of the form key=value", name);
            break;
        }
        *value++ = '\0';
        status = choose(self, name, value, report);
    }
    free(copy);
    return status;
}

int ph_selection_add(ph_selection_t *self, const char *text, ph_report_t *report)
{
    return ph_selection_add_all(self, &text, 1, report);
}

int ph_selection_add_all(ph_selection_t *self, const char *const *texts, size_t count,
                         ph_report_t *report)
{
    PH_FLOATING_GUARD();
    int status = PH_OK;
    for (size_t i = 0; i < count && status == PH_OK; i++)
        status = add(self, texts[i], report);
    return status == PH_OK ? check_places(self, report) : status;
}

void ph_selection_suffix(const ph_selection_t *self, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t a = 0; a < self->grid->axes_count && used < size; a++) {
        const ph_axis_t *axis = &self->grid->axes[a];
        char value[64];
        if (axis->size == 1 || self->index[a] == PH_SELECTION_ALL)
            continue;
        ph_coordinate_text(&axis->coordinates[0], (size_t)self->index[a], value, sizeof(value));
        used += (size_t)snprintf(text + used, size - used, "-%s-%s",
                                 ph_schema(axis->coordinates[0].key)->name, value);
    }
}

bool ph_selection_holds(const ph_selection_t *self, size_t point)
{
    size_t index[PH_MAX_AXES] = {0};
    ph_grid_unravel(self->grid, point, index);
    for (size_t a = 0; a < self->grid->axes_count; a++)
        if (self->index[a] != PH_SELECTION_ALL && self->index[a] != (int64_t)index[a])
            return false;
    return true;
}

int ph_selection_point(const ph_selection_t *self, bool disorder, size_t *point,
                       ph_report_t *report)
{
    const ph_grid_t *grid = self->grid;
    char open[LIST_SIZE] = "";
    size_t found = 0;
    bool several = false;
    for (size_t p = 0; p < grid->points_count; p++) {
        if (!ph_selection_holds(self, p))
            continue;
        if (found++ == 0)
            *point = p;
        else if (!disorder ||
                 !ph_digest_equal(grid->points[p].disorder, grid->points[*point].disorder))
            several = true;
    }
    for (size_t a = 0; a < grid->axes_count; a++)
        if (self->index[a] == PH_SELECTION_ALL)
            list_add(open, ph_schema(grid->axes[a].coordinates[0].key)->name);
    if (!several)
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT,
                   "%zu points are selected; choose one by --point key=value,... (open: %s)", found,
                   open);
}

int ph_selection_number(const char *name, int64_t value, int64_t count, ph_report_t *report)
{
    if (value >= 1 && value <= count)
        return PH_OK;
    return ph_fail(report, PH_ERR_INPUT, "--%s %" PRId64 ": this run has %ss 1 to %" PRId64, name,
                   value, name, count);
}
