/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_NETWORK_H
#define PH_TESTS_NETWORK_H

#include <stddef.h>

#include "params/grid.h"

/** A storage point made by hand: dilution[patterns] stays with the caller. */
static inline ph_point_t network_point(int64_t neurons, int64_t patterns, const double *dilution,
                                       double noise)
{
    return (ph_point_t){.rule = PH_RULE_STORAGE,
                        .normalization = PH_NORM_VARIANCE,
                        .neurons = neurons,
                        .patterns = patterns,
                        .dilution = dilution,
                        .noise = noise,
                        .sampler = PH_SAMPLER_GLAUBER,
                        .order = PH_ORDER_RANDOM,
                        .start = PH_START_RANDOM,
                        .sweeps = 1,
                        .record_every = 1,
                        .disorder = {1, (uint64_t)neurons},
                        .identity = {2, (uint64_t)patterns}};
}

#endif
