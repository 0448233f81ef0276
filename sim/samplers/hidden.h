/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_HIDDEN_H
#define PH_SAMPLERS_HIDDEN_H

#include "sim/model/stream.h"

/**
 * Weight times a hidden unit of block Gibbs, w x with x ~ Normal(o, T/(N w)), o = overlap / N: the
 * network is a Boltzmann machine with one Gaussian unit a feature, exp(-H/T) = integral over x of
 * prod_i 2 cosh(sum_p w phi_i x / T) exp(-N sum_p w x^2 / 2 T) (Agliari et al. 2023, section 2).
 * w o at T = 0; 0 where w = 0.
 */
double ph_hidden_field(ph_stream_t *stream, double noise, double neurons, double weight,
                       int64_t overlap);

#endif
