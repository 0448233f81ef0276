/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/meanfield.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield_private.h"

static const double TIE = PH_MEANFIELD_TIE;

void ph_meanfield_free(ph_meanfield_t *self)
{
    for (int64_t p = 0; self->local != NULL && p < self->features; p++) {
        free(self->local[p].phi);
        free(self->local[p].xi);
        free(self->local[p].probability);
    }
    free(self->local);
    free(self->prefix);
    free(self->weights);
    free(self->phi);
    free(self->xi);
    free(self->probability);
    free(self->dilution);
    free(self->scratch);
    memset(self, 0, sizeof(*self));
}

static double *copy(const double *values, size_t count)
{
    double *out = malloc(count * sizeof(*out));
    if (out != NULL)
        memcpy(out, values, count * sizeof(*out));
    return out;
}

int ph_meanfield_init_population(ph_meanfield_t *self, const ph_point_t *point,
                                 ph_average_t average, ph_report_t *report)
{
    (void)average;
    memset(self, 0, sizeof(*self));
    const int64_t patterns = point->patterns;
    if (patterns > PH_MEANFIELD_PATTERNS_MAX)
        return ph_fail(report, PH_ERR_UNSUPPORTED,
                       "the mean field over all 3^K rows covers up to %d patterns, here "
                       "network.patterns is %lld; choose fewer, or leave the theory out",
                       (int)PH_MEANFIELD_PATTERNS_MAX, (long long)patterns);
    self->law = PH_NEURON_PRODUCT;
    self->noise = point->noise;
    self->patterns = self->features = patterns;
    self->weights = malloc((size_t)patterns * sizeof(double));
    self->dilution = copy(point->dilution, (size_t)patterns);
    int status = PH_ERR_MEMORY;
    if (self->weights != NULL && self->dilution != NULL) {
        ph_coupling_gains(point, self->weights);
        status = ph_product_init(self, point);
    }
    if (status == PH_OK)
        return PH_OK;
    ph_meanfield_free(self);
    return ph_fail(report, status, "no memory for the rows of %lld patterns", (long long)patterns);
}

int ph_meanfield_init_sample(ph_meanfield_t *self, const ph_point_t *point,
                             const ph_coupling_t *coupling, const ph_patterns_t *patterns,
                             ph_report_t *report)
{
    memset(self, 0, sizeof(*self));
    self->law = PH_NEURON_ROWS;
    self->noise = point->noise;
    self->patterns = patterns->patterns;
    self->features = coupling->features;
    self->coupling = coupling;
    self->sample = patterns;
    self->weights = copy(coupling->weights, (size_t)coupling->features);
    int status = self->weights == NULL ? PH_ERR_MEMORY : ph_rows_collect(self, coupling, patterns);
    if (status == PH_OK)
        return PH_OK;
    ph_meanfield_free(self);
    return ph_fail(report, status, "no memory for the distinct rows of a sample of %lld neurons",
                   (long long)patterns->neurons);
}

int ph_meanfield_init_rows(ph_meanfield_t *self, size_t count, int64_t features, const double *phi,
                           const double *probability, const double *weights, double noise)
{
    memset(self, 0, sizeof(*self));
    const size_t width = (size_t)features;
    self->law = PH_NEURON_ROWS;
    self->noise = noise;
    self->patterns = self->features = features;
    self->count = count;
    self->weights = copy(weights, width);
    self->phi = copy(phi, count * width);
    self->xi = copy(phi, count * width);
    self->probability = copy(probability, count);
    self->scratch = malloc(2 * (count + width) * sizeof(double));
    if (self->weights != NULL && self->phi != NULL && self->xi != NULL &&
        self->probability != NULL && self->scratch != NULL)
        return PH_OK;
    ph_meanfield_free(self);
    return PH_ERR_MEMORY;
}

double ph_field_tie(const ph_meanfield_t *self, const double *n)
{
    double scale = 0.0;
    for (int64_t p = 0; p < self->features; p++)
        scale += fabs(self->weights[p] * n[p]);
    return TIE * scale;
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

static void sum_law(const ph_meanfield_t *self, const double *n, const ph_sums_t *sums)
{
    if (self->law == PH_NEURON_PRODUCT)
        ph_product_sums(self, n, sums);
    else
        ph_rows_sums(self, n, sums);
}

void ph_meanfield_evaluate(const ph_meanfield_t *self, const double *n, ph_evaluation_t *out)
{
    const size_t features = (size_t)self->features;
    double cosh_part;
    double *jacobian = out->jacobian;
    const ph_sums_t sums = {out->n, out->m, jacobian, out->free_energy != NULL ? &cosh_part : NULL};
    sum_law(self, n, &sums);
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

void ph_meanfield_matrix(const ph_meanfield_t *self, const double *n, double *matrix)
{
    const size_t features = (size_t)self->features;
    const double *w = self->weights;
    const ph_sums_t sums = {NULL, NULL, matrix, NULL};
    sum_law(self, n, &sums);
    for (size_t p = 0; p < features; p++)
        for (size_t q = 0; q <= p; q++) {
            const double value =
                (p == q ? 1.0 : 0.0) - sqrt(w[p] * w[q]) * matrix[p * features + q];
            matrix[p * features + q] = matrix[q * features + p] = value;
        }
}

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
        n[p] /= (double)coupling->neurons;
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

bool ph_meanfield_ties(const ph_meanfield_t *self, const double *n)
{
    const size_t features = (size_t)self->features;
    const double tie = ph_field_tie(self, n);
    double *phi = self->scratch;
    double *xi = phi + features;
    for (size_t i = 0; i < self->count; i++) {
        double h = 0.0;
        bool coupled = false;
        ph_meanfield_row(self, i, phi, xi);
        for (size_t p = 0; p < features; p++) {
            h += self->weights[p] * n[p] * phi[p];
            coupled = coupled || (phi[p] != 0.0 && self->weights[p] != 0.0);
        }
        if (coupled && fabs(h) <= tie)
            return true;
    }
    return false;
}
