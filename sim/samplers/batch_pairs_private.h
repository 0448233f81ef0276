/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_BATCH_PAIRS_PRIVATE_H
#define PH_SAMPLERS_BATCH_PAIRS_PRIVATE_H

/* Rows of 4 entries, two in a vector. */
#ifdef PH_WIDTH
#include "sim/samplers/batch_private.h"

typedef shorts_t sums_t; /* twice */
typedef struct {
    shorts_t of[BATCH / 2];
} rows_t;

/* Lanes 0 0 1 1 and 2 2 3 3: one a row. */
#define first_rows(a) (shorts_t) __builtin_shufflevector(a, a, 0, 0, 1, 1)
#define last_rows(a) (shorts_t) __builtin_shufflevector(a, a, 2, 2, 3, 3)
/* The two rows in the other order. */
#define exchanged(a) (shorts_t) __builtin_shufflevector((words_t)(a), (words_t)(a), 2, 3, 0, 1)

INLINED sums_t load_sums(const int16_t *sums)
{
    return (sums_t){sums[0], sums[1], sums[2], sums[3], sums[0], sums[1], sums[2], sums[3]};
}

INLINED void save_sums(int16_t *sums, sums_t a)
{
    memcpy(sums, &a, sizeof(a) / 2);
}

INLINED void load_rows(rows_t *x, const int16_t *records, const uint32_t *sites, words_t spins)
{
    typedef int64_t pair_t __attribute__((vector_size(16)));
    const words_t signs = (words_t)((bits_t)spins << 16 | ((bits_t)spins & 0xffff));
    int64_t row[BATCH];
    for (size_t k = 0; k < BATCH; k++)
        memcpy(&row[k], records + (size_t)sites[k] * WIDTH, sizeof(row[k]));
    x->of[0] = (shorts_t)(pair_t){row[0], row[1]} * first_rows(signs);
    x->of[1] = (shorts_t)(pair_t){row[2], row[3]} * last_rows(signs);
}

INLINED words_t find_fields(const rows_t *x, sums_t sums)
{
    return add_neighbours(multiply_add(x->of[0], sums), multiply_add(x->of[1], sums));
}

INLINED void find_effects(const rows_t *x, words_t *effects)
{
    const words_t none = {0}, a = (words_t)x->of[0], b = (words_t)x->of[1];
    const shorts_t even = (shorts_t)__builtin_shufflevector(a, b, 0, 1, 4, 5);
    const shorts_t odd = (shorts_t)__builtin_shufflevector(a, b, 2, 3, 6, 7);
    /* Of rows 0 2, 1 3, 0 3, 1 2; and 0 1, 2 3, none. */
    words_t across = add_neighbours(multiply_add(x->of[0], x->of[1]),
                                    multiply_add(x->of[0], exchanged(x->of[1])));
    words_t within = add_neighbours(multiply_add(even, odd), none);
    across += across;
    within += within;
    effects[0] = __builtin_shufflevector(across, within, 6, 4, 0, 2);
    effects[1] = __builtin_shufflevector(across, within, 6, 6, 3, 1);
    effects[2] = __builtin_shufflevector(across, within, 6, 6, 6, 5);
}

INLINED sums_t flip(const rows_t *x, sums_t sums, words_t kept)
{
    shorts_t change = (~first_rows(kept) & x->of[0]) + (~last_rows(kept) & x->of[1]);
    change += exchanged(change);
    return sums - change - change;
}

#undef first_rows
#undef last_rows
#undef exchanged
#endif
#endif
