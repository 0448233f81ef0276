/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_BATCH_ROWS_PRIVATE_H
#define PH_SAMPLERS_BATCH_ROWS_PRIVATE_H

/* Rows of 8 and 16 entries: one or two vectors, or one of 256 bits. */
#ifdef PH_WIDTH
#include "sim/samplers/batch_private.h"

#if PH_WIDTH == 16 && defined(PH_BATCH_SSE2) && defined(__AVX2__)
typedef __m256i part_t;
enum { PARTS = 1 };
#define NO_PART _mm256_setzero_si256()
#define times(a, b) _mm256_mullo_epi16(a, b)
#define less(a, b) _mm256_sub_epi16(a, b)
#define plus(a, b) _mm256_add_epi16(a, b)
#define without(mask, a) _mm256_andnot_si256(mask, a)
#define plus32(a, b) _mm256_add_epi32(a, b)
#define products(a, b) _mm256_madd_epi16(a, b)
#define all_lanes(value) _mm256_set1_epi16(value)
#define both_halves(a) _mm256_broadcastsi128_si256((__m128i)(a))

/* Sums of neighbours in each half. */
INLINED part_t neighbours(part_t a, part_t b)
{
    const __m256 c = _mm256_castsi256_ps(a), d = _mm256_castsi256_ps(b);
    return plus32(_mm256_castps_si256(_mm256_shuffle_ps(c, d, 0x88)),
                  _mm256_castps_si256(_mm256_shuffle_ps(c, d, 0xdd)));
}

INLINED words_t total(part_t a)
{
    return (words_t)_mm256_castsi256_si128(a) + (words_t)_mm256_extracti128_si256(a, 1);
}
#else
typedef shorts_t part_t;
enum { PARTS = WIDTH / 8 };
#define NO_PART ((part_t){0})
#define times(a, b) ((a) * (b))
#define less(a, b) ((a) - (b))
#define plus(a, b) ((a) + (b))
#define without(mask, a) (~(mask) & (a))
#define plus32(a, b) ((part_t)((words_t)(a) + (words_t)(b)))
#define products(a, b) ((part_t)multiply_add(a, b))
#define all_lanes(value) ((part_t){0} + (int16_t)(value))
#define both_halves(a) ((part_t)(a))
#define neighbours(a, b) ((part_t)add_neighbours((words_t)(a), (words_t)(b)))
#define total(a) ((words_t)(a))
#endif

typedef struct {
    part_t part[PARTS];
} row_t;
typedef row_t sums_t;
typedef struct {
    row_t of[BATCH];
} rows_t;

INLINED sums_t load_sums(const int16_t *sums)
{
    sums_t a;
    memcpy(&a, sums, sizeof(a));
    return a;
}

INLINED void save_sums(int16_t *sums, sums_t a)
{
    memcpy(sums, &a, sizeof(a));
}

INLINED void load_rows(rows_t *x, const int16_t *records, const uint32_t *sites, words_t spins)
{
#pragma GCC unroll 4
    for (size_t k = 0; k < BATCH; k++)
#pragma GCC unroll 2
        for (size_t v = 0; v < PARTS; v++) {
            part_t part;
            memcpy(&part, records + (size_t)sites[k] * WIDTH + v * (WIDTH / PARTS), sizeof(part));
            x->of[k].part[v] = times(part, all_lanes((int16_t)spins[k]));
        }
}

INLINED part_t product(row_t a, row_t b)
{
    part_t sum = products(a.part[0], b.part[0]);
    for (size_t v = 1; v < PARTS; v++)
        sum = plus32(sum, products(a.part[v], b.part[v]));
    return sum;
}

INLINED words_t totals(part_t a, part_t b, part_t c, part_t d)
{
    return total(neighbours(neighbours(a, b), neighbours(c, d)));
}

INLINED words_t find_fields(const rows_t *x, sums_t sums)
{
    return totals(product(x->of[0], sums), product(x->of[1], sums), product(x->of[2], sums),
                  product(x->of[3], sums));
}

INLINED void find_effects(const rows_t *x, words_t *effects)
{
    const words_t none = {0};
    const row_t *row = x->of;
    const words_t a =
        totals(NO_PART, product(row[0], row[1]), product(row[0], row[2]), product(row[0], row[3]));
    words_t b =
        totals(NO_PART, product(row[2], row[3]), product(row[1], row[2]), product(row[1], row[3]));
    b += b;
    effects[0] = a + a;
    effects[1] = __builtin_shufflevector(b, none, 4, 4, 2, 3);
    effects[2] = __builtin_shufflevector(b, none, 4, 4, 4, 1);
}

INLINED sums_t flip(const rows_t *x, sums_t sums, words_t kept)
{
    const part_t kept0 = both_halves(everywhere(kept, 0)), kept1 = both_halves(everywhere(kept, 1));
    const part_t kept2 = both_halves(everywhere(kept, 2)), kept3 = both_halves(everywhere(kept, 3));
    for (size_t v = 0; v < PARTS; v++) {
        const part_t change =
            plus(plus(without(kept0, x->of[0].part[v]), without(kept1, x->of[1].part[v])),
                 plus(without(kept2, x->of[2].part[v]), without(kept3, x->of[3].part[v])));
        sums.part[v] = less(less(sums.part[v], change), change);
    }
    return sums;
}

#undef times
#undef less
#undef plus
#undef without
#endif
#endif
