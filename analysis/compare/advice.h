/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_ADVICE_H
#define PH_COMPARE_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "params/grid.h"

/** Why a point is undecided. */
typedef enum {
    PH_REASON_NONE,
    PH_REASON_UNSUPPORTED, /* more patterns, features or rows than the mean field covers */
    PH_REASON_INCOMPLETE,  /* not all chains have all their sweeps */
    PH_REASON_FEW,         /* fewer than PH_COMPARE_CHAINS chains: none may be equilibrated */
    PH_REASON_UNSOLVED,    /* the mean field did not converge */
    PH_REASON_UNSTABLE,    /* the sample's state is not stable, or marginal */
    PH_REASON_TRANSITION, /* more than half of the samples have no sum over their well, and no small
                             1/N correction, or one whose next term is above a third of it */
    PH_REASON_TRANSIENT,  /* the flow, or the first record, says that records precede
                             equilibrium */
    PH_REASON_LEFT,       /* T = 0: from where the chains are the sample's flow ends elsewhere */
    PH_REASON_SIGNS,      /* chains go between wells of opposite sign */
    PH_REASON_UNEQUILIBRATED, /* chains of one well differ: split R-hat above PH_COMPARE_RHAT, or
                                 of many chains some stray */
    PH_REASON_SHORT,          /* chains too short for their autocorrelation time */
    PH_REASON_LAW,            /* the sampler's chains do not end in exp(-H/T) */
    PH_REASON_WELLS,          /* chains go from well to well, too often for records to count */
    PH_REASON_COUNT
} ph_reason_t;

/** One sentence fragment for a reason, e.g. "near a transition". */
const char *ph_reason_text(ph_reason_t reason);

/** How much more would mend what leaves a point undecided; 0: no matter, or not known. */
typedef struct {
    double burn_in, sweeps; /* sweeps */
    double replicas;        /* for one sample */
    size_t elsewhere;       /* points near a transition that no length of chains mends */
    double transition;      /* noise of the transition that a point is near; 0: not known */
    double transition_high; /* the highest of those of several points, `transition` the lowest */
} ph_advice_t;

/** Burn-in until something that decays at `rate` a sweep is down by `excess`. */
void ph_advice_burn_in(ph_advice_t *self, double excess, double rate);

/** Burn-in past records that are too early, `early` of each chain. */
void ph_advice_early(ph_advice_t *self, const ph_point_t *point, double early);

/** Sweeps until chains have PH_COMPARE_RHAT, of which so many records, `judged` of all `records`,
 * have this R-hat. */
void ph_advice_rhat(ph_advice_t *self, const ph_point_t *point, double records, double judged,
                    double rhat);

/** Sweeps until chains of so many records have `length` of them. */
void ph_advice_length(ph_advice_t *self, const ph_point_t *point, double records, double length);

/** Replicas until `count` chains of `chains` are as many as `enough`. */
void ph_advice_replicas(ph_advice_t *self, size_t chains, size_t count, size_t enough);

/** Burn-in and sweeps until half of the samples predict something: slow[samples] are the rates a
 * sweep that they wait for, INFINITY of those that predict already, 0 of those that never will:
 * where these are too many, the point is mended `elsewhere` only. */
void ph_advice_slow(ph_advice_t *self, const ph_point_t *point, double *slow, size_t samples);

/** What mends both, and the transitions that both are near. */
void ph_advice_add(ph_advice_t *self, const ph_advice_t *other);

/**
 * Keeps what mends a point whose first reason is this and whose reasons are `all`, bits 1 <<
 * reason: where each of them asks for longer chains or more of them, the most that any asks for,
 * and what a transition among them asks for. Replicas mend chains that are too short, but neither
 * R-hat nor a transition.
 */
void ph_advice_keep(ph_advice_t *self, ph_reason_t first, unsigned all);

/**
 * What to change so that `reason` goes, to text[size]: "burn in 400 sweeps more", two digits,
 * rounded up, and above 10^6 nothing but that. Words alone where no number is known, and beside
 * numbers that do not mend a transition. `given`: patterns are, whose neurons cannot be more.
 */
void ph_advice_text(const ph_advice_t *self, ph_reason_t reason, bool given, char *text,
                    size_t size);

#endif
