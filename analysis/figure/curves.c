/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/lone.h"
#include "analysis/figure/script.h"

/* Share of the range along x that is free on either side of the values. */
static const double FREE = 0.03;

/* Tics at most; pixels of a panel (plots/curves.gp), one or many. */
enum { TICS_MAX = 12, ALONE = 560, BESIDE = 330 };

/* A pattern's lines (plots/curves.gp). */
enum { LINE_THEORY, LINE_GAUSSIAN, LINE_SAMPLES, LINES };

/* What is drawn: which values of the second axis, and how far the data reach. */
typedef struct {
    size_t panels, value[PH_FIGURE_PANELS];
    double low, high;
    bool no_error, undecided; /* there are such estimates */
    bool lines[LINES];        /* ... and such lines */
    ph_inset_t inset;
    ph_lones_t lones;
} panels_t;

static panels_t choose_panels(const ph_figure_t *self)
{
    panels_t panels = {.panels = 1};
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

/* The next place of a line. */
static void see_line(panels_t *panels, ph_lone_way_t *way, double x, double y)
{
    const size_t line = way->last.line - 1;
    panels->lines[line] = panels->lines[line] || !isnan(y);
    ph_lone_see(&panels->lones, way, x, y);
}

static void widen(panels_t *panels, double value)
{
    if (!isnan(value)) {
        panels->low = fmin(panels->low, value);
        panels->high = fmax(panels->high, value);
    }
}

/* x, mean, its error, whether it is undecided and, where patterns are drawn, the mean field of the
 * samples. */
static void write_simulation(FILE *file, panels_t *panels, const ph_figure_t *self,
                             const ph_figure_data_t *data, size_t *index, size_t panel, size_t mu)
{
    const ph_figure_axis_t x = ph_figure_axis(self->grid, self->x);
    ph_lone_way_t way = {.last = {.panel = panel + 1, .series = mu + 1, .line = LINE_SAMPLES + 1}};
    for (size_t i = 0; i < x.size; i++) {
        index[self->x] = i;
        const size_t at = ph_figure_point(self->grid, index) * data->patterns + mu;
        const size_t kind = self->absolute[mu];
        const double mean = data->mean[kind][at], error = data->error[kind][at];
        fprintf(file, "%.12g", ph_figure_place(&x, i));
        ph_figure_number(file, 10, mean);
        ph_figure_number(file, 4, error);
        fprintf(file, " %d", data->undecided[at] > 0.0);
        if (data->samples) {
            ph_figure_number(file, 10, data->sample[kind][at]);
            widen(panels, data->sample[kind][at]);
            see_line(panels, &way, ph_figure_place(&x, i), data->sample[kind][at]);
        }
        fputc('\n', file);
        panels->no_error = panels->no_error || (!isnan(mean) && isnan(error));
        panels->undecided = panels->undecided || (!isnan(mean) && data->undecided[at] > 0.0);
        const double place[] = {ph_figure_place(&x, i), mean};
        ph_inset_see(&panels->inset, place, place);
        widen(panels, mean);
        widen(panels, mean + error);
        widen(panels, mean - error);
    }
    ph_lone_end(&panels->lones, &way);
}

/* A dataset of the finer theory at a point, NaN where there is none. */
static double fine_value(const ph_figure_data_t *data, const char *dataset, size_t point, size_t mu)
{
    const double *values = ph_theory_values(&data->fine_theory, dataset, point);
    return values != NULL && ph_theory_converged(&data->fine_theory, point) &&
                   mu < (size_t)data->fine->points[point].patterns
               ? values[mu]
               : (double)NAN;
}

/* x, mean field and, in learning grids, that of the Gaussian limit. */
static void write_theory(FILE *file, panels_t *panels, const ph_figure_t *self,
                         const ph_figure_data_t *data, size_t *index, size_t panel, size_t mu)
{
    const ph_grid_t *grid = data->fine != NULL ? data->fine : self->grid;
    const ph_figure_axis_t x = ph_figure_axis(grid, self->x);
    double last[2] = {NAN, NAN};
    ph_lone_way_t ways[2];
    for (size_t k = 0; k < 2; k++)
        ways[k] = (ph_lone_way_t){.last = {.panel = panel + 1, .series = mu + 1, .line = k + 1}};
    for (size_t i = 0; i < x.size; i++) {
        index[self->x] = i;
        const size_t point = ph_figure_point(grid, index), at = point * data->patterns + mu;
        const double lines[] = {data->fine != NULL ? fine_value(data, "magnetization", point, mu)
                                                   : data->theory[self->absolute[mu]][at],
                                data->fine != NULL
                                    ? fine_value(data, "magnetization_gaussian", point, mu)
                                    : data->gaussian[at]};
        fprintf(file, "%.12g", ph_figure_place(&x, i));
        for (size_t k = 0; k < (data->learning ? 2 : 1); k++) {
            const double line = self->absolute[mu] ? fabs(lines[k]) : lines[k];
            ph_figure_number(file, 10, line);
            widen(panels, line);
            see_line(panels, &ways[k], ph_figure_place(&x, i), line);
            const double place[] = {ph_figure_place(&x, i), line};
            if (k == 0) {
                ph_inset_see(&panels->inset, last, place);
                memcpy(last, place, sizeof(last));
            }
        }
        fputc('\n', file);
    }
    for (size_t k = 0; k < 2; k++)
        ph_lone_end(&panels->lones, &ways[k]);
}

/* Thresholds in M are the same all along the axis of M. */
static void write_thresholds(FILE *file, const panels_t *panels, const ph_figure_t *self,
                             const ph_figure_data_t *data, size_t *index)
{
    index[self->x] = 0;
    for (size_t i = 0; i < panels->panels; i++)
        for (size_t mu = 0; mu < self->patterns; mu++) {
            if (self->y != PH_NO_AXIS)
                index[self->y] = panels->value[i];
            const size_t at = ph_figure_point(self->grid, index) * data->patterns + mu;
            fprintf(file, "# panel %zu, pattern %zu, thresholds: relative absolute\n", i + 1,
                    mu + 1);
            ph_figure_number(file, 10, data->relative[at]);
            ph_figure_number(file, 10, data->absolute[at]);
            fputs("\n\n\n", file);
        }
}

/* What both files are written from. */
typedef struct {
    const ph_figure_t *figure;
    const ph_figure_data_t *data;
    panels_t panels;
} curves_t;

/* How far the panels reach upwards. */
static void find_ends(const panels_t *panels, double *low, double *high)
{
    const double room = 0.04 * (panels->high > panels->low ? panels->high - panels->low : 1.0);
    *low = panels->low - room;
    *high = panels->high + room;
}

static ph_inset_span_t span_of_x(const ph_grid_t *grid, size_t axis)
{
    const ph_figure_axis_t x = ph_figure_axis(grid, axis);
    ph_inset_span_t span = {
        .name = ph_schema(x.coordinate->key)->name, .logarithmic = x.logarithmic, .words = x.words};
    ph_script_ends(&x, FREE, &span.low, &span.high);
    return span;
}

static int place_inset(panels_t *panels, const ph_figure_t *self, ph_report_t *report)
{
    ph_inset_span_t spans[2] = {span_of_x(self->grid, self->x), {.name = "magnetization"}};
    find_ends(panels, &spans[1].low, &spans[1].high);
    return ph_inset_settle(&panels->inset, spans, report);
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    curves_t *curves = context;
    panels_t *panels = &curves->panels;
    const ph_figure_t *self = curves->figure;
    const ph_figure_data_t *data = curves->data;
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
            const char *m = self->absolute[mu] ? "magnetization_absolute" : "magnetization";
            fprintf(file, "# %s%s %zu, simulation: %s %s error undecided%s\n", panel,
                    ph_view_word(data->view), mu + 1, x, m,
                    data->samples ? " theory_of_samples" : "");
            write_simulation(file, panels, self, data, index, i, mu);
            fprintf(file, "\n\n# %s%s %zu, theory: %s %s%s\n", panel, ph_view_word(data->view),
                    mu + 1, x, m, data->learning ? " gaussian" : "");
            write_theory(file, panels, self, data, index, i, mu);
            fputs("\n\n", file);
        }
    }
    if (data->any_threshold)
        write_thresholds(file, panels, self, data, index);
    const int status = ph_lone_check(&panels->lones, report);
    return status == PH_OK ? place_inset(panels, self, report) : status;
}

static void write_script(void *context, FILE *script)
{
    const curves_t *curves = context;
    const panels_t *panels = &curves->panels;
    const ph_figure_t *self = curves->figure;
    const ph_figure_data_t *data = curves->data;
    const ph_figure_axis_t x = ph_figure_axis(self->grid, self->x);
    double low, high;
    char text[PH_FIGURE_TEXT] = "", name[64];
    fprintf(script, "theory = %d\nlearning = %d\nthresholds = %d\npanels = %zu\n",
            panels->lines[LINE_THEORY], panels->lines[LINE_GAUSSIAN], data->any_threshold,
            panels->panels);
    fprintf(script, "columns = %zu\n", ph_figure_columns(self->request, panels->panels));
    fprintf(script, "samples = %d\nno_error = %d\nundecided = %d\n", panels->lines[LINE_SAMPLES],
            panels->no_error, panels->undecided);
    fputs("array panel_titles[panels]\n", script);
    for (size_t i = 0; i < panels->panels; i++) {
        if (self->y != PH_NO_AXIS)
            ph_label_value(&self->grid->axes[self->y].coordinates[0], panels->value[i], text,
                           sizeof(text));
        snprintf(name, sizeof(name), "panel_titles[%zu]", i + 1);
        ph_script_text(script, self, name, text);
    }
    ph_script_axis(script, self, "x", &x, FREE);
    if (x.logarithmic && x.size <= TICS_MAX)
        ph_script_tics(script, self, "x", &x,
                       ph_figure_panel(self->request, panels->panels, 120.0,
                                       panels->panels == 1 ? ALONE : BESIDE),
                       PH_TICS_LABELLED);
    else
        fputs("x_values = ''\n", script);
    ph_script_values(script, self, "y_label");
    find_ends(panels, &low, &high);
    fprintf(script, "y_min = %.6g\ny_max = %.6g\n", low, high);
    ph_inset_script(&panels->inset, script);
    if (!x.words) /* there each is a dash */
        ph_lone_script(&panels->lones, script);
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"curves", "curves.gp", write_data, write_script};
    ph_figure_t self = *layout;
    curves_t curves = {.figure = &self};
    int status = ph_figure_job_data(job, self.x, &curves.data, report);
    if (status != PH_OK)
        return status;
    ph_figure_choose(&self, curves.data);
    curves.panels = choose_panels(&self);
    curves.panels.inset.part = &self.request->inset;
    status = ph_figure_write(&self, &FILES, &curves, drawn, report);
    ph_inset_free(&curves.panels.inset);
    ph_lone_free(&curves.panels.lones);
    if (status == PH_OK && self.y != PH_NO_AXIS &&
        curves.panels.panels < self.grid->axes[self.y].size)
        ph_note(report, "%s: %zu of %zu values of %s are drawn; the map has them all",
                drawn->scripts[drawn->count - 1], curves.panels.panels,
                self.grid->axes[self.y].size,
                ph_schema(self.grid->axes[self.y].coordinates[0].key)->name);
    return status;
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    const ph_inset_part_t *part = &job->request->inset;
    int status = ph_figure_check(job->selection, job->axes, job->count, report);
    if (status != PH_OK || !part->on)
        return status;
    const ph_inset_span_t span = span_of_x(job->selection->grid, job->axes[0]);
    status = ph_inset_check(part, 0, &span, report);
    if (status == PH_OK && (part->low[1] >= 1.0 || part->high[1] <= -1.0))
        return ph_fail(report, PH_ERR_INPUT,
                       "%s: along magnetization %g to %g was asked for, expected a part of -1 to 1",
                       ph_inset_origin(part), part->low[1], part->high[1]);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_CURVES = {
    .word = "curves",
    .help = "of a run: magnetizations along an axis, with errors and theory",
    .of = PH_FIGURE_OF_RUN,
    .axes = 1,
    .inset = true,
    .compares = true,
    .check = check,
    .draw = draw,
};
