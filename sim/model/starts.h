/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_STARTS_H
#define PH_MODEL_STARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "params/grid.h"
#include "sim/model/patterns.h"
#include "sim/model/stream.h"

/**
 * What a start says of one pattern before any dynamics; the symmetry it leaves. Patterns with one
 * symmetry (and one dilution) can be exchanged.
 */
typedef enum {
    PH_SYMMETRY_FREE,  /* sign and place are open */
    PH_SYMMETRY_EQUAL, /* the sign is set; one of several that start alike */
    PH_SYMMETRY_FIXED  /* sign and place are set */
} ph_symmetry_left_t;

/**
 * A start: the mean of the spin it gives a neuron, as a function of the neuron's pattern row. -1
 * and +1 set it, 0 is a fair coin, q between them a coin that falls on +1 with probability
 * (1 + q)/2. Start example sets the spin to an example's entry instead (a coin where that is
 * blank); its mean given the row is quality x entry. Start file has no such mean: 0.
 */
typedef struct {
    const char *help;
    double (*spin)(const ph_point_t *point, const int8_t *row);              /* row[patterns] */
    ph_symmetry_left_t (*symmetry)(const ph_point_t *point, size_t pattern); /* pattern from 0 */
} ph_start_t;

/** The pattern (from 0) that the point's start of a replica is a cue of; -1 where it names none. */
int64_t ph_start_target(const ph_point_t *point, uint32_t replica);

/** The row of a start, of the list of all (start_rows.c). */
const ph_start_t *ph_start(ph_start_id_t id);

/** Whether chains forget where they began: annealing, points that follow others, and samplers that
 * forget it by themselves. */
bool ph_start_is_forgotten(const ph_point_t *point);

/** Mean of the spin that the point's start gives a neuron with this row, in [-1, 1]. */
double ph_start_spin(const ph_point_t *point, const int8_t *row);

/** Whether that mean is all there is to know of a neuron's spin, and turns with the row: not where
 * some neurons are hidden by their place, or filled with one sign. */
bool ph_start_is_of_rows(const ph_point_t *point);

/**
 * The same of a neuron of a sample, whose row is patterns->entries[neuron]: an example's very entry
 * where the start is one.
 */
double ph_start_neuron(const ph_point_t *point, const ph_patterns_t *patterns, size_t neuron);

/** What the point's start says of a pattern (from 0). */
ph_symmetry_left_t ph_start_symmetry(const ph_point_t *point, size_t pattern);

/**
 * The starting spins of the lanes of a block whose bits are set in `lanes`: bit l of spins[i] is
 * set where neuron i is +1 in lane l; spins[neurons], 0 in other lanes. A pure function of (key,
 * sample, block, lane): the lanes asked for together do not matter. Not for start file.
 */
void ph_start_fill(const ph_point_t *point, const ph_patterns_t *patterns, ph_stream_key_t key,
                   uint32_t sample, uint32_t block, uint64_t lanes, uint64_t *spins);

#endif
