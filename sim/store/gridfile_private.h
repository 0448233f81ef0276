/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_GRIDFILE_PRIVATE_H
#define PH_STORE_GRIDFILE_PRIVATE_H

#include "data/hdf5_file.h"
#include "sim/store/gridfile.h"

/* Inside this room only: the parts gridfile.c is put together from. */

/** Reports a failed write: the system's error where there was one, else HDF5's. PH_ERR_IO. */
int ph_gridfile_write_failure(const ph_gridfile_t *self, const char *what, ph_report_t *report);

/**
 * Reports a failed read: the system's error where there was one (PH_ERR_IO), HDF5 without memory
 * (PH_ERR_MEMORY), else PH_ERR_DAMAGED.
 */
int ph_gridfile_read_failure(const ph_gridfile_t *self, const char *what, ph_report_t *report);

/** The file of HDF5 that it is. */
ph_hdf5_file_t ph_gridfile_hdf5(const ph_gridfile_t *self);

/** ph_stored_open() of its datasets. */
int ph_gridfile_stored(const ph_gridfile_t *self, const char *name, hid_t access, hid_t *set,
                       ph_report_t *report);

/**
 * Copies a box from what was read ahead of an array, or reads ahead first where its small points
 * are asked for in order: a call of HDF5 costs as much as many of them. False: to be read as ever.
 */
bool ph_ahead_get(ph_gridfile_t *file, ph_dataset_t *set, size_t point, const size_t *offset,
                  const size_t *count, hid_t type, void *data);
void ph_ahead_free(ph_ahead_t *self);

/** Writes the coordinates of all axes, or checks those of a file opened to read. */
int ph_axes_write(ph_gridfile_t *self, ph_report_t *report);
int ph_axes_check(ph_gridfile_t *self, ph_report_t *report);

/** Adds an open scale to the table of dimensions (takes over `scale`). */
int ph_dims_add(ph_gridfile_t *self, const char *name, size_t length, hid_t scale,
                ph_report_t *report);

/**
 * Names of the coordinates beyond the axes' own (zipped keys, then `more`), blank-separated, to be
 * freed; NULL if there is no memory.
 */
char *ph_axes_auxiliary(const ph_grid_t *grid, const char *more);

/** Writes /provenance. */
int ph_provenance_write(ph_gridfile_t *self, ph_report_t *report);

/** Reads /provenance/grid_bytes into a text to be freed. */
int ph_provenance_read_grid(ph_gridfile_t *self, char **text, ph_report_t *report);

#endif
