/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_VECTOR_REALS_AVX2_H
#define PH_VECTOR_REALS_AVX2_H

/* Vector registers of four doubles, AVX2; what binomial_vector.c is written in. */
#ifdef __AVX2__
#include <immintrin.h>
#include <stdint.h>

#define DRAW_LISTS PH_DRAW_AVX2
enum { REALS = 4 };
typedef __m256d real_t;
typedef __m256i bits_t;

#define load_reals _mm256_loadu_pd
#define store_reals _mm256_storeu_pd
#define load_bits(address) _mm256_loadu_si256((const __m256i *)(const void *)(address))
#define store_bits(address, a) _mm256_storeu_si256((__m256i *)(void *)(address), a)
#define real _mm256_set1_pd
#define bits(value) _mm256_set1_epi64x((int64_t)(value))
#define add _mm256_add_pd
#define sub _mm256_sub_pd
#define mul _mm256_mul_pd
#define div_ _mm256_div_pd
#define root _mm256_sqrt_pd
#define less(a, b) _mm256_cmp_pd(a, b, _CMP_LT_OQ)
#define at_most(a, b) _mm256_cmp_pd(a, b, _CMP_LE_OQ)
#define both _mm256_and_pd
#define either _mm256_or_pd
#define without(a, b) _mm256_andnot_pd(b, a) /* a and not b */
#define choose(mask, a, b) _mm256_blendv_pd(b, a, mask)
#define mask_of(a) ((unsigned)_mm256_movemask_pd(a))
#define as_bits _mm256_castpd_si256
#define as_real _mm256_castsi256_pd
#define add64 _mm256_add_epi64
#define sub64 _mm256_sub_epi64
#define xor64 _mm256_xor_si256
#define and64 _mm256_and_si256
#define or64 _mm256_or_si256
#define left64 _mm256_slli_epi64
#define right64 _mm256_srli_epi64

/* Towards 0; |a| < 2^31. */
static inline real_t whole(real_t a)
{
    return _mm256_cvtepi32_pd(_mm256_cvttpd_epi32(a));
}

/* The whole part of 0 <= a < 2^31 as integers. */
static inline bits_t whole_bits(real_t a)
{
    return _mm256_cvtepu32_epi64(_mm256_cvttpd_epi32(a));
}

#endif
#endif
