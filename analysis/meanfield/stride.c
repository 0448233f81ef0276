/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Long steps of the flow, for problems that are asked often. */
#include "analysis/meanfield/stride_private.h"

#include <math.h>
#include <string.h>

#include "analysis/meanfield/columns_private.h"

enum { FEATURES = PH_COLUMNS_FEATURES };
static const double GAMMA = 0x1.2bec333018867p-2; /* 1 - 1/sqrt 2 */
static const double LEAST = 0.01, MOST = 1e3;     /* lengths, in sweeps */
/* Least pivot of 1 - gamma h J: along one axis what grows does so by e^1.7 a step at most. */
static const double PIVOT = 0.5;
static const double OFF = 1e-3; /* of a step of order 1, in n */

/* What a step of length h comes to; how far off one of order 1 would be. INFINITY where h is too
 * long for what grows. `stiff`: 1 - dF/dn. */
static double try_step(const ph_meanfield_t *self, const double *n, const double *slope,
                       const double *stiff, double h, double *to)
{
    const size_t features = (size_t)self->features;
    double root[FEATURES * FEATURES], first[FEATURES], second[FEATURES], off = 0.0;
    for (size_t k = 0; k < features * features; k++)
        root[k] = GAMMA * h * stiff[k] + (k % (features + 1) == 0 ? 1.0 : 0.0);
    if (!ph_matrix_root(root, features, PIVOT))
        return INFINITY;
    memcpy(first, slope, sizeof(first));
    ph_columns_divide(self, root, first);
    for (size_t p = 0; p < features; p++)
        to[p] = n[p] + h * first[p];
    const ph_sums_t sums = {.n = second};
    ph_columns_sums(self, to, &sums);
    for (size_t p = 0; p < features; p++)
        second[p] += -to[p] - 2.0 * first[p];
    ph_columns_divide(self, root, second);
    for (size_t p = 0; p < features; p++) {
        off = fmax(off, 0.5 * h * fabs(first[p] + second[p]));
        to[p] = n[p] + h * (1.5 * first[p] + 0.5 * second[p]);
    }
    return off;
}

bool ph_stride(const ph_meanfield_t *self, const double *n, const double *mapped, double *h,
               double *to)
{
    const size_t features = (size_t)self->features;
    double slope[FEATURES] = {0.0}, stiff[FEATURES * FEATURES];
    const ph_sums_t sums = {.n = slope};
    if (!ph_columns_do(self, &sums))
        return false;
    for (size_t p = 0; p < features; p++)
        slope[p] = mapped[p] - n[p];
    ph_meanfield_matrix(self, n, stiff);
    for (*h = fmin(*h, MOST); *h >= LEAST; *h *= 0.5) {
        const double off = try_step(self, n, slope, stiff, *h, to);
        if (!(off <= OFF))
            continue;
        *h *= off > 0.25 * OFF ? 1.0 : 2.0;
        return true;
    }
    *h = LEAST;
    return false;
}
