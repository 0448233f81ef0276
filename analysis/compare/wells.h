/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_WELLS_H
#define PH_COMPARE_WELLS_H

#include "analysis/compare/chains.h"
#include "analysis/compare/compare.h"
#include "analysis/estimate/alignment.h"
#include "analysis/exact/well.h"
#include "analysis/meanfield/expansion.h"

/** The mean field of a point's infinite network, from the grid's start. Given patterns have none:
 * no problem, and a state of NaN. */
typedef struct {
    ph_meanfield_t problem;
    ph_state_t start;
    ph_alignment_t alignment; /* of that state */
    bool given;               /* the patterns are */
    bool own_start;    /* chains are matched through the state that the start leads to in their own
                          sample: of given patterns, and of an example that is learned */
    bool sizes;        /* set after init: fourth powers and sizes in wells are wanted, too */
    bool by_own_state; /* chains are matched through their own states, the start leaving it open */
} ph_population_t;

/** PH_ERR_MEMORY, or what the mean field gave; free is safe after it. */
int ph_population_init(ph_population_t *self, const ph_point_t *point, ph_average_t average);
void ph_population_free(ph_population_t *self);

/** A stable state of one sample that chains are in, and what theory says of averages there. */
typedef struct ph_well {
    ph_reason_t reason; /* NONE, or why it predicts nothing */
    size_t chains;      /* whose last state is in it */
    bool within;        /* inside another's sum, which has its chains and records */
    bool away;          /* not where the grid's start leads to, which leaves no doubt of it */
    double *n;          /* [features] */
    double m[PH_MEANFIELD_PATTERNS_MAX];
    double first[PH_MEANFIELD_PATTERNS_MAX], second[PH_MEANFIELD_PATTERNS_MAX]; /* in 1/N */
    double allowance[PH_MEANFIELD_PATTERNS_MAX]; /* what may be left beyond both */
    double spread[PH_MEANFIELD_PATTERNS_MAX];    /* standard deviation of one record */
    double next; /* what the next order changes a variance by, relative to it, by expansion */
    double energy, energy_allowance, energy_spread; /* per neuron, as m above; NaN: not known */
    double population[PH_MEANFIELD_PATTERNS_MAX];   /* NaN where patterns are given */
    double rate;       /* a sweep at which what is left of the start decays, or more */
    double log_weight; /* log of the sum of exp(-H/T) over the well's states; NaN: no sum */
    double slow;       /* where chains are too slow for the sum to count: their rate; else 0 */
    bool sizes;        /* asked of it: fourth powers and sizes in `exact` */
    double records;    /* ... how many of all samples will be held against such: what its sum may be
                          off by */
    bool summed;       /* averages are those of `exact`, first what they differ from m, second 0 */
    bool near;         /* ... and the expansion in 1/N does not hold */
    const struct ph_well *mirror; /* the well at -n, where that is known; NULL: it is not */
    ph_exact_rows_t rows;         /* that `exact` was made of: the sample's */
    ph_exact_well_t exact;
    ph_exact_well_t whole; /* the same down to where no tolerance ends it, once that is asked for */
    bool asked;
    int status; /* of that: PH_OK, PH_ERR_MEMORY */
    ph_alignment_t alignment;
} ph_well_t;

/** Wells that records may find beyond those of the chains' last states. */
#define PH_WELLS_MORE 32

typedef struct {
    size_t count, most;
    ph_well_t *wells; /* [count], room for most */
    size_t *of;       /* [chains] */
    bool *seen;       /* [chains]: room of a search */
    bool *moved;      /* [chains]: not in its well yet at the first record, as far as can be told */
    size_t moved_count, hopped; /* hopped: of these, from another well */
    double *metric;             /* [features][features]: (N/T) S A S of well metric_of */
    size_t metric_of;
    double *room;
} ph_wells_t;

/**
 * The wells of a sample's chains. With noise a chain's well is where the sample's flow leads from
 * its last state: averages, and the law of the chain, are those of the well, whatever start led
 * there. At zero noise every state at rest is a solution, so that it is where the flow leads from
 * the grid's start, and chains that end elsewhere have left it (PH_REASON_LEFT, in `reason`).
 * PH_ERR_MEMORY, or what the mean field gave; free is safe after it.
 */
int ph_wells_find(ph_wells_t *self, const ph_population_t *population, const ph_chains_t *chains,
                  const ph_meanfield_t *sample, ph_reason_t *reason);
void ph_wells_free(ph_wells_t *self);

#endif
