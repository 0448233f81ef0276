/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_FLOW_NOISE_H
#define PH_FLOW_NOISE_H

#include "analysis/flow/flow.h"

/**
 * Neurons that are alike, up to one joint sign: their entries in every overlap followed, the mean
 * spin they start with (0: a coin) and their share of all neurons.
 */
typedef struct {
    size_t count;          /* classes */
    size_t size;           /* overlaps followed */
    size_t features;       /* the first of them make the fields, with `weights` */
    const double *phi;     /* [count][size] */
    const double *share;   /* [count], sum 1 */
    const double *start;   /* [count] in [-1, 1] */
    const double *weights; /* [features] */
    size_t sites;
    const uint32_t *site; /* [sites]: class of every neuron in their order, or NULL: not known */
    bool settled;         /* the overlaps of the start are those of one chain: no variance there */
} ph_classes_t;

/**
 * Fluctuations of the flow about its N -> infinity path, to leading order (linear noise; the
 * project's docs/theory.md, section 9), after times in sweeps, for every law that has a flow; every
 * array by [times]: N Cov(o, o) of one chain, N Cov of two chains that share the order of the sites
 * (lanes of a block), and N (<o> - o_infinity), [times][size]. In the sequential order, which is
 * the same in all chains, lanes are independent; the mean is that of the sites in their order, or
 * (sites not known) that of an infinite network, which has no bias: the order of the sites moves
 * chains by more, O(1/sqrt N).
 */
typedef struct {
    size_t times, size;
    double *mean;   /* [times][size]: o without fluctuations */
    double *chain;  /* [times][size]: N Var(o_a) */
    double *shared; /* [times][size]: N Cov(o_a, o_a') between lanes */
    double *bias;   /* [times][size] */
    double *bend;   /* [times]: largest over classes of sqrt(N Var h) / max(|h|/FIELD, T/NOISE); of
                       a settled start in random or permuted order the largest on the way, too */
    double work;    /* multiplications it took, as ph_flow_noise_work counts them */
    bool complete;  /* false: stopped before the last time, NaN from there on */
} ph_flow_noise_t;

/**
 * Linear noise asks that F is straight over the fluctuations of every field, those of the start
 * included: a standard deviation of h below T/PH_FLOW_BEND_NOISE, or h so far from zero, by
 * PH_FLOW_BEND_FIELD of them, that its spins are settled. Where bend/sqrt(N) is above 1 it is not,
 * and chains whose field has different signs part.
 */
#define PH_FLOW_BEND_FIELD 5.0
#define PH_FLOW_BEND_NOISE 3.0

/** Of a network whose noise is to be followed: the first `features` of `size` overlaps make the
 * fields, as in ph_classes_t. */
typedef struct {
    ph_flow_law_t law;
    size_t classes, size, features;
} ph_flow_cost_t;

/**
 * Multiplications that the noise takes over so many sweeps, by estimate, from a start that is not
 * settled and as long as the flow does not come to rest: within a factor of about three. An
 * evaluation of the rates costs classes x overlaps^2 in random order and several times that in
 * permuted order, which asks for many more of them; the sequential order costs sites by cells, and
 * squared cells by overlaps^3.
 */
double ph_flow_noise_work(const ph_flow_cost_t *cost, double sweeps);

/** Multiplications that one sample's noise may take: two to four seconds. */
#define PH_FLOW_NOISE_WORK 5e9

/**
 * Whether it is worth a try within so much work: as many sweeps as a flow takes at the least to
 * come to rest, or `sweeps` where these are fewer; sequential order: up to 32 overlaps.
 */
bool ph_flow_noise_affordable(const ph_flow_cost_t *cost, uint64_t sweeps, double work);

/**
 * Random order: integrates classes' mean spins s_c (ds/dt = tanh(h_c/T) - s), Sigma' = J Sigma +
 * Sigma J^T + D and the bias; permuted: sweep by sweep; sequential: covariances within the window
 * of a sweep, cut into cells that are halved until the result holds to 10^-5 (it ends where not to
 * 10^-3 by 256 cells); parallel laws: step by step. At zero noise only while no field is zero nor,
 * but in parallel laws, changes sign: complete = false from there, and where a field is zero at the
 * start. It also ends where N Var grows beyond 10^10: at an unstable state, which chains leave at
 * random times. PH_ERR_MEMORY; PH_ERR_LIMIT where it is not affordable, or has taken more than
 * PH_FLOW_NOISE_WORK (by no more than a step, or a sweep in sequential and parallel order);
 * PH_ERR_NUMERIC where the integration fails. On failure `out` is empty but for `work`.
 */
int ph_flow_noise_solve(ph_flow_noise_t *out, const ph_classes_t *classes, ph_flow_law_t law,
                        double noise, size_t times, const uint64_t *time, ph_report_t *report);
void ph_flow_noise_free(ph_flow_noise_t *self);

/** The same with so much work in place of PH_FLOW_NOISE_WORK. */
int ph_flow_noise_solve_within(ph_flow_noise_t *out, const ph_classes_t *classes, ph_flow_law_t law,
                               double noise, size_t times, const uint64_t *time, double work,
                               ph_report_t *report);

/**
 * How many of the first times have a bias that is a small correction, for the overlaps from `first`
 * on: 2 (b/N)^2 no more than PH_CORRECTION_NEXT of the larger of variance and 1/N, and no variance
 * above 1 (docs/theory.md 9). Beyond, chains may part, and later times say nothing of them.
 */
size_t ph_flow_noise_small(const ph_flow_noise_t *self, size_t first, double neurons);

#endif
