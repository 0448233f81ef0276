/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_COUPLING_H
#define PH_MODEL_COUPLING_H

#include <stdbool.h>
#include <stdint.h>

#include "params/grid.h"
#include "sim/model/patterns.h"

/** Features are sums of at most this many examples: they are kept in 16 bits. */
enum { PH_MAX_SUMMED_EXAMPLES = INT16_MAX };

/**
 * The coupling of every rule in one form: J_ij = (1/N) sum_p weights[p] phi_ip phi_jp for i != j,
 * J_ii = 0, with small integer features phi and real weights. Samplers, observables and the
 * theory of a given sample see nothing else. Pattern mu, with M examples of quality r and gain g
 * (ph_coupling_gains), has the features first[mu] <= p < first[mu + 1]:
 *   storage       xi^mu                            weight g
 *   supervised    S^mu = sum_a eta^{mu,a}          weight g / (M r)^2
 *   unsupervised  eta^{mu,a}, a = 1, ..., M        weight g / (M r^2)
 * and in any rule (params/rules.h) M/b features, each the sum of the next b examples, of weight
 * g / (M b r^2). (Agliari et al., J. Stat. Mech. 2023, sections 2 and 3.) With M = 1 and r = 1 all
 * are storage, bit for bit.
 */
typedef struct {
    int64_t neurons;      /* N */
    int64_t patterns;     /* K */
    int64_t features;     /* P */
    int64_t *first;       /* [patterns + 1]; first[patterns] = P */
    int16_t *phi;         /* [neurons][features] */
    double *weights;      /* [features] */
    double *self;         /* [neurons]: sum_p weights[p] phi_ip^2 */
    double *mean_scales;  /* [patterns]: eta^ = S/(M r) is the sum of the features times this */
    bool equal_weights;   /* all weights the same number and integer_bound within 32 bits: every
                             field is an int32_t times weights[0]/N */
    double overlap_bound; /* largest possible |sum_i phi_ip s_i| over p, exact */
    double integer_bound; /* largest possible |sum_p phi_ip sum_j phi_jp s_j| and its parts, and */
    double field_bound;   /* largest possible |h_i|, both over i, self term included */
} ph_coupling_t;

/** Features P of a point: K, or the number of all examples in rule unsupervised. */
int64_t ph_coupling_features(const ph_point_t *point);

/** The first pattern (from 0) whose features sum more than PH_MAX_SUMMED_EXAMPLES; -1: none. */
int64_t ph_coupling_unfit(const ph_point_t *point);

/**
 * Coupling of a point's rule over the patterns of a sample and the examples that belong to them.
 * PH_ERR_MEMORY; PH_ERR_LIMIT where a feature sums more than PH_MAX_SUMMED_EXAMPLES.
 */
int ph_coupling_init(ph_coupling_t *self, const ph_point_t *point, const ph_patterns_t *patterns);

/** The same with gains g_mu >= 0 of the caller's, gains[patterns]; NULL: those of the point. */
int ph_coupling_init_gains(ph_coupling_t *self, const ph_point_t *point,
                           const ph_patterns_t *patterns, const double *gains);
void ph_coupling_free(ph_coupling_t *self);

/**
 * Variance E2 of the mean example eta^ = S/(M r) of each pattern, variance[patterns]:
 * (1 - d)(1 + rho) + d rho_0 with the dataset entropies rho = (1 - r^2)/(M r^2) and
 * rho_0 = (1 - s)/(M r^2); 1 - d in rule storage.
 */
void ph_coupling_variances(const ph_point_t *point, double *variance);

/**
 * Weight g_mu of each pattern, g[patterns]: "none" 1, "variance" 1/E2_mu, which puts the onset of
 * order at noise 1 (0 where E2_mu = 0: an all-blank pattern stores nothing).
 */
void ph_coupling_gains(const ph_point_t *point, double *g);

#endif
