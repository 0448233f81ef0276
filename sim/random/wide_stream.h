/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_RANDOM_WIDE_STREAM_H
#define PH_RANDOM_WIDE_STREAM_H

#include <stdint.h>

#include "sim/model/stream.h"

/*
 * Random numbers of samplers that update all sites of a chain at once: 16 xoshiro128++ generators
 * (Blackman & Vigna, ACM TOMS 47, 36 (2021)), seeded anew for every chain and sweep from a Philox
 * stream. Little: site k, block Gibbs: the k-th site in the order of ph_row_classes_order() takes
 * number floor(k / 16) of generator k % 16. Sixteen belongs to the definition of the numbers,
 * whatever the width of the machine's vectors.
 */
enum { PH_WIDE = 16 };

typedef struct {
    uint32_t state[4][PH_WIDE];
    uint32_t words[PH_WIDE]; /* of the current 16 sites */
} ph_wide_t;

/** Seeds from the next 32 words of a stream. */
void ph_wide_init(ph_wide_t *self, ph_stream_t *stream);

/** The next 16 words, into self->words. */
void ph_wide_next(ph_wide_t *self);

/** The word of site i; to be called for i = 0, 1, 2, ... in turn. */
static inline uint32_t ph_wide_word(ph_wide_t *self, uint64_t i)
{
    if (i % PH_WIDE == 0)
        ph_wide_next(self);
    return self->words[i % PH_WIDE];
}

#endif
