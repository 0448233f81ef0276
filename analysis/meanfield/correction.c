/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"
#include "base/floating.h"

/* Residuals and least eigenvalues below which a state is solved, or marginal: there the overlaps
 * are known to no more than residual over eigenvalue. */
static const double SOLVED = 1e-12, MARGINAL = 1e-6;

/*
 * With f'' = beta S A S (S = sqrt(w), A the stability matrix), C = (f'')^-1 is S^-1 A^-1 S^-1 /
 * beta. The sum over r, s of f'''_qrs C_rs is one average over rows: 2 beta^2 w_q <phi_q t
 * (1 - t^2) v.A^-1 v>, v = S phi. What is left is -(1/2N) C times that: S^-1 A^-1 (S u)(-beta/N),
 * u_q = <phi_q t (1 - t^2) v.A^-1 v>.
 *
 * A magnetization is the feature of a source that acts on nothing: <m_mu> = <xi_mu tanh h(x)> over
 * the Gaussian field x, whose mean moves as above and whose spread is C/N; to first order
 * m_mu + sum_q (w_q/T) <xi_mu phi_q (1 - t^2)> dn_q - (1/(N T)) <xi_mu t (1 - t^2) v.A^-1 v>.
 */
typedef struct {
    const ph_meanfield_t *problem;
    size_t features, patterns;
    const double *inverse;
    double *v;     /* [features] */
    double *u;     /* [features] */
    double *loop;  /* [patterns]: <xi t (1 - t^2) v.A^-1 v> */
    double *mixed; /* [patterns][features]: <xi phi (1 - t^2)> */
} loops_t;

static double quadratic_form(loops_t *self, const double *phi)
{
    const size_t features = self->features;
    double sum = 0.0;
    for (size_t r = 0; r < features; r++)
        self->v[r] = sqrt(self->problem->weights[r]) * phi[r];
    for (size_t r = 0; r < features; r++) {
        double part = 0.0;
        for (size_t s = 0; self->v[r] != 0.0 && s < features; s++)
            part += self->inverse[r * features + s] * self->v[s];
        sum += self->v[r] * part;
    }
    return sum;
}

static void add_loops(loops_t *self, const double *n)
{
    const ph_meanfield_t *problem = self->problem;
    for (size_t i = 0; i < problem->count; i++) {
        const double *phi = problem->phi + i * self->features;
        const double *xi = problem->xi + i * self->patterns;
        double t = 0.0;
        for (size_t p = 0; p < self->features; p++)
            t += problem->weights[p] * n[p] * phi[p];
        t = tanh(t / problem->noise);
        const double slope = problem->probability[i] * (1.0 - t * t);
        const double weight = slope * t * quadratic_form(self, phi);
        for (size_t q = 0; q < self->features; q++)
            self->u[q] += weight * phi[q];
        for (size_t mu = 0; mu < self->patterns; mu++) {
            self->loop[mu] += weight * xi[mu];
            for (size_t q = 0; xi[mu] != 0.0 && q < self->features; q++)
                self->mixed[mu * self->features + q] += slope * xi[mu] * phi[q];
        }
    }
}

static void conclude(const loops_t *self, double neurons, double *n, double *m)
{
    const size_t features = self->features;
    const double *w = self->problem->weights;
    const double scale = 1.0 / (self->problem->noise * neurons);
    for (size_t p = 0; p < features; p++) {
        for (size_t q = 0; w[p] > 0.0 && q < features; q++)
            n[p] -= self->inverse[p * features + q] * sqrt(w[q] / w[p]) * self->u[q];
        n[p] *= scale;
    }
    for (size_t mu = 0; m != NULL && mu < self->patterns; mu++) {
        m[mu] = -scale * self->loop[mu];
        for (size_t q = 0; q < features; q++)
            m[mu] += w[q] * self->mixed[mu * features + q] * n[q] / self->problem->noise;
    }
}

static int loop_correction(const ph_state_t *state, const ph_meanfield_t *problem, int64_t neurons,
                           double *n, double *m, double *share)
{
    const size_t features = (size_t)problem->features, patterns = (size_t)problem->patterns;
    int status = PH_ERR_MEMORY;
    double *inverse = malloc(features * features * sizeof(*inverse));
    double *sums = calloc(2 * features + patterns + patterns * features, sizeof(*sums));
    if (inverse == NULL || sums == NULL)
        goto out;
    ph_meanfield_matrix(problem, state->n, inverse);
    status = ph_matrix_invert(inverse, features);
    if (status != PH_OK)
        goto out;
    loops_t loops = {.problem = problem,
                     .features = features,
                     .patterns = patterns,
                     .inverse = inverse,
                     .v = sums,
                     .u = sums + features,
                     .loop = sums + 2 * features,
                     .mixed = sums + 2 * features + patterns};
    add_loops(&loops, state->n);
    conclude(&loops, (double)neurons, n, m);
    status = ph_correction_next(state, problem, inverse, (double)neurons, n, share);
out:
    free(inverse);
    free(sums);
    return status;
}

/* No field, up to what the solver leaves: a state that turning all spins over does not change,
 * whose averages are its own at every N. */
static bool symmetric(const ph_state_t *state, const ph_meanfield_t *self)
{
    double most = 0.0;
    for (int64_t p = 0; p < self->features; p++)
        most = fmax(most, fabs(state->n[p]));
    return most * state->stability <= 10.0 * SOLVED;
}

static int find_correction(const ph_state_t *state, const ph_meanfield_t *self, int64_t neurons,
                           double *n, double *m, ph_correction_t *became)
{
    double share = 0.0;
    *became = !state->converged                ? PH_CORRECTION_UNSOLVED
              : !(state->stability > MARGINAL) ? PH_CORRECTION_UNSTABLE
                                               : PH_CORRECTION_SMALL;
    /* at zero noise 1 - t^2 and every loop vanish */
    if (*became != PH_CORRECTION_SMALL || self->noise == 0.0 || symmetric(state, self))
        return PH_OK;
    int status = loop_correction(state, self, neurons, n, m, &share);
    if (status == PH_ERR_NUMERIC)
        *became = PH_CORRECTION_UNSTABLE;
    else if (!(share <= PH_CORRECTION_NEXT))
        *became = PH_CORRECTION_LARGE;
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

const char *ph_correction_text(ph_correction_t correction)
{
    static const char *const TEXTS[PH_CORRECTION_COUNT] = {"small", "unsolved", "unstable", "large",
                                                           "absent"};
    return TEXTS[correction];
}

int ph_meanfield_correction(const ph_state_t *state, const ph_meanfield_t *self, int64_t neurons,
                            double *n, double *m, ph_correction_t *became, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    ph_correction_t found = PH_CORRECTION_ABSENT;
    memset(n, 0, (size_t)self->features * sizeof(*n));
    if (m != NULL)
        memset(m, 0, (size_t)self->patterns * sizeof(*m));
    if (became != NULL)
        *became = found;
    if (self->law != PH_NEURON_ROWS)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "the finite-size correction is one of a sample, not of the population");
    if (find_correction(state, self, neurons, n, m, &found) != PH_OK)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for the finite-size correction");
    if (became != NULL)
        *became = found;
    if (found == PH_CORRECTION_SMALL)
        return PH_OK;
    for (int64_t p = 0; p < self->features; p++)
        n[p] = (double)NAN;
    for (int64_t mu = 0; m != NULL && mu < self->patterns; mu++)
        m[mu] = (double)NAN;
    if (found == PH_CORRECTION_LARGE)
        return ph_fail(report, PH_ERR_NUMERIC,
                       "no finite-size correction: with %lld neurons the point is too near a "
                       "transition for an expansion in 1/N (least eigenvalue %g); it needs more "
                       "neurons or another point",
                       (long long)neurons, state->stability);
    return ph_fail(report, PH_ERR_NUMERIC,
                   "no finite-size correction: the mean-field state is not a stable solution "
                   "(least eigenvalue %g); it needs a point away from a transition",
                   state->stability);
}
