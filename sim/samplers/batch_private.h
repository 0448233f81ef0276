/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_BATCH_PRIVATE_H
#define PH_SAMPLERS_BATCH_PRIVATE_H

/*
 * What four attempts of one chain take, in vectors of 128 bits: products of rows of integers. A
 * row has the features of a site, zeros behind them, all times its spin; two rows of 4 entries
 * stand in one vector, those of 8 and 16 in vectors of their own.
 */
#ifdef PH_WIDTH
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What the vectors of gcc and clang lack; sets with PH_VECTOR_BITS do without
 * (sim/vector/portable.h). */
#if defined(__SSE2__) && !defined(PH_VECTOR_BITS)
#define PH_BATCH_SSE2
#include <immintrin.h>
#endif

enum { BATCH = 4, WIDTH = PH_WIDTH };

typedef int16_t shorts_t __attribute__((vector_size(16)));
typedef int32_t words_t __attribute__((vector_size(16)));
typedef uint32_t bits_t __attribute__((vector_size(16)));

#define INLINED static inline __attribute__((always_inline))

/* Lane i everywhere. */
#define everywhere(a, i) __builtin_shufflevector(a, a, i, i, i, i)

/* Products, sums of two. */
INLINED words_t multiply_add(shorts_t a, shorts_t b)
{
#ifdef PH_BATCH_SSE2
    return (words_t)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
    typedef int32_t longer_t __attribute__((vector_size(32)));
    const longer_t c = __builtin_convertvector(a, longer_t) * __builtin_convertvector(b, longer_t);
    return __builtin_shufflevector(c, c, 0, 2, 4, 6) + __builtin_shufflevector(c, c, 1, 3, 5, 7);
#endif
}

/* Sums of neighbours, those of b behind those of a. */
INLINED words_t add_neighbours(words_t a, words_t b)
{
    return __builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7);
}

INLINED bool any(words_t a)
{
#ifdef PH_BATCH_SSE2
    return _mm_movemask_epi8((__m128i)a) != 0;
#else
    typedef int64_t halves_t __attribute__((vector_size(16)));
    const halves_t b = (halves_t)a;
    return (b[0] | b[1]) != 0;
#endif
}

/*
 * Each width (batch_pairs_private.h, batch_rows_private.h) has: rows_t, four of them; sums_t, the
 * overlaps as they are multiplied with rows; load_sums, save_sums; load_rows of four sites, each
 * times its spin; find_fields, each row with the overlaps; find_effects, twice each row with those
 * after it, of the first three rows, 0 in the other lanes; flip, the overlaps less twice the rows
 * that are not kept.
 */

#endif
#endif
