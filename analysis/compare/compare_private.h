/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_COMPARE_PRIVATE_H
#define PH_COMPARE_COMPARE_PRIVATE_H

#include "analysis/compare/compare.h"
#include "analysis/estimate/alignment.h"
#include "analysis/meanfield/meanfield.h"

/** What one point's samples add up to; every array by row: pattern, or rank. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t number, patterns;
    const ph_theory_t *theory;
    ph_view_t view;
    ph_meanfield_t population; /* its mean field */
    ph_state_t start;          /* population state from the grid's start */
    ph_alignment_t alignment;  /* of that state */
    double population_offset[PH_MEANFIELD_PATTERNS_MAX]; /* by place in it: theory under test */
    bool example;      /* learned examples, one of which is the start */
    bool by_own_state; /* chains are matched through their own means or last states, not their start
                        */
    ph_reason_t reason;
    double mc[PH_MEANFIELD_PATTERNS_MAX], predicted[PH_MEANFIELD_PATTERNS_MAX];
    double infinite[PH_MEANFIELD_PATTERNS_MAX];       /* population's states */
    double deviation[PH_MEANFIELD_PATTERNS_MAX];      /* towards the sign of the chain's well */
    double predicted_size[PH_MEANFIELD_PATTERNS_MAX]; /* |predicted|, */
    double infinite_size[PH_MEANFIELD_PATTERNS_MAX];  /* |infinite| of each chain */
    double thermal[PH_MEANFIELD_PATTERNS_MAX];        /* variance; NaN: not known */
    size_t samples, blocks;                           /* so far */
    size_t left_out;      /* samples without a small 1/N correction, so far */
    double *sample_shift; /* [patterns][samples]: predicted beyond infinite, as deviation */
    double *differences;  /* [patterns][blocks in all] */
    size_t blocks_max;
} ph_accumulator_t;

/** The mean of a sample's chains, its mean field and its errors added to the accumulator. */
int ph_compare_sample(ph_accumulator_t *accumulator, const ph_segment_t *segment, uint32_t sample);

/**
 * Whether the flow of the infinite network, averaged over the point's records, is still more than
 * one spin (PH_COMPARE_SPINS / N) away from the state m[patterns] that its mean field gives: the
 * records begin before equilibrium; so too where the flow cannot be integrated. Never where the
 * dynamics has no flow. PH_ERR_MEMORY.
 */
int ph_compare_transient(const ph_point_t *point, ph_average_t average, const double *m,
                         bool *transient);

/**
 * The same by the flow of one sample, from its own start to where it is 2000 sweeps later: from an
 * example, of which there are no two alike in the unsupervised rule. Not looked at beyond 2 * 10^6
 * entries of features.
 */
int ph_compare_transient_sample(const ph_point_t *point, const ph_coupling_t *coupling,
                                const ph_patterns_t *patterns, bool *transient);

/** Notes the first reason found. */
void ph_accumulator_doubt(ph_accumulator_t *accumulator, ph_reason_t reason);

#endif
