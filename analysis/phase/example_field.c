/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/phase/example_field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/local.h"
#include "analysis/meanfield/spin.h"

/* Rows rarer than this are left out, as in every exact average. */
static const double RARE = 1e-22;

/* The law of one pattern: values of eta_1 and of the rest. */
typedef struct {
    size_t count;
    double *single, *rest, *xi, *probability, *pair; /* [count] */
} law_t;

static void law_free(law_t *self)
{
    free(self->single);
    memset(self, 0, sizeof(*self));
}

static int law_alloc(law_t *self, size_t capacity)
{
    double *all = calloc(5 * capacity, sizeof(double));
    *self =
        (law_t){0, all, all + capacity, all + 2 * capacity, all + 3 * capacity, all + 4 * capacity};
    return all == NULL ? PH_ERR_MEMORY : PH_OK;
}

/* Values of the rest of the examples where the pattern is blank, or is not; nothing of no rest. */
static int rest_init(ph_local_t *self, const ph_point_t *point, size_t mu, bool blank)
{
    const ph_example_law_t law = {blank ? 1.0 : 0.0, point->examples[mu] - 1.0, point->quality[mu],
                                  point->blank_fidelity[mu]};
    if (law.examples >= 1.0)
        return ph_local_exact(self, &law, 1);
    int status = ph_local_init(self, 1);
    if (status == PH_OK) {
        self->count = 1;
        self->probability[0] = 1.0;
    }
    return status;
}

/* Value j of the rest with an entry of the example apart; p[] for the entry 1 and -1 of a pattern,
 * or, of a blank, p[0] only. */
static void law_add(law_t *self, const ph_local_t *rest, size_t j, int single, double plus,
                    double minus)
{
    const size_t i = self->count;
    if (plus + minus <= RARE)
        return;
    self->single[i] = single;
    self->rest[i] = rest->phi[j];
    self->probability[i] = plus + minus;
    self->xi[i] = (plus - minus) / (plus + minus);
    self->pair[i] = rest->example[j];
    self->count++;
}

static int law_init(law_t *self, const ph_point_t *point, size_t mu)
{
    const double d = point->dilution[mu], r = point->quality[mu], s = point->blank_fidelity[mu];
    ph_local_t filled = {0}, blank = {0};
    int status = rest_init(&filled, point, mu, false);
    if (status == PH_OK)
        status = rest_init(&blank, point, mu, true);
    if (status == PH_OK)
        status = law_alloc(self, 2 * filled.count + 3 * blank.count);
    for (size_t j = 0; status == PH_OK && j < filled.count; j++)
        for (int single = -1; single <= 1; single += 2) {
            const double p = 0.25 * (1.0 - d) * filled.probability[j], xi = filled.xi[j];
            law_add(self, &filled, j, single, p * (1.0 + xi) * (1.0 + single * r),
                    p * (1.0 - xi) * (1.0 - single * r));
        }
    for (size_t j = 0; status == PH_OK && j < blank.count; j++)
        for (int single = -1; single <= 1; single++) {
            const double p = d * blank.probability[j] * (single == 0 ? s : 0.5 * (1.0 - s));
            law_add(self, &blank, j, single, 0.5 * p, 0.5 * p);
        }
    ph_local_free(&filled);
    ph_local_free(&blank);
    return status;
}

/* Row k of all, if it stands for itself and its opposite. */
static void add_row(ph_example_field_t *self, const law_t *laws, size_t patterns, size_t k)
{
    ph_meanfield_t *problem = &self->problem;
    const size_t at = problem->count, features = 2 * patterns;
    double *phi = problem->phi + at * features, *xi = problem->xi + at * features;
    double probability = 1.0, first = 0.0;
    for (size_t mu = 0; mu < patterns; mu++) {
        const law_t *law = &laws[mu];
        const size_t i = k % law->count;
        k /= law->count;
        phi[2 * mu] = law->single[i];
        phi[2 * mu + 1] = law->rest[i];
        xi[2 * mu] = law->xi[i];
        self->pair[at * patterns + mu] = law->pair[i];
        probability *= law->probability[i];
    }
    for (size_t p = 0; p < features && first == 0.0; p++)
        first = phi[p];
    if (first < 0.0 || probability <= RARE)
        return;
    problem->probability[at] = first > 0.0 ? 2.0 * probability : probability;
    problem->count++;
}

static int fill(ph_example_field_t *self, const ph_point_t *point, const law_t *laws, size_t rows)
{
    ph_meanfield_t *problem = &self->problem;
    const size_t patterns = (size_t)point->patterns, features = 2 * patterns;
    const size_t room = rows / 2 + 2; /* one row may be its own opposite, and one more is tried */
    double gains[PH_STATES_PATTERNS_MAX];
    problem->law = PH_NEURON_ROWS;
    problem->noise = point->noise;
    problem->patterns = problem->features = problem->network_patterns = (int64_t)features;
    problem->weights = malloc(features * sizeof(double));
    problem->phi = malloc(room * features * sizeof(double));
    problem->xi = calloc(room * features, sizeof(double));
    problem->probability = malloc(room * sizeof(double));
    problem->scratch = malloc(2 * (room + features) * sizeof(double));
    self->pair = malloc(room * patterns * sizeof(double));
    if (problem->weights == NULL || problem->phi == NULL || problem->xi == NULL ||
        problem->probability == NULL || problem->scratch == NULL || self->pair == NULL)
        return PH_ERR_MEMORY;
    ph_coupling_gains(point, gains);
    for (size_t mu = 0; mu < patterns; mu++) {
        const double m = point->examples[mu], r = point->quality[mu];
        problem->weights[2 * mu] = gains[mu] / (m * r * r);
        problem->weights[2 * mu + 1] = gains[mu] * (m - 1.0) / m;
    }
    for (size_t k = 0; k < rows; k++)
        add_row(self, laws, patterns, k);
    return PH_OK;
}

int ph_example_field_init(ph_example_field_t *self, const ph_point_t *point)
{
    law_t laws[PH_STATES_PATTERNS_MAX] = {0};
    size_t rows = 1;
    double most = 1.0;
    memset(self, 0, sizeof(*self));
    if (!ph_rule_splits(point->rule) || ph_rule_sums(point->rule) ||
        point->patterns > PH_STATES_PATTERNS_MAX)
        return PH_ERR_UNSUPPORTED;
    const size_t patterns = (size_t)point->patterns;
    for (size_t mu = 0; mu < patterns; mu++)
        most = fmax(most, point->examples[mu]);
    int status = most < 2.0 || most > PH_EXAMPLE_FIELD_ROWS_MAX ? PH_ERR_UNSUPPORTED : PH_OK;
    for (size_t mu = 0; mu < patterns && status == PH_OK; mu++) {
        status = law_init(&laws[mu], point, mu);
        rows *= laws[mu].count;
        if (status == PH_OK && rows > 2 * (size_t)PH_EXAMPLE_FIELD_ROWS_MAX)
            status = PH_ERR_UNSUPPORTED;
    }
    if (status == PH_OK)
        status = fill(self, point, laws, rows);
    for (size_t mu = 0; mu < patterns; mu++)
        law_free(&laws[mu]);
    if (status != PH_OK)
        ph_example_field_free(self);
    return status;
}

void ph_example_field_free(ph_example_field_t *self)
{
    ph_meanfield_free(&self->problem);
    free(self->pair);
    memset(self, 0, sizeof(*self));
}

static double transverse_cold(const ph_example_field_t *self, const double *n)
{
    const ph_meanfield_t *problem = &self->problem;
    const size_t features = (size_t)problem->features, patterns = features / 2;
    const double tie = ph_field_tie(problem, n);
    for (size_t i = 0; i < problem->count; i++) {
        double h = 0.0, differ = 0.0;
        for (size_t p = 0; p < features; p++)
            h += problem->weights[p] * n[p] * problem->phi[i * features + p];
        for (size_t mu = 0; mu < patterns; mu++)
            differ = fmax(differ, self->pair[i * patterns + mu]);
        if (fabs(h) <= tie && differ > 0.0)
            return -INFINITY;
    }
    return 1.0;
}

double ph_example_field_transverse(const ph_example_field_t *self, const double *n)
{
    const ph_meanfield_t *problem = &self->problem;
    const size_t features = (size_t)problem->features, patterns = features / 2;
    double sums[PH_STATES_PATTERNS_MAX] = {0}, least = INFINITY;
    if (problem->noise <= 0.0)
        return transverse_cold(self, n);
    for (size_t i = 0; i < problem->count; i++) {
        double h = 0.0, slope;
        for (size_t p = 0; p < features; p++)
            h += problem->weights[p] * n[p] * problem->phi[i * features + p];
        ph_spin_means(&h, &slope, 1, problem->noise, 0.0);
        for (size_t mu = 0; mu < patterns; mu++)
            sums[mu] += problem->probability[i] * slope * self->pair[i * patterns + mu];
    }
    for (size_t mu = 0; mu < patterns; mu++)
        if (sums[mu] > 0.0)
            least = fmin(least, 1.0 - problem->weights[2 * mu + 1] * sums[mu]);
    return least;
}
