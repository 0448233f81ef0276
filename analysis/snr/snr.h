/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SNR_SNR_H
#define PH_SNR_SNR_H

#include <stddef.h>

#include "params/grid.h"

/**
 * One pattern as the signal-to-noise analysis sees it. With rule storage there are no examples;
 * quality, fidelity and examples are then not looked at.
 */
typedef struct {
    double start;    /* m^(1): overlap of the starting state with the archetype */
    double dilution; /* d in [0, 1] */
    double quality;  /* r in (0, 1] */
    double fidelity; /* s in [0, 1]: probability that an example is blank where its archetype is */
    double examples; /* M > 0; may be any real number except in ph_snr_exact */
} ph_snr_pattern_t;

/**
 * Signal and noise of one parallel step at zero noise from a state that is independent of the
 * example noise ("Parallel Learning by Multitasking Neural Networks" (2023), section 4; the
 * project's docs/theory.md, section 8). The field on a neuron is h = sum_nu g_nu eta^nu m_nu with
 * eta the mean of the examples over M r.
 */
typedef struct {
    ph_rule_t rule; /* the learning rules differ in the variances of order 1/N only */
    ph_normalization_t normalization;
    double neurons; /* N of the variances of order 1/N; INFINITY leaves them out */
    size_t patterns;
    ph_snr_pattern_t *pattern; /* [patterns] */
} ph_snr_t;

/** From a point and the overlaps of a start, start[patterns]; N infinite. PH_ERR_MEMORY. */
int ph_snr_init(ph_snr_t *self, const ph_point_t *point, const double *start);
void ph_snr_free(ph_snr_t *self);

/**
 * kappa_1 = E[xi^mu h | xi^mu != 0] and kappa_2 = standard deviation of the same, the overlaps'
 * own fluctuations of order 1/N included.
 */
void ph_snr_field(const ph_snr_t *self, size_t mu, double *kappa_1, double *kappa_2);

/**
 * m_mu after the step. _gaussian: h Gaussian over the neurons, (1 - d) erf(kappa_1 / (sqrt2
 * kappa_2)). _rows: h Gaussian in the examples, summed over the archetypes' rows. _exact: exact at
 * finite (whole) M; ties count half. The overlaps' fluctuations of order 1/N are a normal noise in
 * all three, those of the start's own overlaps, ((1 - d) - m^2)/N, in _exact only. The last two are
 * NaN where more than 12 patterns have m^(1) != 0, _exact also where the sum would have more than
 * 10^7 terms. `scatter` (NULL: not asked for): for these fluctuations m has no larger standard
 * deviation over samples, but for what neurons do one by one. PH_ERR_MEMORY.
 */
double ph_snr_gaussian(const ph_snr_t *self, size_t mu);
int ph_snr_rows(const ph_snr_t *self, size_t mu, double *m);
int ph_snr_exact(const ph_snr_t *self, size_t mu, double *m, double *scatter);

/** The two questions a threshold answers, for pattern mu and tolerance theta > 0. */
typedef enum {
    PH_SNR_ABSOLUTE, /* kappa_1 / (sqrt2 kappa_2) > theta */
    PH_SNR_RELATIVE, /* m_mu after the step, over rows, > erf(theta) m_mu before it */
    PH_SNR_CRITERIA
} ph_snr_criterion_t;

/**
 * The least M, common to all patterns, with which the criterion holds: as a real number (0 where
 * any M will do), and the least whole number M >= 1. INFINITY where no M does ("never"): for weak
 * signals of a hierarchical state. NaN for rule storage, for a pattern without overlap, and where
 * ph_snr_rows is. Roots are sought from 10^-4 to 10^8 times the M at which example noise and signal
 * are equal.
 */
int ph_snr_threshold(const ph_snr_t *self, ph_snr_criterion_t criterion, size_t mu, double theta,
                     double *real, double *whole);

#endif
