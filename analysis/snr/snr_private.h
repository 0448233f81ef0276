/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SNR_SNR_PRIVATE_H
#define PH_SNR_SNR_PRIVATE_H

#include "analysis/snr/snr.h"

/** Moments of the mean example of a pattern with M examples, as its rule sees it. */
typedef struct {
    double d, rho, rho_blank; /* variance of eta where xi != 0, where xi = 0 */
    double second;            /* E[eta^2] */
    double gain;
} ph_snr_example_t;

ph_snr_example_t ph_snr_example(const ph_snr_t *self, size_t nu);

/**
 * The least M at which `excess` is above 0, as ph_snr_threshold() gives it: `excess` says by how
 * much a criterion is exceeded with M examples, NaN where it cannot. `snr` is for the M at which
 * noise and signal are equal.
 */
int ph_snr_least_examples(const ph_snr_t *snr,
                          int (*excess)(void *context, double examples, double *value),
                          void *context, double *real, double *whole);

/** What a value has to exceed a bound by, so that equality does not hang on rounding. */
double ph_snr_beyond(double value, double bound);

#endif
