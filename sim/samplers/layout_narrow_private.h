/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_LAYOUT_NARROW_PRIVATE_H
#define PH_SAMPLERS_LAYOUT_NARROW_PRIVATE_H

/* Of site_vector.c: equal weights, 16-bit overlaps and fields. */
#ifdef PH_LAYOUT_NARROW
#define LAYOUT_KERNEL KERNEL_OF(SITE)
#define LAYOUT_NAME ISA_NAME
#define LAYOUT_HELP "16-bit vector registers, all lanes of a site at once"
enum { PARTS = 1, OVERLAP_BYTES = 2 };

/* A row has the own share and the entries of a site, each twice, in both halves of a word. */
static inline const uint32_t *row_of(const hot_t *hot, size_t site, size_t columns)
{
    return (const uint32_t *)hot->rows + site * (columns + 1);
}

ALWAYS const void *layout_row(const hot_t *hot, size_t site, size_t columns)
{
    return row_of(hot, site, columns);
}

ALWAYS size_t layout_steps(size_t columns)
{
    return columns;
}

ALWAYS void layout_add(const hot_t *hot, size_t site, size_t columns, size_t p, size_t count,
                       vector_t *sums)
{
    const int16_t *overlaps = (const int16_t *)hot->overlaps + p * PH_MAX_LANES;
    const vector_t entry = set32(row_of(hot, site, columns)[p + 1]);
    for (size_t v = 0; v < count; v++)
        sums[v] = add16(sums[v], low16(entry, load(overlaps + v * VECTOR_LANES)));
}

ALWAYS vector_t layout_judge(const hot_t *hot, size_t site, size_t columns, bool metropolis,
                             const vector_t *sums, vector_t up, vector_t words, vector_t *after)
{
    const vector_t own = set32(row_of(hot, site, columns)[0]);
    if (metropolis) {
        const vector_t down = xor_(up, set16(0xffff));
        const vector_t cost = sub16(sub16(xor_(sums[0], down), down), own);
        return judge_cost(&hot->squeeze, cost, max16(cost, set16(0)), up, words, after);
    }
    const vector_t field = sub16(add16(sums[0], own), and_(up, add16(own, own)));
    return judge_field(&hot->squeeze, field, abs16(field), words, after);
}

ALWAYS void layout_moved(vector_t change, vector_t *moved)
{
    moved[0] = change;
}

ALWAYS void layout_change(const hot_t *hot, size_t site, size_t columns, size_t p, size_t count,
                          const vector_t *moved)
{
    int16_t *overlaps = (int16_t *)hot->overlaps + p * PH_MAX_LANES;
    const vector_t entry = set32(row_of(hot, site, columns)[p + 1]);
    for (size_t v = 0; v < count; v++) {
        int16_t *part = overlaps + v * VECTOR_LANES;
        store(part, add16(load(part), low16(entry, moved[v])));
    }
}

static int32_t layout_overlap(const state_t *state, size_t p, size_t place)
{
    return ((const int16_t *)state->overlaps)[p * PH_MAX_LANES + place];
}

static void layout_put(state_t *state, size_t p, size_t place, int32_t overlap)
{
    ((int16_t *)state->overlaps)[p * PH_MAX_LANES + place] = (int16_t)overlap;
}

static bool layout_fits(const ph_block_t *self)
{
    return self->decision.integer && ph_site_largest_field(self) <= INT16_MAX;
}

static bool layout_squeeze(ph_squeeze_t *squeeze, const ph_block_t *self)
{
    return ph_squeeze_init(squeeze, &self->decision, (int32_t)ph_site_largest_field(self));
}

static size_t layout_rows_bytes(size_t neurons, size_t features)
{
    return neurons * (features + 1) * sizeof(uint32_t);
}

static void layout_fill_rows(const ph_block_t *self, void *rows)
{
    const size_t features = (size_t)self->coupling.features;
    uint32_t *row = rows;
    for (size_t i = 0; i < (size_t)self->point->neurons; i++) {
        *row++ = (uint16_t)self->squares[i] * UINT32_C(0x10001);
        for (size_t p = 0; p < features; p++)
            *row++ = (uint16_t)self->coupling.phi[i * features + p] * UINT32_C(0x10001);
    }
}

#include "sim/samplers/layout_integer_private.h"

#endif
#endif
