/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_VECTOR_SSE2_H
#define PH_VECTOR_SSE2_H

/* Registers of SSE2. */
#ifdef __SSE2__
#include <emmintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ISA_NAME "sse2"
#define ISA_PRESENT true

#ifndef PH_VECTOR_REALS
/* Eight 16-bit integers. */
enum { VECTOR_LANES = 8, VECTOR_WORDS = 4 };
typedef __m128i vector_t;

#define load(address) _mm_load_si128((const __m128i *)(const void *)(address))
#define store(address, a) _mm_store_si128((__m128i *)(void *)(address), a)
#define set16(value) _mm_set1_epi16((short)(value))
#define set32(value) _mm_set1_epi32((int)(value))
#define every32(address) set32(*(address)) /* a word of memory in every lane */
#define add16 _mm_add_epi16
#define sub16 _mm_sub_epi16
#define sub_saturated16 _mm_subs_epi16
#define add_capped16 _mm_adds_epu16 /* without sign, 65535 at most */
#define low16 _mm_mullo_epi16
#define high16 _mm_mulhi_epu16
#define min16 _mm_min_epi16
#define min_unsigned16(a, b) _mm_sub_epi16(a, _mm_subs_epu16(a, b))
#define max16 _mm_max_epi16
#define abs16(a) _mm_max_epi16(a, _mm_sub_epi16(_mm_setzero_si128(), a))
#define equal16 _mm_cmpeq_epi16
#define less16(a, b) _mm_cmpgt_epi16(b, a)
#define left16 _mm_slli_epi16
#define right16 _mm_srli_epi16
#define and_ _mm_and_si128
#define or_ _mm_or_si128
#define xor_ _mm_xor_si128
/* a where the mask is set, else b. */
#define choose16(mask, a, b) _mm_or_si128(_mm_and_si128(mask, a), _mm_andnot_si128(mask, b))
#define add32 _mm_add_epi32
#define sub32 _mm_sub_epi32
#define equal32 _mm_cmpeq_epi32
#define less32(a, b) _mm_cmpgt_epi32(b, a)
/* One bit a 32-bit lane. */
#define mask32(a) ((uint32_t)_mm_movemask_ps(_mm_castsi128_ps(a)))
#define madd16 _mm_madd_epi16
#define left32 _mm_slli_epi32
#define rotate32(a, k) _mm_or_si128(_mm_slli_epi32(a, k), _mm_srli_epi32(a, 32 - (k)))

/* 32-bit lanes: the two halves of a vector of 16-bit ones, and back (saturated). */
#define widen_first(a) _mm_srai_epi32(_mm_unpacklo_epi16(a, a), 16)
#define widen_second(a) _mm_srai_epi32(_mm_unpackhi_epi16(a, a), 16)
/* Each 16-bit lane twice. */
#define double_first(a) _mm_unpacklo_epi16(a, a)
#define double_second(a) _mm_unpackhi_epi16(a, a)
#define pack32 _mm_packs_epi32
#define shift32(a, k) _mm_srl_epi32(a, _mm_cvtsi32_si128(k))

/* Where the halves have a lane. */
static inline size_t half_place(size_t place)
{
    return place;
}

static inline vector_t abs32(vector_t a)
{
    vector_t sign = _mm_srai_epi32(a, 31);
    return _mm_sub_epi32(_mm_xor_si128(a, sign), sign);
}

static inline vector_t low32(vector_t a, vector_t b)
{
    vector_t even = _mm_mul_epu32(a, b);
    vector_t odd = _mm_mul_epu32(_mm_srli_epi64(a, 32), _mm_srli_epi64(b, 32));
    return _mm_unpacklo_epi32(_mm_shuffle_epi32(even, 0x08), _mm_shuffle_epi32(odd, 0x08));
}

/* 32-bit lanes as single-precision numbers. */
#define as_real _mm_castsi128_ps
#define as_bits _mm_castps_si128
#define set_real(x) as_bits(_mm_set1_ps(x))
#define add_real(a, b) as_bits(_mm_add_ps(as_real(a), as_real(b)))
#define times_real(a, b) as_bits(_mm_mul_ps(as_real(a), as_real(b)))
#define min_real(a, b) as_bits(_mm_min_ps(as_real(a), as_real(b)))
#define max_real(a, b) as_bits(_mm_max_ps(as_real(a), as_real(b)))
#define less_real(a, b) as_bits(_mm_cmplt_ps(as_real(a), as_real(b)))
#define sub_real(a, b) as_bits(_mm_sub_ps(as_real(a), as_real(b)))
#define right32 _mm_srli_epi32
#define to_real(a) as_bits(_mm_cvtepi32_ps(a))
#define round_real(a) _mm_cvtps_epi32(as_real(a))

/* 2^(15 - n), n in 0..15: for each bit of n, half, quarter, ... where it is set. */
static inline vector_t power16(vector_t n)
{
    vector_t power = _mm_set1_epi16(-32768);
    for (int bit = 0; bit < 4; bit++) {
        vector_t place = _mm_set1_epi16((short)(1 << bit));
        vector_t set = _mm_cmpeq_epi16(_mm_and_si128(n, place), place);
        vector_t less = _mm_srl_epi16(power, _mm_cvtsi32_si128(1 << bit));
        power = _mm_or_si128(_mm_and_si128(set, less), _mm_andnot_si128(set, power));
    }
    return power;
}

/* Bits 8 v to 8 v + 7 of *bits as 0 or -1. */
static inline vector_t spread_bits(const uint64_t *bits, size_t v)
{
    const vector_t places = _mm_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128);
    vector_t part = _mm_set1_epi16((short)(*bits >> 8 * v));
    return _mm_cmpeq_epi16(_mm_and_si128(part, places), places);
}

/* The inverse, for an even number of vectors. */
static inline uint64_t gather_bits(const vector_t *a, size_t count)
{
    uint64_t bits = 0;
    for (size_t v = 0; v < count; v += 2)
        bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_packs_epi16(a[v], a[v + 1])) << 8 * v;
    return bits;
}

static inline bool any_bit(vector_t a)
{
    return _mm_movemask_epi8(a) != 0;
}

#else
/* Two doubles. */
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

/* The lower halves of products. */
static inline bits_t low64(bits_t a, bits_t b)
{
    const bits_t across = add64(_mm_mul_epu32(right64(a, 32), b), _mm_mul_epu32(a, right64(b, 32)));
    return add64(_mm_mul_epu32(a, b), left64(across, 32));
}

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
#endif
