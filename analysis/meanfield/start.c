/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"
#include "base/floating.h"

static const double TIE = PH_MEANFIELD_TIE;

/* m[K] = E[xi spin(xi)] over the rows of the patterns listed; the start ignores all others. */
static void sum_rows(const ph_meanfield_t *self, const ph_point_t *point, const size_t *listed,
                     size_t count, double *m)
{
    int8_t row[PH_MAX_PATTERNS] = {0};
    size_t rows = 1;
    for (size_t k = 0; k < count; k++)
        rows *= 3;
    for (size_t code = 0; code < rows; code++) {
        double probability = 1.0;
        size_t rest = code;
        for (size_t k = 0; k < count; k++, rest /= 3) {
            const double d = self->dilution[listed[k]];
            const int entry = (int)(rest % 3) - 1;
            row[listed[k]] = (int8_t)entry;
            probability *= entry == 0 ? d : 0.5 * (1.0 - d);
        }
        const double spin = probability * ph_start_spin(point, row);
        for (size_t k = 0; k < count; k++)
            m[listed[k]] += spin * row[listed[k]];
    }
}

/* E|sum xi|/L of L patterns: what the sign of their sum overlaps with each. */
static double parallel_overlap(size_t count, double dilution)
{
    double up[PH_MAX_PATTERNS + 1], filled[PH_MAX_PATTERNS + 1], sum = 0.0;
    ph_binomial(count, 1.0 - dilution, filled);
    for (size_t k = 1; k <= count; k++) {
        ph_binomial(k, 0.5, up);
        for (size_t j = 0; j <= k; j++)
            sum += filled[k] * up[j] * fabs(2.0 * (double)j - (double)k);
    }
    return sum / (double)count;
}

/* E[xi spin(xi)] over a population: examples are right on average, so that n = m. */
static void start_population(const ph_meanfield_t *self, const ph_point_t *point, double *m)
{
    size_t listed[PH_MAX_PATTERNS], count = 0;
    const size_t patterns = (size_t)self->network_patterns;
    bool alike = true;
    for (size_t mu = 0; mu < patterns; mu++)
        if (patterns <= PH_MEANFIELD_PATTERNS_MAX ||
            ph_start_symmetry(point, mu) != PH_SYMMETRY_FREE)
            listed[count++] = mu;
    for (size_t k = 0; k < count; k++)
        alike = alike && ph_start_symmetry(point, listed[k]) == PH_SYMMETRY_EQUAL &&
                self->dilution[listed[k]] == self->dilution[listed[0]];
    memset(m, 0, patterns * sizeof(*m));
    if (count <= PH_MEANFIELD_PATTERNS_MAX) {
        sum_rows(self, point, listed, count, m);
        return;
    }
    const double overlap = alike ? parallel_overlap(count, self->dilution[listed[0]]) : (double)NAN;
    for (size_t k = 0; k < count; k++)
        m[listed[k]] = overlap;
}

static size_t example_pattern(const ph_point_t *point)
{
    return point->start_pattern > 0 ? (size_t)point->start_pattern - 1 : 0;
}

/*
 * An example is one of those its mean is made of: E[eta^ eta_1] = (E[eta_1^2] + (M - 1) r^2
 * (1 - d))/(M r), more than the r (1 - d) of its overlap with the archetype.
 */
static void start_example(const ph_point_t *point, double *n)
{
    const size_t mu = example_pattern(point);
    const double d = point->dilution[mu], m = point->examples[mu], r = point->quality[mu];
    const double square = 1.0 - d + d * (1.0 - point->blank_fidelity[mu]);
    n[mu] = (square + (m - 1.0) * r * r * (1.0 - d)) / (m * r);
}

static void start_sample(const ph_meanfield_t *self, const ph_point_t *point, double *n)
{
    const ph_coupling_t *coupling = self->coupling;
    const size_t features = (size_t)self->features;
    for (size_t i = 0; i < (size_t)coupling->neurons; i++) {
        const double spin = ph_start_neuron(point, self->sample, i);
        for (size_t p = 0; p < features; p++)
            n[p] += spin * coupling->phi[i * features + p];
    }
    for (size_t p = 0; p < features; p++)
        n[p] *= self->example_scale[p] / (double)coupling->neurons;
}

void ph_meanfield_start(const ph_meanfield_t *self, const ph_point_t *point, double *n)
{
    PH_FLOATING_GUARD();
    memset(n, 0, (size_t)self->features * sizeof(*n));
    if (self->dilution != NULL) {
        double m[PH_MAX_PATTERNS];
        start_population(self, point, m);
        if (self->learning && ph_start_facts(point->start)->spins == PH_SPINS_OF_EXAMPLE)
            start_example(point, m);
        for (int64_t mu = 0; mu < self->network_patterns; mu++) {
            const int64_t p = self->group != NULL ? self->group[mu] : mu;
            n[p] += m[mu] / (double)self->local[p].members;
        }
    }
    if (self->sample != NULL)
        start_sample(self, point, n);
    for (int64_t p = 0; p < self->features; p++)
        if (fabs(n[p]) < TIE)
            n[p] = 0.0;
}

void ph_meanfield_expand(const ph_meanfield_t *self, const double *values, double *out)
{
    PH_FLOATING_GUARD();
    for (int64_t mu = 0; mu < self->network_patterns; mu++)
        out[mu] = values[self->group != NULL ? self->group[mu] : mu];
}

bool ph_meanfield_exchangeable(const ph_point_t *point, size_t mu, size_t nu)
{
    return ph_start_symmetry(point, mu) == ph_start_symmetry(point, nu) &&
           ph_start_symmetry(point, mu) != PH_SYMMETRY_FIXED && ph_point_alike(point, mu, nu);
}

int ph_meanfield_init_start(ph_meanfield_t *self, const ph_point_t *point, ph_average_t average,
                            ph_report_t *report)
{
    PH_FLOATING_GUARD();
    int64_t group[PH_MAX_PATTERNS], groups = 0;
    if (point->patterns <= PH_MEANFIELD_PATTERNS_MAX)
        return ph_meanfield_init_population(self, point, average, report);
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        size_t nu = 0;
        while (nu < mu && !ph_meanfield_exchangeable(point, mu, nu))
            nu++;
        group[mu] = nu < mu ? group[nu] : groups++;
    }
    return ph_meanfield_init_groups(self, point, group, average, report);
}

void ph_meanfield_examples(const ph_meanfield_t *self, const double *n, double *out)
{
    PH_FLOATING_GUARD();
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

void ph_meanfield_spread(const ph_meanfield_t *self, const double *examples, double *n)
{
    PH_FLOATING_GUARD();
    const ph_coupling_t *coupling = self->coupling;
    if (self->features == self->patterns) {
        memcpy(n, examples, (size_t)self->patterns * sizeof(*n));
        return;
    }
    for (int64_t mu = 0; mu < self->patterns; mu++) {
        const double count = (double)(coupling->first[mu + 1] - coupling->first[mu]);
        for (int64_t p = coupling->first[mu]; p < coupling->first[mu + 1]; p++)
            n[p] = examples[mu] / (count * coupling->mean_scales[mu]);
    }
}
