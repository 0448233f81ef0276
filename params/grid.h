/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_PARAMS_GRID_H
#define PH_PARAMS_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/digest.h"
#include "base/report.h"
#include "params/schema.h"

enum {
    PH_MAX_PATTERNS = 4096,
    PH_MAX_LANES = 64,
    PH_MAX_AXES = 24,
    PH_MAX_RUNGS = 32,
    PH_MAX_RECORDED_EXAMPLES = 4096
};

/** A list that is one value; borrowed from its grid. */
typedef struct {
    size_t count;
    const double *values;
} ph_list_t;

/** How long chains go on beyond their sweeps (sim/model/until.h); sweeps_max 0: no longer. */
typedef struct {
    double error, rhat; /* 0: not asked */
    int64_t sweeps_max;
} ph_until_rule_t;

/** What a grid is drawn as; part of no digest. Texts are "" where the grid says nothing. */
typedef struct {
    const char *x, *y, *by; /* names of keys, or "pattern"; of a quantity */
    ph_figure_scale_t scale;
    unsigned compare;  /* bits 1 << ph_theory_kind_t */
    unsigned draw;     /* bits 1 << ph_figure_id_t; 0: the usual ones */
    bool fit;          /* slopes of straight lines through series */
    ph_list_t shape;   /* rows and columns of neurons in images; empty: not known */
    const char *inset; /* as params/inset.h reads it */
} ph_figure_rule_t;

/** One grid point: every parameter of one network under one dynamics. Owned by its grid. */
typedef struct ph_point {
    ph_rule_t rule;
    ph_normalization_t normalization;
    int64_t neurons;        /* N, 1 to 2^30 */
    int64_t patterns;       /* K, 1 to PH_MAX_PATTERNS */
    const double *dilution; /* [patterns], each in [0, 1] */
    const char *given;      /* NULL or "": patterns are drawn; else params/given.h */
    ph_choice_t choice;     /* which of the given */
    double given_classes;   /* classes of alike neurons in them, stored; expected where they are
                               drawn */
    const char *data;       /* NULL or "": examples are drawn; else params/labelled.h */
    ph_take_t take;         /* which of these */
    /* Learning rules only; may be NULL where a storage point is made by hand. */
    const double *examples;        /* [patterns] M, whole numbers >= 1 */
    const double *quality;         /* [patterns] r in (0, 1] */
    double entropy;                /* rho that quality was made from; 0: from none */
    const double *blank_fidelity;  /* [patterns] s in [0, 1] */
    double noise;                  /* T >= 0, in units where the coupling is 1/N times integers */
    ph_sampler_id_t sampler;       /* never auto */
    ph_sampler_id_t sampler_asked; /* the word in the grid, which may be auto */
    ph_order_t order;
    ph_start_id_t start;
    int64_t start_pattern, start_example; /* from 1; 0 where a point made by hand has none */
    double start_overlap;                 /* in [-1, 1] */
    ph_list_t start_patterns;             /* from 1; none: all in order */
    double start_hidden;                  /* in [0, 1]; 0 where a point made by hand has none */
    ph_fill_t start_fill;
    ph_list_t start_region, start_shape; /* from 1: [first row, last row, first column, last
                                            column] of [rows, columns]; none: all neurons */
    ph_list_t start_targets;  /* from 1, of each replica in turn or of all; none: nearest */
    const char *start_file;   /* path; NULL or "": none */
    const char *start_digest; /* 32 hexadecimal digits */
    double schedule_from;     /* noise of the first sweep */
    int64_t schedule_sweeps;  /* 0: none; at most burn_in */
    ph_scale_t schedule_scale;
    ph_follow_t follow;
    bool followed;                 /* by a point of the same grid, whose `before` this is */
    const struct ph_point *before; /* of the same grid: its chains' last states are the start of
                                      these; NULL: chains begin at the start */
    ph_list_t ladder;     /* ascending, > 0; sampler replica-exchange only, noise among them */
    int64_t sweeps;       /* after burn-in, >= 1; with `until` the least that a chain has */
    int64_t sweeps_end;   /* the most that a chain has: those of `until`; else 0 or `sweeps` */
    int64_t burn_in;      /* sweeps before record 0, >= 0 */
    int64_t record_every; /* sweeps between records, >= 1 */
    ph_digest_t disorder; /* of the keys that shape the patterns; no seed in it */
    ph_digest_t identity; /* of everything that changes the law of a chain; no seed in it */
    ph_digest_t chain;    /* identity + seed + burn_in + record_every + what is recorded */
} ph_point_t;

/**
 * Most classes of neurons whose rows of patterns and features are alike up to one joint sign,
 * whatever dilution and quality: (3^K + 1)/2 stored; (R^K + 1)/2 with F features of a pattern, each
 * the sum of b examples, R = 2 (b + 1)^F + 1, or 2 (b + 1)^F + (2 b + 1)^F with noisy blanks; at
 * most N, and N of given examples. Sums and products alone: the same on every machine.
 */
double ph_point_classes(const ph_point_t *point);

/**
 * Expected number of classes of a sample: of those rows that dilution, quality and fidelity allow,
 * the ones that some of its N neurons has. From 1 to N, within 1% for up to 30 patterns.
 */
double ph_point_classes_expected(const ph_point_t *point);

/**
 * The sampler that `auto` stands for at a point, the cheapest of exp(-H/T) by unit costs, and (if
 * not NULL) why. A pure function of the grid. `single_spins`: something is recorded that lumped
 * samplers do not know.
 */
ph_sampler_id_t ph_point_auto(const ph_point_t *point, bool single_spins, const char **why);

/** The same in words, without a point. */
extern const char PH_AUTO_HELP[];

/** Whether its patterns are given instead of drawn (params/given.h). */
bool ph_point_is_given(const ph_point_t *point);

/** Whether the examples it learns are given instead of drawn (params/labelled.h). */
bool ph_point_has_data(const ph_point_t *point);

/** Whether its samples are all one network, of which nothing is drawn: they differ by the random
 * numbers of their chains alone. */
bool ph_point_is_fixed(const ph_point_t *point);

/** M of a pattern (from 0), 1 where none are learned; needs nothing of the point but its rule and
 * M. */
double ph_point_example_count(const ph_point_t *point, size_t mu);

/** r = 1/sqrt(1 + M rho) of each pattern, quality[patterns], by the point's entropy rho. */
void ph_point_entropy_quality(const ph_point_t *point, double *quality);

/** The law of the examples of a pattern (from 0). */
ph_example_law_t ph_point_examples(const ph_point_t *point, size_t mu);

/** Whether two patterns of a point (from 0) have one law of their entries and examples; given ones
 * are each their own. */
bool ph_point_alike(const ph_point_t *point, size_t mu, size_t nu);

/** Sweeps of a chain after burn-in, at most: `sweeps` or, with `until`, its sweeps_max. */
int64_t ph_point_sweeps(const ph_point_t *point);

/** Records of a chain at most: floor(ph_point_sweeps / record_every) + 1. */
int64_t ph_point_records(const ph_point_t *point);

/** Records that every chain has at the end: those of its first `sweeps`. */
int64_t ph_point_records_least(const ph_point_t *point);

/**
 * The values one key takes along an axis. Numbers are rounded to 12 significant digits; words are
 * indices into the key's word list, stored as doubles too.
 */
typedef struct {
    ph_key_t key;
    size_t pattern; /* from 1, whose value this is; 0: of all patterns, or of none */
    double *values; /* [size of the axis] */
} ph_coordinate_t;

/** One dimension of the grid. coordinates[0] names it and, unless zipped, is the only one. */
typedef struct {
    size_t size;
    size_t coordinates_count;
    ph_coordinate_t *coordinates; /* [coordinates_count]; [0] strictly ascending, or distinct words
                                     in the order of their list */
} ph_axis_t;

/**
 * A validated, expanded grid. Points are in row-major order over `axes` (the last axis runs
 * fastest). Axes stand in the schema's key order of their first coordinate, whatever the order in
 * the file; a grid without axes has one point.
 */
typedef struct ph_grid {
    const char *title; /* never NULL, may be "" */
    ph_figure_rule_t figure;
    uint64_t seed; /* 0 to 2^63 - 1 */
    int64_t samples, replicas, lanes;
    const char *patterns_file;    /* "" once it is read: its content is in every point */
    const char *patterns_dataset; /* and this, of it */
    ph_layout_t patterns_layout;  /* columns once it is read */
    const char *data_file, *data_examples, *data_labels, *data_archetypes; /* the same */
    double data_threshold;                                                 /* 0 once it is read */
    ph_until_rule_t until;
    bool trajectory, moments;
    /* what is recorded beside magnetization and energy */
    bool any_auto;   /* some point asks for sampler auto */
    bool relaxation; /* a sampler is descent */
    int64_t rungs;   /* length of the ladder, 0: none */
    bool loss, example_magnetization, replica_overlap, flips, acceptance;
    unsigned observables; /* without a key of their own: bit 1 << ph_observable_id_t */
    ph_list_t states; /* recorded: sweeps after burn-in, ascending, at most those of any point */
    int64_t states_every; /* or the sweeps from one to the next, from 0 on; 0: only the list's */
    int64_t
        example_overlaps; /* examples of each pattern whose overlap is recorded, from the first */
    bool aims; /* recall is recorded of chains from a file, to the pattern nearest to their cue */
    double recall_threshold; /* overlap with which a pattern counts as recalled; 0: not recorded */
    ph_average_t average;
    unsigned kinds;    /* of theory: bit 1 << ph_theory_kind_t */
    double confidence; /* Theta of the learning thresholds */
    size_t axes_count;
    ph_axis_t *axes;
    size_t points_count;
    ph_point_t *points;
    size_t sequences; /* of points that follow each other, a point alone counted as one; those of
                         one lie at equal distances in the grid's order */
    int64_t patterns_max; /* largest K over the points */
    int64_t records_max;  /* largest number of records over the points */
    bool records_vary;    /* whether the records' times differ between points */
    char *text;           /* canonical YAML of the grid: every key, defaults written out, axes as
                             explicit lists; parsing it gives this grid again */
    ph_digest_t digest;   /* of `text` without title and figure */
    void *storage[PH_KEY_COUNT]; /* behind the texts, lists and values a pattern of keys */
} ph_grid_t;

/** Whether the pattern that a chain of the point is to recall is the one nearest to its cue, which
 * only the cue's file tells. */
bool ph_point_aims(const ph_point_t *point);

void ph_grid_init(ph_grid_t *self);
void ph_grid_free(ph_grid_t *self);

/**
 * Reads, validates and expands a grid file. `overrides`: `overrides_count` texts "key=value" (key
 * dotted, value in YAML flow syntax) applied on top, as given by --set. Reads start_file where its
 * digest is not given, patterns_file and data_file.
 *
 * Errors: PH_ERR_IO (cannot be read), PH_ERR_FORMAT (no regular file, or above 256 MiB),
 * PH_ERR_LIMIT (more points than memory holds), PH_ERR_INPUT (more than ten million points, syntax,
 * unknown keys, types, ranges, contradictions: every error of the file is reported, as
 * "file:line:column: what, what was
 * expected"), PH_ERR_MEMORY. On failure `self` is empty but may be freed.
 */
int ph_grid_load(ph_grid_t *self, const char *path, size_t overrides_count,
                 const char *const *overrides, ph_report_t *report);

/** The same from a pipe, to its end; messages call it "standard input", files that the grid names
 * are looked for in the current folder. */
int ph_grid_load_stream(ph_grid_t *self, FILE *in, size_t overrides_count,
                        const char *const *overrides, ph_report_t *report);

/**
 * The same from text in memory, which may stand inside another file; `name` stands for the file in
 * messages. Opens no file: start_file needs its start_digest, and patterns are drawn or given.
 */
int ph_grid_parse(ph_grid_t *self, const char *text, const char *name, size_t overrides_count,
                  const char *const *overrides, ph_report_t *report);

/** Where in a canonical text begins what its digest is of: behind title and figure. */
const char *ph_grid_counted(const char *text);

/**
 * Whether a grid records an observable: magnetization and energy always, the others where their key
 * or their word in record.observables asks for them.
 */
bool ph_observable_recorded(ph_observable_id_t id, const ph_grid_t *grid);

/** Whether its patterns are given: all points have the same, or some of the same. */
bool ph_grid_is_given(const ph_grid_t *self);

/** Whether some point's rule learns from examples. */
bool ph_grid_learns(const ph_grid_t *self);

/** Splits a point's number into one index an axis; `index` has room for axes_count. */
void ph_grid_unravel(const ph_grid_t *self, size_t point, size_t *index);

/** A coordinate's value as text: the word, or the number with up to 12 significant digits. */
void ph_coordinate_text(const ph_coordinate_t *coordinate, size_t i, char *text, size_t size);

/** "dilution=0.3, noise=0.1" for a point, for messages and tables; "" for a grid without axes. */
void ph_grid_point_text(const ph_grid_t *self, size_t point, char *text, size_t size);

/**
 * Reports, as notes, what distinguishes two grids key by key ("dynamics.burn_in: 100 in A, 200 in
 * B"; values of an axis that one of them lacks). Title and figure never count. Returns the number
 * of differences.
 */
size_t ph_grid_differences(const ph_grid_t *a, const char *name_a, const ph_grid_t *b,
                           const char *name_b, ph_report_t *report);

#endif
