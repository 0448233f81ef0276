/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_GRID_PRIVATE_H
#define PH_PARAMS_GRID_PRIVATE_H

#include "params/grid.h"

/*
 * The steps from text to grid, each in one file:
 * grid_yaml.c text -> tree; grid_keys.c tree -> one node a key; grid_count.c how many points that
 * makes; grid_value.c node -> values (with
 * grid_number.c), of patterns by a law in grid_law.c; grid_zip.c values -> sorted and bound;
 * grid_expand.c -> axes and points; grid_text.c grid -> canonical text; grid_identity.c -> digests
 * of points.
 */

enum { PH_MAX_POINTS = 10000000, PH_MAX_DEPTH = 16, PH_NUMBER_SIZE = 32, PH_QUOTE_SIZE = 96 };

typedef enum { PH_NODE_SCALAR, PH_NODE_LIST, PH_NODE_MAP } ph_node_kind_t;

/** A node of the YAML tree with its place. A map's children are key, value, key, value... */
typedef struct ph_node {
    ph_node_kind_t kind;
    bool quoted;        /* a scalar in quotes or a block scalar: text, never a number */
    char *text;         /* of a scalar, with a final NUL; may hold NULs */
    size_t length;      /* of text */
    const char *source; /* file name, or "--set key=value" (then line is 0) */
    int line, column;   /* from 1 */
    size_t count, capacity;
    struct ph_node **children;
} ph_node_t;

/** What is passed down while one file is read. Errors count also without a report. */
typedef struct {
    ph_report_t *report;
    const char *name;
    bool inside; /* the text stands in another file: it names no file to be opened now */
    size_t errors;
    int status; /* PH_OK, or that of the first error */
} ph_reader_t;

/** Adds an error at a node ("file:line:column: ..."); a NULL node stands for the whole file. */
void ph_reader_fail(ph_reader_t *self, const ph_node_t *node, const char *format, ...)
    PH_PRINTF(3, 4);

/** PH_ERR_LIMIT where a grid of `points` points needs more memory than this process may use. */
void ph_reader_check_memory(ph_reader_t *self, double bytes, double points);

/** Adds PH_ERR_MEMORY. */
void ph_reader_fail_memory(ph_reader_t *self);

/**
 * The tree of one YAML document, or NULL with errors added; the caller frees it. `set_text`: NULL
 * for a file, else what the places in messages are called instead of file:line:column. text[length]
 * must be NUL.
 */
ph_node_t *ph_yaml_parse(ph_reader_t *reader, const char *text, size_t length,
                         const char *set_text);
void ph_node_free(ph_node_t *self);

/** A scalar as it can stand in a message: cut at 40 bytes, NULs as '?'. */
const char *ph_node_quote(const ph_node_t *node, char *quote);

/** The values of one key; what expansion works on. */
typedef struct {
    const ph_node_t *key;  /* where the key is named; NULL: not given */
    const ph_node_t *node; /* its value; NULL: not given */
    bool bad;              /* an error was reported for it */
    bool axis;             /* a list or range: an axis of `count` values */
    bool each;             /* one value a pattern */
    size_t count;
    double *values;   /* [count]; for words their index, for flags 0 or 1; not for title and seed */
    size_t *places;   /* [count]: position of each sorted value in the file's list */
    const char *text; /* of a text key, borrowed from its node or static; not for title */
} ph_entry_t;

/** One group of zipped keys, the leader first and the rest in schema order. */
typedef struct {
    const ph_node_t *node;
    size_t count;
    ph_key_t keys[PH_KEY_COUNT];
} ph_zip_t;

/** Everything a file and its overrides say, key by key. */
typedef struct {
    ph_entry_t entries[PH_KEY_COUNT];
    const ph_node_t *places[PH_KEY_COUNT]; /* where a missing key would stand: its section's key */
    const ph_node_t *zip_key, *zip_node;
    size_t zips_count;
    ph_zip_t zips[PH_KEY_COUNT];
    bool law; /* patterns follow neurons: { law: log, ... } */
    uint64_t seed;
    char start_digest[PH_DIGEST_TEXT_SIZE];
    const char *title; /* borrowed from its node or static */
} ph_sheet_t;

/** Finds every key of the tree in the schema; reports unknown and repeated ones. */
void ph_sheet_gather(ph_sheet_t *self, const ph_node_t *root, ph_reader_t *reader);

/** Puts an override's value in the place of the file's; `named` holds the keys set before. */
void ph_sheet_override(ph_sheet_t *self, const char *key, const ph_node_t *value,
                       bool named[PH_KEY_COUNT + 1], ph_reader_t *reader);

/**
 * False and an error where the axes make more points than a grid may have or than fit into the
 * memory of this process. Looks at the lengths of lists and ranges alone, before a value is read.
 */
bool ph_sheet_count(const ph_sheet_t *self, ph_reader_t *reader);

/** Reads the values of every key and the zips, and checks them against the schema. */
void ph_sheet_evaluate(ph_sheet_t *self, ph_reader_t *reader);

/**
 * Takes the parts of `start: { kind: ..., pattern: ... }` as the keys they stand for; false if the
 * value is not of that form.
 */
bool ph_sheet_start(ph_sheet_t *self, const ph_node_t *key, const ph_node_t *value,
                    ph_reader_t *reader);

/** Takes the parts of `schedule: { from: 2, sweeps: 500, scale: log }` likewise. */
void ph_sheet_schedule(ph_sheet_t *self, const ph_node_t *value, ph_reader_t *reader);

/** Takes one key of a file; an error if it stands there twice. */
void ph_sheet_take(ph_sheet_t *self, ph_key_t which, const ph_node_t *key, const ph_node_t *value,
                   ph_reader_t *reader);

/** Errors for start keys that no start of the grid sees, or that are missing. */
void ph_sheet_check_start(ph_sheet_t *self, ph_reader_t *reader);

/** Errors where a point's start names a pattern or an example that the point does not have. */
void ph_point_check_start(const ph_point_t *point, const ph_sheet_t *sheet, ph_reader_t *reader);

/** Sorts the ladder; errors where its noises are not distinct, or too many. */
void ph_sheet_check_ladder(ph_sheet_t *self, ph_reader_t *reader);

/** Errors where a point's sampler cannot take its order, or show what is recorded. */
void ph_point_check_dynamics(const ph_point_t *point, const ph_sheet_t *sheet, ph_reader_t *reader);

/** Whether a start uses a key of role PH_ROLE_START (or start_file). */
bool ph_start_uses(ph_start_id_t start, ph_key_t key);

/** Whether a value is of the form { law: ... }. */
bool ph_node_is_law(const ph_node_t *node);

/** Sets network.patterns from network.neurons where it is a law; all other values are read. */
void ph_sheet_apply_law(ph_sheet_t *self, ph_reader_t *reader);

/** Room for `count` values of a key; false and an error without memory. */
bool ph_entry_make_room(ph_reader_t *reader, ph_entry_t *entry, size_t count);

/** Reads the zips, sorts the axes; called by ph_sheet_evaluate after the values are known. */
void ph_sheet_zip(ph_sheet_t *self, ph_reader_t *reader);
void ph_sheet_free(ph_sheet_t *self);

/** The nearest of `count` words by edit distance, or NULL if none is near. */
const char *ph_nearest(const char *word, size_t count, const char *const *words);

typedef enum { PH_NUMBER_OK, PH_NUMBER_NOT, PH_NUMBER_FRACTION, PH_NUMBER_BIG } ph_number_t;

/** Strict decimal text to an integer of at most `limit`, exactly; 1e4 and 10.0 are integers. */
ph_number_t ph_read_integer(const char *text, uint64_t limit, bool *negative, uint64_t *value);

/** Strict decimal text to a finite double, rounded to 12 significant digits. */
ph_number_t ph_read_real(const char *text, double *value);

/** The double nearest to `value` written with 12 significant digits; -0 becomes 0. */
double ph_round12(double value);

/** "expected ..." of a key: its type, range or words, into text[size]. */
void ph_expected(ph_key_t key, char *text, size_t size);

/** Fills the grid from a sheet without errors. */
int ph_grid_expand(ph_grid_t *grid, const ph_sheet_t *sheet, ph_reader_t *reader);

/** A growing text; after a failed allocation `failed` is set and nothing more is added. */
typedef struct {
    char *text;
    size_t length, capacity;
    bool failed;
} ph_text_t;

void ph_text_add(ph_text_t *self, const char *format, ...) PH_PRINTF(2, 3);

/** One value of a key as canonical text (a word, true, false, a number) into text[size]. */
void ph_value_text(ph_key_t key, double value, char *text, size_t size);

/** The value of a key as in the canonical text. */
void ph_grid_key_text(const ph_grid_t *grid, ph_key_t key, ph_text_t *text);

/** The zips as in the canonical text. */
void ph_grid_zip_text(const ph_grid_t *grid, ph_text_t *text);

/** The coordinate of a key, NULL if the key is no axis. */
const ph_coordinate_t *ph_grid_coordinate(const ph_grid_t *grid, ph_key_t key, size_t *size);

/** The keys that may have a value a pattern, in schema order. */
extern const ph_key_t PH_EACH_KEYS[PH_EACH_COUNT];

/** Place of a key in PH_EACH_KEYS; PH_EACH_COUNT if it is not there. */
size_t ph_each_index(ph_key_t key);

/** The values of key PH_EACH_KEYS[i] at a point, [patterns]. */
const double *ph_point_each(const ph_point_t *point, size_t i);

/** The value of a key that is a list, or a text, at a point; NULL for other keys. */
const ph_list_t *ph_point_list(const ph_point_t *point, ph_key_t key);
const char *ph_point_text(const ph_point_t *point, ph_key_t key);

/** Value of a key at a point (the first pattern's where each has one); 0 if points have none. */
double ph_point_value(const ph_point_t *point, ph_key_t key);

/** How many bytes from the start of text[length] are UTF-8 without a NUL. */
size_t ph_utf8_prefix(const char *text, size_t length);

/** Sets grid->text and grid->digest. */
int ph_grid_write_text(ph_grid_t *grid);

/** Sets the digests of all points. */
int ph_grid_identify(ph_grid_t *grid);

#endif
