/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_ROW_CLASSES_H
#define PH_MODEL_ROW_CLASSES_H

#include <stddef.h>
#include <stdint.h>

#include "sim/model/coupling.h"
#include "sim/model/patterns.h"

/**
 * The classes of neurons with equal rows up to one joint sign (the gauge s_i -> -s_i), in the order
 * in which their first neurons stand. Of feature and pattern rows: in equilibrium and under
 * parallel dynamics such neurons are exchangeable, and the number of up-spins of each class, in its
 * gauge, is a Markov chain of its own; at most (3^K + 1)/2 classes in rule storage, ((2M + 3)^K +
 * 1)/2 in rule supervised without noisy blanks.
 */
typedef struct {
    size_t count, features, patterns; /* patterns: 0 where they were not told apart by them */
    size_t width;                     /* features, then patterns, then the entry more */
    int16_t *rows;                    /* [count][width], first entry that is not 0 positive */
    int64_t *sizes;                   /* [count] neurons */
    uint32_t *of;                     /* [neurons] class */
    int8_t *gauge; /* [neurons] +1, or -1 where the neuron's row is minus that of the class */
} ph_row_classes_t;

/**
 * By the features of the coupling and, where they are given (else NULL), by the entries of the
 * patterns and by one entry more, more[neurons]. PH_ERR_MEMORY on failure; free is safe then.
 */
int ph_row_classes_init(ph_row_classes_t *self, const ph_coupling_t *coupling,
                        const ph_patterns_t *patterns, const int8_t *more);
void ph_row_classes_free(ph_row_classes_t *self);

/** The row of a class, [width]. */
static inline const int16_t *ph_row_classes_row(const ph_row_classes_t *self, size_t class)
{
    return self->rows + class * self->width;
}

/**
 * The neurons class after class, those of gauge +1 before those of gauge -1, else in their order:
 * [neurons], owned by the caller; NULL without memory.
 */
uint32_t *ph_row_classes_order(const ph_row_classes_t *self, size_t neurons);

/**
 * The place of every class in the order of the bytes of their rows, which is the same whatever the
 * order of the neurons: [count], owned by the caller; NULL without memory.
 */
uint32_t *ph_row_classes_ranks(const ph_row_classes_t *self);

#endif
