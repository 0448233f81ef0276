/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/estimate/multistate.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "base/status.h"

enum { STEPS_MAX = 500, HALVINGS_MAX = 40 };

/* No step is longer: where states hardly share energies the function is nearly flat, and its second
 * derivatives say nothing of how far. */
static const double REACH = 10.0;

/* What a step needs. Arrays by state, or by pairs of states. */
typedef struct {
    const ph_multistate_t *of;
    size_t states;
    double *share, *gradient, *trial, *step; /* [states] */
    double *hessian;                         /* [states][states] */
    double value;
} solver_t;

double ph_multistate_mixture(const ph_multistate_t *self, const double *f, double e)
{
    double largest = -INFINITY, sum = 0.0;
    for (size_t k = 0; k < self->states; k++)
        if (self->records[k] > 0.0)
            largest = fmax(largest, f[k] - self->slope[k] * e);
    for (size_t k = 0; k < self->states; k++)
        if (self->records[k] > 0.0)
            sum += self->records[k] * exp(f[k] - self->slope[k] * e - largest);
    return largest + log(sum);
}

void ph_multistate_guess(const ph_multistate_t *self, const double *mean, double *f)
{
    f[0] = 0.0;
    for (size_t k = 1; k < self->states; k++)
        f[k] = f[k - 1] + 0.5 * (self->slope[k] - self->slope[k - 1]) * (mean[k] + mean[k - 1]);
}

double ph_multistate_overlap(const ph_multistate_t *self, const double *f, size_t k, size_t l)
{
    double sum = 0.0;
    for (size_t u = 0; u < self->energies; u++) {
        const double e = self->energy[u], mixture = ph_multistate_mixture(self, f, e);
        if (self->count[u] > 0.0)
            sum += self->count[u] * self->records[k] * self->records[l] *
                   exp(f[k] + f[l] - (self->slope[k] + self->slope[l]) * e - 2.0 * mixture);
    }
    return sum / fmin(self->records[k], self->records[l]);
}

/* The convex function sum_e count log(mixture) - sum_k records_k f_k. */
static double value_at(const ph_multistate_t *of, const double *f)
{
    double value = 0.0;
    for (size_t u = 0; u < of->energies; u++)
        if (of->count[u] > 0.0)
            value += of->count[u] * ph_multistate_mixture(of, f, of->energy[u]);
    for (size_t k = 0; k < of->states; k++)
        value -= of->records[k] * f[k];
    return value;
}

/* Its value, gradient and second derivatives at f. */
static void expand(solver_t *self, const double *f)
{
    const ph_multistate_t *of = self->of;
    const size_t n = self->states;
    self->value = 0.0;
    memset(self->gradient, 0, n * sizeof(*self->gradient));
    memset(self->hessian, 0, n * n * sizeof(*self->hessian));
    for (size_t u = 0; u < of->energies; u++) {
        const double count = of->count[u], e = of->energy[u];
        double sum = 0.0, largest = -INFINITY;
        if (!(count > 0.0))
            continue;
        for (size_t k = 0; k < n; k++)
            if (of->records[k] > 0.0)
                largest = fmax(largest, f[k] - of->slope[k] * e);
        for (size_t k = 0; k < n; k++) {
            const double exponent = f[k] - of->slope[k] * e - largest;
            self->share[k] = of->records[k] > 0.0 ? of->records[k] * exp(exponent) : 0.0;
            sum += self->share[k];
        }
        self->value += count * (largest + log(sum));
        for (size_t k = 0; k < n; k++) {
            self->share[k] /= sum;
            self->gradient[k] += count * self->share[k];
            for (size_t l = 0; l < k; l++)
                self->hessian[k * n + l] -= count * self->share[k] * self->share[l];
        }
    }
    for (size_t k = 0; k < n; k++) {
        self->gradient[k] -= of->records[k];
        self->value -= of->records[k] * f[k];
    }
}

/* By how much one step of the equations themselves would change f. */
static double residual(const solver_t *self)
{
    double most = 0.0;
    for (size_t k = 0; k < self->states; k++)
        if (self->of->records[k] > 0.0) {
            const double share = self->gradient[k] / self->of->records[k];
            most = fmax(most, share > -1.0 ? fabs(log1p(share)) : (double)INFINITY);
        }
    return most;
}

/* The Newton step; the state that stays is taken out, as are those that nothing is known of. */
static int newton(solver_t *self, size_t fixed)
{
    const size_t n = self->states;
    for (size_t k = 0; k < n; k++) {
        self->step[k] = -self->gradient[k];
        for (size_t l = 0; l < k; l++)
            self->hessian[l * n + k] = self->hessian[k * n + l];
    }
    /* Rows add to 0: so small ones are no difference of large ones. Where the function is flat the
     * step is bounded. */
    for (size_t k = 0; k < n; k++) {
        for (size_t l = 0; l < n; l++)
            self->hessian[k * n + k] -= l != k ? self->hessian[k * n + l] : 0.0;
        self->hessian[k * n + k] += fabs(self->gradient[k]) / REACH;
    }
    for (size_t k = 0; k < n; k++) {
        if (k != fixed)
            continue;
        for (size_t l = 0; l < n; l++)
            self->hessian[k * n + l] = self->hessian[l * n + k] = 0.0;
        self->hessian[k * n + k] = 1.0;
        self->step[k] = 0.0;
    }
    for (size_t k = 0; k < n; k++) /* no records, or a state by itself whose equation holds */
        if (!(self->hessian[k * n + k] > 0.0))
            self->hessian[k * n + k] = 1.0;
    gsl_matrix_view matrix = gsl_matrix_view_array(self->hessian, n, n);
    gsl_vector_view right = gsl_vector_view_array(self->step, n);
    if (gsl_linalg_cholesky_decomp1(&matrix.matrix) != GSL_SUCCESS ||
        gsl_linalg_cholesky_svx(&matrix.matrix, &right.vector) != GSL_SUCCESS)
        return PH_ERR_NUMERIC;
    return PH_OK;
}

/* As much of the step as does not raise the function, within what rounding leaves of it. */
static void walk(const solver_t *self, double *f)
{
    const double rounding = 1e-12 * fabs(self->value);
    double longest = 0.0;
    for (size_t k = 0; k < self->states; k++)
        longest = fmax(longest, fabs(self->step[k]));
    double length = longest > REACH ? REACH / longest : 1.0;
    for (int i = 0; i < HALVINGS_MAX; i++, length *= 0.5) {
        for (size_t k = 0; k < self->states; k++)
            self->trial[k] = f[k] + length * self->step[k];
        if (value_at(self->of, self->trial) <= self->value + rounding)
            break;
    }
    memcpy(f, self->trial, self->states * sizeof(*f));
}

static int solve(solver_t *self, double *f)
{
    size_t fixed = 0;
    while (fixed + 1 < self->states && !(self->of->records[fixed] > 0.0))
        fixed++;
    for (int i = 0; i < STEPS_MAX; i++) {
        expand(self, f);
        if (residual(self) <= PH_MULTISTATE_TOLERANCE)
            return PH_OK;
        const int status = newton(self, fixed);
        if (status != PH_OK)
            return status;
        walk(self, f);
    }
    return PH_ERR_NUMERIC;
}

int ph_multistate_solve(const ph_multistate_t *self, double *f)
{
    PH_FLOATING_GUARD();
    const size_t n = self->states;
    double *room = calloc(4 * n + n * n, sizeof(*room));
    if (room == NULL)
        return PH_ERR_MEMORY;
    solver_t solver = {self, n, room, room + n, room + 2 * n, room + 3 * n, room + 4 * n, 0.0};
    const int status = solve(&solver, f);
    free(room);
    return status;
}
