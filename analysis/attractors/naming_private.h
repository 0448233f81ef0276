/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_ATTRACTORS_NAMING_PRIVATE_H
#define PH_ATTRACTORS_NAMING_PRIVATE_H

#include "analysis/attractors/naming.h"
#include "sim/model/row_classes.h"

/** What states are called is decided over the classes of neurons alike in features and patterns. */
typedef struct {
    const ph_row_classes_t *classes;
    size_t neurons, patterns;
    const double *gains;    /* [patterns] */
    const double *activity; /* [patterns] */
    double *spins;          /* [classes] mean spin in the class' gauge */
    double square;          /* sum over neurons of the squares of mean spins */
    double *overlap;        /* [patterns] of these spins, to be found */
    double *recall;         /* [patterns] the same */
} ph_naming_t;

/** Names the state, and finds its overlaps; spins, overlaps and recall are turned as the label
 * says. True where they were. */
bool ph_name_state(ph_naming_t *self, ph_attractor_label_t *label);

#endif
