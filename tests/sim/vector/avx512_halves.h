/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_TESTS_AVX512_HALVES_H
#define PH_TESTS_AVX512_HALVES_H

/*
 * sim/vector/avx512.h on a processor that has AVX2 only: its instructions are those of the two
 * halves of a register, since none that it uses carries anything from one 128 bits to others. So
 * the header, and the kernels with its registers, are tried where they cannot run.
 */
#ifdef __AVX2__
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#ifndef PH_VECTOR_REALS
#define INLINE static inline __attribute__((always_inline, unused))

typedef struct {
    __m256i low, high;
} halves_t;

INLINE halves_t halves_of(__m512i a)
{
    halves_t own;
    memcpy(&own, &a, sizeof(own));
    return own;
}

INLINE __m512i whole_of(__m256i low, __m256i high)
{
    const halves_t own = {low, high};
    __m512i a;
    memcpy(&a, &own, sizeof(a));
    return a;
}

#define OF_ONE(name, instruction)                                                                  \
    INLINE __m512i own_##name(__m512i a)                                                           \
    {                                                                                              \
        const halves_t x = halves_of(a);                                                           \
        return whole_of(instruction(x.low), instruction(x.high));                                  \
    }
#define OF_TWO(name, instruction)                                                                  \
    INLINE __m512i own_##name(__m512i a, __m512i b)                                                \
    {                                                                                              \
        const halves_t x = halves_of(a), y = halves_of(b);                                         \
        return whole_of(instruction(x.low, y.low), instruction(x.high, y.high));                   \
    }
#define BY_COUNT(name, instruction)                                                                \
    INLINE __m512i own_##name(__m512i a, int k)                                                    \
    {                                                                                              \
        const halves_t x = halves_of(a);                                                           \
        return whole_of(instruction(x.low, k), instruction(x.high, k));                            \
    }
#define TO_MASK(name, type, bits, instruction)                                                     \
    INLINE type own_##name(__m512i a)                                                              \
    {                                                                                              \
        const halves_t x = halves_of(a);                                                           \
        return (type)(instruction(x.low) | (uint64_t)instruction(x.high) << (bits));               \
    }

/* Of two registers of 16-bit signs one of 8-bit ones in order, and its bits. */
INLINE uint32_t signs16(__m256i a)
{
    const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(a, a), 0xd8);
    return (uint32_t)_mm256_movemask_epi8(bytes) & 0xffff;
}

INLINE uint32_t signs32(__m256i a)
{
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(a));
}

#define OF_REALS(name)                                                                             \
    INLINE __m256i half_##name(__m256i a, __m256i b)                                               \
    {                                                                                              \
        return _mm256_castps_si256(_mm256_##name(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b))); \
    }
OF_REALS(add_ps)
OF_REALS(sub_ps)
OF_REALS(mul_ps)
OF_REALS(min_ps)
OF_REALS(max_ps)

INLINE __m256i half_to_real(__m256i a)
{
    return _mm256_castps_si256(_mm256_cvtepi32_ps(a));
}

INLINE __m256i half_round(__m256i a)
{
    return _mm256_cvtps_epi32(_mm256_castsi256_ps(a));
}

INLINE __m256i half_less(__m256i a, __m256i b)
{
    return _mm256_castps_si256(
        _mm256_cmp_ps(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b), _CMP_LT_OQ));
}

OF_TWO(add16, _mm256_add_epi16)
OF_TWO(sub16, _mm256_sub_epi16)
OF_TWO(subs16, _mm256_subs_epi16)
OF_TWO(adds_unsigned16, _mm256_adds_epu16)
OF_TWO(min_unsigned16, _mm256_min_epu16)
OF_TWO(mullo16, _mm256_mullo_epi16)
OF_TWO(mulhi16, _mm256_mulhi_epu16)
OF_TWO(min16, _mm256_min_epi16)
OF_TWO(max16, _mm256_max_epi16)
OF_ONE(abs16, _mm256_abs_epi16)
OF_TWO(equal16, _mm256_cmpeq_epi16)
OF_TWO(greater16, _mm256_cmpgt_epi16)
BY_COUNT(slli16, _mm256_slli_epi16)
BY_COUNT(srli16, _mm256_srli_epi16)
OF_TWO(and, _mm256_and_si256)
OF_TWO(or, _mm256_or_si256)
OF_TWO(xor, _mm256_xor_si256)
OF_TWO(add32, _mm256_add_epi32)
OF_TWO(sub32, _mm256_sub_epi32)
OF_TWO(equal32, _mm256_cmpeq_epi32)
OF_TWO(greater32, _mm256_cmpgt_epi32)
OF_TWO(madd, _mm256_madd_epi16)
BY_COUNT(slli32, _mm256_slli_epi32)
BY_COUNT(srli32, _mm256_srli_epi32)
BY_COUNT(srai32, _mm256_srai_epi32)
OF_TWO(unpacklo16, _mm256_unpacklo_epi16)
OF_TWO(unpackhi16, _mm256_unpackhi_epi16)
OF_TWO(packs32, _mm256_packs_epi32)
OF_ONE(abs32, _mm256_abs_epi32)
OF_TWO(mullo32, _mm256_mullo_epi32)
OF_TWO(add_real, half_add_ps)
OF_TWO(sub_real, half_sub_ps)
OF_TWO(mul_real, half_mul_ps)
OF_TWO(min_real, half_min_ps)
OF_TWO(max_real, half_max_ps)
OF_TWO(less_real, half_less)
OF_ONE(to_real, half_to_real)
OF_ONE(round_real, half_round)
TO_MASK(signs16, uint32_t, 16, signs16)
TO_MASK(signs32, uint16_t, 8, signs32)

INLINE __m512i own_srl32(__m512i a, __m128i k)
{
    const halves_t x = halves_of(a);
    return whole_of(_mm256_srl_epi32(x.low, k), _mm256_srl_epi32(x.high, k));
}

/* Lane by lane: 0 or -1 by the bits of a mask; shifts by what another register has. */
INLINE __m512i own_movm16(uint32_t mask)
{
    int16_t lanes[32];
    __m512i a;
    for (int i = 0; i < 32; i++)
        lanes[i] = (int16_t) - (int)(mask >> i & 1);
    memcpy(&a, lanes, sizeof(a));
    return a;
}

INLINE __m512i own_movm32(uint16_t mask)
{
    int32_t lanes[16];
    __m512i a;
    for (int i = 0; i < 16; i++)
        lanes[i] = -(mask >> i & 1);
    memcpy(&a, lanes, sizeof(a));
    return a;
}

INLINE __m512i own_srlv16(__m512i a, __m512i k)
{
    uint16_t lanes[32], by[32];
    memcpy(lanes, &a, sizeof(a));
    memcpy(by, &k, sizeof(k));
    for (int i = 0; i < 32; i++)
        lanes[i] = (uint16_t)(by[i] < 16 ? lanes[i] >> by[i] : 0);
    memcpy(&a, lanes, sizeof(a));
    return a;
}

INLINE uint16_t own_test32(__m512i a, __m512i b)
{
    return (uint16_t)~own_signs32(
        own_equal32(own_and(a, b), whole_of(_mm256_setzero_si256(), _mm256_setzero_si256())));
}

/* b where a bit of the mask is set. */
INLINE __m512i own_blend16(uint32_t mask, __m512i a, __m512i b)
{
    const __m512i which = own_movm16(mask);
    return own_xor(a, own_and(which, own_xor(a, b)));
}

INLINE void own_store(void *address, __m512i a)
{
    memcpy(address, &a, sizeof(a));
}

/* Some compilers have macros for some of them. */
#undef _mm512_abs_epi16
#undef _mm512_abs_epi32
#undef _mm512_add_epi16
#undef _mm512_add_epi32
#undef _mm512_add_ps
#undef _mm512_adds_epu16
#undef _mm512_and_si512
#undef _mm512_castps_si512
#undef _mm512_castsi512_ps
#undef _mm512_cmp_ps_mask
#undef _mm512_cmpeq_epi16_mask
#undef _mm512_cmpeq_epi32_mask
#undef _mm512_cmpgt_epi16_mask
#undef _mm512_cmpgt_epi32_mask
#undef _mm512_cvtepi32_ps
#undef _mm512_cvtps_epi32
#undef _mm512_load_si512
#undef _mm512_madd_epi16
#undef _mm512_mask_blend_epi16
#undef _mm512_max_epi16
#undef _mm512_max_ps
#undef _mm512_min_epi16
#undef _mm512_min_epu16
#undef _mm512_min_ps
#undef _mm512_movepi16_mask
#undef _mm512_movepi32_mask
#undef _mm512_movm_epi16
#undef _mm512_movm_epi32
#undef _mm512_mul_ps
#undef _mm512_mulhi_epu16
#undef _mm512_mullo_epi16
#undef _mm512_mullo_epi32
#undef _mm512_or_si512
#undef _mm512_packs_epi32
#undef _mm512_rol_epi32
#undef _mm512_set1_epi16
#undef _mm512_set1_epi32
#undef _mm512_set1_ps
#undef _mm512_slli_epi16
#undef _mm512_slli_epi32
#undef _mm512_srai_epi32
#undef _mm512_srl_epi32
#undef _mm512_srli_epi16
#undef _mm512_srli_epi32
#undef _mm512_srlv_epi16
#undef _mm512_store_si512
#undef _mm512_sub_epi16
#undef _mm512_sub_epi32
#undef _mm512_sub_ps
#undef _mm512_subs_epi16
#undef _mm512_test_epi32_mask
#undef _mm512_unpackhi_epi16
#undef _mm512_unpacklo_epi16
#undef _mm512_xor_si512

#define _mm512_load_si512(address)                                                                 \
    whole_of(_mm256_load_si256((const __m256i *)(address)),                                        \
             _mm256_load_si256((const __m256i *)(address) + 1))
#define _mm512_store_si512 own_store
#define _mm512_set1_epi16(x) whole_of(_mm256_set1_epi16(x), _mm256_set1_epi16(x))
#define _mm512_set1_epi32(x) whole_of(_mm256_set1_epi32(x), _mm256_set1_epi32(x))
#define _mm512_add_epi16 own_add16
#define _mm512_sub_epi16 own_sub16
#define _mm512_subs_epi16 own_subs16
#define _mm512_adds_epu16 own_adds_unsigned16
#define _mm512_mullo_epi16 own_mullo16
#define _mm512_mulhi_epu16 own_mulhi16
#define _mm512_min_epi16 own_min16
#define _mm512_min_epu16 own_min_unsigned16
#define _mm512_mask_blend_epi16 own_blend16
#define _mm512_max_epi16 own_max16
#define _mm512_abs_epi16 own_abs16
#define _mm512_cmpeq_epi16_mask(a, b) own_signs16(own_equal16(a, b))
#define _mm512_cmpgt_epi16_mask(a, b) own_signs16(own_greater16(a, b))
#define _mm512_movm_epi16 own_movm16
#define _mm512_movepi16_mask own_signs16
#define _mm512_slli_epi16 own_slli16
#define _mm512_srli_epi16 own_srli16
#define _mm512_and_si512 own_and
#define _mm512_or_si512 own_or
#define _mm512_xor_si512 own_xor
#define _mm512_add_epi32 own_add32
#define _mm512_sub_epi32 own_sub32
#define _mm512_cmpeq_epi32_mask(a, b) own_signs32(own_equal32(a, b))
#define _mm512_cmpgt_epi32_mask(a, b) own_signs32(own_greater32(a, b))
#define _mm512_movm_epi32 own_movm32
#define _mm512_movepi32_mask own_signs32
#define _mm512_madd_epi16 own_madd
#define _mm512_slli_epi32 own_slli32
#define _mm512_srli_epi32 own_srli32
#define _mm512_srai_epi32 own_srai32
#define _mm512_rol_epi32(a, k) own_or(own_slli32(a, k), own_srli32(a, 32 - (k)))
#define _mm512_unpacklo_epi16 own_unpacklo16
#define _mm512_unpackhi_epi16 own_unpackhi16
#define _mm512_packs_epi32 own_packs32
#define _mm512_srl_epi32 own_srl32
#define _mm512_abs_epi32 own_abs32
#define _mm512_mullo_epi32 own_mullo32
#define _mm512_srlv_epi16 own_srlv16
#define _mm512_test_epi32_mask own_test32
/* Reals are kept as their bits. */
#define _mm512_castsi512_ps(a) (a)
#define _mm512_castps_si512(a) (a)
#define _mm512_set1_ps(x)                                                                          \
    whole_of(_mm256_castps_si256(_mm256_set1_ps(x)), _mm256_castps_si256(_mm256_set1_ps(x)))
#define _mm512_add_ps own_add_real
#define _mm512_sub_ps own_sub_real
#define _mm512_mul_ps own_mul_real
#define _mm512_min_ps own_min_real
#define _mm512_max_ps own_max_real
#define _mm512_cmp_ps_mask(a, b, how) own_signs32(own_less_real(a, b))
#define _mm512_cvtepi32_ps own_to_real
#define _mm512_cvtps_epi32 own_round_real
#endif

#define __AVX512BW__ 1
#define __AVX512DQ__ 1
#define __AVX512VL__ 1
#include "sim/vector/avx512.h"
#undef ISA_PRESENT
#define ISA_PRESENT (__builtin_cpu_supports("avx2") != 0)
#undef __AVX512BW__
#undef __AVX512DQ__
#undef __AVX512VL__

#endif
#endif
