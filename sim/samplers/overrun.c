/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samplers/overrun.h"

#include <math.h>

#include "base/floating.h"
#include "sim/chain/block.h"
#include "sim/samplers/samplers.h"
#include "sim/samplers/site_field_private.h"

/* The last field of the table. */
static const double REACH = 65536.0;

/* Bounds of block->largest_field: of overlaps and squares the kernel took those that
 * fit 16 bits. */
static double largest_field(const ph_point_t *point)
{
    double field = 0.0, square = 0.0;
    for (int64_t mu = 0; mu < point->patterns; mu++) {
        const double examples = ph_point_example_count(point, (size_t)mu);
        const double entry = ph_rule_summed(point->rule, examples), features = examples / entry;
        const double overlap = fmin((double)point->neurons * entry, INT16_MAX);
        field += features * entry * (overlap + entry);
        square += features * entry * entry;
    }
    return field + fmin(square, INT16_MAX);
}

/* The weight that all features have; 0: none, or not one. */
static double equal_weight(const ph_point_t *point, const double *gains)
{
    double weight = 0.0;
    for (int64_t mu = 0; mu < point->patterns; mu++) {
        const ph_example_law_t law = ph_point_examples(point, (size_t)mu);
        const double here = gains[mu] / ph_rule_norm(point->rule, &law);
        if (mu > 0 && (here < weight || here > weight))
            return 0.0;
        weight = here;
    }
    return weight;
}

/* Whether the upper 16 bits of the threshold of field 65536 leave anything to chance. */
static bool is_open(const ph_point_t *point)
{
    double gains[PH_MAX_PATTERNS], noise = point->noise;
    ph_coupling_gains(point, gains);
    if (point->schedule_sweeps > 0)
        noise = fmax(noise, point->schedule_from);
    const double weight = equal_weight(point, gains);
    if (weight <= 0.0 || noise <= 0.0)
        return false;
    const double x = 2.0 * REACH * (weight / (double)point->neurons) / noise;
    const uint64_t against = point->sampler == PH_SAMPLER_METROPOLIS ? ph_metropolis_threshold(x)
                                                                     : ph_glauber_threshold(x);
    return against >> 32 > 0;
}

bool ph_overrun_possible(const ph_point_t *point)
{
    PH_FLOATING_GUARD();
    return (point->sampler == PH_SAMPLER_GLAUBER || point->sampler == PH_SAMPLER_METROPOLIS) &&
           largest_field(point) >= REACH && is_open(point);
}

int ph_overrun_drawn(const ph_point_t *point, uint64_t seed, uint32_t sample, bool *found)
{
    PH_FLOATING_GUARD();
    ph_block_t block;
    const int status =
        ph_block_init(&block, ph_sampler(point->sampler), point, seed, sample, 0, 0, 1);
    *found = false;
    if (status != PH_OK)
        return status;
    bool small = block.decision.integer && block.coupling.overlap_bound <= INT16_MAX;
    for (size_t i = 0; small && i < (size_t)point->neurons; i++)
        small = block.squares[i] <= INT16_MAX;
    *found = small && (double)block.largest_field >= REACH;
    ph_block_free(&block);
    return PH_OK;
}
