/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ANALYSIS_MEANFIELD_H
#define PH_ANALYSIS_MEANFIELD_H

#include <stdbool.h>

#include "analysis/rows.h"
#include "sim/model/starts.h"

/**
 * A state of the storage mean field m_mu = E[xi^mu tanh((1/T) sum_nu g_nu xi^nu m_nu)] (T = 0:
 * sign, sign(0) = 0); "Parallel Learning by Multitasking Neural Networks" (2023), section 3.
 */
typedef struct {
    int64_t patterns;
    double *magnetization; /* [patterns], in [-1, 1] */
    double free_energy;    /* per neuron: (1/2) sum g m^2 - T E log 2 cosh(...); energy at T = 0 */
    double residual;       /* max_mu |F_mu(m) - m_mu| */
    double stability;      /* least eigenvalue of delta - (1/T) sqrt(g g) E[xi xi (1 - t^2)];
                              at T = 0: 1 if no row sits at zero field, NaN otherwise */
    int iterations;
    bool converged;
} ph_state_t;

int ph_state_init(ph_state_t *self, int64_t patterns);
void ph_state_free(ph_state_t *self);

/** Magnetizations of a start: m[patterns] = E[xi spin(xi)]. */
void ph_meanfield_start(const ph_rows_t *rows, const ph_start_t *start, double *m);

/** One application of the right-hand side: out[patterns] = F(m). g: [patterns] gains. */
void ph_meanfield_map(const ph_rows_t *rows, const double *g, double noise, const double *m,
                      double *out);

double ph_meanfield_free_energy(const ph_rows_t *rows, const double *g, double noise,
                                const double *m);

/**
 * The state the dynamics reaches from self->magnetization (set by the caller): small damped steps
 * along the flow dm/dt = F(m) - m, then Newton with the analytic Jacobian to residual <= 1e-12;
 * T = 0 by iteration. A solution that does not converge has converged = false and keeps its
 * residual; the return value is then still PH_OK. PH_ERR_MEMORY.
 */
int ph_meanfield_solve(ph_state_t *self, const ph_rows_t *rows, const double *g, double noise,
                       ph_report_t *report);

/**
 * First finite-size correction of a sample's mean field, added to its magnetizations: what
 * <m_mu> of the finite system differs by at order 1/N, correction[patterns] (section 4 of the
 * project's docs/theory.md; loop expansion of the Gaussian-field integral). PH_ERR_NUMERIC where
 * the state is not stable.
 */
int ph_meanfield_correction(const ph_state_t *state, const ph_rows_t *rows, const double *g,
                            double noise, int64_t neurons, double *correction, ph_report_t *report);

#endif
