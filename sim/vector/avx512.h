/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_VECTOR_AVX512_H
#define PH_VECTOR_AVX512_H

/*
 * Registers of AVX-512 with BW, DQ and VL. Comparisons give masks, which are spread over the lanes
 * again where they are kept. Doubles are those of AVX2: four generators stand side by side.
 */
#if defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#ifdef PH_VECTOR_REALS
#include "sim/vector/avx2.h"
#undef ISA_NAME
#undef ISA_PRESENT
#else
#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#endif

#define ISA_NAME "avx512"
#define ISA_PRESENT                                                                                \
    (__builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&         \
     __builtin_cpu_supports("avx512vl") != 0)

#ifndef PH_VECTOR_REALS
/* Thirty-two 16-bit integers. */
enum { VECTOR_LANES = 32, VECTOR_WORDS = 16 };
typedef __m512i vector_t;

#define load(address) _mm512_load_si512((const void *)(address))
#define store(address, a) _mm512_store_si512((void *)(address), a)
#define set16(value) _mm512_set1_epi16((short)(value))
#define set32(value) _mm512_set1_epi32((int)(value))
#define every32(address) set32(*(address)) /* a word of memory in every lane */
#define add16 _mm512_add_epi16
#define sub16 _mm512_sub_epi16
#define sub_saturated16 _mm512_subs_epi16
#define add_capped16 _mm512_adds_epu16 /* without sign, 65535 at most */
#define low16 _mm512_mullo_epi16
#define high16 _mm512_mulhi_epu16
#define min16 _mm512_min_epi16
#define min_unsigned16 _mm512_min_epu16
#define max16 _mm512_max_epi16
#define abs16 _mm512_abs_epi16
#define equal16(a, b) _mm512_movm_epi16(_mm512_cmpeq_epi16_mask(a, b))
#define less16(a, b) _mm512_movm_epi16(_mm512_cmpgt_epi16_mask(b, a))
#define left16 _mm512_slli_epi16
#define right16 _mm512_srli_epi16
#define and_ _mm512_and_si512
#define or_ _mm512_or_si512
#define xor_ _mm512_xor_si512
/* a where the mask is set, else b. */
#define choose16(mask, a, b) _mm512_mask_blend_epi16(_mm512_movepi16_mask(mask), b, a)
#define add32 _mm512_add_epi32
#define sub32 _mm512_sub_epi32
#define equal32(a, b) _mm512_movm_epi32(_mm512_cmpeq_epi32_mask(a, b))
#define less32(a, b) _mm512_movm_epi32(_mm512_cmpgt_epi32_mask(b, a))
/* One bit a 32-bit lane. */
#define mask32(a) ((uint32_t)_mm512_movepi32_mask(a))
#define madd16 _mm512_madd_epi16
#define left32 _mm512_slli_epi32
#define right32 _mm512_srli_epi32
#define rotate32 _mm512_rol_epi32

/* 32-bit lanes: the two halves of a vector of 16-bit ones, and back (saturated). */
#define widen_first(a) _mm512_srai_epi32(_mm512_unpacklo_epi16(a, a), 16)
#define widen_second(a) _mm512_srai_epi32(_mm512_unpackhi_epi16(a, a), 16)
/* Each 16-bit lane twice. */
#define double_first(a) _mm512_unpacklo_epi16(a, a)
#define double_second(a) _mm512_unpackhi_epi16(a, a)
#define pack32 _mm512_packs_epi32
#define shift32(a, k) _mm512_srl_epi32(a, _mm_cvtsi32_si128(k))
#define abs32 _mm512_abs_epi32
#define low32 _mm512_mullo_epi32

/* Where the halves have a lane: they are cut within each 128 bits. */
static inline size_t half_place(size_t place)
{
    return (place & ~(size_t)28) | (place & 4) << 2 | (place & 24) >> 1;
}

/* 32-bit lanes as single-precision numbers. */
#define as_real _mm512_castsi512_ps
#define as_bits _mm512_castps_si512
#define set_real(x) as_bits(_mm512_set1_ps(x))
#define add_real(a, b) as_bits(_mm512_add_ps(as_real(a), as_real(b)))
#define sub_real(a, b) as_bits(_mm512_sub_ps(as_real(a), as_real(b)))
#define times_real(a, b) as_bits(_mm512_mul_ps(as_real(a), as_real(b)))
#define min_real(a, b) as_bits(_mm512_min_ps(as_real(a), as_real(b)))
#define max_real(a, b) as_bits(_mm512_max_ps(as_real(a), as_real(b)))
#define less_real(a, b) _mm512_movm_epi32(_mm512_cmp_ps_mask(as_real(a), as_real(b), _CMP_LT_OQ))
#define to_real(a) as_bits(_mm512_cvtepi32_ps(a))
#define round_real(a) _mm512_cvtps_epi32(as_real(a))

/* 2^(15 - n), n in 0..15. */
static inline vector_t power16(vector_t n)
{
    return _mm512_srlv_epi16(set16(0x8000), n);
}

/* Bits 32 v to 32 v + 31 of *bits as 0 or -1. */
static inline vector_t spread_bits(const uint64_t *bits, size_t v)
{
    uint32_t part;
    memcpy(&part, (const char *)bits + 4 * v, sizeof(part));
    return _mm512_movm_epi16(part);
}

/* The inverse, for count = 1 or 2 vectors. */
static inline uint64_t gather_bits(const vector_t *a, size_t count)
{
    uint64_t bits = 0;
    for (size_t v = 0; v < count; v++)
        bits |= (uint64_t)_mm512_movepi16_mask(a[v]) << 32 * v;
    return bits;
}

static inline bool any_bit(vector_t a)
{
    return _mm512_test_epi32_mask(a, a) != 0;
}
#endif

#endif
#endif
