/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sample/wide.h"

static inline uint32_t rotate(uint32_t x, int k)
{
    return (x << k) | (x >> (32 - k));
}

void ph_wide_init(ph_wide_t *self, ph_stream_t *stream)
{
    uint64_t words[2 * PH_WIDE];
    ph_stream_words(stream, words, 2 * PH_WIDE);
    for (int g = 0; g < PH_WIDE; g++) {
        const uint64_t a = words[2 * g], b = words[2 * g + 1];
        self->state[0][g] = (uint32_t)a | (uint32_t)((a | b) == 0);
        self->state[1][g] = (uint32_t)(a >> 32);
        self->state[2][g] = (uint32_t)b;
        self->state[3][g] = (uint32_t)(b >> 32);
    }
}

void ph_wide_next(ph_wide_t *self)
{
    uint32_t *restrict s0 = self->state[0], *restrict s1 = self->state[1];
    uint32_t *restrict s2 = self->state[2], *restrict s3 = self->state[3];
    uint32_t *restrict out = self->words;
#pragma omp simd
    for (int g = 0; g < PH_WIDE; g++) {
        out[g] = rotate(s0[g] + s3[g], 7) + s0[g];
        const uint32_t t = s1[g] << 9;
        s2[g] ^= s0[g];
        s3[g] ^= s1[g];
        s1[g] ^= s2[g];
        s0[g] ^= s3[g];
        s2[g] ^= t;
        s3[g] = rotate(s3[g], 11);
    }
}
