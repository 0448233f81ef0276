/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/theory/theory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/theory/kinds.h"
#include "analysis/theory/kinds_private.h"
#include "analysis/theory/theory_private.h"
#include "base/floating.h"
#include "base/interrupt.h"
#include "params/words.h"
#include "sim/model/dimensions.h"

enum { DATASETS_MAX = 32 }; /* of one kind */

const ph_theory_dataset_t *ph_theory_dataset(ph_theory_kind_t kind, size_t i)
{
    return i < ph_theory_solver(kind)->count ? &ph_theory_solver(kind)->datasets[i] : NULL;
}

size_t ph_theory_index(ph_theory_kind_t kind, size_t i)
{
    for (int before = 0; before < (int)kind; before++)
        i += ph_theory_solver((ph_theory_kind_t)before)->count;
    return i;
}

size_t ph_theory_datasets(void)
{
    return ph_theory_index((ph_theory_kind_t)PH_THEORY_WORDS.count, 0);
}

bool ph_theory_holds(const ph_theory_t *self, ph_theory_kind_t kind, size_t i)
{
    const ph_theory_solver_t *solver = ph_theory_solver(kind);
    const ph_theory_dataset_t *dataset = &solver->datasets[i];
    const bool sample = dataset->dims_count > 0 && strcmp(dataset->dims[0], "sample") == 0;
    return (self->kinds >> kind & 1u) != 0 &&
           (!sample || self->samples || solver->always_samples) &&
           (!dataset->loss || self->grid->loss) &&
           (!dataset->learning || ph_grid_learns(self->grid));
}

size_t ph_theory_dim(const ph_grid_t *grid, const char *name)
{
    const ph_dim_id_t id = ph_dimension_find(name);
    return id != PH_DIM_COUNT ? ph_dimension_length(id, grid, grid->patterns_max) : 0;
}

size_t ph_theory_block(const ph_grid_t *grid, const ph_theory_dataset_t *dataset)
{
    size_t numbers = 1;
    for (size_t d = 0; d < dataset->dims_count; d++)
        numbers *= ph_theory_dim(grid, dataset->dims[d]);
    return numbers;
}

size_t ph_theory_codes(const ph_theory_dataset_t *dataset)
{
    size_t codes = dataset->codes != NULL ? 1 : 2;
    for (const char *c = dataset->codes; c != NULL && *c != '\0'; c++)
        codes += *c == ' ';
    return codes;
}

double ph_theory_nothing(const ph_theory_dataset_t *dataset)
{
    return dataset->flag ? dataset->nothing : (double)NAN;
}

int ph_theory_allocate(ph_theory_t *self)
{
    self->values = calloc(ph_theory_datasets(), sizeof(*self->values));
    if (self->values == NULL)
        return PH_ERR_MEMORY;
    for (int k = 0; k < (int)PH_THEORY_WORDS.count; k++)
        for (size_t i = 0; i < ph_theory_solver((ph_theory_kind_t)k)->count; i++) {
            const ph_theory_dataset_t *dataset =
                &ph_theory_solver((ph_theory_kind_t)k)->datasets[i];
            const size_t count = ph_theory_block(self->grid, dataset) * self->grid->points_count;
            if (!ph_theory_holds(self, (ph_theory_kind_t)k, i))
                continue;
            double *values = malloc(count * sizeof(*values));
            if (values == NULL)
                return PH_ERR_MEMORY;
            for (size_t j = 0; j < count; j++)
                values[j] = ph_theory_nothing(dataset);
            self->values[ph_theory_index((ph_theory_kind_t)k, i)] = values;
        }
    return PH_OK;
}

void ph_theory_free(ph_theory_t *self)
{
    for (size_t i = 0; self->values != NULL && i < ph_theory_datasets(); i++)
        free(self->values[i]);
    free(self->values);
    memset(self, 0, sizeof(*self));
}

double *ph_theory_values(const ph_theory_t *self, const char *dataset, size_t point)
{
    for (int k = 0; k < (int)PH_THEORY_WORDS.count; k++)
        for (size_t i = 0; i < ph_theory_solver((ph_theory_kind_t)k)->count; i++) {
            const ph_theory_dataset_t *row = &ph_theory_solver((ph_theory_kind_t)k)->datasets[i];
            double *values = self->values[ph_theory_index((ph_theory_kind_t)k, i)];
            if (strcmp(row->name, dataset) == 0)
                return values != NULL ? values + point * ph_theory_block(self->grid, row) : NULL;
        }
    return NULL;
}

bool ph_theory_solved(const ph_theory_t *self, size_t point)
{
    if (!ph_grid_is_given(self->grid))
        return ph_theory_converged(self, point);
    const double *converged = ph_theory_values(self, "converged_sample", point);
    size_t solved = 0;
    for (size_t s = 0; converged != NULL && s < (size_t)self->grid->samples; s++)
        solved += converged[s] != 0.0;
    return solved == (size_t)self->grid->samples;
}

bool ph_theory_converged(const ph_theory_t *self, size_t point)
{
    const double *converged = ph_theory_values(self, "converged", point);
    return converged != NULL && *converged != 0.0;
}

static void fill_nan(const ph_theory_t *self, ph_theory_kind_t kind, size_t point)
{
    for (size_t i = 0; i < ph_theory_solver(kind)->count; i++) {
        const ph_theory_dataset_t *dataset = &ph_theory_solver(kind)->datasets[i];
        double *values = self->values[ph_theory_index(kind, i)];
        const size_t block = ph_theory_block(self->grid, dataset);
        for (size_t j = 0; values != NULL && j < block; j++)
            values[point * block + j] = ph_theory_nothing(dataset);
    }
}

static ph_theory_outcome_t solve_point(const ph_theory_t *self, ph_theory_kind_t kind, size_t point,
                                       ph_samples_t *drawn)
{
    PH_FLOATING_GUARD();
    const ph_theory_solver_t *solver = ph_theory_solver(kind);
    if (ph_interrupted())
        return (ph_theory_outcome_t){.status = PH_ERR_INTERRUPTED};
    double *out[DATASETS_MAX];
    const bool samples = self->samples || solver->always_samples;
    for (size_t i = 0; i < solver->count; i++) {
        double *values = self->values[ph_theory_index(kind, i)];
        const size_t block = ph_theory_block(self->grid, &solver->datasets[i]);
        out[i] = values != NULL ? values + point * block : NULL;
    }
    ph_theory_task_t task = {.grid = self->grid,
                             .point = &self->grid->points[point],
                             .drawn = drawn,
                             .samples = samples ? (size_t)self->grid->samples : 0,
                             .out = out};
    const int status = solver->solve(&task);
    if (status == PH_ERR_NUMERIC && task.trouble == NULL)
        task.trouble = ph_status_text(status);
    return (ph_theory_outcome_t){status, task.trouble, task.doubtful, task.samples_left_out,
                                 task.not_small};
}

/* Counts the samples whose 1/N correction is none, and says at which points. */
static int note_not_small(const ph_theory_t *self, const ph_theory_outcome_t *found,
                          ph_report_t *report)
{
    char numbers[200];
    const size_t points = self->grid->points_count;
    size_t count = 0;
    bool *there = calloc(points, sizeof(*there));
    if (there == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the theory of %zu points", points);
    for (size_t i = 0; i < points; i++) {
        count += found[i].not_small;
        there[i] = found[i].not_small > 0;
    }
    ph_report_numbers(there, points, numbers, sizeof(numbers));
    if (count > 0)
        ph_note(report,
                "%zu of %zu samples have no small 1/N correction, being too near a transition or "
                "not stable: correction_sample is NaN there and correction_reason_sample says why; "
                "at points %s (counted from 0)",
                count, points * (size_t)self->grid->samples, numbers);
    free(there);
    return PH_OK;
}

/* Says at which points a solver stopped before its answer, each reason once. */
static int note_troubles(const char *name, const ph_theory_outcome_t *found, size_t points,
                         ph_report_t *report)
{
    char numbers[200];
    bool *alike = calloc(points, sizeof(*alike));
    if (alike == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the theory of %zu points", points);
    for (size_t first = 0; first < points; first++) {
        const char *trouble = found[first].trouble;
        bool said = trouble == NULL;
        for (size_t i = 0; i < first && !said; i++)
            said = found[i].trouble != NULL && strcmp(found[i].trouble, trouble) == 0;
        if (said)
            continue;
        for (size_t i = 0; i < points; i++)
            alike[i] = found[i].trouble != NULL && strcmp(found[i].trouble, trouble) == 0;
        ph_report_numbers(alike, points, numbers, sizeof(numbers));
        ph_note(report, "theory %s: %s: at points %s (counted from 0)", name, trouble, numbers);
    }
    free(alike);
    return PH_OK;
}

int ph_theory_conclude(const ph_theory_t *self, ph_theory_kind_t kind,
                       const ph_theory_outcome_t *found, bool *unconverged, ph_report_t *report)
{
    const size_t points = self->grid->points_count;
    const char *name = ph_theory_kind_name(kind), *limits = ph_theory_solver(kind)->limits;
    size_t left_out = 0, doubtful = 0, samples_left_out = 0;
    for (size_t i = 0; i < points; i++) {
        const int status = found[i].status;
        left_out += status == PH_ERR_UNSUPPORTED;
        doubtful += found[i].doubtful;
        samples_left_out += found[i].samples_left_out;
        unconverged[i] = unconverged[i] || status != PH_OK || found[i].trouble != NULL;
        if (status == PH_ERR_NUMERIC)
            fill_nan(self, kind, i);
        else if (status != PH_OK && status != PH_ERR_UNSUPPORTED)
            return ph_fail(report, status, "theory %s: point %zu failed: %s", name, i,
                           ph_status_text(status));
    }
    if (left_out == points) {
        note_troubles(name, found, points, report);
        return ph_fail(report, PH_ERR_UNSUPPORTED, "theory %s covers %s; every point is beyond",
                       name, limits);
    }
    if (left_out > 0)
        ph_note(report, "theory %s covers %s; %zu of %zu points are left out", name, limits,
                left_out, points);
    if (samples_left_out > 0)
        ph_note(report, "theory %s: %zu of %zu points have samples with too many features (%s)",
                name, samples_left_out, points, ph_theory_solver(kind)->sample_limits);
    if (doubtful > 0)
        ph_note(report,
                "at %zu of %zu points the Gaussian limit in the examples may have the wrong phase "
                "(low noise, and M r^2, M (1 - r^2) or M (1 - s) below 10); theory.average: exact "
                "where its rows allow",
                doubtful, points);
    const int status = note_not_small(self, found, report);
    return status == PH_OK ? note_troubles(name, found, points, report) : status;
}

int ph_theory_solve(ph_theory_t *self, const ph_grid_t *grid, unsigned kinds, bool with_samples,
                    int threads, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    self->kinds = kinds;
    self->samples = with_samples || ph_grid_is_given(grid);
    if (ph_grid_is_given(grid))
        ph_note(report, "the patterns are given, which no infinite network has: the theory is of "
                        "the samples, and what is of that network is nan");
    const size_t points = grid->points_count;
    ph_theory_outcome_t *found = calloc(points, sizeof(*found));
    bool *unconverged = calloc(points, sizeof(*unconverged));
    ph_samples_t drawn;
    int status = ph_samples_init(&drawn, grid->seed, PH_SAMPLES_BYTES);
    if (status == PH_OK)
        status = found == NULL || unconverged == NULL ? PH_ERR_MEMORY : ph_theory_allocate(self);
    if (status != PH_OK) {
        ph_fail(report, status, "no memory for the theory of %zu points", points);
        goto out;
    }
    for (int k = 0; k < (int)PH_THEORY_WORDS.count && status == PH_OK; k++) {
        if ((kinds >> k & 1u) == 0)
            continue;
#pragma omp parallel for schedule(dynamic) num_threads(threads > 0 ? threads : 1)
        for (int i = 0; i < (int)points; i++)
            found[i] = solve_point(self, (ph_theory_kind_t)k, (size_t)i, &drawn);
        status = ph_theory_conclude(self, (ph_theory_kind_t)k, found, unconverged, report);
    }
    for (size_t i = 0; i < points && status == PH_OK; i++)
        self->unconverged += unconverged[i];
out:
    ph_samples_free(&drawn);
    free(found);
    free(unconverged);
    if (status != PH_OK)
        ph_theory_free(self);
    return status;
}
