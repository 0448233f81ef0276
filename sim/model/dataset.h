/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_DATASET_H
#define PH_MODEL_DATASET_H

#include <stdint.h>

#include "params/grid.h"
#include "sim/model/patterns.h"

/*
 * The examples of one sample: eta^{mu,a}_i = xi^mu_i chi^{mu,a}_i with P(chi = +-1) = (1 +- r)/2
 * (Agliari et al., J. Stat. Mech. 2023, section 3). Where xi is blank an example's entry is 0 with
 * probability s, else +-1 evenly (s = blank_fidelity).
 *
 * An entry is a pure function of (seed, disorder identity, sample, mu, i, a) and, by thresholds on
 * one uniform number, of r and s. So both learning rules of a point see the same examples, those
 * of M = 20 begin with those of M = 10, and an entry right at one quality is right at every
 * higher one. Nothing is stored here: patterns know where their sample came from.
 *
 * Examples that are given instead (params/labelled.h) are those of the point's text, in the order
 * that the sample's patterns say.
 */

/**
 * Entries of examples first, ..., first + count - 1 (from 0) of one pattern at one neuron into
 * out[count]: each -1, 0 or +1. `first` + `count` may go beyond the point's M, but not beyond what
 * given examples there are of the pattern.
 */
void ph_dataset_entries(const ph_point_t *point, const ph_patterns_t *patterns, int64_t neuron,
                        int64_t mu, int64_t first, int64_t count, int16_t *out);

/**
 * Sums of the entries of the first `summed` examples, of the next, and so on, into out[count]:
 * |out| <= summed <= INT16_MAX.
 */
void ph_dataset_sums(const ph_point_t *point, const ph_patterns_t *patterns, int64_t neuron,
                     int64_t mu, int64_t summed, int64_t count, int16_t *out);

/** One whole example, entries[neurons]; example a counts from 0. */
void ph_dataset_example(const ph_point_t *point, const ph_patterns_t *patterns, int64_t mu,
                        int64_t a, int8_t *entries);

#endif
