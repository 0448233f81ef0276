/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure_private.h"

/* What is drawn: which values of the second axis, and how far the data reach. */
typedef struct {
    size_t panels, value[PH_FIGURE_PANELS];
    double low, high;
} panels_t;

static panels_t choose_panels(const ph_figure_t *self)
{
    panels_t panels = {1, {0}, 0.0, 0.0};
    if (self->y == PH_NO_AXIS)
        return panels;
    const size_t size = self->grid->axes[self->y].size;
    panels.panels = size < PH_FIGURE_PANELS ? size : PH_FIGURE_PANELS;
    for (size_t i = 0; i < panels.panels; i++)
        panels.value[i] = panels.panels == 1
                              ? 0
                              : (i * (size - 1) + (panels.panels - 1) / 2) / (panels.panels - 1);
    return panels;
}

static void widen(panels_t *panels, double value)
{
    if (!isnan(value)) {
        panels->low = fmin(panels->low, value);
        panels->high = fmax(panels->high, value);
    }
}

static void write_row(FILE *file, double x, double value, const double *error)
{
    if (isnan(value))
        fprintf(file, "%.12g NaN", x);
    else
        fprintf(file, "%.12g %.10g", x, value);
    if (error != NULL)
        fprintf(file, isnan(*error) ? " 0" : " %.4g", *error);
    fputc('\n', file);
}

static void write_simulation(FILE *file, panels_t *panels, const ph_figure_t *self,
                             const ph_figure_data_t *data, size_t *index, size_t mu)
{
    const ph_figure_axis_t x = ph_figure_axis(self->grid, self->x);
    for (size_t i = 0; i < x.size; i++) {
        index[self->x] = i;
        const size_t at = ph_figure_point(self->grid, index) * data->patterns + mu;
        const double error = isnan(data->error[at]) ? 0.0 : data->error[at];
        write_row(file, ph_figure_place(&x, i), data->mean[at], &data->error[at]);
        widen(panels, data->mean[at] + error);
        widen(panels, data->mean[at] - error);
    }
}

static void write_theory(FILE *file, panels_t *panels, const ph_figure_t *self,
                         const ph_figure_data_t *data, size_t *index, size_t mu)
{
    const ph_grid_t *grid = data->fine != NULL ? data->fine : self->grid;
    const ph_figure_axis_t x = ph_figure_axis(grid, self->x);
    for (size_t i = 0; i < x.size; i++) {
        index[self->x] = i;
        const size_t point = ph_figure_point(grid, index);
        double value = (double)NAN;
        if (data->fine == NULL)
            value = data->theory[point * data->patterns + mu];
        else if (ph_theory_converged(&data->fine_theory, point) &&
                 mu < (size_t)grid->points[point].patterns)
            value = ph_theory_values(&data->fine_theory, "magnetization", point)[mu];
        write_row(file, ph_figure_place(&x, i), value, NULL);
        widen(panels, value);
    }
}

static void write_data(FILE *file, panels_t *panels, const ph_figure_t *self,
                       const ph_figure_data_t *data)
{
    const char *x = ph_schema(self->grid->axes[self->x].coordinates[0].key)->name;
    size_t index[PH_MAX_AXES];
    char panel[128] = "";
    memcpy(index, self->index, sizeof(index));
    for (size_t i = 0; i < panels->panels; i++) {
        if (self->y != PH_NO_AXIS) {
            const ph_coordinate_t *coordinate = &self->grid->axes[self->y].coordinates[0];
            char value[64];
            index[self->y] = panels->value[i];
            ph_coordinate_text(coordinate, panels->value[i], value, sizeof(value));
            snprintf(panel, sizeof(panel), "%s=%s, ", ph_schema(coordinate->key)->name, value);
        }
        for (size_t mu = 0; mu < self->patterns; mu++) {
            fprintf(file, "# %spattern %zu, simulation: %s magnetization error\n", panel, mu + 1,
                    x);
            write_simulation(file, panels, self, data, index, mu);
            fprintf(file, "\n\n# %spattern %zu, theory: %s magnetization\n", panel, mu + 1, x);
            write_theory(file, panels, self, data, index, mu);
            fputs("\n\n", file);
        }
    }
}

static int write_script(FILE *script, const panels_t *panels, const ph_figure_t *self,
                        const ph_figure_data_t *data, ph_report_t *report)
{
    const ph_figure_axis_t x = ph_figure_axis(self->grid, self->x);
    const double room = 0.04 * (panels->high > panels->low ? panels->high - panels->low : 1.0);
    char text[PH_FIGURE_TEXT] = "", name[64];
    ph_script_head(script, self, "curves");
    fprintf(script, "theory = %d\npanels = %zu\narray panel_titles[panels]\n", data->any_theory,
            panels->panels);
    for (size_t i = 0; i < panels->panels; i++) {
        if (self->y != PH_NO_AXIS)
            ph_label_value(&self->grid->axes[self->y].coordinates[0], panels->value[i], text,
                           sizeof(text));
        snprintf(name, sizeof(name), "panel_titles[%zu]", i + 1);
        ph_script_text(script, name, text);
    }
    ph_script_axis(script, "x", &x, 0.03);
    ph_script_text(script, "y_label", "magnetization {/:Italic m}");
    fprintf(script, "y_min = %.6g\ny_max = %.6g\n", panels->low - room, panels->high + room);
    int status = ph_script_template(script, self, "style.gp", report);
    return status == PH_OK ? ph_script_template(script, self, "curves.gp", report) : status;
}

int ph_figure_curves(const ph_figure_t *self, const ph_figure_data_t *data, char **script,
                     ph_report_t *report)
{
    char *path = NULL;
    panels_t panels = choose_panels(self);
    int status = PH_OK;
    FILE *file = ph_figure_open(self, "curves", "dat", &path, report);
    if (file == NULL) {
        status = PH_ERR_IO;
        goto out;
    }
    write_data(file, &panels, self, data);
    status = ph_figure_close(file, path, report);
    if (status != PH_OK)
        goto out;
    file = ph_figure_open(self, "curves", "gp", script, report);
    if (file == NULL) {
        status = PH_ERR_IO;
        goto out;
    }
    status = write_script(file, &panels, self, data, report);
    const int closed = ph_figure_close(file, *script, report);
    status = status == PH_OK ? closed : status;
    if (self->y != PH_NO_AXIS && panels.panels < self->grid->axes[self->y].size)
        ph_note(report, "%s: %zu of %zu values of %s are drawn; the map has them all", *script,
                panels.panels, self->grid->axes[self->y].size,
                ph_schema(self->grid->axes[self->y].coordinates[0].key)->name);
out:
    free(path);
    return status;
}
