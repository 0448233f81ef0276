/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_PATH_H
#define PH_COMPARE_PATH_H

#include "analysis/compare/distribution.h"
#include "analysis/compare/split.h"

/** Why the trajectories of a point are not held against the flow. */
typedef enum {
    PH_PATH_COMPARED,
    PH_PATH_LATE,       /* not recorded from the start, or not at all */
    PH_PATH_DYNAMICS,   /* the flow does not close, or has no linear noise, or a start of its own */
    PH_PATH_INCOMPLETE, /* not all chains have all their sweeps */
    PH_PATH_LARGE,      /* the noise takes too much work */
    PH_PATH_ESCAPE,     /* from the first record on fluctuations are beyond linear noise */
    PH_PATH_START,      /* no record beyond the start, or none with noise */
    PH_PATH_REASONS
} ph_path_reason_t;

/** Largest deviation of one pattern's mean trajectory from the flow of its samples. */
typedef struct {
    size_t point;
    int64_t pattern;        /* 0, 1, ... */
    uint64_t sweep;         /* when it is largest */
    double mc, error, flow; /* then: mean over chains (towards the sign of their own flows, where
                               these part), its error, flow with its 1/N bias */
    double allowance;       /* what the flow leaves open: a third of its largest 1/N bias so far */
    double deviation;       /* |mc - flow| beyond that, as a normal deviate: in errors, Poisson's
                               where few spins turn */
    size_t records;         /* compared */
    ph_verdict_t verdict;
    ph_path_reason_t reason;
    /* One parallel step without noise and the infinite network; NaN: not held against it. */
    double step_mc, step_population; /* mean over samples; theory, exact in the examples */
    double step_error;               /* of the mean over so many samples */
    double step_allowance;           /* what it leaves open: its terms of order 1/N, 2/N at least */
    double step_deviate;             /* the deviation beyond that as a normal deviate */
} ph_path_row_t;

/** A row of nothing compared: numbers NaN, counts 0. */
extern const ph_path_row_t PH_PATH_ROW_NONE;

typedef struct {
    size_t rows_count;
    ph_path_row_t *rows; /* point by point, pattern by pattern */
    size_t points;
    ph_split_row_t *splits; /* [points]: shares of wells, where chains part */
    size_t comparisons;     /* records over all rows, and wells */
    double threshold;       /* errors beyond which any of them is a disagreement of the whole */
    double largest, largest_split, largest_step;
    ph_verdict_t verdict; /* undecided where nothing was compared */
} ph_path_comparison_t;

const char *ph_path_reason_text(ph_path_reason_t reason);

/**
 * Holds the trajectories of a run that were recorded from the start (burn_in 0) against the flow of
 * its own samples. The error of the mean over chains is that of the linear noise, lanes of a block
 * correlated as they are. Records where a chain's deviation is above 0.1, or the 1/N bias above
 * PH_COMPARE_CORRECTION / sqrt(N), and all later ones, are left out: fluctuations are not small
 * there, and chains may part for good; so are the start itself and records without noise, which
 * hold nothing of the dynamics. Where chains part and that can be done (stored patterns; random
 * and permuted order, Little, block Gibbs) each is held against the flow from its own record 0
 * instead, towards the sign of that flow, and those that linear noise describes count; and of all
 * that part the shares of wells are held against the split of their start (split.h). Comparisons
 * at different times are not independent; the bound counts them as if they were, which is safe. A
 * right theory is called wrong with probability at most PH_COMPARE_FALSE_ALARM. PH_ERR_MEMORY, or
 * what reading the run gave; on failure `self` is empty.
 */
int ph_compare_paths(ph_path_comparison_t *self, ph_runfile_t *run, ph_report_t *report);
void ph_path_comparison_free(ph_path_comparison_t *self);

/** Whether the record after the first sweep of a point's chains is one parallel step without noise,
 * which is held against the fields in each chain's very start. */
bool ph_path_has_step(const ph_grid_t *grid, const ph_point_t *point);

/** Sums and verdict of rows that are there, whose own verdict may be open yet; all else being 0. */
void ph_path_comparison_conclude(ph_path_comparison_t *self);

/**
 * Verdict of equilibrium, paths and distributions together: disagree where one of them does;
 * undecided where more than PH_COMPARE_UNDECIDED of the points are undecided in all, shares of
 * wells included.
 */
ph_verdict_t ph_compare_all(const ph_comparison_t *equilibrium, const ph_path_comparison_t *paths,
                            const ph_distribution_comparison_t *distributions);

#endif
