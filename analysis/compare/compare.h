/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_COMPARE_H
#define PH_COMPARE_COMPARE_H

#include <polyhebb/status.h> /* ph_verdict_t */

#include "analysis/estimate/alignment.h"
#include "analysis/theory/theoryfile.h"
#include "sim/store/runfile.h"

/** Why a point is undecided. */
typedef enum {
    PH_REASON_NONE,
    PH_REASON_UNSUPPORTED,    /* more patterns, features or rows than the mean field covers */
    PH_REASON_INCOMPLETE,     /* not all chains have all their sweeps */
    PH_REASON_FEW,            /* fewer than PH_COMPARE_CHAINS chains: none may be equilibrated */
    PH_REASON_UNSOLVED,       /* the mean field did not converge */
    PH_REASON_UNSTABLE,       /* the sample's state is not stable, or marginal */
    PH_REASON_TRANSITION,     /* 1/N correction above PH_COMPARE_CORRECTION / sqrt(N), or more than
                                 half of the samples have no small one (ph_meanfield_correction) */
    PH_REASON_TRANSIENT,      /* the flow says that records precede equilibrium */
    PH_REASON_LEFT,           /* from where the chains are the sample's flow ends elsewhere */
    PH_REASON_SIGNS,          /* chains go between wells of opposite sign */
    PH_REASON_UNEQUILIBRATED, /* split R-hat above PH_COMPARE_RHAT */
    PH_REASON_SHORT,          /* chains too short for their autocorrelation time */
    PH_REASON_LAW,            /* the sampler's chains do not end in exp(-H/T) */
    PH_REASON_COUNT
} ph_reason_t;

/*
 * Constants of the comparison, the same for every grid.
 * SPINS: the theory may be off by SPINS/N beyond 4 errors: one spin turned. Exact sums over one
 * well leave less than 0.2/N behind the 1/N correction where it is below CORRECTION/sqrt(N); the
 * correction grows above that bound where its own square is no longer small against 1/N, that is,
 * near a transition.
 * FALSE_ALARM: probability of calling a right theory wrong, over a whole comparison.
 */
#define PH_COMPARE_ERRORS 4.0
#define PH_COMPARE_SPINS 2.0
#define PH_COMPARE_CORRECTION 0.25
#define PH_COMPARE_RHAT 1.1
#define PH_COMPARE_CHAINS 4
#define PH_COMPARE_FALSE_ALARM 1e-3
#define PH_COMPARE_UNDECIDED 0.25

/**
 * One pattern of one point: the archetype of that number, its sign as recorded, or a rank
 * (analysis/estimate/alignment.h). Where the start leaves a symmetry (archetype: order and signs of
 * all patterns but the first; parallel: order; random: order and signs; always among patterns of
 * equal dilution), the theory is that of the well each chain is in, brought to the chain's order
 * and signs. Averages over wells of both signs cancel, so deviations are counted towards the sign
 * of the chain's own well before they are averaged.
 */
typedef struct {
    size_t point;
    int64_t pattern; /* 0, 1, ... */
    double mc;
    double error;          /* of the deviation; NaN where the chains cannot tell */
    double sample_theory;  /* mean field of the samples with 1/N correction, averaged over chains */
    double deviation;      /* mean over chains; mc - sample_theory where all wells have one sign */
    double z;              /* deviation / error; NaN where that is 0 */
    double population;     /* mean field of the infinite network, averaged over chains */
    double disorder_error; /* of the mean over this many samples; NaN for one sample */
    double sample_size, population_size; /* means over chains of |theory| */
    ph_verdict_t verdict;                /* disagree: beyond 4 errors + SPINS/N */
    ph_reason_t reason;
    size_t left_out; /* samples without a small 1/N correction: in none of the averages, which are
                        NaN where all are left out */
} ph_comparison_row_t;

typedef struct {
    size_t rows_count;
    ph_comparison_row_t *rows; /* point by point, pattern by pattern */
    size_t points, undecided_points;
    size_t decided_rows, disagreeing_rows;
    double threshold;     /* errors beyond which a single row is a disagreement of the whole */
    double largest;       /* largest |deviation| beyond SPINS/N, in errors */
    double chance;        /* probability of that many disagreeing rows if the theory is right */
    ph_verdict_t verdict; /* undecided: more than a quarter of the points are */
} ph_comparison_t;

/** One sentence fragment for a reason, e.g. "near a transition". */
const char *ph_reason_text(ph_reason_t reason);

/** "agree", "disagree", "undecided". */
const char *ph_verdict_text(ph_verdict_t verdict);

/**
 * Compares the magnetizations of a run with the mean field of its own samples. `theory` (of the
 * same grid, may be NULL) is put to the test in place of the solver's values: whatever its states
 * differ from the grid's solutions is added to the prediction.
 *
 * Error of a row: the larger of the thermal error (autocorrelation time, samples apart) and the
 * error of the mean over (sample, block of ensemble.lanes replicas) where there are at least four:
 * lanes of a block share their site order and do not count as independent. Chains too short for
 * their autocorrelation time, or not equilibrated, have no thermal error.
 *
 * PH_ERR_MISMATCH where `theory` belongs to another grid, else PH_ERR_MEMORY or what reading the
 * run gave. On failure `self` is empty.
 */
int ph_compare(ph_comparison_t *self, ph_runfile_t *run, const ph_theory_t *theory, ph_view_t view,
               ph_report_t *report);
void ph_comparison_free(ph_comparison_t *self);

/** Sums and verdict of rows that are there, all else being 0 but rows and points. */
void ph_comparison_conclude(ph_comparison_t *self, const ph_grid_t *grid);

#endif
