/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_COMPARE_H
#define PH_COMPARE_COMPARE_H

#include <polyhebb/status.h> /* ph_verdict_t */

#include "analysis/compare/advice.h"
#include "analysis/estimate/alignment.h"
#include "analysis/theory/theory.h"
#include "sim/store/runfile.h"

/*
 * Constants of the comparison, the same for every grid.
 * ERRORS: beyond this normal deviate a row disagrees. CORRECTION: the bias of trajectories is small
 * up to this over sqrt(N). SAMPLES: from as many on the population is held against them.
 * FALSE_ALARM: probability of calling a right theory wrong, over a whole comparison.
 */
#define PH_COMPARE_ERRORS 4.0
#define PH_COMPARE_CORRECTION 0.25
#define PH_COMPARE_RHAT 1.1
#define PH_COMPARE_CHAINS 4
#define PH_COMPARE_SAMPLES 4
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
    double error; /* of the deviation; NaN where the chains cannot tell */
    double
        sample_theory; /* of the samples: sum over the well, or to order 1/N^2; mean over chains */
    double deviation;  /* mean over chains; mc - sample_theory where all wells have one sign */
    double z;          /* deviation / error; NaN where that is 0 */
    double population; /* mean field of the infinite network, averaged over chains */
    double disorder_error; /* of the mean over this many samples; NaN: one, or one network */
    double sample_size, population_size; /* means over chains of |theory| */
    double allowance;  /* what the theory leaves open: its 1/N^2 term or its sum's error, and
                          rounding */
    double deviate;    /* of |deviation| beyond the allowance, as a standard normal one */
    double resolution; /* least |deviation| beyond ERRORS, over sample_size */
    double population_deviate; /* of the samples' states from population; NaN: too few samples */
    ph_verdict_t verdict;      /* disagree: deviate above ERRORS */
    ph_reason_t reason;
    size_t away;     /* chains in another well than their start leads to, compared in theirs */
    size_t moved;    /* chains too few in their well: in no average */
    size_t hopped;   /* chains that went from well to well, compared record by record */
    uint64_t early;  /* sweeps at the start of the records that are left out, having begun before
                        equilibrium */
    size_t left_out; /* samples whose wells predict nothing: in none of the averages, which are NaN
                        where all are left out */
} ph_comparison_row_t;

/** How many patterns the chains of a point retrieve (PH_RETRIEVAL_USUAL), against their wells. */
typedef struct {
    double mc, theory;    /* means over the chains compared; NaN: none */
    size_t chains;        /* compared */
    size_t off;           /* ... that retrieve another number than their well */
    size_t near;          /* not compared: a magnetization of their well is near to what counts */
    ph_verdict_t verdict; /* disagree: some are off; undecided: the point is, or most chains of
                             the samples that it has are not compared */
} ph_retrieved_row_t;

/** What a theory file says beyond the magnetizations of a point, and largest differences from what
 * its own states and samples have; 0 where it does not say. */
typedef struct {
    double free_energy; /* of population and samples, from those of the states */
    double exact;       /* of exact sums, from sums over the same samples, relative above 1 */
} ph_given_off_t;

typedef struct {
    size_t rows_count;
    ph_comparison_row_t *rows; /* point by point, pattern by pattern */
    size_t points, undecided_points;
    size_t decided_rows, disagreeing_rows;
    size_t decided_points, disagreeing_points; /* disagreeing: by one of its rows at least */
    double threshold;          /* errors beyond which a single row is a disagreement of the whole */
    double largest;            /* largest deviate */
    double largest_population; /* largest population_deviate */
    ph_comparison_row_t
        *energies;         /* [points]: energies per neuron, without population; no pattern */
    double largest_energy; /* largest deviate of these */
    ph_retrieved_row_t *retrieved;           /* [points] */
    size_t retrieved_decided, retrieved_off; /* points */
    ph_advice_t *advice;                     /* [points]: how much more would mend the reason */
    ph_given_off_t *given;                   /* [points] */
    size_t free_energies_off; /* points whose theory's free energies are not those of its states */
    size_t exact_off;         /* points whose theory's exact sums are not those of their samples */
    double chance; /* probability of that many disagreeing points if the theory is right: rows of
                      one point share their chains */
    ph_verdict_t verdict; /* undecided: more than a quarter of the points are */
} ph_comparison_t;

/** "agree", "disagree", "undecided". */
const char *ph_verdict_text(ph_verdict_t verdict);

/**
 * Compares the magnetizations of a run with the mean field of its own samples. `theory` (of the
 * same grid, may be NULL) is put to the test in place of the solver's values: whatever its states
 * differ from the grid's solutions is added to the prediction. Its exact sums are not looked at
 * here (ph_comparison_table_make judges them).
 *
 * With noise, each chain is compared in the well its last state flows to, or each record in its
 * own, where some are elsewhere (docs/theory.md 6). Error
 * of a row: that of the chains of each well, by their autocorrelation time or, from 16 chains on,
 * their means (Student's t), no less than the theory's own fluctuations make it; or, where larger,
 * that of the mean over (sample, block of ensemble.lanes replicas) where there are at least four.
 * Chains too short for their autocorrelation time, or not equilibrated, have no error.
 *
 * PH_ERR_MISMATCH where `theory` belongs to another grid or holds no mean field, else
 * PH_ERR_MEMORY, what reading the run gave, or what solving a point's mean field did, but for
 * PH_ERR_UNSUPPORTED and PH_ERR_LIMIT: such a point is undecided. On failure `self` is empty.
 */
int ph_compare(ph_comparison_t *self, ph_runfile_t *run, const ph_theory_t *theory, ph_view_t view,
               ph_report_t *report);
void ph_comparison_free(ph_comparison_t *self);

/** Sums and verdict of the rows, energies and `given` that are there, anew at every call. */
void ph_comparison_conclude(ph_comparison_t *self);

#endif
