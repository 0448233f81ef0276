/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Lists of binomial numbers, a register at a time: the first attempt of every item in lanes, by
 * the very operations of distributions.c in their order, so with the same bits; what it leaves open
 * is settled by distributions.c, item after item. Compiled once for each instruction set.
 */
#define PH_VECTOR_REALS
#include "sim/random/binomial_private.h"
#include "sim/random/elementary_private.h"
#include "sim/vector/vector.h"

enum { PARTS = PH_DRAW_LANES / REALS, CHUNK = 64, SIDE_BY_SIDE = 2 };

/* Items of a list: all make their first attempt, then those with a mean below 10 are inverted, and
 * what is open then is settled. */
typedef struct {
    double e[CHUNK], u[CHUNK], v[CHUNK];
    uint64_t open, small;
} chunk_t;

/* Of the hat, as in distributions.c. */
typedef struct {
    real_t mean, variance, spread, top;
} hat_t;

static inline hat_t make_hat(real_t n, real_t e)
{
    hat_t hat;
    const real_t other = div_(real(1.0), add(real(1.0), e)), p = mul(e, other);
    hat.mean = mul(n, p);
    hat.variance = mul(hat.mean, other);
    hat.spread = root(hat.variance);
    hat.top = add(mul(real(PH_HAT_TOP_S), hat.spread), real(PH_HAT_TOP));
    return hat;
}

/* w = above / below. */
static inline real_t above_of(real_t r)
{
    return add(real(PH_HAT_A0), mul(r, add(real(PH_HAT_A1), mul(real(PH_HAT_A2), r))));
}

static inline real_t below_of(real_t r)
{
    return mul(r, add(real(1.0), mul(real(PH_HAT_B), r)));
}

static inline real_t place_of(const hat_t *hat, real_t from, real_t w)
{
    return add(mul(add(hat->spread, real(PH_HAT_WIDER)), mul(from, w)), add(hat->mean, real(0.5)));
}

/* The upper 52 bits of the next word, plus a half, over 2^52. */
static inline real_t next_unit(bits_t *s)
{
    const bits_t word = xoshiro64_next(s);
    const bits_t from_one = or64(right64(word, 12), bits(UINT64_C(1023) << 52));
    return sub(as_real(from_one), real(1.0 - 0x1p-53));
}

/* First attempts of items [at, at + REALS), for means from 10 on. What stands beyond the last class
 * has no spins: 0 of them are up, and nothing is open. */
static inline void draw_part(chunk_t *chunk, size_t at, bits_t *s, const double *n_at,
                             const double *field_at, ph_draw_noise_t noise, double *out)
{
    const real_t u = next_unit(s), v = next_unit(s);
    const real_t n = load_reals(n_at), field = load_reals(field_at), strength = size_of(field);
    const real_t x = both(mul(strength, real(noise.factor)), less(real(noise.tolerance), strength));
    const real_t e = exp_negative(x);
    const hat_t hat = make_hat(n, e);
    const real_t from = sub(u, real(0.5));
    const real_t r = sub(real(0.5), size_of(from));
    const real_t w = div_(above_of(r), below_of(r));
    const real_t some = less(real(0.0), n),
                 small = both(some, less(mul(n, e), mul(real(10.0), add(real(1.0), e))));
    const real_t height = add(mul(v, hat.top), mul(real(PH_HAT_FLOOR_W), w));
    const real_t floor = add(mul(real(PH_HAT_FLOOR_S), hat.spread), real(PH_HAT_FLOOR));
    const real_t inside = both(at_most(real(PH_HAT_RIM), r), at_most(height, floor));
    const real_t result = both(whole(place_of(&hat, from, w)), some);
    store_reals(out, choose(less(real(0.0), field), sub(n, result), result));
    store_reals(chunk->e + at, e);
    store_reals(chunk->u + at, u);
    store_reals(chunk->v + at, v);
    chunk->small |= (uint64_t)mask_of(small) << at;
    chunk->open |= (uint64_t)mask_of(without(some, either(inside, small))) << at;
}

/* Registers of items, some of them with a mean below 10: there the first u inverted. Open is what
 * lies beyond LAST. */
static __attribute__((noinline)) void invert(chunk_t *chunk, const size_t at[SIDE_BY_SIDE],
                                             const double *n_at, const double *field_at,
                                             double *out)
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
    real_t n[SIDE_BY_SIDE], e[SIDE_BY_SIDE], left[SIDE_BY_SIDE], probability[SIDE_BY_SIDE];
    real_t trials[SIDE_BY_SIDE], result[SIDE_BY_SIDE], small[SIDE_BY_SIDE], pending[SIDE_BY_SIDE];
    for (int i = 0; i < SIDE_BY_SIDE; i++) {
        n[i] = trials[i] = load_reals(n_at + at[i]);
        e[i] = load_reals(chunk->e + at[i]);
        left[i] = load_reals(chunk->u + at[i]);
        const real_t sum = add(real(1.0), e[i]);
        probability[i] = exp_negative(mul(n[i], log_of(sum)));
        small[i] = both(less(real(0.0), n[i]), less(mul(n[i], e[i]), mul(real(10.0), sum)));
        pending[i] = small[i];
        result[i] = real(0.0);
    }
    for (int step = 0; step < LAST; step++) {
        for (int i = 0; i < SIDE_BY_SIDE; i++)
            pending[i] = without(pending[i], less(left[i], probability[i]));
        if (mask_of(either(pending[0], pending[1])) == 0)
            break;
        for (int i = 0; i < SIDE_BY_SIDE; i++) {
            left[i] = sub(left[i], probability[i]);
            probability[i] = mul(probability[i], mul(mul(e[i], trials[i]), real(RECIPROCAL[step])));
            trials[i] = sub(trials[i], real(1.0));
            result[i] = choose(pending[i], real(step + 1.0), result[i]);
        }
    }
    for (int i = 0; i < SIDE_BY_SIDE; i++) {
        const real_t along = less(real(0.0), load_reals(field_at + at[i]));
        const real_t up = choose(along, sub(n[i], result[i]), result[i]);
        store_reals(out + at[i], choose(small[i], up, load_reals(out + at[i])));
        chunk->open |= (uint64_t)mask_of(pending[i]) << at[i];
    }
}

static void invert_small(chunk_t *chunk, const double *n, const double *fields, double *out)
{
    size_t at[SIDE_BY_SIDE], count = 0;
    for (size_t d = 0; d < CHUNK && chunk->small >> d != 0; d += REALS) {
        if ((chunk->small >> d & ((1U << REALS) - 1)) == 0)
            continue;
        at[count++] = d;
        if (count < SIDE_BY_SIDE)
            continue;
        invert(chunk, at, n, fields, out);
        count = 0;
    }
    if (count == 0)
        return;
    at[1] = at[0]; /* once more, to the same numbers */
    invert(chunk, at, n, fields, out);
}

/* slope() of distributions.c, but for its division by the square of below_of(). */
static inline real_t rise_of(const hat_t *hat, real_t size, real_t r)
{
    const real_t above = above_of(r), below = below_of(r);
    const real_t change = sub(mul(add(real(PH_HAT_A1), mul(real(2.0 * PH_HAT_A2), r)), below),
                              mul(above, add(real(1.0), mul(real(2.0 * PH_HAT_B), r))));
    return mul(add(hat->spread, real(PH_HAT_WIDER)), sub(mul(above, below), mul(size, change)));
}

static inline real_t slope_of(const hat_t *hat, real_t size, real_t r)
{
    const real_t below = below_of(r);
    return div_(rise_of(hat, size, r), mul(below, below));
}

/* ph_stirling_tail(). */
static inline real_t stirling_tail(real_t k)
{
    const real_t next = add(k, real(1.0)), square = mul(next, next);
    if (__builtin_expect(mask_of(less(k, real(10.0))) != 0, 0)) {
        double tails[REALS];
        store_reals(tails, k);
        for (size_t i = 0; i < REALS; i++)
            tails[i] = ph_stirling_tail(tails[i]);
        return load_reals(tails);
    }
    real_t sum = sub(real(1.0 / 1680.0), div_(real(1.0 / 1188.0), square));
    sum = sub(real(1.0 / 1260.0), div_(sum, square));
    sum = sub(real(1.0 / 360.0), div_(sum, square));
    return div_(sub(real(1.0 / 12.0), div_(sum, square)), next);
}

/* log of the binomial law at k over that at its mode. */
static inline real_t law_of(real_t n, real_t e, real_t mode, real_t k)
{
    const real_t one = real(1.0), half = real(0.5);
    const real_t beside = add(sub(n, mode), one), rest = add(sub(n, k), one);
    const real_t a = mul(add(mode, half), log_of(div_(add(mode, one), mul(e, beside))));
    const real_t b = mul(add(n, one), log_of(div_(beside, rest)));
    const real_t c = mul(add(k, half), log_of(div_(mul(e, rest), add(k, one))));
    real_t sum = add(add(add(a, b), c), stirling_tail(mode));
    sum = add(sum, stirling_tail(sub(n, mode)));
    return sub(sub(sum, stirling_tail(k)), stirling_tail(sub(n, k)));
}

/* Which first attempts are accepted; is_below(). */
static inline real_t try_law(real_t n, real_t e, real_t u, real_t v)
{
    const hat_t hat = make_hat(n, e);
    const real_t from = sub(u, real(0.5)), size = size_of(from), r = sub(real(0.5), size);
    const real_t x = place_of(&hat, from, div_(above_of(r), below_of(r)));
    const real_t inside = both(at_most(real(0.0), x), less(x, add(n, real(1.0))));
    const real_t height = log_of(div_(mul(v, hat.top), slope_of(&hat, size, r)));
    const real_t mode = whole(div_(mul(add(n, real(1.0)), e), add(real(1.0), e)));
    const real_t k = choose(inside, whole(x), mode);
    const real_t far = size_of(sub(k, mode)), inverse = div_(real(1.0), hat.variance);
    const real_t normal = mul(mul(mul(real(-0.5), far), far), inverse);
    const real_t skew = add(mul(add(mul(far, real(1.0 / 3.0)), real(0.625)), far), real(1.0 / 6.0));
    const real_t width = mul(mul(far, inverse), add(mul(skew, inverse), real(0.5)));
    const real_t near = less(far, sub(mul(real(0.5), hat.variance), real(1.0)));
    const real_t yes = both(near, less(height, sub(normal, width)));
    const real_t no = both(near, less(add(normal, width), height));
    const real_t below = without(at_most(height, law_of(n, e, mode, k)), no);
    return both(inside, either(yes, below));
}

/* Which first attempts at k that the floor leaves open are accepted, as far as the series of the
 * law is sure of it; the height of v and the law are compared in units of the hat's density,
 * without dividing. Where it is sure, k is inside. */
static inline real_t try_series(real_t n, real_t e, real_t u, real_t v, real_t k, real_t *sure)
{
    const hat_t hat = make_hat(n, e);
    const real_t one = real(1.0), other = div_(one, add(one, e)), p = mul(e, other);
    const real_t pq = mul(p, other), inverse = div_(one, add(hat.variance, pq));
    const real_t next = add(hat.mean, p), middle = sub(next, real(0.5)), mode = whole(next);
    const real_t y = sub(k, middle), square = mul(y, y), far = size_of(y);
    const real_t y_m = sub(mode, middle), square_m = mul(y_m, y_m);
    const real_t third = mul(mul(sub(other, p), inverse), real(1.0 / 6.0));
    const real_t fourth =
        mul(mul(sub(one, mul(real(3.0), pq)), mul(inverse, inverse)), real(1.0 / 12.0));
    const real_t cubes = sub(mul(y, square), mul(y_m, square_m));
    const real_t squares = sub(square, square_m), fourths = mul(squares, add(square, square_m));
    const real_t odd = sub(mul(real(0.5), squares), mul(third, cubes));
    const real_t drop = mul(inverse, add(odd, mul(fourth, fourths)));
    const real_t ratio = mul(square, inverse);
    const real_t fifth = mul(ratio, add(mul(real(PH_SERIES_A5), ratio), real(PH_SERIES_A3)));
    const real_t terms = add(mul(far, add(fifth, real(PH_SERIES_A1))), real(PH_SERIES_A0));
    const real_t off = add(mul(mul(terms, inverse), inverse), real(PH_SERIES_ROUND));
    const real_t within = less(size_of(sub(k, mode)), sub(mul(real(0.5), hat.variance), one));
    const real_t near = both(within, both(less(ratio, real(PH_SERIES_FAR)), less(off, one)));
    const real_t from = size_of(sub(u, real(0.5))), r = sub(real(0.5), from);
    const real_t height = mul(mul(v, hat.top), mul(below_of(r), below_of(r)));
    const real_t law = mul(exp_negative(both(drop, less(real(0.0), drop))), rise_of(&hat, from, r));
    /* e^-off > 1 - off, e^off < 1 + 2 off */
    const real_t yes = less(height, mul(law, sub(one, off)));
    const real_t no = less(mul(law, add(one, add(off, off))), height);
    *sure = both(near, either(yes, no));
    return both(near, yes);
}

/* Items of a chunk, a register of them. */
typedef struct {
    size_t at[REALS];
    double n[REALS], e[REALS], u[REALS], v[REALS], field[REALS], up[REALS];
} some_t;

/* The next ones of `left`, which is not 0; the last once more in place of what is missing, as how
 * many there are cannot be foreseen. */
static inline void gather(some_t *some, uint64_t *left, const chunk_t *chunk, const double *n,
                          const double *fields, const double *out)
{
    for (size_t i = 0; i < REALS; i++) {
        const uint64_t rest = *left & (*left - 1);
        const size_t at = (size_t)__builtin_ctzll(*left);
        some->at[i] = at;
        some->n[i] = n[at];
        some->e[i] = chunk->e[at];
        some->u[i] = chunk->u[at];
        some->v[i] = chunk->v[at];
        some->field[i] = fields[at];
        some->up[i] = out[at];
        *left = rest != 0 || i + 1 == REALS ? rest : *left;
    }
}

/* Bits of the items where a mask is set. */
static inline uint64_t bits_of(const some_t *some, real_t mask)
{
    const uint64_t lanes = mask_of(mask);
    uint64_t set = 0;
    for (size_t i = 0; i < REALS; i++)
        set |= (lanes >> i & 1) << some->at[i];
    return set;
}

/* The open ones with means from 10 on, a register of them at a time: those that are accepted are no
 * longer open, and their numbers are there. First by the series, what it leaves unsure by the law.
 */
static void try_open(chunk_t *chunk, const double *n, const double *fields, const double *out)
{
    uint64_t left = chunk->open & ~chunk->small, unsure = 0;
    some_t some;
    real_t sure;
    while (left != 0) {
        gather(&some, &left, chunk, n, fields, out);
        const real_t trials = load_reals(some.n), up = load_reals(some.up);
        const real_t along = less(real(0.0), load_reals(some.field));
        const real_t accepted =
            try_series(trials, load_reals(some.e), load_reals(some.u), load_reals(some.v),
                       choose(along, sub(trials, up), up), &sure);
        chunk->open &= ~bits_of(&some, accepted);
        unsure |= bits_of(&some, without(less(real(-1.0), real(0.0)), sure));
    }
    while (unsure != 0) {
        gather(&some, &unsure, chunk, n, fields, out);
        const real_t accepted =
            try_law(load_reals(some.n), load_reals(some.e), load_reals(some.u), load_reals(some.v));
        chunk->open &= ~bits_of(&some, accepted);
    }
}

static inline void load_lanes(const ph_draws_t *self, bits_t s[PARTS][4])
{
    for (int k = 0; k < 4; k++)
        for (int v = 0; v < PARTS; v++)
            s[v][k] = load_bits(self->lanes[k] + v * REALS);
}

static inline void store_lanes(ph_draws_t *self, bits_t s[PARTS][4])
{
    for (int k = 0; k < 4; k++)
        for (int v = 0; v < PARTS; v++)
            store_bits(self->lanes[k] + v * REALS, s[v][k]);
}

/* SplitMix64, as in distributions.c. */
static inline bits_t split_mix(bits_t *from)
{
    bits_t z = *from = add64(*from, bits(UINT64_C(0x9e3779b97f4a7c15)));
    z = low64(xor64(z, right64(z, 30)), bits(UINT64_C(0xbf58476d1ce4e5b9)));
    z = low64(xor64(z, right64(z, 27)), bits(UINT64_C(0x94d049bb133111eb)));
    return xor64(z, right64(z, 31));
}

static void seed(ph_draws_t *chains, size_t count, const uint64_t *words)
{
    for (size_t i = 0; i < count; i++, words += PH_DRAW_LANES) {
        for (size_t v = 0; v < PARTS; v++) {
            bits_t from = load_bits(words + v * REALS);
            for (int k = 0; k < 4; k++)
                store_bits(chains[i].lanes[k] + v * REALS, split_mix(&from));
        }
        chains[i].seed = words[0];
        chains[i].seeded = 0;
    }
}

/* By Box and Muller: u for the length, y for the angle. */
static inline real_t normal_of(real_t u, real_t y)
{
    static const double SINE[PH_SINE_TERMS] = PH_SINE;
    const real_t square = mul(y, y);
    real_t sum = real(SINE[PH_SINE_TERMS - 1]);
    for (int k = PH_SINE_TERMS - 2; k >= 0; k--)
        sum = add(mul(sum, square), real(SINE[k]));
    return mul(root(mul(real(-2.0), log_of(u))), mul(sum, y));
}

static inline void draw_normals_of(ph_draws_t *self, size_t each, double *out)
{
    bits_t s[PARTS][4];
    load_lanes(self, s);
    for (size_t d = 0; d < each; d += REALS) {
        bits_t *state = s[d / REALS % PARTS];
        const real_t u = next_unit(state), y = sub(next_unit(state), real(0.5));
        store_reals(out + d, normal_of(u, y));
    }
    store_lanes(self, s);
}

/* The first of each chain alone, those of REALS chains in one register. */
static inline void draw_firsts(ph_draws_t *chains, size_t each, double *out)
{
    double u[REALS], y[REALS], found[REALS];
    for (size_t i = 0; i < REALS; i++) {
        bits_t s[PARTS][4];
        double lanes[2][REALS];
        load_lanes(&chains[i], s);
        for (size_t v = PARTS; v-- > 0;) {
            store_reals(lanes[0], next_unit(s[v]));
            store_reals(lanes[1], next_unit(s[v]));
        }
        store_lanes(&chains[i], s);
        u[i] = lanes[0][0];
        y[i] = lanes[1][0];
    }
    store_reals(found, normal_of(load_reals(u), sub(load_reals(y), real(0.5))));
    for (size_t i = 0; i < REALS; i++)
        out[i * each] = found[i];
}

static void draw_normals(ph_draws_t *chains, size_t count, size_t each, size_t used, double *out)
{
    size_t i = 0;
    if (used == 1 && each == PH_DRAW_LANES)
        for (; i + REALS <= count; i += REALS)
            draw_firsts(&chains[i], each, out + i * each);
    for (; i < count; i++)
        draw_normals_of(&chains[i], each, out + i * each);
}

/* The chunk begins with item `first` of all chains. */
static void settle(ph_draws_t *chains, size_t each, size_t first, chunk_t *chunk, const double *n,
                   const double *fields, double *out)
{
    for (; chunk->open != 0; chunk->open &= chunk->open - 1) {
        const size_t at = (size_t)__builtin_ctzll(chunk->open);
        ph_draws_t *self = &chains[(first + at) / each];
        const double against = chunk->small >> at & 1 ? ph_draw_settle(self, n[at], chunk->e[at],
                                                                       chunk->u[at], chunk->v[at])
                                                      : ph_draw_again(self, n[at], chunk->e[at]);
        out[at] = fields[at] > 0.0 ? n[at] - against : against;
    }
}

/* What first attempts have not decided. */
static __attribute__((noinline)) void finish(ph_draws_t *chains, size_t each, size_t first,
                                             chunk_t *chunk, const double *n, const double *fields,
                                             double *out)
{
    if (chunk->small != 0)
        invert_small(chunk, n, fields, out);
    try_open(chunk, n, fields, out);
    settle(chains, each, first, chunk, n, fields, out);
}

static void draw_spins(ph_draws_t *chains, size_t count, size_t each, const double *n,
                       const double *fields, const ph_draw_noise_t *noise, double *out)
{
    bits_t s[PARTS][4];
    size_t i = 0, left = 0; /* of the chain whose generators are in s */
    for (size_t first = 0; first < count * each; first += CHUNK) {
        const size_t size = count * each - first < CHUNK ? count * each - first : CHUNK;
        chunk_t chunk;
        chunk.open = chunk.small = 0;
        for (size_t d = 0; d < size; d += PH_DRAW_LANES) {
            if (left == 0) {
                load_lanes(&chains[i], s);
                left = each;
            }
            for (size_t v = 0; v < PARTS; v++) {
                const size_t at = d + v * REALS;
                draw_part(&chunk, at, s[v], n + first + at, fields + first + at, noise[i],
                          out + first + at);
            }
            left -= PH_DRAW_LANES;
            if (left == 0)
                store_lanes(&chains[i++], s);
        }
        if ((chunk.open | chunk.small) != 0)
            finish(chains, each, first, &chunk, n + first, fields + first, out + first);
    }
}

enum { FEW = 4 }; /* terms whose numbers stay in registers */

static inline __attribute__((always_inline)) void sum_few_fields(size_t count, size_t each,
                                                                 size_t terms, const double *units,
                                                                 const double *rows, double *out)
{
    for (size_t i = 0; i < count; i++, units += terms, out += each) {
        real_t unit[FEW];
        for (size_t p = 0; p < terms; p++)
            unit[p] = real(units[p]);
        for (size_t d = 0; d < each; d += REALS) {
            real_t sum = real(0.0);
            for (size_t p = 0; p < terms; p++)
                sum = add(sum, mul(unit[p], load_reals(rows + p * each + d)));
            store_reals(out + d, sum);
        }
    }
}

static void sum_fields(size_t count, size_t each, size_t terms, const double *units,
                       const double *rows, double *out)
{
    switch (terms) {
    case 1:
        sum_few_fields(count, each, 1, units, rows, out);
        return;
    case 2:
        sum_few_fields(count, each, 2, units, rows, out);
        return;
    case 3:
        sum_few_fields(count, each, 3, units, rows, out);
        return;
    case 4:
        sum_few_fields(count, each, 4, units, rows, out);
        return;
    }
    for (size_t i = 0; i < count; i++, units += terms, out += each)
        for (size_t d = 0; d < each; d += REALS) {
            real_t sum = real(0.0);
            for (size_t p = 0; p < terms; p++)
                sum = add(sum, mul(real(units[p]), load_reals(rows + p * each + d)));
            store_reals(out + d, sum);
        }
}

static inline real_t spins_of(const double *up, const double *n)
{
    return sub(add(load_reals(up), load_reals(up)), load_reals(n));
}

/* Of all lanes, whole numbers. */
static inline int32_t sum_of(real_t sum)
{
    double parts[REALS], all = 0.0;
    store_reals(parts, sum);
    for (size_t k = 0; k < REALS; k++)
        all += parts[k];
    return (int32_t)all;
}

static inline __attribute__((always_inline)) void
sum_few_overlaps(size_t each, size_t terms, const double *rows, const double *up, const double *n,
                 int32_t *out, size_t stride)
{
    real_t sum[FEW];
    for (size_t p = 0; p < terms; p++)
        sum[p] = real(0.0);
    for (size_t d = 0; d < each; d += REALS) {
        const real_t spins = spins_of(up + d, n + d);
        for (size_t p = 0; p < terms; p++)
            sum[p] = add(sum[p], mul(load_reals(rows + p * each + d), spins));
    }
    for (size_t p = 0; p < terms; p++)
        out[p * stride] = sum_of(sum[p]);
}

static void sum_overlaps(size_t each, size_t terms, const double *rows, const double *up,
                         const double *n, int32_t *out, size_t stride)
{
    size_t p = 0;
    for (; p + FEW <= terms; p += FEW)
        sum_few_overlaps(each, FEW, rows + p * each, up, n, out + p * stride, stride);
    rows += p * each;
    out += p * stride;
    switch (terms - p) {
    case 1:
        sum_few_overlaps(each, 1, rows, up, n, out, stride);
        break;
    case 2:
        sum_few_overlaps(each, 2, rows, up, n, out, stride);
        break;
    case 3:
        sum_few_overlaps(each, 3, rows, up, n, out, stride);
        break;
    }
}

static bool is_present(void)
{
    return ISA_PRESENT;
}

#define DRAW_LISTS PH_JOIN(PH_DRAW_, PH_ISA)
extern const ph_draw_lists_t DRAW_LISTS;
const ph_draw_lists_t DRAW_LISTS = {ISA_NAME,   is_present, seed,        draw_normals,
                                    draw_spins, sum_fields, sum_overlaps};
