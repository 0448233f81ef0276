/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_DISTRIBUTION_H
#define PH_COMPARE_DISTRIBUTION_H

#include "analysis/compare/compare.h"

/** Why the distributions of a point are not held against sums over all states. */
typedef enum {
    PH_DISTRIBUTION_COMPARED,
    PH_DISTRIBUTION_LARGE,      /* more than PH_EXACT_LAW_NEURONS neurons */
    PH_DISTRIBUTION_LAW,        /* no noise, or a sampler of another law than exp(-H/T) */
    PH_DISTRIBUTION_RECORDS,    /* no records in time, or not of this overlap */
    PH_DISTRIBUTION_INCOMPLETE, /* not all chains have all their sweeps */
    PH_DISTRIBUTION_SHORT,      /* chains are too few, too short, or do not come to all states */
    PH_DISTRIBUTION_TRANSIENT,  /* burn-in is below PH_DISTRIBUTION_BURNT autocorrelation times */
    PH_DISTRIBUTION_REASONS
} ph_distribution_reason_t;

const char *ph_distribution_reason_text(ph_distribution_reason_t reason);

#define PH_DISTRIBUTION_BURNT 10.0

/**
 * The distributions of a point, of each pattern's magnetization and, where it is recorded, of the
 * overlap of replicas: shares of the records, averaged over chains and samples, beside those of the
 * same samples by all their states. Level k stands for the overlap (k - N)/N.
 */
typedef struct {
    ph_distribution_reason_t reason;    /* of the point; COMPARED: all below is there */
    size_t neurons, levels, quantities; /* quantities: the patterns, and the overlap of replicas */
    bool overlap;                       /* the last quantity is that */
    double *mc, *exact;                 /* [quantities][levels] */
    double *error,
        *freedom;   /* of mc, with its degrees of freedom; by `exact` where events are few */
    double *events; /* [quantities]: records that count as independent */
} ph_distribution_t;

/** PH_ERR_MEMORY, or what reading the run gave; free is safe after it, and of zeros. */
int ph_distribution_read(ph_distribution_t *self, ph_runfile_t *run, size_t point,
                         ph_report_t *report);
void ph_distribution_free(ph_distribution_t *self);

/** One distribution, and the level where it deviates most. */
typedef struct {
    size_t point;
    int64_t pattern;         /* -1: the overlap of replicas */
    size_t levels;           /* compared */
    double level;            /* the overlap there */
    double mc, error, exact; /* share of the records, its error, probability */
    double deviation;        /* as a standard normal deviate, Poisson's where events are few */
    ph_verdict_t verdict;
    ph_distribution_reason_t reason;
} ph_distribution_row_t;

typedef struct {
    size_t rows_count;
    ph_distribution_row_t *rows; /* point by point, pattern by pattern */
    size_t points;
    ph_distribution_row_t *overlaps; /* [points]: of replicas */
    size_t comparisons;              /* levels over all rows */
    double threshold; /* errors beyond which one level is a disagreement of the whole */
    double largest;
    ph_verdict_t verdict; /* undecided where nothing was compared */
} ph_distribution_comparison_t;

/**
 * Holds the distributions of all points of small networks against sums over all states of the same
 * samples, level by level. Levels are not independent; the bound counts them as if they were, which
 * is safe. Chains that do not come to all states, as in-chain variances below the exact ones tell,
 * are not compared. PH_ERR_MEMORY, or what reading the run gave; on failure `self` is empty.
 */
int ph_compare_distributions(ph_distribution_comparison_t *self, ph_runfile_t *run,
                             ph_report_t *report);
void ph_distribution_comparison_free(ph_distribution_comparison_t *self);

/** Sums and verdict of rows that are there; all else being 0. */
void ph_distribution_comparison_conclude(ph_distribution_comparison_t *self);

#endif
