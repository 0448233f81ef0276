/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ANALYSIS_EXACT_CLASSES_H
#define PH_TESTS_ANALYSIS_EXACT_CLASSES_H

#include <math.h>
#include <string.h>

#include "analysis/exact/well.h"
#include "tests/testing.h"

/* Networks whose neurons fall in a few classes of equal rows. */

enum { CLASSES = 4, FEATURES = 3 };

typedef struct {
    int classes, features;
    double phi[CLASSES][FEATURES];
    int counts[CLASSES]; /* neurons, of 16 */
    double weights[FEATURES], centre[FEATURES], noise;
    bool (*inside)(const double *o); /* of the well */
} network_t;

/* The place of the well, by iteration of F from the network's centre. */
static inline void settle(const network_t *self, double *n)
{
    memcpy(n, self->centre, sizeof(self->centre));
    for (int step = 0; step < 20000; step++) {
        double next[FEATURES] = {0.0};
        for (int c = 0; c < self->classes; c++) {
            double h = 0.0;
            for (int p = 0; p < self->features; p++)
                h += self->weights[p] * self->phi[c][p] * n[p];
            for (int p = 0; p < self->features; p++)
                next[p] += self->counts[c] / 16.0 * self->phi[c][p] * tanh(h / self->noise);
        }
        memcpy(n, next, sizeof(next));
    }
}

typedef struct {
    double phi[CLASSES * FEATURES], share[CLASSES];
    ph_exact_rows_t rows;
} made_t;

static inline void make_rows(const network_t *self, int neurons, bool first_two, made_t *out)
{
    for (int c = 0; c < self->classes; c++) {
        out->share[c] = self->counts[c] / 16.0;
        for (int p = 0; p < self->features; p++)
            out->phi[c * self->features + p] = self->phi[c][p];
    }
    out->rows = (ph_exact_rows_t){.count = (size_t)self->classes,
                                  .features = (size_t)self->features,
                                  .patterns = (size_t)self->features,
                                  .phi = out->phi,
                                  .xi = out->phi,
                                  .share = out->share,
                                  .weights = self->weights,
                                  .noise = self->noise,
                                  .neurons = neurons,
                                  .first_two = first_two};
}

static inline double depth(const network_t *self, int neurons, const ph_exact_well_t *well,
                           const double *n)
{
    made_t made;
    make_rows(self, neurons, true, &made);
    return ph_exact_well_depth(well, &made.rows, n);
}

/* A value in units of T or spreads by lines is the one by sites. */
static inline void same(double lines, double sites, double error)
{
    if (isfinite(sites))
        ck_assert_double_eq_tol(lines, sites, error * (1.0 + fabs(sites)));
    else
        ck_assert_double_eq(lines, sites);
}

static inline network_t curie_weiss(double noise, bool (*inside)(const double *o))
{
    return (network_t){1, 1, {{1}}, {16}, {1.0}, {1.0}, noise, inside};
}

/* Three features, two of which meet in each class. */
#define THREE_MIXED(noise, well)                                                                   \
    {                                                                                              \
        3, 3, {{1, 1, 0}, {1, 0, 1}, {0, 1, 1}}, {6, 5, 5}, {1.0, 1.0, 0.9}, {0.6, 0.6, 0.6},      \
            noise, well                                                                            \
    }

/* Three patterns without blanks, in four classes of equal size, from where the first is retrieved.
 */
#define THREE_FULL(noise, well)                                                                    \
    {                                                                                              \
        4, 3, {{1, 1, 1}, {1, 1, -1}, {1, -1, 1}, {1, -1, -1}}, {4, 4, 4, 4}, {1.0, 1.0, 1.0},     \
            {1.0, 0.0, 0.0}, noise, well                                                           \
    }

#endif
