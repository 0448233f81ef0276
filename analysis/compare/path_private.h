/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_PATH_PRIVATE_H
#define PH_COMPARE_PATH_PRIVATE_H

#include "params/grid.h"
#include "sim/model/coupling.h"
#include "sim/model/patterns.h"

/**
 * How far the mean over a point's records of the flow of the infinite network is from the state
 * m[patterns] that its mean field gives, into offset[patterns]: the records begin before
 * equilibrium. INFINITY where the flow cannot be integrated, 0 where the dynamics has none.
 * PH_ERR_MEMORY.
 */
int ph_compare_transient(const ph_point_t *point, ph_average_t average, const double *m,
                         double *offset);

/**
 * The same by the flow of one sample, from its own start to where it is 2000 sweeps later: from an
 * example, of which there are no two alike in the unsupervised rule. Not looked at beyond 2 * 10^6
 * entries of features.
 */
int ph_compare_transient_sample(const ph_point_t *point, const ph_coupling_t *coupling,
                                const ph_patterns_t *patterns, double *offset);

/** Raises what the flow leaves open of all patterns to what a record does, bias[patterns] being N
 * times its 1/N correction: that is known to PH_CORRECTION_NEXT of the largest, as in equilibrium.
 * What was open on the way stays so, since chains that were late are. */
void ph_path_allow(const double *bias, size_t patterns, double neurons, double *allowance);

/** Whether a chain of so large a variance and bias, both times N, is small noise about its flow. */
bool ph_path_is_small(double chain, double bias, double neurons);

#endif
