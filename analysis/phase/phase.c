/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/phase.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/phase/phase_private.h"
#include "base/floating.h"
#include "base/interrupt.h"

void ph_phase_free(ph_phase_t *self)
{
    for (size_t p = 0; self->points != NULL && p < self->grid->points_count; p++)
        ph_states_free(&self->points[p]);
    for (size_t k = 0; self->directions != NULL && k < self->directions_count; k++) {
        free(self->directions[k].ends);
        free(self->directions[k].changes);
    }
    ph_curves_free(&self->curves);
    free(self->points);
    free(self->examples);
    free(self->directions);
    memset(self, 0, sizeof(*self));
}

/* Whether every key of an axis is a number along which the mean field is a smooth family. */
static bool continuous(const ph_axis_t *axis)
{
    static const ph_key_t KEYS[] = {PH_KEY_DILUTION, PH_KEY_NOISE, PH_KEY_QUALITY, PH_KEY_ENTROPY,
                                    PH_KEY_BLANK_FIDELITY};
    if (axis->size < 2)
        return false;
    for (size_t c = 0; c < axis->coordinates_count; c++) {
        bool known = false;
        for (size_t k = 0; k < sizeof(KEYS) / sizeof(KEYS[0]); k++)
            known = known || axis->coordinates[c].key == KEYS[k];
        if (!known)
            return false;
    }
    return true;
}

int ph_phase_init(ph_phase_t *self, const ph_grid_t *grid)
{
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    self->points = calloc(grid->points_count, sizeof(*self->points));
    self->examples = calloc(grid->points_count, sizeof(*self->examples));
    self->directions = calloc(grid->axes_count + 1, sizeof(*self->directions));
    if (self->points == NULL || self->examples == NULL || self->directions == NULL)
        return PH_ERR_MEMORY;
    for (size_t a = 0; a < grid->axes_count; a++) {
        if (!continuous(&grid->axes[a]))
            continue;
        ph_direction_t *direction = &self->directions[self->directions_count++];
        direction->axis = a;
        direction->ends = calloc(grid->points_count, sizeof(*direction->ends));
        direction->changes = calloc(grid->points_count, sizeof(*direction->changes));
        if (direction->ends == NULL || direction->changes == NULL)
            return PH_ERR_MEMORY;
    }
    return PH_OK;
}

bool ph_phase_next(const ph_grid_t *grid, size_t point, size_t axis, size_t *next)
{
    size_t index[PH_MAX_AXES], stride = 1;
    ph_grid_unravel(grid, point, index);
    for (size_t a = axis + 1; a < grid->axes_count; a++)
        stride *= grid->axes[a].size;
    *next = point + stride;
    return index[axis] + 1 < grid->axes[axis].size;
}

/* The axis' values at a point and at the next; NULL at the last. */
static const double *values_from(const ph_grid_t *grid, size_t axis, size_t point)
{
    size_t index[PH_MAX_AXES];
    ph_grid_unravel(grid, point, index);
    return index[axis] + 1 < grid->axes[axis].size
               ? grid->axes[axis].coordinates[0].values + index[axis]
               : NULL;
}

double ph_phase_place(const ph_grid_t *grid, size_t axis, size_t point, double share)
{
    PH_FLOATING_GUARD();
    const double *values = values_from(grid, axis, point);
    return values != NULL ? values[0] + share * (values[1] - values[0]) : (double)NAN;
}

double ph_phase_share(const ph_grid_t *grid, size_t axis, size_t point, double place)
{
    PH_FLOATING_GUARD();
    const double *values = values_from(grid, axis, point);
    return values != NULL ? (place - values[0]) / (values[1] - values[0]) : (double)NAN;
}

const ph_direction_t *ph_phase_direction(const ph_phase_t *self, size_t axis)
{
    for (size_t k = 0; k < self->directions_count; k++)
        if (self->directions[k].axis == axis)
            return &self->directions[k];
    return NULL;
}

static int solve_point(ph_phase_t *self, size_t point)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = self->grid;
    int status = ph_states_find(&self->points[point], &grid->points[point], grid->average, NULL);
    return status == PH_OK ? ph_example_state_find(&self->examples[point], &grid->points[point])
                           : status;
}

static int solve_edge(ph_phase_t *self, size_t direction, size_t point)
{
    PH_FLOATING_GUARD();
    const ph_grid_t *grid = self->grid;
    ph_direction_t *along = &self->directions[direction];
    size_t next;
    ph_path_t path;
    if (!ph_phase_next(grid, point, along->axis, &next) || self->points[point].count == 0 ||
        self->points[next].count == 0)
        return PH_OK;
    int status = ph_path_init(&path, &grid->points[point], &grid->points[next], grid->average);
    if (status == PH_OK)
        status = ph_boundary_find(&path, &self->points[point], &self->points[next],
                                  &along->ends[point], &along->changes[point]);
    if (status == PH_OK)
        status = ph_boundary_example_state(&path, &self->points[point], &self->points[next],
                                           &self->examples[point], &self->examples[next],
                                           &along->ends[point]);
    return status;
}

void ph_phase_count(ph_phase_t *self)
{
    self->left_out = self->unreached = self->incomplete = self->truncated = 0;
    self->doubtful = 0;
    for (size_t p = 0; p < self->grid->points_count; p++) {
        const ph_states_t *states = &self->points[p];
        self->left_out += states->count == 0;
        self->unreached += states->count > 0 && states->reached < 0;
        self->incomplete += states->count > 0 && !isnan(states->degree) && states->degree != 1.0;
        self->truncated += states->left_out > 0;
        self->doubtful += states->doubtful;
    }
}

static int conclude(ph_phase_t *self, const int *status, size_t count, ph_report_t *report)
{
    for (size_t i = 0; i < count; i++)
        if (status[i] != PH_OK && status[i] != PH_ERR_UNSUPPORTED)
            return ph_fail(report, status[i], "the phase diagram at point %zu failed: %s",
                           i % self->grid->points_count, ph_status_text(status[i]));
    ph_phase_count(self);
    if (self->left_out == self->grid->points_count)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "all states are found for network.patterns up to %d; every point has more",
                       (int)PH_STATES_PATTERNS_MAX);
    if (self->left_out > 0)
        ph_note(report, "%zu of %zu points have more than %d patterns and are left out",
                self->left_out, self->grid->points_count, (int)PH_STATES_PATTERNS_MAX);
    return PH_OK;
}

int ph_phase_solve(ph_phase_t *self, const ph_grid_t *grid, int threads, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    const int points = (int)grid->points_count;
    memset(self, 0, sizeof(*self));
    if (ph_grid_is_given(grid))
        return ph_fail(
            report, PH_ERR_UNSUPPORTED,
            "a phase diagram is of the infinite network, whose patterns are drawn, and "
            "the grid's are given; 'polyhebb phase' looks for the states of their network");
    int status = ph_phase_init(self, grid);
    const int edges = points * (int)self->directions_count;
    int *statuses = calloc(grid->points_count * (1 + grid->axes_count), sizeof(*statuses));
    if (status != PH_OK || statuses == NULL) {
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for the states of %d points", points);
        goto out;
    }
#pragma omp parallel for schedule(dynamic) num_threads(threads > 0 ? threads : 1)
    for (int p = 0; p < points; p++)
        statuses[p] = ph_interrupted() ? PH_ERR_INTERRUPTED : solve_point(self, (size_t)p);
    status = conclude(self, statuses, grid->points_count, report);
    if (status != PH_OK)
        goto out;
#pragma omp parallel for schedule(dynamic) num_threads(threads > 0 ? threads : 1)
    for (int e = 0; e < edges; e++)
        statuses[e] = ph_interrupted()
                          ? PH_ERR_INTERRUPTED
                          : solve_edge(self, (size_t)(e / points), (size_t)(e % points));
    status = conclude(self, statuses, (size_t)edges, NULL);
    if (status == PH_OK)
        status = ph_curves_trace(&self->curves, self, threads > 0 ? threads : 1);
    if (status != PH_OK)
        ph_fail(report, status, "the boundaries of a phase diagram cannot be traced: %s",
                ph_status_text(status));
out:
    free(statuses);
    if (status != PH_OK)
        ph_phase_free(self);
    return status;
}
