/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_INTEGRAL_H
#define PH_TESTS_INTEGRAL_H

#include <math.h>
#include <string.h>

#include "analysis/exact/exact.h"
#include "sim/chain/block.h"
#include "sim/model/observables.h"
#include "sim/samplers/samplers.h"
#include "tests/sim/samplers/network.h"

/*
 * Chains of every sampler of exp(-H/T), under every rule, against exact averages of the very
 * sample: the finite-N integral. Errors come from independent blocks; the lanes of one may share
 * the order of the sites.
 */
enum { INTEGRAL_MEASURED = 3, INTEGRAL_PATTERNS = 3 };

typedef struct {
    int64_t neurons, patterns;
    ph_rule_t rule;
    int variant; /* of the patterns: 0 all alike, so that fields are integers; 1 not */
    double noise, ladder[3];
} integral_case_t;

static const integral_case_t INTEGRAL_CASES[] = {
    {60, 3, PH_RULE_STORAGE, 0, 0.9, {0.9, 1.3, 2.0}},
    {400, 2, PH_RULE_STORAGE, 1, 1.0, {0.8, 1.0, 1.3}},
    {2000, 3, PH_RULE_STORAGE, 0, 1.3, {1.2, 1.3, 1.5}},
    {10000, 1, PH_RULE_STORAGE, 0, 0.5, {0.48, 0.5, 0.52}},
    {60, 3, PH_RULE_SUPERVISED, 0, 1.0, {0.8, 1.0, 1.5}},
    {200, 3, PH_RULE_SUPERVISED, 1, 1.2, {1.0, 1.2, 1.6}},
    {2000, 2, PH_RULE_SUPERVISED, 0, 1.3, {1.3, 1.4, 1.5}},
    {10000, 3, PH_RULE_SUPERVISED, 0, 1.8, {1.7, 1.75, 1.8}},
    {60, 1, PH_RULE_UNSUPERVISED, 0, 0.9, {0.9, 1.2, 2.0}},
    {400, 1, PH_RULE_UNSUPERVISED, 0, 1.1, {1.0, 1.1, 1.3}},
    {2000, 1, PH_RULE_UNSUPERVISED, 0, 0.6, {0.55, 0.6, 0.65}},
    {10000, 1, PH_RULE_UNSUPERVISED, 0, 1.6, {1.6, 1.7, 1.8}},
};
enum { INTEGRAL_CASES_COUNT = sizeof(INTEGRAL_CASES) / sizeof(INTEGRAL_CASES[0]) };

static const ph_sampler_id_t INTEGRAL_SAMPLERS[] = {
    PH_SAMPLER_GLAUBER, PH_SAMPLER_METROPOLIS, PH_SAMPLER_BLOCK_GIBBS,
    PH_SAMPLER_LUMPED_BLOCK_GIBBS, PH_SAMPLER_REPLICA_EXCHANGE};
enum { INTEGRAL_SAMPLERS_COUNT = sizeof(INTEGRAL_SAMPLERS) / sizeof(INTEGRAL_SAMPLERS[0]) };

/** What is measured of the first pattern's mean example (storage: the pattern), and the energy. */
typedef struct {
    size_t count; /* <n^2>, the energy, <n^4>: the last where there is one feature a pattern */
    double exact[INTEGRAL_MEASURED], mean[INTEGRAL_MEASURED], error[INTEGRAL_MEASURED];
} integral_t;

static inline ph_point_t integral_point(const integral_case_t *c, ph_sampler_id_t sampler)
{
    static const double d[2][INTEGRAL_PATTERNS] = {{0.3, 0.3, 0.3}, {0.1, 0.3, 0.5}};
    static const double m[2][INTEGRAL_PATTERNS] = {{3, 3, 3}, {1, 8, 4}};
    static const double r[2][INTEGRAL_PATTERNS] = {{0.6, 0.6, 0.6}, {1.0, 0.4, 0.7}};
    static const double s[2][INTEGRAL_PATTERNS] = {{1, 1, 1}, {0.5, 1.0, 0.7}};
    ph_point_t point = network_point(c->neurons, c->patterns, d[c->variant], c->noise);
    point.rule = c->rule;
    point.examples = m[c->variant];
    point.quality = r[c->variant];
    point.blank_fidelity = s[c->variant];
    point.start = PH_START_ARCHETYPE;
    point.sampler = sampler;
    if (sampler == PH_SAMPLER_REPLICA_EXCHANGE)
        point.ladder = (ph_list_t){3, c->ladder};
    return point;
}

static inline int integral_exact(integral_t *self, const ph_coupling_t *coupling, double noise)
{
    const int64_t features = coupling->features, own = coupling->first[1];
    const double scale = coupling->mean_scales[0];
    ph_exact_t exact;
    int status = ph_exact_init(&exact, features);
    if (status == PH_OK)
        status = ph_exact_integral(&exact, coupling, noise, NULL);
    if (status != PH_OK)
        return status;
    memset(self, 0, sizeof(*self));
    for (int64_t p = 0; p < own; p++)
        for (int64_t q = 0; q < own; q++)
            self->exact[0] += exact.second[p * features + q] * scale * scale;
    self->exact[1] = exact.energy;
    self->exact[2] = exact.fourth[0] * pow(scale, 4);
    self->count = own == 1 ? 3 : 2;
    ph_exact_free(&exact);
    return PH_OK;
}

/* One block's means over `visits` measurements, `thin` sweeps apart, after `first` sweeps. */
static inline void integral_visit(ph_block_t *block, int first, int visits, int thin,
                                  double mean[INTEGRAL_MEASURED])
{
    const ph_grid_t grid = {.trajectory = true, .example_magnetization = true};
    const int64_t patterns = block->patterns.patterns;
    const size_t n_at = ph_observable_offset(PH_OBS_EXAMPLE_MAGNETIZATION, &grid, patterns);
    const size_t energy_at = ph_observable_offset(PH_OBS_ENERGY, &grid, patterns);
    const double weight = 1.0 / ((double)visits * block->lanes);
    int64_t scratch[32];
    double out[32];
    memset(mean, 0, INTEGRAL_MEASURED * sizeof(*mean));
    for (int t = 0; t < first; t++)
        ph_block_sweep(block);
    for (int visit = 0; visit < visits; visit++) {
        for (int t = 0; t < thin; t++)
            ph_block_sweep(block);
        for (uint32_t l = 0; l < block->lanes; l++) {
            ph_block_measure(block, &grid, l, scratch, out);
            const double square = out[n_at] * out[n_at];
            mean[0] += square * weight;
            mean[1] += out[energy_at] * weight;
            mean[2] += square * square * weight;
        }
    }
}

/** `blocks` blocks of so many chains each; every `thin` sweeps a visit. A status. */
static inline int integral_measure(integral_t *self, const ph_point_t *point, uint64_t seed,
                                   uint32_t blocks, uint32_t lanes, int visits, int thin)
{
    double squares[INTEGRAL_MEASURED] = {0};
    for (uint32_t b = 0; b < blocks; b++) {
        double mean[INTEGRAL_MEASURED];
        ph_block_t block;
        int status = ph_block_init(&block, ph_sampler(point->sampler), point, seed, 1, b, 0, lanes);
        if (status == PH_OK && b == 0)
            status = integral_exact(self, &block.coupling, point->noise);
        if (status != PH_OK)
            return status;
        ph_block_start(&block);
        integral_visit(&block, 40 + visits * thin / 4, visits, thin, mean);
        for (int k = 0; k < INTEGRAL_MEASURED; k++) {
            self->mean[k] += mean[k] / blocks;
            squares[k] += mean[k] * mean[k] / blocks;
        }
        ph_block_free(&block);
    }
    for (int k = 0; k < INTEGRAL_MEASURED; k++)
        self->error[k] = sqrt((squares[k] - self->mean[k] * self->mean[k]) / (blocks - 1));
    return PH_OK;
}

#endif
