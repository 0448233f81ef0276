/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/theoryfile.h"
#include "sim/model/coupling.h"

static size_t samples_of(const ph_theory_t *self)
{
    return self->sample != NULL ? (size_t)self->grid->samples : 0;
}

void ph_theory_free(ph_theory_t *self)
{
    const size_t points = self->grid != NULL ? self->grid->points_count : 0;
    for (size_t i = 0; self->population != NULL && i < points; i++)
        ph_state_free(&self->population[i]);
    for (size_t i = 0; i < points * samples_of(self); i++)
        ph_state_free(&self->sample[i]);
    free(self->population);
    free(self->sample);
    free(self->correction);
    memset(self, 0, sizeof(*self));
}

static int init_sample(ph_state_t *state, const ph_point_t *point)
{
    return ph_state_init(state, ph_coupling_features(point), point->patterns);
}

static int allocate(ph_theory_t *self, bool with_samples)
{
    const ph_grid_t *grid = self->grid;
    const size_t points = grid->points_count, samples = (size_t)grid->samples;
    int status = PH_OK;
    self->population = calloc(points, sizeof(*self->population));
    if (self->population == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < points && status == PH_OK; i++)
        status =
            ph_state_init(&self->population[i], grid->points[i].patterns, grid->points[i].patterns);
    if (!with_samples || status != PH_OK)
        return status;
    const size_t corrections = points * samples * (size_t)grid->patterns_max;
    self->sample = calloc(points * samples, sizeof(*self->sample));
    self->correction = malloc(corrections * sizeof(*self->correction));
    if (self->sample == NULL || self->correction == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < corrections; i++)
        self->correction[i] = NAN;
    for (size_t i = 0; i < points * samples && status == PH_OK; i++)
        status = init_sample(&self->sample[i], &grid->points[i / samples]);
    return status;
}

static void leave_out(ph_state_t *state)
{
    for (int64_t mu = 0; mu < state->patterns; mu++)
        state->n[mu] = state->m[mu] = NAN;
}

/* Solves from the start; `correction` (NULL: not wanted) stays NaN where there is none. */
static int solve_problem(ph_state_t *state, const ph_point_t *point, const ph_meanfield_t *problem,
                         double *correction)
{
    double n[PH_MEANFIELD_PATTERNS_MAX];
    ph_meanfield_start(problem, point, state->n);
    int status = ph_meanfield_solve(state, problem, NULL);
    if (status != PH_OK || correction == NULL)
        return status;
    status = ph_meanfield_correction(state, problem, point->neurons, n, correction, NULL);
    for (int64_t mu = 0; status == PH_ERR_NUMERIC && mu < point->patterns; mu++)
        correction[mu] = NAN;
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

static int solve_sample(ph_theory_t *self, size_t point, size_t sample)
{
    const ph_grid_t *grid = self->grid;
    const size_t i = point * (size_t)grid->samples + sample;
    const ph_point_t *where = &grid->points[point];
    ph_patterns_t patterns;
    ph_coupling_t coupling = {0};
    ph_meanfield_t problem = {0};
    int status = ph_patterns_draw(&patterns, where, grid->seed, (uint32_t)sample);
    if (status == PH_OK)
        status = ph_coupling_init(&coupling, where, &patterns);
    if (status == PH_OK)
        status = ph_meanfield_init_sample(&problem, where, &coupling, &patterns, NULL);
    if (status == PH_OK)
        status = solve_problem(&self->sample[i], where, &problem,
                               self->correction + i * (size_t)grid->patterns_max);
    ph_meanfield_free(&problem);
    ph_coupling_free(&coupling);
    ph_patterns_free(&patterns);
    return status;
}

static int solve_point(ph_theory_t *self, size_t point)
{
    const ph_point_t *where = &self->grid->points[point];
    ph_meanfield_t problem;
    if (where->patterns > PH_MEANFIELD_PATTERNS_MAX) {
        leave_out(&self->population[point]);
        for (size_t s = 0; s < samples_of(self); s++)
            leave_out(&self->sample[point * samples_of(self) + s]);
        return PH_ERR_UNSUPPORTED;
    }
    int status = ph_meanfield_init_population(&problem, where, self->grid->average, NULL);
    if (status == PH_OK)
        status = solve_problem(&self->population[point], where, &problem, NULL);
    ph_meanfield_free(&problem);
    for (size_t s = 0; s < samples_of(self) && status == PH_OK; s++)
        status = solve_sample(self, point, s);
    return status;
}

/* What the points came to: memory stops all; points with too many patterns are left out. */
static int conclude(ph_theory_t *self, const int *status, ph_report_t *report)
{
    const size_t points = self->grid->points_count;
    size_t left_out = 0;
    for (size_t i = 0; i < points; i++) {
        if (status[i] == PH_ERR_UNSUPPORTED)
            left_out++;
        else if (status[i] != PH_OK)
            return ph_fail(report, status[i], "the mean field of point %zu failed: %s", i,
                           ph_status_text(status[i]));
        self->unconverged += !self->population[i].converged;
    }
    if (left_out == points)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "the mean field covers network.patterns up to %d; every point has more",
                       (int)PH_MEANFIELD_PATTERNS_MAX);
    if (left_out > 0)
        ph_note(report,
                "%zu of %zu points have more than %d patterns; the mean field leaves them out",
                left_out, points, (int)PH_MEANFIELD_PATTERNS_MAX);
    return PH_OK;
}

int ph_theory_solve(ph_theory_t *self, const ph_grid_t *grid, bool with_samples, int threads,
                    ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    const int points = (int)grid->points_count;
    int *statuses = calloc(grid->points_count, sizeof(*statuses));
    int status = statuses == NULL ? PH_ERR_MEMORY : allocate(self, with_samples);
    if (status != PH_OK) {
        ph_fail(report, status, "no memory for the theory of %zu points", grid->points_count);
        goto out;
    }
#pragma omp parallel for schedule(dynamic) num_threads(threads > 0 ? threads : 1)
    for (int i = 0; i < points; i++)
        statuses[i] = solve_point(self, (size_t)i);
    status = conclude(self, statuses, report);
out:
    free(statuses);
    if (status != PH_OK)
        ph_theory_free(self);
    return status;
}
