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

/** The largest of what they have. */
double ph_deal_most(const ph_deal_t *self);

#endif
