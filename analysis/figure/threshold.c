/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure/figure_private.h"
#include "base/floating.h"

/* What is drawn: values of the second axis, and how far the thresholds reach. */
typedef struct {
    const ph_theory_t *theory;
    size_t panels, value[PH_FIGURE_PANELS];
    double low, high;
} thresholds_t;

static double drawn(thresholds_t *self, const char *dataset, size_t point, size_t mu)
{
    const double value = ph_theory_values(self->theory, dataset, point)[mu];
    if (!(value > 0.0) || isinf(value)) /* never, or from the first example on */
        return (double)NAN;
    self->low = fmin(self->low, value);
    self->high = fmax(self->high, value);
    return value;
}

static void write_data(thresholds_t *self, const ph_figure_t *figure, FILE *file)
{
    const ph_figure_axis_t x = ph_figure_axis(figure->grid, figure->x);
    size_t index[PH_MAX_AXES];
    memcpy(index, figure->index, sizeof(index));
    for (size_t i = 0; i < self->panels; i++)
        for (size_t mu = 0; mu < figure->patterns; mu++) {
            if (figure->y != PH_NO_AXIS)
                index[figure->y] = self->value[i];
            fprintf(file, "# panel %zu, pattern %zu: %s relative absolute\n", i + 1, mu + 1,
                    ph_schema(x.coordinate->key)->name);
            for (size_t j = 0; j < x.size; j++) {
                index[figure->x] = j;
                const size_t point = ph_figure_point(figure->grid, index);
                const double row[] = {drawn(self, "threshold_relative", point, mu),
                                      drawn(self, "threshold_absolute", point, mu)};
                fprintf(file, "%.12g", ph_figure_place(&x, j));
                for (size_t c = 0; c < 2; c++)
                    isnan(row[c]) ? fputs(" NaN", file) : fprintf(file, " %.10g", row[c]);
                fputc('\n', file);
            }
            fputs("\n\n", file);
        }
}

static int write_script(const thresholds_t *self, const ph_figure_t *figure, FILE *script,
                        ph_report_t *report)
{
    const ph_figure_axis_t x = ph_figure_axis(figure->grid, figure->x);
    char text[PH_FIGURE_TEXT] = "", name[64];
    ph_script_head(script, figure, "thresholds");
    fprintf(script, "panels = %zu\narray panel_titles[panels]\n", self->panels);
    for (size_t i = 0; i < self->panels; i++) {
        if (figure->y != PH_NO_AXIS)
            ph_label_value(&figure->grid->axes[figure->y].coordinates[0], self->value[i], text,
                           sizeof(text));
        snprintf(name, sizeof(name), "panel_titles[%zu]", i + 1);
        ph_script_text(script, name, text);
    }
    ph_script_axis(script, "x", &x, 0.03);
    ph_script_text(script, "y_label", "examples needed {/:Italic M}");
    fprintf(script, "y_min = %.6g\ny_max = %.6g\n", self->low / 1.5, self->high * 1.5);
    int status = ph_script_template(script, figure, "style.gp", report);
    return status == PH_OK ? ph_script_template(script, figure, "thresholds.gp", report) : status;
}

static int write_files(thresholds_t *self, const ph_figure_t *figure, char **script,
                       ph_report_t *report)
{
    char *path = NULL;
    FILE *file = ph_figure_open(figure, "thresholds", "dat", &path, report);
    int status = file == NULL ? PH_ERR_IO : PH_OK;
    if (status == PH_OK) {
        write_data(self, figure, file);
        if (!(self->low <= self->high))
            status = ph_fail(report, PH_ERR_UNSUPPORTED,
                             "no number of examples is a threshold at any of these points");
        status = ph_figure_close(file, path, status, report);
    }
    free(path);
    if (status != PH_OK)
        return status;
    file = ph_figure_open(figure, "thresholds", "gp", script, report);
    if (file == NULL)
        return PH_ERR_IO;
    status = write_script(self, figure, file, report);
    return ph_figure_close(file, *script, status, report);
}

/* Whether there is a threshold, be it never, anywhere along x: not so in rule storage. */
static bool has_any(const ph_theory_t *theory, const ph_figure_t *figure, size_t value)
{
    size_t index[PH_MAX_AXES];
    memcpy(index, figure->index, sizeof(index));
    if (figure->y != PH_NO_AXIS)
        index[figure->y] = value;
    for (size_t j = 0; j < figure->grid->axes[figure->x].size; j++) {
        index[figure->x] = j;
        const size_t point = ph_figure_point(figure->grid, index);
        if (!isnan(ph_theory_values(theory, "threshold_relative", point)[0]) ||
            !isnan(ph_theory_values(theory, "threshold_absolute", point)[0]))
            return true;
    }
    return false;
}

static int choose_panels(thresholds_t *self, const ph_figure_t *figure, ph_report_t *report)
{
    const size_t size = figure->y == PH_NO_AXIS ? 1 : figure->grid->axes[figure->y].size;
    size_t count = 0, *value = malloc(size * sizeof(*value));
    if (value == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    for (size_t i = 0; i < size; i++)
        if (has_any(self->theory, figure, i))
            value[count++] = i;
    self->panels = count < PH_FIGURE_PANELS ? count : PH_FIGURE_PANELS;
    for (size_t i = 0; i < self->panels; i++)
        self->value[i] = value[self->panels == 1 ? 0 : i * (count - 1) / (self->panels - 1)];
    free(value);
    if (count == 0)
        return ph_fail(report, PH_ERR_UNSUPPORTED, "there is no threshold at any of these points");
    if (count < size)
        ph_note(report, "%zu of %zu panels are left out: there are no thresholds in rule storage",
                size - count, size);
    return PH_OK;
}

int ph_figures_thresholds(ph_figures_t *self, const ph_theory_t *theory,
                          const ph_selection_t *selection, const ph_figure_request_t *request,
                          ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = theory->grid;
    ph_figure_t figure = {.grid = grid, .request = request};
    thresholds_t found = {.theory = theory, .low = INFINITY, .high = 0.0};
    size_t axes[PH_MAX_AXES];
    const size_t count = ph_figure_order(selection, axes);
    memset(self, 0, sizeof(*self));
    if (ph_theory_values(theory, "threshold_relative", 0) == NULL)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "the theory holds no thresholds of learning: they are of kind "
                       "signal_to_noise, in grids with a learning rule; magnetizations are drawn "
                       "with their run, by polyhebb plot RUN THEORY");
    if (count < 1 || count > 2)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "thresholds are drawn over one or two axes, here %zu are open; choose by "
                       "--point key=value,...",
                       count);
    figure.x = axes[0];
    figure.y = count > 1 ? axes[1] : PH_NO_AXIS;
    if (ph_figure_axis(grid, figure.x).coordinate->key == PH_KEY_EXAMPLES)
        return ph_fail(
            report, PH_ERR_UNSUPPORTED,
            "thresholds are numbers of examples, so they cannot be drawn along "
            "'examples'; choose one of its values by --point examples=VALUE, and an axis "
            "such as dilution or quality to draw along");
    for (size_t a = 0; a < grid->axes_count; a++)
        figure.index[a] = selection->index[a] == PH_SELECTION_ALL ? 0 : (size_t)selection->index[a];
    figure.patterns =
        grid->patterns_max < PH_FIGURE_PATTERNS ? (size_t)grid->patterns_max : PH_FIGURE_PATTERNS;
    ph_figure_name(&figure, selection);
    int status = choose_panels(&found, &figure, report);
    if (status != PH_OK)
        return status;
    self->scripts = calloc(1, sizeof(*self->scripts));
    status = self->scripts == NULL ? ph_fail(report, PH_ERR_MEMORY, "no memory for a figure")
                                   : write_files(&found, &figure, &self->scripts[0], report);
    self->count = self->scripts != NULL && self->scripts[0] != NULL ? 1 : 0;
    return status;
}
