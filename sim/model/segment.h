/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_MODEL_SEGMENT_H
#define PH_MODEL_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "params/grid.h"

/**
 * A span of sweeps of some chains: what passes between sampler, journal and run file. Chains are
 * the replicas [replica_first, replica_first + replicas) of one sample of one point, all advanced
 * from sweep `sweep_from` to `sweep_to` (counted from the start, burn-in included). It carries the
 * records with sweep_from < time <= sweep_to (and the record at time 0 if sweep_from = 0 and
 * burn_in = 0), the running sums and the spins at sweep_to. Owned by whoever filled it.
 */
typedef struct {
    ph_digest_t chain; /* of the point */
    uint32_t sample, replica_first, replicas;
    uint64_t sweep_from, sweep_to;
    uint64_t record_first, records; /* record k is at sweep burn_in + k record_every */
    uint64_t components;            /* of all recorded observables, ph_observables_total() */
    uint64_t state_bits;            /* bits of a chain's state, ph_point_state_bits() */
    double *series;                 /* [replicas][records][components]; NULL without trajectory */
    double *sums; /* [replicas][components][PH_MOMENT_WORDS]; NULL without moments */
    uint8_t
        *spins; /* [replicas][(state_bits + 7) / 8]: bit i % 8 of byte i / 8 set: s_i = +1, i < N */
    /* The recorded states (sim/model/states.h) of the same times as the records, by their numbers
     * and bytes; NULL where there are none, or where the file that this goes to has them. */
    uint64_t states_first, states_count, states_bytes;
    uint8_t *states; /* [replicas][states_count][states_bytes] */
    bool states_copied;
} ph_segment_t;

/** Sweeps of a chain from its start to its end, at most: burn_in + ph_point_sweeps(). */
uint64_t ph_point_total(const ph_point_t *point);

/** Chains of a whole block: the replicas, where they are fewer than the lanes. */
uint32_t ph_grid_block_chains(const ph_grid_t *grid);

/** The place of a chain among all of a grid: by point, sample, replica. */
size_t ph_grid_chain(const ph_grid_t *grid, size_t point, uint32_t sample, uint32_t replica);

/** Whole bytes that so many bits take: spins, or a chain's state. */
size_t ph_segment_spin_bytes(uint64_t bits);

/**
 * Bytes that a chain's sampler keeps besides the spins, after which they are stored: sampler
 * descent 8, one more than the sweeps to its fixed point (little-endian, 0: not there yet);
 * replica-exchange the spins of the other rungs in rising noise, one byte a rung for the number of
 * the copy on it, one a copy for where it was last (0 nowhere, 1 the coldest rung, 2 the hottest
 * after the coldest), and 8 for the round trips.
 */
uint64_t ph_point_extra_bytes(const ph_point_t *point);

/** What is stored of a chain's state, in bits: N, or whole bytes where there are more than spins.
 */
uint64_t ph_point_state_bits(const ph_point_t *point);

/** Number of records with time <= sweep: 0 while sweep < burn_in. */
uint64_t ph_records_until(const ph_point_t *point, uint64_t sweep);

/**
 * Sets up a segment with room for its records, sums and spins (all zero) from a grid's settings.
 * `sweep_from` = `sweep_to` = 0 marks a chain that has not begun. PH_ERR_MEMORY on failure.
 */
int ph_segment_init(ph_segment_t *self, const ph_grid_t *grid, const ph_point_t *point,
                    uint32_t sample, uint32_t replica_first, uint32_t replicas, uint64_t sweep_from,
                    uint64_t sweep_to);
void ph_segment_free(ph_segment_t *self);

/** Gives a segment that was set up so room for the recorded states of its sweeps, all zero.
 * PH_ERR_MEMORY. */
int ph_segment_add_states(ph_segment_t *self, const ph_grid_t *grid, const ph_point_t *point);

/** Number of the first recorded state of chains that go on from a sweep, as of records. */
uint64_t ph_states_first(const ph_grid_t *grid, const ph_point_t *point, uint64_t sweep_from);

#endif
