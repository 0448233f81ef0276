/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/snr/step.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/snr/step_private.h"
#include "base/floating.h"
#include "base/status.h"
#include "sim/model/starts.h"

static const double LAW_SHARE = 1.0 / 30.0; /* of the work */
static const double TIE = 1e-12;            /* of kappa_1 */

double ph_step_mean_sign(double a, double b, double tie)
{
    if (b > tie)
        return erf(a / (sqrt(2.0) * b));
    return a > tie ? 1.0 : a < -tie ? -1.0 : 0.0;
}

/* Fields no larger are ties: as the samplers have it, sim/chain/decision.c. */
static double tolerance(const ph_coupling_t *coupling)
{
    return (1e-13 + 0x1p-52 * (double)coupling->features) * coupling->field_bound;
}

static double fair(double spin)
{
    return fmax(1.0 - spin * spin, 0.0);
}

double ph_step_bond(const ph_coupling_t *coupling, size_t i, size_t j)
{
    const size_t features = (size_t)coupling->features;
    const int16_t *row = coupling->phi + i * features, *other = coupling->phi + j * features;
    double sum = 0.0;
    for (size_t p = 0; p < features; p++)
        sum += coupling->weights[p] * row[p] * other[p];
    return sum;
}

static int add_means(ph_step_t *self, const ph_coupling_t *coupling, const double *spins)
{
    const size_t features = (size_t)coupling->features;
    double *overlaps = calloc(features, sizeof(*overlaps));
    if (overlaps == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < self->neurons; i++)
        for (size_t p = 0; p < features && spins[i] != 0.0; p++)
            overlaps[p] += coupling->phi[i * features + p] * spins[i];
    for (size_t i = 0; i < self->neurons; i++) {
        double h = -coupling->self[i] * spins[i];
        for (size_t p = 0; p < features; p++)
            h += coupling->weights[p] * coupling->phi[i * features + p] * overlaps[p];
        self->mean[i] = h / (double)self->neurons;
    }
    free(overlaps);
    return PH_OK;
}

/* sum_j J_ij^2 (1 - c_j^2), coin by coin */
static void vary_by_coins(ph_step_t *self, const ph_coupling_t *coupling, const double *spins)
{
    const double scale = 1.0 / (double)self->neurons;
    for (size_t j = 0; j < self->neurons; j++)
        for (size_t i = 0; i < self->neurons && fair(spins[j]) > 0.0; i++) {
            const double strength = i != j ? ph_step_bond(coupling, i, j) * scale : 0.0;
            self->variance[i] += strength * strength * fair(spins[j]);
        }
}

/* The same by the moments of the coins' features, p <= q, which is less work where these are few.
 */
static int vary_by_features(ph_step_t *self, const ph_coupling_t *coupling, const double *spins)
{
    const size_t features = (size_t)coupling->features;
    const double scale = 1.0 / ((double)self->neurons * (double)self->neurons);
    double *moments = calloc(features * features, sizeof(*moments));
    if (moments == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < self->neurons; i++) {
        const int16_t *row = coupling->phi + i * features;
        for (size_t p = 0; p < features && fair(spins[i]) > 0.0; p++) {
            const double factor = fair(spins[i]) * row[p];
            for (size_t q = p; q < features && row[p] != 0; q++)
                moments[p * features + q] += factor * row[q];
        }
    }
    for (size_t p = 0; p < features; p++)
        for (size_t q = p; q < features; q++)
            moments[p * features + q] *=
                (q > p ? 2.0 : 1.0) * coupling->weights[p] * coupling->weights[q];
    for (size_t i = 0; i < self->neurons; i++) {
        const int16_t *row = coupling->phi + i * features;
        double sum = -coupling->self[i] * coupling->self[i] * fair(spins[i]);
        for (size_t p = 0; p < features; p++) {
            double part = 0.0;
            for (size_t q = p; q < features && row[p] != 0; q++)
                part += moments[p * features + q] * row[q];
            sum += part * row[p];
        }
        self->variance[i] = fmax(sum, 0.0) * scale;
    }
    free(moments);
    return PH_OK;
}

static int add_variances(ph_step_t *self, const ph_coupling_t *coupling, const double *spins,
                         double work)
{
    const double neurons = (double)self->neurons, features = (double)coupling->features;
    double coins = 0.0;
    for (size_t i = 0; i < self->neurons; i++)
        coins += fair(spins[i]) > 0.0;
    const double by_coins = neurons * coins * features,
                 by_features = (neurons + coins) * features * features;
    if (fmin(by_coins, by_features) > work)
        return PH_ERR_LIMIT;
    if (by_features < by_coins)
        return vary_by_features(self, coupling, spins);
    vary_by_coins(self, coupling, spins);
    return PH_OK;
}

int ph_step_init(ph_step_t *self, const ph_coupling_t *coupling, const double *spins, double work)
{
    PH_FLOATING_GUARD();
    const size_t n = (size_t)coupling->neurons;
    memset(self, 0, sizeof(*self));
    self->neurons = n;
    self->mean = calloc(n, sizeof(double));
    self->variance = calloc(n, sizeof(double));
    self->sign = calloc(n, sizeof(double));
    self->allowance = calloc(n, sizeof(double));
    if (self->mean == NULL || self->variance == NULL || self->sign == NULL ||
        self->allowance == NULL)
        return PH_ERR_MEMORY;
    int status = add_means(self, coupling, spins);
    if (status == PH_OK)
        status = add_variances(self, coupling, spins, work);
    if (status == PH_OK)
        status = ph_step_coins(self, coupling, spins, tolerance(coupling), LAW_SHARE * work);
    return status;
}

void ph_step_free(ph_step_t *self)
{
    free(self->mean);
    free(self->variance);
    free(self->sign);
    free(self->allowance);
    memset(self, 0, sizeof(*self));
}

void ph_step_pattern(const ph_step_t *self, const ph_patterns_t *patterns, size_t mu,
                     ph_step_pattern_t *out)
{
    const size_t stride = (size_t)patterns->patterns;
    const int8_t *entries = patterns->entries + mu;
    const double neurons = (double)self->neurons;
    double shown = 0.0, sum = 0.0, squares = 0.0;
    *out = (ph_step_pattern_t){.signal = NAN, .deviation = NAN, .gaussian = NAN};
    for (size_t i = 0; i < self->neurons; i++) {
        const int entry = entries[i * stride];
        shown += entry != 0;
        sum += entry * self->mean[i];
        out->after += entry * self->sign[i] / neurons;
        out->allowance += entry != 0 ? self->allowance[i] / neurons : 0.0;
    }
    if (shown == 0.0)
        return;
    out->signal = sum / shown;
    for (size_t i = 0; i < self->neurons; i++) {
        const int entry = entries[i * stride];
        const double from = entry * self->mean[i] - out->signal;
        squares += entry != 0 ? from * from + self->variance[i] : 0.0;
    }
    out->deviation = sqrt(squares / shown);
    if (out->deviation <= TIE * fabs(out->signal))
        out->deviation = 0.0;
    out->gaussian = shown / neurons * ph_step_mean_sign(out->signal, out->deviation, 0.0);
}

void ph_step_start(const ph_point_t *point, const ph_patterns_t *patterns, double *spins)
{
    for (size_t i = 0; i < (size_t)patterns->neurons; i++)
        spins[i] = ph_start_neuron(point, patterns, i);
}
