/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/occupation.h"
#include "analysis/estimate/estimates.h"
#include "analysis/estimate/quantities.h"
#include "analysis/estimate/reweight.h"
#include "analysis/figure/file.h"
#include "analysis/figure/kind.h"
#include "analysis/figure/script.h"

/*
 * Curves along the noise from the records of all noises together, energy and specific heat and,
 * where no point has a ladder, the first pattern's |m| and susceptibility (on rungs nothing but
 * energies is recorded); a series a value of the other open axis; on them what single noises say:
 * the energies of the rungs, or points, and the points' own other quantities.
 */
enum { PANELS = 4, PANELS_OF_LADDERS = 2, NOISES = 101 };

static const char *const NAMES[PANELS] = {"energy", "specific_heat", "magnetization_absolute",
                                          "susceptibility"};

typedef struct {
    double noise, value, error;
} place_t;

typedef struct {
    size_t of; /* value of the other axis */
    ph_reweighted_t curve;
    size_t count[PANELS];
    place_t *places[PANELS];
} series_t;

typedef struct {
    const ph_figure_t *figure;
    size_t other, count, most; /* other: axis, or PH_NO_AXIS; most: places of a panel */
    size_t panels;
    series_t series[PH_FIGURE_PANELS];
    double low, high; /* noises */
    bool exact, branches;
} curves_t;

/* The open axis beside the noise's; PH_ERR_UNSUPPORTED where there are more. */
static int find_other(const ph_figure_job_t *job, size_t *other, ph_report_t *report)
{
    const ph_grid_t *grid = job->selection->grid;
    *other = PH_NO_AXIS;
    for (size_t i = 0; i < job->count; i++) {
        const ph_axis_t *axis = &grid->axes[job->axes[i]];
        bool noise = false;
        for (size_t c = 0; c < axis->coordinates_count; c++)
            noise = noise || axis->coordinates[c].key == PH_KEY_NOISE;
        if (noise && axis->coordinates_count == 1)
            continue;
        if (noise || *other != PH_NO_AXIS)
            return ph_fail(report, PH_ERR_UNSUPPORTED,
                           "figure 'reweighted' is drawn along the noise, of one more open axis at "
                           "most%s; choose by --point key=value,...",
                           noise ? " (here another key goes with the noise)" : "");
        *other = job->axes[i];
    }
    return PH_OK;
}

/* The selected points of a series into points[]; how many. */
static size_t gather(const ph_figure_job_t *job, size_t other, size_t of, size_t *points)
{
    const ph_grid_t *grid = job->selection->grid;
    size_t index[PH_MAX_AXES], count = 0;
    for (size_t p = 0; p < grid->points_count; p++) {
        ph_grid_unravel(grid, p, index);
        if (ph_selection_holds(job->selection, p) && (other == PH_NO_AXIS || index[other] == of))
            points[count++] = p;
    }
    return count;
}

static void put(series_t *self, size_t panel, size_t most, double noise, double value, double error)
{
    if (self->count[panel] < most && isfinite(value))
        self->places[panel][self->count[panel]++] = (place_t){noise, value, error};
}

/* What one point says alone. */
static int read_point(curves_t *self, series_t *series, ph_runfile_t *run, size_t number,
                      ph_report_t *report)
{
    const ph_grid_t *grid = run->base.grid;
    const ph_point_t *point = &grid->points[number];
    const bool ladder = point->ladder.count > 0;
    ph_estimates_t estimates = {0};
    ph_quantities_t found = {0};
    int status = ph_estimates_read(&estimates, run, number, PH_VIEW_PATTERNS, report);
    if (status == PH_OK)
        status = ph_quantities_read(&found, run, number, NULL, 0, report);
    for (size_t c = 0; status == PH_OK && c < estimates.components; c++) {
        const ph_component_t component = ph_component(grid, point->patterns, c);
        if (component.observable->id == (ladder ? PH_OBS_RUNG_ENERGY : PH_OBS_ENERGY))
            put(series, 0, self->most,
                ladder ? point->ladder.values[component.at[0]] : point->noise,
                estimates.values[c].mean, estimates.values[c].error);
    }
    for (size_t i = 0; status == PH_OK && i < found.count; i++)
        for (size_t panel = 1; panel < self->panels; panel++)
            if (strcmp(found.found[i].quantity->name, NAMES[panel]) == 0 &&
                (found.found[i].quantity->of == PH_QUANTITY_OF_POINT ||
                 strcmp(found.found[i].of, "1") == 0))
                put(series, panel, self->most, point->noise, found.found[i].found.value,
                    found.found[i].found.error);
    ph_quantities_free(&found);
    ph_estimates_free(&estimates);
    return status;
}

/* From the least to the largest noise of the points' and their rungs. */
static void find_range(const ph_grid_t *grid, const size_t *points, size_t count, double *noises)
{
    double low = INFINITY, high = 0.0;
    for (size_t i = 0; i < count; i++) {
        const ph_point_t *point = &grid->points[points[i]];
        low = fmin(low, point->noise);
        high = fmax(high, point->noise);
        for (size_t r = 0; r < point->ladder.count; r++) {
            low = fmin(low, point->ladder.values[r]);
            high = fmax(high, point->ladder.values[r]);
        }
    }
    for (size_t t = 0; t < NOISES; t++)
        noises[t] = t + 1 == NOISES ? high : low + (high - low) * (double)t / (double)(NOISES - 1);
}

static int read_series(curves_t *self, ph_figure_job_t *job, series_t *series, size_t *points,
                       ph_report_t *report)
{
    const ph_grid_t *grid = job->selection->grid;
    const size_t count = gather(job, self->other, series->of, points);
    double noises[NOISES];
    find_range(grid, points, count, noises);
    self->low = fmin(self->low, noises[0]);
    self->high = fmax(self->high, noises[NOISES - 1]);
    int status = ph_reweight(&series->curve, job->source->run, points, count, noises, NOISES,
                             job->request->threads, report);
    for (size_t panel = 0; panel < self->panels && status == PH_OK; panel++) {
        series->places[panel] = malloc(self->most * sizeof(place_t));
        if (series->places[panel] == NULL)
            status = ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    }
    for (size_t i = 0; i < count && status == PH_OK; i++)
        status = read_point(self, series, job->source->run, points[i], report);
    for (size_t i = 0; status == PH_OK && i < series->curve.count * series->curve.width; i++)
        self->exact = self->exact || isfinite(series->curve.values[i].exact);
    return status;
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    const curves_t *self = context;
    (void)report;
    for (size_t panel = 0; panel < self->panels; panel++)
        for (size_t s = 0; s < self->count; s++) {
            const series_t *series = &self->series[s];
            const ph_reweighted_t *curve = &series->curve;
            fprintf(file, "# panel %zu, series %zu: noise %s low high exact\n", panel + 1, s + 1,
                    NAMES[panel]);
            for (size_t i = 0; i < curve->count * curve->width; i++) {
                const ph_reweighted_value_t *one = &curve->values[i];
                if (strcmp(one->quantity->name, NAMES[panel]) != 0 || one->pattern != 0)
                    continue;
                fprintf(file, "%.12g", curve->noise[i / curve->width]);
                ph_figure_number(file, 10, one->found.value);
                ph_figure_number(file, 10, one->found.value - one->found.error);
                ph_figure_number(file, 10, one->found.value + one->found.error);
                ph_figure_number(file, 10, one->exact);
                fputc('\n', file);
            }
            fprintf(file, "\n\n# points: noise %s error\n", NAMES[panel]);
            for (size_t i = 0; i < series->count[panel]; i++) {
                fprintf(file, "%.12g", series->places[panel][i].noise);
                ph_figure_number(file, 10, series->places[panel][i].value);
                ph_figure_number(file, 4, series->places[panel][i].error);
                fputc('\n', file);
            }
            fputs(series->count[panel] > 0 ? "\n\n" : "NaN NaN NaN\n\n\n", file);
        }
    return PH_OK;
}

static void write_script(void *context, FILE *script)
{
    static const char *const LABELS[PANELS] = {
        "energy {/:Italic H/N}", "specific heat {/:Italic c}", "first pattern's |{/:Italic m}|",
        "its susceptibility"};
    const curves_t *self = context;
    const double room = 0.03 * (self->high > self->low ? self->high - self->low : 1.0);
    char text[PH_FIGURE_TEXT], name[64];
    fprintf(script, "panels = %d\nseries = %zu\nexact = %d\n", (int)self->panels, self->count,
            self->exact);
    ph_script_words(script, self->figure, "note",
                    self->branches ? "chains follow each other: branches may be metastable" : "");
    fputs("array y_labels[panels]\narray series_titles[series]\n", script);
    for (size_t i = 0; i < self->panels; i++) {
        snprintf(name, sizeof(name), "y_labels[%zu]", i + 1);
        ph_script_text(script, self->figure, name, LABELS[i]);
    }
    for (size_t s = 0; s < self->count; s++) {
        snprintf(text, sizeof(text), "all noises together");
        if (self->other != PH_NO_AXIS)
            ph_label_value(&self->figure->grid->axes[self->other].coordinates[0],
                           self->series[s].of, text, sizeof(text));
        snprintf(name, sizeof(name), "series_titles[%zu]", s + 1);
        ph_script_text(script, self->figure, name, text);
    }
    ph_script_text(script, self->figure, "x_label", "noise {/:Italic T}");
    fprintf(script, "x_min = %.6g\nx_max = %.6g\n", self->low - room, self->high + room);
}

/* How many selected points have a ladder. */
static size_t count_ladders(const ph_figure_job_t *job)
{
    const ph_grid_t *grid = job->selection->grid;
    size_t count = 0;
    for (size_t p = 0; p < grid->points_count; p++)
        count += ph_selection_holds(job->selection, p) && grid->points[p].ladder.count > 0;
    return count;
}

/* Whether all selected points have ladders: then the figure is one of the usual. */
static bool usual(const ph_figure_job_t *job)
{
    const ph_grid_t *grid = job->selection->grid;
    size_t other;
    for (size_t p = 0; p < grid->points_count; p++)
        if (ph_selection_holds(job->selection, p) && grid->points[p].ladder.count == 0)
            return false;
    return grid->trajectory && find_other(job, &other, NULL) == PH_OK;
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    const ph_grid_t *grid = job->selection->grid;
    size_t other, *points = malloc(grid->points_count * sizeof(*points));
    int status = points == NULL ? ph_fail(report, PH_ERR_MEMORY, "no memory for a figure")
                                : find_other(job, &other, report);
    if (status == PH_OK)
        status = ph_reweight_check(grid, job->source->run->base.path, points,
                                   gather(job, PH_NO_AXIS, 0, points), report);
    free(points);
    return status;
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    static const ph_figure_files_t FILES = {"reweighted", "reweighted.gp", write_data,
                                            write_script};
    const ph_grid_t *grid = layout->grid;
    ph_figure_t figure = *layout;
    curves_t *self = calloc(1, sizeof(*self));
    size_t *points = malloc(grid->points_count * sizeof(*points)), size = 1;
    int status = self == NULL || points == NULL
                     ? ph_fail(report, PH_ERR_MEMORY, "no memory for a figure")
                     : find_other(job, &self->other, report);
    if (status == PH_OK) {
        self->figure = &figure;
        self->low = INFINITY;
        self->panels = count_ladders(job) > 0 ? PANELS_OF_LADDERS : PANELS;
        size = self->other != PH_NO_AXIS ? grid->axes[self->other].size : 1;
        self->count = size < PH_FIGURE_PANELS ? size : PH_FIGURE_PANELS;
        self->most = grid->points_count * (size_t)(grid->rungs > 0 ? grid->rungs : 1);
        self->branches =
            ph_reweight_branches(grid, points, gather(job, PH_NO_AXIS, 0, points), report);
    }
    for (size_t s = 0; status == PH_OK && s < self->count; s++) {
        self->series[s].of = self->count == 1 ? 0 : s * (size - 1) / (self->count - 1);
        status = read_series(self, job, &self->series[s], points, report);
    }
    if (status == PH_OK)
        status = ph_figure_write(&figure, &FILES, self, drawn, report);
    for (size_t s = 0; self != NULL && s < self->count; s++) {
        ph_reweighted_free(&self->series[s].curve);
        for (size_t panel = 0; panel < PANELS; panel++)
            free(self->series[s].places[panel]);
    }
    free(self);
    free(points);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_REWEIGHTED = {
    .word = "reweighted",
    .help = "of a run: curves along T from all noises, as of ladders",
    .of = PH_FIGURE_OF_RUN,
    .usual = usual,
    .check = check,
    .draw = draw,
};
