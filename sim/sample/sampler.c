/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sample/sampler.h"

#include "sim/sample/sampler_private.h"

/* The list of samplers, in the order of PH_SAMPLER_WORDS. */
static const ph_sampler_t *const SAMPLERS[PH_SAMPLER_COUNT] = {
    &PH_SAMPLER_ROW_GLAUBER,
    &PH_SAMPLER_ROW_METROPOLIS,
};

const ph_sampler_t *ph_sampler(ph_sampler_id_t id)
{
    return SAMPLERS[id];
}

static const char *const LAWS[PH_LAW_COUNT] = {
    "exp(-H/T), by Glauber dynamics",
    "exp(-H/T); the path is no physical dynamics",
    "Little's law prod_i 2 cosh(h_i/T), not exp(-H/T)",
    "no stationary law",
};

const char *ph_law_text(ph_law_t law)
{
    return LAWS[law];
}
