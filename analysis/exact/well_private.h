/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXACT_WELL_PRIVATE_H
#define PH_EXACT_WELL_PRIVATE_H

#include <stdbool.h>

#include "analysis/exact/well.h"

enum { PH_WELL_AXES = PH_EXACT_WELL_FEATURES };

/** A level that rises by RISE has come into another basin. TERMS: sites times rows of a sum, at
 * most. AGREEMENT: of averages of two resolutions. */
#define PH_WELL_RISE 1.0
#define PH_WELL_AGREEMENT 1e-7
#define PH_WELL_TERMS 1e7

/** Sums of p over what there is of each pattern. */
enum {
    PH_WELL_OF_M,
    PH_WELL_OF_SQUARE,
    PH_WELL_OF_OWN,
    PH_WELL_OF_FOURTH,
    PH_WELL_OF_ABSOLUTE,
    PH_WELL_OF_ABSOLUTE_OFF,
    PH_WELL_OF_COUNT
};

/** Sums of p: 1; x, x x; for each pattern M, M^2, what spins add to its variance, m^4, |m| and what
 * that may be off; the first three of the energy. */
typedef struct {
    double total, x[PH_WELL_AXES], xx[PH_WELL_AXES][PH_WELL_AXES];
    double u, u_square, u_own;
    double lag[PH_WELL_AXES],
        gap[PH_WELL_AXES]; /* by lines: x less overlaps, and the same of x x */
    double *m;             /* [PH_WELL_OF_COUNT][patterns], and room for cumulants */
} ph_well_sums_t;

typedef struct {
    const ph_exact_rows_t *rows;
    ph_exact_well_t *out;
    ph_exact_lattice_t *lattice;
    double scaled[PH_WELL_AXES]; /* w/T */
    double negligible;           /* so far below its peak the well is at its end */
    double reference;            /* log p of the centre; sums of p are in units of exp of it */
    double water;                /* the level so far */
    double inner;                /* the level of the last way between parts; INFINITY: none */
    ph_well_sums_t sums;
    double edge;    /* of those, the sum over sites within one T of the well's end */
    double *spin;   /* [rows] what spins are on average at the site that is looked at */
    double *corner; /* [patterns]: of <|m|> */
} ph_well_filler_t;

/** Given x, of each pattern: cumulants of the magnetization, from the first on. */
enum { PH_WELL_CUMULANTS = 4 };

/** h of a row at x, an entry for each axis of the lattice. */
double ph_well_field(const ph_well_filler_t *self, size_t row, const double *x);

/** log p, up to a constant. */
double ph_well_log_density(const ph_well_filler_t *self, const double *x);

/**
 * Entries that are 0 or signs put m on a lattice of step h = 2/N, which has a place at 0 where the
 * number of signs is even: by Euler and Maclaurin <|m|> is -h^2/6 times the density at 0 off, else
 * h^2/12.
 */
double ph_well_corner(const ph_exact_rows_t *rows, size_t mu);

struct ph_exact_site;
/** A site to the sums. */
void ph_well_add_site(ph_well_filler_t *self, const struct ph_exact_site *site);

/** Eigenvectors of a symmetric matrix of d in rows of vectors, ascending. PH_ERR_MEMORY,
 * PH_ERR_NUMERIC. */
int ph_well_eigen(size_t d, double matrix[PH_WELL_AXES][PH_WELL_AXES], double *values,
                  double vectors[PH_WELL_AXES][PH_WELL_AXES]);

/** The averages of a filled well from its sums; what they differ from those before (`again`) counts
 * as their error. */
void ph_well_note(ph_well_filler_t *self, bool again);

/** Whether errors of averages, but for what the edge leaves open, are as small as asked. */
bool ph_well_agrees(const ph_well_filler_t *self);

/**
 * What averages are off by: integrals by parts have <x> = <o> and <x x> = <o o> + T/(N w), but for
 * sums over derivatives of p, of p itself and of x p, which are as far from 0, in units of x's
 * spread and of 1, as other sums of p are from what they should be. Without a tolerance the first
 * is in units of what x fluctuates by given the spins.
 */
double ph_well_off_by_parts(const ph_well_filler_t *self);

/** The rate at which a start is forgotten, from the sums. PH_ERR_MEMORY, PH_ERR_NUMERIC. */
int ph_well_find_rate(ph_well_filler_t *self);

void ph_well_clear_sums(const ph_well_filler_t *self, ph_well_sums_t *sums);

/** Those of some sites to those of others. */
void ph_well_add_sums(const ph_well_filler_t *self, ph_well_sums_t *to, const ph_well_sums_t *from);

/** What the level `value` of the next site in descending order means to a filling: that the well
 * has ended (`end`), or a basin was poured into. PH_ERR_NUMERIC where that is neither joint nor
 * apart. */
int ph_well_pour(ph_well_filler_t *self, double value, bool *end);

/** What a filling by lines has in hand; free is safe after a failure. */
typedef struct ph_well_lines ph_well_lines_t;

/** PH_ERR_MEMORY. NULL, and PH_OK, where rows are too many or averages of them wanted that are not
 * made by lines. */
int ph_well_lines_init(ph_well_lines_t **self, const ph_well_filler_t *filler);
void ph_well_lines_free(ph_well_lines_t *self);

/**
 * The well and the sums over it line by line, several sites at a time: what filling it in
 * descending order comes to where it has one maximum, no more than RISE above the centre. `filled`
 * says whether it is so; what was done counts for nothing otherwise. The peak is found, and
 * filler->reference becomes it. Sums of sites whose places add up to an even number go to
 * filler->sums, those of the others to `odd`. PH_ERR_MEMORY, PH_ERR_LIMIT.
 */
int ph_well_lines_fill(ph_well_lines_t *self, ph_well_filler_t *filler, ph_well_sums_t *odd,
                       bool *filled);

/** The same of any well, in descending order as by sites; not `filled`: it is too wide for lines.
 * `again`: with the values that ph_well_lines_fill came to on this lattice. PH_ERR_MEMORY,
 * PH_ERR_LIMIT, PH_ERR_NUMERIC. */
int ph_well_lines_order(ph_well_lines_t *self, ph_well_filler_t *filler, bool again,
                        ph_well_sums_t *odd, bool *filled);

/** Values of the sites that are in the well, into the lattice. PH_ERR_MEMORY. */
int ph_well_lines_keep(const ph_well_lines_t *self, ph_exact_lattice_t *lattice);

/** log p at a place of a lattice kept by lines; -INFINITY outside the well. */
double ph_well_lines_value(const ph_exact_lattice_t *lattice, const int32_t *at);

#endif
