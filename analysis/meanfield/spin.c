/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/meanfield/spin.h"

#include <math.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"

double ph_field_tie(const ph_meanfield_t *self, const double *n)
{
    double scale = 0.0;
    for (int64_t p = 0; p < self->features; p++)
        scale += fabs(self->weights[p] * n[p]);
    return PH_MEANFIELD_TIE * scale;
}

double ph_log_two_cosh(double h, double noise)
{
    /* T log 2 cosh(h/T) = |h| + T log(1 + exp(-2|h|/T)) */
    return noise > 0.0 ? fabs(h) + noise * log1p(exp(-2.0 * fabs(h) / noise)) : fabs(h);
}

void ph_spin_means(double *h, double *slope, size_t count, double noise, double tie)
{
    if (noise > 0.0) {
        const double beta = 1.0 / noise;
        for (size_t i = 0; i < count; i++) {
            const double decay = exp(-2.0 * fabs(h[i]) * beta), scale = 1.0 / (1.0 + decay);
            if (slope != NULL)
                slope[i] = 4.0 * beta * decay * scale * scale;
            h[i] = copysign((1.0 - decay) * scale, h[i]);
        }
        return;
    }
    for (size_t i = 0; i < count; i++)
        h[i] = h[i] > tie ? 1.0 : h[i] < -tie ? -1.0 : 0.0;
    if (slope != NULL)
        memset(slope, 0, count * sizeof(*slope));
}
