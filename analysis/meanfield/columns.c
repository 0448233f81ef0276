/* SPDX-License-Identifier: GPL-3.0-or-later */

/* F(n) of a law of few rows and features, which flows ask for thousands of times, in one go: rows
 * in columns, four of them a vector. */
#include "analysis/meanfield/columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/columns_private.h"
#include "analysis/meanfield/spin_vector.h"

enum { ROWS = 96, FEATURES = 4 };

static size_t padded(size_t count)
{
    return (count + PH_SPIN_LANES - 1) / PH_SPIN_LANES * PH_SPIN_LANES;
}

int ph_meanfield_columns(ph_meanfield_t *self)
{
    const size_t count = self->count, features = (size_t)self->features, size = padded(count);
    double phi[FEATURES], xi[PH_MEANFIELD_PATTERNS_MAX];
    if (self->law == PH_NEURON_GAUSSIAN || count > ROWS || features > FEATURES ||
        self->patterns > PH_MEANFIELD_PATTERNS_MAX)
        return PH_OK;
    self->columns = calloc((features + 1) * size, sizeof(*self->columns));
    if (self->columns == NULL)
        return PH_ERR_MEMORY;
    self->same = self->patterns == self->features;
    for (size_t i = 0; i < count; i++) {
        self->columns[features * size + i] = ph_meanfield_row(self, i, phi, xi);
        for (size_t p = 0; self->same && p < features; p++)
            self->same = xi[p] == phi[p];
        for (size_t p = 0; p < features; p++)
            self->columns[p * size + i] = phi[p];
    }
    return PH_OK;
}

PH_SPIN_INLINE void means(const ph_meanfield_t *self, const double *n, size_t features, double *out)
{
    const size_t size = padded(self->count);
    const double *columns = self->columns, beta = 1.0 / self->noise;
    ph_real4_t sums[FEATURES] = {{0}};
    for (size_t i = 0; i < size; i += PH_SPIN_LANES) {
        ph_real4_t mean = {0};
        for (size_t p = 0; p < features; p++)
            mean += (self->weights[p] * n[p]) * *(const ph_real4_t *)(columns + p * size + i);
        ph_real4_mean(&mean, NULL, beta);
        mean *= *(const ph_real4_t *)(columns + features * size + i);
        for (size_t p = 0; p < features; p++)
            sums[p] += mean * *(const ph_real4_t *)(columns + p * size + i);
    }
    for (size_t p = 0; p < features; p++)
        out[p] = ph_real4_sum(&sums[p]);
}

/* By the number of features, so that sums are in registers. */
PH_SPIN_INLINE void means_any(const ph_meanfield_t *self, const double *n, double *out)
{
    switch (self->features) {
    case 1:
        means(self, n, 1, out);
        break;
    case 2:
        means(self, n, 2, out);
        break;
    case 3:
        means(self, n, 3, out);
        break;
    default:
        means(self, n, FEATURES, out);
    }
}

PH_SPIN_FOR_AVX2 static void means_avx2(const ph_meanfield_t *self, const double *n, double *out)
{
    means_any(self, n, out);
}

bool ph_columns_do(const ph_meanfield_t *self, const ph_sums_t *sums)
{
    return self->columns != NULL && self->noise > 0.0 && sums->n != NULL &&
           (sums->m == NULL || self->same) && sums->response == NULL && sums->log_two_cosh == NULL;
}

void ph_columns_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *sums)
{
    if (ph_spin_wide())
        means_avx2(self, n, sums->n);
    else
        means_any(self, n, sums->n);
    if (sums->m != NULL)
        memcpy(sums->m, sums->n, (size_t)self->features * sizeof(*sums->m));
}
