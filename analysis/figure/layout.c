/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/layout.h"

#include <stdio.h>
#include <string.h>

static bool words(const ph_grid_t *grid, size_t axis)
{
    return ph_schema(grid->axes[axis].coordinates[0].key)->type == PH_TYPE_WORD;
}

/* Whether axis a is the better one to draw along: numbers before words, then the longer one. */
static bool before(const ph_grid_t *grid, size_t a, size_t b)
{
    if (words(grid, a) != words(grid, b))
        return words(grid, b);
    return grid->axes[a].size > grid->axes[b].size;
}

bool ph_figure_is_tex(const ph_figure_t *self)
{
    return strcmp(self->request->formats, PH_FIGURE_TEX) == 0;
}

const char *ph_figure_tail(const ph_figure_t *self)
{
    return ph_figure_is_tex(self) ? "-" PH_FIGURE_TEX : "";
}

double ph_figure_print_size(const ph_figure_request_t *request)
{
    static const double TEXT = 7.5, LATEX = 8.0;
    return request->font_size > 0.0                       ? request->font_size
           : strcmp(request->formats, PH_FIGURE_TEX) == 0 ? LATEX
                                                          : TEXT;
}

double ph_figure_enlarged(const ph_figure_request_t *request)
{
    static const double USUAL = 10.5, PRINTED = 7.0;
    return request->width > 0.0       ? ph_figure_print_size(request) / PRINTED
           : request->font_size > 0.0 ? request->font_size / USUAL
                                      : 1.0;
}

bool ph_figure_narrow(const ph_figure_request_t *request)
{
    const double two = 145.0;
    return request->width > 0.0 && request->width < two;
}

size_t ph_figure_columns(const ph_figure_request_t *request, size_t panels)
{
    const size_t usual = panels < 4 ? panels : panels == 4 ? 2 : 3;
    /* Millimetres of a panel with its share of the margins; where they are many they are small. */
    const double least = panels < 4 ? 49.0 : panels <= 6 ? 41.0 : 28.0;
    const size_t fit = (size_t)(request->width / least);
    return request->width == 0.0 || fit > usual ? usual : fit > 0 ? fit : 1;
}

double ph_figure_panel(const ph_figure_request_t *request, size_t panels, double margins,
                       double usual)
{
    enum { UNITS = 140 };
    return request->width == 0.0 ? usual
                                 : (request->width / 25.4 * UNITS - margins) /
                                       (double)ph_figure_columns(request, panels);
}

/* Open axes, best first; returns how many. */
size_t ph_figure_order(const ph_selection_t *selection, size_t *axes)
{
    const ph_grid_t *grid = selection->grid;
    size_t count = 0;
    for (size_t a = 0; a < grid->axes_count; a++) {
        if (selection->index[a] != PH_SELECTION_ALL)
            continue;
        size_t at = count++;
        for (; at > 0 && before(grid, a, axes[at - 1]); at--)
            axes[at] = axes[at - 1];
        axes[at] = a;
    }
    return count;
}

static void add_text(char *text, const char *separator, const char *more)
{
    const size_t length = strlen(text);
    snprintf(text + length, PH_FIGURE_TEXT - length, "%s%s", length > 0 ? separator : "", more);
}

/* Values on axes that are not drawn: in the title all that were open to choice. */
void ph_figure_name(ph_figure_t *self, const ph_selection_t *selection)
{
    const ph_grid_t *grid = self->grid;
    char fixed[PH_FIGURE_TEXT] = "", value[64], item[128];
    self->suffix[0] = '\0';
    for (size_t a = 0; a < grid->axes_count; a++) {
        const ph_coordinate_t *coordinate = &grid->axes[a].coordinates[0];
        const char *name = ph_schema(coordinate->key)->name;
        if (a == self->x || a == self->y || self->inside[a] || grid->axes[a].size == 1)
            continue;
        ph_coordinate_text(coordinate, self->index[a], value, sizeof(value));
        snprintf(item, sizeof(item), "%s = %s", name, value);
        add_text(fixed, ", ", item);
        snprintf(item, sizeof(item), "-%s-%s", name, value);
        if (selection->index[a] == PH_SELECTION_ALL)
            strncat(self->suffix, item, sizeof(self->suffix) - strlen(self->suffix) - 1);
    }
    self->title[0] = '\0';
    const char *title = self->request != NULL ? self->request->title : NULL;
    add_text(self->title, "", title != NULL ? title : grid->title);
    if (fixed[0] != '\0')
        add_text(self->title, "; ", fixed);
}

int ph_figure_check(const ph_selection_t *selection, const size_t *axes, size_t count,
                    ph_report_t *report)
{
    size_t sets = 1;
    char open[PH_FIGURE_TEXT] = "";
    if (count == 0)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "no axis is left to draw along: the selection is one point; polyhebb export "
                       "--trajectory gives its records");
    for (size_t i = 2; i < count; i++) {
        const ph_axis_t *axis = &selection->grid->axes[axes[i]];
        sets *= axis->size;
        add_text(open, ", ", ph_schema(axis->coordinates[0].key)->name);
        if (sets > PH_FIGURE_SETS)
            return ph_fail(report, PH_ERR_UNSUPPORTED,
                           "more than %d sets of figures, one for every value of %s; choose some "
                           "by --point key=value,...",
                           PH_FIGURE_SETS, open);
    }
    return PH_OK;
}

/* Next combination of values on the axes that are not drawn; false after the last. */
bool ph_figure_next(ph_figure_t *figure, const size_t *axes, size_t count)
{
    for (size_t i = count; i > 2; i--) {
        const size_t a = axes[i - 1];
        if (++figure->index[a] < figure->grid->axes[a].size)
            return true;
        figure->index[a] = 0;
    }
    return false;
}
