/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RANDOM_XOSHIRO_H
#define PH_RANDOM_XOSHIRO_H

#include <stdint.h>

/*
 * xoshiro128++ and xoshiro256++ (Blackman & Vigna, ACM TOMS 47, 36 (2021)), the four words of a
 * state by themselves, so that many generators can stand side by side.
 */

static inline uint32_t ph_rotate32(uint32_t x, int k)
{
    return (x << k) | (x >> (32 - k));
}

static inline uint64_t ph_rotate64(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

/** State from 128 random bits; all zeros, which would stay so, become something else. */
static inline void ph_xoshiro32_seed(uint32_t *s0, uint32_t *s1, uint32_t *s2, uint32_t *s3,
                                     uint64_t a, uint64_t b)
{
    *s0 = (uint32_t)a | (uint32_t)((a | b) == 0);
    *s1 = (uint32_t)(a >> 32);
    *s2 = (uint32_t)b;
    *s3 = (uint32_t)(b >> 32);
}

/** The next word of xoshiro128++. */
static inline uint32_t ph_xoshiro32_next(uint32_t *s0, uint32_t *s1, uint32_t *s2, uint32_t *s3)
{
    const uint32_t word = ph_rotate32(*s0 + *s3, 7) + *s0, t = *s1 << 9;
    *s2 ^= *s0;
    *s3 ^= *s1;
    *s1 ^= *s2;
    *s0 ^= *s3;
    *s2 ^= t;
    *s3 = ph_rotate32(*s3, 11);
    return word;
}

/** The next word of xoshiro256++. */
static inline uint64_t ph_xoshiro64_next(uint64_t *s0, uint64_t *s1, uint64_t *s2, uint64_t *s3)
{
    const uint64_t word = ph_rotate64(*s0 + *s3, 23) + *s0, t = *s1 << 17;
    *s2 ^= *s0;
    *s3 ^= *s1;
    *s1 ^= *s2;
    *s0 ^= *s3;
    *s2 ^= t;
    *s3 = ph_rotate64(*s3, 45);
    return word;
}

#endif
