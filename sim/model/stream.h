/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_STREAM_H
#define PH_MODEL_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"

/** What a stream is for: streams of different purposes never share a number. */
typedef enum {
    PH_PURPOSE_PATTERNS, /* archetypes of a sample; identity: the point's disorder */
    PH_PURPOSE_START,    /* random spins of the start */
    PH_PURPOSE_ORDER,    /* the site order of one sweep, shared by the lanes of a block */
    PH_PURPOSE_LANES,    /* seeds of the lane generators of one sweep */
    PH_PURPOSE_CORRUPT,  /* which entries of a start are wrong; time: the lane in its block */
    PH_PURPOSE_TEST,
    PH_PURPOSE_EXAMPLES,  /* examples of one pattern at one neuron; identity: the disorder */
    PH_PURPOSE_MORE_BITS, /* bits 17 to 48 of single decisions */
    PH_PURPOSE_MOVES,     /* all numbers of one lane in one sweep of a parallel or lumped sampler */
    PH_PURPOSE_ARRANGE,   /* places of the up-spins of a lumped lane after so many sweeps */
    PH_PURPOSE_CHOICE,    /* which of given patterns a sample has; identity: the point's disorder */
    PH_PURPOSE_TAKE,      /* which of a label's given examples a sample learns; time: the label */
    PH_PURPOSE_COUNT
} ph_purpose_t;

/** The root of all streams of one identity: the Philox key made from (seed, identity). */
typedef struct {
    uint64_t key[2];
} ph_stream_key_t;

/**
 * A stream of random 64-bit words: Philox4x64-10 (Salmon et al., SC 2011; Random123) in counter
 * mode. Key: 128-bit digest of (seed, identity). Counter: (draw, time, sample and block, purpose),
 * so that within one identity two streams differ by construction and the numbers of sweep t are a
 * pure function of their address; there is no state to save.
 */
typedef struct {
    uint64_t key[2];
    uint64_t counter[4];
    uint64_t buffer[4];
    unsigned left; /* words of `buffer` not handed out yet */
} ph_stream_t;

ph_stream_key_t ph_stream_key(uint64_t seed, ph_digest_t identity);

/**
 * `sample` and `block` < 2^32; `time` is the sweep (0 for what happens before the first).
 * Never fails.
 */
void ph_stream_init(ph_stream_t *self, ph_stream_key_t key, ph_purpose_t purpose, uint32_t sample,
                    uint32_t block, uint64_t time);

/** The same for one lane of the block, < 2^31: streams of different lanes share no number. */
void ph_stream_init_lane(ph_stream_t *self, ph_stream_key_t key, ph_purpose_t purpose,
                         uint32_t sample, uint32_t block, uint32_t lane, uint64_t time);

/** Goes past the next `words` words, at no cost. */
void ph_stream_skip(ph_stream_t *self, uint64_t words);

/** Uniform over all 64-bit words. */
uint64_t ph_stream_word(ph_stream_t *self);

/** The next `count` words. */
void ph_stream_words(ph_stream_t *self, uint64_t *words, size_t count);

/** The first four words of each of some streams of one key that have handed out none:
 * words[count][4]. */
void ph_stream_heads(ph_stream_t *streams, size_t count, uint64_t *words);

/** Uniform in [0, 1), a multiple of 2^-53. */
double ph_stream_unit(ph_stream_t *self);

/** Uniform in {0, ..., bound - 1} without bias (Lemire 2019); bound >= 1. */
uint32_t ph_stream_below(ph_stream_t *self, uint32_t bound);

#endif
