/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/map_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/script.h"

/* Pixels of a panel (plots/map.gp), alone or one of many, between them, and of the closest tics. */
enum { WIDE = 480, TALL = 400, BESIDE = 325, ABOVE = 265, BETWEEN = 25, CLOSEST = 5 };

static void write_cell(FILE *file, const ph_figure_axis_t *x, size_t i, const ph_figure_axis_t *y,
                       size_t j, double value, bool undecided)
{
    fprintf(file, "%.12g %.12g %.12g %.12g %.12g %.12g", ph_figure_place(x, i),
            ph_figure_place(y, j), ph_figure_edge(x, i), ph_figure_edge(x, i + 1),
            ph_figure_edge(y, j), ph_figure_edge(y, j + 1));
    ph_figure_number(file, 10, value);
    fprintf(file, " %d\n", undecided);
}

/* What both files are written from; the least and the largest value of each pattern. */
typedef struct {
    const ph_figure_t *figure;
    const ph_figure_data_t *data;
    double low[PH_FIGURE_PATTERNS], high[PH_FIGURE_PATTERNS];
    bool undecided; /* there are such cells */
    ph_inset_t inset;
} map_t;

/* The cells of a pattern, of the simulation or of its theory. */
static void write_block(map_t *map, size_t mu, bool theory, FILE *file)
{
    const ph_figure_t *self = map->figure;
    const ph_figure_data_t *data = map->data;
    const ph_figure_axis_t x = ph_figure_axis(self->grid, self->x);
    const ph_figure_axis_t y = ph_figure_axis(self->grid, self->y);
    const double *values = (theory ? data->theory : data->mean)[self->absolute[mu]];
    size_t index[PH_MAX_AXES];
    memcpy(index, self->index, sizeof(index));
    fprintf(file, "# %s %zu%s: %s %s, cell edges x_low x_high y_low y_high, %s undecided\n",
            ph_view_word(data->view), mu + 1, theory ? ", theory" : "",
            ph_schema(x.coordinate->key)->name, ph_schema(y.coordinate->key)->name,
            self->absolute[mu] ? "magnetization_absolute" : "magnetization");
    for (size_t i = 0; i < x.size; i++)
        for (size_t j = 0; j < y.size; j++) {
            index[self->x] = i;
            index[self->y] = j;
            const size_t at = ph_figure_point(self->grid, index) * data->patterns + mu;
            const double value = values[at];
            const bool undecided = !theory && !isnan(value) && data->undecided[at] > 0.0;
            write_cell(file, &x, i, &y, j, value, undecided);
            map->undecided = map->undecided || undecided;
            map->low[mu] = isnan(value) ? map->low[mu] : fmin(map->low[mu], value);
            map->high[mu] = isnan(value) ? map->high[mu] : fmax(map->high[mu], value);
        }
    fputs("\n\n", file);
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    map_t *map = context;
    (void)report;
    for (size_t mu = 0; mu < map->figure->patterns; mu++)
        write_block(map, mu, false, file);
    for (size_t mu = 0; mu < map->figure->patterns && map->data->any_theory; mu++)
        write_block(map, mu, true, file);
    return PH_OK;
}

/* The computed values are the tics of an axis, unless they are words or too close for tics. */
static void write_tics(FILE *script, const ph_figure_t *self, const char *letter,
                       const ph_figure_axis_t *axis, double pixels, ph_tics_t kind)
{
    if (!axis->words && (double)axis->size * CLOSEST <= pixels)
        ph_script_tics(script, self, letter, axis, pixels, kind);
    else
        fprintf(script, "%s_values = ''\n", letter);
}

/* Whole tenths; magnetizations that scatter about zero count as zero. */
static void write_scale(FILE *script, size_t mu, double low, double high)
{
    const double begin = low > -0.05 ? 0.0 : floor(10.0 * low) / 10.0;
    fprintf(script, "value_min[%zu] = %.6g; value_max[%zu] = %.6g\n", mu + 1, begin, mu + 1,
            fmax(ceil(10.0 * high - 1e-9) / 10.0, begin + 0.1));
}

/* What colours mean: of each pattern, or of all alike. */
static void write_scales(FILE *script, const map_t *map)
{
    const size_t patterns = map->figure->patterns;
    const bool own = map->figure->request->own_scale && patterns > 1;
    double low = 0.0, high = 0.0;
    for (size_t mu = 0; mu < patterns; mu++) {
        low = fmin(low, map->low[mu]);
        high = fmax(high, map->high[mu]);
    }
    fprintf(script, "own_scale = %d\narray value_min[patterns]\narray value_max[patterns]\n", own);
    for (size_t mu = 0; mu < patterns; mu++)
        write_scale(script, mu, own ? map->low[mu] : low, own ? map->high[mu] : high);
}

/* Whether each pattern and its theory stand side by side: where patterns do not. */
static bool in_pairs(const map_t *map)
{
    static const double LEAST = 80.0; /* millimetres of two panels */
    const ph_figure_request_t *request = map->figure->request;
    const size_t patterns = map->figure->patterns;
    if (!map->data->any_theory || ph_figure_columns(request, patterns) > 1)
        return false;
    return request->width == 0.0 ||
           (request->width >= LEAST && !(request->own_scale && patterns > 1));
}

static void write_script(void *context, FILE *script)
{
    const map_t *map = context;
    const ph_figure_t *self = map->figure;
    const ph_figure_axis_t x = ph_figure_axis(self->grid, self->x);
    const ph_figure_axis_t y = ph_figure_axis(self->grid, self->y);
    const bool theory = map->data->any_theory, pairs = in_pairs(map);
    const size_t across = pairs ? 1 : self->patterns;
    double wide = ph_figure_panel(self->request, across, 230.0,
                                  !pairs && self->patterns == 1 ? WIDE : BESIDE);
    if (pairs && self->request->width > 0.0)
        wide = wide / 2.0 - BETWEEN / 2.0;
    const double tall = self->patterns == 1 ? TALL : ABOVE;
    ph_script_axis(script, self, "x", &x, 0.0);
    ph_script_axis(script, self, "y", &y, 0.0);
    ph_inset_script(&map->inset, script);
    fprintf(script, "columns = %zu\ntheory = %d\npairs = %d\n",
            pairs ? 2 : ph_figure_columns(self->request, across), theory, pairs);
    write_tics(script, self, "x", &x, wide, PH_TICS_ACROSS);
    write_tics(script, self, "y", &y, self->request->width > 0.0 ? 0.6 * wide : tall,
               PH_TICS_UPWARDS);
    fprintf(script, "undecided = %d\n", map->undecided);
    ph_script_values(script, self, "value_label");
    write_scales(script, map);
    fprintf(script, "lines_index = %lld\nlines_count = %d\n",
            self->lines ? (long long)self->lines_index : 0LL, self->lines ? 6 : 0);
    if (self->lines)
        ph_script_name(script, "lines_data", self, "diagram", ".dat");
    else /* gnuplot looks at name and index even where the loop over the lines is empty */
        fputs("lines_data = data\n", script);
}

static ph_inset_span_t span_of(const ph_grid_t *grid, size_t axis)
{
    const ph_figure_axis_t shown = ph_figure_axis(grid, axis);
    return (ph_inset_span_t){ph_schema(shown.coordinate->key)->name, shown.minimum, shown.maximum,
                             shown.logarithmic, shown.words};
}

static int place_inset(map_t *map, ph_report_t *report)
{
    const ph_figure_t *self = map->figure;
    const ph_inset_span_t spans[2] = {span_of(self->grid, self->x), span_of(self->grid, self->y)};
    return ph_inset_settle(&map->inset, spans, report);
}

int ph_figure_map(const ph_figure_t *self, const ph_figure_data_t *data, ph_figures_t *drawn,
                  ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"map", "map.gp", write_data, write_script};
    map_t map = {.figure = self, .data = data, .inset.part = &self->request->inset};
    const int status = place_inset(&map, report);
    return status != PH_OK ? status : ph_figure_write(self, &FILES, &map, drawn, report);
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    ph_figure_t self = *layout;
    const ph_figure_data_t *data;
    int status = ph_figure_job_data(job, self.x, &data, report);
    if (status != PH_OK)
        return status;
    ph_figure_choose(&self, data);
    return ph_figure_map(&self, data, drawn, report);
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    int status = job->count < 2
                     ? ph_fail(report, PH_ERR_UNSUPPORTED,
                               "a map is drawn over two axes; this leaves %zu open", job->count)
                     : ph_figure_check(job->selection, job->axes, job->count, report);
    for (size_t k = 0; k < 2 && status == PH_OK; k++) {
        const ph_inset_span_t span = span_of(job->selection->grid, job->axes[k]);
        status = ph_inset_check(&job->request->inset, k, &span, report);
    }
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_MAP = {
    .word = "map",
    .help = "of a run: magnetizations over two axes, beside their theory",
    .of = PH_FIGURE_OF_RUN,
    .axes = 2,
    .inset = true,
    .compares = true,
    .check = check,
    .draw = draw,
};
