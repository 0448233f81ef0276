/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_STATES_H
#define PH_TESTS_STATES_H

/* Exact matrices and laws of small networks from their bonds, and chi-square against them. */
#include <check.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/chain/block.h"
#include "sim/model/dataset.h"

enum { SITES = 4, STATES = 1 << SITES, SITES_MAX = 12, EXAMPLES_MAX = 8 };

/* J_ij of a network by the definition of its rule, J_ii = 0. */
typedef struct {
    int sites;
    double j[SITES_MAX][SITES_MAX];
} bonds_t;

/* sum_a eta_ia eta_ja, or S_i S_j in the supervised rule, for one pattern. */
static inline double bond_of(const ph_patterns_t *xi, const ph_point_t *point, int64_t mu, int i,
                             int j)
{
    const int count = point->rule == PH_RULE_STORAGE ? 1 : (int)point->examples[mu];
    int16_t x[EXAMPLES_MAX], y[EXAMPLES_MAX];
    double pairs = 0.0, sum_x = 0.0, sum_y = 0.0;
    if (point->rule == PH_RULE_STORAGE)
        return xi->entries[i * xi->patterns + mu] * xi->entries[j * xi->patterns + mu];
    ph_dataset_entries(point, xi, i, mu, 0, count, x);
    ph_dataset_entries(point, xi, j, mu, 0, count, y);
    for (int a = 0; a < count; a++) {
        pairs += x[a] * y[a];
        sum_x += x[a];
        sum_y += y[a];
    }
    const double r = point->quality[mu], m = point->examples[mu];
    return point->rule == PH_RULE_SUPERVISED ? sum_x / (m * r) * sum_y / (m * r)
                                             : pairs / (m * r * r);
}

static inline void find_bonds(bonds_t *self, const ph_patterns_t *xi, const ph_point_t *point)
{
    memset(self, 0, sizeof(*self));
    self->sites = (int)xi->neurons;
    for (int64_t mu = 0; mu < xi->patterns; mu++) {
        double e2 = 1.0 - point->dilution[mu];
        if (point->rule != PH_RULE_STORAGE) {
            const double r = point->quality[mu], scale = point->examples[mu] * r * r;
            e2 = e2 * (1.0 + (1.0 - r * r) / scale) +
                 point->dilution[mu] * (1.0 - point->blank_fidelity[mu]) / scale;
        }
        const double g = point->normalization == PH_NORM_VARIANCE ? 1.0 / e2 : 1.0;
        for (int i = 0; i < self->sites; i++)
            for (int j = 0; j < self->sites; j++)
                if (i != j)
                    self->j[i][j] += g * bond_of(xi, point, mu, i, j) / self->sites;
    }
}

static inline double field_of(const bonds_t *bonds, int state, int site)
{
    double field = 0.0;
    for (int j = 0; j < bonds->sites; j++)
        field += bonds->j[site][j] * ((state >> j) & 1 ? 1 : -1);
    return fabs(field) < 1e-12 ? 0.0 : field;
}

/* Probability that an attempt at `site` flips it. */
static inline double flip_probability(const bonds_t *bonds, const ph_point_t *point, int state,
                                      int site)
{
    int spin = (state >> site) & 1 ? 1 : -1;
    double cost = spin * field_of(bonds, state, site);
    bool metropolis = point->sampler == PH_SAMPLER_METROPOLIS;
    if (cost == 0.0)
        return metropolis && point->order == PH_ORDER_RANDOM && point->noise > 0.0 ? 1.0 : 0.5;
    if (point->noise <= 0.0)
        return cost < 0.0;
    double x = 2.0 * cost / point->noise;
    return metropolis ? fmin(1.0, exp(-x)) : 1.0 / (1.0 + exp(x));
}

typedef struct {
    double p[STATES][STATES];
} matrix_t;

static inline void multiply(matrix_t *a, const matrix_t *b)
{
    matrix_t out = {0};
    for (int i = 0; i < STATES; i++)
        for (int k = 0; k < STATES; k++)
            for (int j = 0; j < STATES; j++)
                out.p[i][j] += a->p[i][k] * b->p[k][j];
    *a = out;
}

static inline void attempt_matrix(matrix_t *m, const bonds_t *bonds, const ph_point_t *point,
                                  int site, double weight)
{
    for (int state = 0; state < STATES; state++) {
        double flip = flip_probability(bonds, point, state, site);
        m->p[state][state ^ (1 << site)] += weight * flip;
        m->p[state][state] += weight * (1.0 - flip);
    }
}

static inline void sequence_matrix(matrix_t *m, const bonds_t *bonds, const ph_point_t *point,
                                   const int *sites)
{
    for (int i = 0; i < STATES; i++)
        m->p[i][i] = 1.0;
    for (int k = 0; k < SITES; k++) {
        matrix_t one = {0};
        attempt_matrix(&one, bonds, point, sites[k], 1.0);
        multiply(m, &one);
    }
}

/* Matrix of one whole sweep in the point's order. */
static inline void sweep_matrix(matrix_t *m, const bonds_t *bonds, const ph_point_t *point)
{
    memset(m, 0, sizeof(*m));
    if (point->order == PH_ORDER_RANDOM) {
        matrix_t one = {0};
        for (int site = 0; site < SITES; site++)
            attempt_matrix(&one, bonds, point, site, 1.0 / SITES);
        *m = one;
        for (int k = 1; k < SITES; k++)
            multiply(m, &one);
    } else if (point->order == PH_ORDER_SEQUENTIAL) {
        sequence_matrix(m, bonds, point, (const int[]){0, 1, 2, 3});
    } else {
        for (int code = 0; code < 256; code++) {
            int sites[SITES] = {code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 & 3};
            int seen = 1 << sites[0] | 1 << sites[1] | 1 << sites[2] | 1 << sites[3];
            matrix_t one = {0};
            if (seen != STATES - 1)
                continue;
            sequence_matrix(&one, bonds, point, sites);
            for (int i = 0; i < STATES * STATES; i++)
                m->p[i / STATES][i % STATES] += one.p[i / STATES][i % STATES] / 24.0;
        }
    }
}

static inline void check_chi_square(const double *expected, const double *counts, int states)
{
    double chi2 = 0.0, small_expected = 0.0, small_count = 0.0;
    int cells = 0;
    for (int j = 0; j < states; j++) {
        if (expected[j] < 1e-9) {
            ck_assert_double_eq(counts[j], 0.0);
        } else if (expected[j] < 10.0) {
            small_expected += expected[j];
            small_count += counts[j];
        } else {
            chi2 += (counts[j] - expected[j]) * (counts[j] - expected[j]) / expected[j];
            cells++;
        }
    }
    if (small_expected >= 5.0) {
        chi2 += (small_count - small_expected) * (small_count - small_expected) / small_expected;
        cells++;
    }
    if (cells > 1)
        ck_assert_double_lt(chi2, gsl_cdf_chisq_Qinv(1e-6, cells - 1));
}

/* Weights exp(-H/T) of all states, scaled to sum to `total`. */
static inline void boltzmann(const bonds_t *bonds, double noise, double total, double *expected)
{
    double z = 0.0;
    for (int state = 0; state < 1 << bonds->sites; state++) {
        double energy = 0.0;
        for (int i = 0; i < bonds->sites; i++)
            energy -= 0.5 * ((state >> i) & 1 ? 1 : -1) * field_of(bonds, state, i);
        expected[state] = exp(-energy / noise);
        z += expected[state];
    }
    for (int state = 0; state < 1 << bonds->sites; state++)
        expected[state] *= total / z;
}

/* The state of a lane of at most 16 neurons. */
static inline int state_of(ph_block_t *block, uint32_t lane)
{
    uint8_t bits[2] = {0, 0};
    ph_block_save(block, lane, bits);
    return bits[0] | bits[1] << 8;
}

#endif
