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

/** Coupling of a point's rule over the given patterns. PH_ERR_MEMORY on failure. */
int ph_coupling_init(ph_coupling_t *self, const ph_point_t *point, const ph_patterns_t *patterns);
void ph_coupling_free(ph_coupling_t *self);

/**
 * Weight g_mu of each pattern, g[patterns]: "none" 1, "variance" 1/(1 - d_mu), which puts the
 * onset of order at noise 1 (0 where d_mu = 1: an all-blank pattern stores nothing).
 */
void ph_coupling_gains(const ph_point_t *point, double *g);

#endif
