/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare/transition.h"

#include <math.h>
#include <string.h>

static const double STEP = 0.02; /* of the noise, between the states of the search */
static const double BACK = 1e-5; /* how near a state comes to itself by way of another noise */
enum { STEPS = 16, HALVINGS = 12, ROWS = 20000 };

/* A state that is followed, and what it becomes at another noise. */
typedef struct {
    ph_meanfield_t problem; /* the point's own, but for the noise */
    ph_state_t state, next, back;
} follow_t;

static int solve(follow_t *self, ph_state_t *state, const ph_state_t *from, double noise)
{
    self->problem.noise = noise;
    memcpy(state->n, from->n, (size_t)from->features * sizeof(*from->n));
    return ph_meanfield_solve(state, &self->problem, NULL);
}

/* Whether the state goes on at another noise: stable there, and coming back it is what it was. A
 * state that jumped, or has lost or gained a component, is not. */
static int goes_on(follow_t *self, double from, double to, bool *on)
{
    int status = solve(self, &self->next, &self->state, to);
    *on = status == PH_OK && self->next.converged && self->next.stability > 0.0;
    if (*on)
        status = solve(self, &self->back, &self->next, from);
    for (int64_t p = 0; *on && p < self->state.features; p++)
        *on = fabs(self->back.n[p] - self->state.n[p]) <= BACK;
    return status;
}

static void take(follow_t *self)
{
    memcpy(self->state.n, self->next.n, (size_t)self->next.features * sizeof(*self->next.n));
}

/* From its noise on by steps of this factor; 0: it goes on all the way. */
static int search(follow_t *self, double noise, double factor, double *found)
{
    double last = noise, beyond = noise;
    bool on = true;
    int status = PH_OK;
    *found = 0.0;
    for (int i = 0; i < STEPS && on && status == PH_OK; i++) {
        beyond = last * factor;
        status = goes_on(self, last, beyond, &on);
        if (!on)
            break;
        take(self);
        last = beyond;
    }
    for (int i = 0; i < HALVINGS && last != beyond && status == PH_OK; i++) {
        const double middle = 0.5 * (last + beyond);
        status = goes_on(self, last, middle, &on);
        if (on)
            take(self);
        *(on ? &last : &beyond) = middle;
        *found = middle;
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
        status = search(&work, own, way == 0 ? 1.0 + STEP : 1.0 / (1.0 + STEP), &found[way]);
    }
    if (status == PH_OK)
        *noise = found[1] == 0.0 || (found[0] > 0.0 && found[0] - own < own - found[1]) ? found[0]
                                                                                        : found[1];
    ph_state_free(&work.state);
    ph_state_free(&work.next);
    ph_state_free(&work.back);
    return status;
}
