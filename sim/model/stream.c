/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/model/stream.h"

/* Random123 has the generator of 64-bit words for x86-64, 64-bit Arm and POWER; for others by this,
 * and all draw the same. */
#if !defined(__x86_64__) && !defined(__aarch64__) && !defined(__powerpc64__)
#ifdef __SIZEOF_INT128__
#define R123_USE_GNU_UINT128 1
#else
#define R123_USE_MULHILO64_C99 1
#endif
#endif
#include <Random123/philox.h>
#include <string.h>

ph_stream_key_t ph_stream_key(uint64_t seed, ph_digest_t identity)
{
    uint64_t words[3] = {seed, identity.high, identity.low};
    ph_digest_t digest = ph_digest_words(words, 3);
    return (ph_stream_key_t){{digest.high, digest.low}};
}

void ph_stream_init(ph_stream_t *self, ph_stream_key_t key, ph_purpose_t purpose, uint32_t sample,
                    uint32_t block, uint64_t time)
{
    memcpy(self->key, key.key, sizeof(self->key));
    self->counter[0] = 0;
    self->counter[1] = time;
    self->counter[2] = ((uint64_t)sample << 32) | block;
    self->counter[3] = (uint64_t)purpose;
    self->left = 0;
}

/* The next four words. Not part of a loop: there compilers keep the keys of all rounds in memory.
 */
static __attribute__((noinline)) void next_block(ph_stream_t *self, uint64_t *words)
{
    const philox4x64_ctr_t counter = {
        {self->counter[0]++, self->counter[1], self->counter[2], self->counter[3]}};
    const philox4x64_key_t key = {{self->key[0], self->key[1]}};
    const philox4x64_ctr_t out = philox4x64(counter, key);
    memcpy(words, out.v, sizeof(out.v));
}

/* Those of two streams of one key in step: each round waits for the one before it. */
static void next_blocks(ph_stream_t *first, ph_stream_t *second, uint64_t *words)
{
    enum { ROUNDS = 10 };
    const uint64_t *c = first->counter, *d = second->counter;
    philox4x64_ctr_t a = {{c[0], c[1], c[2], c[3]}}, b = {{d[0], d[1], d[2], d[3]}};
    philox4x64_key_t key = {{first->key[0], first->key[1]}};
    for (int round = 0; round < ROUNDS; round++) {
        a = philox4x64_R(1, a, key);
        b = philox4x64_R(1, b, key);
        key.v[0] += PHILOX_W64_0;
        key.v[1] += PHILOX_W64_1;
    }
    first->counter[0]++;
    second->counter[0]++;
    memcpy(words, a.v, sizeof(a.v));
    memcpy(words + 4, b.v, sizeof(b.v));
}

uint64_t ph_stream_word(ph_stream_t *self)
{
    if (self->left == 0) {
        next_block(self, self->buffer);
        self->left = 4;
    }
    return self->buffer[4 - self->left--];
}

void ph_stream_words(ph_stream_t *self, uint64_t *words, size_t count)
{
    size_t k = 0;
    while (k < count && self->left > 0)
        words[k++] = ph_stream_word(self);
    for (; k + 8 <= count; k += 8) {
        ph_stream_t next = *self;
        next.counter[0]++;
        next_blocks(self, &next, words + k);
        self->counter[0]++;
    }
    if (k + 4 <= count) {
        next_block(self, words + k);
        k += 4;
    }
    while (k < count)
        words[k++] = ph_stream_word(self);
}

void ph_stream_heads(ph_stream_t *streams, size_t count, uint64_t *words)
{
    size_t i = 0;
    for (; i + 2 <= count; i += 2)
        next_blocks(&streams[i], &streams[i + 1], words + 4 * i);
    if (i < count)
        next_block(&streams[i], words + 4 * i);
}

void ph_stream_init_lane(ph_stream_t *self, ph_stream_key_t key, ph_purpose_t purpose,
                         uint32_t sample, uint32_t block, uint32_t lane, uint64_t time)
{
    ph_stream_init(self, key, purpose, sample, block, time);
    self->counter[3] |= (uint64_t)(lane + 1) << 32;
}

void ph_stream_skip(ph_stream_t *self, uint64_t words)
{
    while (self->left > 0 && words > 0) {
        self->left--;
        words--;
    }
    self->counter[0] += words / 4;
    for (words %= 4; words > 0; words--)
        (void)ph_stream_word(self);
}

double ph_stream_unit(ph_stream_t *self)
{
    return (double)(ph_stream_word(self) >> 11) * 0x1p-53;
}

uint32_t ph_stream_below(ph_stream_t *self, uint32_t bound)
{
    /* The high half of word * bound is uniform once the low halves below 2^64 mod bound are
     * thrown away. */
    for (;;) {
        __extension__ unsigned __int128 product =
            (unsigned __int128)ph_stream_word(self) * (uint64_t)bound;
        uint64_t low = (uint64_t)product;
        if (low >= bound || low >= (0 - (uint64_t)bound) % bound)
            return (uint32_t)(product >> 64);
    }
}
