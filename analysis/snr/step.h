/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SNR_STEP_H
#define PH_SNR_STEP_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/snr/snr.h"
#include "sim/model/sample.h"

/** How the mean signs of the fields were found. */
typedef enum {
    PH_STEP_EXACT,   /* over all draws of the start's coins, or it has none */
    PH_STEP_GAUSSIAN /* fields normal over these draws: off by no more than `allowance` */
} ph_step_law_t;

/**
 * One parallel step at zero noise of a sample's very network, from a start of independent spins:
 * the field h_i = sum_{j != i} J_ij s_j on every neuron, and its sign, over the draws of the start.
 * The project's docs/theory.md, section 8.
 */
typedef struct {
    size_t neurons;
    double *mean, *variance; /* [neurons]: of h_i */
    double *sign;            /* [neurons]: mean of the sign of h_i, ties counting 0 */
    double *allowance;       /* [neurons]: what that may be off by; 0 where it is exact */
    ph_step_law_t law;
} ph_step_t;

/** Multiplications that a start may take: about a second. */
#define PH_STEP_WORK 1e9

/**
 * From the mean spins of a start, spins[neurons] in [-1, 1]: -1 and +1 are set, all else are coins.
 * Variances may take `work` multiplications, beyond which it is PH_ERR_LIMIT, and the law of the
 * coins a thirtieth as many additions: over all their draws, or of their sum where weights are
 * equal. Where no field sees a coin, or that is enough, signs are exact, else fields are normal.
 * PH_ERR_MEMORY. Free is safe on failure.
 */
int ph_step_init(ph_step_t *self, const ph_coupling_t *coupling, const double *spins, double work);
void ph_step_free(ph_step_t *self);

/** What a step does to a pattern. */
typedef struct {
    double signal, deviation; /* kappa_1, kappa_2: mean and standard deviation of xi_i h_i over the
                                 neurons where xi_i != 0 and the draws of the start; NaN: none */
    double gaussian; /* the share of these neurons times erf(kappa_1/(sqrt2 kappa_2)), the sign of
                        kappa_1 where kappa_2 = 0 */
    double after;    /* magnetization after the step */
    double allowance;
} ph_step_pattern_t;

/** Of pattern mu (from 0) of the sample. */
void ph_step_pattern(const ph_step_t *self, const ph_patterns_t *patterns, size_t mu,
                     ph_step_pattern_t *out);

/** The mean spins of the point's start in a sample, spins[neurons]; start file has none: 0. */
void ph_step_start(const ph_point_t *point, const ph_patterns_t *patterns, double *spins);

/**
 * ph_snr_threshold() of a sample's own archetypes from these mean spins, over the noise of examples
 * that are still to be drawn: with fields A + B Z of docs/theory.md, section 8, on its very
 * neurons, terms of order 1/N left out. NaN for rule storage, where the start has no overlap with
 * the pattern, and for given examples, of which there are no more than there are.
 */
int ph_step_threshold(const ph_point_t *point, const ph_patterns_t *patterns, const double *spins,
                      ph_snr_criterion_t criterion, size_t mu, double theta, double *real,
                      double *whole);

/** erf(a / (sqrt2 b)), the mean sign of a Gaussian; b <= tie: sign(a), with ties below `tie`. */
double ph_step_mean_sign(double a, double b, double tie);

#endif
