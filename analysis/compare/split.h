/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_SPLIT_H
#define PH_COMPARE_SPLIT_H

#include <polyhebb/status.h> /* ph_verdict_t */

#include "sim/store/runfile.h"

/** Why the shares of wells of a point are not held against the split of its start. */
typedef enum {
    PH_SPLIT_COMPARED,
    PH_SPLIT_WHOLE, /* chains do not part, or nothing was recorded that could say so */
    PH_SPLIT_OPEN,  /* the start leaves open where too many chains go: the noise decides */
    PH_SPLIT_LARGE, /* too many neurons and features for enough starts to be followed */
    PH_SPLIT_REASONS
} ph_split_reason_t;

/** Shares of a point's chains by the wells they go to, beside those that the flow of their samples
 * leads from starts drawn as theirs; the well that is furthest off. */
typedef struct {
    size_t point;
    size_t comparisons; /* wells that chains or starts go to, and the likeliest well of each sample
                           alone and together; 0: not compared */
    char well[64];      /* label (analysis/compare/occupation.h), "likeliest"; "" of a file */
    uint64_t sweep;     /* of the records whose wells are counted */
    double mc;          /* share of the chains */
    double low, high;   /* share of the starts that go there for sure, and that may */
    double open;        /* share of the starts whose well the noise, or 1/N, decides */
    double resolution;  /* distance of the likeliest wells' share from its middle that would be
                           seen, at 4 errors */
    double deviation;   /* of mc from between low and high, as a normal deviate */
    ph_verdict_t verdict;
    ph_split_reason_t reason;
} ph_split_row_t;

const char *ph_split_reason_text(ph_split_reason_t reason);

/**
 * Where a point's chains part, a mean says nothing; which share of them goes where does. Starts are
 * drawn by the law of the start, each is followed by the flow of its sample up to the first record
 * 4 sweeps or more later (else the last), and both those and the recorded magnetizations then are
 * counted by the well that n <- F(n) leads to from there. A start whose well changes when the noise
 * of the dynamics goes with it, with either sign, and 2/sqrt(N) of its deviation, is open: theory
 * gives each share up to these. Deviations are those of the hypergeometric law of two samples, so
 * that they hold for few chains and few starts too. The trajectories must be complete, from the
 * start on, and their dynamics must have a flow. PH_ERR_MEMORY, or what reading the run gave.
 */
int ph_split_point(ph_split_row_t *row, ph_runfile_t *run, size_t number, ph_report_t *report);

#endif
