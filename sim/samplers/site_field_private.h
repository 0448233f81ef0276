/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_SITE_FIELD_PRIVATE_H
#define PH_SAMPLERS_SITE_FIELD_PRIVATE_H

/* Fields of single sites and decisions by them, for every kernel that visits site after site. */
#include "sim/chain/block.h"
#include "sim/random/lane_stream.h"

/* Field h of a site in real numbers, from block->overlaps and the site's own spin, summed in the
 * order of the features. */
double ph_site_field(const ph_block_t *self, size_t site, uint32_t lane, int32_t spin);

/* Whether 48 random bits are below the threshold: `high` the first 16, the others drawn if needed
 * from the address (sweep, attempt, lane). */
bool ph_site_decide(const ph_block_t *self, uint64_t threshold, uint32_t high, uint64_t attempt,
                    uint32_t lane);

/* The random numbers of the next sweep: of the lanes up to the last one of the block, and the
 * sites. */
static inline void ph_site_begin(const ph_block_t *self, ph_lanes_t *generators, ph_sites_t *sites,
                                 uint32_t *permutation)
{
    ph_lanes_seed(generators, self->key, self->sample, self->block, self->sweep,
                  (self->lane_first + self->lanes + 1) / 2);
    ph_sites_init(sites, self->key, self->sample, self->block, self->sweep, self->point->order,
                  self->point->neurons, permutation);
}

#endif
