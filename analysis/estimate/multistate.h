/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_MULTISTATE_H
#define PH_ESTIMATE_MULTISTATE_H

#include <stddef.h>

/**
 * Records of one system in several states of weight exp(-slope_k e), taken together (Ferrenberg &
 * Swendsen, Phys. Rev. Lett. 63, 1195 (1989); Shirts & Chodera, J. Chem. Phys. 129, 124105 (2008)).
 * Of the energies only the distinct ones and how often each was met count: no bins. Borrowed.
 */
typedef struct {
    size_t states;         /* in any order */
    const double *slope;   /* [states]: N/T of e = H/N */
    const double *records; /* [states], >= 0, not all 0 */
    size_t energies;
    const double *energy; /* [energies] */
    const double *count;  /* [energies], >= 0: records of all states with that energy */
} ph_multistate_t;

/** Largest |change| of f that one more step of the self-consistent equations would make. */
#define PH_MULTISTATE_TOLERANCE 1e-10

/**
 * Solves exp(-f_k) = sum_e count exp(-slope_k e) / sum_l records_l exp(f_l - slope_l e) for the
 * free energies f[states], of which the first with records stays as it is, by Newton's method on
 * the convex function whose gradient they are. f: a guess, such as that of _guess. PH_ERR_NUMERIC
 * where there is no solution to PH_MULTISTATE_TOLERANCE: states that share no energies.
 * PH_ERR_MEMORY.
 */
int ph_multistate_solve(const ph_multistate_t *self, double *f);

/** f by integrating mean energies, mean[states] in order of ascending or descending slopes. */
void ph_multistate_guess(const ph_multistate_t *self, const double *mean, double *f);

/** log sum_k records_k exp(f_k - slope_k e). */
double ph_multistate_mixture(const ph_multistate_t *self, const double *f, double e);

/**
 * How many energies states k and l share: sum_e count p_k p_l over the lesser of their records, p
 * the probability that a record of that energy is of the state. 0 for none, 1/2 for two equal
 * states.
 */
double ph_multistate_overlap(const ph_multistate_t *self, const double *f, size_t k, size_t l);

#endif
