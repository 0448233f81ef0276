/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_ROW_CLASSES_H
#define PH_MODEL_ROW_CLASSES_H

#include <stddef.h>
#include <stdint.h>

#include "sim/model/coupling.h"
#include "sim/model/patterns.h"

/**
 * The classes of neurons that are alike up to one joint sign of feature and pattern row (the gauge
 * s_i -> -s_i): in equilibrium and under parallel dynamics they are exchangeable, and the number of
 * up-spins of each class, in its gauge, is a Markov chain of its own. At most (3^K + 1)/2 classes
 * in rule storage, ((2M + 3)^K + 1)/2 in rule supervised without noisy blanks. Classes stand in the
 * order in which their first neurons do.
 */
typedef struct {
    size_t count, features, patterns;
    int16_t *phi;   /* [count][features], first entry that is not 0 positive */
    int8_t *xi;     /* [count][patterns], in the same gauge */
    int64_t *sizes; /* [count] neurons */
    uint32_t *of;   /* [neurons] class */
    int8_t *gauge;  /* [neurons] +1, or -1 where the neuron's rows are minus those of the class */
} ph_row_classes_t;

/** PH_ERR_MEMORY on failure; free is safe then. */
int ph_row_classes_init(ph_row_classes_t *self, const ph_coupling_t *coupling,
                        const ph_patterns_t *patterns);
/**
 * The neurons class after class, those of gauge +1 before those of gauge -1, else in their order:
 * [neurons], owned by the caller; NULL without memory.
 */
uint32_t *ph_row_classes_order(const ph_row_classes_t *self, size_t neurons);

void ph_row_classes_free(ph_row_classes_t *self);

#endif
