/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/meanfield/meanfield_private.h"

/* Examples are summed over exactly up to this many, times members in a group; FEW: see below. */
static const double REACH = 50000.0, GROUP_REACH = 4000.0, FEW = 10.0;

static int make_prefix(ph_meanfield_t *self)
{
    const size_t features = (size_t)self->features;
    size_t total = 0, size = 1;
    for (size_t p = 0; p < features; p++) {
        total += size;
        size *= self->local[p].count;
    }
    self->count = size;
    self->prefix = malloc(total * sizeof(double));
    self->scratch =
        malloc(((self->law == PH_NEURON_EXACT ? 3 : 8) * size + 4 * features) * sizeof(double));
    if (self->prefix == NULL || self->scratch == NULL)
        return PH_ERR_MEMORY;
    double *before = self->prefix;
    before[0] = 1.0;
    size = 1;
    for (size_t p = 0; p + 1 < features; p++) {
        const ph_local_t *local = &self->local[p];
        double *after = before + size;
        for (size_t j = 0; j < local->count; j++)
            for (size_t i = 0; i < size; i++)
                after[j * size + i] = before[i] * local->probability[j];
        before = after;
        size *= local->count;
    }
    return PH_OK;
}

static void drop_local(ph_meanfield_t *self)
{
    for (int64_t p = 0; self->local != NULL && p < self->features; p++)
        ph_local_free(&self->local[p]);
}

/* Values of every component, as long as their rows stay within the limit: else PH_ERR_LIMIT. */
static int make_local(ph_meanfield_t *self, const ph_example_law_t *laws, const int64_t *members,
                      double limit)
{
    double rows = 1.0;
    for (size_t p = 0; p < (size_t)self->features; p++) {
        if (self->law == PH_NEURON_EXACT &&
            laws[p].examples * (double)members[p] > (members[p] > 1 ? GROUP_REACH : REACH))
            return PH_ERR_LIMIT;
        int status = self->law == PH_NEURON_EXACT
                         ? ph_local_exact(&self->local[p], &laws[p], members[p])
                         : ph_local_gaussian(&self->local[p], &laws[p], members[p]);
        if (status != PH_OK)
            return status;
        self->local[p].examples = laws[p].examples;
        if (p == 0)
            ph_local_halve(&self->local[0]);
        rows *= (double)self->local[p].count;
        if (rows > limit)
            return PH_ERR_LIMIT;
    }
    return PH_OK;
}

/* Where the Gaussian limit may have the wrong phase; see ph_meanfield_init_population. */
static bool is_doubtful(const ph_meanfield_t *self, const ph_example_law_t *laws, double onset)
{
    bool few = false;
    for (int64_t p = 0; p < self->features; p++) {
        const double m = laws[p].examples, r = laws[p].quality, s = laws[p].fidelity;
        few = few || (r < 1.0 && m * r * r < FEW) || (r < 1.0 && m * (1.0 - r * r) < FEW) ||
              (s < 1.0 && laws[p].dilution > 0.0 && m * (1.0 - s) < FEW);
    }
    return few && self->noise < 0.5 * onset;
}

/* Groups' members and laws; PH_ERR_INPUT where patterns of a group differ, or a group is empty. */
static int gather(const ph_meanfield_t *self, const ph_point_t *point, ph_example_law_t *laws,
                  int64_t *members)
{
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        const size_t p = self->group != NULL ? (size_t)self->group[mu] : mu;
        const ph_example_law_t law = ph_point_examples(point, mu);
        if (members[p]++ == 0)
            laws[p] = law;
        else if (!ph_example_law_equal(&laws[p], &law))
            return PH_ERR_INPUT;
    }
    for (int64_t p = 0; p < self->features; p++)
        if (members[p] == 0)
            return PH_ERR_INPUT;
    return PH_OK;
}

/* Weights of the components; onset: the largest g E2, noise below which order sets in. */
static int make_weights(ph_meanfield_t *self, const ph_point_t *point, const int64_t *members,
                        double *onset)
{
    double *g = malloc(2 * (size_t)point->patterns * sizeof(*g));
    if (g == NULL)
        return PH_ERR_MEMORY;
    double *variance = g + point->patterns;
    ph_coupling_gains(point, g);
    ph_coupling_variances(point, variance);
    *onset = 0.0;
    for (size_t mu = 0; mu < (size_t)point->patterns; mu++) {
        const size_t p = self->group != NULL ? (size_t)self->group[mu] : mu;
        self->weights[p] = g[mu] * (double)members[p];
        *onset = fmax(*onset, g[mu] * variance[mu]);
    }
    free(g);
    return PH_OK;
}

static int choose_law(ph_meanfield_t *self, const ph_example_law_t *laws, const int64_t *members,
                      ph_average_t average, double onset, bool learning)
{
    int status = PH_ERR_LIMIT;
    self->law = PH_NEURON_EXACT;
    if (!learning || average != PH_AVERAGE_GAUSSIAN)
        status = make_local(self, laws, members,
                            learning && average == PH_AVERAGE_AUTO ? PH_MEANFIELD_ROWS_AUTO
                                                                   : PH_MEANFIELD_ROWS_MAX);
    if (status == PH_ERR_LIMIT && learning && average != PH_AVERAGE_EXACT) {
        drop_local(self);
        self->law = PH_NEURON_GAUSSIAN;
        self->rule = malloc(sizeof(*self->rule));
        status = self->rule == NULL ? PH_ERR_MEMORY : ph_gauss_rule_init(self->rule);
        if (status != PH_OK)
            return status;
        self->doubtful = is_doubtful(self, laws, onset);
        status = make_local(self, laws, members, PH_MEANFIELD_ROWS_MAX);
    }
    return status == PH_ERR_LIMIT ? PH_ERR_UNSUPPORTED : status;
}

int ph_product_init(ph_meanfield_t *self, const ph_point_t *point, ph_average_t average)
{
    const size_t features = (size_t)self->features;
    const bool learning = ph_rule_learns(point->rule);
    double onset = 0.0;
    self->learning = learning;
    self->examples_apart = ph_rule_splits(point->rule);
    int status = PH_ERR_MEMORY;
    ph_example_law_t *laws = calloc(features, sizeof(*laws));
    int64_t *members = calloc(features, sizeof(*members));
    self->local = calloc(features, sizeof(*self->local));
    if (laws == NULL || members == NULL || self->local == NULL)
        goto out;
    status = gather(self, point, laws, members);
    if (status == PH_OK)
        status = make_weights(self, point, members, &onset);
    if (status == PH_OK)
        status = choose_law(self, laws, members, average, onset, learning);
    for (size_t p = 0; status == PH_OK && p < features; p++) {
        const double examples = laws[p].examples;
        if (self->examples_apart && !(ph_rule_summed(point->rule, examples) < examples))
            memset(self->local[p].example, 0, self->local[p].count * sizeof(double));
    }
    if (status == PH_OK)
        status = make_prefix(self);
out:
    free(laws);
    free(members);
    return status;
}
