/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXACT_EXACT_H
#define PH_EXACT_EXACT_H

#include "base/report.h"
#include "sim/model/sample.h"

/** Equilibrium moments of the overlaps o_p = (1/N) sum_i phi_ip s_i of a given sample. */
typedef struct {
    int64_t features;
    double *second;         /* [features][features]: <o_p o_q> */
    double *fourth;         /* [features]: <o_p^4> */
    double *absolute;       /* [features]: <|o_p|>; enumeration only, NaN from the integral */
    double free_energy;     /* -(T/N) log Z of H with J_ii = 0 */
    double energy;          /* <H>/N with J_ii = 0 */
    double energy_variance; /* <(H/N)^2> - <H/N>^2 */
} ph_exact_t;

int ph_exact_init(ph_exact_t *self, int64_t features);
void ph_exact_free(ph_exact_t *self);

/** By enumeration of all 2^N states, N <= 24, T > 0. PH_ERR_LIMIT above. */
int ph_exact_enumerate(ph_exact_t *self, const ph_coupling_t *coupling, double noise,
                       ph_report_t *report);

/**
 * By the Gaussian-field integral, exact at any N, 1 to 3 features, T > 0: p(x) ~ exp(-(N/2T) sum
 * w x^2 + sum_i log 2 cosh((1/T) sum w phi x)), <o_p o_q> = <x_p x_q> - delta T/(N w_p), <o^4> =
 * <x^4> - 6 s2 <o^2> - 3 s2^2 with s2 = T/(N w). PH_ERR_LIMIT for more features; PH_ERR_NUMERIC if
 * two resolutions of the quadrature differ by more than 1e-10 (of overlaps in units of 1/sqrt(w)
 * where these are above 1: features that sum examples).
 */
int ph_exact_integral(ph_exact_t *self, const ph_coupling_t *coupling, double noise,
                      ph_report_t *report);

/**
 * What the integral of a sample costs: blocks of points times classes of neurons; some 10^6 take a
 * second. INFINITY where it does not cover the sample. PH_ERR_MEMORY.
 */
int ph_exact_integral_work(const ph_coupling_t *coupling, double noise, double *work);

/** Neurons of a network whose laws are made by all its states. */
enum { PH_EXACT_LAW_NEURONS = 16 };

/** Equilibrium laws of a given sample; level k stands for the overlap (k - N)/N. */
typedef struct {
    size_t neurons, patterns, levels; /* levels: 2 N + 1 */
    double *m;                        /* [patterns][levels]: P(m_mu) */
    double *q; /* [levels]: of two independent copies, (1/N) sum_i s_i s'_i */
} ph_exact_law_t;

/** All 0. PH_ERR_MEMORY; free is safe after it. */
int ph_exact_law_init(ph_exact_law_t *self, size_t neurons, size_t patterns);
void ph_exact_law_free(ph_exact_law_t *self);

/** By enumeration of all 2^N states. PH_ERR_LIMIT above PH_EXACT_LAW_NEURONS, PH_ERR_UNSUPPORTED
 * without noise, PH_ERR_MEMORY; free is safe after them. */
int ph_exact_law(ph_exact_law_t *self, const ph_sample_t *sample, double noise);

/** H/N of one state, spins[N] = +-1, from the definition -sum_{i<j} J_ij s_i s_j, O(N^2 P). */
double ph_exact_energy(const ph_coupling_t *coupling, const int8_t *spins);

#endif
