/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/snr/snr_private.h"
#include "base/floating.h"
#include "base/status.h"

enum { PER_DECADE = 8 };

/* A criterion counts as met where it is by more than this: equality must not hang on rounding. */
static const double ROUNDING = 1e-12;
static const double FROM = 1e-4, TO = 1e8; /* times the M at which noise and signal are equal */

double ph_snr_beyond(double value, double bound)
{
    return value - bound - ROUNDING * bound;
}

/* A network whose patterns can be given another number of examples. */
typedef struct {
    ph_snr_t snr;
    ph_snr_criterion_t criterion;
    size_t mu;
    double theta;
} question_t;

/* How far beyond the criterion pattern mu is with M examples; > 0: it holds. */
static int network_excess(void *context, double examples, double *value)
{
    question_t *self = context;
    const double start = fabs(self->snr.pattern[self->mu].start);
    int status = PH_OK;
    for (size_t nu = 0; nu < self->snr.patterns; nu++)
        self->snr.pattern[nu].examples = examples;
    if (self->criterion == PH_SNR_ABSOLUTE) {
        double kappa_1 = 0.0, kappa_2;
        ph_snr_field(&self->snr, self->mu, &kappa_1, &kappa_2);
        const double bound = sqrt(2.0) * self->theta * kappa_2;
        *value = ph_snr_beyond(fabs(kappa_1), bound);
    } else {
        double after;
        status = ph_snr_rows(&self->snr, self->mu, &after);
        const double bound = erf(self->theta) * start;
        *value = ph_snr_beyond(copysign(1.0, self->snr.pattern[self->mu].start) * after, bound);
    }
    return status;
}

/* How far beyond a criterion a number of examples is. */
typedef struct {
    int (*excess)(void *context, double examples, double *value);
    void *context;
    double scale; /* the M at which noise and signal are equal */
} search_t;

/* The M at which the variance of the mean example equals its signal, largest over the patterns. */
static double natural_examples(const ph_snr_t *self)
{
    double largest = 0.0;
    for (size_t nu = 0; nu < self->patterns; nu++) {
        const ph_snr_pattern_t *pattern = &self->pattern[nu];
        const double r2 = pattern->quality * pattern->quality;
        const double blank = pattern->dilution > 0.0 ? 1.0 - pattern->fidelity : 0.0;
        largest = fmax(largest, fmax(1.0 - r2, blank) / r2);
    }
    return largest;
}

/* The crossing between M = low, where the criterion fails, and high, where it holds. */
static int bisect(const search_t *self, double low, double high, double *root)
{
    int status = PH_OK;
    for (int i = 0; i < 100 && high - low > 1e-14 * high && status == PH_OK; i++) {
        const double middle = 0.5 * (low + high);
        double value;
        status = self->excess(self->context, middle, &value);
        if (value > 0.0)
            high = middle;
        else
            low = middle;
    }
    *root = high;
    return status;
}

static int real_threshold(const search_t *self, double *root)
{
    const double scale = self->scale;
    const int steps = (int)lround(PER_DECADE * log10(TO / FROM));
    double value, low = 0.0;
    if (scale == 0.0) { /* perfect examples: one is as good as any number */
        int status = self->excess(self->context, 1.0, &value);
        *root = isnan(value) ? NAN : value > 0.0 ? 0.0 : INFINITY;
        return status;
    }
    for (int i = 0; i <= steps; i++) {
        const double high = scale * FROM * pow(10.0, (double)i / PER_DECADE);
        int status = self->excess(self->context, high, &value);
        if (status != PH_OK || isnan(value)) {
            *root = NAN;
            return status;
        }
        if (value > 0.0 && i == 0) {
            *root = 0.0;
            return PH_OK;
        }
        if (value > 0.0)
            return bisect(self, low, high, root);
        low = high;
    }
    *root = INFINITY;
    return PH_OK;
}

/* The least whole M >= 1 at or above the real threshold with which the criterion holds. */
static int whole_threshold(const search_t *self, double root, double *whole)
{
    double value, examples = fmax(1.0, floor(root));
    *whole = isinf(root) ? root : NAN;
    for (int i = 0; i < 1000 && isfinite(root); i++, examples += 1.0) {
        int status = self->excess(self->context, examples, &value);
        if (status != PH_OK)
            return status;
        if (value > 0.0) {
            *whole = examples;
            break;
        }
    }
    return PH_OK;
}

int ph_snr_least_examples(const ph_snr_t *snr,
                          int (*excess)(void *context, double examples, double *value),
                          void *context, double *real, double *whole)
{
    const search_t search = {excess, context, natural_examples(snr)};
    const int status = real_threshold(&search, real);
    return status == PH_OK ? whole_threshold(&search, *real, whole) : status;
}

int ph_snr_threshold(const ph_snr_t *self, ph_snr_criterion_t criterion, size_t mu, double theta,
                     double *real, double *whole)
{
    PH_FLOATING_GUARD();
    *real = *whole = NAN;
    if (!ph_rule_learns(self->rule) || self->pattern[mu].start == 0.0)
        return PH_OK;
    question_t question = {*self, criterion, mu, theta};
    question.snr.pattern = malloc(self->patterns * sizeof(*self->pattern));
    if (question.snr.pattern == NULL)
        return PH_ERR_MEMORY;
    memcpy(question.snr.pattern, self->pattern, self->patterns * sizeof(*self->pattern));
    const int status = ph_snr_least_examples(self, network_excess, &question, real, whole);
    free(question.snr.pattern);
    return status;
}
