/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_SAMPLE_PRIVATE_H
#define PH_COMPARE_SAMPLE_PRIVATE_H

#include "analysis/compare/compare.h"
#include "analysis/compare/records.h"
#include "analysis/compare/wells.h"
#include "sim/model/sample.h"
#include "sim/model/samples.h"

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
    double burnt;     /* the same at most, whatever the first record tells; and the least rate a
                         sweep at which it decays, 0: nothing is left */
    double rate;
    double thermal;        /* variance of the mean; NaN: not known */
    double thermal_square; /* sum of variance^2 over degrees of freedom */
    double floor;          /* variance of the mean by the theory; and, as of thermal */
    double floor_square;
    double tau; /* the largest */
} ph_row_sums_t;

/** What one point's samples add up to; arrays by row. */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t number, patterns;
    const ph_theory_t *theory;
    ph_view_t view;
    ph_samples_t *drawn; /* of the grid */
    ph_population_t population;
    double population_offset[PH_MEANFIELD_PATTERNS_MAX]; /* by place in it: theory under test */
    double transient[PH_MEANFIELD_PATTERNS_MAX]; /* by pattern of the start: mean over the records
                                                    of the flow less where it ends */
    double free_energy_off; /* largest difference of the theory's free energies from the solver's */
    ph_reason_t reason;     /* the first */
    unsigned reasons;       /* all: bits 1 << reason */
    ph_row_sums_t rows[PH_MEANFIELD_PATTERNS_MAX];
    ph_row_sums_t energy;         /* of which there is no population */
    ph_retrieved_row_t retrieved; /* sums, until it is concluded */
    double field_bound;           /* largest |h_i| there can be, over the samples */
    size_t samples, blocks;       /* so far */
    size_t moved;                 /* chains left out, so far */
    size_t hopped;                /* chains that went from well to well, by records, so far */
    size_t away;                  /* chains in other wells than their start's, so far */
    size_t left_out;              /* samples that predict nothing, so far */
    double *sample_shift;         /* [patterns][samples]: the sample's state beyond infinite */
    double *differences;          /* [patterns][blocks in all] */
    double *energies;             /* [blocks in all] */
    size_t blocks_max;
    ph_advice_t advice;
    double *slow; /* [samples]: rate a sweep from which on the sample predicts; INFINITY: it does;
                     0: it would not at any */
    double transition; /* of given patterns: the nearest of the samples left out; 0: not known */
    bool near; /* some well is too near a transition for the population to be held against it */
} ph_accumulator_t;

/** The mean of a sample's chains (as of ph_sample_read()), its mean field and its errors added to
 * the accumulator. */
int ph_compare_sample(ph_accumulator_t *accumulator, const ph_segment_t *segment,
                      const uint64_t *records, uint32_t sample);

/** Notes a reason. */
void ph_accumulator_doubt(ph_accumulator_t *accumulator, ph_reason_t reason);

/** Of the chains, or records, of a sample one in so many may be left out. */
#define PH_COMPARE_LEFT_OUT 4

/** Of an error, how much may be left of the start. */
#define PH_COMPARE_TRANSIENT 0.3

/** One sample on its way into the accumulator. */
typedef struct {
    ph_accumulator_t *to;
    uint32_t number;
    const ph_sample_t *drawn;
    ph_meanfield_t problem;
    ph_chains_t chains, energies;
    ph_wells_t wells;
    ph_well_records_t records;
    size_t row[PH_MEANFIELD_PATTERNS_MAX]; /* of every pattern; and its factor there */
    double row_sign[PH_MEANFIELD_PATTERNS_MAX];
    double offset[PH_MEANFIELD_PATTERNS_MAX]; /* of the theory under test, by place */
} ph_compared_t;

/** Counts what the chains of a sample retrieve, each against its well. PH_ERR_MEMORY. */
int ph_compared_retrieved(ph_compared_t *self);

/** Means, and the verdict, of all samples' sums. */
void ph_retrieved_conclude(ph_retrieved_row_t *row, const ph_accumulator_t *accumulator);

/** Some records of one chain, all in one well, into the rows. */
typedef struct {
    size_t well;
    const double *mean; /* [patterns], of these records */
    double energy;
    double share; /* of all records of all samples */
    double part;  /* of those of its sample that count */
} ph_counted_t;

/** What pattern mu should be in a well by the theory under test, whose place in the well's
 * alignment is j. */
double ph_compared_prediction(const ph_compared_t *self, const ph_well_t *well, size_t j);

/** Deviations from its well's averages; [patterns], towards the signs of the well, and energy. */
void ph_compared_count(ph_compared_t *self, const ph_counted_t *counted, double *deviation,
                       double *energy);

/** The error of one quantity over `count` chains, a share of all records, into its row. */
void ph_compared_error(ph_row_sums_t *row, const ph_compared_t *self,
                       const ph_chains_error_t *found, size_t count, double share, double spread);

/** How much of the start may be left in the mean over the records of a well, a share of all, into
 * the row of pattern mu. */
void ph_compared_start(const ph_compared_t *self, const ph_well_t *well,
                       const ph_chains_error_t *found, size_t mu, double share);

/** Doubts from the error of a magnetization over `count` chains, and what would mend them; rate:
 * the least of their wells. */
void ph_compared_doubt(const ph_compared_t *self, const ph_chains_error_t *found, size_t count,
                       double rate);

#endif
