/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_STATISTICS_H
#define PH_ESTIMATE_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Mean of an autocorrelated series and what is known of it. */
typedef struct {
    double mean;
    double variance; /* of one record, unbiased */
    double tau;      /* integrated autocorrelation time in records, >= 0.5 for white noise 0.5 */
    double error;    /* sqrt(2 tau variance / n) */
    size_t window;   /* W of the truncated sum */
    bool ended;      /* the sum ended within the series, or the blocks outgrew tau */
    bool enough;     /* long enough for its own tau: 50 tau in all, 10 tau in each chain */
} ph_estimate_t;

/**
 * tau = 1/2 + sum_{t=1}^{W} rho(t) with the automatic window W >= 5 tau (Sokal 1997; Madras &
 * Sokal 1988), taken as 1/2 where it comes out below (anticorrelated records). x: [n] with the
 * given stride, n >= 1. A constant series has error 0, tau 1/2; below two records the error is NaN.
 */
ph_estimate_t ph_estimate_series(const double *x, size_t n, size_t stride);

/**
 * The same from several chains of one law: one autocorrelation function, averaged over chains
 * about the common mean. x: [chains][n]. error is that of the mean over all chains, taken as
 * independent.
 */
ph_estimate_t ph_estimate_chains(const double *x, size_t chains, size_t n);

/**
 * The same from running sums (sim/model/moments.h): tau from block variances, at the least block
 * length b with b^3 > 2 n (2 tau)^2 (Lee et al., Phys. Rev. E 83, 066706 (2011)); `window` is b.
 */
ph_estimate_t ph_estimate_sums(const double *sums, uint64_t n);

/** Records a chain for ph_estimate_chains() to be long enough for an autocorrelation time tau; of
 * one chain, as many as ph_estimate_sums() needs. */
double ph_estimate_length(double tau, size_t chains);

/** Split R-hat (Gelman et al., BDA3 section 11.4) of x: [chains][n]; NaN if n < 4, 1 if constant.
 */
double ph_split_rhat(const double *x, size_t chains, size_t n);

/** R-hat without halves, from the means and variances of chains of n records; 1 for one chain. */
double ph_plain_rhat(const double *means, const double *variances, size_t chains, double n);

/** Error of the mean of `n` independent values: sqrt(variance / n); NaN below two. */
double ph_error_of_mean(const double *x, size_t n);

/** P(|z| > threshold) two-sided normal, and P(X >= k) of Binomial(n, p). */
double ph_normal_tail(double threshold);
double ph_binomial_tail(uint64_t k, uint64_t n, double p);

#endif
