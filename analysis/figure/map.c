/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure/figure_private.h"

static void write_cell(FILE *file, const ph_figure_axis_t *x, size_t i, const ph_figure_axis_t *y,
                       size_t j, double value)
{
    fprintf(file, "%.12g %.12g %.12g %.12g %.12g %.12g ", ph_figure_place(x, i),
            ph_figure_place(y, j), ph_figure_edge(x, i), ph_figure_edge(x, i + 1),
            ph_figure_edge(y, j), ph_figure_edge(y, j + 1));
    if (isnan(value))
        fputs("NaN\n", file);
    else
        fprintf(file, "%.10g\n", value);
}

static void write_data(FILE *file, const ph_figure_t *self, const ph_figure_data_t *data,
                       double *low, double *high)
{
    const ph_figure_axis_t x = ph_figure_axis(self->grid, self->x);
    const ph_figure_axis_t y = ph_figure_axis(self->grid, self->y);
    size_t index[PH_MAX_AXES];
    memcpy(index, self->index, sizeof(index));
    for (size_t mu = 0; mu < self->patterns; mu++) {
        fprintf(file, "# %s %zu: %s %s, cell edges x_low x_high y_low y_high, %s\n",
                ph_view_word(data->view), mu + 1, ph_schema(x.coordinate->key)->name,
                ph_schema(y.coordinate->key)->name,
                self->absolute[mu] ? "magnetization_absolute" : "magnetization");
        for (size_t i = 0; i < x.size; i++)
            for (size_t j = 0; j < y.size; j++) {
                index[self->x] = i;
                index[self->y] = j;
                const double value =
                    data->mean[self->absolute[mu]]
                              [ph_figure_point(self->grid, index) * data->patterns + mu];
                write_cell(file, &x, i, &y, j, value);
                *low = isnan(value) ? *low : fmin(*low, value);
                *high = isnan(value) ? *high : fmax(*high, value);
            }
        fputs("\n\n", file);
    }
}

static int write_script(FILE *script, const ph_figure_t *self, double low, double high,
                        ph_report_t *report)
{
    const ph_figure_axis_t x = ph_figure_axis(self->grid, self->x);
    const ph_figure_axis_t y = ph_figure_axis(self->grid, self->y);
    ph_script_head(script, self, "map");
    ph_script_axis(script, "x", &x, 0.0);
    ph_script_axis(script, "y", &y, 0.0);
    ph_script_values(script, self, "value_label");
    /* Whole tenths; magnetizations that scatter about zero count as zero. */
    low = low > -0.05 ? 0.0 : floor(10.0 * low) / 10.0;
    high = fmax(ceil(10.0 * high - 1e-9) / 10.0, low + 0.1);
    fprintf(script, "value_min = %.6g\nvalue_max = %.6g\n", low, high);
    fprintf(script, "lines_index = %lld\nlines_count = %d\n",
            self->lines ? (long long)self->lines_index : 0LL, self->lines ? 6 : 0);
    if (self->lines)
        ph_script_name(script, "lines_data", self, "diagram", ".dat");
    else /* gnuplot looks at name and index even where the loop over the lines is empty */
        fputs("lines_data = data\n", script);
    int status = ph_script_template(script, self, "style.gp", report);
    return status == PH_OK ? ph_script_template(script, self, "map.gp", report) : status;
}

int ph_figure_map(const ph_figure_t *self, const ph_figure_data_t *data, char **script,
                  ph_report_t *report)
{
    char *path = NULL;
    double low = 0.0, high = 0.0;
    int status = PH_ERR_IO;
    FILE *file = ph_figure_open(self, "map", "dat", &path, report);
    if (file == NULL)
        goto out;
    write_data(file, self, data, &low, &high);
    status = ph_figure_close(file, path, PH_OK, report);
    if (status != PH_OK)
        goto out;
    file = ph_figure_open(self, "map", "gp", script, report);
    if (file == NULL) {
        status = PH_ERR_IO;
        goto out;
    }
    status = write_script(file, self, low, high, report);
    status = ph_figure_close(file, *script, status, report);
out:
    free(path);
    return status;
}
