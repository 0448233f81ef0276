/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/coupling.h"

#include <stdlib.h>
#include <string.h>

void ph_coupling_variances(const ph_point_t *point, double *variance)
{
    for (int64_t mu = 0; mu < point->patterns; mu++) {
        const double d = point->dilution[mu];
        variance[mu] = 1.0 - d;
        if (point->rule == PH_RULE_STORAGE)
            continue;
        const double r = point->quality[mu], s = point->blank_fidelity[mu];
        const double scale = point->examples[mu] * r * r;
        variance[mu] = (1.0 - d) * (1.0 + (1.0 - r * r) / scale) + d * (1.0 - s) / scale;
    }
}

void ph_coupling_gains(const ph_point_t *point, double *g)
{
    ph_coupling_variances(point, g);
    for (int64_t mu = 0; mu < point->patterns; mu++) {
        const bool nothing = g[mu] <= 0.0;
        g[mu] = nothing ? 0.0 : point->normalization == PH_NORM_VARIANCE ? 1.0 / g[mu] : 1.0;
    }
}

int ph_coupling_init(ph_coupling_t *self, const ph_point_t *point, const ph_patterns_t *patterns)
{
    size_t rows = (size_t)patterns->neurons, features = (size_t)patterns->patterns;
    memset(self, 0, sizeof(*self));
    if (point->rule != PH_RULE_STORAGE)
        return PH_ERR_UNSUPPORTED;
    self->neurons = patterns->neurons;
    self->features = patterns->patterns;
    self->phi = calloc(rows * features, sizeof(*self->phi));
    self->weights = calloc(features, sizeof(*self->weights));
    self->self = calloc(rows, sizeof(*self->self));
    if (self->phi == NULL || self->weights == NULL || self->self == NULL) {
        ph_coupling_free(self);
        return PH_ERR_MEMORY;
    }
    ph_coupling_gains(point, self->weights);
    self->equal_weights = true;
    for (size_t p = 1; p < features; p++)
        self->equal_weights = self->equal_weights && self->weights[p] == self->weights[0];
    for (size_t i = 0; i < rows; i++) {
        for (size_t p = 0; p < features; p++) {
            int16_t entry = patterns->entries[i * features + p];
            self->phi[i * features + p] = entry;
            self->self[i] += self->weights[p] * entry * entry;
        }
    }
    return PH_OK;
}

void ph_coupling_free(ph_coupling_t *self)
{
    free(self->phi);
    free(self->weights);
    free(self->self);
    memset(self, 0, sizeof(*self));
}
