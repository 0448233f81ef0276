/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_COMPARE_PRIVATE_H
#define PH_COMPARE_COMPARE_PRIVATE_H

#include "analysis/compare/compare.h"
#include "analysis/compare/wells.h"

/** Sums over the chains and samples of one row: pattern, or rank. Shares of all chains add to 1. */
typedef struct {
    double share;                         /* of chains so far */
    double mc;                            /* Monte Carlo */
    double predicted;                     /* theory of the samples */
    double infinite;                      /* the population's states */
    double deviation;                     /* towards the sign of the chain's well */
    double predicted_size, infinite_size; /* |predicted|, |infinite| of each chain */
    double allowance;                     /* of the theory */
    double transient; /* |offset| of the mean over records by the flow, so far from equilibrium */
    double thermal;   /* variance of the mean; NaN: not known */
    double thermal_square; /* sum of variance^2 over degrees of freedom */
    double floor;          /* variance of the mean by the theory */
    double tau;            /* the largest */
} ph_row_sums_t;

/** What one point's samples add up to; arrays by row. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t number, patterns;
    const ph_theory_t *theory;
    ph_view_t view;
    ph_population_t population;
    double population_offset[PH_MEANFIELD_PATTERNS_MAX]; /* by place in it: theory under test */
    double transient[PH_MEANFIELD_PATTERNS_MAX]; /* by pattern of the start: mean over the records
                                                    of the flow less where it ends */
    double free_energy_off; /* largest difference of the theory's free energies from the solver's */
    ph_reason_t reason;
    ph_row_sums_t rows[PH_MEANFIELD_PATTERNS_MAX];
    size_t samples, blocks; /* so far */
    size_t moved;           /* chains left out, so far */
    size_t away;            /* chains in other wells than their start's, so far */
    size_t left_out;        /* samples that predict nothing, so far */
    double *sample_shift;   /* [patterns][samples]: the sample's state beyond infinite */
    double *differences;    /* [patterns][blocks in all] */
    size_t blocks_max;
} ph_accumulator_t;

/** The mean of a sample's chains, its mean field and its errors added to the accumulator. */
int ph_compare_sample(ph_accumulator_t *accumulator, const ph_segment_t *segment, uint32_t sample);

/** Notes the first reason found. */
void ph_accumulator_doubt(ph_accumulator_t *accumulator, ph_reason_t reason);

/**
 * How far the mean over a point's records of the flow of the infinite network is from the state
 * m[patterns] that its mean field gives, into offset[patterns]: the records begin before
 * equilibrium. INFINITY where the flow cannot be integrated, 0 where the dynamics has none.
 * PH_ERR_MEMORY.
 */
int ph_compare_transient(const ph_point_t *point, ph_average_t average, const double *m,
                         double *offset);

/**
 * The same by the flow of one sample, from its own start to where it is 2000 sweeps later: from an
 * example, of which there are no two alike in the unsupervised rule. Not looked at beyond 2 * 10^6
 * entries of features.
 */
int ph_compare_transient_sample(const ph_point_t *point, const ph_coupling_t *coupling,
                                const ph_patterns_t *patterns, double *offset);

/**
 * The standard normal deviate as improbable as a deviation by `excess` with an error of `freedom`
 * degrees of freedom (INFINITY: known). Where single events of size `quantum` make the error (0: no
 * such), no less probable than the Poisson law of their number has it.
 */
double ph_normal_deviate(double excess, double error, double freedom, double quantum);

/** The deviation that has a normal deviate of PH_COMPARE_ERRORS. */
double ph_least_deviation(double error, double freedom, double quantum);

#endif
