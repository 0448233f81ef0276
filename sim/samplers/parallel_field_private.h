/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_PARALLEL_FIELD_PRIVATE_H
#define PH_SAMPLERS_PARALLEL_FIELD_PRIVATE_H

/* New spins of single neurons that are all updated at once, for every kernel that does so. */
#include "sim/chain/block.h"
#include "sim/samplers/site_field_private.h"

/* What the entries of a neuron have to come to less than, without their signs, for field_vector.c.
 */
enum { PH_PARALLEL_ROW_END = 1 << 17 };

/* Whether block Gibbs goes by classes: at least 16 neurons in each, and a noise. */
static inline bool ph_parallel_by_classes(const ph_point_t *point)
{
    return point->noise > 0.0 && 16.0 * ph_point_classes(point) < (double)point->neurons;
}

/* Whether 48 random bits are below the threshold: a word of 32, and 16 more in the one case of
 * 2^32 where these leave it open. */
static inline bool ph_parallel_decide(const ph_block_t *self, uint64_t threshold, uint32_t word,
                                      size_t site, uint32_t lane)
{
    const uint64_t open = threshold >> 16;
    if (word != open)
        return word < open;
    return (ph_lanes_more(self->key, self->sample, self->block, self->sweep, site,
                          self->lane_first + lane) >>
            16) < (threshold & 0xffff);
}

/* The new spin, up or not, of a site of Little's dynamics, in the field without self-coupling of
 * block->overlaps and its own spin, given its word. Ties are exact where the weights are equal: the
 * field as an integer. */
static inline bool ph_parallel_little(const ph_block_t *self, size_t site, uint32_t lane, int spin,
                                      uint32_t word)
{
    const size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    if (!self->decision.integer)
        return ph_parallel_decide(
            self, ph_decision_real(&self->decision, ph_site_field(self, site, lane, spin)), word,
            site, lane);
    int32_t field = -self->squares[site] * spin;
    for (size_t p = 0; p < features; p++)
        field += phi[p] * self->overlaps[p * self->lanes + lane];
    return ph_parallel_decide(self, ph_decision_integer(&self->decision, field), word, site, lane);
}

/* The same of block Gibbs, fields[p] being what multiplies feature p. At T = 0 the field holds the
 * self term, and its ties are exact where weights are equal. */
static inline bool ph_parallel_gibbs(const ph_block_t *self, const double *fields, size_t site,
                                     uint32_t lane, uint32_t word)
{
    const size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    double field = 0.0;
    if (self->point->noise <= 0.0 && self->decision.integer) {
        int64_t count = 0;
        for (size_t p = 0; p < features; p++)
            count += (int64_t)phi[p] * self->overlaps[p * self->lanes + lane];
        field = (double)count;
    } else {
        for (size_t p = 0; p < features; p++)
            field += fields[p] * phi[p];
    }
    return ph_parallel_decide(self, ph_decision_real(&self->decision, field), word, site, lane);
}

#endif
