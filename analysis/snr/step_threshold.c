/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/snr/snr_private.h"
#include "analysis/snr/step.h"
#include "base/floating.h"
#include "base/status.h"

enum { SOUGHT = 256 }; /* kinds among which a neuron is sought, those found last */
static const double TIE = 1e-12;

/* Very archetypes and a start, whose patterns can be given another number of examples. */
typedef struct {
    ph_snr_t snr; /* with the start's overlaps with these archetypes */
    const ph_patterns_t *patterns;
    const double *spins;
    ph_snr_criterion_t criterion;
    size_t mu;
    double theta;
    ph_snr_example_t *examples; /* [patterns] */
    size_t kinds, *site; /* [kinds]: one neuron of each kind, with the same entries and spin */
    double *count;       /* [kinds]: and how many are alike */
} question_t;

/* Kinds of neurons where the pattern has an entry; where there are many, some may be the same. */
static int find_kinds(question_t *self)
{
    const size_t k = self->snr.patterns, neurons = (size_t)self->patterns->neurons;
    const int8_t *entries = self->patterns->entries;
    self->site = malloc(neurons * sizeof(*self->site));
    self->count = malloc(neurons * sizeof(*self->count));
    if (self->site == NULL || self->count == NULL)
        return PH_ERR_MEMORY;
    for (size_t i = 0; i < neurons; i++) {
        size_t at = self->kinds > SOUGHT ? self->kinds - SOUGHT : 0;
        if (entries[i * k + self->mu] == 0)
            continue;
        while (at < self->kinds && (self->spins[i] != self->spins[self->site[at]] ||
                                    memcmp(entries + i * k, entries + self->site[at] * k, k) != 0))
            at++;
        if (at == self->kinds) {
            self->site[self->kinds] = i;
            self->count[self->kinds++] = 0.0;
        }
        self->count[at] += 1.0;
    }
    return PH_OK;
}

/* Mean and variance over the examples of the field on a neuron; its own spin has none. */
static void find_field(const question_t *self, size_t i, double *mean, double *variance)
{
    const size_t k = self->snr.patterns;
    const double own = self->spins[i] / (double)self->patterns->neurons;
    *mean = *variance = 0.0;
    for (size_t nu = 0; nu < k; nu++) {
        const int entry = self->patterns->entries[i * k + nu];
        const double signal = self->examples[nu].gain * (self->snr.pattern[nu].start - entry * own);
        *mean += entry * signal;
        *variance +=
            signal * signal * (entry != 0 ? self->examples[nu].rho : self->examples[nu].rho_blank);
    }
}

static int excess(void *context, double examples, double *value)
{
    question_t *self = context;
    const size_t k = self->snr.patterns;
    const double neurons = (double)self->patterns->neurons,
                 start = self->snr.pattern[self->mu].start;
    double shown = 0.0, first = 0.0, second = 0.0, after = 0.0;
    for (size_t nu = 0; nu < k; nu++)
        self->snr.pattern[nu].examples = examples;
    for (size_t nu = 0; nu < k; nu++)
        self->examples[nu] = ph_snr_example(&self->snr, nu);
    for (size_t kind = 0; kind < self->kinds; kind++) {
        const size_t i = self->site[kind];
        const double count = self->count[kind];
        const int entry = self->patterns->entries[i * k + self->mu];
        double mean, variance;
        find_field(self, i, &mean, &variance);
        shown += count;
        first += count * entry * mean;
        second += count * (mean * mean + variance);
        if (self->criterion == PH_SNR_RELATIVE)
            after += count * entry * ph_step_mean_sign(mean, sqrt(variance), TIE) / neurons;
    }
    const double signal = first / shown, noise = sqrt(fmax(second / shown - signal * signal, 0.0));
    *value = self->criterion == PH_SNR_ABSOLUTE
                 ? ph_snr_beyond(fabs(signal), sqrt(2.0) * self->theta * noise)
                 : ph_snr_beyond(copysign(1.0, start) * after, erf(self->theta) * fabs(start));
    return PH_OK;
}

int ph_step_threshold(const ph_point_t *point, const ph_patterns_t *patterns, const double *spins,
                      ph_snr_criterion_t criterion, size_t mu, double theta, double *real,
                      double *whole)
{
    PH_FLOATING_GUARD();
    const size_t k = (size_t)patterns->patterns, neurons = (size_t)patterns->neurons;
    question_t question = {
        .patterns = patterns, .spins = spins, .criterion = criterion, .mu = mu, .theta = theta};
    *real = *whole = NAN;
    if (!ph_rule_learns(point->rule) || ph_point_has_data(point))
        return PH_OK;
    double *start = calloc(k, sizeof(*start));
    question.examples = malloc(k * sizeof(*question.examples));
    int status = start == NULL || question.examples == NULL ? PH_ERR_MEMORY : PH_OK;
    for (size_t i = 0; status == PH_OK && i < neurons; i++)
        for (size_t nu = 0; nu < k; nu++)
            start[nu] += patterns->entries[i * k + nu] * spins[i] / (double)neurons;
    if (status == PH_OK)
        status = ph_snr_init(&question.snr, point, start);
    if (status == PH_OK)
        status = find_kinds(&question);
    if (status == PH_OK && start[mu] != 0.0)
        status = ph_snr_least_examples(&question.snr, excess, &question, real, whole);
    free(start);
    free(question.examples);
    free(question.site);
    free(question.count);
    ph_snr_free(&question.snr);
    return status;
}
