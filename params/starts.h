/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_STARTS_H
#define PH_PARAMS_STARTS_H

#include <stdbool.h>
#include <stdint.h>

/** Where the spins of a start come from. */
typedef enum {
    PH_SPINS_OF_ROW,     /* the neuron's row of patterns sets them, or a fair coin does */
    PH_SPINS_OF_EXAMPLE, /* one example's entries, fair coins where it is blank */
    PH_SPINS_CORRUPTED,  /* a pattern's entries, each right with a probability of its own */
    PH_SPINS_OF_FILE,    /* read: without a mean that theories could begin at */
    PH_SPINS_MIXED,      /* entries of several patterns, of one for each spin */
    PH_SPINS_MASKED      /* a pattern's entries but where they are hidden */
} ph_spins_t;

/** What is special about a start: bits of a set. */
typedef enum {
    PH_START_IS_OPEN = 1,    /* says nothing of any pattern: where chains go shows later */
    PH_START_IS_RANKED = 2,  /* breaks all symmetries, so that its state is theirs if not stable */
    PH_START_IS_OF_FIRST = 4 /* is a cue of the first of its patterns */
} ph_start_trait_t;

#define PH_USES(KEY) (UINT64_C(1) << PH_KEY_START_##KEY)

/*
 * The starts, a line each: its name, its word in grid files, the keys it uses, those of them that
 * must be given and such as how (or 0 and NULL), its spins, its traits. The place in the list is a
 * number in files: new lines go to the end. What it does to a neuron is its row in sim/model,
 * PH_START_ROW_<name>.
 */
/* clang-format off */
#define PH_STARTS(START)                                                                                        \
    START(RANDOM,       "random",       0,                                 0, 0, OF_ROW, PH_START_IS_OPEN)      \
    START(ARCHETYPE,    "archetype",    PH_USES(PATTERN),                  0, 0, OF_ROW, 0)                     \
    START(HIERARCHICAL, "hierarchical", PH_USES(PATTERNS),                 0, 0, OF_ROW, PH_START_IS_RANKED)    \
    START(PARALLEL,     "parallel",     PH_USES(PATTERNS),                 0, 0, OF_ROW, 0)                     \
    START(EXAMPLE,      "example",      PH_USES(PATTERN) | PH_USES(EXAMPLE), 0, 0, OF_EXAMPLE, 0)               \
    START(CORRUPTED,    "corrupted",    PH_USES(PATTERN) | PH_USES(OVERLAP), PH_USES(OVERLAP),                  \
          "{ kind: corrupted, pattern: 1, overlap: 0.4 }", CORRUPTED, 0)                                        \
    START(FILE,         "file",         PH_USES(FILE) | PH_USES(DIGEST) | PH_USES(TARGETS), PH_USES(FILE),      \
          "{ kind: file, file: run.h5 }", OF_FILE, PH_START_IS_OPEN)                                            \
    START(MIXTURE,      "mixture",      PH_USES(PATTERNS) | PH_USES(OVERLAP), PH_USES(OVERLAP),                 \
          "{ kind: mixture, patterns: [1, 2], overlap: 0.7 }", MIXED, PH_START_IS_OF_FIRST)                     \
    START(MASKED,       "masked",                                                                               \
          PH_USES(PATTERN) | PH_USES(HIDDEN) | PH_USES(FILL) | PH_USES(REGION) | PH_USES(SHAPE), 0, 0, MASKED, 0) \
    PH_STARTS_MORE(START)
/* clang-format on */

/** More lines, of a build that adds starts without changing this file. */
#ifndef PH_STARTS_MORE
#define PH_STARTS_MORE(START)
#endif

#define PH_START_ID(ID, ...) PH_START_##ID,
typedef enum { PH_STARTS(PH_START_ID) PH_START_COUNT } ph_start_id_t;
#undef PH_START_ID

/** What all rooms may ask of a start. */
typedef struct {
    const char *word;
    uint64_t keys;    /* it uses, of role PH_ROLE_START or the file's name: bit 1 << ph_key_t */
    uint64_t needed;  /* those of them without a default */
    const char *such; /* NULL, or how such a start is written */
    ph_spins_t spins;
    unsigned traits; /* of ph_start_trait_t */
} ph_start_facts_t;

const ph_start_facts_t *ph_start_facts(ph_start_id_t start);

/** Whether a start has a trait. */
bool ph_start_has(ph_start_id_t start, ph_start_trait_t trait);

#endif
