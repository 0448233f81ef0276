/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_STARTS_H
#define PH_MODEL_STARTS_H

#include <stdint.h>

#include "params/words.h"

/**
 * A start: the spin it gives a neuron as a function of the neuron's pattern row; 0 stands for a
 * fair coin.
 */
typedef struct {
    ph_start_id_t id;
    const char *help;
    int (*spin)(const int8_t *row, int64_t patterns); /* -1, 0 or +1 */
} ph_start_t;

/** The row of a start. */
const ph_start_t *ph_start(ph_start_id_t id);

#endif
