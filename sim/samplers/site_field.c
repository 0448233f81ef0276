/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samplers/site_field_private.h"

/* This and the next are not inlined: so Glauber's plain sweep of 64 chains and one feature made
 * 1.16e8 updates a second, else 1.5e8 to 1.7e8 (polyhebb bench --kernel reference). */
double ph_site_field(const ph_block_t *self, size_t site, uint32_t lane, int32_t spin)
{
    size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    double field = 0.0;
    for (size_t p = 0; p < features; p++) {
        /* exact: below 2^15 times 2^31 */
        double share = phi[p] * ((double)self->overlaps[p * self->lanes + lane] - phi[p] * spin);
        field += self->coupling.weights[p] * share;
    }
    return field / (double)self->coupling.neurons;
}

bool ph_site_decide(const ph_block_t *self, uint64_t threshold, uint32_t high, uint64_t attempt,
                    uint32_t lane)
{
    uint64_t open = threshold >> 32;
    if (high != open)
        return high < open;
    return ph_lanes_more(self->key, self->sample, self->block, self->sweep, attempt,
                         self->lane_first + lane) < (uint32_t)threshold;
}
