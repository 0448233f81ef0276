/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sites of a sweep in random order, eight generators in a register of AVX2. */
#include <immintrin.h>

#include "sim/random/order_private.h"

typedef struct {
    __m256i s[4];
} generators_t;

static inline __m256i rotate(__m256i a, int k)
{
    return _mm256_or_si256(_mm256_slli_epi32(a, k), _mm256_srli_epi32(a, 32 - k));
}

/* ph_xoshiro32_next() of each. */
static inline __m256i next(generators_t *g)
{
    __m256i *s = g->s;
    const __m256i word = _mm256_add_epi32(rotate(_mm256_add_epi32(s[0], s[3]), 7), s[0]);
    const __m256i t = _mm256_slli_epi32(s[1], 9);
    s[2] = _mm256_xor_si256(s[2], s[0]);
    s[3] = _mm256_xor_si256(s[3], s[1]);
    s[1] = _mm256_xor_si256(s[1], s[2]);
    s[0] = _mm256_xor_si256(s[0], s[3]);
    s[2] = _mm256_xor_si256(s[2], t);
    s[3] = rotate(s[3], 11);
    return word;
}

bool ph_order_avx2(ph_sites_t *self, uint32_t count)
{
    _Static_assert(PH_ORDER_GENERATORS == 8, "a register of generators");
    enum { ODD = 0xaa };
    enum { NEURONS_MAX = 1 << 22 }; /* of more, many chunks would be drawn twice */
    if (!__builtin_cpu_supports("avx2") || self->neurons > NEURONS_MAX)
        return false;
    const __m256i neurons = _mm256_set1_epi64x(self->neurons);
    __m256i least = _mm256_set1_epi32(-1); /* lower half of a product */
    generators_t g;
    for (int i = 0; i < 4; i++)
        g.s[i] = _mm256_loadu_si256((const __m256i *)(const void *)self->state[i]);
    for (uint32_t k = 0; k < count; k += PH_ORDER_GENERATORS) {
        const __m256i word = next(&g);
        const __m256i even = _mm256_mul_epu32(word, neurons);
        const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(word, 32), neurons);
        const __m256i lower = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), ODD);
        const __m256i upper = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, ODD);
        _mm256_store_si256((__m256i *)(void *)(self->sites + k), upper);
        least = _mm256_min_epu32(least, lower);
    }
    /* A product whose lower half is less than the neurons may be one to be thrown away. */
    const __m256i doubtful =
        _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(self->neurons ^ 1u << 31)),
                           _mm256_xor_si256(least, _mm256_set1_epi32(INT32_MIN)));
    if (!_mm256_testz_si256(doubtful, doubtful))
        return false;
    for (int i = 0; i < 4; i++)
        _mm256_storeu_si256((__m256i *)(void *)self->state[i], g.s[i]);
    return true;
}
