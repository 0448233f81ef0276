/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/meanfield/meanfield.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/columns_private.h"
#include "analysis/meanfield/meanfield_private.h"
#include "analysis/meanfield/waves_private.h"
#include "base/floating.h"

void ph_meanfield_free(ph_meanfield_t *self)
{
    for (int64_t p = 0; self->local != NULL && p < self->features; p++)
        ph_local_free(&self->local[p]);
    free(self->local);
    free(self->prefix);
    free(self->weights);
    free(self->phi);
    free(self->xi);
    free(self->probability);
    free(self->dilution);
    free(self->example_scale);
    free(self->group);
    free(self->rule);
    free(self->columns);
    free(self->scratch);
    memset(self, 0, sizeof(*self));
}

static void *copy(const void *values, size_t bytes)
{
    void *out = malloc(bytes);
    if (out != NULL)
        memcpy(out, values, bytes);
    return out;
}

static int fail_population(ph_meanfield_t *self, const ph_point_t *point, int status,
                           ph_report_t *report)
{
    const long long patterns = (long long)point->patterns;
    ph_meanfield_free(self);
    if (status == PH_ERR_INPUT)
        return ph_fail(report, status,
                       "patterns of one group differ in dilution, examples, quality or blank "
                       "fidelity, or a group is empty; only exchangeable patterns can be grouped");
    if (status == PH_ERR_UNSUPPORTED)
        return ph_fail(report, status,
                       "the mean field of %lld patterns exact in their examples has more than %d "
                       "rows; choose theory.average: auto or gaussian, or fewer examples",
                       patterns, (int)PH_MEANFIELD_ROWS_MAX);
    return ph_fail(report, status, "no memory for the rows of %lld patterns", patterns);
}

static int init_population(ph_meanfield_t *self, const ph_point_t *point, ph_average_t average,
                           ph_report_t *report)
{
    self->noise = point->noise;
    self->network_patterns = point->patterns;
    self->weights = malloc((size_t)self->features * sizeof(double));
    self->dilution = copy(point->dilution, (size_t)point->patterns * sizeof(double));
    int status = self->weights == NULL || self->dilution == NULL
                     ? PH_ERR_MEMORY
                     : ph_product_init(self, point, average);
    return status == PH_OK ? PH_OK : fail_population(self, point, status, report);
}

static int fail_patterns(int64_t patterns, ph_report_t *report)
{
    return ph_fail(report, PH_ERR_UNSUPPORTED,
                   "the mean field over all 3^K rows covers up to %d patterns, here "
                   "network.patterns is %lld; choose fewer, or leave the theory out",
                   (int)PH_MEANFIELD_PATTERNS_MAX, (long long)patterns);
}

int ph_meanfield_init_population(ph_meanfield_t *self, const ph_point_t *point,
                                 ph_average_t average, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    memset(self, 0, sizeof(*self));
    if (point->patterns > PH_MEANFIELD_PATTERNS_MAX)
        return fail_patterns(point->patterns, report);
    self->patterns = self->features = point->patterns;
    return init_population(self, point, average, report);
}

int ph_meanfield_init_groups(ph_meanfield_t *self, const ph_point_t *point, const int64_t *group,
                             ph_average_t average, ph_report_t *report)
{
    PH_FLOATING_GUARD();
    int64_t groups = 0;
    memset(self, 0, sizeof(*self));
    for (int64_t mu = 0; mu < point->patterns; mu++)
        if (group[mu] >= groups)
            groups = group[mu] + 1;
    if (groups > PH_MEANFIELD_PATTERNS_MAX)
        return fail_patterns(groups, report);
    self->patterns = self->features = groups;
    self->group = copy(group, (size_t)point->patterns * sizeof(*group));
    if (self->group == NULL)
        return fail_population(self, point, PH_ERR_MEMORY, report);
    return init_population(self, point, average, report);
}

/*
 * The features of a sample are integers; supervised, n is of the mean example S/(M r) as in the
 * population.
 */
static int scale_features(ph_meanfield_t *self, const ph_point_t *point,
                          const ph_coupling_t *coupling)
{
    const size_t features = (size_t)self->features;
    self->example_scale = malloc(features * sizeof(double));
    if (self->example_scale == NULL)
        return PH_ERR_MEMORY;
    for (size_t p = 0; p < features; p++) {
        double scale = 1.0;
        if (!ph_rule_splits(point->rule))
            scale = coupling->mean_scales[p];
        self->example_scale[p] = scale;
        self->weights[p] /= scale * scale;
        for (size_t i = 0; scale != 1.0 && i < self->count; i++)
            self->phi[i * features + p] *= scale;
    }
    return PH_OK;
}

int ph_meanfield_init_sample(ph_meanfield_t *self, const ph_point_t *point,
                             const ph_coupling_t *coupling, const ph_patterns_t *patterns,
                             ph_report_t *report)
{
    PH_FLOATING_GUARD();
    memset(self, 0, sizeof(*self));
    if (coupling->features > PH_MEANFIELD_FEATURES_MAX)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "the mean field of a sample covers up to %d features (patterns, or with "
                       "rule unsupervised examples of all patterns), here %lld",
                       (int)PH_MEANFIELD_FEATURES_MAX, (long long)coupling->features);
    self->law = PH_NEURON_ROWS;
    self->noise = point->noise;
    self->patterns = self->network_patterns = patterns->patterns;
    self->features = coupling->features;
    self->coupling = coupling;
    self->sample = patterns;
    self->weights = copy(coupling->weights, (size_t)coupling->features * sizeof(double));
    int status = self->weights == NULL ? PH_ERR_MEMORY : ph_rows_collect(self, coupling, patterns);
    if (status == PH_OK)
        status = scale_features(self, point, coupling);
    if (status == PH_OK)
        return PH_OK;
    ph_meanfield_free(self);
    return ph_fail(report, status, "no memory for the distinct rows of a sample of %lld neurons",
                   (long long)patterns->neurons);
}

int ph_meanfield_init_rows(ph_meanfield_t *self, size_t count, int64_t features, const double *phi,
                           const double *probability, const double *weights, double noise)
{
    PH_FLOATING_GUARD();
    memset(self, 0, sizeof(*self));
    const size_t width = (size_t)features, bytes = width * sizeof(double);
    self->law = PH_NEURON_ROWS;
    self->noise = noise;
    self->patterns = self->features = self->network_patterns = features;
    self->count = count;
    self->weights = copy(weights, bytes);
    self->phi = copy(phi, count * bytes);
    self->xi = copy(phi, count * bytes);
    self->probability = copy(probability, count * sizeof(double));
    self->scratch = malloc(2 * (count + width) * sizeof(double));
    if (self->weights != NULL && self->phi != NULL && self->xi != NULL &&
        self->probability != NULL && self->scratch != NULL)
        return PH_OK;
    ph_meanfield_free(self);
    return PH_ERR_MEMORY;
}

void ph_meanfield_sums(const ph_meanfield_t *self, const double *n, const ph_sums_t *sums)
{
    if (ph_columns_do(self, sums))
        ph_columns_sums(self, n, sums);
    else if (ph_waves_pay(self, n))
        ph_waves_sums(self, n, sums);
    else if (self->law == PH_NEURON_EXACT)
        ph_product_sums(self, n, sums);
    else if (self->law == PH_NEURON_GAUSSIAN)
        ph_gaussian_sums(self, n, sums);
    else
        ph_rows_sums(self, n, sums);
}

void ph_meanfield_evaluate(const ph_meanfield_t *self, const double *n, ph_evaluation_t *out)
{
    PH_FLOATING_GUARD();
    const size_t features = (size_t)self->features;
    double cosh_part;
    double *jacobian = out->jacobian;
    const ph_sums_t sums = {out->n, out->m, jacobian, out->free_energy != NULL ? &cosh_part : NULL};
    ph_meanfield_sums(self, n, &sums);
    for (size_t p = 0; jacobian != NULL && p < features; p++)
        for (size_t q = 0; q <= p; q++) {
            const double response = jacobian[p * features + q];
            jacobian[q * features + p] = self->weights[p] * response;
            jacobian[p * features + q] = self->weights[q] * response;
        }
    if (out->free_energy == NULL)
        return;
    double energy = 0.0;
    for (size_t p = 0; p < features; p++)
        energy += 0.5 * self->weights[p] * n[p] * n[p];
    *out->free_energy = energy - cosh_part;
}

double ph_meanfield_row(const ph_meanfield_t *self, size_t i, double *phi, double *xi)
{
    const size_t features = (size_t)self->features, patterns = (size_t)self->patterns;
    if (self->law == PH_NEURON_ROWS) {
        memcpy(phi, self->phi + i * features, features * sizeof(*phi));
        memcpy(xi, self->xi + i * patterns, patterns * sizeof(*xi));
        return self->probability[i];
    }
    double probability = 1.0;
    for (size_t p = 0; p < features; p++) {
        const ph_local_t *local = &self->local[p];
        const size_t j = i % local->count;
        i /= local->count;
        phi[p] = local->phi[j];
        xi[p] = local->xi[j];
        probability *= local->probability[j];
    }
    return probability;
}
