/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_SCHEMA_H
#define PH_PARAMS_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "params/words.h"

/** Every key of a grid file, in the canonical order of axes, coordinates and canonical text. */
typedef enum {
    PH_KEY_TITLE,
    PH_KEY_FIGURE_X,
    PH_KEY_FIGURE_Y,
    PH_KEY_FIGURE_BY,
    PH_KEY_FIGURE_SCALE,
    PH_KEY_FIGURE_COMPARE,
    PH_KEY_FIGURE_DRAW,
    PH_KEY_FIGURE_FIT,
    PH_KEY_FIGURE_SHAPE,
    PH_KEY_FIGURE_INSET,
    PH_KEY_SEED,
    PH_KEY_RULE,
    PH_KEY_NEURONS,
    PH_KEY_PATTERNS,
    PH_KEY_PATTERNS_FILE,
    PH_KEY_PATTERNS_DATASET,
    PH_KEY_PATTERNS_LAYOUT,
    PH_KEY_PATTERNS_GIVEN,
    PH_KEY_PATTERNS_FROM,
    PH_KEY_DATA_FILE,
    PH_KEY_DATA_EXAMPLES,
    PH_KEY_DATA_LABELS,
    PH_KEY_DATA_ARCHETYPES,
    PH_KEY_DATA_THRESHOLD,
    PH_KEY_DATA_GIVEN,
    PH_KEY_DATA_FROM,
    PH_KEY_DILUTION,
    PH_KEY_EXAMPLES,
    PH_KEY_QUALITY,
    PH_KEY_ENTROPY,
    PH_KEY_BLANK_FIDELITY,
    PH_KEY_NORMALIZATION,
    PH_KEY_NOISE,
    PH_KEY_SAMPLER,
    PH_KEY_ORDER,
    PH_KEY_START,
    PH_KEY_START_PATTERN,
    PH_KEY_START_EXAMPLE,
    PH_KEY_START_OVERLAP,
    PH_KEY_START_PATTERNS,
    PH_KEY_START_FILE,
    PH_KEY_START_DIGEST,
    PH_KEY_START_HIDDEN,
    PH_KEY_START_FILL,
    PH_KEY_START_REGION,
    PH_KEY_START_SHAPE,
    PH_KEY_START_TARGETS,
    PH_KEY_SCHEDULE_FROM,
    PH_KEY_SCHEDULE_SWEEPS,
    PH_KEY_SCHEDULE_SCALE,
    PH_KEY_FOLLOW,
    PH_KEY_LADDER,
    PH_KEY_SWEEPS,
    PH_KEY_BURN_IN,
    PH_KEY_RECORD_EVERY,
    PH_KEY_UNTIL_ERROR,
    PH_KEY_UNTIL_RHAT,
    PH_KEY_UNTIL_SWEEPS_MAX,
    PH_KEY_SAMPLES,
    PH_KEY_REPLICAS,
    PH_KEY_LANES,
    PH_KEY_TRAJECTORY,
    PH_KEY_MOMENTS,
    PH_KEY_LOSS,
    PH_KEY_EXAMPLE_MAGNETIZATION,
    PH_KEY_EXAMPLE_OVERLAPS,
    PH_KEY_REPLICA_OVERLAP,
    PH_KEY_FLIPS,
    PH_KEY_ACCEPTANCE,
    PH_KEY_OBSERVABLES,
    PH_KEY_STATES,
    PH_KEY_STATES_EVERY,
    PH_KEY_RECALL_THRESHOLD,
    PH_KEY_AVERAGE,
    PH_KEY_KINDS,
    PH_KEY_CONFIDENCE,
    PH_KEY_COUNT
} ph_key_t;

/** The first of the keys that count: title and figure, before it, are in no digest. */
#define PH_KEY_FIRST PH_KEY_SEED

typedef enum {
    PH_TYPE_TEXT,
    PH_TYPE_INTEGER,
    PH_TYPE_REAL,
    PH_TYPE_WORD,
    PH_TYPE_SET, /* a word or a list of words, in any order: bit i for word i; none of them only
                    where the default is [] */
    PH_TYPE_FLAG
} ph_type_t;

/** What a key takes part in; decides identities and what an extension may change. */
typedef enum {
    PH_ROLE_LABEL,    /* title, figure: part of nothing */
    PH_ROLE_SEED,     /* part of every stream */
    PH_ROLE_DISORDER, /* shapes patterns: part of the disorder and the point identity */
    PH_ROLE_LEARNING, /* shapes examples: part of the point identity but in rule storage */
    PH_ROLE_LAW,      /* changes the law of a chain: part of the point identity */
    PH_ROLE_START,    /* of the start: part of the point identity where the start uses it and it is
                         not the default */
    PH_ROLE_OPTION,   /* part of the point identity where it is not the default */
    PH_ROLE_RECORD,   /* changes what is recorded of it: part of the chain identity */
    PH_ROLE_EXTENT,   /* sweeps, samples, replicas: part of no identity, may grow */
    PH_ROLE_THEORY    /* only what the theory computes: part of no identity */
} ph_role_t;

/** Type of the member of ph_grid_t or ph_point_t that keeps a key's value. */
typedef enum {
    PH_MEMBER_NONE,    /* a row that says nothing */
    PH_MEMBER_INTEGER, /* int64_t */
    PH_MEMBER_SEED,    /* uint64_t, up to 2^63 - 1 to the last digit */
    PH_MEMBER_REAL,    /* double */
    PH_MEMBER_FLAG,    /* bool */
    PH_MEMBER_WORD,    /* an enumeration, or an unsigned set of bits */
    PH_MEMBER_TEXT,    /* char * */
    PH_MEMBER_LIST, /* ph_list_t: a list (or range) is one value; the default is a word for none */
    PH_MEMBER_EACH  /* const double * of [patterns]: may be { each: [...] } */
} ph_member_t;

typedef enum { PH_KEPT_BY_GRID, PH_KEPT_BY_POINT } ph_keeper_t;

/**
 * One row of the schema: all there is to know of a key. Reading, accessors, identities, the
 * canonical text, differences, the reference and the axes of files follow from it. Numbers are
 * given as text exactly as reference.yaml shows them.
 */
typedef struct {
    ph_key_t key;
    const char *section; /* "network", "dynamics", "ensemble", "record", "theory"; NULL at top */
    const char *name;    /* leaf name, also the name of the coordinate in files */
    const char *path;    /* dotted name */
    const char *map;     /* NULL, or the key also is a part of `map: { part: value }` in its */
    const char *part;    /* section, where it has this name */
    ph_keeper_t kept_by; /* what has the member with its value, where and of what type */
    size_t offset;
    ph_member_t member;
    ph_type_t type;
    ph_role_t role;
    const ph_words_t *words; /* PH_TYPE_WORD and PH_TYPE_SET only */
    double minimum, maximum; /* inclusive; integers below 2^53 (the seed is checked apart) */
    const char *fallback;    /* default as text; NULL: required */
    const char *example;     /* NULL, or the text that reference.yaml shows instead */
    bool axis;               /* may be a list or a range */
    bool later;              /* than some files: where it has its default, it stands in no canonical
                                text and no digest, so that theirs are as they were */
    const char *unit;        /* "1" for a pure number, "sweeps", ... */
    const char *help;        /* one line */
} ph_schema_t;

/** The row of a key. */
const ph_schema_t *ph_schema(ph_key_t key);

/** Full dotted name, e.g. "network.dilution"; static storage. */
const char *ph_schema_path(ph_key_t key);

/**
 * The key with this dotted name or, failing that, this leaf name; PH_KEY_COUNT if none. Leaf names
 * are unique.
 */
ph_key_t ph_schema_find(const char *name);

#endif
