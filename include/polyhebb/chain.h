/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_CHAIN_H
#define POLYHEBB_CHAIN_H

/** @file
 * Markov chains in memory: start, sweep, look. No file is written.
 *
 * The network: spins s_i = -1 or +1 of N neurons, H = -sum_{i<j} J_ij s_i s_j, no self-coupling. In
 * rule storage J_ij = (1/N) sum_mu w_mu xi_i^mu xi_j^mu with patterns xi of entries -1, 0, +1
 * (grids: w_mu by network.normalization, 1/(1 - d) if not said); the other rules learn from
 * examples (docs/theory.md). Samplers of equilibrium end in exp(-H/T).
 */
#include <stddef.h>
#include <stdint.h>

#include <polyhebb/grid.h>

/**
 * Replicas of one network side by side: chains with the same patterns and random numbers of their
 * own. Used by one thread at a time; more than a block of replicas (ensemble.lanes, 32 by default)
 * are swept by several threads. Arrays over replicas hold replica_first, replica_first + 1, ... in
 * this order.
 */
typedef struct ph_chain ph_chain_t;

PH_BEGIN_C

/**
 * The replicas replica_first, ..., replica_first + replicas - 1 of sample `sample` (from 0) of a
 * grid's point. They have the patterns, the random numbers and so the bits of the chains of those
 * numbers in a run of the grid; there may be more of them than the grid says. They stand in the
 * grid's start, at time 0. The grid must outlive the chains.
 *
 * PH_ERR_INPUT: no such point, no replicas, a number of 2^31 and more, or a replica behind the list
 * of dynamics.start_targets. PH_ERR_UNSUPPORTED: a
 * point that begins where another ended (dynamics.follow). PH_ERR_LIMIT: N x K of
 * 2^31 and more, or rule supervised with more than 32767 examples. PH_ERR_MEMORY. From
 * dynamics.start file also PH_ERR_IO, PH_ERR_FORMAT, PH_ERR_DAMAGED, PH_ERR_MISMATCH. On failure
 * *chain is NULL.
 */
PH_API int ph_chain_new(ph_chain_t **chain, const ph_grid_t *grid, size_t point, uint32_t sample,
                        uint32_t replica_first, uint32_t replicas, ph_report_t *report);

/**
 * The same for patterns of the caller's own, which are copied: entries[neurons][patterns], each -1,
 * 0 or +1, and weights[patterns] w_mu, finite and not negative (NULL: all 1). neurons 1 to 2^30,
 * patterns 1 to 4096. `settings` are as in ph_grid_new() and say all but the network: "noise=0.2",
 * "dynamics.sampler=block-gibbs", "dynamics.start=random", "seed=7"; network.rule is storage. The
 * path is a function of patterns, weights, settings and replica alone.
 *
 * PH_ERR_INPUT: an entry or weight that cannot be, settings of more than one point or of another
 * rule; else as above.
 */
PH_API int ph_chain_new_with_patterns(ph_chain_t **chain, int64_t neurons, int64_t patterns,
                                      const int8_t *entries, const double *weights, size_t count,
                                      const char *const *settings, uint32_t replicas,
                                      ph_report_t *report);

/** Frees chains; NULL does nothing. */
PH_API void ph_chain_delete(ph_chain_t *chain);

/** Puts all replicas into the grid's start, at time 0: the same path again. What a start file gives
 * was read when the chains were made. PH_ERR_MEMORY. */
PH_API int ph_chain_start(ph_chain_t *chain, ph_report_t *report);

/** Puts all replicas into spins[replicas][neurons] of -1 and +1, at time 0. PH_ERR_INPUT, and
 * nothing done, where one is something else; PH_ERR_MEMORY. */
PH_API int ph_chain_start_from(ph_chain_t *chain, const int8_t *spins, ph_report_t *report);

/**
 * Advances all replicas by `sweeps` sweeps of N attempted updates each (dynamics.schedule_from and
 * its like set the noise of the first ones). PH_ERR_MEMORY: no room for a change of noise; then the
 * chains may only be started anew or deleted.
 */
PH_API int ph_chain_sweep(ph_chain_t *chain, uint64_t sweeps, ph_report_t *report);

/** Sweeps since the start. */
PH_API uint64_t ph_chain_time(const ph_chain_t *chain);

/** Number of replicas. */
PH_API uint32_t ph_chain_replicas(const ph_chain_t *chain);

/** Number of neurons N. */
PH_API int64_t ph_chain_neurons(const ph_chain_t *chain);

/** Number of patterns K. */
PH_API int64_t ph_chain_patterns(const ph_chain_t *chain);

/** Word of the sampler at work, as in grid files ("glauber"): where the grid says auto, the one
 * that stands for it. Static storage. */
PH_API const char *ph_chain_sampler(const ph_chain_t *chain);

/** The patterns, entries[neurons][patterns] of -1, 0, +1. */
PH_API void ph_chain_entries(const ph_chain_t *chain, int8_t *entries);

/** Overlaps m_mu = (1/N) sum_i xi_i^mu s_i, overlaps[replicas][patterns]; within -1 and 1. */
PH_API void ph_chain_overlaps(ph_chain_t *chain, double *overlaps);

/** Energies H/N, energies[replicas]. */
PH_API void ph_chain_energies(ph_chain_t *chain, double *energies);

/** Spins of -1 and +1, spins[replicas][neurons]. */
PH_API void ph_chain_spins(ph_chain_t *chain, int8_t *spins);

/**
 * Numbers that an observable has in one replica, 0 where the grid does not record it: K for
 * "magnetization" (the overlaps), 1 for "energy", else as docs/format.md names and shapes them
 * ("loss", "flips", "acceptance", ...).
 */
PH_API size_t ph_chain_observable_size(const ph_chain_t *chain, const char *observable);

/** An observable of the present states, values[replicas][size as above]; NaN where it is not
 * defined. PH_ERR_INPUT, with the names, where it is not recorded. */
PH_API int ph_chain_observable(ph_chain_t *chain, const char *observable, double *values,
                               ph_report_t *report);

/** Bytes of the states of all replicas. */
PH_API size_t ph_chain_state_size(const ph_chain_t *chain);

/** Writes the states of all replicas into state[ph_chain_state_size()]. */
PH_API void ph_chain_save(ph_chain_t *chain, void *state);

/**
 * Goes on from states that ph_chain_save() has written at time `time` of chains made alike: the
 * same path as without a stop. Until the next sweep flips and acceptance, which are of a sweep, are
 * 0. PH_ERR_MEMORY: as after ph_chain_sweep(), or where that was its end already.
 */
PH_API int ph_chain_load(ph_chain_t *chain, const void *state, uint64_t time, ph_report_t *report);

PH_END_C

#endif
