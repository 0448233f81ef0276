/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/figure/axis.h"
#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/needed_private.h"
#include "analysis/figure/script.h"
#include "analysis/figure/thresholds_private.h"

enum { FINE = 60, TEXT = 64 };

/* Examples needed along an axis of one number: a panel a combination of the values of all axes but
 * that and the examples. */
typedef struct {
    const ph_figure_t *figure;
    const ph_figure_data_t *data;
    size_t examples, panels, patterns, others[PH_MAX_AXES], others_count;
    double *share;      /* [2][examples' values] room for shares and their errors */
    ph_theory_t theory; /* over a finer x, of any number of examples */
    ph_grid_t fine;
    double low, high;
} needed_t;

ph_needed_t ph_needed_between(size_t count, const double *examples, const double *share,
                              const double *error, double wanted)
{
    for (size_t i = 1; i < count; i++) {
        const double rise = share[i] - share[i - 1];
        if (!(share[i - 1] < wanted && share[i] >= wanted))
            continue;
        const double t = (wanted - share[i - 1]) / rise;
        const double way = log(examples[i] / examples[i - 1]);
        const double number = examples[i - 1] * exp(t * way);
        return (ph_needed_t){number,
                             number * way / rise * hypot((1.0 - t) * error[i - 1], t * error[i])};
    }
    return (ph_needed_t){(double)NAN, (double)NAN};
}

/* The index of a panel's points: x and the examples are left as they are. */
static void panel_index(const needed_t *self, size_t panel, size_t *index)
{
    const ph_grid_t *grid = self->figure->grid;
    memcpy(index, self->figure->index, PH_MAX_AXES * sizeof(*index));
    for (size_t k = self->others_count; k-- > 0;) {
        const size_t size = grid->axes[self->others[k]].size;
        index[self->others[k]] = panel % size;
        panel /= size;
    }
}

/* What simulation says at value j of x: where the share of a pattern's entries that are right, less
 * those that are wrong, passes erf(Theta). */
static ph_needed_t simulated(const needed_t *self, size_t *index, size_t j, size_t mu)
{
    const ph_grid_t *grid = self->figure->grid;
    const ph_coordinate_t *examples = &grid->axes[self->examples].coordinates[0];
    const size_t count = grid->axes[self->examples].size, width = self->data->patterns;
    double *share = self->share;
    index[self->figure->x] = j;
    for (size_t i = 0; i < count; i++) {
        index[self->examples] = i;
        const size_t point = ph_figure_point(grid, index), at = point * width + mu;
        const double filled = 1.0 - grid->points[point].dilution[mu];
        share[i] = self->data->mean[0][at] / filled;
        share[count + i] = self->data->error[0][at] / filled;
    }
    return ph_needed_between(count, examples->values, share, share + count, erf(grid->confidence));
}

static void widen(needed_t *self, double value)
{
    if (value > 0.0 && isfinite(value)) {
        self->low = fmin(self->low, value);
        self->high = fmax(self->high, value);
    }
}

/* Of each panel and pattern the points of simulation, then the line. */
static void write_series(needed_t *self, FILE *file, size_t panel, size_t mu)
{
    size_t index[PH_MAX_AXES], fine[PH_MAX_AXES];
    const ph_figure_axis_t x = ph_figure_axis(self->figure->grid, self->figure->x);
    const ph_figure_axis_t line = ph_figure_axis(&self->fine, self->figure->x);
    panel_index(self, panel, index);
    memcpy(fine, index, sizeof(fine));
    for (size_t j = 0; j < x.size; j++) {
        const ph_needed_t found = simulated(self, index, j, mu);
        if (isnan(found.number))
            continue;
        widen(self, found.number);
        fprintf(file, "%.12g", ph_figure_place(&x, j));
        ph_figure_number(file, 10, found.number);
        ph_figure_number(file, 4, found.error);
        fputs(" NaN\n", file);
    }
    fine[self->examples] = 0;
    for (size_t j = 0; j < line.size; j++) {
        fine[self->figure->x] = j;
        double value =
            ph_figure_threshold(&self->theory, false, ph_figure_point(&self->fine, fine), mu);
        value = value > 0.0 && isfinite(value) ? value : (double)NAN;
        widen(self, value);
        fprintf(file, "%.12g NaN NaN", ph_figure_place(&line, j));
        ph_figure_number(file, 10, value);
        fputc('\n', file);
    }
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    needed_t *self = context;
    self->low = INFINITY;
    self->high = 0.0;
    for (size_t panel = 0; panel < self->panels; panel++)
        for (size_t mu = 0; mu < self->patterns; mu++) {
            fprintf(file, "# panel %zu, pattern %zu: %s examples error theory\n", panel + 1, mu + 1,
                    ph_schema(self->figure->grid->axes[self->figure->x].coordinates[0].key)->name);
            write_series(self, file, panel, mu);
            fputs("\n\n", file);
        }
    return self->low <= self->high
               ? PH_OK
               : ph_fail(report, PH_ERR_UNSUPPORTED,
                         "no number of examples is enough at any of these points");
}

static void write_titles(const needed_t *self, FILE *script)
{
    const ph_grid_t *grid = self->figure->grid;
    char text[PH_FIGURE_TEXT], name[TEXT];
    for (size_t i = 0; i < self->panels; i++) {
        size_t index[PH_MAX_AXES], used = 0;
        panel_index(self, i, index);
        text[0] = '\0';
        for (size_t k = 0; k < self->others_count && used < sizeof(text); k++) {
            char value[128];
            ph_label_value(&grid->axes[self->others[k]].coordinates[0], index[self->others[k]],
                           value, sizeof(value));
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", k > 0 ? ", " : "",
                                     value);
        }
        snprintf(name, sizeof(name), "panel_titles[%zu]", i + 1);
        ph_script_text(script, self->figure, name, text);
    }
    for (size_t mu = 0; mu < self->patterns; mu++) {
        snprintf(text, sizeof(text), "%s %zu", ph_view_word(PH_VIEW_PATTERNS), mu + 1);
        snprintf(name, sizeof(name), "series_titles[%zu]", mu + 1);
        ph_script_text(script, self->figure, name, text);
    }
}

static void write_script(void *context, FILE *script)
{
    const needed_t *self = context;
    const ph_figure_axis_t x = ph_figure_axis(self->figure->grid, self->figure->x);
    fprintf(script, "panels = %zu\ncolumns = %zu\nseries = %zu\n", self->panels,
            ph_figure_columns(self->figure->request, self->panels), self->patterns);
    fputs("exact = 0\ntheory = 0\nflow = 0\nstep = 0\ninfinite = 4\njoined = 0\nopen = 0\n"
          "limited = 0\nentry = 240.0\narray panel_titles[panels]\narray series_titles[series]\n",
          script);
    write_titles(self, script);
    ph_script_axis(script, self->figure, "x", &x, 0.03);
    ph_script_text(script, self->figure, "y_label", "examples needed M");
    fprintf(script, "y_log = 1\ny_min = %.6g\ny_max = %.6g\n", self->low / 1.5, self->high * 1.5);
}

static bool along(const ph_axis_t *axis)
{
    return axis->size > 1 && axis->coordinates_count == 1 && axis->coordinates[0].pattern == 0 &&
           ph_schema(axis->coordinates[0].key)->type == PH_TYPE_REAL &&
           axis->coordinates[0].key != PH_KEY_NOISE;
}

/* The examples' axis, and along which of the others it is drawn: that which is asked for, or each.
 */
static int find_axes(const ph_figure_job_t *job, size_t *examples, size_t *xs, size_t *count,
                     ph_report_t *report)
{
    const ph_grid_t *grid = job->selection->grid;
    const ph_key_t wanted =
        job->request->x != NULL ? ph_schema_find(job->request->x) : PH_KEY_COUNT;
    *examples = PH_NO_AXIS;
    *count = 0;
    for (size_t k = 0; k < job->count; k++) {
        const ph_axis_t *axis = &grid->axes[job->axes[k]];
        if (axis->coordinates[0].key == PH_KEY_EXAMPLES && axis->coordinates_count == 1)
            *examples = job->axes[k];
        else if (along(axis))
            xs[(*count)++] = job->axes[k];
    }
    for (size_t k = 0; k < *count; k++)
        if (grid->axes[xs[k]].coordinates[0].key == wanted) {
            xs[0] = xs[k];
            *count = 1;
        }
    if (*examples != PH_NO_AXIS && *count > 0)
        return PH_OK;
    return ph_fail(report, PH_ERR_UNSUPPORTED,
                   "figure 'needed' is of runs over network.examples and, to draw along, one of "
                   "dilution, quality or blank_fidelity");
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    size_t xs[PH_MAX_AXES], count, examples;
    const int status = ph_figure_threshold_check(job->selection->grid, "needed", report);
    return status == PH_OK ? find_axes(job, &examples, xs, &count, report) : status;
}

/* All open axes are in it. */
static int arrange(const ph_figure_job_t *job, ph_figure_t *layout, size_t *axes, size_t *count,
                   ph_report_t *report)
{
    (void)axes;
    (void)report;
    layout->x = layout->y = PH_NO_AXIS;
    for (size_t k = 0; k < job->count; k++)
        layout->inside[job->axes[k]] = true;
    *count = 2;
    return PH_OK;
}

/* The theory over a finer x, of one number of examples, which its thresholds do not see. */
static int solve_fine(needed_t *self, int threads, ph_report_t *report)
{
    const ph_grid_t *grid = self->figure->grid;
    const ph_axis_t *x = &grid->axes[self->figure->x];
    const double low = x->coordinates[0].values[0], high = x->coordinates[0].values[x->size - 1];
    char fine[2 * TEXT], one[2 * TEXT];
    snprintf(fine, sizeof(fine), "%s={ from: %.12g, to: %.12g, steps: %d }",
             ph_schema_path(x->coordinates[0].key), low, high, FINE + 1);
    snprintf(one, sizeof(one), "network.examples=[%.0f]",
             grid->axes[self->examples].coordinates[0].values[0]);
    const char *const sets[] = {fine, one};
    int status = ph_grid_parse(&self->fine, grid->text, "the run's grid", 2, sets, report);
    return status == PH_OK
               ? ph_theory_solve(&self->theory, &self->fine, 1U << PH_THEORY_SIGNAL_TO_NOISE, false,
                                 threads, report)
               : status;
}

/* The axes that make panels: all open ones but x and the examples. */
static void share_axes(needed_t *self, const ph_figure_job_t *job)
{
    const ph_grid_t *grid = self->figure->grid;
    self->panels = 1;
    for (size_t k = 0; k < grid->axes_count; k++)
        for (size_t o = 0; o < job->count; o++)
            if (job->axes[o] == k && k != self->figure->x && k != self->examples) {
                self->others[self->others_count++] = k;
                self->panels *= grid->axes[k].size;
            }
}

static int draw_along(const ph_figure_job_t *job, ph_figure_t *figure, const ph_figure_data_t *data,
                      size_t examples, ph_figures_t *drawn, ph_report_t *report)
{
    const ph_grid_t *grid = figure->grid;
    needed_t found = {.figure = figure, .data = data, .examples = examples};
    char word[2 * TEXT];
    const ph_figure_files_t files = {word, "quantity.gp", write_data, write_script};
    snprintf(word, sizeof(word), "needed-%s",
             ph_schema(grid->axes[figure->x].coordinates[0].key)->name);
    share_axes(&found, job);
    if (found.panels > PH_FIGURE_PANELS)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "figure 'needed' would have %zu panels, at most %d are drawn; choose by "
                       "--point key=value,...",
                       found.panels, (int)PH_FIGURE_PANELS);
    found.patterns = data->patterns < PH_FIGURE_PATTERNS ? data->patterns : PH_FIGURE_PATTERNS;
    figure->patterns = found.panels;
    ph_grid_init(&found.fine);
    found.share = malloc(2 * grid->axes[examples].size * sizeof(*found.share));
    int status = found.share != NULL ? solve_fine(&found, job->request->threads, report)
                                     : ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    if (status == PH_OK)
        status = ph_figure_write(figure, &files, &found, drawn, report);
    ph_theory_free(&found.theory);
    ph_grid_free(&found.fine);
    free(found.share);
    return status;
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    size_t xs[PH_MAX_AXES], count, examples;
    ph_figure_data_t data = {.grid = NULL};
    int status = find_axes(job, &examples, xs, &count, report);
    if (status == PH_OK)
        status = ph_figure_data_read(&data, job->source->run, PH_VIEW_PATTERNS, report);
    for (size_t k = 0; k < count && status == PH_OK; k++) {
        ph_figure_t figure = *layout;
        figure.x = xs[k];
        status = draw_along(job, &figure, &data, examples, drawn, report);
    }
    ph_figure_data_free(&data);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_NEEDED = {
    .word = "needed",
    .help = "of a run over examples: examples needed along another axis",
    .of = PH_FIGURE_OF_RUN,
    .axes = 2,
    .on_demand = true,
    .arrange = arrange,
    .check = check,
    .draw = draw,
};
