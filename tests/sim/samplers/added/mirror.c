/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sampler that is not in the tree: every sweep turns all spins round. */
#include "sim/chain/block.h"
#include "sim/samplers/load.h"
#include "sim/samplers/samplers_private.h"

static int prepare(ph_block_t *self)
{
    self->state = NULL;
    return PH_OK;
}

static void sweep(ph_block_t *self)
{
    for (size_t i = 0; i < (size_t)self->point->neurons; i++)
        self->spins[i] ^= ph_block_lanes_mask(self);
    for (size_t k = 0; k < (size_t)self->coupling.features * self->lanes; k++)
        self->overlaps[k] = -self->overlaps[k];
}

static void free_state(ph_block_t *self)
{
    self->state = NULL;
}

static const ph_kernel_t REFERENCE = {
    .name = "reference",
    .help = "plain",
    .prepare = prepare,
    .sweep = sweep,
    .free = free_state,
};

static const ph_kernel_t *const KERNELS[] = {&REFERENCE, NULL};

static double bytes(const ph_load_t *load)
{
    (void)load;
    return 0.0;
}

static double seconds(const ph_load_t *load, double sweeps)
{
    return 1e-9 * sweeps * (double)load->point->neurons;
}

const ph_sampler_t PH_SAMPLER_ROW_MIRROR = {
    PH_SAMPLER_MIRROR, "all spins turned round", "samples nothing", false, bytes, seconds, KERNELS,
};
