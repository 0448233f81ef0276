/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/samplers/squeeze.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond this share (of 65536) of undecided attempts the squeeze is no help. */
enum { TOLERANCE_MAX = 1024 };

static uint32_t high(uint32_t a, uint32_t b)
{
    return (a * b) >> 16;
}

uint16_t ph_squeeze_power(uint32_t y)
{
    uint32_t f = (y << 4) & 0xffff;
    uint32_t part = high(f, PH_SQUEEZE_C1 - high(f, PH_SQUEEZE_C2 - high(f, PH_SQUEEZE_C3)));
    return (uint16_t)(2 * high(65535 - part, UINT32_C(0x8000) >> (y >> 12)));
}

uint16_t ph_squeeze_weight(const ph_squeeze_t *self, int32_t a)
{
    uint32_t strength = (uint32_t)(a < self->most ? a : self->most);
    const uint32_t t = strength * self->spread;
    uint32_t root = self->curve[0] - high(t, self->curve[1] - high(t, self->curve[2]));
    for (int k = 0; k < PH_SQUEEZE_SQUARINGS; k++)
        root = high(root, root);
    return (uint16_t)root;
}

/* Distance of the squeeze's u - w at the exact threshold's upper bits: u - w does not fall with u,
 * so everything farther away than this lies on the right side. */
static int32_t distance(const ph_decision_t *decision, uint32_t weight, int32_t open)
{
    if (decision->sampler == PH_SAMPLER_METROPOLIS)
        return open - (int32_t)weight;
    return open - (int32_t)high((uint32_t)(65535 - open), weight);
}

/* Distance of a field k >= 0 whose strength is a, or what is beyond all that were tried. */
static int32_t distance_at(const ph_squeeze_t *self, const ph_decision_t *decision, uint32_t weight,
                           int32_t k)
{
    const bool metropolis = decision->sampler == PH_SAMPLER_METROPOLIS;
    const uint64_t threshold = ph_decision_integer(decision, metropolis ? k : -k);
    return abs(
        distance(decision, weight - (k == 0 ? self->tie_drop : 0U), (int32_t)(threshold >> 32)));
}

static int32_t larger(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* Thresholds fall with k: the first and the last of those that are rounded to a, and k = 0, a tie,
 * for itself. Beyond `most` they lie between that one and none. */
static bool certify(ph_squeeze_t *self, const ph_decision_t *decision, int32_t largest)
{
    const int64_t unit = INT64_C(1) << self->shift, half = unit / 2;
    int32_t worst = distance_at(self, decision, ph_squeeze_weight(self, 0), 0);
    for (int64_t a = 0; a * unit - half <= largest && a <= self->most + 1; a++) {
        const uint32_t weight = ph_squeeze_weight(self, (int32_t)a);
        const int64_t first = a > 0 ? a * unit - half : 1;
        const int64_t last = half > 0 ? a * unit + half - 1 : a;
        if (first <= largest && first <= last)
            worst = larger(worst, distance_at(self, decision, weight, (int32_t)first));
        if (a > self->most)
            worst = larger(worst, abs(distance(decision, weight, 0)));
        else if (first < last)
            worst = larger(worst, distance_at(self, decision, weight,
                                              (int32_t)(last < largest ? last : largest)));
    }
    self->tolerance = (uint16_t)(worst < UINT16_MAX ? worst : UINT16_MAX);
    return worst <= TOLERANCE_MAX;
}

/* Where e^-x is next to nothing, and as far as it may go beyond: coefficients below 2^16. */
static const double X_MOST = 11.0, X_END = 16.0;

/* x of one unit of field strength. */
static double exponent(const ph_decision_t *decision, double unit)
{
    return decision->noise > 0.0 ? fmin(2.0 * unit / decision->noise, X_END) : X_END;
}

/* Coefficients for strengths up to `most`, of which one is `per_unit` of x. */
static void set_coefficients(ph_squeeze_t *self, const ph_decision_t *decision, double most,
                             double per_unit)
{
    /* Of e^(-x/16) where t = 2^16 is x = AT: the 16th power is nearest to e^-x, or to the logistic
     * that has these odds. */
    static const double AT = 11.45, POWER[3] = {65535, 46804, 15416},
                        ODDS[3] = {65535, 46785, 15325};
    const double *curve = decision->sampler == PH_SAMPLER_METROPOLIS ? POWER : ODDS;
    self->most = (uint16_t)(most < 1.0 ? 1.0 : most);
    self->spread = (uint16_t)(65535 / self->most);
    if (65536.0 / self->spread * per_unit > X_END && self->spread < 65535) {
        self->spread = (uint16_t)(self->spread + 1);
        self->most = (uint16_t)(65535 / self->spread);
    }
    const double part = 65536.0 / self->spread * per_unit / AT;
    double power = 1.0;
    for (int k = 0; k < 3; k++, power *= part)
        self->curve[k] = (uint16_t)(curve[k] * power + 0.5);
}

/* What a squeeze is set up for. */
typedef struct {
    ph_sampler_id_t sampler;
    bool integer;
    uint64_t tie;
    double noise;
    double scale;
    double tolerance;
    double largest;
    double error;
} inputs_t;

/* The squeeze that was set up last: kernels ask whether a network fits and then for its squeeze,
 * and one sample after the other has the same noise. Trying all strengths takes as long as
 * some 2*10^4 attempts. */
static _Thread_local struct {
    inputs_t inputs;
    ph_squeeze_t squeeze;
    bool there, certified;
} kept;

static bool same(double a, double b)
{
    return a <= b && a >= b;
}

static bool is_kept(const inputs_t *inputs)
{
    const inputs_t *old = &kept.inputs;
    return kept.there && old->sampler == inputs->sampler && old->integer == inputs->integer &&
           old->tie == inputs->tie && same(old->noise, inputs->noise) &&
           same(old->scale, inputs->scale) && same(old->tolerance, inputs->tolerance) &&
           same(old->largest, inputs->largest) && same(old->error, inputs->error);
}

/* A bound of four an octave, at least x: the same for samples that are alike. */
static double bound_of(double x)
{
    int exponent;
    const double part = ceil(8.0 * frexp(x, &exponent));
    return ldexp(part, exponent - 3);
}

static bool set_up(ph_squeeze_t *self, const ph_decision_t *decision, int32_t largest)
{
    double per_unit = exponent(decision, decision->scale);
    double most = X_MOST / per_unit;
    memset(self, 0, sizeof(*self));
    most = most >= largest ? largest : most;
    for (; most > INT16_MAX; most /= 2.0, per_unit *= 2.0)
        self->shift++;
    set_coefficients(self, decision, most, per_unit);
    if (decision->sampler == PH_SAMPLER_METROPOLIS && decision->tie == PH_DECISION_HALF)
        self->tie_drop = (uint16_t)(ph_squeeze_weight(self, 0) - 32768);
    return certify(self, decision, largest);
}

/* The largest distance between the squeeze and the thresholds of strengths that may become a, or
 * more than `most`. */
static int32_t distance_real(const ph_squeeze_t *self, const ph_decision_t *decision, int32_t a,
                             double largest, double error)
{
    const double sign = decision->sampler == PH_SAMPLER_METROPOLIS ? 1.0 : -1.0;
    const double first = fmin((a - 0.5) * self->unit - error, largest);
    const double last = a > self->most ? largest : fmin((a + 0.5) * self->unit + error, largest);
    /* Where they become 0 the sign may be wrong, and a tie is one. */
    const double ends[3] = {a == 0 ? -last : first, last, 0.0};
    const uint32_t weight = ph_squeeze_weight(self, a);
    int32_t worst = 0;
    for (int end = 0; end < (a == 0 ? 3 : 2); end++) {
        const uint64_t threshold = ph_decision_real(decision, sign * ends[end]);
        worst = larger(worst, abs(distance(decision, weight, (int32_t)(threshold >> 32))));
    }
    return worst;
}

static bool set_up_real(ph_squeeze_t *self, const ph_decision_t *decision, double largest,
                        double error)
{
    const int32_t levels = PH_SQUEEZE_LEVELS;
    memset(self, 0, sizeof(*self));
    const double reach = decision->noise > 0.0 ? X_MOST / exponent(decision, 1.0) : largest;
    self->unit = (reach < largest ? reach : largest) / levels;
    self->unit = self->unit > 4.0 * error ? self->unit : 4.0 * error;
    const double per_unit = exponent(decision, self->unit), most = X_MOST / per_unit;
    set_coefficients(self, decision, most < levels ? most : levels, per_unit);
    const int32_t zero = distance_real(self, decision, 0, largest, error);
    int32_t worst = 0;
    self->zero_open = zero > TOLERANCE_MAX;
    if (!self->zero_open)
        worst = zero;
    for (int32_t a = 1; a <= self->most + 1 && (a - 0.5) * self->unit - error <= largest; a++)
        worst = larger(worst, distance_real(self, decision, a, largest, error));
    self->tolerance = (uint16_t)(worst < UINT16_MAX ? worst : UINT16_MAX);
    return worst <= TOLERANCE_MAX;
}

/* From what is kept, or set up and kept. */
static bool find(ph_squeeze_t *self, const ph_decision_t *decision, double largest, double error)
{
    const inputs_t inputs = {decision->sampler, decision->integer,   decision->tie, decision->noise,
                             decision->scale,   decision->tolerance, largest,       error};
    if (!is_kept(&inputs)) {
        kept.inputs = inputs;
        kept.certified = decision->integer ? set_up(&kept.squeeze, decision, (int32_t)largest)
                                           : set_up_real(&kept.squeeze, decision, largest, error);
        kept.there = true;
    }
    *self = kept.squeeze;
    return kept.certified;
}

bool ph_squeeze_init(ph_squeeze_t *self, const ph_decision_t *decision, int32_t largest)
{
    /* Where 16 bits hold the largest field they hold its bound. */
    const double bound = bound_of(largest), most = largest <= INT16_MAX ? INT16_MAX : INT32_MAX / 2;
    return find(self, decision, bound < most ? bound : fmax(most, largest), 0.0);
}

bool ph_squeeze_init_real(ph_squeeze_t *self, const ph_decision_t *decision, double largest,
                          double error)
{
    if (largest > 0.0 && largest < 1e30)
        return find(self, decision, bound_of(largest), bound_of(error));
    memset(self, 0, sizeof(*self));
    return false;
}
