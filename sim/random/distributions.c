/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/random/distributions.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "sim/random/binomial_private.h"
#include "sim/random/elementary.h"
#include "sim/random/xoshiro.h"

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

/* The next word of the generator whose state is s[0], s[stride], s[2 stride], s[3 stride]. */
static uint64_t next(uint64_t *s, size_t stride)
{
    return ph_xoshiro64_next(s, s + stride, s + 2 * stride, s + 3 * stride);
}

/* SplitMix64 (Steele, Lea & Flood, OOPSLA 2014), the seeder that the generators' authors advise:
 * four words of it in turn are never all zero. */
static uint64_t split_mix(uint64_t *from)
{
    uint64_t z = *from += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void seed(ph_draws_t *chains, size_t count, const uint64_t *words)
{
    for (size_t i = 0; i < count; i++) {
        ph_draws_t *draws = &chains[i];
        for (int g = 0; g < PH_DRAW_LANES; g++) {
            uint64_t from = words[i * PH_DRAW_LANES + (size_t)g];
            for (int k = 0; k < 4; k++)
                draws->lanes[k][g] = split_mix(&from);
        }
        draws->seed = words[i * PH_DRAW_LANES];
        draws->seeded = 0;
    }
}

void ph_draws_init(ph_draws_t *self, ph_stream_t *stream)
{
    uint64_t words[PH_DRAW_LANES];
    ph_stream_words(stream, words, PH_DRAW_LANES);
    memset(self->single, 0, sizeof(self->single));
    seed(self, 1, words);
}

/* It goes on with the seeds of the first lane. */
uint64_t *ph_draws_single(ph_draws_t *self)
{
    uint64_t from = self->seed;
    if (self->seeded != 0)
        return self->single;
    for (int k = 0; k < 4; k++)
        (void)split_mix(&from);
    for (int k = 0; k < 4; k++)
        self->single[k] = split_mix(&from);
    self->seeded = 1;
    return self->single;
}

static double single_unit(ph_draws_t *self)
{
    return to_unit(next(ph_draws_single(self), 1));
}

static void draw_normals(ph_draws_t *chains, size_t count, size_t each, size_t used, double *out)
{
    (void)used;
    static const double SINE[PH_SINE_TERMS] = PH_SINE;
    for (size_t d = 0; d < count * each; d++) {
        uint64_t *state = &chains[d / each].lanes[0][d % PH_DRAW_LANES];
        const double u = to_unit(next(state, PH_DRAW_LANES));
        const double y = to_unit(next(state, PH_DRAW_LANES)) - 0.5, square = y * y;
        double sum = SINE[PH_SINE_TERMS - 1];
        for (int k = PH_SINE_TERMS - 2; k >= 0; k--)
            sum = sum * square + SINE[k];
        out[d] = sqrt(-2.0 * ph_log(u)) * (sum * y);
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

double ph_stirling_tail(double k)
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

typedef struct {
    double n, e, mean, variance, spread, top;
} hat_t;

static hat_t make_hat(double n, double e)
{
    hat_t hat = {.n = n, .e = e};
    const double other = 1.0 / (1.0 + e), p = e * other;
    hat.mean = n * p;
    hat.variance = hat.mean * other;
    hat.spread = sqrt(hat.variance);
    hat.top = PH_HAT_TOP_S * hat.spread + PH_HAT_TOP;
    return hat;
}

/* Over the density of x in units of the mode's: dx/df = (s + WIDER) d(f w)/df. */
static double slope(const hat_t *hat, double size, double r)
{
    const double above = PH_HAT_A0 + r * (PH_HAT_A1 + PH_HAT_A2 * r),
                 below = r * (1.0 + PH_HAT_B * r);
    const double change =
        (PH_HAT_A1 + 2.0 * PH_HAT_A2 * r) * below - above * (1.0 + 2.0 * PH_HAT_B * r);
    return (hat->spread + PH_HAT_WIDER) * (above * below - size * change) / (below * below);
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
                         (k + 0.5) * ph_log(e * (n - k + 1.0) / (k + 1.0)) +
                         ph_stirling_tail(mode) + ph_stirling_tail(n - mode) - ph_stirling_tail(k) -
                         ph_stirling_tail(n - k);
}

static double reject(ph_draws_t *self, double n, double e, double u, double v)
{
    const hat_t hat = make_hat(n, e);
    for (;; u = single_unit(self), v = single_unit(self)) {
        const double from = u - 0.5, size = from < 0.0 ? -from : from, r = 0.5 - size;
        const double w = (PH_HAT_A0 + r * (PH_HAT_A1 + PH_HAT_A2 * r)) / (r * (1.0 + PH_HAT_B * r));
        const double x = (hat.spread + PH_HAT_WIDER) * (from * w) + (hat.mean + 0.5);
        if (!(x >= 0.0 && x < n + 1.0))
            continue;
        const double k = (double)(int64_t)x, height = v * hat.top;
        if (r >= PH_HAT_RIM &&
            height + PH_HAT_FLOOR_W * w <= PH_HAT_FLOOR_S * hat.spread + PH_HAT_FLOOR)
            return k;
        if (is_below(&hat, k, height / slope(&hat, size, r)))
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

double ph_draw_again(ph_draws_t *self, double n, double e)
{
    const double u = single_unit(self), v = single_unit(self);
    return reject(self, n, e, u, v);
}

ph_draw_noise_t ph_draw_noise(double noise, double tolerance)
{
    static const double LARGE = 1e300;
    const double factor = noise > 0.0 ? 2.0 / noise : LARGE;
    return (ph_draw_noise_t){tolerance, factor < LARGE ? factor : LARGE};
}

static void draw_spins(ph_draws_t *chains, size_t count, size_t each, const double *n,
                       const double *fields, const ph_draw_noise_t *noise, double *out)
{
    for (size_t d = 0; d < count * each; d++) {
        ph_draws_t *draws = &chains[d / each];
        const ph_draw_noise_t at = noise[d / each];
        uint64_t *state = &draws->lanes[0][d % PH_DRAW_LANES];
        const double u = to_unit(next(state, PH_DRAW_LANES));
        const double v = to_unit(next(state, PH_DRAW_LANES));
        const double strength = fabs(fields[d]);
        const double x = strength > at.tolerance ? strength * at.factor : 0.0;
        const double against = ph_draw_settle(draws, n[d], ph_exp_negative(x), u, v);
        out[d] = fields[d] > 0.0 ? n[d] - against : against;
    }
}

static void sum_fields(size_t count, size_t each, size_t terms, const double *units,
                       const double *rows, double *out)
{
    memset(out, 0, count * each * sizeof(*out));
    for (size_t i = 0; i < count; i++)
        for (size_t p = 0; p < terms; p++)
            for (size_t d = 0; d < each; d++)
                out[i * each + d] += units[i * terms + p] * rows[p * each + d];
}

static void sum_overlaps(size_t each, size_t terms, const double *rows, const double *up,
                         const double *n, int32_t *out, size_t stride)
{
    for (size_t p = 0; p < terms; p++) {
        double sum = 0.0;
        for (size_t d = 0; d < each; d++)
            sum += rows[p * each + d] * (2.0 * up[d] - n[d]);
        out[p * stride] = (int32_t)sum;
    }
}

static bool is_present(void)
{
    return true;
}

const ph_draw_lists_t PH_DRAW_PLAIN = {"reference", is_present, seed,        draw_normals,
                                       draw_spins,  sum_fields, sum_overlaps};
