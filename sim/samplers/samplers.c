/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samplers/samplers.h"

#include "sim/samplers/samplers_private.h"

#define ROW(ID, ...) &PH_SAMPLER_ROW_##ID,
static const ph_sampler_t *const SAMPLERS[PH_SAMPLER_COUNT] = {PH_SAMPLERS(ROW)};

const ph_sampler_t *ph_sampler(ph_sampler_id_t id)
{
    return SAMPLERS[id];
}
