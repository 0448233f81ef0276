/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_DEAL_H
#define PH_RUN_DEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/report.h"

/** Who has done least so far, of `count` >= 1 hands: the lowest number where several have. */
typedef struct {
    uint32_t count, *heap; /* numbers, the one with least first */
    double *load;          /* what each has, by number */
} ph_deal_t;

/** Everybody with nothing. PH_ERR_MEMORY on failure. */
int ph_deal_init(ph_deal_t *self, uint32_t count, ph_report_t *report);
void ph_deal_free(ph_deal_t *self);

/**
 * Gives a block of `cost` >= 0 to whoever has least, and says who. Dealt in order of falling cost,
 * nobody ends with more than 4/3 of the least possible (Graham 1969). Sums and comparisons of
 * doubles alone, so that every machine deals alike.
 */
uint32_t ph_deal(ph_deal_t *self, double cost);

/**
 * Deals blocks of these costs, in falling order, to `hands` >= 1: owners[k] has block k. Everybody
 * has the costs that ph_deal() gives; but of many blocks of one cost, runs that follow each other
 * go to one owner, who so has neighbours, which the file keeps together. A run is an eighth of an
 * owner's share at most, and 64 blocks; the order of owners turns by one from round to round, so
 * that nobody always has the same place of an axis. PH_ERR_MEMORY on failure.
 */
int ph_deal_blocks(size_t count, const double *costs, uint32_t hands, uint32_t *owners,
                   ph_report_t *report);

/** The largest of what they have. */
double ph_deal_most(const ph_deal_t *self);

#endif
