/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_RUNFILE_POINTS_H
#define PH_STORE_RUNFILE_POINTS_H

#include "sim/store/runfile.h"

/*
 * Many points of a run file at a time: whole chains from files of the same grid, as they are
 * stored, and what is written segment by segment. A million small points take minutes so, not
 * hours, and of memory what was asked for.
 */

/** What the chains of one array have at some points, and how long one chain's share is. */
typedef struct {
    char *name;
    hid_t type, like; /* in memory; the last that was found to be the same */
    ph_share_t share; /* of a point: sample, ... */
    size_t chain_bytes;
    unsigned char *data, *fill; /* [most][chains][chain_bytes]; one element */
    size_t fill_bytes;
} ph_points_array_t;

/** Room for points [first, first + count) of all arrays that hold something of chains. */
typedef struct ph_runfile_points {
    size_t arrays_count;
    ph_points_array_t *arrays;
    unsigned char *scratch; /* of one array */
    bool *taken;            /* [count] something of the point is there */
    int64_t *sweeps_done;   /* [count][chains] of those taken */
    size_t chains;          /* of a point */
    size_t most, first, count;
} ph_runfile_points_t;

/** What is gathered at a time: of segments and one file, and where many files are put together. */
enum { PH_GATHER_ONE_BYTES = 8 << 20, PH_GATHER_MANY_BYTES = 64 << 20 };

/** How many of so many points fit into `bytes`, `point` bytes each: 0 where fewer than 8 would,
 * which are better copied chain by chain. */
size_t ph_runfile_points_fit(size_t bytes, size_t point, size_t points);

/**
 * Room for as many points of an open file as take `bytes` and once more for one array: `most` of
 * them (ph_runfile_points_fit()). To be freed, after failure too. PH_ERR_MEMORY, PH_ERR_DAMAGED.
 */
int ph_runfile_points_init(ph_runfile_points_t *self, const ph_runfile_t *like, size_t bytes,
                           ph_report_t *report);
void ph_runfile_points_free(ph_runfile_points_t *self);

/** Points [first, first + count), count <= most, of which nothing is there yet. */
void ph_runfile_points_begin(ph_runfile_points_t *self, size_t first, size_t count);

/**
 * Takes of a file of the same grid the chains marked in `wanted` ([count][samples][replicas]).
 * Errors as ph_gridfile_read().
 */
int ph_runfile_points_take(ph_runfile_points_t *self, ph_runfile_t *from, const bool *wanted,
                           ph_report_t *report);

/**
 * From now on `out` counts the chains of these points as written that were taken, and what is
 * written to it of these points (ph_runfile_write(), ph_runfile_copy_states()) comes here; until
 * _put. One call of HDF5 costs as much as a small chain's sweeps.
 */
void ph_runfile_points_gather(ph_runfile_points_t *self, ph_runfile_t *out);

/** Writes the points of which something was taken or gathered, and says in `out` how far their
 * chains are. Errors as ph_gridfile_write(). */
int ph_runfile_points_put(ph_runfile_points_t *self, ph_runfile_t *out, ph_report_t *report);

#endif
