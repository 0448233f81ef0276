/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_LAYOUT_WIDE_PRIVATE_H
#define PH_SAMPLERS_LAYOUT_WIDE_PRIVATE_H

/* Of site_vector.c: equal weights, 32-bit overlaps and fields. */
#ifdef PH_LAYOUT_WIDE
#define LAYOUT_KERNEL KERNEL_OF(WIDE)
#define LAYOUT_NAME "wide-" ISA_NAME
#define LAYOUT_HELP "the same with 32-bit overlaps and fields"
enum { PARTS = 2, OVERLAP_BYTES = 4 };

static inline __attribute__((always_inline)) void
layout_sums(const hot_t *hot, size_t site, size_t columns, size_t count, vector_t *sums)
{
    const int16_t *phi = hot->phi + site * columns;
    for (size_t v = 0; v < 2 * count; v++)
        sums[v] = set16(0);
    for (size_t p = 0; p < columns; p++) {
        const int32_t *overlaps = (const int32_t *)hot->overlaps + p * PH_MAX_LANES;
        const vector_t entry = set32(phi[p]);
        for (size_t v = 0; v < 2 * count; v++)
            sums[v] = add32(sums[v], low32(entry, load(overlaps + v * VECTOR_WORDS)));
    }
}

static inline __attribute__((always_inline)) void
layout_change(const hot_t *hot, size_t site, size_t columns, size_t count, const vector_t *change)
{
    const int16_t *phi = hot->phi + site * columns;
    vector_t twice[2 * LEFT_MAX];
    for (size_t v = 0; v < count; v++) {
        twice[2 * v] = double_first(change[v]);
        twice[2 * v + 1] = double_second(change[v]);
    }
    for (size_t p = 0; p < columns; p++) {
        int32_t *overlaps = (int32_t *)hot->overlaps + p * PH_MAX_LANES;
        /* A product of 32 bits: the upper half of the entry is 0. */
        const vector_t entry = set32((uint16_t)phi[p]);
        for (size_t v = 0; v < 2 * count; v++) {
            int32_t *part = overlaps + v * VECTOR_WORDS;
            store(part, add32(load(part), madd16(entry, twice[v])));
        }
    }
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
