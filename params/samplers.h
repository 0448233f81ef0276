/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_SAMPLERS_H
#define PH_PARAMS_SAMPLERS_H

#include <stdbool.h>
#include <stdint.h>

/** What the states of a chain are distributed by, and what may be read off its trajectory. */
typedef enum {
    PH_LAW_GLAUBER,     /* exp(-H/T), and the path is Glauber dynamics in its order */
    PH_LAW_EQUILIBRIUM, /* exp(-H/T) in the long run; the path is a means to get there */
    PH_LAW_LITTLE,      /* parallel dynamics: prod_i 2 cosh(h_i/T), not exp(-H/T) */
    PH_LAW_NONE,        /* no stationary law: relaxation to a fixed point */
    PH_LAW_COUNT
} ph_law_t;

/** The updates of one sweep, whose mean the flow follows. */
typedef enum {
    PH_UPDATES_OTHER, /* no flow is known */
    PH_UPDATES_SITES, /* one neuron after the other, by its field, in the point's order */
    PH_UPDATES_ALL,   /* all at once, by their fields without their own share */
    PH_UPDATES_HIDDEN /* all at once, given one hidden unit a feature */
} ph_updates_t;

/** What is special about a sampler: bits of a set. */
typedef enum {
    PH_TRAIT_ORDERED = 1, /* visits neurons one by one, in any order; else all at once, in none */
    PH_TRAIT_LUMPED = 2,  /* knows how many spins of each class are up, not which */
    /* Lumped by the law of a sampler that remembers single spins beyond their class: the one whose
     * word has no "lumped-". */
    PH_TRAIT_REMEMBERS = 4,
    PH_TRAIT_FREEZES = 8,  /* knows no noise: goes to a fixed point, and records its sweeps to it */
    PH_TRAIT_LADDER = 16,  /* has a copy at each noise of a ladder */
    PH_TRAIT_FORGETS = 32, /* its chains forget where they began */
    PH_TRAIT_ONE_NOISE = 64 /* its noise cannot follow a schedule */
} ph_sampler_trait_t;

/*
 * The samplers, a line each: its name, its word in grid files, its law, its updates, its traits,
 * and the bytes that a chain keeps besides spins and ladder. The place in the list is a number in
 * files: new lines go to the end. What a sampler does is a row of its own in sim/samplers,
 * PH_SAMPLER_ROW_<name>.
 */
/* clang-format off */
#define PH_SAMPLERS(SAMPLER)                                                                                       \
    SAMPLER(GLAUBER,            "glauber",            GLAUBER,     SITES,  PH_TRAIT_ORDERED, 0)                     \
    SAMPLER(METROPOLIS,         "metropolis",         EQUILIBRIUM, OTHER,  PH_TRAIT_ORDERED, 0)                     \
    SAMPLER(LITTLE,             "little",             LITTLE,      ALL,    0, 0)                                    \
    SAMPLER(BLOCK_GIBBS,        "block-gibbs",        EQUILIBRIUM, HIDDEN, 0, 0)                                    \
    SAMPLER(LUMPED_LITTLE,      "lumped-little",      LITTLE,      ALL,    PH_TRAIT_LUMPED | PH_TRAIT_REMEMBERS, 0) \
    SAMPLER(LUMPED_BLOCK_GIBBS, "lumped-block-gibbs", EQUILIBRIUM, HIDDEN, PH_TRAIT_LUMPED, 0)                      \
    SAMPLER(DESCENT,            "descent",            NONE,        SITES,                                           \
            PH_TRAIT_ORDERED | PH_TRAIT_FREEZES | PH_TRAIT_ONE_NOISE, 8)                                            \
    SAMPLER(REPLICA_EXCHANGE,   "replica-exchange",   EQUILIBRIUM, OTHER,                                           \
            PH_TRAIT_LUMPED | PH_TRAIT_LADDER | PH_TRAIT_FORGETS | PH_TRAIT_ONE_NOISE, 8)                           \
    PH_SAMPLERS_MORE(SAMPLER)
/* clang-format on */

/** More lines, of a build that adds samplers without changing this file. */
#ifndef PH_SAMPLERS_MORE
#define PH_SAMPLERS_MORE(SAMPLER)
#endif

#define PH_SAMPLER_ID(ID, ...) PH_SAMPLER_##ID,
typedef enum {
    PH_SAMPLERS(PH_SAMPLER_ID) PH_SAMPLER_COUNT,
    PH_SAMPLER_AUTO = PH_SAMPLER_COUNT /* a word only: stands for one of the others at each point */
} ph_sampler_id_t;
#undef PH_SAMPLER_ID

/** What all rooms may ask of a sampler. */
typedef struct {
    const char *word;
    ph_law_t law;
    ph_updates_t updates;
    unsigned traits;     /* of ph_sampler_trait_t */
    uint64_t kept_bytes; /* of a chain, besides its spins and its ladder */
} ph_sampler_facts_t;

/** The facts of a sampler, which is not `auto`. */
const ph_sampler_facts_t *ph_sampler_facts(ph_sampler_id_t sampler);

/** Whether a sampler has a trait. */
bool ph_sampler_has(ph_sampler_id_t sampler, ph_sampler_trait_t trait);

/** Whether it is the word `auto`. */
bool ph_sampler_is_auto(ph_sampler_id_t sampler);

#endif
