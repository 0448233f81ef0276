/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_LAYOUT_INTEGER_PRIVATE_H
#define PH_SAMPLERS_LAYOUT_INTEGER_PRIVATE_H

/* Of site_vector.c: the exact threshold of a lane, fields being integers. */
#if defined(PH_LAYOUT_NARROW) || defined(PH_LAYOUT_PAIRS) || defined(PH_LAYOUT_WIDE)
static uint64_t layout_threshold(const ph_block_t *self, size_t site, size_t place, int32_t spin,
                                 int32_t sign)
{
    const size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    int32_t field = -self->squares[site] * spin;
    for (size_t p = 0; p < features; p++)
        field += phi[p] * layout_overlap(self->state, p, place);
    return ph_decision_integer(&self->decision, field * sign);
}

#if !defined(PH_LAYOUT_NARROW)
/* 32-bit sums without the spin's own share: the field's sign in 16 bits, its size in the squeeze's
 * units. */
ALWAYS vector_t layout_judge(attempt_t at, bool metropolis, const vector_t *sums, vector_t up,
                             vector_t words, vector_t *after)
{
    const ph_squeeze_t *squeeze = &at.hot->squeeze;
    const vector_t own = set32(at.hot->squares[site_of(at)]), twice = add32(own, own);
    const vector_t half = set32((UINT32_C(1) << squeeze->shift) / 2);
    const vector_t first = sub32(add32(sums[0], own), and_(widen_first(up), twice));
    const vector_t second = sub32(add32(sums[1], own), and_(widen_second(up), twice));
    const vector_t field = pack32(first, second);
    vector_t strength = pack32(shift32(add32(abs32(first), half), squeeze->shift),
                               shift32(add32(abs32(second), half), squeeze->shift));
    if (metropolis) {
        const vector_t down = xor_(up, set16(0xffff));
        const vector_t cost = sub16(xor_(max16(field, set16(-32767)), down), down);
        strength = and_(strength, less16(set16(0), cost));
        return judge_cost(squeeze, cost, strength, up, words, after);
    }
    return judge_field(squeeze, field, strength, words, after);
}

/* Fields that stay within 32 bits with the rounding of the squeeze. */
static bool layout_fits_field(const ph_block_t *self)
{
    return self->decision.integer && self->coupling.integer_bound < (double)(INT32_MAX - (1 << 17));
}

static bool layout_squeeze(ph_squeeze_t *squeeze, const ph_block_t *self)
{
    return ph_squeeze_init(squeeze, &self->decision, (int32_t)self->coupling.integer_bound);
}

static size_t layout_rows_bytes(size_t neurons, size_t features)
{
    (void)neurons;
    (void)features;
    return 1;
}

static void layout_fill_rows(const ph_block_t *self, void *rows)
{
    (void)self;
    (void)rows;
}
#endif

#endif
#endif
