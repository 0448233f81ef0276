/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/floating.h"
#include "params/grid.h"

/* Lumping pays while the mean class holds more neurons than this (unit costs, never measured). */
#define CLASS_NEURONS 150
#define TEXT_OF(value) #value
#define TEXT(value) TEXT_OF(value)

const char PH_AUTO_HELP[] =
    "lumped-block-gibbs at noise > 0, in random order, without records of single spins, where a "
    "class of alike neurons holds " TEXT(CLASS_NEURONS) " or more on average; else glauber";

ph_sampler_id_t ph_point_auto(const ph_point_t *point, bool single_spins, const char **why)
{
    PH_FLOATING_GUARD();
    const char *reason;
    ph_sampler_id_t sampler = PH_SAMPLER_GLAUBER;
    if (point->noise <= 0.0)
        reason = "noise 0, where block Gibbs is another dynamics";
    else if (point->order != PH_ORDER_RANDOM)
        reason = "an order was asked for";
    else if (single_spins)
        reason = "flips or acceptance are recorded";
    else if (ph_point_classes(point) * CLASS_NEURONS > (double)point->neurons)
        reason = "fewer than " TEXT(CLASS_NEURONS) " neurons a class of alike ones";
    else {
        sampler = PH_SAMPLER_LUMPED_BLOCK_GIBBS;
        reason = TEXT(CLASS_NEURONS) " neurons or more a class of alike ones: the same exp(-H/T), "
                                     "cheaper; no path of Glauber dynamics";
    }
    if (why != NULL)
        *why = reason;
    return sampler;
}
