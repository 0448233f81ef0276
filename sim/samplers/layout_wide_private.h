/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_LAYOUT_WIDE_PRIVATE_H
#define PH_SAMPLERS_LAYOUT_WIDE_PRIVATE_H

/* Of site_vector.c: equal weights, 32-bit overlaps and fields. */
#ifdef PH_LAYOUT_WIDE
#define LAYOUT_KERNEL KERNEL_OF(WIDE)
#define LAYOUT_NAME "wide-" ISA_NAME
#define LAYOUT_HELP "the same with 32-bit overlaps and fields"
enum { PARTS = 2, OVERLAP_BYTES = 4 };

ALWAYS const void *layout_row(const hot_t *hot, size_t site, size_t columns)
{
    return hot->phi + site * columns;
}

ALWAYS size_t layout_steps(size_t columns)
{
    return columns;
}

ALWAYS void layout_pass(attempt_t at, attempt_t next, size_t columns, size_t p, size_t count,
                        const vector_t *moved, vector_t *sums)
{
    (void)columns;
    int32_t *overlaps = (int32_t *)at.hot->overlaps + p * PH_MAX_LANES;
    const int16_t *phi = at.row, *next_phi = next.row;
    /* A product of 32 bits: the upper half of the entry is 0. */
    const vector_t entry = set32((uint16_t)phi[p]), other = set32(next_phi[p]);
    for (size_t v = 0; v < 2 * count; v++) {
        int32_t *part = overlaps + v * VECTOR_WORDS;
        const vector_t now = add32(load(part), madd16(entry, moved[v]));
        store(part, now);
        sums[v] = add32(sums[v], low32(other, now));
    }
}

ALWAYS void layout_moved(vector_t change, vector_t *moved)
{
    moved[0] = double_first(change);
    moved[1] = double_second(change);
}

static int32_t layout_overlap(const state_t *state, size_t p, size_t place)
{
    return ((const int32_t *)state->overlaps)[p * PH_MAX_LANES + half_place(place)];
}

static void layout_put(state_t *state, size_t p, size_t place, int32_t overlap)
{
    ((int32_t *)state->overlaps)[p * PH_MAX_LANES + half_place(place)] = overlap;
}

#include "sim/samplers/layout_integer_private.h"

static bool layout_fits(const ph_block_t *self)
{
    return layout_fits_field(self);
}

#endif
#endif
