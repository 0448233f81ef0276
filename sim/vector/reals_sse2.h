/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_VECTOR_REALS_SSE2_H
#define PH_VECTOR_REALS_SSE2_H

/* Vector registers of two doubles, SSE2; what binomial_vector.c is written in. */
#ifdef __SSE2__
#include <emmintrin.h>
#include <stdint.h>

#define DRAW_LISTS PH_DRAW_SSE2
enum { REALS = 2 };
typedef __m128d real_t;
typedef __m128i bits_t;

#define load_reals _mm_loadu_pd
#define store_reals _mm_storeu_pd
#define load_bits(address) _mm_loadu_si128((const __m128i *)(const void *)(address))
#define store_bits(address, a) _mm_storeu_si128((__m128i *)(void *)(address), a)
#define real _mm_set1_pd
#define bits(value) _mm_set1_epi64x((int64_t)(value))
#define add _mm_add_pd
#define sub _mm_sub_pd
#define mul _mm_mul_pd
#define div_ _mm_div_pd
#define root _mm_sqrt_pd
#define less _mm_cmplt_pd
#define at_most _mm_cmple_pd
#define both _mm_and_pd
#define either _mm_or_pd
#define without(a, b) _mm_andnot_pd(b, a) /* a and not b */
#define choose(mask, a, b) _mm_or_pd(_mm_and_pd(mask, a), _mm_andnot_pd(mask, b))
#define mask_of(a) ((unsigned)_mm_movemask_pd(a))
#define as_bits _mm_castpd_si128
#define as_real _mm_castsi128_pd
#define add64 _mm_add_epi64
#define sub64 _mm_sub_epi64
#define xor64 _mm_xor_si128
#define and64 _mm_and_si128
#define or64 _mm_or_si128
#define left64 _mm_slli_epi64
#define right64 _mm_srli_epi64

/* Towards 0; |a| < 2^31. */
static inline real_t whole(real_t a)
{
    return _mm_cvtepi32_pd(_mm_cvttpd_epi32(a));
}

/* The whole part of 0 <= a < 2^31 as integers. */
static inline bits_t whole_bits(real_t a)
{
    return _mm_unpacklo_epi32(_mm_cvttpd_epi32(a), _mm_setzero_si128());
}

#endif
#endif
