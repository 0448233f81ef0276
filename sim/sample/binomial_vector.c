/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Lists of binomial numbers, a register at a time: the first attempt of every item in lanes, by
 * the very operations of draw.c in their order, so with the same bits; what it leaves open is
 * settled by draw.c, item after item. Compiled once for each instruction set.
 */
#include "sim/sample/binomial_private.h"

#if defined(PH_ISA_AVX2)
#include "sim/sample/reals_avx2_private.h"
#else
#include "sim/sample/reals_sse2_private.h"
#endif

enum { PARTS = PH_DRAW_LANES / REALS, CHUNK = 64 };

/* Items that their first attempts leave open. */
typedef struct {
    double e[CHUNK], u[CHUNK], v[CHUNK];
    uint64_t open;
} chunk_t;

static inline bits_t rotate(bits_t a, int k)
{
    return or64(left64(a, k), right64(a, 64 - k));
}

/* The upper 52 bits of the next word, plus a half, over 2^52. */
static inline real_t next_unit(bits_t *s)
{
    const bits_t word = add64(rotate(add64(s[0], s[3]), 23), s[0]), t = left64(s[1], 17);
    s[2] = xor64(s[2], s[0]);
    s[3] = xor64(s[3], s[1]);
    s[1] = xor64(s[1], s[2]);
    s[0] = xor64(s[0], s[3]);
    s[2] = xor64(s[2], t);
    s[3] = rotate(s[3], 45);
    const bits_t from_one = or64(right64(word, 12), bits(UINT64_C(1023) << 52));
    return sub(as_real(from_one), real(1.0 - 0x1p-53));
}

/* ph_exp_negative(). */
static inline real_t exp_negative(real_t x)
{
    static const double EVEN[7] = {1.0,           1.0 / 2.0,       1.0 / 24.0,       1.0 / 720.0,
                                   1.0 / 40320.0, 1.0 / 3628800.0, 1.0 / 479001600.0};
    static const double ODD[7] = {1.0,
                                  1.0 / 6.0,
                                  1.0 / 120.0,
                                  1.0 / 5040.0,
                                  1.0 / 362880.0,
                                  1.0 / 39916800.0,
                                  1.0 / 6227020800.0};
    const real_t inside = less(x, real(700.0));
    const real_t size = both(x, inside),
                 turns = add(mul(size, real(1.4426950408889634)), real(0.5));
    const real_t n = whole(turns);
    const real_t r = sub(sub(size, mul(n, real(6.93147180369123816490e-01))),
                         mul(n, real(1.90821492927058770002e-10)));
    const real_t square = mul(r, r);
    real_t even = real(EVEN[6]), odd = real(ODD[6]);
    for (int k = 5; k >= 0; k--) {
        even = add(real(EVEN[k]), mul(even, square));
        odd = add(real(ODD[k]), mul(odd, square));
    }
    const bits_t power = left64(sub64(bits(1023), whole_bits(turns)), 52);
    return both(mul(sub(even, mul(odd, r)), as_real(power)), inside);
}

/* ph_log(), of 1 <= x <= 2. */
static inline real_t log_above_one(real_t x)
{
    const real_t upper = less(real(1.4142135623730951), x);
    const real_t m = choose(upper, mul(x, real(0.5)), x), exponent = both(upper, real(1.0));
    const real_t f = div_(sub(m, real(1.0)), add(m, real(1.0))), square = mul(f, f);
    real_t sum = real(0.0);
    for (int k = 25; k >= 3; k -= 2)
        sum = mul(add(sum, real(1.0 / k)), square);
    const real_t twice = mul(real(2.0), f);
    const real_t low = add(mul(twice, sum), mul(exponent, real(1.90821492927058770002e-10)));
    return add(mul(exponent, real(6.93147180369123816490e-01)), add(twice, low));
}

/* Items with a mean below 10: the first u inverted, of those in `lanes`; *open are those whose
 * number is beyond LAST. */
static __attribute__((noinline)) real_t invert(real_t n, real_t e, real_t u, real_t lanes,
                                               real_t *open)
{
    enum { LAST = 48 };
    static const double RECIPROCAL[LAST] = {
        1.0 / 1.0,  1.0 / 2.0,  1.0 / 3.0,  1.0 / 4.0,  1.0 / 5.0,  1.0 / 6.0,  1.0 / 7.0,
        1.0 / 8.0,  1.0 / 9.0,  1.0 / 10.0, 1.0 / 11.0, 1.0 / 12.0, 1.0 / 13.0, 1.0 / 14.0,
        1.0 / 15.0, 1.0 / 16.0, 1.0 / 17.0, 1.0 / 18.0, 1.0 / 19.0, 1.0 / 20.0, 1.0 / 21.0,
        1.0 / 22.0, 1.0 / 23.0, 1.0 / 24.0, 1.0 / 25.0, 1.0 / 26.0, 1.0 / 27.0, 1.0 / 28.0,
        1.0 / 29.0, 1.0 / 30.0, 1.0 / 31.0, 1.0 / 32.0, 1.0 / 33.0, 1.0 / 34.0, 1.0 / 35.0,
        1.0 / 36.0, 1.0 / 37.0, 1.0 / 38.0, 1.0 / 39.0, 1.0 / 40.0, 1.0 / 41.0, 1.0 / 42.0,
        1.0 / 43.0, 1.0 / 44.0, 1.0 / 45.0, 1.0 / 46.0, 1.0 / 47.0, 1.0 / 48.0};
    real_t probability = exp_negative(mul(n, log_above_one(add(real(1.0), e))));
    real_t left = u, result = real(0.0), pending = lanes, k = real(0.0), trials = n;
    for (int step = 0; step < LAST; step++) {
        pending = without(pending, less(left, probability));
        if (mask_of(pending) == 0)
            break;
        left = sub(left, probability);
        probability = mul(probability, mul(mul(e, trials), real(RECIPROCAL[step])));
        trials = sub(trials, real(1.0));
        k = add(k, real(1.0));
        result = choose(pending, k, result);
    }
    *open = pending;
    return result;
}

/* Numbers of items [d, d + REALS) into out; those still open into the chunk, at place `at`. */
static inline void draw_part(chunk_t *chunk, size_t at, bits_t *s, const double *n_at,
                             const double *x_at, double *out)
{
    const real_t u = next_unit(s), v = next_unit(s);
    const real_t n = load_reals(n_at), e = exp_negative(load_reals(x_at));
    const real_t sum = add(real(1.0), e), other = div_(real(1.0), sum), p = mul(e, other);
    const real_t mean = mul(n, p), spread = root(mul(mean, other));
    const real_t b = add(real(1.15), mul(real(2.53), spread));
    const real_t a = add(add(real(-0.0873), mul(real(0.0248), b)), mul(real(0.01), p));
    const real_t from = sub(u, real(0.5));
    const real_t us = sub(real(0.5), as_real(right64(left64(as_bits(from), 1), 1)));
    const real_t place = add(mul(add(div_(mul(real(2.0), a), us), b), from), add(mean, real(0.5)));
    const real_t small = less(mul(n, e), mul(real(10.0), sum));
    const real_t inside =
        both(at_most(real(0.07), us), at_most(mul(v, b), sub(mul(real(0.92), b), real(4.2))));
    real_t result = whole(place);
    real_t open = as_real(xor64(as_bits(either(inside, small)), bits(-1)));
    if (mask_of(small) != 0) {
        real_t beyond;
        const real_t inverted = invert(n, e, u, small, &beyond);
        result = choose(small, inverted, result);
        open = either(open, beyond);
    }
    store_reals(out, result);
    store_reals(chunk->e + at, e);
    store_reals(chunk->u + at, u);
    store_reals(chunk->v + at, v);
    chunk->open |= (uint64_t)mask_of(open) << at;
}

void DRAW_BINOMIALS(ph_draws_t *self, size_t count, const double *n, const double *x, double *out)
{
    bits_t s[PARTS][4];
    for (int k = 0; k < 4; k++)
        for (int v = 0; v < PARTS; v++)
            s[v][k] = load_bits(self->lanes[k] + v * REALS);
    for (size_t first = 0; first < count; first += CHUNK) {
        const size_t size = count - first < CHUNK ? count - first : CHUNK;
        chunk_t chunk;
        chunk.open = 0;
        for (size_t d = 0; d < size; d += PH_DRAW_LANES)
            for (size_t v = 0; v < PARTS; v++) {
                const size_t at = d + v * REALS;
                draw_part(&chunk, at, s[v], n + first + at, x + first + at, out + first + at);
            }
        for (; chunk.open != 0; chunk.open &= chunk.open - 1) {
            const size_t at = (size_t)__builtin_ctzll(chunk.open);
            out[first + at] =
                ph_draw_settle(self, n[first + at], chunk.e[at], chunk.u[at], chunk.v[at]);
        }
    }
    for (int k = 0; k < 4; k++)
        for (int v = 0; v < PARTS; v++)
            store_bits(self->lanes[k] + v * REALS, s[v][k]);
}
