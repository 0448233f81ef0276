/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PH_STORE_ATTRIBUTES_H
#define PH_STORE_ATTRIBUTES_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/report.h"

/* Small things the writers and readers of HDF5 files share inside this room. */

/**
 * Between begin and end HDF5 prints no errors; the cause of the first one is kept for
 * ph_hdf5_fail(). Must not move in between.
 */
typedef struct {
    H5E_auto2_t print;
    void *data;
    char cause[400]; /* "" while nothing failed */
    bool no_memory;  /* that was the cause */
} ph_quiet_t;

void ph_quiet_begin(ph_quiet_t *self);
void ph_quiet_end(const ph_quiet_t *self);

/**
 * Reports a failed HDF5 call on `path` as "path: what: cause" with HDF5's innermost message as the
 * cause. Returns `status`, or PH_ERR_MEMORY where HDF5 ran out of memory.
 */
int ph_hdf5_fail(ph_report_t *report, int status, const char *path, const char *what);

/** Says that an allocation of our own is what failed, for ph_hdf5_fail(). */
void ph_hdf5_no_memory(void);

/** Whether so many bytes can be had now. */
bool ph_memory_left(size_t bytes);

/**
 * H5Dread() between begin and end. HDF5 has one message for bytes that zlib cannot unpack and for
 * zlib without memory, so what cannot be unpacked is read a second time: what fails then, and with
 * memory left, is damaged.
 */
int ph_hdf5_read(hid_t set, hid_t type, hid_t memory, hid_t file, void *into);

enum { PH_ATTRIBUTE_TEXT_MAX = 65536 };

/**
 * Texts are fixed-length UTF-8 in the object's header, which carries a checksum. All return a
 * negative number on failure.
 */
int ph_attribute_text(hid_t object, const char *name, const char *text);
int ph_attribute_values(hid_t object, const char *name, hid_t type, size_t count,
                        const void *values);

/**
 * The text of an attribute, to be freed, at most PH_ATTRIBUTE_TEXT_MAX bytes; `*text` is NULL on
 * failure. PH_ERR_MEMORY, or PH_ERR_DAMAGED where it is absent, damaged or not one text of fixed
 * length.
 */
int ph_attribute_read_text(hid_t object, const char *name, char **text);

/** One number, stored in the standard form of `type`; negative on failure. */
int ph_attribute_read_value(hid_t object, const char *name, hid_t type, void *value);

/** Whether a stored type is the standard form of `type`. */
bool ph_type_is(hid_t stored, hid_t type);

/** `type` with little-endian byte order; to be closed by H5Tclose(). */
hid_t ph_standard_type(hid_t type);

/** Variable-length UTF-8 string; to be closed by H5Tclose(). */
hid_t ph_text_type(void);

#endif
