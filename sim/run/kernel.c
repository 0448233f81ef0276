/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/kernel.h"

#include "params/words.h"
#include "sim/chain/block.h"
#include "sim/model/segment.h"
#include "sim/samplers/samplers.h"

int ph_kernel_check(const ph_grid_t *grid, const char *kernel, ph_report_t *report)
{
    const uint32_t lanes = ph_grid_block_chains(grid);
    int status = PH_OK;
    if (!ph_kernel_is_known(kernel))
        return ph_fail(
            report, PH_ERR_INPUT,
            "no sampler has a kernel '%s' on this machine; `polyhebb bench` shows their names",
            kernel);
    for (size_t p = 0; p < grid->points_count && status == PH_OK; p++) {
        char names[256];
        ph_block_t block;
        status = ph_block_init(&block, ph_sampler(grid->points[p].sampler), &grid->points[p],
                               grid->seed, 0, 0, 0, lanes);
        if (status != PH_OK)
            return ph_fail(report, status, "cannot set up point %zu", p);
        status = ph_block_watch(&block, grid);
        ph_block_kernels(&block, names, sizeof(names));
        if (status == PH_OK)
            status = ph_block_use(&block, kernel);
        if (status != PH_OK)
            ph_fail(report, status,
                    "kernel '%s' does not take point %zu (sampler %s, %lld neurons, %lld patterns, "
                    "%llu replicas a block); these do: %s",
                    kernel, p, PH_SAMPLER_WORDS.words[grid->points[p].sampler],
                    (long long)grid->points[p].neurons, (long long)grid->points[p].patterns,
                    (unsigned long long)lanes, names);
        ph_block_free(&block);
    }
    return status;
}
