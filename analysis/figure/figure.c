/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/figure/figure_private.h"
#include "base/floating.h"
#include "sim/model/starts.h"

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
        if (a == self->x || a == self->y || grid->axes[a].size == 1)
            continue;
        ph_coordinate_text(coordinate, self->index[a], value, sizeof(value));
        snprintf(item, sizeof(item), "%s = %s", name, value);
        add_text(fixed, ", ", item);
        snprintf(item, sizeof(item), "-%s-%s", name, value);
        if (selection->index[a] == PH_SELECTION_ALL)
            strncat(self->suffix, item, sizeof(self->suffix) - strlen(self->suffix) - 1);
    }
    self->title[0] = '\0';
    add_text(self->title, "", grid->title);
    if (fixed[0] != '\0')
        add_text(self->title, "; ", fixed);
}

int ph_figures_keep(ph_figures_t *self, char *script)
{
    char **grown = realloc(self->scripts, (self->count + 1) * sizeof(*grown));
    if (grown == NULL)
        return PH_ERR_MEMORY;
    self->scripts = grown;
    self->scripts[self->count++] = script;
    return PH_OK;
}

static int write_figure(ph_figures_t *self, const ph_figure_t *figure, const ph_figure_data_t *data,
                        ph_report_t *report)
{
    int (*const kinds[])(const ph_figure_t *, const ph_figure_data_t *, char **,
                         ph_report_t *) = {ph_figure_curves, ph_figure_map};
    const size_t count = figure->y == PH_NO_AXIS ? 1 : 2;
    int status = PH_OK;
    for (size_t k = 0; k < count && status == PH_OK; k++) {
        char *script = NULL;
        status = kinds[k](figure, data, &script, report);
        if (status == PH_OK)
            status = ph_figures_keep(self, script);
        if (status != PH_OK)
            free(script);
    }
    return status;
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

static bool inside(const ph_figure_t *figure, size_t point)
{
    size_t index[PH_MAX_AXES] = {0};
    bool inside = true;
    ph_grid_unravel(figure->grid, point, index);
    for (size_t a = 0; a < figure->grid->axes_count; a++)
        inside = inside && (a == figure->x || a == figure->y || index[a] == figure->index[a]);
    return inside;
}

/*
 * Whether the mean of a magnetization says nothing of its size: there is one, clear of what N spins
 * have by chance, and chains of both signs cancel. Where the start holds the sign, little must be
 * left, and so little that its error (where it is known) does not reach the theory: samples in
 * which a pattern about to be retrieved has either sign are no reason.
 */
static bool sign_lost(const ph_figure_data_t *data, size_t point, size_t mu)
{
    const ph_point_t *where = &data->grid->points[point];
    const size_t i = point * data->patterns + mu;
    const double size = data->mean[1][i], theory = data->theory[1][i];
    const double value = isnan(theory) ? size : theory, left = fabs(data->mean[0][i]);
    if (!(value > 2.0 / sqrt((double)where->neurons) && size > 0.5 * value))
        return false;
    if (ph_start_symmetry(where, mu) == PH_SYMMETRY_FREE)
        return left < 0.98 * size;
    return left < 0.2 * size && !(value - left <= PH_COMPARE_ERRORS * data->error[0][i]);
}

void ph_figure_choose(ph_figure_t *self, const ph_figure_data_t *data)
{
    const ph_grid_t *grid = self->grid;
    size_t most = 1;
    memset(self->absolute, 0, sizeof(self->absolute));
    for (size_t p = 0; p < grid->points_count; p++) {
        const size_t patterns = (size_t)grid->points[p].patterns;
        if (!inside(self, p))
            continue;
        most = patterns > most ? patterns : most;
        for (size_t mu = 0; mu < patterns && mu < PH_FIGURE_PATTERNS; mu++)
            self->absolute[mu] = self->absolute[mu] || sign_lost(data, p, mu);
    }
    self->patterns = most < PH_FIGURE_PATTERNS ? most : PH_FIGURE_PATTERNS;
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

int ph_figures_check(const ph_selection_t *selection, ph_report_t *report)
{
    size_t axes[PH_MAX_AXES];
    return ph_figure_check(selection, axes, ph_figure_order(selection, axes), report);
}

int ph_figures_write(ph_figures_t *self, ph_runfile_t *run, const ph_comparison_t *comparison,
                     const ph_theory_t *theory, const ph_selection_t *selection,
                     const ph_figure_request_t *request, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = run->base.grid;
    ph_figure_t figure = {.grid = grid, .request = request};
    ph_figure_data_t data = {0};
    size_t axes[PH_MAX_AXES];
    const size_t count = ph_figure_order(selection, axes);
    memset(self, 0, sizeof(*self));
    int status = ph_figure_check(selection, axes, count, report);
    if (status != PH_OK)
        return status;
    figure.x = axes[0];
    figure.y = count > 1 ? axes[1] : PH_NO_AXIS;
    if (grid->patterns_max > PH_FIGURE_PATTERNS)
        ph_note(report, "patterns 1 to %d of %lld are drawn", PH_FIGURE_PATTERNS,
                (long long)grid->patterns_max);
    for (size_t a = 0; a < grid->axes_count; a++)
        figure.index[a] = selection->index[a] == PH_SELECTION_ALL ? 0 : (size_t)selection->index[a];
    status = ph_figure_data_read(&data, run, request->view, report);
    if (status == PH_OK)
        status =
            ph_figure_data_theory(&data, comparison, theory, figure.x, request->threads, report);
    if (status == PH_OK && data.empty > 0)
        ph_note(report, "%zu of %zu points have no records yet and are left out", data.empty,
                grid->points_count);
    if (status == PH_OK)
        do {
            ph_figure_choose(&figure, &data);
            ph_figure_name(&figure, selection);
            status = write_figure(self, &figure, &data, report);
        } while (status == PH_OK && ph_figure_next(&figure, axes, count));
    ph_figure_data_free(&data);
    return status;
}

void ph_figures_free(ph_figures_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->scripts[i]);
    free(self->scripts);
    memset(self, 0, sizeof(*self));
}
