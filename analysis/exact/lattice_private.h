/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_EXACT_LATTICE_PRIVATE_H
#define PH_EXACT_LATTICE_PRIVATE_H

#include <stdbool.h>

#include "analysis/exact/well.h"

/** A place of the lattice that was looked at. */
typedef struct ph_exact_site {
    int32_t at[PH_EXACT_WELL_FEATURES];
    bool inside; /* taken, not only reached */
    double value;
} ph_exact_site_t;

/** Where a site is: its place in one word, which no other place within reach has. */
struct ph_exact_entry {
    uint64_t key;
    uint32_t site; /* PH_EXACT_NO_SITE: empty */
};
#define PH_EXACT_NO_SITE UINT32_MAX

/** Where a line of the lattice was filled: from which place along the first axis on, and where its
 * values begin. */
struct ph_exact_line {
    int32_t first, count; /* 0: none of it is in the well */
    size_t values;
};

void ph_lattice_free(ph_exact_lattice_t *self);

/** That of the places -x of a filled one. PH_ERR_MEMORY; free is safe after it. */
int ph_lattice_mirror(ph_exact_lattice_t *self, const ph_exact_lattice_t *of);

/** Forgets all sites. */
void ph_lattice_clear(ph_exact_lattice_t *self);

void ph_lattice_place(const ph_exact_lattice_t *self, const int32_t *at, double *x);

/** Steps along the axes from the centre to x. False where it is beyond all reach. */
bool ph_lattice_steps(const ph_exact_lattice_t *self, const double *x, double *steps);

/** The site at a place, or NULL where none was added. */
const ph_exact_site_t *ph_lattice_find(const ph_exact_lattice_t *self, const int32_t *at);

/** Adds a site that is not there yet, waiting to be taken; `value` is its rank. PH_ERR_MEMORY, or
 * PH_ERR_LIMIT where the place is beyond reach. */
int ph_lattice_add(ph_exact_lattice_t *self, const int32_t *at, double value);

/** Takes the highest site that waits; NULL: none. Good until the next is added. */
ph_exact_site_t *ph_lattice_take(ph_exact_lattice_t *self);

#endif
