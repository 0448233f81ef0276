/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POLYHEBB_RUNFILE_H
#define POLYHEBB_RUNFILE_H

/** @file
 * Reading run files: how far they are, estimates with their errors, trajectories, last and recorded
 * states.
 */
#include <stddef.h>
#include <stdint.h>

#include <polyhebb/grid.h>

/** A run file open to read. Files are read through HDF5, which may be used by one thread of a
 * process at a time. */
typedef struct ph_runfile ph_runfile_t;

PH_BEGIN_C

/** Opens a run file. A note in the report says if chains of it may be wrong by a fault of an
 * earlier version (CHANGELOG.md, "Wrong numbers mended"). PH_ERR_IO, PH_ERR_FORMAT (no run file, or
 * of a newer format), PH_ERR_DAMAGED, PH_ERR_MEMORY; on failure *run is NULL. */
PH_API int ph_runfile_new(ph_runfile_t **run, const char *path, ph_report_t *report);

/** Closes it; NULL does nothing. */
PH_API void ph_runfile_delete(ph_runfile_t *run);

/** Its grid, which lives as long as the run file. */
PH_API const ph_grid_t *ph_runfile_grid(const ph_runfile_t *run);

/** PH_POINT_NOT_RUN, PH_POINT_BEGUN or PH_POINT_COMPLETE; PH_POINT_NOT_RUN beyond the last point.
 */
PH_API int ph_runfile_status(const ph_runfile_t *run, size_t point);

/** Sweeps that a chain has done, burn-in included; 0 where there is no such chain. */
PH_API int64_t ph_runfile_sweeps(const ph_runfile_t *run, size_t point, uint32_t sample,
                                 uint32_t replica);

/** Number of recorded components of a chain at a point: K magnetizations, the energy, ... */
PH_API size_t ph_runfile_components(const ph_runfile_t *run, size_t point);

/**
 * Name of component c into text[size] (64 bytes are enough), "magnetization", "loss_plus", and its
 * pattern (from 0; -1: of no pattern). PH_ERR_INPUT where there is none.
 */
PH_API int ph_runfile_component(const ph_runfile_t *run, size_t point, size_t c, char *text,
                                size_t size, int64_t *pattern);

/**
 * Estimates of a point over all chains, each array [components]: mean, its statistical error and
 * the integrated autocorrelation time in sweeps. NaN: not known (no records, or chains too short
 * for an error). At noise 0 the last states count, not averages. Arrays may be NULL. PH_ERR_INPUT:
 * no such point; else what reading gave.
 */
PH_API int ph_runfile_estimates(ph_runfile_t *run, size_t point, double *mean, double *error,
                                double *tau, ph_report_t *report);

/** Records that a chain has, its trajectory's length; 0 without a trajectory or such a chain. */
PH_API uint64_t ph_runfile_records(const ph_runfile_t *run, size_t point, uint32_t sample,
                                   uint32_t replica);

/**
 * The trajectory of one chain, values[records][components]; record k is at sweep k record_every
 * after burn-in. PH_ERR_INPUT: no such chain, or record.trajectory is false; else what reading
 * gave.
 */
PH_API int ph_runfile_trajectory(ph_runfile_t *run, size_t point, uint32_t sample, uint32_t replica,
                                 double *values, ph_report_t *report);

/** The last state of one chain, spins[neurons] of -1 and +1. PH_ERR_INPUT: no such chain, or it has
 * not begun; else what reading gave. */
PH_API int ph_runfile_spins(ph_runfile_t *run, size_t point, uint32_t sample, uint32_t replica,
                            int8_t *spins, ph_report_t *report);

/** States of one chain that are recorded (record.states) so far; 0 where there are none. */
PH_API uint64_t ph_runfile_states(const ph_runfile_t *run, size_t point, uint32_t sample,
                                  uint32_t replica);

/** When state k = 0, 1, ... is recorded, in sweeps after burn-in, the same of all chains that come
 * so far; -1 where the grid records no such state. */
PH_API int64_t ph_runfile_state_time(const ph_runfile_t *run, uint64_t k);

/** Recorded state k of one chain, spins[neurons] of -1 and +1. PH_ERR_INPUT: no such chain, or it
 * has no such state; else what reading gave. */
PH_API int ph_runfile_state(ph_runfile_t *run, size_t point, uint32_t sample, uint32_t replica,
                            uint64_t k, int8_t *spins, ph_report_t *report);

/** Reads every stored byte once and holds it against its checksum. PH_ERR_DAMAGED, PH_ERR_IO. */
PH_API int ph_runfile_check(ph_runfile_t *run, ph_report_t *report);

PH_END_C

#endif
