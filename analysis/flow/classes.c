/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/flow/classes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/flow/sites.h"
#include "base/floating.h"
#include "sim/model/row_classes.h"
#include "sim/model/sample.h"
#include "sim/model/starts.h"

static const double TIE = 1e-12; /* of the largest possible field, as in the mean field */

void ph_flow_classes_free(ph_flow_classes_t *self)
{
    free(self->phi);
    free(self->share);
    free(self->start);
    free(self->weights);
    free(self->not_blank);
    free(self->site);
    memset(self, 0, sizeof(*self));
}

static int allocate(ph_flow_classes_t *self, size_t count, size_t size, size_t features,
                    size_t patterns)
{
    self->phi = calloc(count * size, sizeof(double));
    self->share = calloc(count, sizeof(double));
    self->start = calloc(count, sizeof(double));
    self->weights = calloc(features, sizeof(double));
    self->not_blank = calloc(patterns, sizeof(double));
    if (self->phi == NULL || self->share == NULL || self->start == NULL || self->weights == NULL ||
        self->not_blank == NULL)
        return PH_ERR_MEMORY;
    self->patterns = patterns;
    self->classes = (ph_classes_t){.count = count,
                                   .size = size,
                                   .features = features,
                                   .phi = self->phi,
                                   .share = self->share,
                                   .start = self->start,
                                   .weights = self->weights};
    return PH_OK;
}

/* Mean starting spin of a class; every start but `example` depends on the archetypes alone. */
static double start_of(const ph_point_t *point, const int16_t *xi, int16_t entry)
{
    int8_t row[PH_MAX_PATTERNS];
    if (ph_start_facts(point->start)->spins == PH_SPINS_OF_EXAMPLE)
        return entry;
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++)
        row[mu] = (int8_t)xi[mu];
    return ph_start_spin(point, row);
}

/* Features, archetypes and, where it starts from one, the entry in the example tell neurons apart.
 */
static int find_classes(ph_row_classes_t *out, const ph_point_t *point,
                        const ph_coupling_t *coupling, const ph_patterns_t *patterns)
{
    const size_t neurons = (size_t)coupling->neurons;
    int8_t *spins = NULL;
    if (ph_start_facts(point->start)->spins == PH_SPINS_OF_EXAMPLE) {
        spins = malloc(neurons);
        if (spins == NULL)
            return PH_ERR_MEMORY;
        for (size_t i = 0; i < neurons; i++)
            spins[i] = (int8_t)ph_start_neuron(point, patterns, i);
    }
    const int status = ph_row_classes_init(out, coupling, patterns, spins);
    free(spins);
    return status;
}

/* Classes at their ranks: sums over them are rounded alike whatever the order of the neurons. */
static void fill(ph_flow_classes_t *self, const ph_point_t *point, const ph_row_classes_t *rows,
                 const uint32_t *ranks, const ph_patterns_t *patterns)
{
    const size_t size = self->classes.size, k = self->patterns, total = self->classes.sites;
    for (size_t c = 0; c < rows->count; c++) {
        const int16_t *row = ph_row_classes_row(rows, c);
        self->start[ranks[c]] = start_of(point, row + rows->features, row[rows->width - 1]);
        for (size_t a = 0; a < size; a++)
            self->phi[ranks[c] * size + a] = row[a];
    }
    for (size_t i = 0; i < total; i++) {
        self->site[i] = ranks[rows->of[i]];
        self->share[self->site[i]] += 1.0 / (double)total;
        for (size_t mu = 0; mu < k; mu++)
            self->not_blank[mu] += patterns->entries[i * k + mu] != 0 ? 1.0 / (double)total : 0.0;
    }
}

int ph_flow_classes_sample(ph_flow_classes_t *self, const ph_point_t *point,
                           const ph_coupling_t *coupling, const ph_patterns_t *patterns)
{
    PH_FLOATING_GUARD();
    const bool storage = !ph_rule_learns(point->rule);
    const size_t n = (size_t)coupling->neurons, features = (size_t)coupling->features;
    const size_t k = (size_t)patterns->patterns;
    ph_row_classes_t rows = {0};
    uint32_t *ranks = NULL;
    memset(self, 0, sizeof(*self));
    if (features + k > PH_FLOW_ENTRIES_MAX)
        return PH_ERR_LIMIT;
    int status = find_classes(&rows, point, coupling, patterns);
    if (status == PH_OK)
        status = allocate(self, rows.count, storage ? k : features + k, features, k);
    if (status == PH_OK) {
        ranks = ph_row_classes_ranks(&rows);
        self->site = malloc(n * sizeof(*self->site));
        status = ranks == NULL || self->site == NULL ? PH_ERR_MEMORY : PH_OK;
    }
    if (status == PH_OK) {
        self->noise = point->noise;
        self->classes.sites = n;
        self->classes.site = self->site;
        memcpy(self->weights, coupling->weights, features * sizeof(double));
        fill(self, point, &rows, ranks, patterns);
    }
    free(ranks);
    ph_row_classes_free(&rows);
    return status;
}

int ph_flow_classes_draw(ph_flow_classes_t *self, const ph_point_t *point, uint64_t seed,
                         uint32_t sample)
{
    PH_FLOATING_GUARD();
    ph_sample_t drawn;
    memset(self, 0, sizeof(*self));
    int status = ph_sample_draw(&drawn, point, seed, sample);
    if (status == PH_OK)
        status = ph_flow_classes_sample(self, point, &drawn.coupling, &drawn.patterns);
    ph_sample_free(&drawn);
    return status;
}

int ph_flow_classes_population(ph_flow_classes_t *self, const ph_point_t *point)
{
    PH_FLOATING_GUARD();
    const size_t k = (size_t)point->patterns;
    size_t rows = 1, c = 0;
    memset(self, 0, sizeof(*self));
    for (size_t mu = 0; mu < k; mu++)
        rows *= 3;
    int status = allocate(self, (rows + 1) / 2, k, k, k);
    if (status != PH_OK)
        return status;
    self->noise = point->noise;
    ph_coupling_gains(point, self->weights);
    for (size_t code = (rows - 1) / 2; code < rows; code++, c++) { /* one of each pair */
        int8_t row[PH_MAX_PATTERNS];
        size_t rest = code;
        self->share[c] = 2 * code == rows - 1 ? 1.0 : 2.0;
        for (size_t mu = 0; mu < k; mu++, rest /= 3) {
            const double d = point->dilution[mu];
            row[mu] = (int8_t)((int)(rest % 3) - 1);
            self->phi[c * k + mu] = row[mu];
            self->share[c] *= row[mu] == 0 ? d : 0.5 * (1.0 - d);
        }
        self->start[c] = ph_start_spin(point, row);
    }
    for (size_t mu = 0; mu < k; mu++)
        self->not_blank[mu] = 1.0 - point->dilution[mu];
    return PH_OK;
}

/* F(o): overlaps of the spins' means in the field of o. */
static int map(void *context, const double *o, double *out)
{
    const ph_flow_classes_t *self = context;
    const ph_classes_t *classes = &self->classes;
    double tie = 0.0;
    memset(out, 0, classes->size * sizeof(*out));
    for (size_t p = 0; p < classes->features; p++)
        tie += TIE * fabs(classes->weights[p] * o[p]);
    for (size_t c = 0; c < classes->count; c++) {
        const double *phi = classes->phi + c * classes->size;
        double h = 0.0;
        for (size_t p = 0; p < classes->features; p++)
            h += classes->weights[p] * o[p] * phi[p];
        const double spin = self->noise > 0.0 ? tanh(h / self->noise)
                            : h > tie         ? 1.0
                            : h < -tie        ? -1.0
                                              : 0.0;
        for (size_t a = 0; a < classes->size; a++)
            out[a] += classes->share[c] * spin * phi[a];
    }
    return PH_OK;
}

ph_flow_system_t ph_flow_classes_system(ph_flow_classes_t *self, double *start)
{
    const ph_classes_t *classes = &self->classes;
    memset(start, 0, classes->size * sizeof(*start));
    for (size_t c = 0; c < classes->count; c++)
        for (size_t a = 0; a < classes->size; a++)
            start[a] += classes->share[c] * classes->start[c] * classes->phi[c * classes->size + a];
    for (size_t a = 0; a < classes->size; a++)
        if (fabs(start[a]) < TIE)
            start[a] = 0.0;
    return (ph_flow_system_t){classes->size, map, self};
}

int ph_flow_classes_path(ph_flow_classes_t *self, ph_flow_law_t law, size_t times,
                         const uint64_t *time, double *path, ph_flow_end_t *end)
{
    PH_FLOATING_GUARD();
    if (law == PH_FLOW_SEQUENTIAL && self->classes.site != NULL)
        return ph_flow_sites(&self->classes, self->noise, times, time, path, end);
    double *start = malloc(self->classes.size * sizeof(*start));
    if (start == NULL)
        return PH_ERR_MEMORY;
    const ph_flow_system_t system = ph_flow_classes_system(self, start);
    const int status = ph_flow_solve(&system, law, start, times, time, path, end, NULL);
    free(start);
    return status;
}
