/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_COUPLING_H
#define PH_MODEL_COUPLING_H

#include <stdbool.h>
#include <stdint.h>

#include "params/grid.h"
#include "sim/model/patterns.h"

/**
 * The coupling of every rule in one form: J_ij = (1/N) sum_p weights[p] phi_ip phi_jp for i != j,
 * J_ii = 0, with small integer features phi and real weights. Samplers, observables and the
 * theory of a given sample see nothing else.
 */
typedef struct {
    int64_t neurons;    /* N */
    int64_t features;   /* P */
    int16_t *phi;       /* [neurons][features] */
    double *weights;    /* [features] */
    double *self;       /* [neurons]: sum_p weights[p] phi_ip^2 */
    bool equal_weights; /* all weights the same number: fields are integers times it */
} ph_coupling_t;

/** Coupling of a point's rule over the given patterns. PH_ERR_MEMORY, PH_ERR_UNSUPPORTED. */
int ph_coupling_init(ph_coupling_t *self, const ph_point_t *point, const ph_patterns_t *patterns);
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
