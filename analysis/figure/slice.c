/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/slice.h"

#include <stdio.h>
#include <string.h>

#include "analysis/figure/layout.h"
#include "base/nearest.h"
#include "params/theories.h"

enum { LIST_SIZE = 512 };

static const char PATTERN[] = "pattern";

static bool is_given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* Adds a name to a list with commas, as far as there is room. */
static void add_name(char list[LIST_SIZE], const char *name)
{
    const size_t used = strlen(list);
    snprintf(list + used, LIST_SIZE - used, "%s%s", used > 0 ? ", " : "", name);
}

/* What of the grid, and of the quantity, can be drawn along. */
static void list_places(const ph_selection_t *selection, const ph_quantity_t *quantity,
                        char list[LIST_SIZE])
{
    const ph_grid_t *grid = selection->grid;
    list[0] = '\0';
    for (size_t a = 0; a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++)
            if (selection->index[a] == PH_SELECTION_ALL)
                add_name(list, ph_schema(grid->axes[a].coordinates[c].key)->name);
    if (quantity->of == PH_QUANTITY_OF_PATTERN && grid->patterns_max > 1)
        add_name(list, PATTERN);
    if (list[0] == '\0')
        snprintf(list, LIST_SIZE, "nothing");
}

static int find_place(ph_slice_place_t *self, const char *what, const char *name,
                      const ph_selection_t *selection, const ph_quantity_t *quantity,
                      ph_report_t *report)
{
    const ph_grid_t *grid = selection->grid;
    const ph_key_t key = ph_schema_find(name);
    char list[LIST_SIZE];
    if (strcmp(name, PATTERN) == 0 && quantity->of == PH_QUANTITY_OF_PATTERN &&
        grid->patterns_max > 1) {
        *self = (ph_slice_place_t){PH_SLICE_PATTERN, 0};
        return PH_OK;
    }
    for (size_t a = 0; key != PH_KEY_COUNT && a < grid->axes_count; a++)
        for (size_t c = 0; c < grid->axes[a].coordinates_count; c++)
            if (grid->axes[a].coordinates[c].key == key &&
                selection->index[a] == PH_SELECTION_ALL) {
                *self = (ph_slice_place_t){a, c};
                return PH_OK;
            }
    list_places(selection, quantity, list);
    return ph_fail(report, PH_ERR_INPUT, "%s %s: %s can be drawn %s %s", what, name, list,
                   strcmp(what, "x") == 0 ? "along" : "lines by", "here");
}

static int find_quantity(ph_slice_t *self, const ph_figure_request_t *request, ph_report_t *report)
{
    const bool asked = is_given(request->quantity);
    const char *name = asked                                           ? request->quantity
                       : is_given(request->x) || is_given(request->by) ? "magnetization"
                                                                       : NULL;
    char list[LIST_SIZE] = "";
    self->quantity = name != NULL ? ph_quantity_named(name) : NULL;
    if (self->quantity != NULL && self->quantity->of != PH_QUANTITY_OF_WELL)
        return PH_OK;
    for (size_t i = 0; ph_quantity(i) != NULL; i++)
        if (ph_quantity(i)->of != PH_QUANTITY_OF_WELL)
            add_name(list, ph_quantity(i)->name);
    return ph_fail(report, PH_ERR_INPUT, "figure 'quantity': --y %s: expected of %s",
                   name != NULL ? name : "is missing", list);
}

static bool is_used(const ph_slice_t *self, size_t axis)
{
    return self->x.axis == axis || self->by.axis == axis;
}

/* The best open axis that is not used yet; PH_SLICE_NONE if there is none. */
static size_t next_axis(const ph_slice_t *self, const size_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_used(self, order[i]))
            return order[i];
    return PH_SLICE_NONE;
}

static int find_places(ph_slice_t *self, const ph_selection_t *selection,
                       const ph_figure_request_t *request, ph_report_t *report)
{
    size_t order[PH_MAX_AXES];
    const size_t count = ph_figure_order(selection, order);
    int status = PH_OK;
    self->x = self->by = (ph_slice_place_t){PH_SLICE_NONE, 0};
    if (is_given(request->by))
        status = find_place(&self->by, "by", request->by, selection, self->quantity, report);
    if (status == PH_OK && is_given(request->x))
        status = find_place(&self->x, "x", request->x, selection, self->quantity, report);
    else if (status == PH_OK)
        self->x.axis = next_axis(self, order, count);
    if (status != PH_OK)
        return status;
    if (self->x.axis == PH_SLICE_NONE)
        return ph_figure_check(selection, order, 0, report);
    if (self->x.axis == self->by.axis)
        return ph_fail(report, PH_ERR_INPUT, "x %s: lines are by it already", request->x);
    if (!is_given(request->by))
        self->by.axis = next_axis(self, order, count);
    return PH_OK;
}

/* What is left after x and by: panels, while there is room, then figures of their own. */
static void share_rest(ph_slice_t *self, const ph_selection_t *selection)
{
    const ph_grid_t *grid = selection->grid;
    size_t order[PH_MAX_AXES], panels = 1;
    const size_t count = ph_figure_order(selection, order);
    self->pattern_panels =
        self->quantity->of == PH_QUANTITY_OF_PATTERN && !is_used(self, PH_SLICE_PATTERN);
    self->axes_count = 2;
    self->panel_axes_count = 0;
    for (size_t i = count; i-- > 0;) {
        const size_t size = grid->axes[order[i]].size;
        if (is_used(self, order[i]))
            continue;
        if (!self->pattern_panels && panels * size <= PH_FIGURE_PANELS) {
            panels *= size;
            self->panel_axes[self->panel_axes_count++] = order[i];
        } else {
            self->axes[self->axes_count++] = order[i];
        }
    }
}

/* Whether the axis along x may be logarithmic. */
static int check_scale(const ph_slice_t *self, const ph_grid_t *grid,
                       const ph_figure_request_t *request, ph_report_t *report)
{
    const bool along_x =
        request->scale == PH_FIGURE_SCALE_LOG || request->scale == PH_FIGURE_SCALE_LOGLOG;
    if (!along_x || self->x.axis == PH_SLICE_PATTERN)
        return PH_OK;
    const ph_coordinate_t *x = &grid->axes[self->x.axis].coordinates[self->x.coordinate];
    bool above = ph_schema(x->key)->type != PH_TYPE_WORD;
    for (size_t i = 0; i < grid->axes[self->x.axis].size; i++)
        above = above && x->values[i] > 0.0;
    return above ? PH_OK
                 : ph_fail(report, PH_ERR_INPUT,
                           "scale %s: along %s not all values are above 0; expected linear or logy",
                           PH_FIGURE_SCALE_WORDS.words[request->scale], ph_schema(x->key)->name);
}

/* Which theories have a line of a quantity: flow and signal to noise say what magnetizations are,
 * and the flow what is recalled; the others are of all quantities that are averages. */
static unsigned theories_of(const ph_quantity_t *quantity)
{
    const unsigned all = 1U << PH_THEORY_MEAN_FIELD | 1U << PH_THEORY_EXACT;
    const unsigned flow = 1U << PH_THEORY_FLOW, step = 1U << PH_THEORY_SIGNAL_TO_NOISE;
    if (quantity->made == PH_QUANTITY_RETRIEVED)
        return 1U << PH_THEORY_MEAN_FIELD | flow;
    if (quantity->made == PH_QUANTITY_RECALLED || quantity->made == PH_QUANTITY_RECALL_OVERLAP)
        return flow;
    if ((quantity->needs & PH_NEEDS_RECALL) != 0)
        return 0;
    return strcmp(quantity->name, "magnetization") == 0 ? all | flow | step : all;
}

static int check_theories(const ph_slice_t *self, const ph_figure_request_t *request,
                          ph_report_t *report)
{
    const unsigned known = theories_of(self->quantity);
    char list[LIST_SIZE] = "";
    for (size_t k = 0; k < PH_THEORY_WORDS.count; k++)
        if ((known >> k & 1U) != 0)
            add_name(list, PH_THEORY_WORDS.words[k]);
    for (size_t k = 0; k < PH_THEORY_WORDS.count; k++)
        if ((request->compare & ~known) >> k & 1U)
            return ph_fail(report, PH_ERR_INPUT, "compare: %s has no line of %s, expected %s%s",
                           PH_THEORY_WORDS.words[k], self->quantity->name,
                           known != 0 ? "of " : "none", list);
    return PH_OK;
}

int ph_slice_resolve(ph_slice_t *self, const ph_selection_t *selection,
                     const ph_figure_request_t *request, ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    int status = find_quantity(self, request, report);
    if (status == PH_OK && !ph_quantity_recorded(self->quantity, selection->grid))
        status = ph_fail(report, PH_ERR_INPUT, "--y %s: the run has not recorded it, expected %s",
                         self->quantity->name,
                         (self->quantity->needs & PH_NEEDS_LOSS) != 0
                             ? "record: { loss: true }"
                             : "record: { recall: { threshold: 0.9 } }");
    if (status == PH_OK)
        status = find_places(self, selection, request, report);
    if (status == PH_OK)
        status = check_scale(self, selection->grid, request, report);
    if (status == PH_OK)
        status = check_theories(self, request, report);
    if (status != PH_OK)
        return status;
    share_rest(self, selection);
    return ph_figure_check(selection, self->axes, self->axes_count, report);
}

size_t ph_slice_size(const ph_slice_place_t *place, const ph_grid_t *grid, size_t patterns)
{
    return place->axis == PH_SLICE_NONE      ? 1
           : place->axis == PH_SLICE_PATTERN ? patterns
                                             : grid->axes[place->axis].size;
}

/* The last part of a key's name: words of files have no folders or dots in them. */
static const char *leaf(const char *name)
{
    const ph_key_t key = ph_schema_find(name);
    return key != PH_KEY_COUNT ? ph_schema(key)->name : name;
}

void ph_slice_word(const ph_figure_request_t *request, char text[PH_FIGURE_WORD])
{
    const bool x = is_given(request->x), by = is_given(request->by);
    snprintf(text, PH_FIGURE_WORD, "%s%s%s%s%s",
             is_given(request->quantity) ? request->quantity : "magnetization", x ? "-" : "",
             x ? leaf(request->x) : "", by ? "-" : "", by ? leaf(request->by) : "");
}
