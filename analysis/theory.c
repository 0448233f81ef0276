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
    for (int64_t p = 0; p < state->features; p++)
        state->n[p] = NAN;
    for (int64_t mu = 0; mu < state->patterns; mu++)
        state->m[mu] = state->examples[mu] = NAN;
}

/* correction[patterns] of a sample's state stays NaN where there is none. */
static int correct(const ph_state_t *state, const ph_point_t *point, const ph_meanfield_t *problem,
                   double *correction)
{
    double *n = malloc((size_t)state->features * sizeof(*n));
    if (n == NULL)
        return PH_ERR_MEMORY;
    int status = ph_meanfield_correction(state, problem, point->neurons, n, correction, NULL);
    free(n);
    for (int64_t mu = 0; status == PH_ERR_NUMERIC && mu < point->patterns; mu++)
        correction[mu] = NAN;
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/* The state of a sample from the point's start. */
static int solve_sample(ph_theory_t *self, size_t point, size_t sample)
{
    const ph_grid_t *grid = self->grid;
    const size_t i = point * (size_t)grid->samples + sample;
    const ph_point_t *where = &grid->points[point];
    ph_patterns_t patterns;
    ph_coupling_t coupling = {0};
    ph_meanfield_t problem = {0};
    ph_state_t *state = &self->sample[i];
    int status = ph_patterns_draw(&patterns, where, grid->seed, (uint32_t)sample);
    if (status == PH_OK)
        status = ph_coupling_init(&coupling, where, &patterns);
    if (status == PH_OK)
        status = ph_meanfield_init_sample(&problem, where, &coupling, &patterns, NULL);
    if (status == PH_OK) {
        ph_meanfield_start(&problem, where, state->n);
        status = ph_meanfield_solve(state, &problem, NULL);
    }
    if (status == PH_OK)
        status = correct(state, where, &problem, self->correction + i * (size_t)grid->patterns_max);
    ph_meanfield_free(&problem);
    ph_coupling_free(&coupling);
    ph_patterns_free(&patterns);
    return status;
}

static int solve_population(ph_state_t *out, const ph_point_t *point, ph_average_t average)
{
    ph_meanfield_t problem;
    ph_state_t state = {0};
    int status = ph_meanfield_init_start(&problem, point, average, NULL);
    if (status == PH_OK)
        status = ph_state_init(&state, problem.features, problem.patterns);
    if (status == PH_OK) {
        ph_meanfield_start(&problem, point, state.n);
        status = ph_meanfield_solve(&state, &problem, NULL);
    }
    if (status == PH_OK) {
        double *n = out->n, *m = out->m, *examples = out->examples;
        const int64_t patterns = out->patterns;
        ph_meanfield_expand(&problem, state.n, n);
        ph_meanfield_expand(&problem, state.m, m);
        ph_meanfield_expand(&problem, state.examples, examples);
        *out = state;
        out->n = n;
        out->m = m;
        out->examples = examples;
        out->features = out->patterns = patterns;
    }
    ph_state_free(&state);
    ph_meanfield_free(&problem);
    return status;
}

/* Population and samples apart: what one of them does not cover may be within the other's reach. */
static int solve_point(ph_theory_t *self, size_t point, int *status_samples)
{
    const ph_point_t *where = &self->grid->points[point];
    int status = solve_population(&self->population[point], where, self->grid->average);
    if (status == PH_ERR_UNSUPPORTED)
        leave_out(&self->population[point]);
    *status_samples = PH_OK;
    for (size_t s = 0; s < samples_of(self); s++) {
        const int found = solve_sample(self, point, s);
        if (found == PH_ERR_UNSUPPORTED || found == PH_ERR_LIMIT)
            leave_out(&self->sample[point * samples_of(self) + s]);
        if (found != PH_OK && (*status_samples == PH_OK || found == PH_ERR_MEMORY))
            *status_samples = found;
    }
    return status;
}

/* What the points came to: memory stops all; points out of reach are left out. */
static int conclude(ph_theory_t *self, const int *status, ph_report_t *report)
{
    const size_t points = self->grid->points_count;
    size_t left_out = 0, samples_left_out = 0, doubtful = 0;
    for (size_t i = 0; i < 2 * points; i++) {
        const bool sample = i >= points;
        if (status[i] == PH_ERR_UNSUPPORTED || (sample && status[i] == PH_ERR_LIMIT))
            *(sample ? &samples_left_out : &left_out) += 1;
        else if (status[i] != PH_OK)
            return ph_fail(report, status[i], "the mean field of point %zu failed: %s", i % points,
                           ph_status_text(status[i]));
    }
    for (size_t i = 0; i < points; i++) {
        self->unconverged += !self->population[i].converged;
        doubtful += self->population[i].doubtful;
    }
    if (left_out == points)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "the mean field covers network.patterns up to %d, or more where the start "
                       "leaves all but so many alike, and exact averages up to %d rows "
                       "(theory.average: auto or gaussian has no such limit); every point has more",
                       (int)PH_MEANFIELD_PATTERNS_MAX, (int)PH_MEANFIELD_ROWS_MAX);
    if (left_out > 0)
        ph_note(report,
                "%zu of %zu points have more patterns that the start tells apart than %d, or more "
                "rows than %d; the mean field leaves them out",
                left_out, points, (int)PH_MEANFIELD_PATTERNS_MAX, (int)PH_MEANFIELD_ROWS_MAX);
    if (samples_left_out > 0)
        ph_note(report,
                "%zu of %zu points have samples with more than %d features; the mean field of "
                "samples leaves them out",
                samples_left_out, points, (int)PH_MEANFIELD_FEATURES_MAX);
    if (doubtful > 0)
        ph_note(report,
                "at %zu of %zu points the Gaussian limit in the examples may have the wrong phase "
                "(low noise, and M r^2, M (1 - r^2) or M (1 - s) below 10); theory.average: exact "
                "where its rows allow",
                doubtful, points);
    return PH_OK;
}

int ph_theory_solve(ph_theory_t *self, const ph_grid_t *grid, bool with_samples, int threads,
                    ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    self->grid = grid;
    const int points = (int)grid->points_count;
    int *statuses = calloc(2 * grid->points_count, sizeof(*statuses));
    int status = statuses == NULL ? PH_ERR_MEMORY : allocate(self, with_samples);
    if (status != PH_OK) {
        ph_fail(report, status, "no memory for the theory of %zu points", grid->points_count);
        goto out;
    }
#pragma omp parallel for schedule(dynamic) num_threads(threads > 0 ? threads : 1)
    for (int i = 0; i < points; i++)
        statuses[i] = solve_point(self, (size_t)i, &statuses[points + i]);
    status = conclude(self, statuses, report);
out:
    free(statuses);
    if (status != PH_OK)
        ph_theory_free(self);
    return status;
}
