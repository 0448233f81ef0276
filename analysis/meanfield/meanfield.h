/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MEANFIELD_MEANFIELD_H
#define PH_MEANFIELD_MEANFIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/report.h"
#include "params/grid.h"
#include "sim/model/coupling.h"
#include "sim/model/patterns.h"
#include "sim/model/starts.h"

/*
 * The mean field of every rule in one form: order parameters n_p = E[phi_p tanh(h/T)], h = sum_p
 * w_p phi_p n_p, free energy (1/2) sum w n^2 - T E log 2 cosh(h/T); E is over one neuron of the
 * population, or over the neurons of a sample. "Parallel Learning by Multitasking Neural Networks"
 * (2023), sections 3 and 5. Flow, Newton, stability and correction see nothing but this.
 */

/*
 * Limits. Examples are averaged exactly where that takes no more than ROWS_AUTO rows, else in their
 * Gaussian limit; `theory.average: exact` stretches this to ROWS_MAX.
 */
enum {
    PH_MEANFIELD_PATTERNS_MAX = 12,
    PH_MEANFIELD_ROWS_AUTO = 400000,
    PH_MEANFIELD_ROWS_MAX = 1 << 22,
    PH_MEANFIELD_FEATURES_MAX = 600 /* of a sample: dense linear algebra */
};

/** How a neuron's law is summed. */
typedef enum {
    PH_NEURON_EXACT,    /* product law: independent components with a few values each, all rows */
    PH_NEURON_GAUSSIAN, /* product law of the pattern entries, examples in their Gaussian limit */
    PH_NEURON_ROWS      /* explicit rows */
} ph_neuron_law_t;

/**
 * The values of one component of a product law: a pattern with its examples, or the mean of a
 * group of exchangeable ones. Each array: [count].
 */
typedef struct {
    size_t count;
    int64_t members;     /* patterns in the group, 1 for a pattern alone */
    double examples;     /* M of each */
    double *phi;         /* feature; Gaussian: mean pattern entry */
    double *xi;          /* mean pattern entry where the feature is phi */
    double *probability; /* sums to 1 */
    double *variance;    /* of the feature about phi; Gaussian only, else 0 */
    double *pair;        /* (1/2) (phi_i - phi_j)^2, mean over pairs of the group */
    double *pair_mixed;  /* (xi_i - xi_j) (v_i - v_j); Gaussian only, as is the next */
    double *pair_square; /* (1/2) (v_i - v_j)^2 */
    double *example; /* (1/2) (eta_a - eta_b)^2 / (M r^2), mean over pairs of examples; Gaussian:
                        the variance of a member */
} ph_local_t;

/** The mean-field problem of one point. Used by one thread at a time: `scratch` is its own. */
typedef struct {
    ph_neuron_law_t law;
    int64_t patterns;    /* K: components of m */
    int64_t features;    /* P: components of n; storage n = m, P = K */
    double noise;        /* T >= 0 */
    double *weights;     /* [features] w_p >= 0; 0 where a feature acts on nothing */
    size_t count;        /* rows, up to the joint sign of all features */
    ph_local_t *local;   /* [features], product laws; local[0] has one of each pair +-phi */
    double *prefix;      /* product law: probabilities of the rows of the components before p */
    double *phi;         /* [count][features], explicit rows */
    double *xi;          /* [count][patterns], explicit rows; NULL: no patterns */
    double *probability; /* [count], explicit rows */
    int64_t network_patterns; /* K of the network: `patterns`, or more with groups */
    double *dilution;         /* [network_patterns] of a population, else NULL */
    double *example_scale; /* [features] (1/N) sum phi s times this is n; of a sample, else NULL */
    const ph_coupling_t *coupling; /* of a sample, else NULL; borrowed, as is the next */
    const ph_patterns_t *sample;
    int64_t *group;      /* [K] component of each pattern, where patterns are grouped; else NULL */
    bool learning;       /* population of a learning rule */
    bool examples_apart; /* ... of a rule that splits them: they may have unequal overlaps */
    bool doubtful;       /* Gaussian limit where it may have the wrong phase */
    struct ph_gauss_rule *rule; /* quadrature of the Gaussian law, else NULL */
    double *columns; /* of few rows and features, else NULL: analysis/meanfield/columns.c */
    bool same;       /* ... and patterns are the features */
    double *scratch;
} ph_meanfield_t;

/**
 * Population of a point. Learning: the example-symmetric saddle, the same for both rules, n_mu =
 * E[eta^_mu t] with the mean example eta^ = S/(M r) and gains g_mu as weights. It is `doubtful`
 * where it is Gaussian, the noise below half the onset of order and, for some pattern, M r^2 or
 * M (1 - r^2) (r < 1) or M (1 - s) (noisy blanks) below 10. PH_ERR_UNSUPPORTED above
 * PH_MEANFIELD_PATTERNS_MAX patterns
 * or, exact, PH_MEANFIELD_ROWS_MAX rows; PH_ERR_MEMORY. Free is safe after a failure, here and
 * below.
 */
int ph_meanfield_init_population(ph_meanfield_t *self, const ph_point_t *point,
                                 ph_average_t average, ph_report_t *report);

/**
 * The same reduced to states in which exchangeable patterns are equal: pattern mu belongs to
 * component group[mu] = 0, 1, ..., and K is any number. P = number of groups, of which n and m hold
 * the common value; their weights are g times the number of members. PH_ERR_INPUT where patterns of
 * one group differ in their parameters or a number of a group is left out.
 */
int ph_meanfield_init_groups(ph_meanfield_t *self, const ph_point_t *point, const int64_t *group,
                             ph_average_t average, ph_report_t *report);

/** Whether nothing tells two patterns (from 0) of a point and its start apart. */
bool ph_meanfield_exchangeable(const ph_point_t *point, size_t mu, size_t nu);

/**
 * The same with the groups that the point's start leaves alike, where there are more than
 * PH_MEANFIELD_PATTERNS_MAX patterns: patterns whose place the start sets stand alone.
 */
int ph_meanfield_init_start(ph_meanfield_t *self, const ph_point_t *point, ph_average_t average,
                            ph_report_t *report);

/** Values of components as values of patterns, out[K of the network]. */
void ph_meanfield_expand(const ph_meanfield_t *self, const double *values, double *out);

/**
 * The very sample given by its coupling and patterns, which must outlive `self`: distinct rows
 * weighted by their fractions of neurons, any number of patterns. PH_ERR_MEMORY.
 */
int ph_meanfield_init_sample(ph_meanfield_t *self, const ph_point_t *point,
                             const ph_coupling_t *coupling, const ph_patterns_t *patterns,
                             ph_report_t *report);

/**
 * Rows given one by one (copied): phi[count][features], probability[count], weights[features].
 * The features are the patterns too (K = P). It has no starts. PH_ERR_MEMORY.
 */
int ph_meanfield_init_rows(ph_meanfield_t *self, size_t count, int64_t features, const double *phi,
                           const double *probability, const double *weights, double noise);
void ph_meanfield_free(ph_meanfield_t *self);

/** Row i of the law (i < count): phi[features], xi[patterns]; returns its probability. */
double ph_meanfield_row(const ph_meanfield_t *self, size_t i, double *phi, double *xi);

/** What is wanted of an evaluation at n; NULL: not wanted. */
typedef struct {
    double *n;           /* [features]: F(n) */
    double *m;           /* [patterns]: E[xi tanh(h/T)] */
    double *jacobian;    /* [features][features]: dF_p/dn_q = (w_q/T) E[phi_p phi_q (1 - t^2)] */
    double *free_energy; /* energy at T = 0 */
} ph_evaluation_t;

/**
 * Right-hand sides at n[features]. T = 0 is a limit of its own: sign, sign(0) = 0 within 1e-12 of
 * the largest possible field; the Jacobian of discrete rows is then 0. out->n may not be n.
 */
void ph_meanfield_evaluate(const ph_meanfield_t *self, const double *n, ph_evaluation_t *out);

/** Order parameters n[features] of the point's start, the mean of each group. */
void ph_meanfield_start(const ph_meanfield_t *self, const ph_point_t *point, double *n);

/** Overlaps with the mean examples, out[patterns]: n itself, or unsupervised sum_a n_{mu,a}/(M r).
 */
void ph_meanfield_examples(const ph_meanfield_t *self, const double *n, double *out);

/** The reverse, n[features] with equal examples: the example-symmetric guess of a sample's state.
 */
void ph_meanfield_spread(const ph_meanfield_t *self, const double *examples, double *n);

/** A state. */
typedef struct {
    int64_t features, patterns;
    double *n;          /* [features]; learning: of the examples */
    double *examples;   /* [patterns]: overlaps with the mean examples; storage: as m */
    double *m;          /* [patterns]: Mattis magnetizations, in [-1, 1] */
    double free_energy; /* per neuron; energy at T = 0 */
    double residual;    /* max_p |F_p(n) - n_p| */
    double stability;   /* least eigenvalue of delta - (1/T) sqrt(w w) E[phi phi (1 - t^2)],
                           transverse ones of groups and, in an unsupervised population, example
                           symmetry included; at T = 0 with discrete rows: 1 if no row that takes
                           part has zero field, NaN otherwise */
    int iterations;
    bool converged;
    bool doubtful; /* of a problem that is */
} ph_state_t;

int ph_state_init(ph_state_t *self, int64_t features, int64_t patterns);
void ph_state_free(ph_state_t *self);

/**
 * The state the dynamics reaches from state->n (set by the caller): small damped steps along the
 * flow dn/dt = F(n) - n, then Newton with the analytic Jacobian to residual <= 1e-12; T = 0 with
 * discrete rows by iteration. A solution that does not converge has converged = false and keeps
 * its residual; the return value is then still PH_OK. PH_ERR_MEMORY.
 */
int ph_meanfield_solve(ph_state_t *state, const ph_meanfield_t *self, ph_report_t *report);

/**
 * A solution near state->n, stable or not, by Newton's method with halved steps where the
 * residual would grow: for searches of fixed points. `reach`: how far it may go in any component
 * (INFINITY: anywhere). PH_ERR_NUMERIC where it finds none, state->n then as it was; PH_ERR_MEMORY.
 */
int ph_meanfield_newton(ph_state_t *state, const ph_meanfield_t *self, double reach);

/**
 * Stability matrix delta - (1/T) sqrt(w_p w_q) E[phi_p phi_q (1 - t^2)] at n into
 * matrix[features][features] (unit rows where w = 0; the unit matrix for discrete rows at T = 0).
 */
void ph_meanfield_matrix(const ph_meanfield_t *self, const double *n, double *matrix);

/**
 * Eigenvalues that the matrix of a grouped problem leaves out: against differences within each
 * group, transverse[features], (members - 1)-fold; INFINITY for a pattern alone. T > 0, or a
 * Gaussian law; T = 0, exact: 1, or -INFINITY where such rows have zero field.
 */
void ph_meanfield_transverse(const ph_meanfield_t *self, const double *n, double *transverse);

/**
 * Example symmetry of a learning population at n: Lambda_mu = 1 - (g/(M r^2 T)) E[(b M -
 * S^2)/(M (M - 1)) (1 - t^2)], b = sum_a (eta^a)^2, lambda[features] (groups: one of their
 * patterns). The unsupervised rule is stable against unequal examples where it is positive; in the
 * Gaussian limit m/n. INFINITY where there is one example only; at T = 0, exact: 1, or -INFINITY
 * where rows that examples can tell apart have zero field. PH_ERR_UNSUPPORTED for anything but
 * the population of a learning rule.
 */
int ph_meanfield_example_stability(const ph_meanfield_t *self, const double *n, double *lambda);

/** What a row counts for, by its field. */
typedef double ph_row_weight_t(double field, const void *context);

/**
 * sqrt(w_p w_q) E[phi_p phi_q weight(h)] at n into matrix[features][features]: with (1/T)(1 - t^2)
 * what the stability matrix is less than 1; and, where it is not NULL, what the example symmetry of
 * a learning population is less than 1 into examples[features] (0 where there is one example only).
 * PH_ERR_UNSUPPORTED for anything but an exact law.
 */
int ph_meanfield_weigh(const ph_meanfield_t *self, const double *n, ph_row_weight_t *weight,
                       const void *context, double *matrix, double *examples);

/** Eigenvalues of a symmetric matrix[size][size], which is destroyed, ascending. PH_ERR_MEMORY. */
int ph_meanfield_spectrum(double *matrix, size_t size, double *values);

/** What became of a 1/N correction. */
typedef enum {
    PH_CORRECTION_SMALL,    /* it is there */
    PH_CORRECTION_UNSOLVED, /* the state has not converged */
    PH_CORRECTION_UNSTABLE, /* the state is not stable, or too nearly marginal to be known */
    PH_CORRECTION_LARGE,    /* what comes next in 1/N is no longer small against it */
    PH_CORRECTION_ABSENT,   /* none was looked for: the sample is not covered */
    PH_CORRECTION_COUNT
} ph_correction_t;

/** The largest share that the next order may have in a correction, by estimate. */
#define PH_CORRECTION_NEXT (1.0 / 3.0)

/** "small", "unsolved", "unstable", "large", "absent" */
const char *ph_correction_text(ph_correction_t correction);

/**
 * First finite-size correction of explicit rows (a sample): what <o_p> of the system of `neurons`
 * differs from state->n by at order 1/N, into n[features], and <m_mu> from state->m, into
 * m[patterns] (NULL: not wanted); section 4 of the project's docs/theory.md, loop expansion of the
 * Gaussian-field integral. It is given only where it is a small correction: where the next loop
 * changes the least stiffness of the state by no more than PH_CORRECTION_NEXT of it. Else
 * PH_ERR_NUMERIC, n and m are NaN, and `became` (or NULL) says why. PH_ERR_UNSUPPORTED for a
 * population.
 */
int ph_meanfield_correction(const ph_state_t *state, const ph_meanfield_t *self, int64_t neurons,
                            double *n, double *m, ph_correction_t *became, ph_report_t *report);

/**
 * The same, and into `next` what the next loop changes the least stiffness by, relative to it: also
 * of a state without any field, whose correction is 0, and beyond PH_CORRECTION_NEXT. To that share
 * variances to leading order are known, and the law is normal. INFINITY where there is no stable
 * state; 0 at zero noise.
 */
int ph_meanfield_correction_next(const ph_state_t *state, const ph_meanfield_t *self,
                                 int64_t neurons, double *n, double *m, double *next,
                                 ph_report_t *report);

/** Whether a row that takes part sits at zero field; blank rows have none and follow nothing. */
bool ph_meanfield_ties(const ph_meanfield_t *self, const double *n);

/**
 * Whether row i takes part and sits at zero field: mean and spread within `tie`. Its entries, mean
 * and variance about it, into phi and variance [features] (both or none).
 */
bool ph_meanfield_row_tie(const ph_meanfield_t *self, const double *n, size_t i, double tie,
                          double *phi, double *variance);

/** Whether F is smooth: there is noise, of the dynamics or of Gaussian examples. */
bool ph_meanfield_smooth(const ph_meanfield_t *self);

#endif
