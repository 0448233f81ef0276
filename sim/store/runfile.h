/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_RUNFILE_H
#define PH_STORE_RUNFILE_H

#include <polyhebb/status.h> /* PH_POINT_COMPLETE and the like, as stored */

#include "sim/model/dimensions.h"
#include "sim/model/observables.h"
#include "sim/model/segment.h"
#include "sim/store/gridfile.h"

/*
 * A run file on disk (docs/format.md):
 *   OBS(axes..., sample, replica, record, own dims...)        trajectory, per recorded observable
 *   OBS_mean, OBS_variance(axes..., sample, replica, own...)  over the records, NaN where none
 *   OBS_sums(axes..., sample, replica, own..., moment)        PH_MOMENT_WORDS running sums
 *   last_state(axes..., sample, replica, byte)                spins as bits after the last sweep
 *   states(axes..., sample, replica, state_time, spin_byte)   spins as bits, of record.states
 *   sweeps_done(axes..., sample, replica)                     int64, burn-in included; 0: not begun
 *   status(axes...)                                           int8: 0 not run, 1 begun, 2 complete
 *   ended(axes..., sample, replica)                           int8, ph_until_end_t; with
 *                                                             dynamics.until only
 * Coordinates sample, replica, pattern (1, 2, ...), record (time in sweeps after burn-in, or an
 * index with time(axes..., record) where it varies over points).
 */

typedef struct ph_runfile {
    ph_gridfile_t base;
    int64_t *sweeps_done; /* [points][samples][replicas] of the file's grid */
    int8_t *ended;        /* the same of why chains have ended; NULL without dynamics.until */
    struct ph_runfile_points *gathered; /* see ph_runfile_points_gather(); NULL: nothing is */
} ph_runfile_t;

/** A new, empty run file for a grid (nothing under `path` until commit). */
int ph_runfile_create(ph_runfile_t *self, const char *path, const ph_grid_t *grid,
                      ph_report_t *report);

/** The same without a name; _to_read turns it into what ph_runfile_open() gives of a whole file
 * (ph_gridfile_create_unnamed()). */
int ph_runfile_create_unnamed(ph_runfile_t *self, const char *path, const ph_grid_t *grid,
                              ph_report_t *report);
int ph_runfile_to_read(ph_runfile_t *self, ph_report_t *report);

/** A dimension of the table (sim/model/dimensions.h) with its coordinate, in any file over a grid,
 * unless the file has it already. */
int ph_runfile_table_dim(ph_gridfile_t *base, ph_dim_id_t id, ph_report_t *report);

/**
 * The dimension `record` of any file over a grid: the time after burn-in or, where it varies over
 * points, a number, with the array time(axes..., record) to be filled by _write_times.
 */
int ph_runfile_record_dim(ph_gridfile_t *base, ph_report_t *report);
int ph_runfile_write_times(ph_gridfile_t *base, ph_report_t *report);

/** Opens to read; self->base.grid is the file's own grid. Errors as ph_gridfile_open. */
int ph_runfile_open(ph_runfile_t *self, const char *path, ph_report_t *report);

/** The same where the grid may well be a known one (ph_gridfile_open_known()). */
int ph_runfile_open_known(ph_runfile_t *self, const char *path, const ph_grid_t *known,
                          ph_report_t *report);

/** The same without what is said of each chain (sweeps_done and ended are NULL), for
 * ph_runfile_points_take() alone: the time it takes does not grow with the chains. */
int ph_runfile_open_arrays(ph_runfile_t *self, const char *path, const ph_grid_t *known,
                           ph_report_t *report);

/** Sweeps done (burn-in included) by one chain. */
int64_t ph_runfile_sweeps_done(const ph_runfile_t *self, size_t point, uint32_t sample,
                               uint32_t replica);

/** Whether a chain is at its end: it has all its sweeps or, with dynamics.until, is said to be. */
bool ph_runfile_chain_complete(const ph_runfile_t *self, size_t point, uint32_t sample,
                               uint32_t replica);

/** How far all chains of a point are: PH_POINT_NOT_RUN, PH_POINT_BEGUN or PH_POINT_COMPLETE. */
int ph_runfile_point_status(const ph_runfile_t *self, size_t point);

/**
 * Writes a segment into point `point`: its records, sums, derived means and variances, spins, and
 * raises sweeps_done. The caller sees to it that segments of a chain come without gaps; fastest is
 * point by point, sample by sample. Records of a segment that the file's grid does not have (fewer
 * sweeps), or chains of another point, are an error, PH_ERR_MISMATCH.
 */
int ph_runfile_write(ph_runfile_t *self, size_t point, const ph_segment_t *segment,
                     ph_report_t *report);

/**
 * Reads the segment of some chains from their start to sweeps_done, all of which must be equal,
 * into a fresh segment (PH_ERR_MISMATCH where they differ). records_from: leave out earlier records
 * (series holds those from record_first on; sweep_from stays 0); pass UINT64_MAX to read only sums
 * and spins. On failure the segment is empty.
 */
int ph_runfile_read(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica_first,
                    uint32_t replicas, uint64_t records_from, ph_segment_t *segment,
                    ph_report_t *report);

/** What is read of chains: of series and running sums those of some observables, a bit
 * 1 << ph_observable_id_t each. */
typedef struct {
    uint64_t records_from; /* as of ph_runfile_read() */
    uint64_t series, sums;
    bool spins;
} ph_wanted_t;

/**
 * The same of several samples, [samples] segments, all of whose chains have done as many sweeps
 * (PH_ERR_MISMATCH), and of what is wanted alone: one call of HDF5 an array. Without an observable
 * in `sums` (or without `spins`) a segment has none; in `series`, it has no records. Components
 * that are not wanted are 0. On failure all segments are empty. Several threads may read so at a
 * time: one of them is in HDF5.
 */
int ph_runfile_read_samples(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t samples,
                            uint32_t replica_first, uint32_t replicas, const ph_wanted_t *wanted,
                            ph_segment_t *segments, ph_report_t *report);

/**
 * Copies the recorded states of a segment that was read from a whole file (its chains from their
 * start on) to the same chains of another, some at a time, and marks them as copied. Files without
 * recorded states: nothing to do. Errors as of reading and writing.
 */
int ph_runfile_copy_states(ph_runfile_t *self, size_t point, ph_runfile_t *from, size_t from_point,
                           ph_segment_t *segment, ph_report_t *report);

/**
 * Reads recorded states of one chain, [count][ph_point_spin_bytes()], from number `first` on; only
 * those that are there: ph_states_until() of its sweeps_done.
 */
int ph_runfile_read_states(ph_runfile_t *self, size_t point, uint32_t sample, uint32_t replica,
                           uint64_t first, uint64_t count, uint8_t *states, ph_report_t *report);

/** Writes `status` and `sweeps_done` and commits. */
int ph_runfile_commit(ph_runfile_t *self, ph_report_t *report);
void ph_runfile_close(ph_runfile_t *self);

/** Reads every stored byte once (checksums). PH_ERR_DAMAGED names the first dataset that fails. */
int ph_runfile_verify(ph_runfile_t *self, ph_report_t *report);

#endif
