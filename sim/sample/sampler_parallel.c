/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Samplers that update all neurons at once, neuron by neuron or class by class of alike ones. */
#include "sim/sample/sampler_private.h"

/* Generators and thresholds cost about as much as visiting a site; exp is computed per site. */
static double cost(const ph_point_t *point)
{
    return 2.0 + 0.5 * (double)ph_coupling_features(point);
}

/* About 50 units a class and K to sum its field; there are no more classes than neurons. */
static double lumped_cost(const ph_point_t *point)
{
    return (50.0 + (double)point->patterns) * ph_point_classes(point) / (double)point->neurons;
}

static const ph_kernel_t *const LITTLE[] = {
#ifdef __x86_64__
    &PH_KERNEL_FIELD_LITTLE_AVX2,
    &PH_KERNEL_FIELD_LITTLE_SSE2,
#endif
    &PH_KERNEL_LITTLE_REFERENCE,
    NULL,
};
static const ph_kernel_t *const GIBBS[] = {
#ifdef __x86_64__
    &PH_KERNEL_GIBBS_AVX2,      &PH_KERNEL_FIELD_GIBBS_AVX2,
    &PH_KERNEL_GIBBS_SSE2,      &PH_KERNEL_FIELD_GIBBS_SSE2,
#endif
    &PH_KERNEL_GIBBS_REFERENCE, NULL,
};
static const ph_kernel_t *const LUMPED_LITTLE[] = {
#ifdef __x86_64__
    &PH_KERNEL_LUMPED_LITTLE_AVX2,
    &PH_KERNEL_LUMPED_LITTLE_SSE2,
#endif
    &PH_KERNEL_LUMPED_LITTLE_REFERENCE,
    NULL,
};
static const ph_kernel_t *const LUMPED_GIBBS[] = {
#ifdef __x86_64__
    &PH_KERNEL_LUMPED_GIBBS_AVX2,
    &PH_KERNEL_LUMPED_GIBBS_SSE2,
#endif
    &PH_KERNEL_LUMPED_GIBBS_REFERENCE,
    NULL,
};

#define LITTLE_CAUTION                                                                             \
    "samples Little's law: no comparison with exp(-H/T) at finite N, nor with Glauber "            \
    "trajectories; its mean-field stationary points are the same"
#define GIBBS_CAUTION "its path is not that of Glauber dynamics: no comparison of trajectories"

const ph_sampler_t PH_SAMPLER_ROW_LITTLE = {
    PH_SAMPLER_LITTLE,
    "all neurons at once from the old state (Little's parallel dynamics)",
    LITTLE_CAUTION,
    cost,
    LITTLE,
};

const ph_sampler_t PH_SAMPLER_ROW_BLOCK_GIBBS = {
    PH_SAMPLER_BLOCK_GIBBS,
    "all neurons at once given one Gaussian hidden unit a feature",
    GIBBS_CAUTION,
    cost,
    GIBBS,
};

const ph_sampler_t PH_SAMPLER_ROW_LUMPED_LITTLE = {
    PH_SAMPLER_LUMPED_LITTLE,
    "little by classes of alike neurons: equal in law, cost independent of N",
    LITTLE_CAUTION,
    lumped_cost,
    LUMPED_LITTLE,
};

const ph_sampler_t PH_SAMPLER_ROW_LUMPED_BLOCK_GIBBS = {
    PH_SAMPLER_LUMPED_BLOCK_GIBBS,
    "block-gibbs by classes of alike neurons: equal in law, cost independent of N",
    GIBBS_CAUTION,
    lumped_cost,
    LUMPED_GIBBS,
};

/* One lumped sweep a rung. */
static double exchange_cost(const ph_point_t *point)
{
    return lumped_cost(point) * (double)(point->ladder.count > 0 ? point->ladder.count : 1);
}

static const ph_kernel_t *const EXCHANGE[] = {
#ifdef __x86_64__
    &PH_KERNEL_EXCHANGE_AVX2,
#endif
    &PH_KERNEL_EXCHANGE_REFERENCE,
    NULL,
};

const ph_sampler_t PH_SAMPLER_ROW_REPLICA_EXCHANGE = {
    PH_SAMPLER_REPLICA_EXCHANGE,
    "copies at a ladder of noises, moved by lumped-block-gibbs and swapped; recorded is the copy "
    "at "
    "the point's noise",
    "its path jumps between copies: no comparison of trajectories; the cost is that of one rung",
    exchange_cost,
    EXCHANGE,
};
