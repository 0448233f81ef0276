/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_BALANCE_H
#define PH_RUN_BALANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/report.h"
#include "params/grid.h"

/** How a grid's work falls on parts of so many threads, by the seconds that ph_plan_cost adds up.
 */
typedef struct {
    double blocks;  /* what is dealt: replicas that go together */
    double longest; /* s, of one block on one thread; where a part cuts its blocks, of one piece */
    double slowest; /* s, of the part that takes longest */
    double idle;    /* share of all threads' time until then in which they have nothing to do */
    bool cut; /* whether a part has fewer blocks than threads and cuts one (sim/run/split.h) */
    uint32_t fewest; /* parts, up to these, that would be done in 1.02 of that time or less */
} ph_balance_t;

/** Of `shards` >= 1 parts of `threads` >= 1. PH_ERR_MEMORY on failure. */
int ph_plan_balance(const ph_grid_t *grid, uint32_t shards, uint64_t threads, ph_balance_t *balance,
                    ph_report_t *report);

#endif
