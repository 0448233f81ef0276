/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_STRETCHES_PRIVATE_H
#define PH_ESTIMATE_STRETCHES_PRIVATE_H

#include <stdbool.h>

#include "analysis/estimate/quantities.h"

/* Of a pattern m, |m|, m^2, m^4 and the losses are summed, of a point e and e^2. */
enum { PH_SUMS_OF_PATTERN = 6, PH_SUMS_OF_POINT = 2 };

/** What is known of a series in time. */
typedef struct {
    double tau, error; /* in sweeps */
    double rhat;
    bool enough; /* for its own tau */
} ph_path_t;

/**
 * The chains of a sample as stretches of records, each summed: a whole chain, a piece of one, or
 * its last state (noise 0). Stretches of one group go together in the jackknife.
 */
typedef struct {
    const ph_grid_t *grid;
    const ph_point_t *point;
    size_t patterns, chains, groups;
    size_t count, room;
    double *records;       /* [count] */
    size_t *chain, *group; /* [count] */
    double *of_patterns;   /* [count][patterns][PH_SUMS_OF_PATTERN] */
    double *of_point;      /* [count][PH_SUMS_OF_POINT] */
    double *of_groups;     /* room of ph_stretches_means */
    ph_path_t *path;       /* [patterns + 1]: of each m, then of e; of the most records seen */
    double path_records;   /* in all chains of it; 0: none */
    double all_records;
} ph_stretches_t;

/** PH_ERR_MEMORY; free is safe after it. */
int ph_stretches_init(ph_stretches_t *self, const ph_grid_t *grid, const ph_point_t *point);
void ph_stretches_free(ph_stretches_t *self);
void ph_stretches_clear(ph_stretches_t *self);

/** Adds the chains of a segment, which are equally long: from their records, else from their sums;
 * at noise 0 from their last states. PH_ERR_MEMORY, or what the last states gave. */
int ph_stretches_add(ph_stretches_t *self, const ph_segment_t *segment);

/**
 * Sums over the stretches of chains with of[chain] = well (of NULL: of all) by group: the averages
 * of pattern mu without group g into without[g], with all groups into whole; the groups' records
 * into weight[groups], and their sum is returned.
 */
double ph_stretches_means(const ph_stretches_t *self, const int *of, int well, size_t mu,
                          ph_means_t *whole, ph_means_t *without, double *weight);

#endif
