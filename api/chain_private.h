/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_API_CHAIN_PRIVATE_H
#define PH_API_CHAIN_PRIVATE_H

#include "params/grid.h"
#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"

struct ph_chain {
    const ph_grid_t *grid;
    ph_grid_t *own;   /* the grid where it is not the caller's, else NULL */
    ph_point_t point; /* of the chains; the blocks point to it */
    uint32_t sample, first, replicas;
    size_t blocks_count;
    ph_block_t *blocks; /* of replicas first / lanes, ... in turn */
    uint8_t *start;     /* [replicas] states from a start file; NULL: the start is another */
    size_t components;
    double *measured; /* [components] */
    int64_t *scratch; /* [ph_block_scratch()] */
};

/**
 * Sets up the chains that grid, point, sample, first and replicas say and starts them, with
 * patterns and weights of the caller's, or NULL for those of the grid. ph_chain_delete() is safe
 * after a failure.
 */
int ph_chain_init(struct ph_chain *self, const ph_patterns_t *patterns, const double *weights,
                  ph_report_t *report);

/** The network of a caller's patterns and weights. PH_ERR_MEMORY. */
int ph_chain_give(ph_sample_t *self, const ph_point_t *point, const ph_patterns_t *patterns,
                  const double *weights);

#endif
