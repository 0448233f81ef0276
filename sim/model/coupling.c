/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/coupling.h"

#include <stdlib.h>
#include <string.h>

#include "base/floating.h"
#include "sim/model/dataset.h"

void ph_coupling_variances(const ph_point_t *point, double *variance)
{
    PH_FLOATING_GUARD();
    for (int64_t mu = 0; mu < point->patterns; mu++) {
        const ph_example_law_t law = ph_point_examples(point, (size_t)mu);
        const double d = law.dilution, r = law.quality, s = law.fidelity;
        const double scale = law.examples * r * r;
        variance[mu] = (1.0 - d) * (1.0 + (1.0 - r * r) / scale) + d * (1.0 - s) / scale;
    }
}

void ph_coupling_gains(const ph_point_t *point, double *g)
{
    PH_FLOATING_GUARD();
    ph_coupling_variances(point, g);
    for (int64_t mu = 0; mu < point->patterns; mu++) {
        const bool nothing = g[mu] <= 0.0;
        g[mu] = nothing ? 0.0 : point->normalization == PH_NORM_VARIANCE ? 1.0 / g[mu] : 1.0;
    }
}

int64_t ph_coupling_features(const ph_point_t *point)
{
    int64_t features = 0;
    for (int64_t mu = 0; mu < point->patterns; mu++) {
        const double examples = ph_point_example_count(point, (size_t)mu);
        features += (int64_t)(examples / ph_rule_summed(point->rule, examples));
    }
    return features;
}

int64_t ph_coupling_unfit(const ph_point_t *point)
{
    for (int64_t mu = 0; mu < point->patterns; mu++) {
        const double examples = ph_point_example_count(point, (size_t)mu);
        if (ph_rule_summed(point->rule, examples) > PH_MAX_SUMMED_EXAMPLES)
            return mu;
    }
    return -1;
}

/* Offsets and weights of the features; the gains of the patterns stand in mean_scales. */
static void weigh(ph_coupling_t *self, const ph_point_t *point)
{
    for (int64_t mu = 0; mu < self->patterns; mu++) {
        const ph_example_law_t law = ph_point_examples(point, (size_t)mu);
        const double weight = self->mean_scales[mu] / ph_rule_norm(point->rule, &law);
        const double summed = ph_rule_summed(point->rule, law.examples);
        self->first[mu + 1] = self->first[mu] + (int64_t)(law.examples / summed);
        for (int64_t p = self->first[mu]; p < self->first[mu + 1]; p++)
            self->weights[p] = weight;
        self->mean_scales[mu] = 1.0 / (law.examples * law.quality);
    }
}

static void fill_features(ph_coupling_t *self, const ph_point_t *point,
                          const ph_patterns_t *patterns)
{
    const bool learned = ph_rule_learns(point->rule);
    for (int64_t i = 0; i < self->neurons; i++) {
        int16_t *row = self->phi + i * self->features;
        for (int64_t mu = 0; mu < self->patterns; mu++) {
            if (!learned)
                row[mu] = patterns->entries[i * self->patterns + mu];
            else
                ph_dataset_sums(point, patterns, i, mu,
                                (int64_t)ph_rule_summed(point->rule, point->examples[mu]),
                                self->first[mu + 1] - self->first[mu], row + self->first[mu]);
        }
        for (int64_t p = 0; p < self->features; p++)
            self->self[i] += self->weights[p] * row[p] * row[p];
    }
}

static inline double magnitude(int16_t entry)
{
    return entry < 0 ? -(double)entry : (double)entry;
}

/* bounds[features]: largest overlap of each feature, sum_i |phi_ip|. */
static void find_bounds(ph_coupling_t *self, double *bounds)
{
    for (int64_t i = 0; i < self->neurons; i++)
        for (int64_t p = 0; p < self->features; p++)
            bounds[p] += magnitude(self->phi[i * self->features + p]);
    for (int64_t p = 0; p < self->features; p++)
        if (bounds[p] > self->overlap_bound)
            self->overlap_bound = bounds[p];
    for (int64_t i = 0; i < self->neurons; i++) {
        double integer = 0.0, real = 0.0;
        for (int64_t p = 0; p < self->features; p++) {
            const double entry = magnitude(self->phi[i * self->features + p]);
            integer += entry * (bounds[p] + entry);
            real += self->weights[p] * entry * (bounds[p] + entry);
        }
        real /= (double)self->neurons;
        self->integer_bound = integer > self->integer_bound ? integer : self->integer_bound;
        self->field_bound = real > self->field_bound ? real : self->field_bound;
    }
}

int ph_coupling_init(ph_coupling_t *self, const ph_point_t *point, const ph_patterns_t *patterns)
{
    return ph_coupling_init_gains(self, point, patterns, NULL);
}

int ph_coupling_init_gains(ph_coupling_t *self, const ph_point_t *point,
                           const ph_patterns_t *patterns, const double *gains)
{
    PH_FLOATING_GUARD();
    memset(self, 0, sizeof(*self));
    if (ph_coupling_unfit(point) >= 0)
        return PH_ERR_LIMIT;
    self->neurons = patterns->neurons;
    self->patterns = patterns->patterns;
    self->features = ph_coupling_features(point);
    const size_t rows = (size_t)self->neurons, features = (size_t)self->features;
    double *bounds = calloc(features, sizeof(*bounds));
    self->first = calloc((size_t)self->patterns + 1, sizeof(*self->first));
    self->phi = features > SIZE_MAX / rows ? NULL : calloc(rows * features, sizeof(*self->phi));
    self->weights = calloc(features, sizeof(*self->weights));
    self->self = calloc(rows, sizeof(*self->self));
    self->mean_scales = calloc((size_t)self->patterns, sizeof(*self->mean_scales));
    if (bounds == NULL || self->first == NULL || self->phi == NULL || self->weights == NULL ||
        self->self == NULL || self->mean_scales == NULL) {
        free(bounds);
        ph_coupling_free(self);
        return PH_ERR_MEMORY;
    }
    if (gains != NULL)
        memcpy(self->mean_scales, gains, (size_t)self->patterns * sizeof(*gains));
    else
        ph_coupling_gains(point, self->mean_scales);
    weigh(self, point);
    fill_features(self, point, patterns);
    find_bounds(self, bounds);
    self->equal_weights = self->integer_bound <= INT32_MAX;
    for (int64_t p = 1; p < self->features; p++)
        self->equal_weights = self->equal_weights && self->weights[p] == self->weights[0];
    free(bounds);
    return PH_OK;
}

void ph_coupling_free(ph_coupling_t *self)
{
    free(self->first);
    free(self->phi);
    free(self->weights);
    free(self->self);
    free(self->mean_scales);
    memset(self, 0, sizeof(*self));
}
