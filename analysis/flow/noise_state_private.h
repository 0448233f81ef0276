/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FLOW_NOISE_STATE_PRIVATE_H
#define PH_FLOW_NOISE_STATE_PRIVATE_H

#include "analysis/flow/noise.h"

#define PH_NOISE_ERROR 1e-11    /* local, absolute and relative: Sigma may grow */
#define PH_NOISE_LARGEST 1e10   /* variances beyond have left every linear regime */
#define PH_NOISE_SWEEPS 100000u /* after which it stops */

/**
 * The linear noise of some classes at the current state. Random, permuted and parallel laws
 * integrate an array y, one after the other: s_c and q_c = <s s'> over two lanes, [count] each;
 * Sigma and Sigma' between lanes, [size][size] each; bias [size].
 */
typedef struct {
    const ph_classes_t *classes;
    ph_flow_law_t law;
    double noise;
    size_t count, size, features, all;
    double *field, *spin;    /* [count]: h_c, tanh(h_c/T) at the current state */
    double *overlap, *drift; /* [size]: o, F(o) - o */
    double *jacobian;        /* [size][size]: of F - o */
    double *sign;            /* [count]: zero noise: signs of the fields at the start */
    bool escaped;            /* fluctuations have grown beyond all bounds */
    double evaluation;       /* multiplications of one evaluation of the rates */
    double work, work_max;   /* multiplications so far, and after which it is given up */
} ph_noise_t;

/** Room for the state of some classes. PH_ERR_MEMORY; free is safe after it. */
int ph_noise_init(ph_noise_t *self, const ph_classes_t *classes, ph_flow_law_t law, double noise);
void ph_noise_free(ph_noise_t *self);

/** Overlaps of classes of mean spins s[count]. */
void ph_noise_overlaps(ph_noise_t *self, const double *s);

/** Fields and spins' means at the current overlaps; then drift and Jacobian of these. */
void ph_noise_fields(ph_noise_t *self);
void ph_noise_drift(ph_noise_t *self);

/**
 * out[size] += E[phi (t''/2 phi~^T Sigma phi~ - t' s sum_p w_p phi_p^2)], phi~_p = w_p phi_p,
 * s[count] the spins to be replaced (NULL: the self term is part of the field): what the curvature
 * of F over fluctuations and the missing self-coupling, J_ii = 0, add to N (<o> - o).
 */
void ph_noise_pull(const ph_noise_t *self, const double *sigma, const double *s, double *out);

/** `bend` of ph_flow_noise_t at the current overlaps. Leaves the fields there. */
double ph_noise_bend(ph_noise_t *self, const double *sigma);

/**
 * Zero noise: F jumps where a field changes sign, and linear noise ends there: whether one has in
 * the current overlaps, or is zero. The first call notes the signs.
 */
bool ph_noise_crossed(ph_noise_t *self, bool first);

#endif
