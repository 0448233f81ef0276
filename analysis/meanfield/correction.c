/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/expansion.h"
#include "analysis/meanfield/meanfield_private.h"
#include "base/floating.h"

/* Residuals and least eigenvalues below which a state is solved, or marginal: there the overlaps
 * are known to no more than residual over eigenvalue. */
static const double SOLVED = 1e-12, MARGINAL = 1e-6;

/* The first order of the expansion, and the share that the second has in it by estimate. */
static int loop_correction(const ph_state_t *state, const ph_meanfield_t *problem, int64_t neurons,
                           double *n, double *m, double *share)
{
    ph_expansion_t expansion;
    int status = ph_expansion_init(&expansion, state, problem, neurons, PH_EXPANSION_FIRST);
    if (status != PH_OK)
        return status;
    for (int64_t p = 0; p < problem->features; p++)
        n[p] = expansion.overlap[p].first;
    for (int64_t mu = 0; m != NULL && mu < problem->patterns; mu++)
        m[mu] = expansion.magnetization[mu].first;
    status = ph_correction_next(state, problem, expansion.inverse, (double)neurons, n, share);
    ph_expansion_free(&expansion);
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

/* A state without a field has no correction, but variances. */
static int symmetric_share(const ph_state_t *state, const ph_meanfield_t *self, int64_t neurons,
                           double *n, double *share)
{
    const int status = loop_correction(state, self, neurons, n, NULL, share);
    memset(n, 0, (size_t)self->features * sizeof(*n));
    if (status == PH_ERR_NUMERIC)
        *share = (double)INFINITY;
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/* `next`: NULL where it is not wanted of a state without a field. */
static int find_correction(const ph_state_t *state, const ph_meanfield_t *self, int64_t neurons,
                           double *n, double *m, ph_correction_t *became, double *next)
{
    double room, *share = next != NULL ? next : &room;
    *share = state->converged && state->stability > MARGINAL ? 0.0 : (double)INFINITY;
    *became = !state->converged                ? PH_CORRECTION_UNSOLVED
              : !(state->stability > MARGINAL) ? PH_CORRECTION_UNSTABLE
                                               : PH_CORRECTION_SMALL;
    /* at zero noise 1 - t^2 and every loop vanish */
    if (*became != PH_CORRECTION_SMALL || self->noise == 0.0)
        return PH_OK;
    if (symmetric(state, self))
        return next != NULL ? symmetric_share(state, self, neurons, n, next) : PH_OK;
    int status = loop_correction(state, self, neurons, n, m, share);
    if (status == PH_ERR_NUMERIC) {
        *became = PH_CORRECTION_UNSTABLE;
        *share = (double)INFINITY;
    } else if (!(*share <= PH_CORRECTION_NEXT))
        *became = PH_CORRECTION_LARGE;
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

const char *ph_correction_text(ph_correction_t correction)
{
    static const char *const TEXTS[PH_CORRECTION_COUNT] = {"small", "unsolved", "unstable", "large",
                                                           "absent"};
    return TEXTS[correction];
}

static int give_correction(const ph_state_t *state, const ph_meanfield_t *self, int64_t neurons,
                           double *n, double *m, ph_correction_t *became, double *next,
                           ph_report_t *report)
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
    if (find_correction(state, self, neurons, n, m, &found, next) != PH_OK)
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

int ph_meanfield_correction(const ph_state_t *state, const ph_meanfield_t *self, int64_t neurons,
                            double *n, double *m, ph_correction_t *became, ph_report_t *report)
{
    return give_correction(state, self, neurons, n, m, became, NULL, report);
}

int ph_meanfield_correction_next(const ph_state_t *state, const ph_meanfield_t *self,
                                 int64_t neurons, double *n, double *m, double *next,
                                 ph_report_t *report)
{
    return give_correction(state, self, neurons, n, m, NULL, next, report);
}
