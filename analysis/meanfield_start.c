/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/meanfield_private.h"

static const double TIE = PH_MEANFIELD_TIE;

/* E[xi spin(xi)] over a population: examples are right on average, so that n = m. */
static void start_population(const ph_meanfield_t *self, const ph_point_t *point, double *n)
{
    const size_t patterns = (size_t)self->patterns;
    int8_t row[PH_MEANFIELD_PATTERNS_MAX];
    size_t rows = 1;
    for (size_t mu = 0; mu < patterns; mu++)
        rows *= 3;
    for (size_t code = 0; code < rows; code++) {
        double probability = 1.0;
        size_t rest = code;
        for (size_t mu = 0; mu < patterns; mu++, rest /= 3) {
            const double d = self->dilution[mu];
            row[mu] = (int8_t)((int)(rest % 3) - 1);
            probability *= row[mu] == 0 ? d : 0.5 * (1.0 - d);
        }
        const double spin = probability * ph_start_spin(point, row);
        for (size_t mu = 0; mu < patterns; mu++)
            n[mu] += spin * row[mu];
    }
}

static void start_sample(const ph_meanfield_t *self, const ph_point_t *point, double *n)
{
    const ph_coupling_t *coupling = self->coupling;
    const size_t features = (size_t)self->features, patterns = (size_t)self->patterns;
    for (size_t i = 0; i < (size_t)coupling->neurons; i++) {
        const double spin = ph_start_spin(point, self->sample->entries + i * patterns);
        for (size_t p = 0; p < features; p++)
            n[p] += spin * coupling->phi[i * features + p];
    }
    for (size_t p = 0; p < features; p++)
        n[p] *= self->example_scale[p] / (double)coupling->neurons;
}

void ph_meanfield_start(const ph_meanfield_t *self, const ph_point_t *point, double *n)
{
    memset(n, 0, (size_t)self->features * sizeof(*n));
    if (self->dilution != NULL)
        start_population(self, point, n);
    else if (self->sample != NULL)
        start_sample(self, point, n);
    for (int64_t p = 0; p < self->features; p++)
        if (fabs(n[p]) < TIE)
            n[p] = 0.0;
}

void ph_meanfield_examples(const ph_meanfield_t *self, const double *n, double *out)
{
    const ph_coupling_t *coupling = self->coupling;
    if (self->features == self->patterns) {
        memcpy(out, n, (size_t)self->patterns * sizeof(*out));
        return;
    }
    for (int64_t mu = 0; mu < self->patterns; mu++) {
        out[mu] = 0.0;
        for (int64_t p = coupling->first[mu]; p < coupling->first[mu + 1]; p++)
            out[mu] += coupling->mean_scales[mu] * n[p];
    }
}
