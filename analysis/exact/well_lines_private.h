/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXACT_WELL_LINES_PRIVATE_H
#define PH_EXACT_WELL_LINES_PRIVATE_H

#include "analysis/exact/well_private.h"

/*
 * A well by lines along the lattice's first axis, four sites a vector. On the lattice the fields h
 * of a row are linear in the places, so that e = exp(-2h) is a product of one number an axis; log 2
 * cosh h = h + log(1 + e), and of h itself only the mean over rows is needed. Rows are turned to
 * have h >= 0 at the centre.
 */

/** Pairs of axes: 00, 01, 02, 11, 12, 22. */
enum { PH_WELL_PAIRS = PH_WELL_AXES * (PH_WELL_AXES + 1) / 2 };

enum {
    PH_LINES_REACH = 63,      /* places of the first axis: -REACH to REACH */
    PH_LINES_REACH_NEXT = 31, /* of the next */
    PH_LINES_LANES = 4,
    PH_LINES_FIRST = -32, /* the first place of a line */
    PH_LINES_CHUNKS = 16,
    PH_LINES_LENGTH = PH_LINES_LANES * PH_LINES_CHUNKS
};

/** One line: bits stand for its places from the first on. */
typedef struct {
    uint64_t inside;            /* places in the well */
    uint32_t have;              /* in descending order: chunks that have values */
    int16_t from, to;           /* else chunks that have */
    int16_t lowest, highest;    /* else places in the well: none where highest < lowest */
    int16_t need_from, need_to; /* else places that have to have values */
    int16_t at[2];              /* places of the other axes */
    uint32_t values;            /* its own among those of all */
    bool waits;
} ph_line_t;

/** A site that waits to be taken: a line and a bit of it. */
typedef struct {
    double value;
    uint32_t line, bit;
    uint32_t next; /* by levels: the site after it, from 1; 0: none */
} ph_line_site_t;

/** With a tolerance sites are taken in descending order of levels, within one of which any comes
 * first: a heap costs more than they do. */
#define PH_LINES_LEVEL 0x1p-5
enum { PH_LINES_LEVELS = 2048 };

struct ph_well_lines {
    const ph_well_filler_t *filler;
    size_t rows, dimensions, patterns; /* rows that are no constants; patterns: 0 where their
                                          entries are the features' */
    int plane[2];                      /* reach of the other axes: 0 where there is none */
    double axis[PH_WELL_AXES]
               [PH_WELL_AXES]; /* of the lattice, the line's last; 0 where there is none */
    double centre[PH_WELL_AXES], scaled[PH_WELL_AXES];
    double constant, slope[PH_WELL_AXES]; /* of the mean field over rows */
    double *phi, *xi;                     /* [rows][PH_WELL_AXES], turned; 0 where there is none */
    double *pair;                         /* [rows][PH_WELL_PAIRS] phi phi' */
    double *share, *loose;                /* [rows]; loose: 4 share/N */
    double *square, *start;      /* [rows]; square: sum w phi^2/N; start: e at the centre */
    double *power[2], *along;    /* [places][rows], [rows][LENGTH] factors of e */
    double *here;                /* [rows] e at place 0 of the line in hand */
    ph_line_t *lines;            /* [lines_count], of those that were touched */
    uint64_t *known;             /* a bit a line: it was touched */
    uint64_t *reached;           /* [lines_count] in descending order: places in it and beside it */
    uint32_t *waiting, *touched; /* [lines_count] */
    size_t lines_count, waiting_count, touched_count, evaluated;
    double *values; /* [values_room][LENGTH], of lines as they were touched */
    size_t values_room;
    ph_line_site_t *heap; /* the highest first; by levels in no order, those taken among them */
    size_t heap_count, heap_room;
    uint32_t *level; /* [LEVELS] the first site of each, as `next`; NULL: a heap */
    size_t highest;  /* no site waits on a level before */
    double top;      /* of the first level */
    size_t left;     /* sites that wait */
    double peak;
    bool sound; /* factors of e are numbers on the lattice that was filled last */
};

/** Axes as the lattice has them now. False where factors of e are beyond all numbers. */
bool ph_lines_set_axes(ph_well_lines_t *self);

/** No line touched, where `again` all that were, with the values they have alone. */
void ph_lines_clear(ph_well_lines_t *self, bool again);

/** What a line is before there is anything of it, but once. False without memory. */
bool ph_lines_touch(ph_well_lines_t *self, size_t line);

/** The values of a line that was touched, [LENGTH]; good until another is. */
static inline double *ph_lines_values(const ph_well_lines_t *self, size_t line)
{
    return self->values + (size_t)self->lines[line].values * PH_LINES_LENGTH;
}

/** Whether a line was touched. */
static inline bool ph_lines_known(const ph_well_lines_t *self, size_t line)
{
    return (self->known[line / 64] >> line % 64 & 1) != 0;
}

/** The line at places of the other axes. */
size_t ph_lines_line(const ph_well_lines_t *self, int first, int second);

/** log p of chunks [from, to) of a line, into its values. */
void ph_lines_evaluate(ph_well_lines_t *self, size_t line, int from, int to);

/** Sums of p over all lines: of places that add up to an even number, and to an odd one. */
void ph_lines_sum(ph_well_lines_t *self, ph_well_sums_t *even, ph_well_sums_t *odd);

#endif
