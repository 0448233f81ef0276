/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The operations on doubles of one instruction set, PH_ISA_HEADER, lane by lane against plain C. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "sim/random/xoshiro.h"
#include "sim/vector/vector.h"
#include "tests/testing.h"

enum { ROUNDS = 500 };

static uint64_t state = 88172645463325252u;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Any number of moderate size, and often one where something turns over. */
static double number(void)
{
    static const double EDGES[] = {0.0,
                                   -0.0,
                                   1.0,
                                   -1.0,
                                   0.5,
                                   2147483647.0,
                                   -2147483647.0,
                                   1e-300,
                                   1e300,
                                   4503599627370496.0,
                                   -0.9999999999999999,
                                   INFINITY};
    const uint64_t word = next();
    return word % 4 == 0 ? EDGES[word / 4 % (sizeof(EDGES) / sizeof(EDGES[0]))]
                         : ldexp((double)(int64_t)word, (int)(word >> 3 & 63) - 94);
}

/* That the lanes of a vector are, bit by bit, what an expression of x and y says. */
#define HOLD(vector, right)                                                                        \
    do {                                                                                           \
        double found[REALS];                                                                       \
        store_reals(found, vector);                                                                \
        for (size_t i = 0; i < REALS; i++) {                                                       \
            const double x = a[i], y = b[i], wanted = right;                                       \
            (void)x, (void)y;                                                                      \
            if (memcmp(&found[i], &wanted, sizeof(wanted)) != 0 &&                                 \
                !(isnan(found[i]) && isnan(wanted)))                                               \
                ck_abort_msg("%s of %.17g and %.17g: %.17g", #vector, x, y, found[i]);             \
        }                                                                                          \
    } while (0)

/* All bits of a lane where a condition holds, else none. */
static double mask(int condition)
{
    const uint64_t bits_ = condition ? UINT64_MAX : 0;
    double as;
    memcpy(&as, &bits_, sizeof(as));
    return as;
}

/* That a mask is set just in the lanes where a condition of x and y holds. */
#define HOLD_MASK(vector, condition)                                                               \
    do {                                                                                           \
        double found[REALS];                                                                       \
        store_reals(found, vector);                                                                \
        for (size_t i = 0; i < REALS; i++) {                                                       \
            const double x = a[i], y = b[i], wanted = mask(condition);                             \
            if (memcmp(&found[i], &wanted, sizeof(wanted)) != 0)                                   \
                ck_abort_msg("%s of %.17g and %.17g", #vector, x, y);                              \
        }                                                                                          \
    } while (0)

/* One rounding an operation, as in C; comparisons make masks, which choose. */
START_TEST(doubles)
{
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        double a[REALS], b[REALS];
        unsigned signs = 0;
        for (size_t i = 0; i < REALS; i++) {
            a[i] = number();
            b[i] = number();
            signs |= (unsigned)(signbit(a[i]) != 0) << i;
        }
        const real_t p = load_reals(a), q = load_reals(b);
        HOLD(real(a[0]), a[0]);
        HOLD(add(p, q), x + y);
        HOLD(sub(p, q), x - y);
        HOLD(mul(p, q), x * y);
        HOLD(div_(p, q), x / y);
        HOLD(root(mul(p, p)), sqrt(x * x));
        HOLD_MASK(less(p, q), x < y);
        HOLD_MASK(at_most(p, q), x <= y);
        HOLD_MASK(both(less(p, q), at_most(p, q)), x < y);
        HOLD_MASK(both(at_most(p, q), less(p, q)), x < y);
        HOLD_MASK(either(less(p, q), at_most(p, q)), x <= y);
        HOLD_MASK(either(at_most(p, q), less(p, q)), x <= y);
        HOLD_MASK(without(at_most(p, q), less(p, q)), x == y);
        HOLD(choose(less(p, q), p, q), x < y ? x : y);
        HOLD(choose(at_most(p, q), q, p), x <= y ? y : x);
        HOLD(without(p, real(-0.0)), fabs(x));
        ck_assert_uint_eq(mask_of(p), signs);
    }
}
END_TEST

/* Towards zero, as a double and as an integer. */
START_TEST(whole_parts)
{
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        double a[REALS], b[REALS];
        uint64_t parts[REALS];
        for (size_t i = 0; i < REALS; i++) {
            a[i] = fmod(number(), 2147483648.0);
            if (!isfinite(a[i]))
                a[i] = -2.5;
            b[i] = fabs(a[i]);
        }
        HOLD(whole(load_reals(a)), (double)(int32_t)x);
        store_bits(parts, whole_bits(load_reals(b)));
        for (size_t i = 0; i < REALS; i++)
            if (parts[i] != (uint64_t)b[i])
                ck_abort_msg("whole part of %.17g: %llu", b[i], (unsigned long long)parts[i]);
    }
}
END_TEST

/* 64-bit integers in the lanes; the same bits as doubles and back. */
START_TEST(integers)
{
    for (int round = 0; round < ROUNDS; round += test_step(20)) {
        uint64_t a[REALS], b[REALS], found[9][REALS];
        for (size_t i = 0; i < REALS; i++) {
            a[i] = round == 0 ? UINT64_MAX : next();
            b[i] = next();
        }
        const bits_t p = load_bits(a), q = load_bits(b);
        store_bits(found[0], add64(p, q));
        store_bits(found[1], sub64(p, q));
        store_bits(found[2], xor64(p, q));
        store_bits(found[3], and64(p, q));
        store_bits(found[4], or64(p, q));
        store_bits(found[5], left64(p, 17));
        store_bits(found[6], right64(p, 12));
        store_bits(found[7], as_bits(as_real(bits(a[0]))));
        store_bits(found[8], low64(p, q));
        for (size_t i = 0; i < REALS; i++) {
            const uint64_t right[9] = {a[i] + b[i], a[i] - b[i], a[i] ^ b[i],
                                       a[i] & b[i], a[i] | b[i], a[i] << 17,
                                       a[i] >> 12,  a[0],        a[i] * b[i]};
            for (int k = 0; k < 9; k++)
                if (found[k][i] != right[k])
                    ck_abort_msg("operation %d", k);
        }
    }
}
END_TEST

/* Comparisons with NaN hold for none; roots and quotients of the ends are those of C; the sign of
 * zero stays. */
START_TEST(ends)
{
    static const double ENDS[] = {0.0,     -0.0,     1.0,       -1.0,       0x1p-1074,
                                  1.7e308, INFINITY, -INFINITY, (double)NAN};
    enum { COUNT = sizeof(ENDS) / sizeof(ENDS[0]) };
    for (size_t m = 0; m < COUNT; m++)
        for (size_t n = 0; n < COUNT; n++) {
            double a[REALS], b[REALS];
            for (size_t i = 0; i < REALS; i++) {
                a[i] = ENDS[(m + i) % COUNT];
                b[i] = ENDS[(n + i) % COUNT];
            }
            const real_t p = load_reals(a), q = load_reals(b);
            HOLD_MASK(less(p, q), x < y);
            HOLD_MASK(at_most(p, q), x <= y);
            HOLD(choose(less(p, q), p, q), x < y ? x : y);
            HOLD(add(p, q), x + y);
            HOLD(mul(p, q), x * y);
            HOLD(div_(p, q), x / y);
            HOLD(root(p), sqrt(x));
            HOLD(real(a[0]), a[0]);
        }
}
END_TEST

/* A mask for every combination of signs. */
START_TEST(signs)
{
    for (unsigned bits_ = 0; bits_ < 1U << REALS; bits_++) {
        double a[REALS];
        for (size_t i = 0; i < REALS; i++)
            a[i] = bits_ >> i & 1 ? -0.0 : (double)INFINITY;
        ck_assert_uint_eq(mask_of(load_reals(a)), bits_);
    }
}
END_TEST

#define SHIFT(k)                                                                                   \
    do {                                                                                           \
        store_bits(found[0], left64(p, k));                                                        \
        store_bits(found[1], right64(p, k));                                                       \
        for (size_t i = 0; i < REALS; i++)                                                         \
            ck_assert(found[0][i] == a[i] << (k) && found[1][i] == a[i] >> (k));                   \
    } while (0)

/* By nothing and by all bits but one; a generator in every lane as the plain one. */
START_TEST(generators)
{
    uint64_t a[REALS], found[2][REALS], own[4][REALS];
    bits_t lanes[4];
    for (size_t i = 0; i < REALS; i++)
        a[i] = next() | 1;
    const bits_t p = load_bits(a);
    SHIFT(0);
    SHIFT(1);
    SHIFT(32);
    SHIFT(63);
    for (int k = 0; k < 4; k++) {
        for (size_t i = 0; i < REALS; i++)
            own[k][i] = next();
        lanes[k] = load_bits(own[k]);
    }
    for (int round = 0; round < ROUNDS; round++) {
        store_bits(found[0], xoshiro64_next(lanes));
        for (size_t i = 0; i < REALS; i++)
            found[1][i] = ph_xoshiro64_next(&own[0][i], &own[1][i], &own[2][i], &own[3][i]);
        ck_assert_mem_eq(found[0], found[1], sizeof(found[0]));
    }
    for (int k = 0; k < 4; k++) {
        store_bits(found[0], lanes[k]);
        ck_assert_mem_eq(found[0], own[k], sizeof(own[k]));
    }
}
END_TEST

int main(void)
{
    if (!ISA_PRESENT)
        return 77; /* skipped */
    TCase *tcase = tcase_create("reals");
    tcase_add_test(tcase, doubles);
    tcase_add_test(tcase, whole_parts);
    tcase_add_test(tcase, integers);
    tcase_add_test(tcase, ends);
    tcase_add_test(tcase, signs);
    tcase_add_test(tcase, generators);
    return test_run("reals of " ISA_NAME, tcase);
}
