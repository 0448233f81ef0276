/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/occupation.h"
#include "analysis/estimate/quantities.h"
#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/script.h"

/*
 * One quantity along an axis: a panel a pattern (one of a quantity of the point), in each a series
 * a value of the second axis, so that curves of several sizes cross where they do.
 */
typedef struct {
    double value, error, exact, theory;
} place_t;

typedef struct {
    const ph_figure_t *figure;
    const ph_quantity_t *quantity;
    size_t panels, series, of[PH_FIGURE_PANELS]; /* of: values of the second axis */
    place_t *places;                             /* [points][panels] */
    double low, high;
    bool exact, theory, open;
} curves_t;

static void widen(curves_t *self, double value)
{
    if (!isnan(value)) {
        self->low = fmin(self->low, value);
        self->high = fmax(self->high, value);
    }
}

/* Point i along x of a series. */
static size_t point_of(const curves_t *self, size_t series, size_t i)
{
    const ph_figure_t *figure = self->figure;
    size_t index[PH_MAX_AXES];
    memcpy(index, figure->index, sizeof(index));
    index[figure->x] = i;
    if (figure->y != PH_NO_AXIS)
        index[figure->y] = self->of[series];
    return ph_figure_point(figure->grid, index);
}

/* Those of a point's quantities that are drawn. */
static void take(curves_t *self, size_t point, const ph_quantities_t *quantities)
{
    place_t *places = self->places + point * self->panels;
    size_t panel = 0;
    for (size_t i = 0; i < quantities->count && panel < self->panels; i++) {
        const ph_found_t *found = &quantities->found[i];
        if (found->quantity != self->quantity)
            continue;
        places[panel++] =
            (place_t){found->found.value, found->found.error, found->exact, found->theory};
        widen(self, found->found.value);
        widen(self, found->found.value + found->found.error);
        widen(self, found->found.value - found->found.error);
        widen(self, found->exact);
        widen(self, found->theory);
        self->exact = self->exact || !isnan(found->exact);
        self->theory = self->theory || !isnan(found->theory);
        self->open = self->open || (!isnan(found->found.value) && isnan(found->found.error));
    }
}

static int read_places(curves_t *self, ph_figure_job_t *job, ph_report_t *report)
{
    const ph_figure_t *figure = self->figure;
    const size_t size = figure->grid->axes[figure->x].size;
    const size_t count = figure->grid->points_count * self->panels;
    int status = PH_OK;
    self->places = malloc(count * sizeof(*self->places));
    if (self->places == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    for (size_t i = 0; i < count; i++)
        self->places[i] = (place_t){NAN, NAN, NAN, NAN};
    for (size_t s = 0; s < self->series; s++)
        for (size_t i = 0; i < size && status == PH_OK; i++) {
            const size_t point = point_of(self, s, i);
            ph_quantities_t quantities;
            status = ph_quantities_read(&quantities, job->source->run, point, &PH_COMPARE_WELLS,
                                        job->request->threads, report);
            if (status == PH_OK)
                take(self, point, &quantities);
            ph_quantities_free(&quantities);
        }
    if (status == PH_OK && self->low > self->high)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "%s is nowhere to be had here; 'polyhebb export --quantities' says why",
                       self->quantity->name);
    return status;
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    const curves_t *self = context;
    const ph_figure_axis_t x = ph_figure_axis(self->figure->grid, self->figure->x);
    (void)report;
    for (size_t panel = 0; panel < self->panels; panel++)
        for (size_t s = 0; s < self->series; s++) {
            fprintf(file, "# panel %zu, series %zu: %s %s error exact theory\n", panel + 1, s + 1,
                    ph_schema(x.coordinate->key)->name, self->quantity->name);
            for (size_t i = 0; i < x.size; i++) {
                const place_t *place = &self->places[point_of(self, s, i) * self->panels + panel];
                fprintf(file, "%.12g", ph_figure_place(&x, i));
                ph_figure_number(file, 10, place->value);
                ph_figure_number(file, 4, place->error);
                ph_figure_number(file, 10, place->exact);
                ph_figure_number(file, 10, place->theory);
                fputc('\n', file);
            }
            fputs("\n\n", file);
        }
    return PH_OK;
}

static void write_script(void *context, FILE *script)
{
    const curves_t *self = context;
    const ph_figure_t *figure = self->figure;
    const ph_figure_axis_t x = ph_figure_axis(figure->grid, figure->x);
    const double room = 0.04 * (self->high > self->low ? self->high - self->low : 1.0);
    char text[PH_FIGURE_TEXT], name[64];
    fprintf(script, "panels = %zu\nseries = %zu\nexact = %d\ntheory = %d\nopen = %d\n",
            self->panels, self->series, self->exact, self->theory, self->open);
    fputs("array panel_titles[panels]\narray series_titles[series]\n", script);
    for (size_t i = 0; i < self->panels; i++) {
        snprintf(text, sizeof(text), "%s %zu", ph_view_word(PH_VIEW_PATTERNS), i + 1);
        snprintf(name, sizeof(name), "panel_titles[%zu]", i + 1);
        ph_script_text(script, name, self->panels > 1 ? text : "");
    }
    for (size_t s = 0; s < self->series; s++) {
        text[0] = '\0';
        if (figure->y != PH_NO_AXIS)
            ph_label_value(&figure->grid->axes[figure->y].coordinates[0], self->of[s], text,
                           sizeof(text));
        snprintf(name, sizeof(name), "series_titles[%zu]", s + 1);
        ph_script_text(script, name, figure->y != PH_NO_AXIS ? text : "simulation");
    }
    ph_script_axis(script, "x", &x, 0.03);
    ph_script_text(script, "y_label", self->quantity->formula);
    fprintf(script, "y_min = %.6g\ny_max = %.6g\n", self->low - room, self->high + room);
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    const char *asked = job->request->quantity;
    const ph_quantity_t *quantity = asked != NULL ? ph_quantity_named(asked) : NULL;
    char list[512] = "";
    for (size_t i = 0, used = 0; ph_quantity(i) != NULL && used < sizeof(list); i++)
        if (ph_quantity(i)->of != PH_QUANTITY_OF_WELL)
            used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i > 0 ? ", " : "",
                                     ph_quantity(i)->name);
    if (quantity == NULL || quantity->of == PH_QUANTITY_OF_WELL)
        return ph_fail(report, PH_ERR_INPUT, "figure 'quantity': --y %s: expected of %s",
                       asked != NULL ? asked : "is missing", list);
    if (job->request->view != PH_VIEW_PATTERNS)
        return ph_fail(report, PH_ERR_INPUT,
                       "figure 'quantity' is of patterns by number, without --ordered");
    return ph_figure_check(job->selection, job->axes, job->count, report);
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    const ph_grid_t *grid = layout->grid;
    ph_figure_t figure = *layout;
    curves_t curves = {.figure = &figure,
                       .quantity = ph_quantity_named(job->request->quantity),
                       .panels = 1,
                       .series = 1,
                       .low = INFINITY,
                       .high = -INFINITY};
    const ph_figure_files_t files = {curves.quantity->name, "quantity.gp", write_data,
                                     write_script};
    const size_t patterns = (size_t)grid->patterns_max;
    if (curves.quantity->of == PH_QUANTITY_OF_PATTERN)
        curves.panels = patterns < PH_FIGURE_PANELS ? patterns : PH_FIGURE_PANELS;
    if (figure.y != PH_NO_AXIS) {
        const size_t size = grid->axes[figure.y].size;
        curves.series = size < PH_FIGURE_PANELS ? size : PH_FIGURE_PANELS;
        for (size_t s = 0; s < curves.series; s++)
            curves.of[s] = curves.series == 1 ? 0 : s * (size - 1) / (curves.series - 1);
    }
    figure.patterns = curves.panels;
    int status = read_places(&curves, job, report);
    if (status == PH_OK)
        status = ph_figure_write(&figure, &files, &curves, drawn, report);
    free(curves.places);
    return status;
}

static const char *file_word(const ph_figure_request_t *request)
{
    return request->quantity;
}

const ph_figure_kind_t PH_FIGURE_QUANTITY = {
    .word = "quantity",
    .help = "of a run: what --y names over an axis, exact sums, theory",
    .of = PH_FIGURE_OF_RUN,
    .axes = 1,
    .on_demand = true,
    .file_word = file_word,
    .check = check,
    .draw = draw,
};
