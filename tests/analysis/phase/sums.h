/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_ANALYSIS_PHASE_SUMS_H
#define PH_TESTS_ANALYSIS_PHASE_SUMS_H

#include <math.h>
#include <stddef.h>
#include <string.h>

/* The mean field of stored patterns by its definition: sums over all 3^K rows of a neuron. */

enum { SUMS_PATTERNS_MAX = 4, SUMS_REACH = 4 };

/** K alike patterns, their gain, and the noise. */
typedef struct {
    size_t patterns;
    double dilution, gain, noise;
} sums_t;

static inline size_t sums_rows(const sums_t *self)
{
    size_t rows = 1;
    for (size_t mu = 0; mu < self->patterns; mu++)
        rows *= 3;
    return rows;
}

/** Entries of a row and its field at n; returns its probability. */
static inline double sums_row(const sums_t *self, size_t code, const double *n, double *row,
                              double *field)
{
    double probability = 1.0;
    *field = 0.0;
    for (size_t mu = 0; mu < self->patterns; mu++, code /= 3) {
        row[mu] = (double)(code % 3) - 1.0;
        probability *= row[mu] == 0.0 ? self->dilution : 0.5 * (1.0 - self->dilution);
        *field += self->gain * row[mu] * n[mu];
    }
    return probability;
}

/** F(n) = E[xi tanh(h/T)]. */
static inline void sums_map(const sums_t *self, const double *n, double *map)
{
    double row[SUMS_PATTERNS_MAX], field, sum[SUMS_PATTERNS_MAX] = {0};
    for (size_t code = 0; code < sums_rows(self); code++) {
        const double probability = sums_row(self, code, n, row, &field);
        for (size_t mu = 0; mu < self->patterns; mu++)
            sum[mu] += probability * row[mu] * tanh(field / self->noise);
    }
    memcpy(map, sum, self->patterns * sizeof(*map));
}

/** (1/2) sum g n^2 - T E log 2 cosh(h/T). */
static inline double sums_energy(const sums_t *self, const double *n)
{
    double row[SUMS_PATTERNS_MAX], field, energy = 0.0;
    for (size_t mu = 0; mu < self->patterns; mu++)
        energy += 0.5 * self->gain * n[mu] * n[mu];
    for (size_t code = 0; code < sums_rows(self); code++) {
        const double probability = sums_row(self, code, n, row, &field);
        energy -= probability * self->noise * log(2.0 * cosh(field / self->noise));
    }
    return energy;
}

/** n <- F(n) until nothing moves. */
static inline void sums_settle(const sums_t *self, double *n)
{
    for (int step = 0; step < 3000; step++)
        sums_map(self, n, n);
}

/** Derivative of order 2, 3 or 4 at the middle of values a step apart, to sixth order of it. */
static inline double sums_derivative(const double values[2 * SUMS_REACH + 1], double step,
                                     int order)
{
    static const double WEIGHTS[][SUMS_REACH + 1] = {
        {-205.0 / 72, 8.0 / 5, -1.0 / 5, 8.0 / 315, -1.0 / 560},
        {0.0, -61.0 / 30, 169.0 / 120, -3.0 / 10, 7.0 / 240},
        {91.0 / 8, -122.0 / 15, 169.0 / 60, -2.0 / 5, 7.0 / 240}};
    double sum = WEIGHTS[order - 2][0] * values[SUMS_REACH];
    for (int k = 1; k <= SUMS_REACH; k++)
        sum += WEIGHTS[order - 2][k] *
               (values[SUMS_REACH + k] + (order == 3 ? -1.0 : 1.0) * values[SUMS_REACH - k]);
    return sum / pow(step, order);
}

/** Derivative of the free energy along v, which is of coordinates sqrt(g) n, at n. */
static inline double sums_along(const sums_t *self, const double *n, const double *v, double step,
                                int order)
{
    double values[2 * SUMS_REACH + 1], there[SUMS_PATTERNS_MAX];
    for (int k = -SUMS_REACH; k <= SUMS_REACH; k++) {
        for (size_t mu = 0; mu < self->patterns; mu++)
            there[mu] = n[mu] + k * step * v[mu] / sqrt(self->gain);
        values[SUMS_REACH + k] = sums_energy(self, there);
    }
    return sums_derivative(values, step, order);
}

#endif
