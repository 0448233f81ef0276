/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/random/lane_stream.h"

#include "sim/random/order_private.h"
#include "sim/random/xoshiro.h"

static void seed(uint32_t *s0, uint32_t *s1, uint32_t *s2, uint32_t *s3, ph_stream_t *stream)
{
    const uint64_t a = ph_stream_word(stream), b = ph_stream_word(stream);
    ph_xoshiro32_seed(s0, s1, s2, s3, a, b);
}

void ph_lanes_seed(ph_lanes_t *self, ph_stream_key_t key, uint32_t sample, uint32_t block,
                   uint64_t sweep, uint32_t pairs)
{
    ph_stream_t stream;
    ph_stream_init(&stream, key, PH_PURPOSE_LANES, sample, block, sweep);
    for (uint32_t g = 0; g < pairs; g++)
        seed(&self->state[0][g], &self->state[1][g], &self->state[2][g], &self->state[3][g],
             &stream);
}

/* One step of generators [first, end), whose words stand `stride` apart. */
static inline void step(uint32_t *restrict s0, uint32_t *restrict s1, uint32_t *restrict s2,
                        uint32_t *restrict s3, uint32_t first, uint32_t end, uint32_t *restrict out)
{
#pragma omp simd
    for (uint32_t g = first; g < end; g++)
        out[g] = ph_xoshiro32_next(&s0[g], &s1[g], &s2[g], &s3[g]);
}

void ph_lanes_next(ph_lanes_t *self, uint32_t first, uint32_t end, uint32_t *out)
{
    step(self->state[0], self->state[1], self->state[2], self->state[3], first, end, out);
}

uint32_t ph_lanes_more(ph_stream_key_t key, uint32_t sample, uint32_t block, uint64_t sweep,
                       uint64_t attempt, uint32_t lane)
{
    ph_stream_t stream;
    ph_stream_init(&stream, key, PH_PURPOSE_MORE_BITS, sample, block, sweep);
    stream.counter[0] = attempt * PH_MAX_LANES + lane;
    return (uint32_t)ph_stream_word(&stream);
}

void ph_sites_init(ph_sites_t *self, ph_stream_key_t key, uint32_t sample, uint32_t block,
                   uint64_t sweep, ph_order_t order, int64_t neurons, uint32_t *permutation)
{
    self->order = order;
    self->neurons = (uint32_t)neurons;
    self->handed_out = 0;
    self->permutation = permutation;
    ph_stream_init(&self->stream, key, PH_PURPOSE_ORDER, sample, block, sweep);
    for (uint32_t g = 0; g < PH_ORDER_GENERATORS && order != PH_ORDER_SEQUENTIAL; g++)
        seed(&self->state[0][g], &self->state[1][g], &self->state[2][g], &self->state[3][g],
             &self->stream);
    for (uint32_t i = 0; i < self->neurons && order == PH_ORDER_PERMUTED; i++)
        permutation[i] = i;
}

/* Scales a word to [0, bound); bias, where the low half is below 2^32 mod bound, is thrown away. */
static inline uint32_t below(ph_sites_t *self, uint32_t word, uint32_t bound)
{
    uint64_t product = (uint64_t)word * bound;
    if ((uint32_t)product < bound && (uint32_t)product < (0 - bound) % bound)
        return ph_stream_below(&self->stream, bound);
    return (uint32_t)(product >> 32);
}

uint32_t ph_sites_next(ph_sites_t *self)
{
    uint32_t left = self->neurons - self->handed_out;
    uint32_t count = left < PH_ORDER_CHUNK ? left : PH_ORDER_CHUNK, first = self->handed_out;
    self->handed_out += count;
    if (self->order == PH_ORDER_SEQUENTIAL) {
        for (uint32_t k = 0; k < count; k++)
            self->sites[k] = first + k;
        return count;
    }
#ifdef __x86_64__
    if (self->order == PH_ORDER_RANDOM && ph_order_avx2(self, count))
        return count;
#endif
    for (uint32_t k = 0; k < count; k += PH_ORDER_GENERATORS)
        step(self->state[0], self->state[1], self->state[2], self->state[3], 0, PH_ORDER_GENERATORS,
             self->sites + k);
    if (self->order == PH_ORDER_RANDOM) {
        for (uint32_t k = 0; k < count; k++)
            self->sites[k] = below(self, self->sites[k], self->neurons);
        return count;
    }
    for (uint32_t k = 0; k < count; k++) {
        uint32_t i = first + k, j = i + below(self, self->sites[k], self->neurons - i);
        uint32_t site = self->permutation[j];
        self->permutation[j] = self->permutation[i];
        self->permutation[i] = site;
        self->sites[k] = site;
    }
    return count;
}
