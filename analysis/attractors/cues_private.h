/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ATTRACTORS_CUES_PRIVATE_H
#define PH_ATTRACTORS_CUES_PRIVATE_H

#include "sim/model/patterns.h"
#include "sim/model/stream.h"

/** The kinds of starts, in the order in which they are made. */
typedef enum {
    PH_CUE_ZERO, /* no overlap with anything; above zero noise only */
    PH_CUE_PATTERN,
    PH_CUE_PAIR,         /* majority of two, the others' neurons open */
    PH_CUE_TRIPLE,       /* majority of three */
    PH_CUE_PARALLEL,     /* majority of all */
    PH_CUE_HIERARCHICAL, /* first of all that is not blank */
    PH_CUE_RANDOM,
    PH_CUE_KINDS
} ph_cue_kind_t;

enum {
    PH_CUES_ALL_MAX = 256,       /* pairs, threes, hierarchies: all up to so many, else so many */
    PH_CUES_PARALLEL_ALL = 6,    /* patterns up to which all signs are tried */
    PH_CUES_PARALLEL_DRAWN = 32, /* choices of signs beyond */
    PH_CUES_ORDERS_ALL = 4,      /* patterns up to which all orders and signs are tried */
    PH_CUES_RANDOM = 64
};

/** The systematic starts of a network. */
typedef struct {
    size_t patterns;
    size_t counts[PH_CUE_KINDS];
    size_t count; /* of all */
    bool all[PH_CUE_KINDS];
    ph_stream_key_t key;
    uint32_t sample;
    int *members; /* [patterns] room */
} ph_cues_t;

/** PH_ERR_MEMORY. */
int ph_cues_init(ph_cues_t *self, size_t patterns, bool cold, uint64_t seed, uint32_t sample);
void ph_cues_free(ph_cues_t *self);

/** How many starts a network of so many patterns has. */
size_t ph_cues_count(size_t patterns, bool cold);

/** The kind of start j, and its number among them. */
ph_cue_kind_t ph_cue_kind(const ph_cues_t *self, size_t j, size_t *number);

/** Spins of start j, spins[neurons]: -1, +1, or 0 where it is open. */
void ph_cue_fill(ph_cues_t *self, size_t j, const ph_patterns_t *patterns, int8_t *spins);

/** Random numbers of a start beyond that. */
void ph_cue_stream(const ph_cues_t *self, size_t j, ph_stream_t *stream);

#endif
