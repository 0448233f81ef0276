/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sample/draw.h"

#include <math.h>
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
static double open_unit(ph_stream_t *stream)
{
    return ((double)(ph_stream_word(stream) >> 12) + 0.5) * 0x1p-52;
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

/* Sums the probabilities from 0 up to the uniform number; q = 1/(1 + e) of not happening. */
static int64_t invert(ph_stream_t *stream, int64_t n, double e)
{
    const double none = ph_exp_negative((double)n * ph_log(1.0 + e));
    for (;;) {
        double left = ph_stream_unit(stream), probability = none;
        for (int64_t k = 0; k <= n && probability > 0.0; k++) {
            if (left < probability)
                return k;
            left -= probability;
            probability *= e * (double)(n - k) / (double)(k + 1);
        }
        /* Rounding has left less than 1e-15 beyond the last k: again. */
    }
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

static int64_t reject(ph_stream_t *stream, int64_t count, double e)
{
    const double n = (double)count, p = e / (1.0 + e);
    const double spread = sqrt(n * p / (1.0 + e));
    const double b = 1.15 + 2.53 * spread, a = -0.0873 + 0.0248 * b + 0.01 * p;
    const double centre = n * p + 0.5, quick = 0.92 - 4.2 / b;
    const double alpha = (2.83 + 5.1 / b) * spread, mode = (double)(int64_t)((n + 1.0) * p);
    for (;;) {
        const double u = open_unit(stream) - 0.5, v = open_unit(stream);
        const double us = 0.5 - (u < 0.0 ? -u : u);
        const double place = (2.0 * a / us + b) * u + centre;
        if (place < 0.0 || place >= n + 1.0)
            continue;
        const double k = (double)(int64_t)place;
        if (us >= 0.07 && v <= quick)
            return (int64_t)k;
        const double bound = (mode + 0.5) * ph_log((mode + 1.0) / (e * (n - mode + 1.0))) +
                             (n + 1.0) * ph_log((n - mode + 1.0) / (n - k + 1.0)) +
                             (k + 0.5) * ph_log(e * (n - k + 1.0) / (k + 1.0)) +
                             stirling_tail(mode) + stirling_tail(n - mode) - stirling_tail(k) -
                             stirling_tail(n - k);
        if (ph_log(v * alpha / (a / (us * us) + b)) <= bound)
            return (int64_t)k;
    }
}

int64_t ph_draw_binomial(ph_stream_t *stream, int64_t n, double e)
{
    if (n <= 0 || e <= 0.0)
        return 0;
    return (double)n * e < 10.0 * (1.0 + e) ? invert(stream, n, e) : reject(stream, n, e);
}
