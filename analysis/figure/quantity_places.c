/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the numbers of a figure of one quantity stand in the grid, and what they are called. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/figure/axis.h"
#include "analysis/figure/quantity_private.h"
#include "analysis/figure/thresholds_private.h"

/* Puts value `i` of a place into an index, or makes it the pattern. */
static void put(const ph_slice_place_t *place, size_t i, size_t *index, size_t *pattern)
{
    if (place->axis == PH_SLICE_PATTERN)
        *pattern = i;
    else if (place->axis != PH_SLICE_NONE)
        index[place->axis] = i;
}

size_t ph_curves_find(const ph_quantity_curves_t *self, size_t panel, size_t series, size_t i,
                      size_t *pattern)
{
    const ph_figure_t *figure = self->figure;
    const ph_slice_t *slice = self->slice;
    size_t index[PH_MAX_AXES];
    memcpy(index, figure->index, sizeof(index));
    *pattern = slice->pattern_panels ? panel : 0;
    for (size_t k = 0; k < slice->panel_axes_count; k++) {
        const size_t size = figure->grid->axes[slice->panel_axes[k]].size;
        index[slice->panel_axes[k]] = panel % size;
        panel /= size;
    }
    put(&slice->by, self->of[series], index, pattern);
    put(&slice->x, i, index, pattern);
    return ph_figure_point(figure->grid, index);
}

void ph_curves_limits(const ph_quantity_curves_t *self, FILE *script)
{
    const ph_slice_place_t *x = &self->slice->x;
    const bool over_examples =
        x->axis < PH_MAX_AXES && ph_figure_has_thresholds(self->figure->grid) &&
        self->figure->grid->axes[x->axis].coordinates[x->coordinate].key == PH_KEY_EXAMPLES;
    bool any = false;
    fputs("array limits[panels * series]\n", script);
    for (size_t panel = 0; panel < self->panels; panel++)
        for (size_t s = 0; s < self->series; s++) {
            size_t mu;
            const size_t point = ph_curves_find(self, panel, s, 0, &mu);
            const double limit = self->places[point * self->patterns + mu].limit;
            const bool there = over_examples && isfinite(limit) && limit > 0.0;
            fprintf(script, "limits[%zu] = %.6g\n", panel * self->series + s + 1,
                    there ? limit : 0.0);
            any = any || there;
        }
    fprintf(script, "limited = %d\n", any);
}

void ph_curves_panel_title(const ph_quantity_curves_t *self, size_t panel,
                           char text[PH_FIGURE_TEXT])
{
    const ph_slice_t *slice = self->slice;
    const ph_axis_t *axes = self->figure->grid->axes;
    size_t used = 0, keys = 0;
    text[0] = '\0';
    if (slice->pattern_panels && self->panels > 1)
        snprintf(text, PH_FIGURE_TEXT, "%s %zu", ph_view_word(PH_VIEW_PATTERNS), panel + 1);
    for (size_t k = 0; k < slice->panel_axes_count; k++)
        keys += axes[slice->panel_axes[k]].coordinates_count;
    for (size_t k = 0; k < slice->panel_axes_count; k++) {
        const ph_axis_t *axis = &axes[slice->panel_axes[k]];
        for (size_t c = 0; c < axis->coordinates_count && used < PH_FIGURE_TEXT; c++) {
            char value[128];
            ph_label_value(&axis->coordinates[c], panel % axis->size, value, sizeof(value));
            const char *letter = keys > 2 ? strchr(value, '{') : NULL;
            used += (size_t)snprintf(text + used, PH_FIGURE_TEXT - used, "%s%s",
                                     used > 0 ? ", " : "", letter != NULL ? letter : value);
        }
        panel /= axis->size;
    }
}

void ph_curves_series_title(const ph_quantity_curves_t *self, size_t series,
                            char text[PH_FIGURE_TEXT])
{
    const ph_slice_place_t *by = &self->slice->by;
    if (by->axis == PH_SLICE_NONE)
        snprintf(text, PH_FIGURE_TEXT, "simulation");
    else if (by->axis == PH_SLICE_PATTERN)
        snprintf(text, PH_FIGURE_TEXT, "%s %zu", ph_view_word(PH_VIEW_PATTERNS),
                 self->of[series] + 1);
    else
        ph_label_value(&self->figure->grid->axes[by->axis].coordinates[by->coordinate],
                       self->of[series], text, PH_FIGURE_TEXT);
}
