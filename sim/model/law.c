/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/law.h"

static const ph_law_t OF_SAMPLERS[PH_SAMPLER_COUNT] = {
    [PH_SAMPLER_GLAUBER] = PH_LAW_GLAUBER,
    [PH_SAMPLER_METROPOLIS] = PH_LAW_EQUILIBRIUM,
    [PH_SAMPLER_LITTLE] = PH_LAW_LITTLE,
    [PH_SAMPLER_BLOCK_GIBBS] = PH_LAW_EQUILIBRIUM,
    [PH_SAMPLER_LUMPED_LITTLE] = PH_LAW_LITTLE,
    [PH_SAMPLER_LUMPED_BLOCK_GIBBS] = PH_LAW_EQUILIBRIUM,
    [PH_SAMPLER_DESCENT] = PH_LAW_NONE,
    [PH_SAMPLER_REPLICA_EXCHANGE] = PH_LAW_EQUILIBRIUM,
};

static const char *const TEXTS[PH_LAW_COUNT] = {
    "exp(-H/T), by Glauber dynamics",
    "exp(-H/T); the path is no physical dynamics",
    "Little's law prod_i 2 cosh(h_i/T), not exp(-H/T)",
    "no stationary law",
};

ph_law_t ph_sampler_law(ph_sampler_id_t sampler)
{
    return OF_SAMPLERS[sampler];
}

int ph_law_is_equilibrium(ph_law_t law)
{
    return law == PH_LAW_GLAUBER || law == PH_LAW_EQUILIBRIUM;
}

const char *ph_law_text(ph_law_t law)
{
    return TEXTS[law];
}
