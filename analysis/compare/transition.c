/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/transition.h"

#include <math.h>
#include <string.h>

#include "base/report.h"

static const double STEP = 0.02; /* of the noise, between the states of the search, at most */
static const double LEAST = STEP / 4096.0;
static const double BACK = 1e-5; /* how near a state comes to itself by way of another noise */
static const double REACH = 0.1; /* how far a state moves in a step without a jump */
enum { STEPS = 16, ROWS = 20000 };

/* A state that is followed, and what it becomes at another noise. */
typedef struct {
    ph_meanfield_t problem; /* the point's own, but for the noise */
    ph_state_t state, next, back;
} follow_t;

/* The state near `from` at another noise; not `on`: there is none, or it is not stable. */
static int solve(follow_t *self, ph_state_t *state, const ph_state_t *from, double noise, bool *on)
{
    self->problem.noise = noise;
    memcpy(state->n, from->n, (size_t)from->features * sizeof(*from->n));
    const int status = ph_meanfield_newton(state, &self->problem, REACH);
    *on = status == PH_OK && state->converged && state->stability > 0.0;
    return status == PH_ERR_NUMERIC ? PH_OK : status;
}

/* Whether the state goes on at another noise: stable there, and coming back it is what it was. A
 * state that jumped, or has lost or gained a component, is not. */
static int goes_on(follow_t *self, double from, double to, bool *on)
{
    bool back = false;
    int status = solve(self, &self->next, &self->state, to, on);
    if (*on && status == PH_OK)
        status = solve(self, &self->back, &self->next, from, &back);
    *on = *on && back;
    for (int64_t p = 0; *on && p < self->state.features; p++)
        *on = fabs(self->back.n[p] - self->state.n[p]) <= BACK;
    return status;
}

static void take(follow_t *self)
{
    memcpy(self->state.n, self->next.n, (size_t)self->next.features * sizeof(*self->next.n));
}

/* From its noise on, upwards (way 1) or downwards (-1), by smaller steps where a larger one fails;
 * 0: it goes on for all of STEPS. Nothing is looked for by the flow, which creeps at the end of a
 * state. */
static int search(follow_t *self, double noise, int way, double *found)
{
    double step = STEP, gone = 0.0;
    int status = PH_OK;
    *found = 0.0;
    while (status == PH_OK && gone < STEPS * STEP) {
        bool on = false;
        const double last = noise * exp(way * gone), next = noise * exp(way * (gone + step));
        status = goes_on(self, last, next, &on);
        if (on) {
            take(self);
            gone += step;
            step = fmin(2.0 * step, STEP);
        } else if (step > LEAST) {
            step *= 0.5;
        } else {
            *found = 0.5 * (last + next);
            break;
        }
    }
    return status;
}

int ph_transition_find(const ph_meanfield_t *problem, const ph_state_t *start, double *noise)
{
    const double own = problem->noise;
    follow_t work = {.problem = *problem};
    double found[2] = {0.0, 0.0};
    *noise = 0.0;
    if (!(own > 0.0) || !start->converged || !(start->stability > 0.0) || problem->count > ROWS)
        return PH_OK;
    int status = ph_state_init(&work.state, start->features, start->patterns);
    if (status == PH_OK)
        status = ph_state_init(&work.next, start->features, start->patterns);
    if (status == PH_OK)
        status = ph_state_init(&work.back, start->features, start->patterns);
    for (int way = 0; way < 2 && status == PH_OK; way++) {
        memcpy(work.state.n, start->n, (size_t)start->features * sizeof(*start->n));
        status = search(&work, own, way == 0 ? 1 : -1, &found[way]);
    }
    if (status == PH_OK)
        *noise = found[1] == 0.0 || (found[0] > 0.0 && found[0] - own < own - found[1]) ? found[0]
                                                                                        : found[1];
    ph_state_free(&work.state);
    ph_state_free(&work.next);
    ph_state_free(&work.back);
    return status;
}
