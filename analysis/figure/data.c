/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/figure/data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/points.h"
#include "analysis/estimate/estimates.h"
#include "analysis/figure/thresholds_private.h"
#include "analysis/meanfield/meanfield.h"
#include "sim/model/starts.h"

/* Values along a refined axis, and how much theory is worth solving for smooth lines. */
enum { FINE_VALUES = 150, FINE_WORK = 4000000, NUMBER_SIZE = 40 };

static int data_init(ph_figure_data_t *self, const ph_grid_t *grid, ph_view_t view)
{
    double **const arrays[] = {&self->mean[0],   &self->mean[1],   &self->error[0],
                               &self->error[1],  &self->theory[0], &self->theory[1],
                               &self->sample[0], &self->sample[1], &self->gaussian,
                               &self->relative,  &self->absolute,  &self->undecided};
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    self->view = view;
    self->patterns = (size_t)grid->patterns_max;
    self->learning = ph_grid_learns(grid) && !ph_grid_is_given(grid);
    const size_t count = grid->points_count * self->patterns;
    for (size_t k = 0; k < sizeof(arrays) / sizeof(arrays[0]); k++) {
        double *values = *arrays[k] = malloc(count * sizeof(double));
        if (values == NULL)
            return PH_ERR_MEMORY;
        for (size_t i = 0; i < count; i++)
            values[i] = (double)NAN;
    }
    return PH_OK;
}

/* Samples whose mean field has no small 1/N correction are in no line of the samples' theory. */
static void note_left_out(const ph_comparison_t *found, ph_report_t *report)
{
    size_t points = 0, samples = 0;
    for (size_t r = 0; r < found->rows_count; r++)
        if (found->rows[r].pattern == 0 && found->rows[r].left_out > 0) {
            points++;
            samples += found->rows[r].left_out;
        }
    if (points > 0)
        ph_note(
            report,
            "%zu samples of %zu points are too near a transition, or not stable, for the theory "
            "of samples, and left out of it",
            samples, points);
}

/* The theory of the wells that the chains are in. Given patterns have that of their samples alone.
 */
static void take_comparison(ph_figure_data_t *self, const ph_comparison_t *found)
{
    const bool given = ph_grid_is_given(self->grid);
    for (size_t r = 0; r < found->rows_count; r++) {
        const ph_comparison_row_t *row = &found->rows[r];
        const size_t i = row->point * self->patterns + (size_t)row->pattern;
        self->undecided[i] = row->verdict == PH_VERDICT_UNDECIDED &&
                             (!isnan(row->sample_theory) || row->left_out > 0);
        if (self->undecided[i] == 0.0 || row->left_out == 0) {
            self->sample[0][i] = row->sample_theory;
            self->sample[1][i] = row->sample_size;
            self->samples = self->samples || (!given && !isnan(row->sample_theory));
        }
        if (row->left_out > 0) /* averages of some samples: the estimates are of all */
            continue;
        self->theory[0][i] = given ? row->sample_theory : row->population;
        self->theory[1][i] = given ? row->sample_size : row->population_size;
    }
}

/* Values of a dataset where the file has it and `to` has none. */
static void take_values(const ph_figure_data_t *self, const ph_theory_t *theory, const char *name,
                        double *to)
{
    for (size_t p = 0; p < self->grid->points_count; p++) {
        const double *values = ph_theory_values(theory, name, p);
        for (size_t mu = 0; values != NULL && mu < (size_t)self->grid->points[p].patterns; mu++)
            if (isnan(to[p * self->patterns + mu]))
                to[p * self->patterns + mu] = values[mu];
    }
}

/* Whether the state of the grid's start is where chains from there stay: a symmetric state that is
 * not stable says nothing of them. */
static bool start_tells(const ph_theory_t *theory, size_t p)
{
    const ph_point_t *point = &theory->grid->points[p];
    return ph_theory_converged(theory, p) &&
           ((ph_start_has(point->start, PH_START_IS_RANKED) && !ph_start_is_forgotten(point)) ||
            ph_theory_values(theory, "stability", p)[0] > 0.0);
}

static void take_theory(ph_figure_data_t *self, const ph_theory_t *theory)
{
    for (size_t p = 0; p < self->grid->points_count; p++)
        for (size_t mu = 0; mu < (size_t)self->grid->points[p].patterns; mu++) {
            const size_t i = p * self->patterns + mu;
            if (!isnan(self->theory[0][i]) || !start_tells(theory, p))
                continue;
            self->theory[0][i] = ph_theory_values(theory, "magnetization", p)[mu];
            self->theory[1][i] = fabs(self->theory[0][i]);
        }
    take_values(self, theory, "magnetization_gaussian", self->gaussian);
}

/* A threshold counts where there is one: not "never", nor from the first example on; and where
 * quality is the same for all numbers of examples. */
static void take_thresholds(ph_figure_data_t *self, const ph_theory_t *theory)
{
    double *const lines[] = {self->relative, self->absolute};
    if (!ph_figure_has_thresholds(self->grid))
        return;
    take_values(self, theory, "threshold_relative", self->relative);
    take_values(self, theory, "threshold_absolute", self->absolute);
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < self->grid->points_count * self->patterns; i++) {
            if (!(lines[k][i] > 0.0) || isinf(lines[k][i]))
                lines[k][i] = (double)NAN;
            self->any_threshold = self->any_threshold || !isnan(lines[k][i]);
        }
}

typedef struct {
    ph_figure_data_t *data;
    ph_runfile_t *run;
} taking_t;

/* In any thread. */
static int take_point(void *task, size_t p, ph_report_t *report)
{
    const taking_t *taking = task;
    ph_figure_data_t *self = taking->data;
    const int64_t patterns = self->grid->points[p].patterns;
    const size_t offset = ph_observable_offset(PH_OBS_MAGNETIZATION, self->grid, patterns);
    ph_estimates_t estimates;
    const int status =
        ph_estimates_read_magnetizations(&estimates, taking->run, p, self->view, report);
    if (status != PH_OK)
        return status;
    const ph_value_t *values[] = {estimates.values + offset,
                                  estimates.even + PH_EVEN_ABSOLUTE * patterns};
    for (size_t kind = 0; kind < 2; kind++)
        for (size_t mu = 0; mu < (size_t)patterns; mu++) {
            self->mean[kind][p * self->patterns + mu] = values[kind][mu].mean;
            self->error[kind][p * self->patterns + mu] = values[kind][mu].error;
        }
    ph_estimates_free(&estimates);
    return PH_OK;
}

static int take_estimates(ph_figure_data_t *self, ph_runfile_t *run, ph_report_t *report)
{
    taking_t taking = {self, run};
    const int status = ph_compare_points(
        self->grid->points_count, ph_compare_sample_bytes(self->grid), take_point, &taking, report);
    for (size_t p = 0; status == PH_OK && p < self->grid->points_count; p++)
        self->empty += isnan(self->mean[0][p * self->patterns]) ? 1 : 0;
    return status;
}

/* Whether lines between the grid's values may be solved on their own, and are worth it. */
static bool refinable(const ph_grid_t *grid, size_t axis)
{
    const ph_axis_t *along = &grid->axes[axis];
    const double rows = 0.5 * pow(3.0, (double)grid->patterns_max);
    const double points = (double)grid->points_count / (double)along->size * FINE_VALUES;
    if (along->coordinates_count != 1 || along->size < 2 || along->size >= FINE_VALUES ||
        ph_schema(along->coordinates[0].key)->type != PH_TYPE_REAL ||
        along->coordinates[0].pattern > 0 || grid->patterns_max > PH_MEANFIELD_PATTERNS_MAX ||
        rows * points > FINE_WORK)
        return false;
    for (size_t p = 0; p < grid->points_count; p++)
        if (!ph_start_has(grid->points[p].start, PH_START_IS_RANKED))
            return false;
    return true;
}

/* "path=[...]": the axis with equal steps between its values. */
static char *fine_axis(const ph_axis_t *axis)
{
    const ph_coordinate_t *coordinate = &axis->coordinates[0];
    const size_t steps = (FINE_VALUES - 1) / (axis->size - 1);
    const size_t size = NUMBER_SIZE * (2 + steps * axis->size);
    char *text = malloc(size);
    if (text == NULL)
        return NULL;
    size_t at = (size_t)snprintf(text, size, "%s=[%.12g", ph_schema_path(coordinate->key),
                                 coordinate->values[0]);
    for (size_t i = 1; i < axis->size; i++)
        for (size_t k = 1; k <= steps; k++) {
            const double from = coordinate->values[i - 1], to = coordinate->values[i];
            const double value = k == steps ? to : from + (to - from) * (double)k / (double)steps;
            at += (size_t)snprintf(text + at, size - at, ", %.12g", value);
        }
    snprintf(text + at, size - at, "]");
    return text;
}

/* No notes: its points are none of the user's; where one is not solved, the line has a gap. */
static int solve_fine(ph_figure_data_t *self, size_t axis, int threads, ph_report_t *report)
{
    char *text = fine_axis(&self->grid->axes[axis]);
    const char *const overrides[] = {text};
    ph_grid_t *fine = malloc(sizeof(*fine));
    int status = PH_ERR_MEMORY;
    if (text != NULL && fine != NULL) {
        ph_grid_init(fine);
        status = ph_grid_parse(fine, self->grid->text, "the run's grid", 1, overrides, report);
        if (status == PH_OK)
            status = ph_theory_solve(&self->fine_theory, fine, 1u << PH_THEORY_MEAN_FIELD, false,
                                     threads, NULL);
        if (status == PH_OK)
            self->fine = fine;
        else
            ph_grid_free(fine);
    }
    if (self->fine == NULL)
        free(fine);
    free(text);
    return status;
}

/* Of a grid that asks for them; beyond their limits there are none. */
static int solve_thresholds(ph_figure_data_t *self, int threads)
{
    const unsigned kind = 1u << PH_THEORY_SIGNAL_TO_NOISE;
    ph_theory_t solved;
    if ((self->grid->kinds & kind) == 0)
        return PH_OK;
    const int status = ph_theory_solve(&solved, self->grid, kind, false, threads, NULL);
    if (status == PH_OK) {
        take_thresholds(self, &solved);
        ph_theory_free(&solved);
    }
    return status == PH_ERR_UNSUPPORTED ? PH_OK : status;
}

/* `refine`: lines between the grid's values are solved beside a theory that is given, too. */
static int find_theory(ph_figure_data_t *self, const ph_theory_t *given, size_t axis, bool refine,
                       int threads, ph_report_t *report)
{
    const bool examples = self->grid->axes[axis].coordinates[0].key == PH_KEY_EXAMPLES;
    ph_theory_t solved;
    int status = PH_OK;
    if (ph_grid_is_given(self->grid)) {
        /* the infinite network's there is none of */
    } else if (given != NULL) {
        take_theory(self, given);
        if (examples)
            take_thresholds(self, given);
        if (refine && refinable(self->grid, axis))
            status = solve_fine(self, axis, threads, report);
    } else if (self->grid->patterns_max <= PH_MEANFIELD_PATTERNS_MAX) {
        status = ph_theory_solve(&solved, self->grid, 1u << PH_THEORY_MEAN_FIELD, false, threads,
                                 report);
        if (status == PH_OK) {
            take_theory(self, &solved);
            ph_theory_free(&solved);
        }
        if (status == PH_OK && refinable(self->grid, axis))
            status = solve_fine(self, axis, threads, report);
        if (status == PH_OK && examples)
            status = solve_thresholds(self, threads);
    }
    for (size_t i = 0; i < self->grid->points_count * self->patterns; i++)
        self->any_theory = self->any_theory || !isnan(self->theory[0][i]);
    return status;
}

int ph_figure_data_read(ph_figure_data_t *self, ph_runfile_t *run, ph_view_t view,
                        ph_report_t *report)
{
    int status = data_init(self, run->base.grid, view);
    if (status != PH_OK)
        return ph_fail(report, status, "no memory for figures of %zu points",
                       run->base.grid->points_count);
    return take_estimates(self, run, report);
}

static int add_theory(ph_figure_data_t *self, const ph_figure_source_t *source, size_t axis,
                      const ph_figure_request_t *request, ph_report_t *report)
{
    take_comparison(self, source->comparison);
    if (self->learning)
        note_left_out(source->comparison, report);
    return find_theory(self, source->theory, axis, request->refine, request->threads, report);
}

int ph_figure_job_data(ph_figure_job_t *self, size_t axis, const ph_figure_data_t **data,
                       ph_report_t *report)
{
    const ph_grid_t *grid = self->selection->grid;
    *data = &self->data;
    if (self->data.grid != NULL)
        return PH_OK;
    if (grid->patterns_max > PH_FIGURE_PATTERNS)
        ph_note(report, "patterns 1 to %d of %lld are drawn", PH_FIGURE_PATTERNS,
                (long long)grid->patterns_max);
    int status = ph_figure_data_read(&self->data, self->source->run, self->request->view, report);
    if (status == PH_OK)
        status = add_theory(&self->data, self->source, axis, self->request, report);
    if (status == PH_OK && self->data.empty > 0)
        ph_note(report, "%zu of %zu points have no records yet and are left out", self->data.empty,
                grid->points_count);
    return status;
}

void ph_figure_data_free(ph_figure_data_t *self)
{
    for (size_t kind = 0; kind < 2; kind++) {
        free(self->mean[kind]);
        free(self->error[kind]);
        free(self->theory[kind]);
        free(self->sample[kind]);
    }
    free(self->gaussian);
    free(self->relative);
    free(self->absolute);
    free(self->undecided);
    if (self->fine != NULL) {
        ph_theory_free(&self->fine_theory);
        ph_grid_free(self->fine);
        free(self->fine);
    }
    memset(self, 0, sizeof(*self));
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
