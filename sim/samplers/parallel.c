/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Samplers that update all neurons at once, neuron by neuron or class by class of alike ones. */
#include <math.h>

#include "sim/samplers/load.h"
#include "sim/samplers/samplers_private.h"

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

/* ph_row_classes_t: class and sign of each neuron, rows and sizes of the classes. */
static double lumps_bytes(const ph_load_t *load)
{
    return 5.0 * (double)load->point->neurons +
           load->classes * (2.0 * load->features + (double)load->point->patterns + 8.0);
}

/* The table that finds a class by its row, while classes are looked for: 12 bytes for each of 2 to
 * 4 places a class. */
static double table_bytes(const ph_load_t *load)
{
    return 12.0 * exp2(ceil(log2(2.0 * load->classes + 1.0)));
}

/* Neuron by neuron, field_vector.c: entries in pairs, order, self terms, bits of entries, spins. */
static double field_bytes(const ph_load_t *load)
{
    const double neurons = (double)load->point->neurons, pairs = ceil(0.5 * load->features);
    if (!ph_load_ternary(load) || load->point->noise <= 0.0)
        return 0.0; /* the reference keeps nothing */
    return neurons * (8.0 + 4.0 * pairs + 0.25 * load->features + 0.125 * load->lanes);
}

static double little_bytes(const ph_load_t *load)
{
    return field_bytes(load);
}

/* gibbs_vector.c: classes, order, thresholds, spins. Others look for the classes too, for the order
 * alone, and give them up before they do anything else. */
static double gibbs_bytes(const ph_load_t *load)
{
    const double neurons = (double)load->point->neurons;
    const double looking = lumps_bytes(load) + fmax(4.0 * neurons, table_bytes(load));
    if (load->point->noise > 0.0 && 16.0 * ph_point_classes(load->point) < neurons)
        return lumps_bytes(load) + neurons * (8.0 + 0.125 * load->lanes);
    return fmax(looking, field_bytes(load));
}

/* The classes' tables, lumped.h, and `each` bytes a class of the chains. */
static double classes_bytes(const ph_load_t *load, double each)
{
    const double tables = load->classes * (80.0 + 8.0 * load->features + each);
    return lumps_bytes(load) + fmax(table_bytes(load), tables);
}

/* Nanoseconds of an update of one chain: vector kernels where the features are of -1, 0 and 1. */
static double little_seconds(const ph_load_t *load)
{
    double each = 25.0 + load->features;
#ifdef __x86_64__
    if (ph_load_ternary(load) && load->point->noise > 0.0)
        each = 1.5 + 0.02 * load->features;
#endif
    return 1e-9 * (double)load->point->neurons * load->lanes * each;
}

static double gibbs_seconds(const ph_load_t *load)
{
    const double neurons = (double)load->point->neurons;
    double each = 60.0 + 2.0 * load->features, sweep = 0.0;
#ifdef __x86_64__
    if (load->point->noise > 0.0 && 16.0 * ph_point_classes(load->point) < neurons) {
        each = 0.8;
        sweep = 40.0 * load->classes;
    } else if (load->point->noise > 0.0 && ph_load_ternary(load)) {
        each = 2.2 + 0.05 * load->features;
    }
#endif
    return 1e-9 * load->lanes * (neurons * each + sweep);
}

static double lumped_seconds(const ph_load_t *load)
{
    return 1e-9 * load->lanes *
           (300.0 + 50.0 * load->features + load->classes * (30.0 + 1.5 * load->features));
}

static double exchange_seconds(const ph_load_t *load)
{
    return lumped_seconds(load) * fmax(1.0, (double)load->point->ladder.count);
}

static double lumped_bytes(const ph_load_t *load)
{
    return classes_bytes(load, 8.0 * load->lanes);
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
    false,
    little_bytes,
    little_seconds,
    LITTLE,
};

const ph_sampler_t PH_SAMPLER_ROW_BLOCK_GIBBS = {
    PH_SAMPLER_BLOCK_GIBBS,
    "all neurons at once given one Gaussian hidden unit a feature",
    GIBBS_CAUTION,
    cost,
    true,
    gibbs_bytes,
    gibbs_seconds,
    GIBBS,
};

const ph_sampler_t PH_SAMPLER_ROW_LUMPED_LITTLE = {
    PH_SAMPLER_LUMPED_LITTLE,
    "little by classes of alike neurons: equal in law, cost independent of N",
    LITTLE_CAUTION,
    lumped_cost,
    true,
    lumped_bytes,
    lumped_seconds,
    LUMPED_LITTLE,
};

const ph_sampler_t PH_SAMPLER_ROW_LUMPED_BLOCK_GIBBS = {
    PH_SAMPLER_LUMPED_BLOCK_GIBBS,
    "block-gibbs by classes of alike neurons: equal in law, cost independent of N",
    GIBBS_CAUTION,
    lumped_cost,
    true,
    lumped_bytes,
    lumped_seconds,
    LUMPED_GIBBS,
};

/* A ladder a chain: the up-spins of each rung, its overlaps, and what is known of it. */
static double exchange_bytes(const ph_load_t *load)
{
    const double rungs = fmax(1.0, (double)load->point->ladder.count);
    const double ladder = 16.0 * PH_MAX_RUNGS + 4.0 * rungs * load->features;
    return classes_bytes(load, 8.0 * load->lanes * rungs) + load->lanes * ladder;
}

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
    true,
    exchange_bytes,
    exchange_seconds,
    EXCHANGE,
};
