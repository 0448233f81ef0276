/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/slowest.h"

#include <math.h>

#include "analysis/phase/metropolis.h"
#include "analysis/phase/states.h"
#include "base/floating.h"

static const double NEAR = 3.0, AS_MUCH = 3.0;

/* By kind. */
static const struct {
    const char *word, *help;
} TEXTS[] = {
    {"-", "one state, which chains go all over"},
    {"well",
     "a chain stays in one well, where its start leads or, if that is open, the deepest: tau "
     "and samples are that well's; others are not visited, however many sweeps"},
    {"coexisting",
     "in one well, too, but a state of another kind weighs as much or more (a line of "
     "first order is near): which a chain is in, and when it changes, tau does not "
     "say"},
    {"near", "a transition is nearer than fluctuations of this size: tau is not known, "
             "up to some sqrt(N) sweeps"},
    {"apart", "overlaps of the examples of a pattern do not stay equal there, and states that they "
              "part to theory does not have: tau is not known"},
    {"unknown", "no noise, or no stable state that theory has (given patterns, more than 12)"},
};

const char *ph_slowest_word(ph_slowest_kind_t kind)
{
    return TEXTS[kind].word;
}

const char *ph_slowest_help(ph_slowest_kind_t kind)
{
    return TEXTS[kind].help;
}

/* The state that chains are in: where the start leads or, where that leaves it open, the deepest.
 */
static const ph_fixed_point_t *own_state(const ph_states_t *states)
{
    const ph_fixed_point_t *reached =
        states->reached >= 0 ? &states->states[states->reached] : NULL;
    if (reached != NULL && reached->kind != PH_STABILITY_UNSTABLE)
        return reached;
    return states->count > 0 ? &states->states[states->ground] : NULL;
}

/* Whether a state of another kind weighs as much as a chain's own. */
static bool coexists(const ph_states_t *states, const ph_fixed_point_t *own,
                     const ph_point_t *point)
{
    for (size_t k = 0; k < states->count; k++) {
        const ph_fixed_point_t *other = &states->states[k];
        const double more =
            (double)point->neurons * (own->free_energy - other->free_energy) / point->noise;
        if (other->kind != PH_STABILITY_UNSTABLE && !ph_label_equal(own->label, other->label) &&
            more > -AS_MUCH)
            return true;
    }
    return false;
}

static int judge(ph_slowest_t *self, const ph_states_t *states, const ph_point_t *point,
                 ph_average_t average)
{
    const ph_fixed_point_t *own = own_state(states);
    if (own == NULL || own->kind == PH_STABILITY_UNSTABLE || !(own->spectrum[0] > 0.0))
        return PH_OK;
    if (!(own->example_stability > 0.0)) {
        self->kind = PH_SLOWEST_APART;
        return PH_OK;
    }
    self->rate = fmin(own->spectrum[0], own->example_stability);
    if (self->rate * sqrt((double)point->neurons) < NEAR)
        self->kind = PH_SLOWEST_NEAR;
    else if (coexists(states, own, point))
        self->kind = PH_SLOWEST_COEXISTING;
    else
        self->kind = own->label.id == PH_CLASS_PARAMAGNETIC ? PH_SLOWEST_ALL : PH_SLOWEST_WELL;
    return ph_metropolis_tau(point, average, own->overlap, isfinite(own->example_stability),
                             &self->metropolis);
}

int ph_slowest(ph_slowest_t *self, const ph_point_t *point, ph_average_t average)
{
    PH_FLOATING_GUARD();
    ph_states_t states;
    *self =
        (ph_slowest_t){.kind = PH_SLOWEST_UNKNOWN, .rate = (double)NAN, .metropolis = (double)NAN};
    if (!(point->noise > 0.0) || ph_point_is_given(point))
        return PH_OK;
    int status = ph_states_find(&states, point, average, NULL);
    if (status == PH_OK)
        status = judge(self, &states, point, average);
    ph_states_free(&states);
    return status == PH_ERR_MEMORY ? status : PH_OK;
}

/*
 * 1/2 + sum_t of a mode, where neurons that are asked give `gain` = 1 - rate of what the mode is at
 * that moment. In random order all of it decays all the time. One by one, the part of the neurons
 * that were asked holds new values, the rest old ones: dm/ds = gain m(s) - old(s), with old(s) =
 * m(0) in an order drawn anew, and what the neurons of place s were given a sweep before in a fixed
 * order: there a mode has no single rate, but the sum of all sweeps, from equal values on, is
 * (1 - gain/2)/rate.
 */
static double tau_of_sites(double rate, ph_order_t order)
{
    const double gain = 1.0 - rate;
    if (order == PH_ORDER_SEQUENTIAL)
        return 0.5 / rate;
    if (order == PH_ORDER_RANDOM)
        return 0.5 / tanh(0.5 * rate);
    const double rho = gain <= 1e-12 ? 0.0 : exp(gain) - expm1(gain) / gain;
    return 0.5 * (1.0 + rho) / (1.0 - rho);
}

double ph_slowest_tau(const ph_slowest_t *self, ph_sampler_id_t sampler, ph_order_t order)
{
    PH_FLOATING_GUARD();
    const ph_sampler_facts_t *facts = ph_sampler_facts(sampler);
    if (sampler == PH_SAMPLER_METROPOLIS)
        return self->metropolis;
    if (facts->updates == PH_UPDATES_HIDDEN)
        return 1.0 / self->rate - 0.5;
    return facts->law == PH_LAW_GLAUBER ? tau_of_sites(self->rate, order) : (double)NAN;
}
