/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What to change where a point is undecided, and by how much. */
#include "analysis/compare/advice.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/describe.h"
#include "sim/model/until.h"

static const double MOST = 1e6; /* sweeps, and replicas, that are worth a number */

static const char *const REASONS[PH_REASON_COUNT] = {
    "",
    "too many patterns or examples for the theory",
    "chains not finished",
    "fewer than 4 chains (ensemble)",
    "mean field not converged",
    "state not stable in the sample",
    "near a transition",
    "records begin before equilibrium",
    "chains left the state of their start (no noise)",
    "chains go between wells of opposite sign",
    "chains not equilibrated (R-hat, or some stray)",
    "chains too short for their autocorrelation time",
    "the sampler's law is not exp(-H/T)",
    "chains go to and fro between wells",
};

const char *ph_reason_text(ph_reason_t reason)
{
    return REASONS[reason];
}

/* Where no number is known. */
static const char *const REMEDIES[PH_REASON_COUNT] = {
    [PH_REASON_NONE] = "",
    [PH_REASON_UNSUPPORTED] = "fewer patterns or examples",
    [PH_REASON_INCOMPLETE] = "run again, it goes on",
    [PH_REASON_FEW] = "more ensemble.replicas or samples",
    [PH_REASON_UNSOLVED] = "another point",
    [PH_REASON_UNSTABLE] = "more neurons, or another point",
    [PH_REASON_TRANSITION] = "more neurons, or another point",
    [PH_REASON_TRANSIENT] = "a larger dynamics.burn_in",
    [PH_REASON_LEFT] = "more neurons, or noise",
    [PH_REASON_SIGNS] = "more neurons, or <|m|> by 'polyhebb export'",
    [PH_REASON_UNEQUILIBRATED] = "a larger dynamics.burn_in, more sweeps",
    [PH_REASON_SHORT] = "16 replicas, or more sweeps",
    [PH_REASON_LAW] = "another sampler",
    [PH_REASON_WELLS] = "more neurons, or <|m|> and <m^2> by 'polyhebb export'",
};

/* Of given patterns, whose number of neurons nobody can change. */
static const char *const REMEDIES_GIVEN[PH_REASON_COUNT] = {
    [PH_REASON_UNSTABLE] = "another noise",
    [PH_REASON_TRANSITION] = "another noise, or fewer patterns",
    [PH_REASON_LEFT] = "some noise",
    [PH_REASON_SIGNS] = "<|m|> by 'polyhebb export'",
    [PH_REASON_WELLS] = "<|m|> and <m^2> by 'polyhebb export'",
};

/* The most of all that asks for it; what is no number asks for nothing. */
static void ask(double *item, double more)
{
    if (more > *item)
        *item = more;
}

void ph_advice_burn_in(ph_advice_t *self, double excess, double rate)
{
    if (excess > 1.0 && rate > 0.0)
        ask(&self->burn_in, log(excess) / rate);
}

void ph_advice_early(ph_advice_t *self, const ph_point_t *point, double early)
{
    ask(&self->burn_in, early * (double)point->record_every);
}

void ph_advice_rhat(ph_advice_t *self, const ph_point_t *point, double records, double judged,
                    double rhat)
{
    const ph_until_rule_t asked = {.rhat = PH_COMPARE_RHAT};
    if (rhat > PH_COMPARE_RHAT)
        ask(&self->sweeps,
            (judged * ph_until_excess(&asked, 0.0, rhat) - records) * (double)point->record_every);
}

void ph_advice_length(ph_advice_t *self, const ph_point_t *point, double records, double length)
{
    ask(&self->sweeps, (ceil(length) - records) * (double)point->record_every);
}

void ph_advice_replicas(ph_advice_t *self, size_t chains, size_t count, size_t enough)
{
    if (count > 0)
        ask(&self->replicas,
            ceil((double)enough * (double)chains / (double)count) - (double)chains);
}

void ph_advice_slow(ph_advice_t *self, const ph_point_t *point, double *slow, size_t samples)
{
    gsl_sort(slow, 1, samples);
    const double rate = slow[samples / 2]; /* reached by the upper half of the samples */
    self->elsewhere = !(rate > 0.0) ? 1 : self->elsewhere;
    if (!(rate > 0.0) || isinf(rate))
        return;
    ask(&self->burn_in, ph_well_burn_in(rate) - (double)point->burn_in);
    ask(&self->sweeps, ph_well_sweeps(rate) - (double)point->sweeps);
}

void ph_advice_add(ph_advice_t *self, const ph_advice_t *other)
{
    ask(&self->burn_in, other->burn_in);
    ask(&self->sweeps, other->sweeps);
    ask(&self->replicas, other->replicas);
    self->elsewhere += other->elsewhere;
    if (other->transition > 0.0)
        self->transition =
            self->transition > 0.0 ? fmin(self->transition, other->transition) : other->transition;
    ask(&self->transition_high, fmax(other->transition, other->transition_high));
}

static bool holds(unsigned all, ph_reason_t reason)
{
    return (all & 1U << reason) != 0;
}

void ph_advice_keep(ph_advice_t *self, ph_reason_t first, unsigned all)
{
    const bool longer = first == PH_REASON_TRANSITION || first == PH_REASON_SHORT ||
                        first == PH_REASON_TRANSIENT || first == PH_REASON_UNEQUILIBRATED;
    const bool near = longer && holds(all, PH_REASON_TRANSITION);
    if (!longer)
        self->burn_in = self->sweeps = 0.0;
    if (first != PH_REASON_FEW &&
        (!longer || near || !holds(all, PH_REASON_SHORT) || holds(all, PH_REASON_UNEQUILIBRATED)))
        self->replicas = 0.0;
    if (near)
        return;
    self->transition = self->transition_high = 0.0;
    self->elsewhere = 0;
}

enum { AMOUNT = 64, CHANGE = 256 };

/* "400 sweeps more", "1 replica more", or what is not worth a number. */
static const char *amount(double more, const char *what, char text[static AMOUNT])
{
    const double count = ph_until_round(ceil(more));
    if (more > MOST)
        snprintf(text, AMOUNT, "more than 10^6 %ss more", what);
    else
        snprintf(text, AMOUNT, "%.0f %s%s more", count, what, count == 1.0 ? "" : "s");
    return text;
}

/* Longer chains, and more of them: the numbers that are known. */
static void change_text(const ph_advice_t *self, char text[static CHANGE])
{
    char burn_in[AMOUNT] = "", sweeps[AMOUNT] = "", replicas[AMOUNT] = "";
    if (self->burn_in > 0.0)
        amount(self->burn_in, "sweep", burn_in);
    if (self->sweeps > 0.0)
        amount(self->sweeps, "sweep", sweeps);
    if (self->replicas > 0.0)
        amount(self->replicas, "replica", replicas);
    const bool two = burn_in[0] != '\0' && (sweeps[0] != '\0' || replicas[0] != '\0');
    snprintf(text, CHANGE, "%s%s%s%s%s%s", burn_in[0] != '\0' ? "burn in " : "", burn_in,
             two ? ", and then " : "", replicas,
             replicas[0] != '\0' && sweeps[0] != '\0' ? " or " : "", sweeps);
}

/* "T = 0.7", "T = 0.64 to 0.7", or nothing; whether that is several. */
static bool transition_text(const ph_advice_t *self, char text[static AMOUNT])
{
    char low[16], high[16];
    text[0] = '\0';
    if (!(self->transition > 0.0))
        return false;
    snprintf(low, sizeof(low), "%.3g", self->transition);
    snprintf(high, sizeof(high), "%.3g", fmax(self->transition, self->transition_high));
    const bool several = strcmp(low, high) != 0;
    snprintf(text, AMOUNT, "T = %s%s%s", low, several ? " to " : "", several ? high : "");
    return several;
}

static const char *remedy(ph_reason_t reason, bool given)
{
    return given && REMEDIES_GIVEN[reason] != NULL ? REMEDIES_GIVEN[reason] : REMEDIES[reason];
}

/* First of all near a transition: where that is, and what takes the point away from it. */
static void near_text(const ph_advice_t *self, bool given, const char *change, char *text,
                      size_t size)
{
    char transition[AMOUNT], at[2 * AMOUNT] = "";
    const char *away = remedy(PH_REASON_TRANSITION, given);
    const bool several = transition_text(self, transition);
    if (transition[0] != '\0')
        snprintf(at, sizeof(at), "%s at %s: ", several ? "they are" : "it is", transition);
    if (change[0] == '\0')
        snprintf(text, size, "%s%s", at, away);
    else if (self->elsewhere > 0)
        snprintf(text, size, "%s%s; besides, %s", at, away, change);
    else
        snprintf(text, size, "%s%s, or %s", at, change, given ? "another noise" : "more neurons");
}

void ph_advice_text(const ph_advice_t *self, ph_reason_t reason, bool given, char *text,
                    size_t size)
{
    char change[CHANGE], transition[AMOUNT];
    change_text(self, change);
    transition_text(self, transition);
    const char *what = change[0] != '\0' ? change : remedy(reason, given);
    if (reason == PH_REASON_TRANSITION)
        near_text(self, given, change, text, size);
    else if (self->elsewhere > 0)
        snprintf(text, size, "%s; and near a transition%s%s: %s", what,
                 transition[0] != '\0' ? ", at " : "", transition,
                 remedy(PH_REASON_TRANSITION, given));
    else
        snprintf(text, size, "%s", what);
}
