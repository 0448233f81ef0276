/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <polyhebb/chain.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/chain_private.h"
#include "api/entry_private.h"
#include "base/digest.h"

/* What the caller gives. */
typedef struct {
    int64_t neurons, patterns;
    const int8_t *entries; /* [neurons][patterns] */
    const double *weights; /* [patterns] */
    size_t count;
    const char *const *settings;
} given_t;

int ph_chain_give(ph_sample_t *self, const ph_point_t *point, const ph_patterns_t *patterns,
                  const double *weights)
{
    const size_t size = (size_t)(patterns->neurons * patterns->patterns);
    memset(self, 0, sizeof(*self));
    self->patterns = *patterns;
    self->patterns.entries = malloc(size);
    if (self->patterns.entries == NULL)
        return PH_ERR_MEMORY;
    memcpy(self->patterns.entries, patterns->entries, size);
    const int status = ph_coupling_init_gains(&self->coupling, point, &self->patterns, weights);
    if (status != PH_OK)
        ph_sample_free(self);
    return status;
}

static int check(const given_t *given, ph_report_t *report)
{
    if (given->neurons < 1 || given->neurons > 1 << 30 || given->patterns < 1 ||
        given->patterns > PH_MAX_PATTERNS)
        return ph_fail(report, PH_ERR_INPUT,
                       "%lld neurons and %lld patterns: expected 1 to 2^30 and 1 to %d",
                       (long long)given->neurons, (long long)given->patterns, PH_MAX_PATTERNS);
    if (given->neurons * given->patterns > INT32_MAX)
        return ph_fail(report, PH_ERR_LIMIT, "%lld neurons times %lld patterns are 2^31 or more",
                       (long long)given->neurons, (long long)given->patterns);
    for (int64_t k = 0; k < given->neurons * given->patterns; k++)
        if (given->entries[k] < -1 || given->entries[k] > 1)
            return ph_fail(report, PH_ERR_INPUT,
                           "entry of neuron %lld and pattern %lld is %d, expected -1, 0 or 1",
                           (long long)(k / given->patterns), (long long)(k % given->patterns),
                           given->entries[k]);
    for (int64_t mu = 0; mu < given->patterns; mu++)
        if (!isfinite(given->weights[mu]) || given->weights[mu] < 0.0)
            return ph_fail(report, PH_ERR_INPUT,
                           "weight of pattern %lld is %g, expected a number of 0 and more",
                           (long long)mu, given->weights[mu]);
    return PH_OK;
}

/* "network.dilution={each: [...]}" with the share of blanks in each pattern, to be freed. */
static char *dilution_text(const given_t *given)
{
    static const char HEAD[] = "network.dilution={each: [";
    const size_t size = sizeof(HEAD) + (size_t)given->patterns * 24 + sizeof("]}");
    char *text = malloc(size);
    if (text == NULL)
        return NULL;
    size_t used = (size_t)snprintf(text, size, "%s", HEAD);
    for (int64_t mu = 0; mu < given->patterns; mu++) {
        int64_t blanks = 0;
        for (int64_t i = 0; i < given->neurons; i++)
            blanks += given->entries[i * given->patterns + mu] == 0;
        used += (size_t)snprintf(text + used, size - used, "%s%.12g", mu > 0 ? ", " : "",
                                 (double)blanks / (double)given->neurons);
    }
    snprintf(text + used, size - used, "]}");
    return text;
}

/* A grid of one point from the settings, with the network's numbers after them. */
static int read_settings(const given_t *given, ph_grid_t **grid, ph_report_t *report)
{
    char neurons[64], patterns[64];
    const char *const network[] = {neurons, patterns, "network.normalization=none",
                                   dilution_text(given)};
    const size_t more = sizeof(network) / sizeof(network[0]);
    const char **all = malloc((given->count + more) * sizeof(*all));
    int status = PH_OK;
    if (all == NULL || network[more - 1] == NULL) {
        status = ph_fail(report, PH_ERR_MEMORY, "no memory for the settings of a network");
        goto out;
    }
    snprintf(neurons, sizeof(neurons), "network.neurons=%lld", (long long)given->neurons);
    snprintf(patterns, sizeof(patterns), "network.patterns=%lld", (long long)given->patterns);
    for (size_t k = 0; k < given->count + more; k++)
        all[k] = k < given->count ? given->settings[k] : network[k - given->count];
    /* Chains in memory end when the caller wants. */
    status = ph_grid_new(grid, "dynamics: {sweeps: 1}", given->count + more, all, report);
out:
    free((void *)network[more - 1]);
    free(all);
    if (status != PH_OK)
        return status;
    if ((*grid)->points_count != 1 || ph_rule_learns((*grid)->points[0].rule))
        return ph_fail(
            report, PH_ERR_INPUT,
            "settings of %zu points, rule %s: patterns that are given are stored, at one "
            "point",
            (*grid)->points_count, PH_RULE_WORDS.words[(*grid)->points[0].rule]);
    return PH_OK;
}

/* Networks that differ share no random numbers: the identity is of patterns and weights too. */
static int identify(ph_point_t *point, const given_t *given, ph_report_t *report)
{
    ph_digester_t *digester = ph_digester_new();
    if (digester == NULL)
        return ph_fail(report, PH_ERR_MEMORY, "no memory for a digest");
    ph_digester_add_words(digester, &point->identity, sizeof(point->identity) / 8);
    ph_digester_add(digester, given->entries, (size_t)(given->neurons * given->patterns));
    for (int64_t mu = 0; mu < given->patterns; mu++) {
        const double weight = given->weights[mu] + 0.0; /* no sign of zero */
        ph_digester_add_words(digester, &weight, 1);
    }
    point->identity = ph_digester_result(digester);
    ph_digester_free(digester);
    return PH_OK;
}

static int init(ph_chain_t *self, const given_t *given, ph_report_t *report)
{
    int status = check(given, report);
    if (status == PH_OK)
        status = read_settings(given, &self->own, report);
    if (status != PH_OK)
        return status;
    self->grid = self->own;
    self->point = self->own->points[0];
    status = identify(&self->point, given, report);
    if (status != PH_OK)
        return status;
    const ph_patterns_t patterns = {.neurons = given->neurons,
                                    .patterns = given->patterns,
                                    .entries = (int8_t *)given->entries,
                                    .key = ph_stream_key(self->grid->seed, self->point.disorder)};
    return ph_chain_init(self, &patterns, given->weights, report);
}

int ph_chain_new_with_patterns(ph_chain_t **chain, int64_t neurons, int64_t patterns,
                               const int8_t *entries, const double *weights, size_t count,
                               const char *const *settings, uint32_t replicas, ph_report_t *report)
{
    PH_ENTRY();
    *chain = NULL;
    if (replicas == 0 || replicas > INT32_MAX)
        return ph_fail(report, PH_ERR_INPUT, "%u replicas: expected 1 to 2^31 - 1", replicas);
    const size_t room = patterns > 0 && patterns <= PH_MAX_PATTERNS ? (size_t)patterns : 1;
    double *ones = malloc(room * sizeof(*ones));
    ph_chain_t *self = calloc(1, sizeof(*self));
    int status = PH_ERR_MEMORY;
    if (ones == NULL || self == NULL) {
        ph_fail(report, status, "no memory for chains");
        goto out;
    }
    for (size_t mu = 0; mu < room; mu++)
        ones[mu] = 1.0;
    self->replicas = replicas;
    const given_t given = {.neurons = neurons,
                           .patterns = patterns,
                           .entries = entries,
                           .weights = weights != NULL ? weights : ones,
                           .count = count,
                           .settings = settings};
    status = init(self, &given, report);
out:
    free(ones);
    if (status == PH_OK)
        *chain = self;
    else
        ph_chain_delete(self);
    return status;
}
