/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_SAMPLERS_LAYOUT_REAL_PRIVATE_H
#define PH_SAMPLERS_LAYOUT_REAL_PRIVATE_H

/* Of site_vector.c: any weights. Overlaps are integers in single precision, below 2^24 and so
 * exact; fields are off by some last bits, which the squeeze allows for. */
#ifdef PH_LAYOUT_REAL
#define LAYOUT_KERNEL KERNEL_OF(REAL)
#define LAYOUT_NAME "real-" ISA_NAME
#define LAYOUT_HELP "the same with fields in single precision, for unequal weights"
enum { PARTS = 2, OVERLAP_BYTES = 4, OVERLAP_END = 1 << 24 };

/* rows: [features] the weights over N. */
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
    float *overlaps = (float *)at.hot->overlaps + p * PH_MAX_LANES;
    const float *weights = at.hot->rows;
    const int16_t *phi = at.row, *next_phi = next.row;
    const vector_t entry = set_real(phi[p]), other = set_real(weights[p] * next_phi[p]);
    for (size_t v = 0; v < 2 * count; v++) {
        float *part = overlaps + v * VECTOR_WORDS;
        const vector_t now = add_real(load(part), times_real(entry, moved[v]));
        store(part, now);
        sums[v] = add_real(sums[v], times_real(other, now));
    }
}

/* Without the spin's own share; the size in the squeeze's units, within 16 bits. */
ALWAYS vector_t layout_judge(attempt_t at, bool metropolis, const vector_t *sums, vector_t up,
                             vector_t words, vector_t *after)
{
    const ph_squeeze_t *squeeze = &at.hot->squeeze;
    const vector_t own = set_real((float)(at.hot->self[site_of(at)] * at.hot->per_neuron));
    const vector_t sign = set32(0x80000000), size = set32(0x7fffffff),
                   unit = set_real(at.hot->per_unit);
    const vector_t end = set_real(32767.0F);
    /* own where the spin is down, -own where it is up */
    const vector_t first = add_real(sums[0], xor_(own, and_(widen_first(up), sign)));
    const vector_t second = add_real(sums[1], xor_(own, and_(widen_second(up), sign)));
    const vector_t field = pack32(first, second); /* the bits of numbers have their sign */
    vector_t strength = pack32(round_real(min_real(times_real(and_(first, size), unit), end)),
                               round_real(min_real(times_real(and_(second, size), unit), end)));
    const vector_t exactly =
        and_(equal16(strength, set16(0)), set16(squeeze->zero_open ? 0xffff : 0));
    vector_t apart;
    if (metropolis) {
        const vector_t down = xor_(up, set16(0xffff));
        const vector_t cost = sub16(xor_(max16(field, set16(-32767)), down), down);
        strength = and_(strength, less16(set16(0), cost));
        apart = judge_cost(squeeze, cost, strength, up, words, after);
    } else {
        apart = judge_field(squeeze, field, strength, words, after);
    }
    return and_(apart, xor_(exactly, set16(0xffff)));
}

ALWAYS void layout_moved(vector_t change, vector_t *moved)
{
    moved[0] = to_real(widen_first(change));
    moved[1] = to_real(widen_second(change));
}

static int32_t layout_overlap(const state_t *state, size_t p, size_t place)
{
    return (int32_t)((const float *)state->overlaps)[p * PH_MAX_LANES + half_place(place)];
}

static void layout_put(state_t *state, size_t p, size_t place, int32_t overlap)
{
    ((float *)state->overlaps)[p * PH_MAX_LANES + half_place(place)] = (float)overlap;
}

/* ph_site_field() from the overlaps as they stand here. */
static uint64_t layout_threshold(const ph_block_t *self, size_t site, size_t place, int32_t spin,
                                 int32_t sign)
{
    const size_t features = (size_t)self->coupling.features;
    const int16_t *phi = self->coupling.phi + site * features;
    double field = 0.0;
    for (size_t p = 0; p < features; p++) {
        double share = phi[p] * ((double)layout_overlap(self->state, p, place) - phi[p] * spin);
        field += self->coupling.weights[p] * share;
    }
    return ph_decision_real(&self->decision, field / (double)self->coupling.neurons * sign);
}

static bool layout_fits(const ph_block_t *self)
{
    return !self->decision.integer && self->coupling.overlap_bound < OVERLAP_END;
}

/* A sum of P terms of three factors, the own share, and the units: a rounding each. */
static bool layout_squeeze(ph_squeeze_t *squeeze, const ph_block_t *self)
{
    const double largest = self->coupling.field_bound;
    const double error = 0x1p-24 * ((double)self->coupling.features + 10.0) * largest;
    return ph_squeeze_init_real(squeeze, &self->decision, largest, error);
}

static size_t layout_rows_bytes(size_t neurons, size_t features)
{
    (void)neurons;
    return features * sizeof(float);
}

static void layout_fill_rows(const ph_block_t *self, void *rows)
{
    float *weights = rows;
    for (size_t p = 0; p < (size_t)self->coupling.features; p++)
        weights[p] = (float)(self->coupling.weights[p] / (double)self->coupling.neurons);
}

#endif
#endif
