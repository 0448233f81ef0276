/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_ALIGNMENT_H
#define PH_ESTIMATE_ALIGNMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/meanfield/meanfield.h"

/**
 * What a row of a table counts. A pattern is the archetype of that number, its sign as it is. Ranks
 * put the patterns of every sample in descending order, as far as the start leaves them in a
 * symmetry.
 */
typedef enum { PH_VIEW_PATTERNS, PH_VIEW_RANKS } ph_view_t;

/** "pattern", "rank": a view's column, its word in figures. */
const char *ph_view_word(ph_view_t view);

/** Magnetizations closer than this are not ordered by the view of ranks. */
double ph_rank_tie(const ph_point_t *point);

/**
 * The order in which a state descends: place j holds pattern order[j], times sign[j]; all arrays
 * [K]. Only patterns of one dilution (and learning) that the start leaves in one symmetry change
 * places, and only where they are more than `tie` apart. Where the start leaves the sign open too,
 * size[mu] counts and the sign is that of m[mu] (+ below `tie`), else m[mu] counts and + is kept.
 */
void ph_align(const ph_point_t *point, const double *m, const double *size, double tie,
              size_t *order, double *sign);

/** The same of up to PH_MEANFIELD_PATTERNS_MAX patterns. */
typedef struct {
    size_t order[PH_MEANFIELD_PATTERNS_MAX];
    double sign[PH_MEANFIELD_PATTERNS_MAX];
} ph_alignment_t;

/** The alignment in which a single state descends: size is |m|. */
void ph_alignment_of(ph_alignment_t *self, const ph_point_t *point, const double *m, double tie);

/** A state given in alignment `from`, turned into alignment `to`: out may not be m. */
void ph_alignment_turn(const ph_alignment_t *from, const ph_alignment_t *to, size_t patterns,
                       const double *m, double *out);

#endif
