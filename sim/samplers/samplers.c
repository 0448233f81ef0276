/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samplers/samplers.h"

#include "sim/samplers/samplers_private.h"

/* The list of samplers, in the order of PH_SAMPLER_WORDS. */
static const ph_sampler_t *const SAMPLERS[PH_SAMPLER_COUNT] = {
    &PH_SAMPLER_ROW_GLAUBER,       &PH_SAMPLER_ROW_METROPOLIS,
    &PH_SAMPLER_ROW_LITTLE,        &PH_SAMPLER_ROW_BLOCK_GIBBS,
    &PH_SAMPLER_ROW_LUMPED_LITTLE, &PH_SAMPLER_ROW_LUMPED_BLOCK_GIBBS,
    &PH_SAMPLER_ROW_DESCENT,       &PH_SAMPLER_ROW_REPLICA_EXCHANGE,
};

const ph_sampler_t *ph_sampler(ph_sampler_id_t id)
{
    return SAMPLERS[id];
}
