/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/snr/snr.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/snr/snr_private.h"
#include "analysis/snr/step.h"
#include "base/floating.h"
#include "base/status.h"

enum { ACTIVE_MAX = 12 };

/* Fields below this fraction of their largest value are ties. */
static const double TIE = 1e-12;
static const double TERMS_MAX = 1e7;

int ph_snr_init(ph_snr_t *self, const ph_point_t *point, const double *start)
{
    PH_FLOATING_GUARD();
    memset(self, 0, sizeof(*self));
    self->rule = point->rule;
    self->normalization = point->normalization;
    self->neurons = INFINITY;
    self->patterns = (size_t)point->patterns;
    self->pattern = calloc(self->patterns, sizeof(*self->pattern));
    if (self->pattern == NULL)
        return PH_ERR_MEMORY;
    for (size_t mu = 0; mu < self->patterns; mu++) {
        const ph_example_law_t law = ph_point_examples(point, mu);
        self->pattern[mu] = (ph_snr_pattern_t){.start = start[mu],
                                               .dilution = law.dilution,
                                               .quality = law.quality,
                                               .fidelity = law.fidelity,
                                               .examples = law.examples};
    }
    return PH_OK;
}

void ph_snr_free(ph_snr_t *self)
{
    free(self->pattern);
    memset(self, 0, sizeof(*self));
}

/* A pattern as its rule sees it: one that is stored is its own perfect example. */
static ph_snr_pattern_t seen(const ph_snr_t *self, size_t nu)
{
    ph_snr_pattern_t pattern = self->pattern[nu];
    if (!ph_rule_learns(self->rule))
        pattern.quality = pattern.fidelity = pattern.examples = 1.0;
    return pattern;
}

ph_snr_example_t ph_snr_example(const ph_snr_t *self, size_t nu)
{
    const ph_snr_pattern_t pattern = seen(self, nu);
    const double r2 = pattern.quality * pattern.quality;
    ph_snr_example_t e = {.d = pattern.dilution,
                          .rho = (1.0 - r2) / (pattern.examples * r2),
                          .rho_blank = (1.0 - pattern.fidelity) / (pattern.examples * r2)};
    e.second = (1.0 - e.d) * (1.0 + e.rho) + e.d * e.rho_blank;
    e.gain = self->normalization == PH_NORM_NONE ? 1.0 : e.second > 0.0 ? 1.0 / e.second : 0.0;
    return e;
}

/* What is known of a neuron's archetype entry. */
typedef enum { ENTRY_BLANK, ENTRY_SHOWN, ENTRY_ANY } entry_t;

/* E[eta^2 | entry] of the mean example, or of a single one. */
static double given(const ph_snr_example_t *e, entry_t entry, double shown, double blank)
{
    return entry == ENTRY_BLANK   ? blank
           : entry == ENTRY_SHOWN ? shown
                                  : (1.0 - e->d) * shown + e->d * blank;
}

/*
 * What a pattern's overlaps add to the variance of the field because they fluctuate over finite
 * samples: outside the start over archetypes and examples, inside over the examples alone. With
 * features S_f, each the sum of b examples, and C_fg = E[S_f S_g] it is w^2 sum_fg <S_f S_g>
 * C_fg/N.
 */
static double finite_variance(const ph_snr_t *self, size_t nu, const ph_snr_example_t *e,
                              entry_t entry)
{
    const ph_snr_pattern_t pattern = seen(self, nu);
    const double g2 = e->gain * e->gain;
    const bool inside = pattern.start != 0.0;
    if (!(self->neurons < INFINITY))
        return 0.0;
    const double m = pattern.examples, b = ph_rule_summed(self->rule, m), features = m / b;
    const double r2 = pattern.quality * pattern.quality, w2 = g2 / (m * r2 * m * r2);
    const double shown = 1.0 + (b - 1.0) * r2, blank = 1.0 - pattern.fidelity; /* b times these */
    const double square = given(e, entry, shown, blank), all = given(e, ENTRY_ANY, shown, blank);
    const double alone = given(e, ENTRY_ANY, 1.0 - r2, blank);
    const double pairs = (features - 1.0) * given(e, entry, b * r2, 0.0) * b * r2 * (1.0 - e->d);
    return w2 * features * (inside ? square * alone : square * all + pairs) / self->neurons;
}

static double all_finite(const ph_snr_t *self, size_t mu)
{
    double variance = 0.0;
    for (size_t nu = 0; nu < self->patterns; nu++) {
        const ph_snr_example_t e = ph_snr_example(self, nu);
        variance += finite_variance(self, nu, &e, nu == mu ? ENTRY_SHOWN : ENTRY_ANY);
    }
    return variance;
}

void ph_snr_field(const ph_snr_t *self, size_t mu, double *kappa_1, double *kappa_2)
{
    PH_FLOATING_GUARD();
    double variance = 0.0;
    for (size_t nu = 0; nu < self->patterns; nu++) {
        const ph_snr_example_t e = ph_snr_example(self, nu);
        const double signal = e.gain * self->pattern[nu].start;
        variance += signal * signal * (nu == mu ? e.rho : e.second);
        if (nu == mu)
            *kappa_1 = signal;
    }
    *kappa_2 = sqrt(variance + all_finite(self, mu));
}

double ph_snr_gaussian(const ph_snr_t *self, size_t mu)
{
    PH_FLOATING_GUARD();
    double kappa_1 = 0.0, kappa_2;
    ph_snr_field(self, mu, &kappa_1, &kappa_2);
    return (1.0 - self->pattern[mu].dilution) *
           ph_step_mean_sign(kappa_1, kappa_2, TIE * fabs(kappa_1));
}

/* The patterns with an overlap, mu apart; false where there are too many. */
static bool find_active(const ph_snr_t *self, size_t mu, size_t *active, size_t *count)
{
    *count = 0;
    for (size_t nu = 0; nu < self->patterns; nu++) {
        if (nu == mu || self->pattern[nu].start == 0.0)
            continue;
        if (*count == ACTIVE_MAX - 1)
            return false;
        active[(*count)++] = nu;
    }
    return true;
}

int ph_snr_rows(const ph_snr_t *self, size_t mu, double *m)
{
    PH_FLOATING_GUARD();
    size_t active[ACTIVE_MAX], count, rows = 1;
    double signal[ACTIVE_MAX], on[ACTIVE_MAX], off[ACTIVE_MAX], dilution[ACTIVE_MAX];
    *m = NAN;
    if (!find_active(self, mu, active, &count))
        return PH_OK;
    const ph_snr_example_t own = ph_snr_example(self, mu);
    const double own_signal = own.gain * self->pattern[mu].start;
    const double common = own_signal * own_signal * own.rho + all_finite(self, mu);
    double scale = fabs(own_signal), sum = 0.0;
    for (size_t k = 0; k < count; k++, rows *= 3) {
        const ph_snr_example_t e = ph_snr_example(self, active[k]);
        signal[k] = e.gain * self->pattern[active[k]].start;
        on[k] = signal[k] * signal[k] * e.rho;
        off[k] = signal[k] * signal[k] * e.rho_blank;
        dilution[k] = e.d;
        scale += fabs(signal[k]);
    }
    for (size_t row = 0; row < rows; row++) {
        double a = own_signal, b2 = common, weight = 1.0;
        size_t code = row;
        for (size_t k = 0; k < count; k++, code /= 3) {
            const int xi = (int)(code % 3) - 1;
            a += xi * signal[k];
            b2 += xi != 0 ? on[k] : off[k];
            weight *= xi != 0 ? 0.5 * (1.0 - dilution[k]) : dilution[k];
        }
        if (weight > 0.0)
            sum += weight * ph_step_mean_sign(a, sqrt(b2), TIE * scale);
    }
    *m = (1.0 - own.d) * sum;
    return PH_OK;
}

/* P(S = k) at [M + k], S the sum of a pattern's examples where xi = 0 or, with `on`, +1. */
static void sum_probabilities(const ph_snr_t *self, size_t nu, bool on, double *p)
{
    const ph_snr_pattern_t pattern = seen(self, nu);
    const unsigned examples = (unsigned)pattern.examples;
    memset(p, 0, (2 * (size_t)examples + 1) * sizeof(*p));
    for (unsigned right = 0; on && right <= examples; right++)
        p[2 * right] = gsl_ran_binomial_pdf(right, 0.5 * (1.0 + pattern.quality), examples);
    for (unsigned shown = 0; !on && shown <= examples; shown++) {
        const double weight = gsl_ran_binomial_pdf(shown, 1.0 - pattern.fidelity, examples);
        for (unsigned up = 0; weight > 0.0 && up <= shown; up++)
            p[examples + 2 * up - shown] += weight * gsl_ran_binomial_pdf(up, 0.5, shown);
    }
}

/* One pattern's contribution to the field, step (S) for S = -M ... M, and its distribution. */
typedef struct {
    size_t width;  /* 2 M + 1 */
    double step;   /* (1) */
    double spread; /* what its overlap's fluctuations add to the variance: this times S^2 */
    double *p;     /* [width] */
} summand_t;

/* Whether the fluctuation of a pattern's overlaps is that of one number, which multiplies S. */
static bool has_one(const ph_snr_t *self, size_t nu)
{
    const double examples = seen(self, nu).examples;
    return self->pattern[nu].start != 0.0 && ph_rule_summed(self->rule, examples) == examples;
}

/* Spins and patterns of a start are finitely many, and its overlaps scatter by ((1 - d) - m^2)/N;
 * by the examples too where they are summed. */
static double spread_of(const ph_snr_t *self, size_t nu, double step)
{
    const ph_snr_example_t e = ph_snr_example(self, nu);
    const double m = self->pattern[nu].start;
    const double scatter = fmax(1.0 - e.d - m * m, 0.0),
                 noise = has_one(self, nu) ? e.second - (1.0 - e.d) : 0.0;
    if (m == 0.0 || !(self->neurons < INFINITY))
        return 0.0;
    return step * step / (m * m) * (scatter + noise) / self->neurons;
}

/* What the overlaps add that is no part of a spread. */
static double rest_finite(const ph_snr_t *self, size_t mu)
{
    double variance = 0.0;
    for (size_t nu = 0; nu < self->patterns; nu++) {
        const ph_snr_example_t e = ph_snr_example(self, nu);
        if (!has_one(self, nu))
            variance += finite_variance(self, nu, &e, nu == mu ? ENTRY_SHOWN : ENTRY_ANY);
    }
    return variance;
}

static int summand_init(summand_t *self, const ph_snr_t *snr, size_t nu, bool own)
{
    const ph_snr_pattern_t pattern = seen(snr, nu);
    const ph_snr_example_t e = ph_snr_example(snr, nu);
    self->width = 2 * (size_t)pattern.examples + 1;
    self->step = e.gain * pattern.start / (pattern.examples * pattern.quality);
    self->spread = spread_of(snr, nu, self->step);
    self->p = malloc(self->width * sizeof(double));
    double *blank = malloc(self->width * sizeof(double));
    if (self->p == NULL || blank == NULL) {
        free(blank);
        return PH_ERR_MEMORY;
    }
    sum_probabilities(snr, nu, true, self->p);
    sum_probabilities(snr, nu, false, blank);
    for (size_t k = 0; !own && 2 * k < self->width; k++) {
        const size_t back = self->width - 1 - k;
        const double even = 0.5 * (1.0 - e.d) * (self->p[k] + self->p[back]);
        self->p[k] = even + e.d * blank[k];
        self->p[back] = even + e.d * blank[back];
    }
    free(blank);
    return PH_OK;
}

/* Over the fluctuations of the overlaps, which all neurons of a sample have in common. */
typedef struct {
    double sign;    /* mean sign of the field */
    double scatter; /* its standard deviation over samples, were all neurons to turn as one */
} answer_t;

/* E[sign(a + step S)] from P(S <= k), which is in p. */
static double sign_over(const summand_t *own, double a, double tie)
{
    if (own->step == 0.0)
        return a > tie ? 1.0 : a < -tie ? -1.0 : 0.0;
    const double sign = own->step > 0.0 ? 1.0 : -1.0, step = fabs(own->step);
    const double centre = 0.5 * (double)(own->width - 1);
    /* sign * a + step * S changes sign at S = zero */
    const double zero = -sign * a / step + centre, slack = tie / step;
    const double below = ceil(zero - slack) - 1.0, upto = floor(zero + slack);
    const double last = (double)own->width - 1.0;
    const double less = below < 0.0 ? 0.0 : own->p[(size_t)fmin(below, last)];
    const double most = upto < 0.0 ? 0.0 : own->p[(size_t)fmin(upto, last)];
    return sign * ((own->p[own->width - 1] - most) - less);
}

/* The same of P(S = k), with a normal noise of variance b2 beside it, and its own. */
static answer_t sign_within(const summand_t *own, double a, double b2, double tie)
{
    const double centre = 0.5 * (double)(own->width - 1);
    answer_t sum = {0.0, 0.0};
    for (size_t k = 0; k < own->width; k++) {
        const double s = (double)k - centre, b = sqrt(b2 + own->spread * s * s);
        if (!(own->p[k] > 0.0))
            continue;
        const double sign = ph_step_mean_sign(a + own->step * s, b, tie);
        sum.sign += own->p[k] * sign;
        if (b > tie) /* else a tie is a coin of each neuron */
            sum.scatter += own->p[k] * sqrt(fmax(1.0 - sign * sign, 0.0));
    }
    return sum;
}

/* Sum over the others' S, depth first; b2: of the noise so far; infinite: there is none, and p is
 * summed. */
static answer_t walk(const summand_t *own, const summand_t *others, size_t count, double a,
                     double b2, bool infinite, double tie)
{
    if (count == 0)
        return infinite ? (answer_t){sign_over(own, a, tie), 0.0} : sign_within(own, a, b2, tie);
    const summand_t *next = &others[count - 1];
    const double centre = 0.5 * (double)(next->width - 1);
    answer_t sum = {0.0, 0.0};
    for (size_t k = 0; k < next->width; k++) {
        const double s = (double)k - centre;
        if (!(next->p[k] > 0.0))
            continue;
        const answer_t here = walk(own, others, count - 1, a + next->step * s,
                                   b2 + next->spread * s * s, infinite, tie);
        sum.sign += next->p[k] * here.sign;
        sum.scatter += next->p[k] * here.scatter;
    }
    return sum;
}

int ph_snr_exact(const ph_snr_t *self, size_t mu, double *m, double *scatter)
{
    PH_FLOATING_GUARD();
    size_t active[ACTIVE_MAX], count;
    summand_t own = {0}, others[ACTIVE_MAX] = {{0}};
    double terms = 1.0, scale = 0.0;
    *m = NAN;
    if (scatter != NULL)
        *scatter = NAN;
    if (!find_active(self, mu, active, &count))
        return PH_OK;
    const bool infinite = !(self->neurons < INFINITY);
    for (size_t k = 0; k < count; k++)
        terms *= 2.0 * seen(self, active[k]).examples + 1.0;
    if (!infinite)
        terms *= 2.0 * seen(self, mu).examples + 1.0;
    if (terms > TERMS_MAX || seen(self, mu).examples > TERMS_MAX)
        return PH_OK;
    int status = summand_init(&own, self, mu, true);
    for (size_t k = 0; k < count && status == PH_OK; k++) {
        status = summand_init(&others[k], self, active[k], false);
        scale += fabs(others[k].step) * (double)others[k].width;
    }
    if (status == PH_OK) {
        scale += fabs(own.step) * (double)own.width;
        for (size_t k = 1; k < own.width && infinite; k++)
            own.p[k] += own.p[k - 1];
        const double shown = 1.0 - self->pattern[mu].dilution;
        const answer_t found =
            walk(&own, others, count, 0.0, rest_finite(self, mu), infinite, TIE * scale);
        *m = shown * found.sign;
        if (scatter != NULL)
            *scatter = shown * found.scatter;
    }
    free(own.p);
    for (size_t k = 0; k < count; k++)
        free(others[k].p);
    return status;
}
