/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/occupation.h"
#include "analysis/estimate/fit.h"
#include "analysis/estimate/retrieved.h"
#include "analysis/figure/file.h"
#include "analysis/figure/quantity_private.h"
#include "analysis/figure/script.h"
#include "analysis/figure/thresholds_private.h"
#include "base/number.h"
#include "sim/model/starts.h"

/* Share of the range along x that is free on either side of the values; along patterns. */
static const double FREE = 0.03, PATTERNS_LOW = 0.8, PATTERNS_FREE = 0.2;

/* No sample. */
static const size_t NONE = SIZE_MAX;

static const char *const LINE_WORDS[LINES] = {"exact", "theory", "flow", "step", "infinite"};
static const ph_theory_kind_t LINE_KINDS[LINES] = {PH_THEORY_EXACT, PH_THEORY_MEAN_FIELD,
                                                   PH_THEORY_FLOW, PH_THEORY_SIGNAL_TO_NOISE,
                                                   PH_THEORY_MEAN_FIELD};

static void widen(ph_quantity_curves_t *self, double value)
{
    if (isnan(value))
        return;
    self->low = fmin(self->low, value);
    self->high = fmax(self->high, value);
    if (value > 0.0)
        self->least = fmin(self->least, value);
}

/* Those of a point's quantities that are drawn. */
static void take(ph_quantity_curves_t *self, size_t point, const ph_quantities_t *quantities)
{
    ph_quantity_place_t *places = self->places + point * self->patterns;
    size_t mu = 0;
    for (size_t i = 0; i < quantities->count && mu < self->patterns; i++) {
        const ph_found_t *found = &quantities->found[i];
        if (found->quantity != self->slice->quantity)
            continue;
        memcpy(self->each + ((size_t)(places - self->places) + mu) * self->samples, found->each,
               self->samples * sizeof(*self->each));
        places[mu].value = found->found.value;
        places[mu].error = found->found.error;
        places[mu].lines[LINE_EXACT] = found->exact;
        places[mu++].lines[LINE_WELLS] = found->theory;
        self->open = self->open || (!isnan(found->found.value) && isnan(found->found.error));
    }
}

/* What is drawn of magnetizations m[patterns] that a flow has come to. */
static double of_state(const ph_quantity_curves_t *self, const ph_grid_t *grid,
                       const ph_point_t *point, const double *m, size_t mu)
{
    const ph_quantity_made_t made = self->slice->quantity->made;
    const int64_t target = ph_start_target(point, 0);
    uint64_t count;
    if (made == PH_QUANTITY_RETRIEVED)
        return ph_retrieval_count(&PH_RETRIEVAL_USUAL, point, m, &count) == PH_OK ? (double)count
                                                                                  : (double)NAN;
    if (made != PH_QUANTITY_RECALLED && made != PH_QUANTITY_RECALL_OVERLAP)
        return m[mu];
    if (target < 0 || isnan(m[target]))
        return (double)NAN;
    const double filled = 1.0 - point->dilution[target],
                 q = filled > 0.0 ? m[target] / filled : 0.0;
    return made == PH_QUANTITY_RECALLED ? (double)(q >= grid->recall_threshold) : q;
}

/* Where the flow of a point, or of its samples, is at the last record that all chains have; the
 * mean over samples. NaN: not there. */
static double flow_value(const ph_quantity_curves_t *self, const ph_theory_t *theory, size_t point,
                         size_t mu)
{
    const ph_grid_t *grid = theory->grid;
    const bool given = ph_grid_is_given(grid);
    const double *values =
        ph_theory_values(theory, given ? "flow_magnetization_sample" : "flow_magnetization", point);
    const size_t width = (size_t)grid->patterns_max, samples = given ? (size_t)grid->samples : 1;
    const size_t last = (size_t)ph_point_records_least(&grid->points[point]) - 1;
    double sum = 0.0;
    for (size_t s = 0; values != NULL && s < samples; s++)
        sum += of_state(self, grid, &grid->points[point],
                        values + (s * (size_t)grid->records_max + last) * width, mu);
    return values != NULL ? sum / (double)samples : (double)NAN;
}

/* One parallel step, of the infinite network or the mean over the samples of given patterns. */
static double step_value(const ph_theory_t *theory, size_t point, size_t mu)
{
    const ph_grid_t *grid = theory->grid;
    const bool given = ph_grid_is_given(grid);
    const double *values =
        ph_theory_values(theory, given ? "step_exact_sample" : "step_exact", point);
    const size_t width = (size_t)grid->patterns_max, samples = given ? (size_t)grid->samples : 1;
    double sum = 0.0;
    if (values != NULL && !given && isnan(values[0]))
        values = ph_theory_values(theory, "step_rows", point);
    for (size_t s = 0; values != NULL && s < samples; s++)
        sum += values[s * width + mu];
    return values != NULL ? sum / (double)samples : (double)NAN;
}

/* How many patterns the state retrieves that the infinite network comes to from the start, by what
 * counts at the point's N: which needs no sample, and where N is large is theirs. */
static double infinite_value(const ph_quantity_curves_t *self, const ph_theory_t *theory,
                             size_t point, size_t mu)
{
    const ph_grid_t *grid = theory->grid;
    const double *values = ph_theory_values(theory, "magnetization", point);
    if (self->slice->quantity->made != PH_QUANTITY_RETRIEVED || values == NULL || isnan(values[0]))
        return (double)NAN;
    return of_state(self, grid, &grid->points[point], values, mu);
}

/* What a line has of a pattern at a point; NaN: nothing. */
static double line_value(const ph_quantity_curves_t *self, const ph_theory_t *theory, size_t line,
                         size_t point, size_t mu)
{
    switch (line) {
    case LINE_FLOW:
        return flow_value(self, theory, point, mu);
    case LINE_STEP:
        return step_value(theory, point, mu);
    default:
        return infinite_value(self, theory, point, mu);
    }
}

static void take_lines(ph_quantity_curves_t *self, const ph_theory_t *theory, size_t line)
{
    const ph_grid_t *grid = theory->grid;
    for (size_t p = 0; p < grid->points_count; p++)
        for (size_t mu = 0; self->read[p] && mu < self->patterns; mu++)
            if (mu < (size_t)grid->points[p].patterns) {
                ph_quantity_place_t *place = &self->places[p * self->patterns + mu];
                place->lines[line] = line_value(self, theory, line, p, mu);
                if (line == LINE_STEP)
                    place->limit = ph_figure_threshold(theory, false, p, mu);
            }
}

/* Lines of the infinite network, or of the samples of given patterns, which have none; from the
 * theory beside the run or solved here. */
static int add_theory(ph_quantity_curves_t *self, const ph_figure_job_t *job, size_t line,
                      ph_report_t *report)
{
    const ph_theory_t *given = job->source->theory;
    const unsigned kind = 1U << LINE_KINDS[line];
    ph_theory_t solved;
    if ((job->request->compare & kind) == 0 ||
        (line == LINE_INFINITE && self->slice->quantity->made != PH_QUANTITY_RETRIEVED))
        return PH_OK;
    if (given != NULL && (given->kinds & kind) != 0) {
        take_lines(self, given, line);
        return PH_OK;
    }
    const int status =
        ph_theory_solve(&solved, self->figure->grid, kind, false, job->request->threads, report);
    if (status == PH_OK) {
        take_lines(self, &solved, line);
        ph_theory_free(&solved);
    }
    return status;
}

/* What is drawn of the lines, and how far all reach. */
static void measure(ph_quantity_curves_t *self, unsigned compare)
{
    for (size_t i = 0; i < self->figure->grid->points_count * self->patterns; i++) {
        const ph_quantity_place_t *place = &self->places[i];
        widen(self, place->value);
        widen(self, place->value + place->error);
        widen(self, place->value - place->error);
        for (size_t k = 0; k < LINES; k++) {
            if (compare != 0 && (compare >> LINE_KINDS[k] & 1U) == 0)
                continue;
            widen(self, place->lines[k]);
            self->lines[k] = self->lines[k] || !isnan(place->lines[k]);
        }
    }
}

/* Exact sums and wells take long: they are made where they are drawn. */
static int read_point(ph_quantity_curves_t *self, const ph_figure_job_t *job, size_t point,
                      ph_report_t *report)
{
    const unsigned compare = job->request->compare;
    const bool averages = (self->slice->quantity->needs & PH_NEEDS_RECALL) == 0;
    const bool exact = averages && (compare == 0 || (compare >> PH_THEORY_EXACT & 1U) != 0);
    const bool wells = (averages && compare == 0) || (compare >> PH_THEORY_MEAN_FIELD & 1U) != 0 ||
                       (self->slice->quantity->needs & PH_NEEDS_WELLS) != 0;
    ph_quantities_t quantities;
    if (self->read[point])
        return PH_OK;
    const int status =
        ph_quantities_read(&quantities, job->source->run, point, wells ? &PH_COMPARE_WELLS : NULL,
                           exact ? job->request->threads : 0, report);
    if (status == PH_OK)
        take(self, point, &quantities);
    self->read[point] = true;
    ph_quantities_free(&quantities);
    return status;
}

static int read_places(ph_quantity_curves_t *self, const ph_figure_job_t *job, ph_report_t *report)
{
    const size_t points = self->figure->grid->points_count, count = points * self->patterns;
    size_t pattern;
    int status = PH_OK;
    self->places = malloc(count * sizeof(*self->places));
    self->each = malloc(count * self->samples * sizeof(*self->each));
    self->read = calloc(points, sizeof(*self->read));
    if (self->places == NULL || self->each == NULL || self->read == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a figure");
    for (size_t i = 0; i < count; i++)
        self->places[i] = (ph_quantity_place_t){NAN, NAN, {NAN, NAN, NAN, NAN, NAN}, NAN};
    for (size_t i = 0; i < count * self->samples; i++)
        self->each[i] = (double)NAN;
    for (size_t panel = 0; panel < self->panels; panel++)
        for (size_t s = 0; s < self->series; s++)
            for (size_t i = 0; i < self->size && status == PH_OK; i++)
                status = read_point(self, job, ph_curves_find(self, panel, s, i, &pattern), report);
    for (size_t k = LINE_FLOW; k < LINES && status == PH_OK; k++)
        status = add_theory(self, job, k, report);
    measure(self, job->request->compare);
    if (status == PH_OK && self->low > self->high)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "%s is nowhere to be had here; 'polyhebb export --quantities' says why",
                       self->slice->quantity->name);
    return status;
}

/* x as it is drawn; of patterns there is none. */
static ph_figure_axis_t x_axis(const ph_quantity_curves_t *self)
{
    const ph_slice_place_t *x = &self->slice->x;
    const ph_figure_scale_t scale = self->figure->request->scale;
    ph_figure_axis_t axis = ph_figure_axis_by(self->figure->grid, x->axis, x->coordinate);
    if (scale != PH_FIGURE_SCALE_AUTO)
        axis.logarithmic = scale == PH_FIGURE_SCALE_LOG || scale == PH_FIGURE_SCALE_LOGLOG;
    return axis;
}

static bool logarithmic_y(const ph_quantity_curves_t *self)
{
    const ph_figure_scale_t scale = self->figure->request->scale;
    return (scale == PH_FIGURE_SCALE_LOGY || scale == PH_FIGURE_SCALE_LOGLOG) && self->high > 0.0;
}

static bool logarithmic_x(const ph_quantity_curves_t *self)
{
    const ph_figure_scale_t scale = self->figure->request->scale;
    return self->slice->x.axis == PH_SLICE_PATTERN
               ? scale == PH_FIGURE_SCALE_LOG || scale == PH_FIGURE_SCALE_LOGLOG
               : x_axis(self).logarithmic;
}

/* The value of a place, or the mean over all samples but one, of those that have one. */
static double value_without(const ph_quantity_curves_t *self, size_t place, size_t left_out)
{
    const double *each = self->each + place * self->samples;
    double sum = 0.0, count = 0.0;
    if (left_out == NONE)
        return self->places[place].value;
    for (size_t s = 0; s < self->samples; s++)
        if (s != left_out && !isnan(each[s])) {
            sum += each[s];
            count += 1.0;
        }
    return sum / count;
}

/* A place as it is fitted: logarithms on logarithmic scales. */
static void put_place(const ph_quantity_curves_t *self, size_t i, size_t place, size_t left_out,
                      double *x, double *y, double *error)
{
    const double value = value_without(self, place, left_out);
    *x = (double)(i + 1);
    if (self->slice->x.axis != PH_SLICE_PATTERN) {
        const ph_figure_axis_t axis = x_axis(self);
        *x = ph_figure_place(&axis, i);
    }
    *x = logarithmic_x(self) ? log(*x) : *x;
    *y = value;
    *error = self->places[place].error;
    if (logarithmic_y(self)) {
        *y = value > 0.0 ? log(value) : (double)NAN;
        *error /= self->places[place].value;
    }
}

static ph_fit_t fit_without(const ph_quantity_curves_t *self, size_t panel, size_t series,
                            size_t left_out, double *room)
{
    double *x = room, *y = x + self->size, *error = y + self->size;
    for (size_t i = 0; i < self->size; i++) {
        size_t mu;
        const size_t point = ph_curves_find(self, panel, series, i, &mu);
        put_place(self, i, point * self->patterns + mu, left_out, &x[i], &y[i], &error[i]);
    }
    return ph_fit_line(self->size, x, y, error);
}

/* The straight line through a series of a panel. Places of one sample are not independent: of four
 * samples or more its error is that of the jackknife over them. */
static ph_fit_t fit_series(const ph_quantity_curves_t *self, size_t panel, size_t series)
{
    double *room = malloc((3 * self->size + self->samples) * sizeof(*room));
    if (room == NULL)
        return (ph_fit_t){(double)NAN, (double)NAN};
    double *slopes = room + 3 * self->size, mean = 0.0, sum = 0.0;
    ph_fit_t fit = fit_without(self, panel, series, NONE, room);
    for (size_t s = 0; s < self->samples && self->samples >= SAMPLES_MIN; s++) {
        slopes[s] = fit_without(self, panel, series, s, room).slope;
        mean += slopes[s] / (double)self->samples;
    }
    for (size_t s = 0; s < self->samples && self->samples >= SAMPLES_MIN; s++)
        sum += (slopes[s] - mean) * (slopes[s] - mean);
    if (self->samples >= SAMPLES_MIN)
        fit.error = sqrt(sum * (double)(self->samples - 1) / (double)self->samples);
    free(room);
    return fit;
}

/* "-1.2042 +- 0.0013": two digits of the error. */
static void write_slope(const ph_fit_t *fit, char *text, size_t size)
{
    const int digits = ph_error_decimals(fit->error);
    snprintf(text, size, "%.*f ± %.*f", digits, fit->slope, digits, fit->error);
}

static void write_place(const ph_quantity_curves_t *self, FILE *file,
                        const ph_quantity_place_t *place)
{
    ph_figure_number(file, 10, place->value);
    ph_figure_number(file, 4, place->error);
    for (size_t k = 0; k < LINES; k++)
        if (self->lines[k] || k <= LINE_WELLS)
            ph_figure_number(file, 10, place->lines[k]);
    fputc('\n', file);
}

/* How far the panels reach upwards. */
static void find_y(const ph_quantity_curves_t *self, double *low, double *high)
{
    const double room = 0.04 * (self->high > self->low ? self->high - self->low : 1.0);
    *low = logarithmic_y(self) ? 0.8 * self->least : self->low - room;
    *high = logarithmic_y(self) ? 1.25 * self->high : self->high + room;
}

static int place_inset(ph_quantity_curves_t *self, ph_report_t *report)
{
    ph_inset_span_t spans[2] = {
        {"pattern", PATTERNS_LOW, (double)self->size + PATTERNS_FREE, logarithmic_x(self), false},
        {.name = self->slice->quantity->name, .logarithmic = logarithmic_y(self)}};
    if (self->slice->x.axis != PH_SLICE_PATTERN) {
        const ph_figure_axis_t x = x_axis(self);
        spans[0] = (ph_inset_span_t){.name = ph_schema(x.coordinate->key)->name,
                                     .logarithmic = x.logarithmic,
                                     .words = x.words};
        ph_script_ends(&x, FREE, &spans[0].low, &spans[0].high);
    }
    find_y(self, &spans[1].low, &spans[1].high);
    return ph_inset_settle(&self->inset, spans, report);
}

static int write_data(void *context, FILE *file, ph_report_t *report)
{
    ph_quantity_curves_t *self = context;
    const bool over_patterns = self->slice->x.axis == PH_SLICE_PATTERN;
    ph_figure_axis_t x = {.coordinate = NULL};
    double last[2];
    size_t mu;
    if (!over_patterns)
        x = x_axis(self);
    for (size_t panel = 0; panel < self->panels; panel++)
        for (size_t s = 0; s < self->series; s++) {
            fprintf(file, "# panel %zu, series %zu: %s %s error", panel + 1, s + 1,
                    over_patterns ? "pattern" : ph_schema(x.coordinate->key)->name,
                    self->slice->quantity->name);
            for (size_t k = 0; k < LINES; k++)
                if (self->lines[k] || k <= LINE_WELLS)
                    fprintf(file, " %s", LINE_WORDS[k]);
            fputc('\n', file);
            if (self->figure->request->fit) {
                const ph_fit_t fit = fit_series(self, panel, s);
                fprintf(file, "# slope %.10g error %.4g\n", fit.slope, fit.error);
            }
            ph_lone_way_t ways[LINES] = {0};
            for (size_t k = 0; k < LINES; k++)
                ways[k].last = (ph_lone_t){.panel = panel + 1, .series = s + 1, .line = k + 1};
            for (size_t i = 0; i < self->size; i++) {
                const size_t point = ph_curves_find(self, panel, s, i, &mu);
                const ph_quantity_place_t *place = &self->places[point * self->patterns + mu];
                const double at[] = {over_patterns ? (double)(i + 1) : ph_figure_place(&x, i),
                                     place->value};
                fprintf(file, "%.12g", at[0]);
                write_place(self, file, place);
                ph_inset_see(&self->inset, i > 0 ? last : at, at);
                memcpy(last, at, sizeof(last));
                for (size_t k = 0; k < LINES; k++)
                    ph_lone_see(&self->lones, &ways[k], at[0],
                                self->lines[k] ? place->lines[k] : (double)NAN);
            }
            for (size_t k = 0; k < LINES; k++)
                ph_lone_end(&self->lones, &ways[k]);
            fputs("\n\n", file);
        }
    const int status = ph_lone_check(&self->lones, report);
    return status == PH_OK ? place_inset(self, report) : status;
}

/* Behind a title, where the legend stands for one panel, its slope. */
static void add_slope(const ph_quantity_curves_t *self, size_t series, char text[PH_FIGURE_TEXT])
{
    const ph_fit_t fit = fit_series(self, 0, series);
    const size_t used = strlen(text);
    char slope[80];
    write_slope(&fit, slope, sizeof(slope));
    if (!isnan(fit.slope))
        snprintf(text + used, PH_FIGURE_TEXT - used, ": slope %s", slope);
}

static void write_x(const ph_quantity_curves_t *self, FILE *script)
{
    if (self->slice->x.axis != PH_SLICE_PATTERN) {
        const ph_figure_axis_t x = x_axis(self);
        ph_script_axis(script, self->figure, "x", &x, FREE);
        return;
    }
    ph_script_text(script, self->figure, "x_label", "pattern");
    fprintf(script, "x_min = %g\nx_max = %.10g\nx_log = %d\nx_tics = '1'\n", PATTERNS_LOW,
            (double)self->size + PATTERNS_FREE, logarithmic_x(self));
}

static void write_y(const ph_quantity_curves_t *self, FILE *script)
{
    double low, high;
    find_y(self, &low, &high);
    ph_script_definition(script, self->figure, "y_label", self->slice->quantity->formula);
    fprintf(script, "y_log = %d\ny_min = %.6g\ny_max = %.6g\n", logarithmic_y(self), low, high);
}

/* Whether the points of a series follow each other. */
static bool follows(const ph_quantity_curves_t *self)
{
    const ph_slice_place_t *by = &self->slice->by;
    return by->axis < PH_MAX_AXES &&
           self->figure->grid->axes[by->axis].coordinates[by->coordinate].key == PH_KEY_FOLLOW;
}

static void write_script(void *context, FILE *script)
{
    const ph_quantity_curves_t *self = context;
    char text[PH_FIGURE_TEXT], name[64];
    size_t column = 4;
    fprintf(script, "panels = %zu\ncolumns = %zu\nseries = %zu\n", self->panels,
            ph_figure_columns(self->figure->request, self->panels), self->series);
    for (size_t k = 0; k < LINES; k++) /* the column of each line, 0: it is not drawn */
        fprintf(script, "%s = %zu\n", LINE_WORDS[k],
                self->lines[k] || k <= LINE_WELLS ? column++ * self->lines[k] : 0);
    fprintf(script, "joined = %d\n", follows(self));
    fprintf(script, "open = %d\nentry = %.1f\n", self->open, /* pixels, of the legend */
            self->figure->request->fit && self->panels == 1 ? 420.0 : 240.0);
    fputs("array panel_titles[panels]\narray series_titles[series]\n", script);
    for (size_t i = 0; i < self->panels; i++) {
        ph_curves_panel_title(self, i, text);
        snprintf(name, sizeof(name), "panel_titles[%zu]", i + 1);
        ph_script_text(script, self->figure, name, text);
    }
    for (size_t s = 0; s < self->series; s++) {
        ph_curves_series_title(self, s, text);
        if (self->figure->request->fit && self->panels == 1)
            add_slope(self, s, text);
        snprintf(name, sizeof(name), "series_titles[%zu]", s + 1);
        ph_script_text(script, self->figure, name, text);
    }
    ph_curves_limits(self, script);
    write_x(self, script);
    write_y(self, script);
    ph_inset_script(&self->inset, script);
    ph_lone_script(&self->lones, script);
}

static int check(const ph_figure_job_t *job, ph_report_t *report)
{
    ph_slice_t slice;
    if (job->request->view != PH_VIEW_PATTERNS)
        return ph_fail(report, PH_ERR_INPUT,
                       "figure 'quantity' is of patterns by number, without --ordered");
    return ph_slice_resolve(&slice, job->selection, job->request, report);
}

static int arrange(const ph_figure_job_t *job, ph_figure_t *layout, size_t *axes, size_t *count,
                   ph_report_t *report)
{
    ph_slice_t slice;
    const int status = ph_slice_resolve(&slice, job->selection, job->request, report);
    layout->x = slice.x.axis < PH_MAX_AXES ? slice.x.axis : PH_NO_AXIS;
    layout->y = slice.by.axis < PH_MAX_AXES ? slice.by.axis : PH_NO_AXIS;
    for (size_t k = 0; k < slice.panel_axes_count; k++)
        layout->inside[slice.panel_axes[k]] = true;
    memcpy(axes, slice.axes, sizeof(slice.axes));
    *count = slice.axes_count;
    return status;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many there are of panels, series and places along x, and which series. */
static void count_all(ph_quantity_curves_t *self)
{
    const ph_grid_t *grid = self->figure->grid;
    const ph_slice_t *slice = self->slice;
    const bool of_patterns = slice->quantity->of == PH_QUANTITY_OF_PATTERN;
    self->samples = (size_t)grid->samples;
    self->patterns = of_patterns ? (size_t)grid->patterns_max : 1;
    self->panels = slice->pattern_panels ? least(self->patterns, PH_FIGURE_PANELS) : 1;
    for (size_t k = 0; k < slice->panel_axes_count; k++)
        self->panels *= grid->axes[slice->panel_axes[k]].size;
    const size_t all = ph_slice_size(&slice->by, grid, self->patterns);
    self->all = all;
    self->series = least(all, SERIES_MAX);
    for (size_t s = 0; s < self->series; s++)
        self->of[s] = self->series == 1 ? 0 : s * (all - 1) / (self->series - 1);
    self->size = ph_slice_size(&slice->x, grid, self->patterns);
}

static int draw(ph_figure_job_t *job, const ph_figure_t *layout, ph_figures_t *drawn,
                ph_report_t *report)
{
    char word[PH_FIGURE_WORD];
    ph_figure_t figure = *layout;
    ph_slice_t slice;
    ph_quantity_curves_t curves = {
        .figure = &figure, .slice = &slice, .low = INFINITY, .high = -INFINITY, .least = INFINITY};
    const ph_figure_files_t files = {word, "quantity.gp", write_data, write_script};
    int status = ph_slice_resolve(&slice, job->selection, job->request, report);
    if (status != PH_OK)
        return status;
    ph_slice_word(job->request, word);
    count_all(&curves);
    curves.inset.part = &job->request->inset;
    figure.patterns = curves.panels;
    status = read_places(&curves, job, report);
    if (status == PH_OK)
        status = ph_figure_write(&figure, &files, &curves, drawn, report);
    if (status == PH_OK && curves.series < curves.all)
        ph_note(report, "%s: %zu of %zu lines are drawn; --point chooses others",
                drawn->scripts[drawn->count - 1], curves.series, curves.all);
    free(curves.places);
    free(curves.each);
    free(curves.read);
    ph_inset_free(&curves.inset);
    ph_lone_free(&curves.lones);
    return status;
}

const ph_figure_kind_t PH_FIGURE_ROW_QUANTITY = {
    .word = "quantity",
    .help = "of a run: what --y names over an axis, exact sums, theory",
    .of = PH_FIGURE_OF_RUN,
    .axes = 1,
    .inset = true,
    .on_demand = true,
    .file_word = ph_slice_word,
    .arrange = arrange,
    .check = check,
    .draw = draw,
};
