/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_RETRIEVED_H
#define PH_ESTIMATE_RETRIEVED_H

#include <stdbool.h>

#include "analysis/estimate/quantities.h"
#include "base/report.h"
#include "sim/store/runfile.h"

/**
 * When a pattern counts as retrieved, by its magnetization alone, taken in falling order of |m|.
 *
 * absolute = 0: |m| is at least `share` of the most that the patterns retrieved before leave it,
 * (1 - d_mu) prod_nu d_nu: its entries on neurons where all those are blank, (1 - d) d^(k-1) in a
 * hierarchical state of one dilution. And it is at least what chance gives: the overlap with spins
 * that know nothing of it has deviation sqrt((1 - d_mu)/N), and sqrt(2 log(100 K)) of them one of K
 * patterns passes in less than one sample of a hundred. Where chance gives as much as what is left,
 * nothing tells the pattern from it: it does not count.
 *
 * absolute > 0: |m| is at least that; nothing else counts.
 */
typedef struct {
    double share;    /* in (0, 1]; 0.5 unless somebody says otherwise */
    double absolute; /* in [0, 1] */
} ph_retrieval_t;

/** What counts where nobody says otherwise: half of what is left. */
extern const ph_retrieval_t PH_RETRIEVAL_USUAL;

/** The least |m| with which pattern mu (from 0) counts, after others have left this share of the
 * neurons blank; infinity where no |m| would tell it from chance. */
double ph_retrieval_bar(const ph_retrieval_t *rule, const ph_point_t *point, size_t mu,
                        double left);

/** Number of patterns that a state of magnetizations m[patterns] retrieves. PH_ERR_MEMORY. */
int ph_retrieval_count(const ph_retrieval_t *rule, const ph_point_t *point, const double *m,
                       uint64_t *count);

/** The same, and whether it is that number too where each m is off by as much as room[patterns]. */
int ph_retrieval_count_within(const ph_retrieval_t *rule, const ph_point_t *point, const double *m,
                              const double *room, uint64_t *count, bool *clear);

/** The same of every chain of a segment of a point, counts[segment->replicas], by the averages of
 * its magnetizations over its records, at noise 0 by those of its last state. PH_ERR_MEMORY, or
 * what the last states gave. */
int ph_retrieved_chains(const ph_retrieval_t *rule, const ph_grid_t *grid, const ph_point_t *point,
                        const ph_segment_t *segment, double *counts);

/** The same of the mean field of the wells that a sample's chains end in, as PH_RETRIEVAL_USUAL
 * counts: mean over the chains, NaN without any. */
double ph_retrieved_of_wells(const ph_point_t *point, const ph_occupation_t *wells);

/** The numbers of all chains of a point. */
typedef struct {
    ph_averaged_t number; /* averaged over the chains of a sample, then over samples */
    uint64_t chains;      /* that have records */
} ph_retrieved_t;

/** Counts for every chain of a point. Thermal errors take chains as independent. Errors as of
 * ph_runfile_read and ph_retrieved_chains. */
int ph_retrieved_read(ph_retrieved_t *self, const ph_retrieval_t *rule, ph_runfile_t *run,
                      size_t point, ph_report_t *report);

#endif
