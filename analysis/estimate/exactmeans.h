/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_EXACTMEANS_H
#define PH_ESTIMATE_EXACTMEANS_H

#include <stdbool.h>

#include "analysis/estimate/quantity.h"
#include "params/grid.h"
#include "sim/model/sample.h"

/**
 * Averages over all states of a sample at any noise above 0, by enumeration or the exact integral,
 * pattern by pattern; not there where neither covers the sample. What it does not give is NaN: <m>,
 * which is 0 by symmetry, |m| beyond 16 neurons, everything but energies of a learning rule.
 * Integrals that take long (some 0.1 s) are not made. PH_ERR_MEMORY. Threads may call it for
 * objects of their own, which begin as zeros.
 */
typedef struct {
    bool there;
    bool stored;    /* features are the patterns */
    double log_sum; /* log of the sum of exp(-H/T) over all states */
    ph_means_t *of; /* [patterns] */
} ph_exact_means_t;
int ph_exact_means(ph_exact_means_t *self, const ph_sample_t *sample, const ph_point_t *point,
                   double noise);
void ph_exact_means_free(ph_exact_means_t *self);

#endif
