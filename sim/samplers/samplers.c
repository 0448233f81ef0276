/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samplers/samplers.h"

#include "sim/chain/block.h"
#include "sim/samplers/samplers_private.h"

#define ROW(ID, ...) &PH_SAMPLER_ROW_##ID,
static const ph_sampler_t *const SAMPLERS[PH_SAMPLER_COUNT] = {PH_SAMPLERS(ROW)};

const ph_sampler_t *ph_sampler(ph_sampler_id_t id)
{
    return SAMPLERS[id];
}

bool ph_sampler_in_step(const ph_sampler_t *sampler, uint32_t lanes)
{
    uint32_t most = 0;
    for (const ph_kernel_t *const *row = sampler->kernels; *row != NULL && most == 0; row++)
        most = (*row)->in_step != NULL ? (*row)->in_step() : 0;
    return lanes <= most;
}

bool ph_kernel_is_known(const char *name)
{
    for (int id = 0; id < PH_SAMPLER_COUNT; id++)
        for (const ph_kernel_t *const *row = SAMPLERS[id]->kernels; *row != NULL; row++)
            if (ph_kernel_is(*row, name))
                return true;
    return false;
}
