/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_LAYOUT_PAIRS_PRIVATE_H
#define PH_SAMPLERS_LAYOUT_PAIRS_PRIVATE_H

/* Of site_vector.c: equal weights, 16-bit overlaps, two features in a word: multiplied and added at
 * a time to 32-bit fields. */
#ifdef PH_LAYOUT_PAIRS
#define LAYOUT_KERNEL KERNEL_OF(PAIRS)
#define LAYOUT_NAME "pairs-" ISA_NAME
#define LAYOUT_HELP "the same with 32-bit fields, two features at a time"
enum { PARTS = 2, OVERLAP_BYTES = 2 };

/* Entries 2 q and 2 q + 1 of a site. */
static inline uint32_t entries(const int16_t *phi, size_t q, size_t columns)
{
    const uint32_t first = (uint16_t)phi[2 * q];
    return 2 * q + 1 == columns ? first : first | (uint32_t)(uint16_t)phi[2 * q + 1] << 16;
}

ALWAYS const void *layout_row(const hot_t *hot, size_t site, size_t columns)
{
    return hot->phi + site * columns;
}

ALWAYS size_t layout_steps(size_t columns)
{
    return (columns + 1) / 2;
}

ALWAYS void layout_pass(attempt_t at, attempt_t next, size_t columns, size_t q, size_t count,
                        const vector_t *moved, vector_t *sums)
{
    uint32_t *overlaps = (uint32_t *)at.hot->overlaps + q * PH_MAX_LANES;
    const vector_t both = set32(entries(at.row, q, columns));
    const vector_t other = set32(entries(next.row, q, columns));
    for (size_t v = 0; v < 2 * count; v++) {
        uint32_t *part = overlaps + v * VECTOR_WORDS;
        const vector_t now = add16(load(part), low16(both, moved[v]));
        store(part, now);
        sums[v] = add32(sums[v], madd16(other, now));
    }
}

ALWAYS void layout_moved(vector_t change, vector_t *moved)
{
    moved[0] = double_first(change);
    moved[1] = double_second(change);
}

static int32_t layout_overlap(const state_t *state, size_t p, size_t place)
{
    const uint32_t *words = (const uint32_t *)state->overlaps + p / 2 * PH_MAX_LANES;
    return (int16_t)(uint16_t)(words[half_place(place)] >> 16 * (p % 2));
}

static void layout_put(state_t *state, size_t p, size_t place, int32_t overlap)
{
    uint32_t *word = (uint32_t *)state->overlaps + p / 2 * PH_MAX_LANES + half_place(place);
    const size_t shift = 16 * (p % 2);
    *word = (*word & ~(UINT32_C(0xffff) << shift)) | (uint32_t)(uint16_t)overlap << shift;
}

#include "sim/samplers/layout_integer_private.h"

static bool layout_fits(const ph_block_t *self)
{
    return layout_fits_field(self) && self->coupling.overlap_bound <= INT16_MAX;
}

#endif
#endif
