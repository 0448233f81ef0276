/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_LAYOUT_NARROW_PRIVATE_H
#define PH_SAMPLERS_LAYOUT_NARROW_PRIVATE_H

/* Of site_vector.c: equal weights, 16-bit overlaps and fields. */
#ifdef PH_LAYOUT_NARROW
#define LAYOUT_KERNEL KERNEL_OF(SITE)
#define LAYOUT_NAME ISA_NAME
#define LAYOUT_HELP "16-bit vector registers, all lanes of a site at once"
enum { PARTS = 1, OVERLAP_BYTES = 2 };

/* A row has the own share of a site and its entries, each twice, in both halves of a word. */
enum { OWN, ENTRIES };

ALWAYS size_t row_words(size_t columns)
{
    return ENTRIES + columns;
}

ALWAYS const void *layout_row(const hot_t *hot, size_t site, size_t columns)
{
    return (const uint32_t *)hot->rows + site * row_words(columns);
}

ALWAYS size_t layout_steps(size_t columns)
{
    return columns;
}

/* Word k of a row in every lane. */
ALWAYS vector_t row_vector(attempt_t at, size_t k)
{
    return every32((const uint32_t *)at.row + k);
}

ALWAYS void layout_pass(attempt_t at, attempt_t next, size_t columns, size_t p, size_t count,
                        const vector_t *moved, vector_t *sums)
{
    (void)columns;
    int16_t *overlaps = (int16_t *)at.hot->overlaps + p * PH_MAX_LANES;
    const vector_t entry = row_vector(at, ENTRIES + p), other = row_vector(next, ENTRIES + p);
    for (size_t v = 0; v < count; v++) {
        int16_t *part = overlaps + v * VECTOR_LANES;
        const vector_t now = add16(load(part), low16(entry, moved[v]));
        store(part, now);
        sums[v] = add16(sums[v], low16(other, now));
    }
}

ALWAYS vector_t layout_judge(attempt_t at, bool metropolis, const vector_t *sums, vector_t up,
                             vector_t words, vector_t *after)
{
    const ph_squeeze_t *squeeze = &at.hot->squeeze;
    if (metropolis) {
        const vector_t down = xor_(up, set16(-1));
        const vector_t cost = sub16(sub16(xor_(sums[0], down), down), row_vector(at, OWN));
        return judge_cost(squeeze, cost, max16(cost, set16(0)), up, words, after);
    }
    const vector_t own = row_vector(at, OWN);
    const vector_t field = add16(sums[0], choose16(up, sub16(set16(0), own), own));
    return judge_field(squeeze, field, abs16(field), words, after);
}

ALWAYS void layout_moved(vector_t change, vector_t *moved)
{
    moved[0] = change;
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
    return self->decision.integer && self->largest_field <= INT16_MAX;
}

static bool layout_squeeze(ph_squeeze_t *squeeze, const ph_block_t *self)
{
    return ph_squeeze_init(squeeze, &self->decision, (int32_t)self->largest_field);
}

static size_t layout_rows_bytes(size_t neurons, size_t features)
{
    return neurons * row_words(features) * sizeof(uint32_t);
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
