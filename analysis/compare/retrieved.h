/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_COMPARE_RETRIEVED_H
#define PH_COMPARE_RETRIEVED_H

#include "analysis/estimate/retrieved.h"
#include "analysis/theory/theory.h"

/**
 * How many patterns a theory's mean field retrieves at every point, by the rule that counts those
 * of chains: population[points] of the infinite network, samples[points] averaged over the samples'
 * own states. NaN where the state was not found, or the theory has no samples. PH_ERR_MEMORY.
 */
int ph_retrieved_of_theory(const ph_theory_t *theory, const ph_retrieval_t *rule,
                           double *population, double *samples, ph_report_t *report);

#endif
