/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ATTRACTORS_COLD_PRIVATE_H
#define PH_ATTRACTORS_COLD_PRIVATE_H

#include "base/digest.h"
#include "sim/model/coupling.h"
#include "sim/model/stream.h"

/** A configuration at zero noise. */
typedef struct {
    double energy;      /* per neuron, self terms included */
    double least_field; /* least s_i h_i, J_ii = 0, over neurons with a feature */
    int64_t ties;
    ph_digest_t spins; /* of the spins, those without feature 0, up to a joint sign */
} ph_cold_t;

/**
 * Sets open spins by their fields (a coin of the stream where there is none) and flips spins
 * against their fields, in the order of the neurons again and again, until there is none. Spins
 * without any feature are made 0. overlaps[features]: room. PH_ERR_INTERRUPTED.
 */
int ph_cold_descend(const ph_coupling_t *coupling, ph_stream_t *stream, int8_t *spins,
                    int64_t *overlaps);

/** What there is to know of a configuration; spins may be turned into their negative. */
void ph_cold_describe(const ph_coupling_t *coupling, const int64_t *overlaps, int8_t *spins,
                      ph_cold_t *out);

#endif
