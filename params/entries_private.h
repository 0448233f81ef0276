/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_ENTRIES_PRIVATE_H
#define PH_PARAMS_ENTRIES_PRIVATE_H

#include "params/given.h"
#include "params/grid.h"
#include "params/labelled.h"
#include "params/reader_private.h"

/** The values of one key; what expansion works on. */
typedef struct {
    const ph_node_t *key;  /* where the key is named; NULL: not given */
    const ph_node_t *node; /* its value; NULL: not given */
    bool bad;              /* an error was reported for it */
    bool axis;             /* a list or range: an axis of `count` values */
    bool each;             /* one value a pattern; with `axis` those of one pattern are the axis: */
    size_t pattern;        /* from 1, 0: none */
    size_t others_count;   /* patterns, where there is one */
    double *others;        /* [others_count]: what the other patterns have */
    uint64_t seed;         /* of a seed, which no double holds */
    size_t count;
    double *values;   /* [count]; for words their index, for flags 0 or 1; not for a seed or text */
    size_t *places;   /* [count]: position of each sorted value in the file's list */
    const char *text; /* of a text key, borrowed from its node or static */
} ph_entry_t;

/** One group of zipped keys, the leader first and the rest in schema order. */
typedef struct {
    const ph_node_t *node;
    size_t count;
    ph_key_t keys[PH_KEY_COUNT];
} ph_zip_t;

/** Everything a file and its overrides say, key by key. */
typedef struct {
    ph_entry_t of[PH_KEY_COUNT];
    const ph_node_t *places[PH_KEY_COUNT]; /* where a missing key would stand: its section's key */
    const ph_node_t *zip_key, *zip_node;
    const ph_node_t *paper_node; /* keys of the size for a paper; NULL: none */
    const ph_node_t *paper_set;  /* by which that size is asked for, or not; NULL: by none */
    bool paper;                  /* it is */
    size_t zips_count;
    ph_zip_t zips[PH_KEY_COUNT];
    bool law; /* patterns follow neurons: { law: log, ... } */
    char start_digest[PH_DIGEST_TEXT_SIZE];
    ph_given_t given;   /* patterns of a file or of the grid; text NULL: none */
    bool given_bad;     /* an error was reported for them */
    ph_labelled_t data; /* examples of a file or of the grid; text NULL: none */
    bool data_bad;      /* an error was reported for them */
} ph_entries_t;

void ph_entries_free(ph_entries_t *self);

/** Takes one key of a file; an error if it is there twice. */
void ph_entries_take(ph_entries_t *self, ph_key_t which, const ph_node_t *key,
                     const ph_node_t *value, ph_reader_t *reader);

/** Room for `count` values of a key; false and an error without memory. */
bool ph_entry_make_room(ph_reader_t *reader, ph_entry_t *entry, size_t count);

/** How many patterns a key with `each` has values of. */
size_t ph_entry_patterns(const ph_entry_t *entry);

/** The value of a pattern (from 0) at a value of the axis (0 where the key is none). */
double ph_entry_value(const ph_entry_t *entry, size_t i, size_t pattern);

#endif
