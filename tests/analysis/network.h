/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ANALYSIS_NETWORK_H
#define PH_TESTS_ANALYSIS_NETWORK_H

#include <check.h>
#include <string.h>

#include "analysis/meanfield/meanfield.h"
#include "sim/model/coupling.h"

/* Points and samples made by hand, without a grid file. */

enum { NETWORK_PATTERNS_MAX = 12 };

/** A storage point; the dilutions are kept in a static array, so one point lives at a time. */
static inline ph_point_t network_point(int64_t neurons, int64_t patterns, const double *dilution,
                                       double noise)
{
    static double kept[NETWORK_PATTERNS_MAX];
    for (int64_t mu = 0; mu < patterns && mu < NETWORK_PATTERNS_MAX; mu++)
        kept[mu] = dilution[mu];
    return (ph_point_t){.neurons = neurons,
                        .patterns = patterns,
                        .dilution = kept,
                        .noise = noise,
                        .normalization = PH_NORM_NONE,
                        .start = PH_START_HIERARCHICAL,
                        .disorder = ph_digest_bytes("test", 4)};
}

/** The same with one dilution for all patterns. */
static inline ph_point_t network_uniform(int64_t neurons, int64_t patterns, double dilution,
                                         double noise)
{
    double all[NETWORK_PATTERNS_MAX];
    for (int64_t mu = 0; mu < NETWORK_PATTERNS_MAX; mu++)
        all[mu] = dilution;
    return network_point(neurons, patterns, all, noise);
}

/** A learning point of equal patterns, normalization variance; one lives at a time. */
static inline ph_point_t network_learning(ph_rule_t rule, int64_t patterns, double dilution,
                                          double quality, double examples, double noise)
{
    static double each[3][NETWORK_PATTERNS_MAX];
    ph_point_t point = network_uniform(1000, patterns, dilution, noise);
    for (int64_t mu = 0; mu < NETWORK_PATTERNS_MAX; mu++) {
        each[0][mu] = examples;
        each[1][mu] = quality;
        each[2][mu] = 1.0;
    }
    point.rule = rule;
    point.normalization = PH_NORM_VARIANCE;
    point.examples = each[0];
    point.quality = each[1];
    point.blank_fidelity = each[2];
    return point;
}

/** The mean field of a point's population. */
static inline void network_population(ph_meanfield_t *problem, const ph_point_t *point)
{
    ck_assert_int_eq(ph_meanfield_init_population(problem, point, PH_AVERAGE_AUTO, NULL), PH_OK);
}

/** A problem's state from a start; K = P. */
static inline void network_state(ph_state_t *state, const ph_meanfield_t *problem,
                                 ph_start_id_t start)
{
    const ph_point_t point = {.patterns = problem->patterns, .start = start};
    ck_assert_int_eq(ph_state_init(state, problem->features, problem->patterns), PH_OK);
    ph_meanfield_start(problem, &point, state->n);
    ck_assert_int_eq(ph_meanfield_solve(state, problem, NULL), PH_OK);
}

/** The population state from the point's start. */
static inline void network_solve(ph_state_t *state, const ph_point_t *point)
{
    ph_meanfield_t problem;
    network_population(&problem, point);
    network_state(state, &problem, point->start);
    ph_meanfield_free(&problem);
}

/** A sample with its coupling and mean field. */
typedef struct {
    ph_patterns_t patterns;
    ph_coupling_t coupling;
    ph_meanfield_t problem;
} network_sample_t;

static inline void network_draw(network_sample_t *self, const ph_point_t *point, uint64_t seed,
                                uint32_t sample)
{
    ck_assert_int_eq(ph_patterns_draw(&self->patterns, point, seed, sample), PH_OK);
    ck_assert_int_eq(ph_coupling_init(&self->coupling, point, &self->patterns), PH_OK);
    ck_assert_int_eq(
        ph_meanfield_init_sample(&self->problem, point, &self->coupling, &self->patterns, NULL),
        PH_OK);
}

static inline void network_drop(network_sample_t *self)
{
    ph_meanfield_free(&self->problem);
    ph_coupling_free(&self->coupling);
    ph_patterns_free(&self->patterns);
}

#endif
