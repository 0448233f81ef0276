/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_UNTIL_H
#define PH_MODEL_UNTIL_H

#include <stdbool.h>
#include <stdint.h>

#include "params/grid.h"

/*
 * How long chains go on (dynamics.until). A block of chains decides for itself, from its own
 * running sums alone, at times that are fixed in advance: after `sweeps`, twice as many, four times
 * as many, ..., and ends at sweeps_max. So its length is a pure function of its numbers, whoever
 * computes them. Without `until` there is one such time, `sweeps`, and nothing to decide.
 */

/** Why a block of chains has ended, as stored. */
typedef enum {
    PH_UNTIL_GOES_ON, /* it has not, or has to be judged yet */
    PH_UNTIL_REACHED, /* what was asked for is reached */
    PH_UNTIL_CAP,     /* it is not, at sweeps_max */
    PH_UNTIL_COUNT
} ph_until_end_t;

/** What the sums of one block say. */
typedef struct {
    double error; /* of the mean over its chains of the magnetization that has the largest one;
                     INFINITY where not known: too few records, and fewer than 16 chains */
    double rhat;  /* the largest split R-hat of its magnetizations; INFINITY below 4 records */
    ph_until_end_t end;
} ph_until_t;

bool ph_grid_has_until(const ph_grid_t *grid);

/** The first time to decide after `sweep` (burn-in included); past the last one, that. */
uint64_t ph_until_next(const ph_point_t *point, uint64_t sweep);

/** Whether `sweep` (burn-in included) is a time to decide, the last one included. */
bool ph_until_decides(const ph_point_t *point, uint64_t sweep);

/**
 * The error that a block of `chains` has to reach, so that the mean over all chains of its point
 * has the error asked for when every block has reached its own: that times sqrt(all / chains).
 */
double ph_until_target(const ph_grid_t *grid, uint32_t chains);

/**
 * Judges a block at a time to decide from sums[chains][components][PH_MOMENT_WORDS], the running
 * sums of its chains after `sweep` sweeps (burn-in included). The error is the larger of two: from
 * the spread of the chains' means, and from blocks of records within the chains (the largest over
 * all block lengths of which each chain has 8); split R-hat is that of the halves (or thirds) of
 * 2^l records, which is what running sums tell.
 */
ph_until_t ph_until_judge(const ph_grid_t *grid, const ph_point_t *point, uint64_t sweep,
                          uint32_t chains, const double *sums);

/**
 * How many times as long chains have to be for what is asked: their error falls as 1 /
 * sqrt(sweeps), R-hat^2 - 1 as 1 / sweeps. At most 1 where they are long enough; INFINITY where one
 * of the two that counts is not known.
 */
double ph_until_excess(const ph_until_rule_t *asked, double error, double rhat);

/** A number of sweeps, up to two digits; INFINITY stays. */
double ph_until_round(double sweeps);

/**
 * Whether chains of one grid that go up to `longest` sweeps (after burn-in) are the beginnings of
 * what another gives from the start: none was let go on where the other's rule may end it. Both
 * have the same chains, and the other has an `until`.
 */
bool ph_until_follows(const ph_grid_t *grid, const ph_grid_t *before, uint64_t longest);

#endif
