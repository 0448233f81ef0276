/* SPDX-License-Identifier: GPL-3.0-or-later */

/* F(n) of a law of few rows and features, which flows ask for thousands of times, in one go: rows
 * in columns, four of them a vector. */
#include "analysis/meanfield/columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/columns_private.h"
#include "analysis/meanfield/spin_vector.h"

/* What stiffness a root has to find: far above rounding. */
static const double LEAST = 1e-9;

enum { ROWS = 96, FEATURES = PH_COLUMNS_FEATURES, PAIRS = FEATURES * (FEATURES + 1) / 2 };

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
    self->columns = calloc((features + 2) * size, sizeof(*self->columns));
    if (self->columns == NULL)
        return PH_ERR_MEMORY;
    self->same = self->patterns == self->features;
    for (size_t i = 0; i < count; i++) {
        self->columns[features * size + i] = ph_meanfield_row(self, i, phi, xi);
        for (size_t p = 0; self->same && p < features; p++)
            self->same = xi[p] == phi[p];
        double square = 0.0;
        for (size_t p = 0; p < features; p++) {
            self->columns[p * size + i] = phi[p];
            square += self->weights[p] * phi[p] * phi[p];
        }
        self->columns[(features + 1) * size + i] = sqrt(square);
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

/* The most that (1/T) E[phi_p phi_q (1 - t^2)] is, as a quadratic form, anywhere within `far` of n
 * in the metric of w. */
PH_SPIN_INLINE void response(const ph_meanfield_t *self, const double *n, double far,
                             size_t features, double *out)
{
    const size_t size = padded(self->count);
    const double *columns = self->columns, beta = 1.0 / self->noise;
    ph_real4_t sums[PAIRS] = {{0}};
    for (size_t i = 0; i < size; i += PH_SPIN_LANES) {
        ph_real4_t phi[FEATURES], h = {0}, slope;
        for (size_t p = 0; p < features; p++) {
            phi[p] = *(const ph_real4_t *)(columns + p * size + i);
            h += (self->weights[p] * n[p]) * phi[p];
        }
        ph_real4_abs(&h, &h);
        h -= far * *(const ph_real4_t *)(columns + (features + 1) * size + i);
        h = (ph_real4_t)((ph_word4_t)h & (h > 0.0));
        ph_real4_mean(&h, &slope, beta);
        slope *= *(const ph_real4_t *)(columns + features * size + i);
        for (size_t p = 0, k = 0; p < features; p++)
            for (size_t q = 0; q <= p; q++, k++)
                sums[k] += slope * phi[p] * phi[q];
    }
    for (size_t p = 0, k = 0; p < features; p++)
        for (size_t q = 0; q <= p; q++, k++)
            out[p * features + q] = ph_real4_sum(&sums[k]);
}

PH_SPIN_INLINE void response_any(const ph_meanfield_t *self, const double *n, double far,
                                 double *out)
{
    switch (self->features) {
    case 1:
        response(self, n, far, 1, out);
        break;
    case 2:
        response(self, n, far, 2, out);
        break;
    case 3:
        response(self, n, far, 3, out);
        break;
    default:
        response(self, n, far, FEATURES, out);
    }
}

PH_SPIN_FOR_AVX2 static void response_avx2(const ph_meanfield_t *self, const double *n, double far,
                                           double *out)
{
    response_any(self, n, far, out);
}

static void find_response(const ph_meanfield_t *self, const double *n, double far, double *out)
{
    if (ph_spin_wide())
        response_avx2(self, n, far, out);
    else
        response_any(self, n, far, out);
}

/* The root of 1 - dF/dn in the metric of w, dF/dn being as large as it is within `far` of n. */
static bool find_root(const ph_meanfield_t *self, const double *n, double far, double *root)
{
    const size_t features = (size_t)self->features;
    const double *w = self->weights;
    if (self->columns == NULL || !(self->noise > 0.0))
        return false;
    find_response(self, n, far, root);
    for (size_t p = 0; p < features; p++)
        for (size_t q = 0; q <= p; q++)
            root[p * features + q] =
                (p == q ? 1.0 : 0.0) - sqrt(w[p] * w[q]) * root[p * features + q];
    return ph_matrix_root(root, features, LEAST);
}

bool ph_columns_contract(const ph_meanfield_t *self, const double *n, double far)
{
    double root[FEATURES * FEATURES];
    return find_root(self, n, far, root);
}

void ph_columns_divide(const ph_meanfield_t *self, double *root, double *x)
{
    const size_t features = (size_t)self->features;
    double scale[FEATURES];
    for (size_t p = 0; p < features; p++) {
        scale[p] = self->weights[p] > 0.0 ? sqrt(self->weights[p]) : 1.0;
        x[p] *= scale[p];
    }
    ph_matrix_divide(root, features, x);
    for (size_t p = 0; p < features; p++)
        x[p] /= scale[p];
}

bool ph_columns_newton(const ph_meanfield_t *self, const double *n, double *r)
{
    double root[FEATURES * FEATURES];
    if (!find_root(self, n, 0.0, root))
        return false;
    ph_columns_divide(self, root, r);
    return true;
}

bool ph_columns_do(const ph_meanfield_t *self, const ph_sums_t *sums)
{
    return self->columns != NULL && self->noise > 0.0 &&
           (sums->n != NULL || sums->response != NULL) && (sums->m == NULL || self->same) &&
           sums->log_two_cosh == NULL;
}

void ph_columns_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *sums)
{
    if (sums->response != NULL)
        find_response(self, n, 0.0, sums->response);
    if (sums->n == NULL)
        return;
    if (ph_spin_wide())
        means_avx2(self, n, sums->n);
    else
        means_any(self, n, sums->n);
    if (sums->m != NULL)
        memcpy(sums->m, sums->n, (size_t)self->features * sizeof(*sums->m));
}
