/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Samplers that visit one site after the other: Glauber (heat bath) and Metropolis. */
#include <math.h>

#include "sim/samplers/load.h"
#include "sim/samplers/samplers_private.h"

static const double SMALL = 1048576.0;

/* One update costs about this much more with every feature. */
static double cost(const ph_point_t *point)
{
    return 1.0 + 0.5 * (double)ph_coupling_features(point);
}

/* Records of one chain alone, where its overlaps fit 16 bits; kernels for small networks take
 * less than SMALL, others next to nothing. */
static double bytes(const ph_load_t *load)
{
    const double neurons = (double)load->point->neurons, vectors = ceil((load->features + 2.0) / 8);
    const double permutation = load->point->order == PH_ORDER_PERMUTED ? 4.0 * neurons : 0.0;
    const bool alone = load->lanes <= 1.0 && ph_load_overlap(load) <= INT16_MAX;
    return permutation + 4.0 * PH_MAX_LANES * load->features + SMALL +
           (alone ? 16.0 * vectors * neurons : 0.0);
}

/*
 * Nanoseconds of an attempted update of all lanes, on one core of 2023 or so (docs/performance.md):
 * vectors of lanes, narrow and wide; one chain alone, where its overlaps fit 16 bits; and the plain
 * reference for all else. A large network is out of the caches.
 */
static double seconds(const ph_load_t *load)
{
    const double features = load->features, lanes = load->lanes;
    const double neurons = (double)load->point->neurons, overlap = ph_load_overlap(load);
    const double far = neurons > 1e5 ? 60.0 : 0.0;
    double each = 180.0 + 7.0 * features + lanes * (6.0 + 0.3 * features);
#ifdef __x86_64__
    const double slow = __builtin_cpu_supports("avx2") ? 1.0 : 1.8;
    const bool equal = ph_load_equal(load);
    if (lanes >= 4.0 && equal && overlap <= INT16_MAX)
        each = slow * (12.0 + lanes * (0.4 + 0.03 * features));
    else if (lanes >= 4.0)
        each = slow * (30.0 + lanes * (2.0 + 0.15 * features));
    else if (lanes <= 1.0 && equal && overlap <= INT16_MAX)
        each = 5.0 + 0.25 * features;
#else
    (void)overlap;
#endif
    return 1e-9 * neurons * (each + far);
}

static double descent_seconds(const ph_load_t *load)
{
    const double features = load->features;
    return 1e-9 * (double)load->point->neurons *
           (50.0 + 5.0 * features + load->lanes * (6.0 + 0.3 * features));
}

static double descent_bytes(const ph_load_t *load)
{
    return load->point->order == PH_ORDER_PERMUTED ? 4.0 * (double)load->point->neurons : 0.0;
}

/* sum_q |sum_i phi_ip phi_iq|, the largest over p. */
static double gershgorin(const ph_coupling_t *coupling)
{
    size_t features = (size_t)coupling->features;
    double largest = 0.0;
    for (size_t p = 0; p < features; p++) {
        double row = 0.0;
        for (size_t q = 0; q < features; q++) {
            int64_t sum = 0;
            for (size_t i = 0; i < (size_t)coupling->neurons; i++)
                sum += coupling->phi[i * features + p] * coupling->phi[i * features + q];
            row += (double)(sum < 0 ? -sum : sum);
        }
        largest = row > largest ? row : largest;
    }
    return largest;
}

int64_t ph_site_largest_field(const ph_block_t *self)
{
    enum { GERSHGORIN_MAX = 64 };
    const ph_coupling_t *coupling = &self->coupling;
    size_t features = (size_t)coupling->features;
    int64_t square = 0;
    for (size_t i = 0; i < (size_t)coupling->neurons; i++)
        square = self->squares[i] > square ? self->squares[i] : square;
    if (coupling->integer_bound > 1e9)
        return INT32_MAX;
    int64_t largest = (int64_t)coupling->integer_bound + square;
    if (largest <= INT16_MAX || features > GERSHGORIN_MAX)
        return largest;
    double other = sqrt((double)square * (double)coupling->neurons * gershgorin(coupling));
    int64_t bound = (int64_t)other + square + 2;
    return bound < largest ? bound : largest;
}

static const ph_kernel_t *const KERNELS[] = {
#ifdef __x86_64__
    &PH_KERNEL_SITE_AVX2,      &PH_KERNEL_PAIRS_AVX2,
    &PH_KERNEL_WIDE_AVX2,      &PH_KERNEL_REAL_AVX2,
    &PH_KERNEL_SITE_SSE2,      &PH_KERNEL_PAIRS_SSE2,
    &PH_KERNEL_WIDE_SSE2,      &PH_KERNEL_REAL_SSE2,
    &PH_KERNEL_BATCH_AVX2,     &PH_KERNEL_BATCH_SSE2,
    &PH_KERNEL_SITE_SINGLE,
#endif
    &PH_KERNEL_SITE_REFERENCE, NULL,
};

const ph_sampler_t PH_SAMPLER_ROW_GLAUBER = {
    PH_SAMPLER_GLAUBER,
    "heat bath, one site after the other",
    NULL,
    cost,
    false,
    bytes,
    seconds,
    KERNELS,
};

const ph_sampler_t PH_SAMPLER_ROW_METROPOLIS = {
    PH_SAMPLER_METROPOLIS,
    "flips accepted with min(1, exp(-2 s h/T)), one site after the other",
    "its path has a time scale of its own: no comparison with Glauber trajectories",
    cost,
    false,
    bytes,
    seconds,
    KERNELS,
};

static const ph_kernel_t *const DESCENT[] = {&PH_KERNEL_DESCENT_REFERENCE, NULL};

const ph_sampler_t PH_SAMPLER_ROW_DESCENT = {
    PH_SAMPLER_DESCENT,
    "zero noise, one site after the other, unchanged where the field is 0, to a fixed point",
    "ends in the fixed point that its path happens to meet: no comparison with averages",
    cost,
    false,
    descent_bytes,
    descent_seconds,
    DESCENT,
};
