/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ANALYSIS_NETWORK_H
#define PH_TESTS_ANALYSIS_NETWORK_H

#include <check.h>
#include <string.h>

#include "analysis/meanfield.h"
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

/** The population state from the point's start. */
static inline void network_solve(ph_state_t *state, const ph_point_t *point)
{
    ph_rows_t rows;
    double g[NETWORK_PATTERNS_MAX];
    ck_assert_int_eq(ph_rows_population(&rows, point, NULL), PH_OK);
    ck_assert_int_eq(ph_state_init(state, point->patterns), PH_OK);
    ph_coupling_gains(point, g);
    ph_meanfield_start(&rows, ph_start(point->start), state->magnetization);
    ck_assert_int_eq(ph_meanfield_solve(state, &rows, g, point->noise, NULL), PH_OK);
    ph_rows_free(&rows);
}

#endif
