/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Samplers that visit one site after the other: Glauber (heat bath) and Metropolis. */
#include "sim/sample/sampler_private.h"

enum {
    ORDERS_ALL = 1 << PH_ORDER_RANDOM | 1 << PH_ORDER_PERMUTED | 1 << PH_ORDER_SEQUENTIAL,
};

/* One update costs about this much more with every pattern. */
static double cost(const ph_point_t *point)
{
    return 1.0 + 0.5 * (double)point->patterns;
}

static const ph_kernel_t *const KERNELS[] = {&PH_KERNEL_SITE_REFERENCE, NULL};

const ph_sampler_t PH_SAMPLER_ROW_GLAUBER = {
    PH_SAMPLER_GLAUBER,
    "heat bath, one site after the other",
    NULL,
    PH_LAW_GLAUBER,
    ORDERS_ALL,
    cost,
    KERNELS,
};

const ph_sampler_t PH_SAMPLER_ROW_METROPOLIS = {
    PH_SAMPLER_METROPOLIS,
    "flips accepted with min(1, exp(-2 s h/T)), one site after the other",
    "its path has a time scale of its own: no comparison with Glauber trajectories",
    PH_LAW_EQUILIBRIUM,
    ORDERS_ALL,
    cost,
    KERNELS,
};
