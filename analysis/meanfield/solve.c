/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/columns_private.h"
#include "analysis/meanfield/stride_private.h"
#include "base/floating.h"

static const double TIE = PH_MEANFIELD_TIE;
static const double STEP = 0.2;        /* of the flow, in sweeps */
static const double TOLERANCE = 1e-12; /* of the residual of a converged state */
static const double NEWTON_REACH = 1e-3;
/* Newton's method takes over at residuals below EARLY between two stable points, else below LATE.
 */
static const double EARLY = 1e-3, EARLY_REACH = 0.02, LATE = 1e-6;
static const double CREEP = 1e-4; /* the longest step in a flow that creeps */
/* A flow creeps after one PATIENCE-th of its steps. */
enum { ASKED_NEXT = 8, NEWTON_STEPS = 60, HALVINGS = 12, PATIENCE = 10 };

int ph_state_init(ph_state_t *self, int64_t features, int64_t patterns)
{
    memset(self, 0, sizeof(*self));
    self->n = calloc((size_t)features, sizeof(*self->n));
    self->m = calloc((size_t)patterns, sizeof(*self->m));
    self->examples = calloc((size_t)patterns, sizeof(*self->examples));
    if (self->n == NULL || self->m == NULL || self->examples == NULL) {
        ph_state_free(self);
        return PH_ERR_MEMORY;
    }
    self->features = features;
    self->patterns = patterns;
    self->free_energy = self->residual = self->stability = NAN;
    return PH_OK;
}

void ph_state_free(ph_state_t *self)
{
    free(self->n);
    free(self->m);
    free(self->examples);
    memset(self, 0, sizeof(*self));
}

static double largest_difference(const double *a, const double *b, size_t n)
{
    double largest = 0.0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(a[i] - b[i]));
    return largest;
}

/*
 * Components that were equal, opposite or zero, and would part by rounding alone are put back. The
 * flow keeps such symmetries exactly; at an unstable symmetric state rounding would break them in a
 * way that depends on the compiler.
 */
static void keep_symmetry(const double *w, const double *n, double *next, size_t features)
{
    for (size_t p = 0; p < features; p++) {
        if (n[p] == 0.0 && fabs(next[p]) < TIE)
            next[p] = 0.0;
        for (size_t q = 0; q < p; q++)
            if (w[p] == w[q] && fabs(n[p] - n[q]) < TIE && fabs(next[p] - next[q]) < TIE) {
                next[p] = next[q];
                break;
            } else if (w[p] == w[q] && fabs(n[p] + n[q]) < TIE && fabs(next[p] + next[q]) < TIE) {
                next[p] = -next[q];
                break;
            }
    }
}

typedef struct {
    const ph_meanfield_t *problem;
    const double *w;
    size_t features;
    double *mapped, *trial, *step, *kept; /* [features] */
    double *matrix;                       /* [features][features] */
} ph_solver_t;

static int solver_init(ph_solver_t *self, const ph_meanfield_t *problem)
{
    const size_t features = (size_t)problem->features;
    *self = (ph_solver_t){.problem = problem, .w = problem->weights, .features = features};
    self->mapped = malloc(features * sizeof(double));
    self->trial = malloc(features * sizeof(double));
    self->step = malloc(features * sizeof(double));
    self->kept = malloc(features * sizeof(double));
    self->matrix = malloc(features * features * sizeof(double));
    return self->mapped != NULL && self->trial != NULL && self->step != NULL &&
                   self->kept != NULL && self->matrix != NULL
               ? PH_OK
               : PH_ERR_MEMORY;
}

static void solver_free(ph_solver_t *self)
{
    free(self->mapped);
    free(self->trial);
    free(self->step);
    free(self->kept);
    free(self->matrix);
}

/* Sets self->mapped = F(n) and returns the residual. */
static double evaluate(ph_solver_t *self, const double *n)
{
    ph_evaluation_t out = {.n = self->mapped};
    ph_meanfield_evaluate(self->problem, n, &out);
    return largest_difference(self->mapped, n, self->features);
}

static void flow_step(ph_solver_t *self, double *n)
{
    for (size_t p = 0; p < self->features; p++)
        self->trial[p] = n[p] + STEP * (self->mapped[p] - n[p]);
    keep_symmetry(self->w, n, self->trial, self->features);
    memcpy(n, self->trial, self->features * sizeof(*n));
}

/* Newton's step at `at`, where self->mapped = F, shortened until the residual does not grow. */
static int newton_step(ph_solver_t *self, double *at, double *residual)
{
    const size_t features = self->features;
    int status = PH_OK;
    for (size_t p = 0; p < features; p++)
        self->step[p] = self->mapped[p] - at[p];
    if (!ph_columns_newton(self->problem, at, self->step)) {
        ph_meanfield_matrix(self->problem, at, self->matrix);
        status = ph_newton_step(self->matrix, self->w, features, self->step);
    }
    if (status != PH_OK)
        return status;
    const double before = *residual;
    for (int halving = 0; halving < HALVINGS; halving++) {
        for (size_t p = 0; p < features; p++)
            at[p] += self->step[p];
        *residual = evaluate(self, at);
        if (*residual <= before || before <= TOLERANCE)
            return PH_OK;
        for (size_t p = 0; p < features; p++) {
            at[p] -= self->step[p];
            self->step[p] *= 0.5;
        }
    }
    *residual = before;
    return PH_ERR_NUMERIC;
}

/*
 * Newton's method from n; n is replaced only by a solution within `reach` of it. PH_ERR_NUMERIC
 * otherwise, with n as it was.
 */
static int newton(ph_solver_t *self, double *n, double reach, int *iterations)
{
    const size_t bytes = self->features * sizeof(double);
    double *at = self->trial;
    memcpy(at, n, bytes);
    double residual = evaluate(self, at);
    /* One step beyond the tolerance, as long as it helps: the result is at rounding. */
    for (int step = 0; step < NEWTON_STEPS && residual > 1e-15; step++) {
        const double before = residual;
        int status = newton_step(self, at, &residual);
        if (status == PH_ERR_NUMERIC && before <= TOLERANCE)
            break;
        if (status != PH_OK)
            return status;
        ++*iterations;
        if (largest_difference(at, n, self->features) > reach)
            return PH_ERR_NUMERIC;
        if (residual < TOLERANCE && residual >= 0.5 * before)
            break;
    }
    if (!(residual <= TOLERANCE))
        return PH_ERR_NUMERIC;
    keep_symmetry(self->w, n, at, self->features);
    memcpy(n, at, bytes);
    return PH_OK;
}

/* PH_ERR_NUMERIC where the state at n is not stable. */
static int require_stable(ph_solver_t *self, const double *n)
{
    ph_meanfield_matrix(self->problem, n, self->matrix);
    const int status = ph_meanfield_spectrum(self->matrix, self->features, self->step);
    return status != PH_OK ? status : self->step[0] > 0.0 ? PH_OK : PH_ERR_NUMERIC;
}

/* The stable state near n, where the flow is contracting at n and there. */
static int newton_early(ph_solver_t *self, double *n, int *iterations)
{
    const size_t bytes = self->features * sizeof(double);
    memcpy(self->kept, n, bytes);
    int status = require_stable(self, n);
    if (status == PH_OK)
        status = newton(self, n, EARLY_REACH, iterations);
    if (status == PH_OK)
        status = require_stable(self, n);
    if (status != PH_OK)
        memcpy(n, self->kept, bytes);
    return status;
}

/* The rest point that Newton's method comes to from n, where it is certain that the flow does. */
static int newton_certain(ph_solver_t *self, double *n, int *iterations)
{
    const size_t bytes = self->features * sizeof(double);
    double square = 0.0;
    if (!ph_columns_contract(self->problem, n, 0.0))
        return PH_ERR_NUMERIC;
    memcpy(self->kept, n, bytes);
    const int status = newton(self, n, INFINITY, iterations);
    for (size_t p = 0; p < self->features; p++)
        square += self->w[p] * (self->kept[p] - n[p]) * (self->kept[p] - n[p]);
    if (status == PH_OK && ph_columns_contract(self->problem, n, sqrt(square)))
        return PH_OK;
    memcpy(n, self->kept, bytes);
    return status == PH_ERR_MEMORY ? status : PH_ERR_NUMERIC;
}

/* Bounds the work of states that creep (near a transition): a function of the law alone. */
static int steps_max(const ph_meanfield_t *problem)
{
    const double row = problem->law == PH_NEURON_GAUSSIAN ? 600.0 : 10.0;
    const double work = (double)problem->count * ((double)problem->features + row);
    return (int)fmin(200000.0, fmax(2000.0, 1e9 / work));
}

/* Newton's method where it cannot leave what the flow leads to: at LATE, from unstable rests too.
 */
static int finish(ph_solver_t *self, double *n, bool late, int *iterations)
{
    int status = newton_early(self, n, iterations);
    if (status == PH_ERR_NUMERIC && late)
        status = newton(self, n, NEWTON_REACH, iterations);
    return status;
}

/*
 * One implicit Euler step of *h sweeps, where self->mapped = F(n), for a flow that creeps: through
 * a bottleneck that a transition leaves behind the fields hardly turn, and what is far along the
 * other directions has decayed. Towards no unstable rest: *h stays below half its growth time.
 */
static int creep_step(ph_solver_t *self, double *n, double *h)
{
    const size_t features = self->features;
    ph_meanfield_matrix(self->problem, n, self->matrix);
    int status = ph_meanfield_spectrum(self->matrix, features, self->step);
    if (status != PH_OK)
        return status;
    *h = fmin(2.0 * *h, self->step[0] < 0.0 ? -0.5 / self->step[0] : INFINITY);
    for (double largest = INFINITY; largest > CREEP;) {
        ph_meanfield_matrix(self->problem, n, self->matrix);
        for (size_t p = 0; p < features; p++) {
            self->matrix[p * features + p] += 1.0 / *h;
            self->step[p] = self->mapped[p] - n[p];
        }
        status = ph_newton_step(self->matrix, self->w, features, self->step);
        if (status != PH_OK)
            return status;
        largest = 0.0;
        for (size_t p = 0; p < features; p++)
            largest = fmax(largest, fabs(self->step[p]));
        *h *= largest > CREEP ? 0.5 : 1.0;
    }
    for (size_t p = 0; p < features; p++)
        self->trial[p] = n[p] + self->step[p];
    keep_symmetry(self->w, n, self->trial, features);
    memcpy(n, self->trial, features * sizeof(*n));
    return PH_OK;
}

static int follow_flow(ph_solver_t *self, ph_state_t *state)
{
    double wanted = EARLY, h = STEP, stride = STEP, *n = state->n;
    const int limit = steps_max(self->problem);
    for (int asked = 0; state->iterations < limit;) {
        if (state->iterations >= asked) {
            const int status = newton_certain(self, n, &state->iterations);
            if (status != PH_ERR_NUMERIC)
                return status;
            asked = 2 * state->iterations + ASKED_NEXT;
        }
        const double residual = evaluate(self, n);
        if (residual <= TOLERANCE / 10.0)
            return PH_OK;
        if (residual < wanted) {
            const int status = finish(self, n, wanted < 1.5 * LATE, &state->iterations);
            if (status != PH_ERR_NUMERIC)
                return status;
            wanted /= 10.0;
            evaluate(self, n);
        }
        if (ph_stride(self->problem, n, self->mapped, &stride, self->trial)) {
            keep_symmetry(self->w, n, self->trial, self->features);
            memcpy(n, self->trial, self->features * sizeof(*n));
            state->iterations++;
            continue;
        }
        const bool creeps = residual < LATE && state->iterations > limit / PATIENCE;
        if (!creeps || creep_step(self, n, &h) != PH_OK) {
            flow_step(self, n);
            h = STEP;
        }
        state->iterations++;
    }
    const int status = finish(self, n, true, &state->iterations);
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/*
 * At zero noise the flow runs straight towards F(n) while no field changes sign, and fields are
 * linear in n: where F(F(n)) = F(n) with every sign as at n, it ends there. Symmetric ridges are
 * the only other rest points, and they are fixed under F as well.
 */
static void follow_flow_cold(ph_solver_t *self, ph_state_t *state)
{
    const size_t features = self->features;
    double *n = state->n;
    const int limit = steps_max(self->problem);
    ph_evaluation_t out = {.n = self->trial};
    for (; state->iterations < limit; state->iterations++) {
        evaluate(self, n);
        keep_symmetry(self->w, n, self->mapped, features);
        ph_meanfield_evaluate(self->problem, self->mapped, &out);
        if (largest_difference(self->mapped, self->trial, features) <= TOLERANCE) {
            memcpy(n, self->mapped, features * sizeof(*n));
            return;
        }
        flow_step(self, n);
    }
}

static int describe(ph_solver_t *self, ph_state_t *state)
{
    ph_evaluation_t out = {.n = self->mapped, .m = state->m, .free_energy = &state->free_energy};
    ph_meanfield_evaluate(self->problem, state->n, &out);
    state->residual = largest_difference(self->mapped, state->n, self->features);
    if (state->patterns == state->features)
        keep_symmetry(self->w, state->n, state->m, self->features);
    state->converged = state->residual <= TOLERANCE;
    state->doubtful = self->problem->doubtful;
    ph_meanfield_examples(self->problem, state->n, state->examples);
    if (self->problem->noise <= 0.0 && ph_meanfield_ties(self->problem, state->n)) {
        state->stability = NAN;
        return PH_OK;
    }
    ph_meanfield_matrix(self->problem, state->n, self->matrix);
    int status = ph_meanfield_spectrum(self->matrix, self->features, self->step);
    state->stability = self->step[0];
    for (int kind = 0; kind < 2 && status == PH_OK; kind++) {
        if (kind == 0 ? self->problem->group == NULL : !self->problem->examples_apart)
            continue;
        if (kind == 0)
            ph_meanfield_transverse(self->problem, state->n, self->step);
        else
            status = ph_meanfield_example_stability(self->problem, state->n, self->step);
        for (size_t p = 0; p < self->features; p++)
            state->stability = fmin(state->stability, self->step[p]);
    }
    return status;
}

int ph_meanfield_newton(ph_state_t *state, const ph_meanfield_t *self, double reach)
{
    PH_FLOATING_GUARD();
    ph_solver_t solver;
    state->iterations = 0;
    state->converged = false;
    int status = solver_init(&solver, self);
    if (status == PH_OK)
        status = newton(&solver, state->n, reach, &state->iterations);
    if (status == PH_OK)
        status = describe(&solver, state);
    solver_free(&solver);
    return status;
}

int ph_meanfield_solve(ph_state_t *state, const ph_meanfield_t *self, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_solver_t solver;
    state->iterations = 0;
    state->converged = false;
    int status = solver_init(&solver, self);
    if (status != PH_OK)
        goto out;
    if (ph_meanfield_smooth(self))
        status = follow_flow(&solver, state);
    else
        follow_flow_cold(&solver, state);
    if (status == PH_OK)
        status = describe(&solver, state);
out:
    solver_free(&solver);
    if (status != PH_OK)
        return ph_fail(report, status, "the mean field of %lld patterns could not be solved: %s",
                       (long long)self->patterns, ph_status_text(status));
    return PH_OK;
}
