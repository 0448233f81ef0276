/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The operations on 16- and 32-bit integers of one instruction set, PH_ISA_HEADER, lane by lane
 * against the same in plain C.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sim/random/xoshiro.h"
#include "sim/vector/vector.h"
#include "tests/testing.h"

enum { ROUNDS = 500 };

/* SSE2 gathers two vectors at a time. */
enum { PAIRED = VECTOR_LANES == 8 ? 2 : 1 };

typedef struct {
    _Alignas(64) int16_t lane[VECTOR_LANES];
} shorts_t;

typedef struct {
    _Alignas(64) int32_t lane[VECTOR_WORDS];
} words_t;

static uint64_t state = 88172645463325252u;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Any number, and often one where something turns over. */
static int32_t number(void)
{
    static const int32_t EDGES[] = {0,     1,      -1,     2,          32767,     -32768,  32768,
                                    65535, -32769, -65536, 0x7fffffff, INT32_MIN, 0x10000, 255};
    const uint64_t word = next();
    return word % 3 == 0 ? EDGES[word / 3 % (sizeof(EDGES) / sizeof(EDGES[0]))]
                         : (int32_t)(word >> 9);
}

static shorts_t shorts(void)
{
    shorts_t own;
    for (size_t i = 0; i < VECTOR_LANES; i++)
        own.lane[i] = (int16_t)number();
    return own;
}

static words_t words(void)
{
    words_t own;
    for (size_t i = 0; i < VECTOR_WORDS; i++)
        own.lane[i] = number();
    return own;
}

static int saturated(int64_t x)
{
    return (int)(x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x);
}

/* That the lanes of a vector are, for i = 0, 1, ..., what an expression of x and y says, cut to
 * their bits. */
#define HOLD16(vector, right)                                                                      \
    do {                                                                                           \
        shorts_t found;                                                                            \
        store(found.lane, vector);                                                                 \
        for (size_t i = 0; i < VECTOR_LANES; i++) {                                                \
            const int x = a.lane[i], y = b.lane[i];                                                \
            (void)x, (void)y;                                                                      \
            if (found.lane[i] != (int16_t)(right))                                                 \
                ck_abort_msg("%s of %d and %d: %d", #vector, x, y, found.lane[i]);                 \
        }                                                                                          \
    } while (0)

#define HOLD32(vector, right)                                                                      \
    do {                                                                                           \
        words_t found;                                                                             \
        store(found.lane, vector);                                                                 \
        for (size_t i = 0; i < VECTOR_WORDS; i++) {                                                \
            const int64_t x = a.lane[i], y = b.lane[i];                                            \
            (void)x, (void)y;                                                                      \
            if (found.lane[i] != (int32_t)(right))                                                 \
                ck_abort_msg("%s of %d and %d: %d", #vector, (int)x, (int)y, found.lane[i]);       \
        }                                                                                          \
    } while (0)

/* Sums, products, comparisons and shifts of 16 bits; saturation at both ends. */
START_TEST(sixteen_bits)
{
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        const shorts_t a = shorts(), b = shorts();
        const vector_t p = load(a.lane), q = load(b.lane);
        HOLD16(set16(a.lane[0]), a.lane[0]);
        HOLD16(add16(p, q), x + y);
        HOLD16(sub16(p, q), x - y);
        HOLD16(sub_saturated16(p, q), saturated((int64_t)x - y));
        HOLD16(add_capped16(p, q), (uint16_t)x + (uint16_t)y < 65535 ? x + y : 65535);
        HOLD16(low16(p, q), (uint32_t)x * (uint32_t)y);
        HOLD16(high16(p, q), (uint32_t)(uint16_t)x * (uint16_t)y >> 16);
        HOLD16(min16(p, q), x < y ? x : y);
        HOLD16(min_unsigned16(p, q), (uint16_t)x < (uint16_t)y ? x : y);
        HOLD16(choose16(less16(p, q), p, q), x < y ? x : y);
        HOLD16(choose16(equal16(p, set16(a.lane[0])), q, p), x == a.lane[0] ? y : x);
        HOLD16(max16(p, q), x > y ? x : y);
        HOLD16(abs16(p), x < 0 ? -x : x);
        HOLD16(equal16(p, q), -(x == y));
        HOLD16(equal16(p, p), -1);
        HOLD16(less16(p, q), -(x < y));
        HOLD16(left16(p, 3), x * 8);
        HOLD16(right16(p, 5), (uint16_t)x >> 5);
        HOLD16(and_(p, q), x & y);
        HOLD16(or_(p, q), x | y);
        HOLD16(xor_(p, q), x ^ y);
    }
}
END_TEST

/* The same of 32 bits; one bit a lane, sums of two products, turns of the bits. */
START_TEST(thirty_two_bits)
{
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        const words_t a = words(), b = words();
        const vector_t p = load(a.lane), q = load(b.lane);
        HOLD32(set32(a.lane[0]), a.lane[0]);
        HOLD32(every32(&a.lane[1]), a.lane[1]);
        HOLD32(add32(p, q), x + y);
        HOLD32(sub32(p, q), x - y);
        HOLD32(low32(p, q), (uint64_t)x * (uint64_t)y);
        HOLD32(equal32(p, q), -(x == y));
        HOLD32(less32(p, q), -(x < y));
        HOLD32(left32(p, 9), x * 512);
        HOLD32(rotate32(p, 7), (uint32_t)x << 7 | (uint32_t)x >> 25);
        HOLD32(right32(p, 11), (uint32_t)x >> 11);
        HOLD32(shift32(p, 11), (uint32_t)x >> 11);
        HOLD32(abs32(p), x < 0 ? -x : x);
        HOLD32(madd16(p, q),
               (int64_t)(int16_t)x * (int16_t)y + (int64_t)(int16_t)(x >> 16) * (int16_t)(y >> 16));
        uint32_t signs = 0;
        for (size_t i = 0; i < VECTOR_WORDS; i++)
            signs |= (uint32_t)(a.lane[i] < 0) << i;
        ck_assert_uint_eq(mask32(p), signs);
        const words_t zero = {{0}}, one = {{[VECTOR_WORDS - 1] = -1}};
        ck_assert(!any_bit(load(zero.lane)) && any_bit(load(one.lane)));
    }
}
END_TEST

/* The halves have each lane once, at half_place(); put together they are the vector again, numbers
 * beyond 16 bits cut to the nearest. */
START_TEST(halves)
{
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        const shorts_t a = shorts(), b = a;
        _Alignas(64) int32_t wide[VECTOR_LANES];
        const vector_t p = load(a.lane), first = widen_first(p), second = widen_second(p);
        store(wide, first);
        store(wide + VECTOR_WORDS, second);
        for (size_t i = 0; i < VECTOR_LANES; i++)
            if (wide[half_place(i)] != a.lane[i])
                ck_abort_msg("lane %zu: %d", i, wide[half_place(i)]);
        HOLD16(pack32(first, second), x);
        HOLD16(pack32(add32(first, set32(1000)), add32(second, set32(1000))),
               saturated((int64_t)x + 1000));
        HOLD16(pack32(sub32(first, set32(9)), sub32(second, set32(9))), saturated((int64_t)x - 9));
        store(wide, double_first(p));
        store(wide + VECTOR_WORDS, double_second(p));
        for (size_t i = 0; i < VECTOR_LANES; i++) {
            const uint32_t twice = (uint16_t)a.lane[i] * 0x10001U;
            if ((uint32_t)wide[half_place(i)] != twice)
                ck_abort_msg("lane %zu twice", i);
        }
    }
}
END_TEST

/* 2^(15 - n) for every n at once; bits of 64 chains to lanes and back. */
START_TEST(bits_and_powers)
{
    enum { VECTORS = 64 / VECTOR_LANES };
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        shorts_t a, b = {{0}};
        vector_t spread[VECTORS];
        for (size_t i = 0; i < VECTOR_LANES; i++)
            a.lane[i] = (int16_t)(next() >> 20 & 15);
        HOLD16(power16(load(a.lane)), 0x8000U >> x);
        const uint64_t chains = round == 0 ? 0 : round == 1 ? UINT64_MAX : next();
        for (size_t v = 0; v < VECTORS; v++) {
            spread[v] = spread_bits(&chains, v);
            for (size_t i = 0; i < VECTOR_LANES; i++)
                b.lane[i] = (int16_t) - (int)(chains >> (v * VECTOR_LANES + i) & 1);
            HOLD16(spread[v], y);
        }
        ck_assert_uint_eq(gather_bits(spread, VECTORS), chains);
    }
}
END_TEST

/* Single precision in the lanes: as the C language has it; rounding to the nearest, halves to even.
 */
START_TEST(single_precision)
{
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        words_t a = words(), b = words(), result;
        float f[VECTOR_WORDS], g[VECTOR_WORDS];
        for (size_t i = 0; i < VECTOR_WORDS; i++) {
            a.lane[i] >>= 10;
            b.lane[i] >>= 10;
            f[i] = (float)a.lane[i] * 0.25F;
            g[i] = (float)b.lane[i] * 0.25F;
        }
        const vector_t p = times_real(to_real(load(a.lane)), set_real(0.25F)),
                       q = times_real(to_real(load(b.lane)), set_real(0.25F));
        const vector_t results[5] = {add_real(p, q), times_real(p, q), min_real(p, q),
                                     max_real(p, q), sub_real(p, q)};
        for (int k = 0; k < 5; k++) {
            store(result.lane, results[k]);
            for (size_t i = 0; i < VECTOR_WORDS; i++) {
                const float rights[5] = {f[i] + g[i], f[i] * g[i], fminf(f[i], g[i]),
                                         fmaxf(f[i], g[i]), f[i] - g[i]};
                const float right = rights[k];
                float own;
                memcpy(&own, &result.lane[i], sizeof(own));
                if (own != right)
                    ck_abort_msg("%d of %g and %g: %g", k, (double)f[i], (double)g[i], (double)own);
            }
        }
        HOLD32(less_real(p, q), -(f[i] < g[i]));
        HOLD32(round_real(p), lrintf(f[i]));
        HOLD32(set_real(-0.0F), INT32_MIN);
    }
}
END_TEST

/* As many vectors as kernels have lanes for, from one to all: the bits of just those. */
START_TEST(some_vectors)
{
    enum { VECTORS = 64 / VECTOR_LANES };
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        const uint64_t chains = next();
        vector_t spread[VECTORS];
        for (size_t v = 0; v < VECTORS; v++)
            spread[v] = spread_bits(&chains, v);
        for (size_t count = PAIRED; count <= VECTORS; count += PAIRED) {
            const size_t lanes = count * VECTOR_LANES;
            const uint64_t all = lanes == 64 ? UINT64_MAX : (UINT64_C(1) << lanes) - 1;
            ck_assert_uint_eq(gather_bits(spread, count), chains & all);
        }
    }
}
END_TEST

/* One lane of a mask is seen by any_bit() wherever it stands; mask32() sees signs and no other bit.
 */
START_TEST(single_bits)
{
    for (size_t i = 0; i < VECTOR_LANES; i++) {
        shorts_t a = {{0}};
        a.lane[i] = -1;
        ck_assert(any_bit(load(a.lane)));
    }
    for (size_t bit = 0; bit < 32 * VECTOR_WORDS; bit++) {
        words_t a = {{0}};
        a.lane[bit / 32] = (int32_t)(UINT32_C(1) << bit % 32);
        ck_assert_uint_eq(mask32(load(a.lane)), bit % 32 == 31 ? UINT32_C(1) << bit / 32 : 0);
    }
}
END_TEST

#define SHIFT16(k)                                                                                 \
    do {                                                                                           \
        HOLD16(left16(q, k), (uint16_t)x << (k));                                                  \
        HOLD16(right16(q, k), (uint16_t)x >> (k));                                                 \
    } while (0)

static void short_shifts(vector_t q, const shorts_t *lanes)
{
    const shorts_t a = *lanes, b = a;
    SHIFT16(0);
    SHIFT16(1);
    SHIFT16(8);
    SHIFT16(15);
    HOLD16(set16(65535), -1);
    HOLD16(set16(32768), -32768);
}

#define SHIFT(k)                                                                                   \
    do {                                                                                           \
        HOLD32(left32(p, k), (uint32_t)x << (k));                                                  \
        HOLD32(right32(p, k), (uint32_t)x >> (k));                                                 \
        HOLD32(shift32(p, k), (uint32_t)x >> (k));                                                 \
    } while (0)

/* By nothing and by all bits but one, and turns by any number; constants wider than a lane are cut
 * to it. */
START_TEST(shifts)
{
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        const words_t a = words(), b = a;
        const vector_t p = load(a.lane);
        SHIFT(0);
        SHIFT(1);
        SHIFT(16);
        SHIFT(31);
        HOLD32(rotate32(p, 1), (uint32_t)x << 1 | (uint32_t)x >> 31);
        HOLD32(rotate32(p, 16), (uint32_t)x << 16 | (uint32_t)x >> 16);
        HOLD32(rotate32(p, 31), (uint32_t)x << 31 | (uint32_t)x >> 1);
        HOLD32(set32(UINT32_MAX), -1);
        {
            const shorts_t low = shorts(), c = low;
            const vector_t q = load(low.lane);
            short_shifts(q, &c);
        }
    }
}
END_TEST

/* The lesser and the greater of zeros of either sign, infinities and NaN: the second where the
 * first is not less (greater), in every set, so that every set has the same bits. */
START_TEST(real_ends)
{
    static const float ENDS[] = {0.0F, -0.0F, 1.0F, -1.0F, 1e-45F, 3e38F, INFINITY, -INFINITY, NAN};
    enum { COUNT = sizeof(ENDS) / sizeof(ENDS[0]) };
    for (size_t m = 0; m < COUNT; m++)
        for (size_t n = 0; n < COUNT; n++) {
            const float f = ENDS[m], g = ENDS[n];
            words_t a, b;
            int32_t lesser, greater;
            for (size_t k = 0; k < VECTOR_WORDS; k++) {
                memcpy(&a.lane[k], &f, sizeof(f));
                memcpy(&b.lane[k], &g, sizeof(g));
            }
            memcpy(&lesser, f < g ? &f : &g, sizeof(lesser));
            memcpy(&greater, f > g ? &f : &g, sizeof(greater));
            HOLD32(min_real(load(a.lane), load(b.lane)), lesser);
            HOLD32(max_real(load(a.lane), load(b.lane)), greater);
            HOLD32(less_real(load(a.lane), load(b.lane)), -(f < g));
        }
}
END_TEST

/* Integers to single precision and back: exact up to 2^22, rounded to even beyond 24 bits. */
START_TEST(rounding)
{
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        const words_t a = words(), b = a;
        words_t small = a;
        for (size_t i = 0; i < VECTOR_WORDS; i++)
            small.lane[i] = a.lane[i] / 1024;
        const vector_t p = to_real(load(a.lane));
        words_t reals;
        store(reals.lane, p);
        for (size_t i = 0; i < VECTOR_WORDS; i++) {
            const float right = (float)a.lane[i];
            ck_assert_mem_eq(&reals.lane[i], &right, sizeof(right));
        }
        HOLD32(round_real(to_real(load(small.lane))), x / 1024);
        HOLD32(round_real(times_real(to_real(load(small.lane)), set_real(0.5F))),
               lrintf((float)(x / 1024) * 0.5F));
    }
}
END_TEST

/* A generator in every lane, as the plain one of the same state. */
START_TEST(generators)
{
    words_t s[4];
    uint32_t own[4][VECTOR_WORDS];
    vector_t lanes[4];
    for (int k = 0; k < 4; k++) {
        s[k] = words();
        lanes[k] = load(s[k].lane);
        memcpy(own[k], s[k].lane, sizeof(own[k]));
    }
    for (int round = 0; round < ROUNDS; round++) {
        const words_t a = {{0}}, b = a;
        HOLD32(xoshiro32_next(&lanes[0], &lanes[1], &lanes[2], &lanes[3]),
               ph_xoshiro32_next(&own[0][i], &own[1][i], &own[2][i], &own[3][i]));
    }
    for (int k = 0; k < 4; k++) {
        const words_t a = {{0}}, b = a;
        HOLD32(lanes[k], own[k][i]);
    }
}
END_TEST

int main(void)
{
    if (!ISA_PRESENT)
        return 77; /* skipped */
    TCase *tcase = tcase_create("integers");
    tcase_add_test(tcase, sixteen_bits);
    tcase_add_test(tcase, thirty_two_bits);
    tcase_add_test(tcase, halves);
    tcase_add_test(tcase, bits_and_powers);
    tcase_add_test(tcase, single_precision);
    tcase_add_test(tcase, some_vectors);
    tcase_add_test(tcase, single_bits);
    tcase_add_test(tcase, shifts);
    tcase_add_test(tcase, real_ends);
    tcase_add_test(tcase, rounding);
    tcase_add_test(tcase, generators);
    return test_run("integers of " ISA_NAME, tcase);
}
