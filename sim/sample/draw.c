/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sample/draw.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "sim/sample/decision.h"

double ph_log(double x)
{
    static const double LN2_HIGH = 6.93147180369123816490e-01, LN2_LOW = 1.90821492927058770002e-10;
    static const double SQRT2 = 1.4142135623730951;
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    int exponent = (int)(bits >> 52) - 1023;
    bits = (bits & UINT64_C(0xfffffffffffff)) | UINT64_C(1023) << 52;
    double m;
    memcpy(&m, &bits, sizeof(m));
    if (m > SQRT2) {
        m *= 0.5;
        exponent++;
    }
    /* log m = 2 artanh f, |f| < 0.172. */
    const double f = (m - 1.0) / (m + 1.0), square = f * f;
    double sum = 0.0;
    for (int k = 25; k >= 3; k -= 2)
        sum = (sum + 1.0 / k) * square;
    return exponent * LN2_HIGH + (2.0 * f + (2.0 * f * sum + exponent * LN2_LOW));
}

/* Uniform in (0, 1), never an end. */
static double to_unit(uint64_t word)
{
    return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

static double open_unit(ph_stream_t *stream)
{
    return to_unit(ph_stream_word(stream));
}

double ph_draw_normal(ph_stream_t *stream)
{
    for (;;) {
        const double u = 2.0 * open_unit(stream) - 1.0, v = 2.0 * open_unit(stream) - 1.0;
        const double square = u * u + v * v;
        if (square < 1.0 && square > 0.0)
            return u * sqrt(-2.0 * ph_log(square) / square);
    }
}

static uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

/* The next word of the generator whose state is s[0], s[stride], s[2 stride], s[3 stride]. */
static uint64_t next(uint64_t *s, size_t stride)
{
    uint64_t *a = s, *b = s + stride, *c = b + stride, *d = c + stride;
    const uint64_t word = rotate(*a + *d, 23) + *a, t = *b << 17;
    *c ^= *a;
    *d ^= *b;
    *b ^= *c;
    *a ^= *d;
    *c ^= t;
    *d = rotate(*d, 45);
    return word;
}

void ph_draws_init(ph_draws_t *self, ph_stream_t *stream)
{
    uint64_t words[1 + PH_DRAW_LANES][4];
    ph_stream_words(stream, words[0], sizeof(words) / sizeof(words[0][0]));
    for (int g = 0; g <= PH_DRAW_LANES; g++) /* a state of all zeros would stay there */
        words[g][0] |= (words[g][0] | words[g][1] | words[g][2] | words[g][3]) == 0;
    memcpy(self->single, words[0], sizeof(self->single));
    for (int k = 0; k < 4; k++)
        for (int g = 0; g < PH_DRAW_LANES; g++)
            self->lanes[k][g] = words[1 + g][k];
}

static double single_unit(ph_draws_t *self)
{
    return to_unit(next(self->single, 1));
}

double ph_draws_normal(ph_draws_t *self)
{
    for (;;) {
        const double u = 2.0 * single_unit(self) - 1.0, v = 2.0 * single_unit(self) - 1.0;
        const double square = u * u + v * v;
        if (square < 1.0 && square > 0.0)
            return u * sqrt(-2.0 * ph_log(square) / square);
    }
}

/* Whether the mean is below 10. */
static bool is_small(double n, double e)
{
    return n * e < 10.0 * (1.0 + e);
}

/* Sums the probabilities from 0 up to u; -1 where that is beyond the last. */
static double invert(double n, double e, double u)
{
    double left = u, probability = ph_exp_negative(n * ph_log(1.0 + e));
    for (double k = 0.0; k <= n && probability > 0.0; k += 1.0) {
        if (left < probability)
            return k;
        left -= probability;
        probability *= e * (n - k) * (1.0 / (k + 1.0));
    }
    return -1.0;
}

/* log k! - [log sqrt(2 pi) + (k + 1/2) log(k + 1) - (k + 1)]. */
static double stirling_tail(double k)
{
    static const double TABLE[10] = {
        0.08106146679532733,  0.04134069595540946,  0.027677925684997717, 0.020790672103765395,
        0.016644691189820815, 0.013876128823072875, 0.011896709945893313, 0.010411265261971892,
        0.009255462182707674, 0.008330563433357696,
    };
    if (k < 10.0)
        return TABLE[(int)k];
    const double square = (k + 1.0) * (k + 1.0);
    double sum = 1.0 / 1680.0 - 1.0 / 1188.0 / square;
    sum = 1.0 / 1260.0 - sum / square;
    sum = 1.0 / 360.0 - sum / square;
    return (1.0 / 12.0 - sum / square) / (k + 1.0);
}

/* Constants of the transformed rejection: the hat is that of place(u). */
typedef struct {
    double n, e, mean, variance, spread, a, b;
} hat_t;

static hat_t make_hat(double n, double e)
{
    hat_t hat = {.n = n, .e = e};
    const double other = 1.0 / (1.0 + e), p = e * other;
    hat.mean = n * p;
    hat.variance = hat.mean * other;
    hat.spread = sqrt(hat.variance);
    hat.b = 1.15 + 2.53 * hat.spread;
    hat.a = -0.0873 + 0.0248 * hat.b + 0.01 * p;
    return hat;
}

static double place(const hat_t *hat, double u, double us)
{
    return (2.0 * hat->a / us + hat->b) * u + (hat->mean + 0.5);
}

/* Whether ln(v), of the height of the mode, is below the binomial law at k. The parabolas of
 * Kachitvichyanukul & Schmeiser (Commun. ACM 31, 216 (1988)) decide nearly always. */
static bool is_below(const hat_t *hat, double k, double v)
{
    const double n = hat->n, e = hat->e;
    const double mode = (double)(int64_t)((n + 1.0) * e / (1.0 + e));
    const double far = k < mode ? mode - k : k - mode, height = ph_log(v);
    if (far < 0.5 * hat->variance - 1.0) {
        const double inverse = 1.0 / hat->variance, normal = -0.5 * far * far * inverse;
        const double width =
            far * inverse * (((far * (1.0 / 3.0) + 0.625) * far + 1.0 / 6.0) * inverse + 0.5);
        if (height < normal - width)
            return true;
        if (height > normal + width)
            return false;
    }
    return height <= (mode + 0.5) * ph_log((mode + 1.0) / (e * (n - mode + 1.0))) +
                         (n + 1.0) * ph_log((n - mode + 1.0) / (n - k + 1.0)) +
                         (k + 0.5) * ph_log(e * (n - k + 1.0) / (k + 1.0)) + stirling_tail(mode) +
                         stirling_tail(n - mode) - stirling_tail(k) - stirling_tail(n - k);
}

static double reject(ph_draws_t *self, double n, double e, double u, double v)
{
    const hat_t hat = make_hat(n, e);
    const double alpha = (2.83 + 5.1 / hat.b) * hat.spread;
    for (;; u = single_unit(self), v = single_unit(self)) {
        const double from = u - 0.5, us = 0.5 - (from < 0.0 ? -from : from);
        const double x = place(&hat, from, us);
        if (!(x >= 0.0 && x < n + 1.0))
            continue;
        const double k = (double)(int64_t)x;
        if (us >= 0.07 && v * hat.b <= 0.92 * hat.b - 4.2)
            return k;
        if (is_below(&hat, k, v * alpha / (hat.a / (us * us) + hat.b)))
            return k;
    }
}

double ph_draw_settle(ph_draws_t *self, double n, double e, double u, double v)
{
    if (!is_small(n, e))
        return reject(self, n, e, u, v);
    for (;; u = single_unit(self)) {
        const double k = invert(n, e, u);
        if (k >= 0.0)
            return k;
        /* Rounding has left less than 1e-15 (1 + n/10) beyond the last k: again. */
    }
}

void ph_draw_binomials(ph_draws_t *self, size_t count, const double *n, const double *x,
                       double *out)
{
    for (size_t d = 0; d < count; d++) {
        uint64_t *state = &self->lanes[0][d % PH_DRAW_LANES];
        const double u = to_unit(next(state, PH_DRAW_LANES));
        const double v = to_unit(next(state, PH_DRAW_LANES));
        out[d] = ph_draw_settle(self, n[d], ph_exp_negative(x[d]), u, v);
    }
}
