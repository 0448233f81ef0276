/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_VECTOR_VECTOR_H
#define PH_VECTOR_VECTOR_H

/*
 * The instruction set that a vector kernel is compiled for: the build names it, PH_ISA, and its
 * header, PH_ISA_HEADER, which a set that nobody knows does not have. Kernels with PH_VECTOR_REALS
 * are written in its doubles, others in its integers.
 */
#ifdef PH_ISA_HEADER
#include PH_ISA_HEADER

#ifndef ISA_NAME
#error "the flags of this instruction set are missing"
#endif

#define PH_JOIN_NAMES(a, b) a##b
#define PH_JOIN(a, b) PH_JOIN_NAMES(a, b)
/* The name of a kernel for this set. */
#define KERNEL_OF(name) PH_JOIN(PH_KERNEL_##name##_, PH_ISA)

#ifdef PH_VECTOR_REALS
_Static_assert(REALS == 1 || REALS == 2 || REALS == 4, "as many doubles as divide four generators");
_Static_assert(sizeof(real_t) == 8 * REALS && sizeof(bits_t) == sizeof(real_t), "REALS doubles");

#define rotate64(a, k) or64(left64(a, k), right64(a, 64 - (k)))

/* ph_xoshiro64_next() in every lane; s[4]. */
static inline __attribute__((always_inline, unused)) bits_t xoshiro64_next(bits_t *s)
{
    const bits_t word = add64(rotate64(add64(s[0], s[3]), 23), s[0]), t = left64(s[1], 17);
    s[2] = xor64(s[2], s[0]);
    s[3] = xor64(s[3], s[1]);
    s[1] = xor64(s[1], s[2]);
    s[0] = xor64(s[0], s[3]);
    s[2] = xor64(s[2], t);
    s[3] = rotate64(s[3], 45);
    return word;
}
#else
_Static_assert(VECTOR_LANES == 8 || VECTOR_LANES == 16 || VECTOR_LANES == 32,
               "a register of 128 to 512 bits: it divides 64 chains, and 16 generators of 32 bits");
_Static_assert(sizeof(vector_t) == 2 * VECTOR_LANES && VECTOR_LANES == 2 * VECTOR_WORDS,
               "VECTOR_LANES numbers of 16 bits, VECTOR_WORDS of 32");

/* 32-bit lanes to be read as twice as many of 16 bits: the lower half first, as little-endian
 * memory has it. */
static inline __attribute__((always_inline, unused)) vector_t lower_first(vector_t a)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return rotate32(a, 16);
#else
    return a;
#endif
}

/* ph_xoshiro32_next() in every 32-bit lane. */
static inline __attribute__((always_inline, unused)) vector_t
xoshiro32_next(vector_t *s0, vector_t *s1, vector_t *s2, vector_t *s3)
{
    const vector_t word = add32(rotate32(add32(*s0, *s3), 7), *s0), t = left32(*s1, 9);
    *s2 = xor_(*s2, *s0);
    *s3 = xor_(*s3, *s1);
    *s1 = xor_(*s1, *s2);
    *s0 = xor_(*s0, *s3);
    *s2 = xor_(*s2, t);
    *s3 = rotate32(*s3, 11);
    return word;
}
#endif
#endif

#endif
