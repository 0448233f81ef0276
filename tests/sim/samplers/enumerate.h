/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ENUMERATE_H
#define PH_TESTS_ENUMERATE_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/model/row_classes.h"
#include "tests/testing.h"

/*
 * Exact laws of small networks, over all 2^N states, from the coupling matrix itself. Bit i of a
 * state is set where spin i is +1.
 */
enum { ENUMERATE_SITES = 12, ENUMERATE_STATES = 1 << ENUMERATE_SITES };

/* Chi-squares fail by chance with this probability each (all seeds are fixed). */
static const double ENUMERATE_FALSE_ALARM = 1e-6;

static inline int enumerate_spin(int state, int site)
{
    return (state >> site) & 1 ? 1 : -1;
}

/** Field sum_{j != i} J_ij s_j; 0 where it is a tie but for rounding. */
static inline double enumerate_field(const ph_coupling_t *coupling, int state, int site)
{
    const int64_t features = coupling->features;
    double field = 0.0;
    for (int j = 0; j < (int)coupling->neurons; j++)
        for (int64_t p = 0; j != site && p < features; p++)
            field += coupling->weights[p] * coupling->phi[site * features + p] *
                     coupling->phi[j * features + p] * enumerate_spin(state, j) /
                     (double)coupling->neurons;
    return fabs(field) < 1e-12 ? 0.0 : field;
}

/** Probability of +1 in a field; a fair coin on ties at zero noise. */
static inline double enumerate_up(double field, double noise)
{
    if (noise > 0.0)
        return 1.0 / (1.0 + exp(-2.0 * field / noise));
    return field > 0.0 ? 1.0 : field < 0.0 ? 0.0 : 0.5;
}

/** Probabilities of all states when spin i is up with probability up[i], times `weight`, added. */
static inline void enumerate_product(int sites, const double *up, double weight, double *law)
{
    for (int to = 0; to < 1 << sites; to++) {
        double probability = weight;
        for (int i = 0; i < sites; i++)
            probability *= (to >> i) & 1 ? up[i] : 1.0 - up[i];
        law[to] += probability;
    }
}

/** One step of Little's dynamics from a state: law[2^N]. */
static inline void enumerate_little(const ph_coupling_t *coupling, double noise, int from,
                                    double *law)
{
    const int sites = (int)coupling->neurons;
    double up[ENUMERATE_SITES];
    memset(law, 0, sizeof(*law) << sites);
    for (int i = 0; i < sites; i++)
        up[i] = enumerate_up(enumerate_field(coupling, from, i), noise);
    enumerate_product(sites, up, 1.0, law);
}

static inline void enumerate_gibbs_at(const ph_coupling_t *coupling, double noise, const double *x,
                                      double weight, double *law)
{
    const int sites = (int)coupling->neurons;
    double up[ENUMERATE_SITES];
    for (int i = 0; i < sites; i++) {
        double field = 0.0;
        for (int64_t p = 0; p < coupling->features; p++)
            field += coupling->weights[p] * x[p] * coupling->phi[i * coupling->features + p];
        up[i] = enumerate_up(fabs(field) < 1e-12 ? 0.0 : field, noise);
    }
    enumerate_product(sites, up, weight, law);
}

/** One step of block Gibbs from a state, the hidden units integrated by Gauss-Hermite: law[2^N]. */
static inline void enumerate_gibbs(const ph_coupling_t *coupling, double noise, int from,
                                   double *law)
{
    enum { NODES = 24 };
    const int sites = (int)coupling->neurons, features = (int)coupling->features;
    double overlaps[8] = {0}, x[8];
    memset(law, 0, sizeof(*law) << sites);
    for (int i = 0; i < sites; i++)
        for (int p = 0; p < features; p++)
            overlaps[p] +=
                coupling->phi[i * features + p] * enumerate_spin(from, i) / (double)sites;
    if (noise <= 0.0) {
        enumerate_gibbs_at(coupling, noise, overlaps, 1.0, law);
        return;
    }
    gsl_integration_fixed_workspace *rule =
        gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, NODES, 0.0, 0.5, 0.0, 0.0);
    const double *nodes = gsl_integration_fixed_nodes(rule);
    const double *weights = gsl_integration_fixed_weights(rule);
    int total = 1;
    for (int p = 0; p < features; p++)
        total *= NODES;
    for (int code = 0; code < total; code++) {
        double weight = 1.0;
        for (int p = 0, rest = code; p < features; p++, rest /= NODES) {
            const double z = nodes[rest % NODES], w = coupling->weights[p];
            weight *= weights[rest % NODES] / sqrt(2.0 * M_PI);
            x[p] = overlaps[p] + (w > 0.0 ? sqrt(noise / (sites * w)) * z : 0.0);
        }
        if (weight > 1e-14)
            enumerate_gibbs_at(coupling, noise, x, weight, law);
    }
    gsl_integration_fixed_free(rule);
}

/** The stationary law[2^N]: exp(-H/T), or Little's prod_i 2 cosh(h_i/T). */
static inline void enumerate_stationary(const ph_coupling_t *coupling, double noise, bool little,
                                        double *law)
{
    const int sites = (int)coupling->neurons;
    double z = 0.0;
    for (int state = 0; state < 1 << sites; state++) {
        double log_weight = 0.0;
        for (int i = 0; i < sites; i++) {
            const double field = enumerate_field(coupling, state, i);
            log_weight +=
                little ? log(cosh(field / noise)) : 0.5 * enumerate_spin(state, i) * field / noise;
        }
        law[state] = exp(log_weight);
        z += law[state];
    }
    for (int state = 0; state < 1 << sites; state++)
        law[state] /= z;
}

/** A state's number of up-spins in each class, as the state whose first neurons of each are up in
 * its gauge. */
static inline int enumerate_class(const ph_row_classes_t *classes, int sites, int state)
{
    int up[ENUMERATE_SITES] = {0}, code = 0;
    for (int i = 0; i < sites; i++)
        up[classes->of[i]] += enumerate_spin(state, i) == classes->gauge[i];
    for (int i = 0; i < sites; i++)
        if ((up[classes->of[i]]-- > 0) == (classes->gauge[i] > 0))
            code |= 1 << i;
    return code;
}

/** States that differ by a permutation within classes become one of them: law[2^N]. */
static inline void enumerate_class_counts(const ph_row_classes_t *classes, int sites, double *law)
{
    double out[ENUMERATE_STATES] = {0};
    for (int state = 0; state < 1 << sites; state++)
        out[enumerate_class(classes, sites, state)] += law[state];
    memcpy(law, out, sizeof(*law) << sites);
}

/** Counts of `cells` outcomes against their probabilities; rare ones are taken together. */
static inline void enumerate_chi_square(const double *law, const double *counts, int cells,
                                        double draws)
{
    double chi2 = 0.0, rest = 0.0, rest_count = 0.0;
    int used = 0;
    for (int j = 0; j < cells; j++) {
        const double expected = law[j] * draws;
        if (law[j] < 1e-13) {
            ck_assert_double_eq(counts[j], 0.0);
        } else if (expected < 10.0) {
            rest += expected;
            rest_count += counts[j];
        } else {
            chi2 += (counts[j] - expected) * (counts[j] - expected) / expected;
            used++;
        }
    }
    if (rest >= 5.0) {
        chi2 += (rest_count - rest) * (rest_count - rest) / rest;
        used++;
    }
    if (used > 1)
        ck_assert_double_lt(chi2, gsl_cdf_chisq_Qinv(ENUMERATE_FALSE_ALARM, used - 1));
}

#endif
