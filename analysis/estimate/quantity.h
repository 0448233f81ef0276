/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ESTIMATE_QUANTITY_H
#define PH_ESTIMATE_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "params/grid.h"

/*
 * The quantities that papers print, made of averages over the records of a sample (the table is in
 * quantity.c, a line each). A quantity is one function of averages: given those of chains it is the
 * estimate, given those of an exact sum or of a theory it is what these say of it.
 */

/** Averages of one sample at one noise, of one pattern; NaN: not known. */
typedef struct {
    double noise, neurons;
    double m, absolute, square, fourth; /* <m>, <|m|>, <m^2>, <m^4> */
    double loss_plus, loss_minus;       /* <L_+>, <L_-> */
    double energy, energy_square;       /* <H/N>, <(H/N)^2> */
} ph_means_t;

/** What there is one of. */
typedef enum { PH_QUANTITY_OF_POINT, PH_QUANTITY_OF_PATTERN, PH_QUANTITY_OF_WELL } ph_quantity_of_t;

/** What it is made of. */
typedef enum {
    PH_QUANTITY_MEANS,     /* averages: `value` */
    PH_QUANTITY_SHARE,     /* chains by wells */
    PH_QUANTITY_TAU,       /* autocorrelation time of m, or of the energy (of a point) */
    PH_QUANTITY_EFFECTIVE, /* records over 2 tau */
    PH_QUANTITY_RHAT,
    PH_QUANTITY_RETRIEVED, /* patterns of each chain (PH_RETRIEVAL_USUAL) */
    PH_QUANTITY_RECALLED,  /* chains by the outcome of their last state, in its order */
    PH_QUANTITY_RECALL_REVERSED,
    PH_QUANTITY_RECALL_OTHER,
    PH_QUANTITY_RECALL_MIXTURE,
    PH_QUANTITY_RECALL_NONE,
    PH_QUANTITY_RECALL_OVERLAP, /* the overlap of their last state */
    PH_QUANTITY_RECALL_SWEEPS   /* sweeps to the first record that recalls */
} ph_quantity_made_t;

/** What it needs: bits of a set. */
enum {
    PH_NEEDS_NOISE = 1, /* noise above 0 */
    PH_NEEDS_LAW = 2,   /* chains of exp(-H/T) */
    PH_NEEDS_WELLS =
        4, /* chains by wells: averages are taken in each, and the quantities averaged */
    PH_NEEDS_LOSS = 8,   /* recorded losses */
    PH_NEEDS_PATH = 16,  /* records in time */
    PH_NEEDS_RECALL = 32 /* recorded recall */
};

typedef struct {
    const char *name, *formula, *unit;
    ph_quantity_of_t of;
    ph_quantity_made_t made;
    unsigned needs;
    double (*value)(const ph_means_t *means); /* NULL where it is not made of averages */
} ph_quantity_t;

/** Quantity i of the table; NULL after the last. */
const ph_quantity_t *ph_quantity(size_t i);

/** The one of a name, or NULL. */
const ph_quantity_t *ph_quantity_named(const char *name);

/** Whether a grid records what a quantity is made of: losses and recall are not always there. */
bool ph_quantity_recorded(const ph_quantity_t *quantity, const ph_grid_t *grid);

/**
 * The averages of a magnetization with mean m and variance v whose law is normal, and of an energy
 * with mean e and variance w: what theory to leading order in 1/N says of a well.
 */
void ph_means_normal(ph_means_t *self, double m, double v, double e, double w);

#endif
