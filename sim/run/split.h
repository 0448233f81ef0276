/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RUN_SPLIT_H
#define PH_RUN_SPLIT_H

#include "sim/run/plan.h"

/**
 * Chains of each piece that a block of `chains` chains of a point is cut into where there are only
 * so many `blocks` for `threads`: all of them where there are enough blocks, where dynamics.until
 * decides by whole blocks, or where a piece would take more than 0.7 of the block's time (chains
 * that one register holds cost little more than one). Blocks >= 1.
 */
uint32_t ph_split_chains(const ph_grid_t *grid, size_t point, uint32_t chains, double blocks,
                         uint64_t threads);

/** Pieces of a whole grid's blocks that are worked at side by side; `threads` at the most. */
double ph_split_pieces(const ph_grid_t *grid, uint64_t threads);

/**
 * ph_plan_init(), and then its tasks cut into pieces where there are fewer than `threads` of them
 * and memory allows it. No number depends on it: chains have streams of their own. Pairs whose
 * overlap is recorded stay together. PH_ERR_MEMORY.
 */
int ph_split_init(ph_plan_t *plan, const ph_checkpoint_index_t *checkpoints, uint32_t shard,
                  uint32_t shards, uint64_t threads, ph_report_t *report);

#endif
