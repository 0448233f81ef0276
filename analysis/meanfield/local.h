/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_LOCAL_H
#define PH_MEANFIELD_LOCAL_H

#include "analysis/meanfield/meanfield.h"

/* The law of one component of a neuron's features: its values and their probabilities. */

/** An empty component with room for so many values. PH_ERR_MEMORY. */
int ph_local_init(ph_local_t *self, size_t capacity);
void ph_local_free(ph_local_t *self);

/** The values of the mean over a group of patterns, one or more, exact at finite M. */
int ph_local_exact(ph_local_t *self, const ph_example_law_t *law, int64_t members);
/** The same with examples in their Gaussian limit. */
int ph_local_gaussian(ph_local_t *self, const ph_example_law_t *law, int64_t members);
/** Of each pair of opposite values the positive one stays, with the probability of both. */
void ph_local_halve(ph_local_t *self);

#endif
