/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/phase/example_field.h"

enum { FEATURES = 2 * PH_STATES_PATTERNS_MAX, DESCENTS = 20 };

static const double APART = 1e-6; /* overlaps of examples that differ by more are apart */
static const double LOWER = 1e-12;
static const double PUSH = 0.02; /* of an example's overlap, out of a state of alike examples */

/* Strength of one pattern's signal in a start, relative to the one before: it outweighs all later
 * ones, or counts alike. */
static const double RATIOS[] = {0.25, 1.0};

/* Spins that follow the first `retrieved` patterns, the first `apart` of these by one example. */
static void begin(const ph_example_field_t *self, const ph_point_t *point, size_t apart,
                  size_t retrieved, double ratio, double *n)
{
    const ph_meanfield_t *problem = &self->problem;
    const size_t patterns = (size_t)point->patterns;
    ph_meanfield_t cold = *problem;
    double signals[FEATURES] = {0};
    for (size_t mu = 0; mu < patterns && mu < retrieved; mu++) {
        const double *w = problem->weights + 2 * mu, m = point->examples[mu];
        const double r = point->quality[mu], strength = pow(ratio, (double)mu);
        if (mu >= apart && w[1] > 0.0) /* the field of the sum of all examples */
            signals[2 * mu + 1] = strength * r * (m - 1.0) / m / w[1];
        if (w[0] > 0.0)
            signals[2 * mu] = (mu < apart ? strength : strength / m) / w[0];
    }
    ph_evaluation_t out = {.n = n};
    cold.noise = 0.0;
    ph_meanfield_evaluate(&cold, signals, &out);
}

/* n <- F(n) a few times, which never raises the free energy, then along the flow. */
static int settle(const ph_example_field_t *self, ph_state_t *state)
{
    double next[FEATURES];
    ph_evaluation_t out = {.n = next};
    for (int step = 0; step < DESCENTS; step++) {
        ph_meanfield_evaluate(&self->problem, state->n, &out);
        memcpy(state->n, next, (size_t)state->features * sizeof(*next));
    }
    return ph_meanfield_solve(state, &self->problem, NULL);
}

/* Keeps a state with an example apart, if it is the lowest so far. */
static void keep(ph_example_state_t *self, const ph_example_field_t *field, const ph_point_t *point,
                 const ph_state_t *state)
{
    ph_example_state_t found = {.found = true,
                                .free_energy = state->free_energy,
                                .residual = state->residual,
                                .stability = state->stability};
    bool differ = false;
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        found.single[mu] = state->n[2 * mu];
        found.rest[mu] = point->quality[mu] * state->n[2 * mu + 1];
        found.magnetization[mu] = state->m[2 * mu];
        differ = differ ||
                 (point->examples[mu] > 1.0 && fabs(found.single[mu] - found.rest[mu]) > APART);
    }
    if (!differ || !state->converged ||
        (self->found && self->free_energy <= state->free_energy + LOWER))
        return;
    const double transverse = ph_example_field_transverse(field, state->n);
    if (!isnan(found.stability))
        found.stability = transverse < -1e300 ? (double)NAN : fmin(found.stability, transverse);
    *self = found;
}

static int try_start(ph_example_state_t *self, const ph_example_field_t *field,
                     const ph_point_t *point, ph_state_t *state)
{
    int status = settle(field, state);
    if (status == PH_OK)
        keep(self, field, point, state);
    return status;
}

/*
 * From a state of alike examples that is not stable the flow goes down: one example of one of the
 * patterns retrieved is pushed up or down.
 */
static int try_parting(ph_example_state_t *self, const ph_example_field_t *field,
                       const ph_point_t *point, size_t retrieved, double ratio, ph_state_t *state)
{
    const size_t bytes = (size_t)state->features * sizeof(double);
    double alike[FEATURES];
    begin(field, point, 0, retrieved, ratio, state->n);
    int status = settle(field, state);
    if (status != PH_OK || state->stability > 0.0)
        return status;
    memcpy(alike, state->n, bytes);
    const size_t kinds = ratio < 1.0 ? retrieved : 1; /* equal signals: patterns are alike */
    for (size_t mu = 0; mu < kinds && status == PH_OK; mu++)
        for (int sign = -1; sign <= 1 && status == PH_OK; sign += 2) {
            memcpy(state->n, alike, bytes);
            state->n[2 * mu] += sign * PUSH;
            status = try_start(self, field, point, state);
        }
    return status;
}

int ph_example_state_find(ph_example_state_t *self, const ph_point_t *point)
{
    ph_example_field_t field;
    ph_state_t state = {0};
    memset(self, 0, sizeof(*self));
    int status = ph_example_field_init(&field, point);
    if (status != PH_OK)
        return status == PH_ERR_UNSUPPORTED ? PH_OK : status;
    const size_t patterns = (size_t)point->patterns;
    status = ph_state_init(&state, (int64_t)(2 * patterns), (int64_t)(2 * patterns));
    for (size_t retrieved = 1; retrieved <= patterns; retrieved++)
        for (size_t k = 0; k < (retrieved > 1 ? 2 : 1) && status == PH_OK; k++) {
            for (size_t alone = 1; alone <= retrieved && status == PH_OK; alone++) {
                begin(&field, point, alone, retrieved, RATIOS[k], state.n);
                status = try_start(self, &field, point, &state);
            }
            if (status == PH_OK)
                status = try_parting(self, &field, point, retrieved, RATIOS[k], &state);
        }
    ph_state_free(&state);
    ph_example_field_free(&field);
    return status;
}

int ph_example_state_follow(ph_example_state_t *self, const ph_point_t *point)
{
    const ph_example_state_t last = *self;
    ph_example_field_t field;
    ph_state_t state = {0};
    memset(self, 0, sizeof(*self));
    int status = last.found ? ph_example_field_init(&field, point) : PH_ERR_UNSUPPORTED;
    if (status != PH_OK)
        return status == PH_ERR_UNSUPPORTED ? PH_OK : status;
    const int64_t features = 2 * point->patterns;
    status = ph_state_init(&state, features, features);
    for (size_t mu = 0; status == PH_OK && mu < (size_t)point->patterns; mu++) {
        state.n[2 * mu] = last.single[mu];
        state.n[2 * mu + 1] = last.rest[mu] / point->quality[mu];
    }
    if (status == PH_OK)
        status = try_start(self, &field, point, &state);
    ph_state_free(&state);
    ph_example_field_free(&field);
    return status;
}
