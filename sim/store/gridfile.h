/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_GRIDFILE_H
#define PH_STORE_GRIDFILE_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/report.h"
#include "data/hdf5_driver.h"
#include "params/grid.h"

/*
 * What run files and files of theory share: an HDF5 file whose arrays carry the grid's axes as
 * named, labelled dimensions (dimension scales), with the grid's text and the provenance in it, so
 * that xarray.open_dataset() and ncdump read it. Never written under its final name: create makes
 * PATH.partial, commit syncs and renames; what it replaces hands on its permissions. All calls come
 * from one thread.
 */

enum {
    PH_FILE_FORMAT_VERSION = 1,
    PH_ARRAY_RANK_MAX = 32,
    /* of an array's chunks in memory while it is open: those of 64 replicas of one sample */
    PH_ARRAY_CACHE_BYTES = 16 * 1048576
};

/** A dimension of an open file: first the grid's axes in order, then those made by _dim. */
typedef struct {
    char *name;
    size_t length;
    hid_t scale;
} ph_dim_t;

/** Where the elements of a point's share of an array are in memory (sim/store/share.h). */
typedef struct {
    size_t rank, extent[PH_ARRAY_RANK_MAX], stride[PH_ARRAY_RANK_MAX], bytes;
} ph_share_t;

/** What was read ahead of an array whose points are asked for in order. */
typedef struct {
    size_t last, in_order; /* the point asked for last, how many were in order */
    size_t first, count;   /* points that are here, in the type asked for */
    hid_t type;
    ph_share_t share;
    unsigned char *data;
    bool off; /* points too large, or one that cannot be read */
} ph_ahead_t;

/** An array of an open file, its handle kept open until the file is closed. */
typedef struct {
    char *name;
    hid_t set;
    size_t axes; /* of its dimensions the first ones are so many axes: all of the grid's, or none */
    size_t rank, element;
    hsize_t extent[PH_ARRAY_RANK_MAX], chunk[PH_ARRAY_RANK_MAX];
    ph_ahead_t ahead;
} ph_dataset_t;

typedef struct {
    hid_t file;
    bool once; /* read from its beginning to its end: few chunks are kept in memory */
    ph_hdf5_driver_t *driver;
    char *path;      /* final name */
    char *temporary; /* name while being written, NULL for a file opened to read */
    bool made;       /* the file of that name is ours, to be removed */
    const ph_grid_t *grid;
    ph_grid_t *own_grid; /* parsed from the file on open; `grid` points to it */
    size_t dims_count;
    ph_dim_t *dims;
    size_t arrays_count;
    ph_dataset_t *arrays;
} ph_gridfile_t;

/** An array to be created. Its dimensions: the grid's axes, then `dims`. */
typedef struct {
    const char *name, *long_name, *unit;
    hid_t type;       /* in memory and (little-endian standard form) in the file */
    const void *fill; /* one element of `type`; NULL: every element will be written */
    size_t dims_count;
    const char *const *dims; /* names of the inner dimensions, made before by ph_gridfile_dim */
    size_t chunk_outer;      /* inner dimensions, from the left, along which a chunk has length 1
                                (it always has along the axes, except where a point's data are
                                so few that neighbouring points share a chunk) */
    const char *coordinates; /* auxiliary coordinates beyond the zipped keys, blank-separated, or
                                NULL */
} ph_array_t;

/**
 * Starts a file of kind "run", "theory", "phase", "comparison" or "attractors" for a grid:
 * coordinates of every axis (named like their keys; zipped keys share the dimension of the first),
 * root attributes (title, Conventions, polyhebb_kind, format_version, grid_digest), /provenance
 * (grid text as scalar string, seed, version, revision, compiler, flags, libraries, host, time).
 * The grid must outlive `self`. PH_ERR_IO where the folder cannot be written, PH_ERR_INPUT where a
 * write-protected file or none at all (a pipe) has the name.
 */
int ph_gridfile_create(ph_gridfile_t *self, const char *path, const char *kind,
                       const ph_grid_t *grid, ph_report_t *report);

/**
 * The same in a file without a name (ph_file_unnamed()), for what is looked at only: nothing is
 * written under `path`, which is for messages. It is not committed but turned, by _to_read, into
 * what ph_gridfile_open() gives of a whole file, with a grid of its own.
 */
int ph_gridfile_create_unnamed(ph_gridfile_t *self, const char *path, const char *kind,
                               const ph_grid_t *grid, ph_report_t *report);
int ph_gridfile_to_read(ph_gridfile_t *self, const char *kind, ph_report_t *report);

/**
 * Opens a file of that kind to read, parses its grid and checks coordinates against it.
 * Only a regular file is opened, and only what it holds itself is read. PH_ERR_IO (absent,
 * unreadable), PH_ERR_FORMAT (no regular file, not HDF5, foreign, other kind, newer format, links
 * or storage elsewhere, unknown filters), PH_ERR_DAMAGED.
 */
int ph_gridfile_open(ph_gridfile_t *self, const char *path, const char *kind, ph_report_t *report);

/**
 * The same where the file's grid may well be one that is known: is it that, letter by letter, it is
 * not parsed anew, and `known` (NULL: none) must outlive `self`.
 */
int ph_gridfile_open_known(ph_gridfile_t *self, const char *path, const char *kind,
                           const ph_grid_t *known, ph_report_t *report);

/**
 * Whether a file of that kind may be put in place under this name: nothing is there, an empty file,
 * or a whole file of the same kind, not write-protected. Else PH_ERR_INPUT: what somebody calls an
 * output by mistake is not lost. PH_ERR_IO and PH_ERR_MEMORY where that cannot be told.
 */
int ph_gridfile_replaceable(const char *path, const char *kind, ph_report_t *report);

/**
 * Makes an inner dimension of this length; `values` ([length] doubles with unit and description)
 * or NULL for a dimension without coordinate values. Values that are all whole are stored as int64.
 * In a file opened to read: checks that it is there with these values (PH_ERR_DAMAGED if not).
 */
int ph_gridfile_dim(ph_gridfile_t *self, const char *name, size_t length, const double *values,
                    const char *unit, const char *long_name, ph_report_t *report);

/**
 * Makes an array (chunked, gzip, fletcher32, fill value, unit, long_name, scales attached). In a
 * file opened to read: opens it and checks type and extent (PH_ERR_DAMAGED if they differ).
 */
int ph_gridfile_array(ph_gridfile_t *self, const ph_array_t *array, ph_report_t *report);

/** The same without the grid's axes, for what belongs to no point: written and read as a whole. */
int ph_gridfile_array_apart(ph_gridfile_t *self, const ph_array_t *array, ph_report_t *report);

/**
 * Writes or reads a box of an array at one grid point: `offset` and `count` over the inner
 * dimensions only, `data` row-major of `type`. PH_ERR_DAMAGED where stored bytes fail their
 * checksum.
 */
int ph_gridfile_write(ph_gridfile_t *self, const char *name, size_t point, const size_t *offset,
                      const size_t *count, hid_t type, const void *data, ph_report_t *report);
int ph_gridfile_read(ph_gridfile_t *self, const char *name, size_t point, const size_t *offset,
                     const size_t *count, hid_t type, void *data, ph_report_t *report);

/**
 * The same for whole points [first, first + count): `data` row-major over them and all inner
 * dimensions.
 */
int ph_gridfile_write_points(ph_gridfile_t *self, const char *name, size_t first, size_t count,
                             hid_t type, const void *data, ph_report_t *report);
int ph_gridfile_read_points(ph_gridfile_t *self, const char *name, size_t first, size_t count,
                            hid_t type, void *data, ph_report_t *report);

/** The same for a whole array, all points: `data` row-major over axes and inner dimensions. */
int ph_gridfile_write_all(ph_gridfile_t *self, const char *name, hid_t type, const void *data,
                          ph_report_t *report);
int ph_gridfile_read_all(ph_gridfile_t *self, const char *name, hid_t type, void *data,
                         ph_report_t *report);

/** Adds a text or int8 attribute to an array that was made before; a text, where `array` is NULL,
 * to the file itself. */
int ph_gridfile_note(ph_gridfile_t *self, const char *array, const char *name, const char *text,
                     ph_report_t *report);
int ph_gridfile_flags(ph_gridfile_t *self, const char *array, const char *name, size_t count,
                      const int8_t *values, ph_report_t *report);

/** The text of an attribute of the file itself, to be freed; NULL where it has none. PH_ERR_DAMAGED
 * where it is no text, PH_ERR_MEMORY. */
int ph_gridfile_noted(const ph_gridfile_t *self, const char *name, char **text,
                      ph_report_t *report);

/** Whether there is a file of polyhebb of this kind; what else there is, opening it will tell. */
bool ph_gridfile_is(const char *path, const char *kind);

/** Length of a one-dimensional dataset of an open file. PH_ERR_DAMAGED where there is none. */
int ph_gridfile_length(ph_gridfile_t *self, const char *name, size_t *length, ph_report_t *report);

/** Reads every chunk of every array once; PH_ERR_DAMAGED names the first that fails. */
int ph_gridfile_verify(ph_gridfile_t *self, ph_report_t *report);

/** Whether the file has a dataset of this name. */
bool ph_gridfile_has(const ph_gridfile_t *self, const char *name);

/** Syncs, renames PATH.partial to PATH, syncs the folder and closes. */
int ph_gridfile_commit(ph_gridfile_t *self, ph_report_t *report);

/** Closes; an uncommitted file is removed. Safe after a failed create or open. */
void ph_gridfile_close(ph_gridfile_t *self);

/**
 * For programs, once at their start: HDF5 prints nothing by itself and loads no filters that a file
 * asks for. Without it HDF5 1.10 may add
 * "infinite loop closing library" at exit when it met a damaged file (it loses track of memory).
 */
void ph_gridfile_silence(void);

#endif
