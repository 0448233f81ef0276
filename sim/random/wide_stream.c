/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/random/wide_stream.h"

#include "sim/random/xoshiro.h"

void ph_wide_init(ph_wide_t *self, ph_stream_t *stream)
{
    uint64_t words[2 * PH_WIDE];
    ph_stream_words(stream, words, 2 * PH_WIDE);
    for (int g = 0; g < PH_WIDE; g++)
        ph_xoshiro32_seed(&self->state[0][g], &self->state[1][g], &self->state[2][g],
                          &self->state[3][g], words[2 * g], words[2 * g + 1]);
}

void ph_wide_next(ph_wide_t *self)
{
    uint32_t *restrict s0 = self->state[0], *restrict s1 = self->state[1];
    uint32_t *restrict s2 = self->state[2], *restrict s3 = self->state[3];
    uint32_t *restrict out = self->words;
#pragma omp simd
    for (int g = 0; g < PH_WIDE; g++)
        out[g] = ph_xoshiro32_next(&s0[g], &s1[g], &s2[g], &s3[g]);
}
