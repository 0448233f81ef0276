/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_VECTOR_AVX2_H
#define PH_VECTOR_AVX2_H

/* Registers of AVX2. */
#ifdef __AVX2__
#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ISA_NAME "avx2"
#define ISA_PRESENT (__builtin_cpu_supports("avx2") != 0)

#ifndef PH_VECTOR_REALS
/* Sixteen 16-bit integers. */
enum { VECTOR_LANES = 16, VECTOR_WORDS = 8 };
typedef __m256i vector_t;

#define load(address) _mm256_load_si256((const __m256i *)(const void *)(address))
#define store(address, a) _mm256_store_si256((__m256i *)(void *)(address), a)
#define set16(value) _mm256_set1_epi16((short)(value))
#define set32(value) _mm256_set1_epi32((int)(value))
/* A word of memory in every lane; of set32() gcc would have it in an integer register first. */
#define every32(address)                                                                           \
    _mm256_castps_si256(_mm256_broadcast_ss((const float *)(const void *)(address)))
#define add16 _mm256_add_epi16
#define sub16 _mm256_sub_epi16
#define sub_saturated16 _mm256_subs_epi16
#define add_capped16 _mm256_adds_epu16 /* without sign, 65535 at most */
#define low16 _mm256_mullo_epi16
#define high16 _mm256_mulhi_epu16
#define min16 _mm256_min_epi16
#define min_unsigned16 _mm256_min_epu16
#define max16 _mm256_max_epi16
#define abs16 _mm256_abs_epi16
#define equal16 _mm256_cmpeq_epi16
#define less16(a, b) _mm256_cmpgt_epi16(b, a)
#define left16 _mm256_slli_epi16
#define right16 _mm256_srli_epi16
#define and_ _mm256_and_si256
#define or_ _mm256_or_si256
#define xor_ _mm256_xor_si256
/* a where the mask is set, else b. */
#define choose16(mask, a, b) _mm256_blendv_epi8(b, a, mask)
#define add32 _mm256_add_epi32
#define sub32 _mm256_sub_epi32
#define equal32 _mm256_cmpeq_epi32
#define less32(a, b) _mm256_cmpgt_epi32(b, a)
/* One bit a 32-bit lane. */
#define mask32(a) ((uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(a)))
#define madd16 _mm256_madd_epi16
#define left32 _mm256_slli_epi32
#define rotate32(a, k) _mm256_or_si256(_mm256_slli_epi32(a, k), _mm256_srli_epi32(a, 32 - (k)))

/* 32-bit lanes: the two halves of a vector of 16-bit ones, and back (saturated). */
#define widen_first(a) _mm256_srai_epi32(_mm256_unpacklo_epi16(a, a), 16)
#define widen_second(a) _mm256_srai_epi32(_mm256_unpackhi_epi16(a, a), 16)
/* Each 16-bit lane twice. */
#define double_first(a) _mm256_unpacklo_epi16(a, a)
#define double_second(a) _mm256_unpackhi_epi16(a, a)
#define pack32 _mm256_packs_epi32
#define shift32(a, k) _mm256_srl_epi32(a, _mm_cvtsi32_si128(k))
#define abs32 _mm256_abs_epi32
#define low32 _mm256_mullo_epi32

/* Where the halves have a lane: they are cut within each 128 bits. */
static inline size_t half_place(size_t place)
{
    return (place & ~(size_t)12) | (place & 4) << 1 | (place & 8) >> 1;
}

/* 32-bit lanes as single-precision numbers. */
#define as_real _mm256_castsi256_ps
#define as_bits _mm256_castps_si256
#define set_real(x) as_bits(_mm256_set1_ps(x))
#define add_real(a, b) as_bits(_mm256_add_ps(as_real(a), as_real(b)))
#define times_real(a, b) as_bits(_mm256_mul_ps(as_real(a), as_real(b)))
#define min_real(a, b) as_bits(_mm256_min_ps(as_real(a), as_real(b)))
#define max_real(a, b) as_bits(_mm256_max_ps(as_real(a), as_real(b)))
#define less_real(a, b) as_bits(_mm256_cmp_ps(as_real(a), as_real(b), _CMP_LT_OQ))
#define sub_real(a, b) as_bits(_mm256_sub_ps(as_real(a), as_real(b)))
#define right32 _mm256_srli_epi32
#define to_real(a) as_bits(_mm256_cvtepi32_ps(a))
#define round_real(a) _mm256_cvtps_epi32(as_real(a))

/* 2^(15 - n), n in 0..15: bytes 8..15 of the table serve the high byte, 0..7 the low one; an index
 * with its top bit set gives 0. */
static inline vector_t power16(vector_t n)
{
    const vector_t table = _mm256_set1_epi64x(0x0102040810204080);
    vector_t index = _mm256_or_si256(n, _mm256_slli_epi16(n, 8));
    return _mm256_shuffle_epi8(table, _mm256_add_epi8(index, _mm256_set1_epi16(0x78f8)));
}

/* Bits 16 v to 16 v + 15 of *bits as 0 or -1. */
static inline vector_t spread_bits(const uint64_t *bits, size_t v)
{
    const vector_t places = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048,
                                              4096, 8192, 16384, -32768);
    int16_t part16;
    memcpy(&part16, (const char *)bits + 2 * v, sizeof(part16));
    vector_t part = _mm256_set1_epi16(part16);
    return _mm256_cmpeq_epi16(_mm256_and_si256(part, places), places);
}

/* The inverse, for count = 1, 2 or 4 vectors. */
static inline uint64_t gather_bits(const vector_t *a, size_t count)
{
    uint64_t bits = 0;
    for (size_t v = 0; v < count; v += 2) {
        vector_t pair = _mm256_packs_epi16(a[v], v + 1 < count ? a[v + 1] : _mm256_setzero_si256());
        pair = _mm256_permute4x64_epi64(pair, 0xd8);
        bits |= (uint64_t)(uint32_t)_mm256_movemask_epi8(pair) << 16 * v;
    }
    return bits;
}

static inline bool any_bit(vector_t a)
{
    return _mm256_movemask_epi8(a) != 0;
}

#else
/* Four doubles. */
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

/* The lower halves of products. */
static inline bits_t low64(bits_t a, bits_t b)
{
    const bits_t across =
        add64(_mm256_mul_epu32(right64(a, 32), b), _mm256_mul_epu32(a, right64(b, 32)));
    return add64(_mm256_mul_epu32(a, b), left64(across, 32));
}

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
#endif
