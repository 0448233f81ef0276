/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/meanfield.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield_private.h"

/* Fields below this fraction of their largest possible value count as ties at zero noise, and
 * magnetizations this close as equal or zero by symmetry: far above rounding, far below physics. */
static const double TIE = 1e-12;
static const double STEP = 0.2;        /* of the flow, in sweeps */
static const double TOLERANCE = 1e-12; /* of the residual of a converged state */
static const double NEWTON_REACH = 1e-3;

int ph_state_init(ph_state_t *self, int64_t patterns)
{
    memset(self, 0, sizeof(*self));
    self->magnetization = calloc((size_t)patterns, sizeof(*self->magnetization));
    if (self->magnetization == NULL)
        return PH_ERR_MEMORY;
    self->patterns = patterns;
    self->free_energy = self->residual = self->stability = NAN;
    return PH_OK;
}

void ph_state_free(ph_state_t *self)
{
    free(self->magnetization);
    memset(self, 0, sizeof(*self));
}

void ph_meanfield_start(const ph_rows_t *rows, const ph_start_t *start, double *m)
{
    const size_t patterns = (size_t)rows->patterns;
    memset(m, 0, patterns * sizeof(*m));
    for (size_t i = 0; i < rows->count; i++) {
        const int8_t *row = rows->rows + i * patterns;
        const double spin = rows->weights[i] * start->spin(row, rows->patterns);
        for (size_t mu = 0; mu < patterns; mu++)
            m[mu] += spin * row[mu];
    }
    for (size_t mu = 0; mu < patterns; mu++)
        if (fabs(m[mu]) < TIE)
            m[mu] = 0.0;
}

static double field(const int8_t *row, const double *g, const double *m, size_t patterns)
{
    double h = 0.0;
    for (size_t mu = 0; mu < patterns; mu++)
        h += g[mu] * m[mu] * row[mu];
    return h;
}

static double field_scale(const double *g, const double *m, size_t patterns)
{
    double scale = 0.0;
    for (size_t mu = 0; mu < patterns; mu++)
        scale += fabs(g[mu] * m[mu]);
    return scale;
}

/* sign(h) with ties within `tie`; tanh(h/T) above zero noise. */
static double spin_mean(double h, double noise, double tie)
{
    if (noise > 0.0)
        return tanh(h / noise);
    return h > tie ? 1.0 : h < -tie ? -1.0 : 0.0;
}

double ph_meanfield_spin(const ph_rows_t *rows, size_t i, const double *g, double noise,
                         const double *m)
{
    const size_t patterns = (size_t)rows->patterns;
    return spin_mean(field(rows->rows + i * patterns, g, m, patterns), noise,
                     TIE * field_scale(g, m, patterns));
}

void ph_meanfield_map(const ph_rows_t *rows, const double *g, double noise, const double *m,
                      double *out)
{
    const size_t patterns = (size_t)rows->patterns;
    const double tie = TIE * field_scale(g, m, patterns);
    memset(out, 0, patterns * sizeof(*out));
    for (size_t i = 0; i < rows->count; i++) {
        const int8_t *row = rows->rows + i * patterns;
        const double t = rows->weights[i] * spin_mean(field(row, g, m, patterns), noise, tie);
        for (size_t mu = 0; mu < patterns; mu++)
            out[mu] += t * row[mu];
    }
}

double ph_meanfield_free_energy(const ph_rows_t *rows, const double *g, double noise,
                                const double *m)
{
    const size_t patterns = (size_t)rows->patterns;
    double energy = 0.0, entropy = 0.0;
    for (size_t mu = 0; mu < patterns; mu++)
        energy += 0.5 * g[mu] * m[mu] * m[mu];
    /* T log 2 cosh(h/T) = |h| + T log(1 + exp(-2|h|/T)): no overflow at any noise. */
    for (size_t i = 0; i < rows->count; i++) {
        const double h = fabs(field(rows->rows + i * patterns, g, m, patterns));
        energy -= rows->weights[i] * h;
        if (noise > 0.0)
            entropy += rows->weights[i] * log1p(exp(-2.0 * h / noise));
    }
    return energy - noise * entropy;
}

static double largest_difference(const double *a, const double *b, size_t n)
{
    double largest = 0.0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(a[i] - b[i]));
    return largest;
}

/*
 * Components that were equal, or zero, and would part by rounding alone are put back. The flow
 * keeps such symmetries exactly; at an unstable symmetric state rounding would break them in a
 * way that depends on the compiler.
 */
static void keep_symmetry(const double *g, const double *m, double *next, size_t patterns)
{
    for (size_t mu = 0; mu < patterns; mu++) {
        if (m[mu] == 0.0 && fabs(next[mu]) < TIE)
            next[mu] = 0.0;
        for (size_t nu = 0; nu < mu; nu++)
            if (g[mu] == g[nu] && fabs(m[mu] - m[nu]) < TIE && fabs(next[mu] - next[nu]) < TIE) {
                next[mu] = next[nu];
                break;
            }
    }
}

typedef struct {
    const ph_rows_t *rows;
    const double *g;
    double noise;
    size_t patterns;
    double *mapped, *trial, *matrix; /* [patterns], [patterns], [patterns][patterns] */
} ph_solver_t;

static int solver_init(ph_solver_t *self, const ph_rows_t *rows, const double *g, double noise)
{
    const size_t patterns = (size_t)rows->patterns;
    *self = (ph_solver_t){.rows = rows, .g = g, .noise = noise, .patterns = patterns};
    self->mapped = malloc(patterns * sizeof(double));
    self->trial = malloc(patterns * sizeof(double));
    self->matrix = malloc(patterns * patterns * sizeof(double));
    return self->mapped != NULL && self->trial != NULL && self->matrix != NULL ? PH_OK
                                                                               : PH_ERR_MEMORY;
}

static void solver_free(ph_solver_t *self)
{
    free(self->mapped);
    free(self->trial);
    free(self->matrix);
}

/* Sets self->mapped = F(m) and returns the residual. */
static double evaluate(ph_solver_t *self, const double *m)
{
    ph_meanfield_map(self->rows, self->g, self->noise, m, self->mapped);
    return largest_difference(self->mapped, m, self->patterns);
}

static void flow_step(ph_solver_t *self, double *m)
{
    for (size_t mu = 0; mu < self->patterns; mu++)
        self->trial[mu] = m[mu] + STEP * (self->mapped[mu] - m[mu]);
    keep_symmetry(self->g, m, self->trial, self->patterns);
    memcpy(m, self->trial, self->patterns * sizeof(*m));
}

/*
 * Newton's method from m; m is replaced only by a solution near it. PH_ERR_NUMERIC otherwise, with
 * m as it was.
 */
static int newton(ph_solver_t *self, double *m, int *iterations)
{
    const size_t bytes = self->patterns * sizeof(double);
    double *at = self->trial;
    memcpy(at, m, bytes);
    double residual = evaluate(self, at);
    /* One step beyond the tolerance, as long as it helps: the result is at rounding. */
    for (int step = 0; step < 30 && residual > 1e-15; step++) {
        ph_meanfield_matrix(self->rows, self->g, self->noise, at, self->matrix);
        for (size_t mu = 0; mu < self->patterns; mu++)
            self->mapped[mu] -= at[mu];
        int status = ph_meanfield_newton_step(self->matrix, self->g, self->patterns, self->mapped);
        if (status != PH_OK)
            return status;
        for (size_t mu = 0; mu < self->patterns; mu++)
            at[mu] += self->mapped[mu];
        const double before = residual;
        residual = evaluate(self, at);
        ++*iterations;
        if (largest_difference(at, m, self->patterns) > NEWTON_REACH)
            return PH_ERR_NUMERIC;
        if (residual < TOLERANCE && residual >= 0.5 * before)
            break;
    }
    if (!(residual <= TOLERANCE))
        return PH_ERR_NUMERIC;
    memcpy(m, at, bytes);
    return PH_OK;
}

/* Bounds the work of states that creep (near a transition): a function of the rows alone. */
static int steps_max(const ph_rows_t *rows)
{
    const double work = (double)rows->count * (double)(rows->patterns + 10);
    return (int)fmin(200000.0, fmax(2000.0, 1e9 / work));
}

static int follow_flow(ph_solver_t *self, ph_state_t *state)
{
    double wanted = 1e-6, *m = state->magnetization;
    const int limit = steps_max(self->rows);
    while (state->iterations < limit) {
        const double residual = evaluate(self, m);
        if (residual <= TOLERANCE / 10.0)
            return PH_OK;
        if (residual < wanted) {
            int status = newton(self, m, &state->iterations);
            if (status != PH_ERR_NUMERIC)
                return status;
            wanted /= 10.0;
            evaluate(self, m);
        }
        flow_step(self, m);
        state->iterations++;
    }
    const int status = newton(self, m, &state->iterations);
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/*
 * At zero noise the flow runs straight towards F(m) while no field changes sign, and fields are
 * linear in m: where F(F(m)) = F(m) with every sign as at m, it ends there. Symmetric ridges are
 * the only other rest points, and they are fixed under F as well.
 */
static void follow_flow_cold(ph_solver_t *self, ph_state_t *state)
{
    const size_t patterns = self->patterns;
    double *m = state->magnetization;
    const int limit = steps_max(self->rows);
    for (; state->iterations < limit; state->iterations++) {
        evaluate(self, m);
        keep_symmetry(self->g, m, self->mapped, patterns);
        ph_meanfield_map(self->rows, self->g, self->noise, self->mapped, self->trial);
        if (largest_difference(self->mapped, self->trial, patterns) <= TOLERANCE) {
            memcpy(m, self->mapped, patterns * sizeof(*m));
            return;
        }
        flow_step(self, m);
    }
}

/* Whether a row that takes part sits at zero field; blank rows have none and follow nothing. */
static bool has_ties(const ph_rows_t *rows, const double *g, const double *m)
{
    const size_t patterns = (size_t)rows->patterns;
    for (size_t i = 0; i < rows->count; i++) {
        bool coupled = false;
        for (size_t mu = 0; mu < patterns; mu++)
            coupled = coupled || (rows->rows[i * patterns + mu] != 0 && g[mu] != 0.0);
        if (coupled && ph_meanfield_spin(rows, i, g, 0.0, m) == 0.0)
            return true;
    }
    return false;
}

static int describe(ph_solver_t *self, ph_state_t *state)
{
    double *m = state->magnetization;
    state->residual = evaluate(self, m);
    state->converged = state->residual <= TOLERANCE;
    state->free_energy = ph_meanfield_free_energy(self->rows, self->g, self->noise, m);
    if (self->noise > 0.0) {
        ph_meanfield_matrix(self->rows, self->g, self->noise, m, self->matrix);
        return ph_meanfield_least_eigenvalue(self->matrix, self->patterns, &state->stability);
    }
    state->stability = has_ties(self->rows, self->g, m) ? (double)NAN : 1.0;
    return PH_OK;
}

int ph_meanfield_solve(ph_state_t *self, const ph_rows_t *rows, const double *g, double noise,
                       ph_report_t *report)
{
    ph_solver_t solver;
    self->iterations = 0;
    self->converged = false;
    int status = solver_init(&solver, rows, g, noise);
    if (status != PH_OK)
        goto out;
    if (noise > 0.0)
        status = follow_flow(&solver, self);
    else
        follow_flow_cold(&solver, self);
    if (status == PH_OK)
        status = describe(&solver, self);
out:
    solver_free(&solver);
    if (status != PH_OK)
        return ph_fail(report, status, "the mean field of %zu patterns could not be solved: %s",
                       solver.patterns, ph_status_text(status));
    return PH_OK;
}
